import { Readable, Writable } from 'node:stream';
import type { FileInfo } from 'basic-ftp';
import { FlowError } from '../../sdk/index.ts';
import { lost, networkFailure } from '../broker/connection.ts';
import type { Entry } from '../files/client.ts';
import { failure, forbidden, full, isMissing, missing, refused, tooLarge } from '../files/failures.ts';
import { joinPath, nameOf } from '../files/paths.ts';
import type { TreeDriver } from '../files/tree.ts';
import { replyOf, type Session } from './connection.ts';

export function openServer(session: Session): TreeDriver {
  const { ftp, base } = session;
  // Whole paths, so that it does not matter in which folder the server is, or how a name begins.
  const at = (path: string): string => (path === '' ? base || '/' : `${base}/${path}`);
  const ask = async <T>(path: string, question: () => Promise<T>): Promise<T> => {
    try {
      return await question();
    } catch (error) {
      throw serverFailure(error, path, session);
    }
  };
  const isFolder = (path: string): Promise<boolean> => ask(path, async () => {
    try {
      await ftp.send(`CWD ${at(path)}`);
      return true;
    } catch (error) {
      if ((replyOf(error) ?? 0) >= 500) return false;
      throw error;
    }
  });
  const sizeOf = (path: string): Promise<number | undefined> => ask(path, async () => {
    try {
      return await ftp.size(at(path));
    } catch (error) {
      if ((replyOf(error) ?? 0) >= 500) return undefined;
      throw error;
    }
  });
  const find = async (path: string): Promise<Entry | undefined> => {
    const size = path === '' ? undefined : await sizeOf(path);
    if (size !== undefined) {
      const modified = await ask(path, () => ftp.lastMod(at(path))).catch((error: unknown) => {
        if (ftp.closed) throw error;
      });
      return { path, name: nameOf(path), type: 'file', size, modifiedAt: modified?.toISOString() ?? null };
    }
    return (await isFolder(path)) ? { path, name: nameOf(path), type: 'folder', size: 0, modifiedAt: null } : undefined;
  };
  const rename = (from: string, to: string): Promise<unknown> => ask(to, async () => {
    await ftp.send(`RNFR ${at(from)}`);
    await ftp.send(`RNTO ${at(to)}`);
  });

  return {
    find,
    async list(folder) {
      // Some servers answer with an empty list for a folder that is not there, and some take a name for a pattern.
      if (!(await isFolder(folder))) throw missing(folder);
      const items = await ask(folder, () => ftp.list());
      return items.filter(({ name }) => name !== '' && name !== '.' && name !== '..' && !name.includes('/')).map((item) => describe(folder, item));
    },
    async read(path, mostBytes) {
      const chunks: Buffer[] = [];
      let size = 0;
      const sink = new Writable({
        write(chunk: Buffer, _encoding, done) {
          size += chunk.length;
          chunks.push(chunk);
          done(size > mostBytes ? tooLarge(path, size, mostBytes) : null);
        },
      });
      await ask(path, () => ftp.downloadTo(sink, at(path)));
      return Buffer.concat(chunks);
    },
    store: (path, content) => ask(path, async () => void (await ftp.uploadFrom(Readable.from(content.open()), at(path)))),
    async append(path, content, start) {
      const size = (await find(path))?.size ?? 0;
      // It was done before, and the answer was lost.
      if (size === start + content.size && content.size > 0) return;
      if (size !== start) throw failure('REMOTE_REJECTED', `The file ${JSON.stringify(path)} has ${size} bytes instead of ${start}: an attempt that was cut off, or somebody else, has changed it`, { details: { path } });
      await ask(path, async () => void (await ftp.appendFrom(Readable.from(content.open()), at(path))));
    },
    async rename(from, to, replaces) {
      try {
        await rename(from, to);
      } catch (error) {
        if (!replaces || !FlowError.is(error, 'REMOTE_REJECTED') || isMissing(error) || (await sizeOf(to)) === undefined) throw error;
        await ask(to, () => ftp.send(`DELE ${at(to)}`));
        await rename(from, to);
      }
    },
    remove: ({ path, type }) => ask(path, async () => void (await ftp.send(`${type === 'folder' ? 'RMD' : 'DELE'} ${at(path)}`))),
    async makeFolder(path) {
      try {
        await ask(path, () => ftp.send(`MKD ${at(path)}`));
      } catch (error) {
        // Somebody else has made it meanwhile.
        if (ftp.closed || !(await isFolder(path))) throw error;
      }
    },
  };
}

function describe(folder: string, { name, isFile, isDirectory, isSymbolicLink, size, modifiedAt }: FileInfo): Entry {
  const type = isFile ? 'file' : isDirectory ? 'folder' : isSymbolicLink ? 'link' : 'other';
  return { path: joinPath(folder, name), name, type, size: type === 'file' ? size : 0, modifiedAt: modifiedAt?.toISOString() ?? null };
}

function serverFailure(error: unknown, path: string, { ftp, address }: Session): unknown {
  if (FlowError.is(error)) return error;
  const { message } = error as Error;
  const reply = replyOf(error);
  if (reply === undefined) return networkFailure(error, address) ?? (ftp.closed ? lost(address, error) : error);
  if (reply === 421) return lost(address, error);
  if (reply === 530 || reply === 532) return failure('AUTH_REJECTED', `${address} wants another login: ${message}`, { cause: error });
  if (reply === 452 || reply === 552) return full(path, error);
  if (reply < 500) return failure('REMOTE_STATUS', `The server cannot do now what is asked of ${JSON.stringify(path)}: ${message}`, { cause: error, details: { path } });
  if (/no such|not found|does ?n.t exist|cannot find/i.test(message)) return missing(path, error);
  return /permission|denied/i.test(message) ? forbidden(path, error) : refused(path, message, error);
}
