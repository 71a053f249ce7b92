import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { CsvRows } from '../model/csv-rows.ts';
import type { ByteEdit } from '../model/lookup-change.ts';
import type { LookupFile } from '../model/lookup-file.ts';
import { readFile, type ReadFile } from '../model/read.ts';
import { prepareStateFolder, storageFailed } from '../stores/database.ts';
import { withFileLock } from '../stores/file-lock.ts';
import { writeAtomically } from '../stores/write-atomically.ts';
import { csvRows, readCsv } from './csv-file.ts';
import { listFiles, readText, type FoundFile } from './workspace-files.ts';

/** Where lookups are. */
export interface LookupStore {
  names(): Promise<readonly string[]>;
  /** `undefined` where there is none. */
  find(name: string): Promise<StoredLookup | undefined>;
  /** What was found, with edits; without it, a new lookup that begins empty. Fails with `CONFIG_INVALID` where the name could lead elsewhere. */
  write(name: string, before: CsvRows | undefined, edits: readonly ByteEdit[]): Promise<void>;
  /** Where others may change them, too: nobody else does, in whatever process, until the work is done. */
  locked?<T>(work: () => Promise<T>): Promise<T>;
}

export interface StoredLookup {
  /** Changes with the file and with its settings. */
  readonly stamp: string;
  /** The file of its settings. */
  settings(): ReadFile<LookupFile> & { readonly file: string } | undefined;
  rows(delimiter: string | undefined): Promise<CsvRows>;
}

const folder = 'lookups';
const ending = '.csv';

export const lookupFile = (name: string): string => `${folder}/${name}${ending}`;

/** The files of a workspace. */
export function lookupFiles(root: string): LookupStore {
  const files = (): ReadonlyMap<string, FoundFile> => new Map(listFiles(root, [folder]).files.map((file) => [file.file.slice(folder.length + 1), file]));
  return {
    names: async () => [...files().keys()].filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length)),
    async find(name) {
      const found = files();
      const [own, settings] = [found.get(`${name}${ending}`), found.get(`${name}.lookup.json`)];
      if (!own) return undefined;
      return {
        stamp: hashOf(`${own.stamp}\n${settings?.stamp ?? ''}`), rows: (delimiter) => readCsv(own.path, own.file, delimiter),
        settings() {
          const text = settings && readText(settings.path);
          return text === undefined ? undefined : { file: settings!.file, ...readFile('lookup', settings!.file, text) };
        },
      };
    },
    locked: (work) => withFileLock(join(prepareStateFolder(root), 'lookups.lock'), work),
    async write(name, before, edits) {
      const found = files().get(`${name}${ending}`);
      if (!found) checkName(name);
      const path = found ? realpathSync(found.path) : join(root, folder, `${name}${ending}`);
      try {
        mkdirSync(dirname(path), { recursive: true });
        // A folder that is a link may lead anywhere.
        if (!found && !`${realpathSync(dirname(path))}${sep}`.startsWith(`${join(realpathSync(root), folder)}${sep}`)) throw invalidName(name);
        await writeAtomically(path, piecesOf(before?.bytes, edits));
      } catch (error) {
        throw storageFailed(error, lookupFile(name), 'Rows');
      }
    },
  };
}

/** Texts in memory, for tests. */
export function lookupTexts(texts: Map<string, string>): LookupStore {
  return {
    names: async () => [...texts.keys()],
    async find(name) {
      const text = texts.get(name);
      return text === undefined ? undefined : { stamp: hashOf(text), settings: () => undefined, rows: (delimiter) => csvRows(Buffer.from(text), lookupFile(name), delimiter) };
    },
    async write(name, before, edits) {
      if (!texts.has(name)) checkName(name);
      texts.set(name, Buffer.concat([...piecesOf(before?.bytes, edits)]).toString());
    },
  };
}

const pieceBytes = 1024 * 1024;

/** Bytes with edits, in pieces that are worth writing. */
export function* piecesOf(bytes: Uint8Array = new Uint8Array(), edits: readonly ByteEdit[]): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let at = 0;
  const take = (piece: Uint8Array): void => {
    waiting.push(piece);
    size += piece.length;
  };
  for (const { offset, length, text } of edits) {
    take(bytes.subarray(at, offset));
    take(Buffer.from(text));
    at = offset + length;
    if (size < pieceBytes) continue;
    yield Buffer.concat(waiting);
    [waiting, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(waiting);
  for (; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** A name becomes a file: it may lie in a folder below, and nowhere else. */
function checkName(name: string): void {
  const isSafe = name.length <= 200 && name.split('/').every((part) => /^[\p{L}\p{N}_-][\p{L}\p{N}_. -]*$/u.test(part) && !/[. ]$/.test(part));
  if (!isSafe) throw invalidName(name);
}

const invalidName = (name: string): FlowError => new FlowError('CONFIG_INVALID', `${JSON.stringify(name)} cannot be the name of a lookup: use letters, digits, hyphens and underscores.`, { details: { lookup: name } });
