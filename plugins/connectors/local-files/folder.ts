import type { Dirent, Stats } from 'node:fs';
import { chmod, constants, link, lstat, mkdir, open, readdir, realpath, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { FlowError } from '../../sdk/index.ts';
import type { Content, Entry } from '../files/client.ts';
import { failure, forbidden, full, isMissing, missing, notAFile, taken, tooLarge } from '../files/failures.ts';
import { joinPath, nameOf, parentOf } from '../files/paths.ts';
import type { TreeDriver } from '../files/tree.ts';

/** A folder of this machine. `workspace`: what a relative one lies in. Fails with `CONFIG_INVALID`. */
export async function openFolder(given: string, workspace: string | undefined): Promise<TreeDriver> {
  if (workspace === undefined && resolve(given) !== given) throw new FlowError('CONFIG_INVALID', `The folder ${JSON.stringify(given)} is relative, and there is no workspace that it could lie in.`);
  const root = resolve(workspace ?? '', given);
  const found = await stat(root).catch(() => undefined);
  if (found && !found.isDirectory()) throw new FlowError('CONFIG_INVALID', `${JSON.stringify(given)} is no folder.`);

  /** Where a path really is: the folder that holds it was resolved, and with `follows` the path itself. Fails where that is outside. */
  const placeOf = async (path: string, follows: boolean): Promise<string> => {
    checkNames(path);
    const base = await realpath(root);
    const whole = join(base, ...path.split('/'));
    if (path === '') return base;
    const real = follows ? await realpath(whole) : join(await realpath(join(base, ...parentOf(path).split('/'))), nameOf(path));
    if (real !== base && !real.startsWith(base.endsWith(sep) ? base : base + sep)) throw failure('DATA_INVALID', `A link in the path ${JSON.stringify(path)} leads out of the folder of the instance`, { details: { path } });
    return real;
  };
  const within = async <T>(path: string, follows: boolean, work: (real: string) => Promise<T>): Promise<T> => {
    try {
      return await work(await placeOf(path, follows));
    } catch (error) {
      throw folderFailure(error, path);
    }
  };
  const entryOf = async (path: string): Promise<Entry | undefined> => {
    try {
      return await within(path, true, async (real) => describe(path, await stat(real)));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };

  return {
    list: (folder) => within(folder, true, async (real) => {
      const names = await readdir(real, { withFileTypes: true });
      const entries: (Entry | undefined)[] = [];
      for (const item of names) entries.push(await entryIn(folder, real, item, entryOf));
      return entries.filter((entry) => entry !== undefined);
    }),
    find: entryOf,
    read: (path, mostBytes, signal) => within(path, true, (real) => readWhole(real, path, mostBytes, signal)),
    store: async (path, content, signal) => {
      await mkdir(root, { recursive: true });
      await within(path, false, (real) => write(real, path, content, 0, constants.O_TRUNC, signal));
    },
    append: async (path, content, at, signal) => {
      await mkdir(root, { recursive: true });
      await within(path, (await entryOf(path)) !== undefined, (real) => write(real, path, content, at, 0, signal));
    },
    rename: async (from, to, replaces) => {
      const source = await within(from, false, async (real) => real);
      await within(to, false, (target) => moveOver(source, target, to, replaces));
    },
    remove: ({ path }) => within(path, false, async (real) => {
      if ((await lstat(real)).isDirectory()) await rmdir(real);
      else await rm(real);
    }),
    makeFolder: async (path) => {
      await mkdir(root, { recursive: true });
      await within(path, false, (real) => mkdir(real, { recursive: true }));
    },
  };
}

// Links to files are files where they stay inside; links to folders are shown as what they are, and are not followed by a walk.
async function entryIn(folder: string, real: string, item: Dirent, find: (path: string) => Promise<Entry | undefined>): Promise<Entry | undefined> {
  const path = joinPath(folder, item.name);
  if (!item.isSymbolicLink()) {
    const stats = await lstat(join(real, item.name)).catch(() => undefined);
    return stats && describe(path, stats);
  }
  const target = await find(path).catch(() => undefined);
  return target?.type === 'file' ? target : { path, name: item.name, type: 'link', size: 0, modifiedAt: null };
}

function describe(path: string, stats: Stats): Entry {
  const type = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  return { path, name: nameOf(path), type, size: type === 'file' ? stats.size : 0, modifiedAt: stats.mtime.toISOString() };
}

// Not there on Windows.
const noFollow = (constants.O_NOFOLLOW as number | undefined) ?? 0;

async function readWhole(real: string, path: string, mostBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  // Something else than a file would be waited for without end.
  const handle = await open(real, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0));
  try {
    const { size, isFile } = await handle.stat().then((stats) => ({ size: stats.size, isFile: stats.isFile() }));
    if (!isFile) throw notAFile(path);
    if (size > mostBytes) throw tooLarge(path, size, mostBytes);
    return await handle.readFile({ signal });
  } finally {
    await handle.close();
  }
}

async function write(real: string, path: string, content: Content, at: number, flags: number, signal: AbortSignal): Promise<void> {
  const handle = await open(real, constants.O_WRONLY | constants.O_CREAT | noFollow | flags, 0o666);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw notAFile(path);
    if (stats.size < at) throw failure('REMOTE_REJECTED', `The file ${JSON.stringify(path)} has become shorter than it was`, { details: { path } });
    if (stats.size > at) await handle.truncate(at);
    let position = at;
    for await (const chunk of content.open()) {
      signal.throwIfAborted();
      await handle.write(chunk, 0, chunk.length, position);
      position += chunk.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function moveOver(source: string, target: string, path: string, replaces: boolean): Promise<void> {
  const old = await lstat(target).catch(() => undefined);
  if (replaces) {
    // Who could not read the old file cannot read the new one either.
    if (old?.isFile() && nameOf(source).startsWith('.patchbay-')) await chmod(source, old.mode & 0o777);
    await rename(source, target);
  } else if ((await lstat(source)).isFile()) {
    try {
      // Nobody can come between, as after a look.
      await link(source, target);
      await unlink(source);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') throw taken(path, error);
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
      if (old) throw taken(path);
      await rename(source, target);
    }
  } else if (old) throw taken(path);
  else await rename(source, target);
  await synced(dirname(target));
}

/** The new name survives a power cut. Not every system can do it for a folder. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Names that mean something else to Windows. */
function checkNames(path: string): void {
  if (process.platform !== 'win32') return;
  const bad = path.split('/').find((part) => /[<>:"|?*\\]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part));
  if (bad !== undefined) throw failure('DATA_INVALID', `${JSON.stringify(bad)} cannot be the name of a file on Windows`, { details: { path } });
}

function folderFailure(error: unknown, path: string): unknown {
  if (FlowError.is(error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return missing(path, error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return forbidden(path, error);
  if (code === 'EISDIR' || code === 'ELOOP' || code === 'ENXIO') return notAFile(path);
  if (code === 'EEXIST') return taken(path, error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return full(path, error);
  const reason = code === undefined ? undefined : reasons[code];
  return reason === undefined ? error : failure('REMOTE_REJECTED', `${JSON.stringify(path)}: ${reason}`, { cause: error, details: { path } });
}

const reasons: Readonly<Record<string, string>> = { ENOTEMPTY: 'the folder is not empty', ENAMETOOLONG: 'the name is too long', EXDEV: 'it is on another disk', EBUSY: 'it is in use', EMFILE: 'too many files are open', EFBIG: 'the file would be too large' };
