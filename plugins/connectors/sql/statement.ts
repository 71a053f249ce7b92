import { FlowError, quotesOpen, quoteWords, type BoundText } from '../../sdk/index.ts';
import type { Column, Dialect, NamedStatement, TableName } from './dialect.ts';

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

function withinQuotes(text: string, quote: string): FlowError {
  return new FlowError('CONFIG_INVALID', `An expression of the statement stands within ${quoteWords(quote)}, behind ${JSON.stringify(text.slice(-40))}: its value is bound, and there it would be lost.`, { remedy: 'Write the expression without quotation marks: name = {{ params.name }}.' });
}

/** `schema.table`; where a schema is given, all of `table` is the name. */
export function tableName(table: string, schema: string | undefined): TableName {
  if (schema !== undefined) return { schema, name: table };
  const [, before, name] = /^([^.]+)\.(.+)$/s.exec(table) ?? [];
  return name === undefined ? { name: table } : { schema: before, name };
}

export const quoteTable = (dialect: Dialect, { schema, name }: TableName): string => (schema === undefined ? '' : `${dialect.quote(schema)}.`) + dialect.quote(name);

/** `(?, ?), (?, ?)` */
export function rowsOf(dialect: Dialect, rows: number, columns: readonly Column[]): string {
  let index = 0;
  const row = (): string => `(${columns.map((column) => dialect.placeholder(++index, column)).join(', ')})`;
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
