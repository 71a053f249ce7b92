import type { Content, Entry, FileClient, Turn, WalkQuery } from './client.ts';
import { cutShort, isMissing, notAFile, taken, tooLarge, missing, saidOf } from './failures.ts';
import { comparePaths, isTemporary, joinPath, nameOf, parentOf, temporaryName } from './paths.ts';

/** What a system of files in folders can do. All fail with errors of `failures.ts`. */
export interface TreeDriver {
  /** In any order. */
  list(folder: string, signal: AbortSignal): Promise<readonly Entry[]>;
  find(path: string, signal: AbortSignal): Promise<Entry | undefined>;
  /** A file that was found. */
  read(path: string, mostBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Makes a file, or gives it another content. */
  store(path: string, content: Content, signal: AbortSignal): Promise<void>;
  append?(path: string, content: Content, at: number, signal: AbortSignal): Promise<void>;
  /** Fails as `taken` says where there is something that is not to be replaced. */
  rename(from: string, to: string, replaces: boolean, signal: AbortSignal): Promise<void>;
  /** A file or an empty folder; fails as `missing` says. */
  remove(entry: Entry, signal: AbortSignal): Promise<void>;
  /** In a folder that there is. No error where it is there. */
  makeFolder(path: string, signal: AbortSignal): Promise<void>;
}

export function treeClient(driver: TreeDriver): FileClient {
  const { append } = driver;
  return {
    walk: (query, turn) => walk(driver, query, turn),
    find: (path, signal) => driver.find(path, signal),
    async read(path, mostBytes, signal) {
      const entry = await driver.find(path, signal);
      if (!entry) throw missing(path);
      if (entry.type !== 'file') throw notAFile(path);
      if (entry.size > mostBytes) throw tooLarge(path, entry.size, mostBytes);
      return { bytes: await driver.read(path, mostBytes, signal), modifiedAt: entry.modifiedAt };
    },
    async write(path, content, { ifExists, makesFolders, isAtomic, id }, signal) {
      if (ifExists !== 'replace' && (await driver.find(path, signal))) {
        if (ifExists === 'skip') return false;
        throw taken(path);
      }
      if (makesFolders) await makeFolders(driver, parentOf(path), signal);
      if (!isAtomic) {
        await store(driver, path, content, signal);
        return true;
      }
      const temporary = joinPath(parentOf(path), temporaryName(id));
      try {
        await store(driver, temporary, content, signal);
        await driver.rename(temporary, path, ifExists === 'replace', signal);
      } catch (error) {
        await discard(driver, temporary, signal);
        throw saidOf(path, error, temporary);
      }
      return true;
    },
    ...(append && {
      async append(path, content, { at, makesFolders }, signal) {
        if (makesFolders) await makeFolders(driver, parentOf(path), signal);
        await append.call(driver, path, content, at, signal);
      },
    }),
    async remove(path, signal, begun) {
      const entry = await driver.find(path, signal);
      // Who has seen it already, and does not see it any more, has removed it.
      if (!entry) return begun?.is === true;
      if (begun) begun.is = true;
      await driver.remove(entry, signal);
      return true;
    },
    async move(from, to, { replaces, makesFolders }, signal, begun) {
      const entry = await driver.find(from, signal);
      if (!entry && begun?.is && (await driver.find(to, signal))) return;
      if (!entry) throw missing(from);
      if (from === to) return;
      if (!replaces && (await driver.find(to, signal))) throw taken(to);
      if (makesFolders) await makeFolders(driver, parentOf(to), signal);
      if (begun) begun.is = true;
      await driver.rename(from, to, replaces, signal);
    },
  };
}

/** Links are not followed, so that it comes to an end. */
async function* walk({ list }: TreeDriver, { folder, isRecursive, pageSize, after }: WalkQuery, turn: Turn): AsyncGenerator<readonly Entry[]> {
  let page: Entry[] = [];
  const visit = async function* (at: string): AsyncGenerator<Entry> {
    const entries = (await list(at, turn.signal)).filter(({ name }) => !isTemporary(name));
    for (const entry of [...entries].sort((a, b) => comparePaths(a.path, b.path))) {
      const isBehind = after === undefined || comparePaths(entry.path, after) > 0;
      if (isBehind) yield entry;
      if (!isRecursive || entry.type !== 'folder' || !(isBehind || after === entry.path || after?.startsWith(`${entry.path}/`))) continue;
      try {
        yield* visit(entry.path);
      } catch (error) {
        // It was there a moment ago.
        if (!isMissing(error)) throw error;
      }
    }
  };
  for await (const entry of visit(folder)) {
    if (page.push(entry) < pageSize) continue;
    yield page;
    page = [];
  }
  yield page;
}

async function store(driver: TreeDriver, path: string, content: Content, signal: AbortSignal): Promise<void> {
  await driver.store(path, content, signal);
  const size = (await driver.find(path, signal))?.size;
  if (size !== content.size) throw cutShort(path, size ?? 0, content.size);
}

async function makeFolders(driver: TreeDriver, folder: string, signal: AbortSignal): Promise<void> {
  if (folder === '' || (await driver.find(folder, signal))?.type === 'folder') return;
  await makeFolders(driver, parentOf(folder), signal);
  await driver.makeFolder(folder, signal);
}

/** What was not finished is of no use to anybody. After an abort the connection is closed, and the next attempt writes over it. */
async function discard(driver: TreeDriver, path: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await driver.remove({ path, name: nameOf(path), type: 'file', size: 0, modifiedAt: null }, signal).catch(() => undefined);
}
