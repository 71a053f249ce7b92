import { afterMark, cellsOf, lineAt, type CsvRows } from './csv-rows.ts';
import type { Diagnostic } from './diagnostic.ts';
import { keyText, type LookupFile, type LookupType } from './lookup-file.ts';
import type { ReadFile } from './read.ts';
import { meantBy, suggestion } from './suggest.ts';

/** A lookup: the rows of its CSV file, and what its settings make of them. */
export interface LookupTable {
  readonly file: string;
  readonly rows: CsvRows;
  readonly columns: readonly TableColumn[];
  /** Columns that a row is found by. */
  readonly key: readonly number[];
  /** Column that is given; `undefined` where there is none but the key. */
  readonly value: number | undefined;
  readonly settings: LookupFile;
}

export interface TableColumn {
  readonly name: string;
  readonly type: LookupType;
  readonly required: boolean;
}

/** The table, or why the rows are none. `file`: of the rows; that of the settings lies beside it. */
export function makeTable(file: string, rows: CsvRows, settings: LookupFile = { version: 1 }): { readonly table?: LookupTable; readonly findings: readonly Diagnostic[] } {
  const findings: Diagnostic[] = rows.faults.slice(0, mostFindings).map(({ offset, message }) => at(file, rows, offset, 'DATA_INVALID', message, 'Put the whole cell in quotes, and each quote within it twice.'));
  if (rows.starts.length === 0) return { findings: [...findings, at(file, rows, 0, 'DATA_INVALID', 'The lookup file has no header row.', 'Write the names of the columns in the first line.')] };
  const names = cellsOf(rows, 0);
  const headerAt = (message: string, fix: string): void => void findings.push(at(file, rows, rows.starts[0]!, 'DATA_INVALID', message, fix));
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) headerAt(`Two columns have the name ${JSON.stringify(name)}.`, 'Rename one of them.');
    else if (name === '') headerAt(`Column ${index + 1} has no name.`, 'Give it one, or remove the column.');
  }
  const settingsFile = file.replace(/\.csv$/, '.lookup.json');
  const place = (name: string | undefined, path: string): number => {
    const index = name === undefined ? -1 : names.indexOf(name);
    const meant = name === undefined ? undefined : suggestion(name, names);
    if (name !== undefined && index < 0) findings.push({ file: settingsFile, path, line: 1, column: 1, severity: 'error', code: 'CONFIG_INVALID', message: `The lookup has no column ${JSON.stringify(name)}; there ${names.length === 1 ? 'is' : 'are'} ${names.map((one) => JSON.stringify(one)).join(', ')}.`, fix: meant ?? 'Use one of the columns of the header.', ...meantBy(name, names) });
    return index;
  };
  for (const name of Object.keys(settings.columns ?? {})) place(name, `/columns/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  for (const name of Object.keys(settings.default ?? {})) place(name, `/default/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  const key = settings.key ? settings.key.map((name, index) => place(name, `/key/${index}`)) : [0];
  const value = settings.value === undefined ? names.findIndex((_, index) => !key.includes(index)) : place(settings.value, '/value');
  if (findings.some(({ severity }) => severity === 'error')) return { findings };
  const columns = names.map((name): TableColumn => {
    const own = settings.columns !== undefined && Object.hasOwn(settings.columns, name) ? settings.columns[name] : undefined;
    return { name, type: own?.type ?? 'string', required: own?.required ?? false };
  });
  return { table: { file, rows, columns, key, value: value < 0 ? undefined : value, settings }, findings };
}

/** The findings, those about settings with their place in the file of these. */
export const placed = (findings: readonly Diagnostic[], settings: Pick<ReadFile, 'mark'> | undefined): readonly Diagnostic[] =>
  findings.map((one) => (one.path === '' || !settings ? one : { ...one, ...settings.mark(one.path, { key: /^\/(?:columns|default)\//.test(one.path) }) }));

/** Findings that are told of one file; one more says how many there are. */
export const mostFindings = 100;

/** A finding at an offset of the rows. */
export function at(file: string, rows: CsvRows, offset: number, code: Diagnostic['code'], message: string, fix: string, { severity = 'error', length = 1, from }: { readonly severity?: Diagnostic['severity']; readonly length?: number; readonly from?: { readonly line: number; readonly start: number } } = {}): Diagnostic {
  const { line, start } = lineAt(rows.bytes, offset, from);
  const column = rows.text(Math.max(start, line === 1 ? afterMark(rows.bytes) : 0), offset).length + 1;
  return { file, path: '', line, column, endLine: line, endColumn: column + length, severity, code, message, fix };
}

/** Rows behind the header. */
export const countOf = ({ rows }: Pick<LookupTable, 'rows'>): number => rows.starts.length - 1;

/** What a row is found by, in columns. */
export function keyOfTexts({ columns, settings }: LookupTable, places: readonly number[], texts: readonly string[]): string {
  const parts = places.map((place, index) => keyText(columns[place]!.type, texts[index] ?? '', settings));
  // Lengths keep ("a", "bc") and ("ab", "c") apart.
  return parts.length === 1 ? parts[0]! : parts.map((part) => `${part.length}:${part}`).join('');
}
