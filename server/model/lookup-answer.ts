import { FlowError, type ErrorCode, type Lookup, type LookupColumns, type LookupValue } from '../../plugins/sdk/index.ts';
import type { LookupFound } from './api.ts';
import { findCell, lineAt, newCell, textOf } from './csv-rows.ts';
import type { Diagnostic } from './diagnostic.ts';
import { isObject } from './json.ts';
import { valueOfCell } from './lookup-file.ts';
import { buildIndex, type LookupIndex } from './lookup-index.ts';
import { keyOfTexts, type LookupTable, type makeTable } from './lookup-table.ts';
import { listed } from './suggest.ts';
import { atOnce } from './turns.ts';

export interface PreparedLookup extends Lookup {
  /** Makes the index of these columns; what is not prepared is made at once when it is first asked for. Yields now and then. */
  prepare(columns: LookupColumns): Generator<undefined, void>;
}

/** Fails with `DATA_INVALID`, `CONFIG_INVALID`, naming file, line and column, where it is no table. */
export function soundTable({ table, findings }: ReturnType<typeof makeTable>): LookupTable {
  const [first] = findings.filter(({ severity }) => severity === 'error');
  if (table && !first) return table;
  const { file, line, column, path: pointer, code, message, fix } = first as Diagnostic;
  throw new FlowError(code as ErrorCode, code === 'DATA_INVALID' ? `The lookup file ${file} is not valid CSV: ${message}` : message, { place: { file, line, column, ...(pointer !== '' && { pointer }) }, ...(fix !== undefined && { remedy: fix }) });
}

/** A table as a flow asks it. */
export function lookupOf(name: string, table: LookupTable): PreparedLookup {
  const { rows, columns, key, value: given, settings } = table;
  const names = columns.map((column) => column.name);
  /** One per choice of columns, made when it is first asked for. */
  const indexes = new Map<string, LookupIndex>();
  const cell = newCell();

  const place = (wanted: string): number => {
    const column = names.indexOf(wanted);
    if (column < 0) throw new FlowError('CONFIG_INVALID', `The lookup ${JSON.stringify(name)} has no column ${JSON.stringify(wanted)}; there ${names.length === 1 ? 'is' : 'are'} ${listed(names)}.`, { place: { file: table.file, line: 1 }, details: { lookup: name, column: wanted } });
    return column;
  };
  const values = (): readonly number[] => {
    if (given === undefined) throw new FlowError('CONFIG_INVALID', `The lookup ${JSON.stringify(name)} has no column beside its key: name the columns, or add one.`, { place: { file: table.file, line: 1 }, details: { lookup: name } });
    return [given];
  };
  const fromOf = ({ from, reverse = false }: LookupColumns): readonly number[] => (from === undefined ? (reverse ? values() : key) : [place(from)]);
  const toOf = ({ to, reverse = false }: LookupColumns): readonly number[] => (to === undefined ? (reverse ? key : values()) : [place(to)]);
  const find = (value: unknown, asked: LookupColumns): number => {
    const from = fromOf(asked);
    const texts = textsOf(name, value, from.map((column) => names[column]!));
    if (!texts) return 0;
    const id = from.join();
    const index = indexes.get(id) ?? atOnce(buildIndex(table, from));
    indexes.set(id, index);
    return index.find(keyOfTexts(table, from, texts));
  };
  const read = (row: number, column: number): LookupValue => {
    const { type, name: title } = columns[column]!;
    const text = findCell(rows, row, column, cell) ? textOf(rows, cell) : '';
    if (type === 'string') return text;
    const found = valueOfCell(type, text);
    if (found.fault === undefined) return found.value;
    const { line, start } = lineAt(rows.bytes, cell.start);
    throw new FlowError('DATA_INVALID', `The row in line ${line} of the lookup ${JSON.stringify(name)} cannot be used. In the column ${JSON.stringify(title)}: ${found.fault}`, { place: { file: table.file, line, column: rows.text(start, cell.start).length + 1 }, details: { lookup: name, column: title }, remedy: 'Correct the cell, or the type of the column in the settings of the lookup.' });
  };
  const answer = (to: readonly number[], cellOf: (column: number) => LookupValue): LookupValue | readonly LookupValue[] => (to.length === 1 ? cellOf(to[0]!) : to.map(cellOf));
  const defaultOf = (column: number): LookupValue => {
    const title = names[column]!;
    return settings.default && Object.hasOwn(settings.default, title) ? settings.default[title]! : null;
  };
  const checkMissing = (value: unknown): void => {
    if (isNothing(value)) return;
    if (settings.otherwise === 'error') throw new FlowError('DATA_INVALID', `The lookup ${JSON.stringify(name)} has no row for ${JSON.stringify(value) ?? 'a missing value'}.`, { details: { lookup: name }, remedy: `Add a row to ${table.file}, or let \`otherwise\` in its settings be \`null\` or \`default\`.` });
  };
  const isDefault = settings.otherwise === 'default';
  const record = (cellOf: (column: number) => LookupValue) => Object.fromEntries(names.map((title, column) => [title, cellOf(column)]));
  return {
    name,
    *prepare(asked) {
      const from = fromOf(asked);
      if (!indexes.has(from.join())) indexes.set(from.join(), yield* buildIndex(table, from));
    },
    get(value, asked = {}) {
      const to = toOf(asked);
      const row = find(value, asked);
      return row === 0 ? undefined : answer(to, (column) => read(row, column));
    },
    row(value, asked = {}) {
      const row = find(value, asked);
      return row === 0 ? undefined : record((column) => read(row, column));
    },
    missing(value, asked = {}) {
      checkMissing(value);
      return isDefault ? answer(toOf(asked), defaultOf) : null;
    },
    missingRow(value) {
      checkMissing(value);
      return isDefault ? record(defaultOf) : null;
    },
  };
}

/** What is given for a value, and the row that it is from. A row that was found says what its value is, also where that is null. */
export function answerOf(lookup: Lookup, value: unknown, columns: LookupColumns): LookupFound {
  const row = isNothing(value) ? undefined : lookup.row(value, columns);
  return row ? { found: true, value: lookup.get(value, columns), row } : { found: false, value: lookup.missing(value, columns) };
}

/** No row is looked up for it, and that is no error: who has no value cannot be asked to add one for it. */
export const isNothing = (value: unknown): boolean => value === null || value === undefined || value === '';

/** A value for each column. Null and what is not there have no row. */
function textsOf(name: string, value: unknown, names: readonly string[]): readonly string[] | undefined {
  if (value === null || value === undefined) return undefined;
  const isMany = Array.isArray(value) || isObject(value);
  const list: readonly unknown[] = (names.length === 1) === isMany ? [] : Array.isArray(value) ? value : isObject(value) ? names.map((title) => value[title]) : [value];
  if (list.length !== names.length) throw new FlowError('DATA_INVALID', `The lookup ${JSON.stringify(name)} is found by ${listed(names)}: ${names.length === 1 ? 'a single value is' : 'a list of values in this order, or an object with them, is'} needed.`, { details: { lookup: name } });
  if (list.some((one) => one === null || one === undefined)) return undefined;
  const unfit = list.find((one) => typeof one === 'object' || typeof one === 'function' || typeof one === 'symbol');
  if (unfit !== undefined) throw new FlowError('DATA_INVALID', `The lookup ${JSON.stringify(name)} is found by texts, numbers and booleans, not by lists and objects.`, { details: { lookup: name } });
  return list.map(String);
}
