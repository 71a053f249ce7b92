import { parse } from 'csv-parse/sync';

/** A text as a part of a regular expression that means just it. */
export const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/**
 * Masks the values of fields in a text whose format is not known for sure, or which is cut: JSON (also quoted within a text), addresses and forms, XML, and
 * lines such as `name: value`. `names` is a part of a regular expression.
 */
export function maskFieldText(text: string, names: string, mask: string): string {
  return maskXml(maskPairs(maskJson(text, names, mask), names, mask), names, mask);
}

/** Masks columns of a text with a header row. A text that cannot be read stays as it is. */
export function maskCsv(text: string, isRedacted: (name: string) => boolean, mask: string, delimiter?: string): string {
  const header = text.slice(0, text.search(/\r?\n|$/));
  const separator = delimiter ?? [',', ';', '\t', '|'].map((mark) => ({ mark, count: header.split(mark).length })).sort((left, right) => right.count - left.count)[0]!.mark;
  const names = header.replace(/^\u{FEFF}/u, '').split(separator).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  if (!names.some(isRedacted)) return text;
  try {
    const rows = parse(text, { bom: true, delimiter: separator, relax_column_count: true, relax_quotes: true }) as string[][];
    const columns = (rows[0] ?? []).map((name) => isRedacted(name.trim()));
    return rows.map((row, line) => row.map((cell, index) => quoteCell(line > 0 && columns[index] && cell !== '' ? mask : cell, separator)).join(separator)).join('\n');
  } catch {
    return text;
  }
}

const quoteCell = (cell: string, separator: string): string => (cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** `"name": value`, at any number of backslashes before the quotation marks. */
function maskJson(text: string, names: string, mask: string): string {
  const key = new RegExp(`(\\\\*)"(?:${names})\\1"\\s*:\\s*`, 'gi');
  let result = '';
  let from = 0;
  for (let found = key.exec(text); found; found = key.exec(text)) {
    const start = found.index + found[0].length;
    const end = endOfValue(text, start);
    if (end > start && !/^null\b/.test(text.slice(start, end))) {
      const quotes = `${found[1]}"`;
      result += `${text.slice(from, start)}${quotes}${mask}${quotes}`;
      from = end;
    }
    key.lastIndex = Math.max(end, start);
  }
  return result + text.slice(from);
}

/** Where a JSON value ends, or the text, where it is cut. */
function endOfValue(text: string, start: number): number {
  const quote = /\\*"/y;
  quote.lastIndex = start;
  const mark = quote.exec(text)?.[0];
  if (mark !== undefined) {
    // The same mark again, not longer by backslashes: those belong to the value.
    for (let at = text.indexOf(mark, start + mark.length); at >= 0; at = text.indexOf(mark, at + 1)) if (text[at - 1] !== '\\') return at + mark.length;
    return text.length;
  }
  if (text[start] !== '{' && text[start] !== '[') {
    const end = text.slice(start).search(/[\s,}\]]/);
    return end < 0 ? text.length : start + end;
  }
  let depth = 0;
  let isText = false;
  for (let at = start; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"' && text[at - 1] !== '\\') isText = !isText;
    else if (isText) continue;
    else if (letter === '{' || letter === '[') depth++;
    else if ((letter === '}' || letter === ']') && --depth === 0) return at + 1;
  }
  return text.length;
}

/** `name=value` of addresses and forms, `name: value` of headers in a text. */
function maskPairs(text: string, names: string, mask: string): string {
  const pair = new RegExp(`(?<![\\w.-])((?:${names})=|(?:${names}):[ \\t]*)(?!${escapePattern(mask)})([^&;\\s"'<>\\\\]+)`, 'gi');
  return text.replace(pair, (_whole, name: string) => `${name}${mask}`);
}

function maskXml(text: string, names: string, mask: string): string {
  if (!text.includes('<')) return text;
  const element = new RegExp(`<((?:[\\w.-]+:)?(?:${names}))(\\s[^<>]*)?>([^]*?)</\\1\\s*>`, 'gi');
  const attribute = new RegExp(`(\\s(?:[\\w.-]+:)?(?:${names})\\s*=\\s*)("[^"]*"|'[^']*')`, 'gi');
  return text.replace(element, (_whole, name: string, attributes: string | undefined) => `<${name}${attributes ?? ''}>${mask}</${name}>`).replace(attribute, (_whole, before: string) => `${before}"${mask}"`);
}
