import type { Attributes, FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { FlowError } from '../../sdk/index.ts';
import { lost, networkFailure } from '../broker/connection.ts';
import type { Content, Entry } from '../files/client.ts';
import { failure, forbidden, isMissing, missing, notAFile, refused, taken, tooLarge } from '../files/failures.ts';
import { joinPath, nameOf } from '../files/paths.ts';
import type { TreeDriver } from '../files/tree.ts';
import type { Session } from './connection.ts';

type Done<T> = (error: Error | null | undefined, value: T) => void;

/** Bytes of one question; servers need not take more. */
const pieceBytes = 32_768;
/** Questions on their way at the same time. */
const ahead = 32;

export function openRemote(session: Session): TreeDriver {
  const { sftp, base } = session;
  const at = (path: string): string => (path === '' ? base || '/' : `${base}/${path}`);
  const ask = async <T>(path: string, question: (done: Done<T>) => void): Promise<T> => {
    try {
      if (session.lost()) throw session.lost()!;
      return await new Promise<T>((resolve, reject) => {
        question((error, value) => (error ? reject(error) : resolve(value)));
      });
    } catch (error) {
      throw remoteFailure(error, path, session);
    }
  };
  const find = async (path: string): Promise<Entry | undefined> => {
    try {
      return describe(path, await ask<Stats>(path, (done) => sftp.stat(at(path), done as never)));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  const opened = async <T>(path: string, mode: 'r' | 'w' | 'r+', work: (handle: Buffer) => Promise<T>): Promise<T> => {
    const handle = await ask<Buffer>(path, (done) => sftp.open(at(path), mode, done as never));
    try {
      return await work(handle);
    } finally {
      await ask(path, (done: Done<void>) => sftp.close(handle, done as never)).catch(() => undefined);
    }
  };
  const write = (path: string, handle: Buffer, content: Content, start: number, signal: AbortSignal): Promise<void> =>
    inFlight(pieces(content.open(), start), signal, ({ bytes, position }) => ask(path, (done: Done<void>) => sftp.write(handle, bytes, 0, bytes.length, position, done as never)));
  const rename = (from: string, to: string): Promise<void> => ask(to, (done) => sftp.rename(at(from), at(to), done as never));

  return {
    find,
    async list(folder) {
      const names = await ask<FileEntryWithStats[]>(folder, (done) => sftp.readdir(at(folder), done as never));
      const entries: Entry[] = [];
      for (const { filename, attrs } of names) {
        if (filename === '.' || filename === '..' || filename.includes('/')) continue;
        const path = joinPath(folder, filename);
        const entry = describe(path, attrs);
        // A link to a file is a file to whoever reads.
        const target = entry.type === 'link' ? await find(path).catch(() => undefined) : undefined;
        entries.push(target?.type === 'file' ? target : entry);
      }
      return entries;
    },
    read: (path, mostBytes, signal) => opened(path, 'r', (handle) => readAll(path, mostBytes, signal, (position, length) => ask<Buffer>(path, (done) => readPiece(sftp, handle, position, length, done)))),
    store: (path, content, signal) => opened(path, 'w', (handle) => write(path, handle, content, 0, signal)),
    async append(path, content, start, signal) {
      const found = await find(path);
      if (found && found.type !== 'file') throw notAFile(path);
      if ((found?.size ?? 0) < start) throw failure('REMOTE_REJECTED', `The file ${JSON.stringify(path)} has become shorter than it was`, { details: { path } });
      if (found && found.size > start) await ask(path, (done) => sftp.setstat(at(path), { size: start } as Attributes, done as never));
      await opened(path, found ? 'r+' : 'w', (handle) => write(path, handle, content, start, signal));
    },
    async rename(from, to, replaces) {
      try {
        if (replaces) await ask(to, (done: Done<void>) => sftp.ext_openssh_rename(at(from), at(to), done as never));
        else await rename(from, to);
      } catch (error) {
        const old = isMissing(error) ? undefined : await find(to);
        if (old && !replaces) throw taken(to, error);
        // The server cannot replace in one step, or not at all.
        if (!replaces || !/not support/i.test(((error as Error).cause as Error | undefined)?.message ?? '')) throw error;
        if (old) await ask(to, (done: Done<void>) => sftp.unlink(at(to), done as never));
        await rename(from, to);
      }
    },
    remove: ({ path, type }) => ask(path, (done: Done<void>) => (type === 'folder' ? sftp.rmdir(at(path), done as never) : sftp.unlink(at(path), done as never))),
    async makeFolder(path) {
      try {
        await ask(path, (done: Done<void>) => sftp.mkdir(at(path), done as never));
      } catch (error) {
        // Somebody else has made it meanwhile; servers say no more than that it failed.
        if ((await find(path))?.type !== 'folder') throw error;
      }
    },
  };
}

function describe(path: string, stats: Pick<Stats, 'mode' | 'size' | 'mtime'>): Entry {
  const kind = stats.mode & 0o170_000;
  const type = kind === 0o100_000 ? 'file' : kind === 0o040_000 ? 'folder' : kind === 0o120_000 ? 'link' : 'other';
  return { path, name: nameOf(path), type, size: type === 'file' ? stats.size : 0, modifiedAt: Number.isFinite(stats.mtime) ? new Date(stats.mtime * 1000).toISOString() : null };
}

interface Piece {
  readonly bytes: Buffer;
  readonly position: number;
}

async function* pieces(chunks: AsyncIterable<Uint8Array>, start: number): AsyncGenerator<Piece> {
  let position = start;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += pieceBytes) {
      const part = chunk.subarray(from, from + pieceBytes);
      yield { bytes: Buffer.from(part.buffer, part.byteOffset, part.byteLength), position };
      position += part.length;
    }
  }
}

/** Works on many at the same time, and fails as the first that does. */
async function inFlight<T>(items: AsyncIterable<T> | Iterable<T>, signal: AbortSignal, work: (item: T) => Promise<void>): Promise<void> {
  const pending = new Set<Promise<void>>();
  let failed: { readonly error: unknown } | undefined;
  for await (const item of items) {
    signal.throwIfAborted();
    const one: Promise<void> = work(item).catch((error: unknown) => { failed ??= { error }; }).finally(() => pending.delete(one));
    pending.add(one);
    if (pending.size >= ahead) await Promise.race(pending);
    if (failed) break;
  }
  await Promise.all(pending);
  if (failed) throw failed.error;
}

/** A file that grows meanwhile is read to the end that it had. */
async function readAll(path: string, mostBytes: number, signal: AbortSignal, read: (position: number, length: number) => Promise<Buffer>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (let isOver = false; !isOver;) {
    signal.throwIfAborted();
    const start = size;
    const parts = await Promise.all(Array.from({ length: start === 0 ? 4 : ahead }, (_, index) => read(start + index * pieceBytes, pieceBytes)));
    for (const part of parts) {
      // Behind a short one nothing counts: a server may give less than it was asked for, and the next round begins there.
      if (part.length > 0) chunks.push(part);
      size += part.length;
      if (size > mostBytes) throw tooLarge(path, size, mostBytes);
      if (part.length < pieceBytes) {
        isOver = part.length === 0;
        break;
      }
    }
  }
  return Buffer.concat(chunks);
}

/** Nothing at the end of the file. */
function readPiece(sftp: SFTPWrapper, handle: Buffer, position: number, length: number, done: Done<Buffer>): void {
  const buffer = Buffer.allocUnsafe(length);
  sftp.read(handle, buffer, 0, length, position, (error, count) => {
    if (error && (error as { code?: unknown }).code === 1) done(undefined, Buffer.alloc(0));
    else done(error, buffer.subarray(0, count));
  });
}

function remoteFailure(error: unknown, path: string, session: Session): unknown {
  if (FlowError.is(error)) return error;
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  if (code === 2 || code === 10) return missing(path, error);
  if (code === 3) return forbidden(path, error);
  if (code === 11) return taken(path, error);
  if (code === 6 || code === 7 || session.lost() || /no response from server|not connected|channel/i.test(message)) return lost(session.address, session.lost() ?? error);
  if (typeof code === 'number' || /not support/i.test(message)) return refused(path, message, error);
  return networkFailure(error, session.address) ?? error;
}

