import { isUtf8 } from 'node:buffer';
import { FlowError } from '../../plugins/sdk/index.ts';
import { afterMark, cellsOf, lineBreakOf, rowEnd, scanRows, type CsvRows } from '../../server/model/csv-rows.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { answerOf, lookupOf, soundTable } from '../../server/model/lookup-answer.ts';
import { editRows, type ByteEdit } from '../../server/model/lookup-change.ts';
import { checkTable } from '../../server/model/lookup-check.ts';
import type { LookupFile } from '../../server/model/lookup-file.ts';
import { importRows } from '../../server/model/lookup-import.ts';
import { cellsOfFindings } from '../../server/model/lookup-places.ts';
import { countOf, makeTable, type LookupTable } from '../../server/model/lookup-table.ts';
import { viewOf, type FindText, type LookupFilter } from '../../server/model/lookup-view.ts';
import { mostCells, type CellPlace, type CellQuery, type CellRange, type LookupAction, type LookupChoice, type LookupFinding, type LookupRow, type LookupRows, type LookupSheetState, type LookupTested } from '../../webview/protocol/lookup.ts';
import { inTurns } from './in-turns.ts';
import { nextCell } from './lookup-find.ts';
import { planOf, type Follow } from './lookup-plan.ts';
import { refuse } from './refuse.ts';

/** The settings of a lookup, as far as they can be read. */
export interface SheetSettings {
  readonly value?: LookupFile | undefined;
  readonly findings?: readonly Diagnostic[];
}

/** A change that was made, to be taken back and made again. */
export interface SheetChange {
  readonly label: string;
  readonly changed: number;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** Above this a lookup can be looked at only: each change makes its bytes anew. */
export const mostEditedBytes = 128 * 2 ** 20;
const rowsPerPage = 100;
const viewsKept = 4;

/** A lookup that is open: its bytes, and the rows in them. It knows nothing of VS Code. */
export class LookupSheet {
  readonly file: string;
  version = 0;
  private bytes: Uint8Array = new Uint8Array();
  private csv!: CsvRows;
  private table!: LookupTable;
  private wrong: readonly Diagnostic[] = [];
  private settings: SheetSettings = {};
  private readonly views = new Map<string, { version: number; rows: Uint32Array | undefined }>();

  private constructor(file: string) {
    this.file = file;
  }

  /** Fails with `DATA_INVALID` where the bytes are no text in UTF-8. */
  static async open(file: string, bytes: Uint8Array, settings: SheetSettings = {}): Promise<LookupSheet> {
    const sheet = new LookupSheet(file);
    sheet.settings = settings;
    await sheet.take(bytes);
    return sheet;
  }

  get content(): Uint8Array {
    return this.bytes;
  }

  get state(): Omit<LookupSheetState, 'readOnly' | 'isOutdated'> & { readonly readOnly?: string } {
    const { table, csv, wrong, file, version, bytes } = this;
    const fault = csv.faults[0] && wrong[0];
    return {
      file, version, rows: Math.max(0, countOf(table)), bytes: bytes.length, delimiter: csv.delimiter, isBroken: wrong.some((one) => one.severity === 'error' && one.file === file) && csv.starts.length > 0,
      columns: table.columns.map((column, at) => ({ ...column, isKey: table.key.includes(at), isValue: table.value === at, ...titleOf(table.settings, column.name) })),
      ...(table.settings.title !== undefined && { title: table.settings.title }),
      ...(fault ? { readOnly: `Line ${fault.line}: ${fault.message} ${fault.fix ?? ''}` } : bytes.length > mostEditedBytes && { readOnly: `A lookup of more than ${mostEditedBytes / 2 ** 20} MB can be looked at here, searched and sorted. Change it with \`patchbay lookups set\` and \`import\`, or keep such data in a database.` }),
    };
  }

  async setSettings(settings: SheetSettings): Promise<void> {
    this.settings = settings;
    await this.take(this.bytes);
  }

  /** Another content: somebody else has changed the file. */
  async replace(bytes: Uint8Array): Promise<void> {
    await this.take(bytes);
  }

  /** Rows of a CSV text, changed and added by their key. Fails with `DATA_INVALID`, `CONFIG_INVALID`. */
  async import(csv: Uint8Array): Promise<SheetChange | undefined> {
    const { file, table, csv: own } = this;
    const given = soundTable(makeTable('import', await rowsOf(csv, 'import', undefined)));
    if (own.starts.length === 0) return this.make('Import', [{ offset: 0, length: own.bytes.length, text: Buffer.from(csv).toString('utf8') }], countOf(given));
    const name = nameOf(file);
    const { changes, added, changed } = await inTurns(importRows(name, table, given));
    const edits = editRows(name, own, changes);
    return edits.length === 0 ? undefined : this.make('Import', edits, added + changed);
  }

  /** The rows of a view as a file: the file itself where they are all of them. */
  async export(filter: LookupFilter): Promise<Uint8Array> {
    const { csv, bytes } = this;
    const view = await this.view(filter);
    if (!view) return bytes;
    const lines = [0, ...view].map((row) => bytes.subarray(csv.starts[row], rowEnd(csv, row)));
    const lineBreak = Buffer.from(lineBreakOf(bytes));
    return Buffer.concat([bytes.subarray(0, afterMark(bytes)), ...lines.flatMap((line) => [line, lineBreak])]);
  }

  async rows(filter: LookupFilter, page: number): Promise<LookupRows> {
    const { csv, table, version } = this;
    const view = await this.view(filter);
    const total = view?.length ?? Math.max(0, countOf(table));
    const first = (page - 1) * rowsPerPage;
    const items = Array.from({ length: Math.max(0, Math.min(rowsPerPage, total - first)) }, (_, at): LookupRow => {
      const number = view ? view[first + at]! : first + at + 1;
      return { number, cells: this.cellsAt(csv, number) };
    });
    return { items, page, perPage: rowsPerPage, total, version };
  }

  async cells(filter: LookupFilter, { top, left, bottom, right }: CellRange): Promise<readonly (readonly string[])[]> {
    const { csv } = this;
    if ((bottom - top + 1) * (right - left + 1) > mostCells) refuse(`At most ${mostCells.toLocaleString('en')} cells are copied at once. Export the lookup in order to have all of it.`);
    const view = await this.view(filter);
    const last = Math.min(bottom, (view?.length ?? countOf(this.table)) - 1);
    return Array.from({ length: Math.max(0, last - top + 1) }, (_, at) => this.cellsAt(csv, view ? view[top + at]! : top + at + 1).slice(left, right + 1));
  }

  /** The numbers of the rows of a view; `undefined`: all of them, in order. */
  async view(filter: LookupFilter): Promise<Uint32Array | undefined> {
    const { table, version } = this;
    const names = table.columns.map(({ name }) => name);
    const known = (name: string | undefined): boolean => name === undefined || names.includes(name) || names.includes(name.replace(/^-/, ''));
    // A column that was renamed or removed cannot be filtered by any more.
    const own: LookupFilter = { ...filter, columns: Object.fromEntries(Object.entries(filter.columns ?? {}).filter(([name]) => names.includes(name))), sort: known(filter.sort) ? filter.sort! : undefined! };
    const { sort, ...unsorted } = own;
    const key = JSON.stringify(own);
    const kept = this.views.get(key);
    if (kept?.version === version) return kept.rows;
    const rows = await inTurns(viewOf(table, sort === undefined ? unsorted : own, indexOfText));
    this.views.delete(key);
    this.views.set(key, { version, rows });
    for (const old of this.views.keys()) { if (this.views.size <= viewsKept) break; this.views.delete(old); }
    return rows;
  }

  /** Makes a change; `undefined` where nothing is another after it. Fails where it cannot be made, and then changes nothing. */
  async edit(action: LookupAction, filter: LookupFilter, version: number): Promise<SheetChange | undefined> {
    if (version !== this.version) refuse('The lookup was changed at the same time, so that this may be another row by now. Look at it and try again.');
    const { readOnly, isBroken } = this.state;
    if (readOnly !== undefined) refuse(readOnly);
    if (isBroken && !(action.op === 'columns' && !('remove' in action.change))) refuse('The rows cannot be changed before the columns are in order: each needs a name of its own.');
    const { label, edits, changed, follow } = await planOf({ csv: this.csv, table: this.table, view: await this.view(filter) }, action);
    return edits.length === 0 ? undefined : this.make(label, edits, changed, follow);
  }

  /** Makes edits of bytes that somebody else has planned. */
  async make(label: string, edits: readonly ByteEdit[], changed: number, follow?: Follow): Promise<SheetChange> {
    const there = edits.map(({ offset, length, text }): Splice => ({ offset, length, bytes: Buffer.from(text) }));
    const back = inverseOf(this.bytes, there);
    const views = [...this.views].map(([key, view]) => [key, view, view.version === this.version] as const);
    await this.take(spliced(this.bytes, there));
    // Rows stay where they are while somebody works in a view, whatever is in them now.
    for (const [, view, isCurrent] of views) if (isCurrent && follow) { view.rows = follow(view.rows); view.version = this.version; }
    return {
      label, changed,
      undo: async () => this.take(spliced(this.bytes, back)),
      redo: async () => this.take(spliced(this.bytes, there)),
    };
  }

  async find(query: CellQuery, filter: LookupFilter, from: CellPlace, isBackward: boolean): Promise<CellPlace | undefined> {
    const { csv, table } = this;
    const view = await this.view(filter);
    return inTurns(nextCell(csv, table.columns.length, { total: view?.length ?? Math.max(0, countOf(table)), numberOf: (at) => (view ? view[at]! : at + 1) }, query, from, isBackward));
  }

  /** Where in a view a row stands, by its number in the file. */
  async locate(filter: LookupFilter, row: number): Promise<number | undefined> {
    const view = await this.view(filter);
    const at = view ? view.indexOf(row) : row - 1;
    return at < 0 || at >= (view?.length ?? countOf(this.table)) ? undefined : at;
  }

  /** What is wrong with the rows and the settings; `undefined` where the sheet is another by then. */
  async check(): Promise<readonly LookupFinding[] | undefined> {
    const { version, table, csv, wrong, settings } = this;
    const isWanted = (): boolean => version === this.version;
    const isSound = !wrong.some(({ severity, file }) => severity === 'error' && file === this.file);
    const inRows = isSound ? await inTurns(checkTable(table), isWanted) : [];
    if (!inRows) return undefined;
    const ours = [...wrong.filter(({ file }) => file === this.file), ...inRows];
    const places = await inTurns(cellsOfFindings(csv, ours), isWanted);
    if (!places) return undefined;
    const others = [...(settings.findings ?? []), ...wrong.filter(({ file }) => file !== this.file)];
    return [...others.map((finding) => shown(finding)), ...ours.map((finding, at) => ({ ...shown(finding), ...places[at] }))];
  }

  async test(values: readonly string[], columns: LookupChoice): Promise<LookupTested> {
    try {
      const lookup = lookupOf(nameOf(this.file), soundTable({ table: this.table, findings: this.wrong.filter(({ file }) => file === this.file) }));
      await inTurns(lookup.prepare(columns));
      return answerOf(lookup, values.length > 1 ? values : values[0], columns);
    } catch (error) {
      return { error: (error as Error).message, ...(FlowError.is(error) && error.remedy !== undefined && { fix: error.remedy }) };
    }
  }

  private cellsAt(csv: CsvRows, row: number): readonly string[] {
    const cells = cellsOf(csv, row);
    return this.table.columns.map((_, at) => cells[at] ?? '');
  }

  private async take(bytes: Uint8Array): Promise<void> {
    const { file, settings } = this;
    const csv = await rowsOf(bytes, file, settings.value?.delimiter);
    const made = makeTable(file, csv, settings.value);
    const plain = made.table ?? makeTable(file, csv).table;
    this.bytes = bytes;
    this.csv = csv;
    this.wrong = made.findings;
    this.table = plain ?? rawTable(file, csv, settings.value);
    this.version++;
  }
}

const nameOf = (file: string): string => file.replaceAll(/^lookups\/|\.csv$/g, '');

interface Splice { readonly offset: number; readonly length: number; readonly bytes: Uint8Array }

function spliced(bytes: Uint8Array, edits: readonly Splice[]): Uint8Array {
  const size = edits.reduce((sum, { length, bytes: own }) => sum + own.length - length, bytes.length);
  const made = Buffer.allocUnsafeSlow(size);
  let [from, to] = [0, 0];
  for (const { offset, length, bytes: own } of edits) {
    made.set(bytes.subarray(from, offset), to);
    to += offset - from;
    made.set(own, to);
    to += own.length;
    from = offset + length;
  }
  made.set(bytes.subarray(from), to);
  return made;
}

/** What takes edits back: of the bytes that they make. */
function inverseOf(bytes: Uint8Array, edits: readonly Splice[]): readonly Splice[] {
  let moved = 0;
  return edits.map(({ offset, length, bytes: own }) => {
    const back: Splice = { offset: offset + moved, length: own.length, bytes: bytes.slice(offset, offset + length) };
    moved += own.length - length;
    return back;
  });
}

/** Columns as they stand in the header, where they make no table. */
function rawTable(file: string, rows: CsvRows, settings: LookupFile = { version: 1 }): LookupTable {
  const names = rows.starts.length === 0 ? [] : cellsOf(rows, 0);
  return { file, rows, columns: names.map((name) => ({ name, type: 'string', required: false })), key: [0], value: names.length > 1 ? 1 : undefined, settings };
}

/** Fails with `DATA_INVALID` where the bytes are no text in UTF-8. */
export async function rowsOf(bytes: Uint8Array, file: string, delimiter: string | undefined): Promise<CsvRows> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(buffer)) throw new FlowError('DATA_INVALID', `The lookup file ${file} cannot be read: it is no text in UTF-8.`, { place: { file }, remedy: 'Save it as UTF-8 ("CSV UTF-8" in a spreadsheet).' });
  return inTurns(scanRows({ bytes: buffer, text: (start, end) => buffer.toString('utf8', start, end) }, delimiter));
}

const indexOfText: FindText = (bytes, text, from) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(text, from);

function titleOf({ columns }: LookupFile, name: string): { readonly title?: string } {
  const title = columns !== undefined && Object.hasOwn(columns, name) ? columns[name]?.title : undefined;
  return title === undefined ? {} : { title };
}

const shown = ({ severity, code, message, fix, line, file, path }: Diagnostic): LookupFinding => ({ severity, code, message, line, file, path, ...(fix !== undefined && { fix }) });
