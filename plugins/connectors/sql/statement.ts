import { FlowError, type BoundText } from '../../sdk/index.ts';
import type { Dialect, NamedStatement, TableName } from './dialect.ts';

/** The text with a placeholder for each value. Fails with `CONFIG_INVALID` where one stands within quotes or a comment: there it would mean nothing. */
export function fill(dialect: Dialect, { texts, values, names: given }: BoundText): NamedStatement {
  const bound: unknown[] = [];
  const names: string[] = [];
  let text = texts[0]!;
  let inside = quotesOpen(text, dialect);
  for (const [index, value] of values.entries()) {
    if (inside !== undefined) throw withinQuotes(texts[index]!, inside);
    const next = texts[index + 1]!;
    text += placeholders(dialect, value, bound) + next;
    while (names.length < bound.length) names.push(given[index]!);
    inside = quotesOpen(next, dialect);
  }
  return { text: text.replace(/[;\s]+$/, ''), values: bound, names };
}

/** Values as they are recorded: each with its name, by which it may have to be masked. */
export const named = ({ values, names }: NamedStatement): readonly object[] => values.map((value, index) => ({ [names[index]!]: value }));

function placeholders(dialect: Dialect, value: unknown, bound: unknown[]): string {
  if (!dialect.spreadsLists || !Array.isArray(value)) return dialect.placeholder(bound.push(value ?? null));
  // No value is in an empty list, and none is equal to null.
  if (value.length === 0) return 'null';
  return value.map((item: unknown) => dialect.placeholder(bound.push(item ?? null))).join(', ');
}

type Quoting = Pick<Dialect, 'hasBackslash' | 'hasBrackets'>;

/** What a text leaves open at its end: a quotation mark, a bracket, or the begin of a comment. */
function quotesOpen(text: string, quoting: Quoting): string | undefined {
  let open: string | undefined;
  let escapes = false;
  for (let at = 0; at < text.length; at++) {
    if (open === undefined) {
      open = openerAt(text, at, quoting);
      // E'…' of PostgreSQL.
      escapes = quoting.hasBackslash || (open === "'" && !quoting.hasBrackets && /(^|[^\w$])e$/i.test(text.slice(Math.max(0, at - 2), at)));
      if (open !== undefined) at += open.length - 1;
    } else if (escapes && text[at] === '\\') at++;
    // A bracket that is doubled is one of the name.
    else if (open === '[' && text.startsWith(']]', at)) at++;
    else {
      const end = closers[open] ?? open;
      // A quotation mark that is doubled closes and opens again.
      if (text.startsWith(end, at)) [open, at] = [undefined, at + end.length - 1];
    }
  }
  return open;
}

const closers: Readonly<Record<string, string>> = { '--': '\n', '#': '\n', '/*': '*/', '[': ']' };

function openerAt(text: string, at: number, { hasBackslash, hasBrackets }: Quoting): string | undefined {
  const character = text[at]!;
  if (/['"`]/.test(character) || (character === '#' && hasBackslash) || (character === '[' && hasBrackets)) return character;
  if (text.startsWith('--', at) || text.startsWith('/*', at)) return text.slice(at, at + 2);
  return character === '$' && !hasBackslash && !hasBrackets ? /^\$(?:[A-Za-z_]\w*)?\$/.exec(text.slice(at, at + 66))?.[0] : undefined;
}

function withinQuotes(text: string, quote: string): FlowError {
  const what = quote === '[' ? 'brackets' : quote in closers ? 'a comment' : `the quotation marks ${quote}`;
  return new FlowError('CONFIG_INVALID', `An expression of the statement stands within ${what}, behind ${JSON.stringify(text.slice(-40))}: its value is bound, and there it would be lost.`, { remedy: 'Write the expression without quotation marks: name = {{ params.name }}.' });
}

/** `schema.table`; where a schema is given, all of `table` is the name. */
export function tableName(table: string, schema: string | undefined): TableName {
  if (schema !== undefined) return { schema, name: table };
  const [, before, name] = /^([^.]+)\.(.+)$/s.exec(table) ?? [];
  return name === undefined ? { name: table } : { schema: before, name };
}

export const quoteTable = (dialect: Dialect, { schema, name }: TableName): string => (schema === undefined ? '' : `${dialect.quote(schema)}.`) + dialect.quote(name);

/** `(?, ?), (?, ?)` */
export function rowsOf(dialect: Dialect, rows: number, columns: number): string {
  let index = 0;
  const row = (): string => `(${Array.from({ length: columns }, () => dialect.placeholder(++index)).join(', ')})`;
  return Array.from({ length: rows }, row).join(', ');
}

/** A statement whose rows come in the order of their key, from behind the one where it goes on. */
export function inOrder(dialect: Dialect, { text, values, names }: NamedStatement, key: string, after: unknown): NamedStatement {
  const name = `${dialect.quote('page')}.${dialect.quote(key)}`;
  const isFirst = after === undefined;
  // On lines of their own: the statement may end with a comment.
  const whole = `select * from (\n${text}\n) as ${dialect.quote('page')}${isFirst ? '' : ` where ${name} > ${dialect.placeholder(values.length + 1)}`} order by ${name}`;
  return { text: whole, values: isFirst ? values : [...values, after], names: isFirst ? names : [...names, key] };
}
