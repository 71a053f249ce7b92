import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { FlowError } from '../../plugins/sdk/index.ts';
import { migrations } from './migrations.ts';

/** How long a statement waits for another process that writes. */
const busyMs = 10_000;

/** The folder of a workspace's local state; git ignores it. */
export const stateFolder = (root: string): string => join(root, '.patchbay');

/** Makes the folder of the state, with its own `.gitignore`, so that a workspace without one does not commit recordings. Fails with `STORAGE_FAILED`. */
export function prepareStateFolder(root: string): string {
  const folder = stateFolder(root);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // A folder that was there before, such as that of a copied workspace, may be open to all. Where it is another's, it stays as it is.
    if (process.getuid?.() === statSync(folder).uid) chmodSync(folder, 0o700);
    writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw storageFailed(error, folder);
  }
  return folder;
}

/** What a database holds: its name for people, and its schema. */
export interface Schema {
  readonly what: string;
  /** Entry n brings version n to n + 1. */
  readonly migrations: readonly string[];
}

const recordings: Schema = { what: 'The recordings', migrations };

/**
 * Opens a database for writing and brings it to the newest schema; without another one, that of the recordings. Several processes may do so at once: each
 * waits for the others. Fails with `STORAGE_FAILED`, and with `CONFIG_VERSION` where a newer version wrote it.
 */
export function openForWriting(file: string, schema = recordings): DatabaseSync {
  return guarded(file, schema.what, () => {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    const database = new DatabaseSync(file, { timeout: busyMs });
    try {
      // Auto-vacuum can only be chosen before the first table is made: what retention frees goes back to the disk.
      database.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY');
      migrate(database, file, schema);
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  });
}

/** Opens it for reading; it has been opened for writing before. `isUnchanging`: nobody can write here. */
export function openForReading(file: string, isUnchanging = false): DatabaseSync {
  return guarded(file, recordings.what, () => {
    // Where nobody has it open, SQLite would want to make files beside it, unless it is told that the database cannot change.
    const place = isUnchanging && !existsSync(`${file}-wal`) ? new URL(`${pathToFileURL(file).href}?immutable=1`) : file;
    const database = new DatabaseSync(place, { timeout: busyMs, readOnly: true });
    database.exec('PRAGMA cache_size = -16000');
    return database;
  });
}

/** Whether something failed because this user may not write there. */
export const isUnwritable = ({ details: { code, sqlite } }: FlowError): boolean => ['EACCES', 'EPERM', 'EROFS'].includes(String(code)) || (typeof sqlite === 'number' && [8, 14].includes(sqlite & 0xff));

/** A failure of the disk or the database, for people. */
export function storageFailed(error: unknown, where: string, what = recordings.what): FlowError {
  if (FlowError.is(error)) return error;
  const { message, code, errcode } = error as NodeJS.ErrnoException & { errcode?: number };
  const reason = code === 'ENOSPC' ? 'the disk is full' : (reasons[(errcode ?? 0) & 0xff] ?? message);
  return new FlowError('STORAGE_FAILED', `${what} cannot be kept in ${where}: ${reason}.`, { cause: error, details: { ...(code && { code }), ...(errcode !== undefined && { sqlite: errcode }) } });
}

/** Of the primary code of SQLite, the low byte. */
const reasons: Readonly<Record<number, string>> = { 5: 'another process keeps it locked', 6: 'another process keeps it locked', 8: 'it may only be read', 10: 'the disk fails or is full', 11: 'the file is damaged', 13: 'the disk is full', 26: 'the file is damaged or not a database' };

function guarded<T>(file: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storageFailed(error, file, what);
  }
}

function migrate(database: DatabaseSync, file: string, { what, migrations: steps }: Schema): void {
  if (versionOf(database) === steps.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(database);
    if (version > steps.length) throw new FlowError('CONFIG_VERSION', `${what} in ${file} were written by a newer version of Patchbay (schema ${version}, this one knows ${steps.length}).`, { place: { file } });
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}; COMMIT`);
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

const versionOf = (database: DatabaseSync): number => (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
