import { FlowError, type LookupColumns } from '../../plugins/sdk/index.ts';
import type { LookupDetail, LookupFound, LookupPage, LookupSummary, StateChange } from '../model/api.ts';
import { cellsOf, printRow, type CsvRows } from '../model/csv-rows.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { answerOf, lookupOf, soundTable } from '../model/lookup-answer.ts';
import { editRows, rowsWith, setRows, type RowChange, type RowsSet } from '../model/lookup-change.ts';
import { importRows } from '../model/lookup-import.ts';
import { buildIndex } from '../model/lookup-index.ts';
import { checkKeys } from '../model/lookup-keys.ts';
import { checkChanges } from '../model/lookup-sound.ts';
import { countOf, makeTable, type LookupTable } from '../model/lookup-table.ts';
import { viewOf, type FindText, type LookupFilter } from '../model/lookup-view.ts';
import { createCache } from '../model/lru.ts';
import { listed } from '../model/suggest.ts';
import type { Audit } from './audited.ts';
import { csvRows, inTurns } from './csv-file.ts';
import { lookupFindings } from './diagnose.ts';
import { lookupFile, type LookupStore, type StoredLookup } from './lookup-store.ts';
import { soundValue } from './workspace.ts';

/** The lookups of a workspace: CSV files in `lookups/`, of which flows read the newest. Pages and rows count from 1. */
export interface Lookups {
  /** One whose file cannot be read says why (`error`); the others are listed all the same. */
  list(): Promise<readonly LookupSummary[]>;
  /** What its columns are, and what its settings say. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
  detail(name: string): Promise<LookupDetail>;
  /** Rows in the order of the file, or sorted. Fails with `CONFIG_UNKNOWN_LOOKUP`, and with `CONFIG_INVALID` where there is no such column. */
  rows(name: string, filter: LookupFilter & { readonly page?: number; readonly perPage?: number }): Promise<LookupPage>;
  /** What a flow would get for a value. Fails with `CONFIG_UNKNOWN_LOOKUP`, `CONFIG_INVALID`, `DATA_INVALID`. */
  find(name: string, value: unknown, columns?: LookupColumns): Promise<LookupFound>;
  /** What is wrong with its file and with its settings. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
  check(name: string): Promise<readonly Diagnostic[]>;
  /** Changes and adds rows, by their key; see `setRows`. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
  set(name: string, rows: readonly Readonly<Record<string, string>>[]): Promise<StateChange>;
  /**
   * Changes rows by their numbers, all or none; see `editRows`. `stamp`: of the page or the detail that the numbers are from. Fails with `CONFIG_UNKNOWN_LOOKUP`, and with
   * `CONFIG_INVALID` where the file has changed since, `DATA_INVALID` where a row would be wrong, or have a key that another has.
   */
  edit(name: string, stamp: string, changes: readonly RowChange[]): Promise<StateChange>;
  /** The same as `set` with the rows of a CSV text; where there is no such lookup, it is made. Fails with `DATA_INVALID`. */
  import(name: string, csv: string): Promise<StateChange>;
  /** Removes the rows with these keys. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
  remove(name: string, values: readonly string[]): Promise<StateChange>;
  /** The file as it is. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
  export(name: string): Promise<Uint8Array>;
}

/** A lookup that somebody looks at. It is kept for a while, since its next page is asked for soon. */
interface Opened {
  readonly stamp: string;
  readonly table: LookupTable;
  /** The rows that were asked for last. */
  view: { readonly key: string; readonly rows: Promise<Uint32Array | undefined> } | undefined;
}

const none: StateChange = { added: 0, changed: 0, removed: 0 };

export function createLookups(store: LookupStore, audit: Audit): Lookups {
  const opened = createCache<Promise<Opened>>(2);
  const summaries = new Map<string, { readonly stamp: string; readonly summary: LookupSummary }>();
  /** One change at a time, so that none is lost. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const own = (): Promise<T> => (store.locked ? store.locked(work) : work());
    const turn = last.then(own, own);
    last = turn.catch(() => undefined);
    return turn;
  };
  const find = async (name: string): Promise<StoredLookup> => {
    const found = await store.find(name);
    if (!found) throw unknownLookup(name, await store.names());
    return found;
  };
  const open = async (name: string, found: StoredLookup): Promise<Opened> => {
    const key = `${name}\n${found.stamp}`;
    const known = opened.get(key) ?? opened.add(key, read(name, found));
    return known.catch((error: unknown) => {
      opened.delete(key);
      throw error;
    });
  };
  const tableOf = async (name: string): Promise<Opened> => open(name, await find(name));
  const write = async (name: string, action: string, before: CsvRows | undefined, edits: Parameters<LookupStore['write']>[2], made: StateChange): Promise<StateChange> => {
    if (edits.length > 0 || !before) {
      await store.write(name, before, edits);
      audit(action, `lookup ${name}`, { ...made });
    }
    return made;
  };
  const writeRows = (name: string, action: string, { table }: Opened, { changes, added, changed }: RowsSet): Promise<StateChange> =>
    write(name, action, table.rows, editRows(name, table.rows, changes), { added, changed, removed: 0 });
  const create = async (name: string, given: LookupTable): Promise<StateChange> => {
    const head = `${printRow(given.columns.map((column) => column.name))}\n`;
    const empty = soundTable(makeTable(lookupFile(name), await csvRows(Buffer.from(head), lookupFile(name), ',')));
    const { changes, added } = await inTurns(importRows(name, empty, given));
    return write(name, 'lookup.import', undefined, [{ offset: 0, length: 0, text: head }, ...editRows(name, empty.rows, changes)], { ...none, added });
  };
  return {
    list: async () => {
      const all: LookupSummary[] = [];
      // One after the other: each may be large.
      for (const name of await store.names()) {
        const found = await find(name);
        const known = summaries.get(name);
        if (known?.stamp !== found.stamp) {
          summaries.set(name, { stamp: found.stamp, summary: await summaryOf(name, found) });
        }
        all.push(summaries.get(name)!.summary);
      }
      return all;
    },
    async detail(name) {
      const { table, stamp } = await tableOf(name);
      const { title, otherwise = 'null' } = table.settings;
      return {
        name, file: table.file, ...(title !== undefined && { title }), stamp, rows: countOf(table), delimiter: table.rows.delimiter, otherwise,
        columns: table.columns.map((column, at) => ({ ...column, isKey: table.key.includes(at), isValue: table.value === at })),
      };
    },
    async rows(name, { page = 1, perPage = 50, ...filter }) {
      const found = await tableOf(name);
      const { table, stamp } = found;
      checkFilter(name, table, filter);
      const key = JSON.stringify(filter);
      if (found.view?.key !== key) found.view = { key, rows: inTurns(viewOf(table, filter, indexOfText)) };
      const view = await found.view.rows;
      const total = view?.length ?? countOf(table);
      const first = (page - 1) * perPage;
      const numbers = Array.from({ length: Math.max(0, Math.min(perPage, total - first)) }, (_, index) => (view ? view[first + index]! : first + index + 1));
      const items = numbers.map((row) => {
        const cells = cellsOf(table.rows, row);
        return table.columns.map((_, at) => cells[at] ?? '');
      });
      return { columns: namesOf(table), items, numbers, stamp, page, perPage, total };
    },
    async find(name, value, columns = {}) {
      const lookup = lookupOf(name, (await tableOf(name)).table);
      await inTurns(lookup.prepare(columns));
      return answerOf(lookup, value, columns);
    },
    async check(name) {
      const found = await find(name);
      const settings = found.settings();
      if (settings && !settings.value) return settings.diagnostics;
      return [...(settings?.diagnostics ?? []), ...(await lookupFindings(lookupFile(name), settings, () => readFound(name, found)))];
    },
    set: (name, rows) => inTurn(async () => {
      const opened = await tableOf(name);
      const { table } = opened;
      return writeRows(name, 'lookup.set', opened, setRows(name, table, await inTurns(buildIndex(table, table.key)), rows));
    }),
    edit: (name, stamp, changes) => inTurn(async () => {
      const found = await tableOf(name);
      if (found.stamp !== stamp) throw new FlowError('CONFIG_INVALID', `The lookup ${JSON.stringify(name)} has changed since its rows were read.`, { details: { lookup: name }, remedy: 'Read the rows again, and make the change in them.' });
      const { rows } = found.table;
      const edits = editRows(name, rows, changes);
      checkChanges(name, found.table, changes);
      await inTurns(checkKeys(name, found.table, changes));
      const count = (kind: 'insert' | 'remove'): number => changes.filter((change) => kind in change).length;
      return write(name, 'lookup.edit', rows, edits, { added: count('insert'), changed: edits.length === 0 ? 0 : changes.filter((change) => 'change' in change).length, removed: count('remove') });
    }),
    import: (name, csv) => inTurn(async () => {
      const given = soundTable(makeTable('import', await csvRows(Buffer.from(csv), 'import')));
      const found = await store.find(name);
      if (!found) return create(name, given);
      const opened = await open(name, found);
      return writeRows(name, 'lookup.import', opened, await inTurns(importRows(name, opened.table, given)));
    }),
    remove: (name, values) => inTurn(async () => {
      const { table } = await tableOf(name);
      if (table.key.length > 1) throw new FlowError('CONFIG_INVALID', `The lookup ${JSON.stringify(name)} has a key of ${table.key.length} columns, so that one value names no row.`, { details: { lookup: name }, remedy: 'Remove its rows by their numbers.' });
      const rows = await inTurns(rowsWith(table, values));
      return write(name, 'lookup.remove', table.rows, editRows(name, table.rows, rows.map((remove) => ({ remove }))), { ...none, removed: rows.length });
    }),
    async export(name) {
      const found = await find(name);
      return (await found.rows(undefined)).bytes;
    },
  };
}

async function summaryOf(name: string, found: StoredLookup): Promise<LookupSummary> {
  const file = lookupFile(name);
  try {
    const { table } = await read(name, found);
    return { name, file, columns: namesOf(table), rows: countOf(table) };
  } catch (error) {
    if (!FlowError.is(error) || error.code === 'STORAGE_FAILED') throw error;
    const { line, column } = error.place ?? {};
    return { name, file, columns: [], rows: 0, error: `${error.message}${line === undefined ? '' : ` (line ${line}${column === undefined ? '' : `, column ${column}`})`}` };
  }
}

const indexOfText: FindText = (bytes, text, from) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(text, from);

const read = async (name: string, found: StoredLookup): Promise<Opened> => ({ stamp: found.stamp, table: soundTable(await readFound(name, found)), view: undefined });

async function readFound(name: string, found: StoredLookup): Promise<ReturnType<typeof makeTable>> {
  const read = found.settings();
  const settings = read && soundValue({ file: read.file, read });
  return makeTable(lookupFile(name), await found.rows(settings?.delimiter), settings);
}

const namesOf = ({ columns }: LookupTable): readonly string[] => columns.map(({ name }) => name);

function checkFilter(name: string, table: LookupTable, { columns = {}, sort }: LookupFilter): void {
  const names = namesOf(table);
  const unknown = [...Object.keys(columns), ...(sort === undefined ? [] : [names.includes(sort) ? sort : sort.replace(/^-/, '')])].find((column) => !names.includes(column));
  if (unknown !== undefined) throw new FlowError('CONFIG_INVALID', `The lookup ${JSON.stringify(name)} has no column ${JSON.stringify(unknown)}; there ${names.length === 1 ? 'is' : 'are'} ${listed(names)}.`, { details: { lookup: name, column: unknown } });
}

const unknownLookup = (name: string, names: readonly string[]): FlowError =>
  new FlowError('CONFIG_UNKNOWN_LOOKUP', `There is no lookup ${JSON.stringify(name)}${names.length === 0 ? '; there is none' : `; there ${names.length === 1 ? 'is' : 'are'} ${listed(names)}`}.`, { details: { lookup: name } });
