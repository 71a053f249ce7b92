/** A text as a part of a regular expression that means just it. */
export const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

// Whatever comes from outside goes through here, in the thread that does everything else: each function takes a time that grows with the text, not with its
// square. So no expression begins within a run of what it repeats, and nothing looks for an end twice.

/**
 * Masks the values of fields in a text whose format is not known for sure, or which is cut: JSON (also quoted within a text), addresses and forms, XML, and
 * lines such as `name: value`. `names` is a part of a regular expression.
 */
export function maskFieldText(text: string, names: string, mask: string): string {
  return maskXml(maskPairs(maskJson(text, names, mask), names, mask), names, mask);
}

/** Letters and digits that are written as `\u0065`, in plain: so a name cannot hide from who cannot parse the text. */
export const withoutEscapes = (text: string): string =>
  (text.includes('\\u') ? text.replace(/(?<!\\)\\+u00([2-7][0-9a-f])/gi, (escaped, code: string) => {
    const letter = String.fromCharCode(Number.parseInt(code, 16));
    return /[\w.-]/.test(letter) ? letter : escaped;
  }) : text);

/** Masks columns of a text with a header row; all else stays as it is. A cell whose quotation mark has no end may be anything, so it is masked. */
export function maskCsv(text: string, isRedacted: (name: string) => boolean, mask: string, { delimiter, heard }: { readonly delimiter?: string; readonly heard?: (value: string) => void } = {}): string {
  const separator = delimiter ?? separatorOf(text.slice(0, text.search(/\r?\n|$/)));
  const redacted: boolean[] = [];
  let result = '';
  let from = 0;
  for (const { start, end, row, column, isOpen } of cellsOf(text, separator)) {
    const cell = text.slice(start, end);
    if (row === 0) redacted[column] = isRedacted(nameOf(cell));
    else if (!redacted.includes(true)) return text;
    // What has no header may be what has moved there.
    if (!isOpen && (row === 0 || cell === '' || redacted[column] === false)) continue;
    if (redacted[column] === true) heard?.(cell.replace(/^"([^]*)"$/, '$1').replaceAll('""', '"'));
    result += text.slice(from, start) + mask;
    from = end;
  }
  return result + text.slice(from);
}

/** Masks the values of a form, whose names may be written in any way. */
export function maskForm(text: string, isRedacted: (name: string) => boolean, mask: string, heard?: (value: string) => void): string {
  return text.split('&').map((pair) => {
    const [name = ''] = pair.split('=', 1);
    if (name.length === pair.length || !isRedacted(new URLSearchParams(`${name}=`).keys().next().value ?? '')) return pair;
    heard?.(new URLSearchParams(pair).values().next().value ?? '');
    return `${name}=${mask}`;
  }).join('&');
}

const separatorOf = (header: string): string => [',', ';', '\t', '|'].map((mark) => ({ mark, count: header.split(mark).length })).sort((left, right) => right.count - left.count)[0]!.mark;

const nameOf = (cell: string): string => cell.replace(/^\u{FEFF}/u, '').trim().replace(/^"([^]*)"$/, '$1').replaceAll('""', '"').trim();

interface Cell {
  readonly start: number;
  readonly end: number;
  readonly row: number;
  readonly column: number;
  /** It begins with a quotation mark that has no end. */
  readonly isOpen: boolean;
}

function* cellsOf(text: string, separator: string): Generator<Cell> {
  let row = 0;
  let column = 0;
  const plain = new RegExp(`[${escapePattern(separator)}\\r\\n]`, 'g');
  for (let start = text.startsWith('\u{FEFF}') ? 1 : 0; start <= text.length;) {
    let from = start;
    if (text[start] === '"') {
      from = start + 1;
      for (let quote = text.indexOf('"', from); ; quote = text.indexOf('"', from)) {
        if (quote < 0) return yield { start, end: text.length, row, column, isOpen: true };
        from = quote + 2;
        if (text[quote + 1] !== '"') break;
      }
      from--;
    }
    plain.lastIndex = from;
    const end = plain.exec(text)?.index ?? text.length;
    yield { start, end, row, column, isOpen: false };
    if (text[end] === separator) column++;
    else [row, column] = [row + 1, 0];
    start = end + (text.startsWith('\r\n', end) ? 2 : 1);
  }
}

/** `"name": value`, at any number of backslashes before the quotation marks. */
function maskJson(text: string, names: string, mask: string): string {
  const key = new RegExp(`(?<!\\\\)(\\\\*)"(?:${names})\\1"\\s*:\\s*`, 'gi');
  let result = '';
  let from = 0;
  for (let found = key.exec(text); found; found = key.exec(text)) {
    const level = found[1]!.length;
    const start = found.index + found[0].length;
    const end = endOfValue(text, start, level);
    if (end > start && !/^null\b/.test(text.slice(start, start + 5))) {
      const quotes = `${found[1]}"`;
      result += `${text.slice(from, start)}${quotes}${mask}${quotes}`;
      from = end;
    }
    key.lastIndex = Math.max(end, start);
  }
  return result + text.slice(from);
}

/** Where a JSON value ends, or the text, where it is cut. `level`: backslashes before the quotation marks. */
function endOfValue(text: string, start: number, level: number): number {
  const first = /\\*"|[{[]/y;
  first.lastIndex = start;
  const mark = first.exec(text)?.[0];
  if (mark === undefined) {
    const delimiter = /[\s,}\]]/g;
    delimiter.lastIndex = start;
    return delimiter.exec(text)?.index ?? text.length;
  }
  const own = mark.endsWith('"') ? mark.length - 1 : level;
  const token = /\\+"?|["{}[\]]/g;
  token.lastIndex = start;
  let depth = 0;
  let isText = false;
  for (let found = token.exec(text)?.[0]; found !== undefined; found = token.exec(text)?.[0]) {
    if (found.endsWith('"')) {
      // A quotation mark within the text has more backslashes: those of the level, twice or more.
      if ((found.length - 1) % (2 * (own + 1)) === own) isText = !isText;
    } else if (isText || found.startsWith('\\')) continue;
    else depth += found === '{' || found === '[' ? 1 : -1;
    if (depth <= 0 && !isText) return token.lastIndex;
  }
  return text.length;
}

/** `name=value` of addresses and forms, `name: value` of headers in a text. */
function maskPairs(text: string, names: string, mask: string): string {
  const pair = new RegExp(`(?<![\\w.-])((?:${names})=|(?:${names}):[ \\t]*)(?!${escapePattern(mask)})([^&;\\s"'<>\\\\]+)`, 'gi');
  return text.replace(pair, (_whole, name: string) => `${name}${mask}`);
}

/** Elements and attributes. An element without an end is masked up to the end of the text. */
function maskXml(text: string, names: string, mask: string): string {
  if (!text.includes('<')) return text;
  const ends = new Map<string, { readonly at: number; readonly end: number }[]>();
  for (const found of text.matchAll(new RegExp(`</((?:[\\w.-]+:)?(?:${names}))\\s*>`, 'gi'))) {
    const name = found[1]!.toLowerCase();
    const list = ends.get(name) ?? [];
    if (list.length === 0) ends.set(name, list);
    list.push({ at: found.index, end: found.index + found[0].length });
  }
  for (const list of ends.values()) list.reverse();
  const element = new RegExp(`<((?:[\\w.-]+:)?(?:${names}))(\\s[^<>]*)?>`, 'gi');
  let result = '';
  let from = 0;
  for (let found = element.exec(text); found; found = element.exec(text)) {
    const start = found.index + found[0].length;
    if (found[2]?.endsWith('/')) continue;
    const list = ends.get(found[1]!.toLowerCase()) ?? [];
    while (list.length > 0 && list.at(-1)!.at < start) list.pop();
    const end = list.at(-1) ?? { at: text.length, end: text.length };
    result += `${text.slice(from, start)}${mask}`;
    from = end.at;
    element.lastIndex = Math.max(end.end, start);
  }
  const masked = result + text.slice(from);
  const attribute = new RegExp(`(\\s(?:[\\w.-]+:)?(?:${names})\\s*=\\s*)(?:"[^"]*(?:"|$)|'[^']*(?:'|$))`, 'gi');
  return masked.replace(attribute, (_whole, before: string) => `${before}"${mask}"`);
}
