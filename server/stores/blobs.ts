import { closeSync, createReadStream, existsSync, fdatasyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createCache } from '../model/lru.ts';
import { faultPoint } from './fault-point.ts';
import { syncFolder } from './sync-folder.ts';

/** Bodies longer than this lie in files of their own: the database stays small, and a window of a big one can be read. */
export const longestInline = 16 * 1024;

/** Files by the hash of their content, `blobs/ab/cdef…`. A file that is there is complete. */
export interface Blobs {
  readonly folder: string;
  pathOf(hash: string): string;
  has(hash: string): boolean;
  /** Does nothing where it is there already. With `isDurable`, the content is on the disk before the file gets its name. */
  write(hash: string, bytes: Uint8Array, isDurable: boolean): void;
  read(hash: string, range?: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array>;
  remove(hash: string): void;
}

export function openBlobs(folder: string): Blobs {
  const pathOf = (hash: string): string => join(folder, hash.slice(0, 2), hash.slice(2));
  const known = new Set<string>();
  /** Bodies that are known to survive a power cut; forgetting one costs a sync. */
  const synced = createCache<true>(10_000);
  let last = 0;
  const makeFolder = (parent: string): void => {
    if (known.has(parent)) return;
    const isNew = mkdirSync(parent, { recursive: true }) !== undefined;
    if (isNew) syncFolder(folder);
    known.add(parent);
  };
  return {
    folder,
    pathOf,
    has: (hash) => existsSync(pathOf(hash)),
    write(hash, bytes, isDurable) {
      const path = pathOf(hash);
      if (existsSync(path)) {
        // It may be there from a recording that nobody waited for.
        if (isDurable && !synced.get(hash)) {
          syncFile(path);
          syncFolder(dirname(path));
          synced.add(hash, true);
        }
        return;
      }
      const own = `${path}.${process.pid}-${++last}.part`;
      const parent = dirname(path);
      makeFolder(parent);
      try {
        writeWhole(own, bytes, isDurable);
        renameSync(own, path);
        faultPoint('blob-written');
        if (!isDurable) return;
        syncFolder(parent);
        synced.add(hash, true);
      } catch (error) {
        known.delete(parent);
        rmSync(own, { force: true });
        throw error;
      }
    },
    read: (hash, range) => createReadStream(pathOf(hash), { highWaterMark: 256 * 1024, ...(range && { start: range.start, end: range.end - 1 }) }),
    remove: (hash) => rmSync(pathOf(hash), { force: true }),
  };
}

function syncFile(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fdatasyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeWhole(file: string, bytes: Uint8Array, isDurable: boolean): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(descriptor, bytes, offset);
    if (isDurable) fdatasyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
