import { mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { LookupPage, LookupSummary, StateChange } from '../model/api.ts';
import { prepareStateFolder, storageFailed } from '../stores/database.ts';
import { withFileLock } from '../stores/file-lock.ts';
import { writeAtomically } from '../stores/write-atomically.ts';
import type { Audit } from './audited.ts';
import { objectsOf, parseLookup, printLookup, removeRows, setRows, type LookupChange } from './lookup-table.ts';
import { listFiles, readText, type FoundFile } from './workspace-files.ts';

/** The lookups of a workspace: CSV files in `lookups/`, of which flows read the newest. Pages count from 1. */
export interface Lookups {
  list(): Promise<readonly LookupSummary[]>;
  /** Rows that hold the text in a column. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
  rows(name: string, filter: { readonly text?: string; readonly page?: number; readonly perPage?: number }): Promise<LookupPage>;
  /** Changes and adds rows, by the first column; see `setRows`. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
  set(name: string, rows: readonly Readonly<Record<string, string>>[]): Promise<StateChange>;
  /** The same with the rows of a CSV text; where there is no such lookup, it is made. Fails with `DATA_INVALID`. */
  import(name: string, csv: string): Promise<StateChange>;
  /** Removes the rows with these values in the first column. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
  remove(name: string, values: readonly string[]): Promise<StateChange>;
  /** The text of the file. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
  export(name: string): Promise<string>;
}

/** Where the texts of lookups are. */
export interface LookupTexts {
  names(): Promise<readonly string[]>;
  /** `undefined` where there is none. */
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  /** Where others may change them, too: nobody else does, in whatever process, until the work is done. */
  locked?<T>(work: () => Promise<T>): Promise<T>;
}

export function createLookups(texts: LookupTexts, audit: Audit): Lookups {
  /** One change at a time, so that none is lost. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const own = (): Promise<T> => (texts.locked ? texts.locked(work) : work());
    const turn = last.then(own, own);
    last = turn.catch(() => undefined);
    return turn;
  };
  const textOf = async (name: string): Promise<string> => {
    const text = await texts.read(name);
    if (text === undefined) throw unknownLookup(name, await texts.names());
    return text;
  };
  const change = async (name: string, action: string, before: string | undefined, made: LookupChange): Promise<StateChange> => {
    const { table, added, changed, removed } = made;
    const isNew = before === undefined;
    if (isNew || added + changed + removed > 0) await texts.write(name, printLookup(table, before));
    if (isNew || added + changed + removed > 0) audit(action, `lookup ${name}`, { added, changed, removed });
    return { added, changed, removed };
  };
  return {
    list: async () => Promise.all((await texts.names()).map(async (name): Promise<LookupSummary> => {
      const { columns, rows } = parseLookup(fileOf(name), await textOf(name));
      return { name, file: fileOf(name), columns, rows: rows.length };
    })),
    async rows(name, { text = '', page = 1, perPage = 50 }) {
      const { columns, rows } = parseLookup(fileOf(name), await textOf(name));
      const found = text === '' ? rows : rows.filter(({ cells }) => cells.some((cell) => cell.includes(text)));
      const first = (page - 1) * perPage;
      return { columns, items: found.slice(first, first + perPage).map(({ cells }) => columns.map((_, index) => cells[index] ?? '')), page, perPage, total: found.length };
    },
    set: (name, rows) => inTurn(async () => {
      const before = await textOf(name);
      return change(name, 'lookup.set', before, setRows(name, parseLookup(fileOf(name), before), rows));
    }),
    import: (name, csv) => inTurn(async () => {
      const before = await texts.read(name);
      if (before === undefined) checkName(name);
      const given = parseLookup('import', csv);
      const table = before === undefined ? { ...given, rows: [] } : parseLookup(fileOf(name), before);
      return change(name, 'lookup.import', before, setRows(name, table, objectsOf(given)));
    }),
    remove: (name, values) => inTurn(async () => {
      const before = await textOf(name);
      return change(name, 'lookup.remove', before, removeRows(parseLookup(fileOf(name), before), values));
    }),
    export: textOf,
  };
}

const fileOf = (name: string): string => `${folder}/${name}${ending}`;

/** The files of a workspace. */
export function lookupTexts(root: string): LookupTexts {
  const files = (): ReadonlyMap<string, FoundFile> => new Map(listFiles(root, [folder]).files.filter(({ file }) => file.endsWith(ending)).map((file) => [file.file.slice(folder.length + 1, -ending.length), file]));
  return {
    names: async () => [...files().keys()],
    async read(name) {
      const found = files().get(name);
      return found && readText(found.path);
    },
    locked: (work) => withFileLock(join(prepareStateFolder(root), 'lookups.lock'), work),
    async write(name, text) {
      const found = files().get(name);
      const path = found ? realpathSync(found.path) : join(root, folder, `${name}${ending}`);
      try {
        mkdirSync(dirname(path), { recursive: true });
        // A folder that is a link may lead anywhere.
        if (!found && !`${realpathSync(dirname(path))}${sep}`.startsWith(`${join(realpathSync(root), folder)}${sep}`)) throw invalidName(name);
        await writeAtomically(path, text);
      } catch (error) {
        throw storageFailed(error, fileOf(name), 'Rows');
      }
    },
  };
}

const folder = 'lookups';
const ending = '.csv';

const unknownLookup = (name: string, names: readonly string[]): FlowError =>
  new FlowError('CONFIG_UNKNOWN_LOOKUP', `There is no lookup ${JSON.stringify(name)}${names.length === 0 ? '; there is none' : `; there ${names.length === 1 ? 'is' : 'are'} ${names.slice(0, 12).map((one) => JSON.stringify(one)).join(', ')}`}.`, { details: { lookup: name } });

/** A name becomes a file: it may lie in a folder below, and nowhere else. */
function checkName(name: string): void {
  const isSafe = name.length <= 200 && name.split('/').every((part) => /^[\p{L}\p{N}_-][\p{L}\p{N}_. -]*$/u.test(part) && !/[. ]$/.test(part));
  if (!isSafe) throw invalidName(name);
}

const invalidName = (name: string): FlowError => new FlowError('CONFIG_INVALID', `${JSON.stringify(name)} cannot be the name of a lookup: use letters, digits, hyphens and underscores.`, { details: { lookup: name } });
