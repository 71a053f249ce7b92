import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FlowError, type Token } from '../../plugins/sdk/index.ts';
import type { TokenKeeper } from '../engine/host.ts';
import { prepareStateFolder } from '../stores/database.ts';
import { withFileLock } from '../stores/file-lock.ts';
import type { Seal } from '../stores/seal.ts';
import { writeAtomically } from '../stores/write-atomically.ts';

export interface TokenStore extends TokenKeeper {
  /** Fails with `SECRET_MISSING` where it cannot be decrypted. */
  get(name: string): Promise<Token | undefined>;
  /** Keeps a token in place of whatever was there. */
  set(name: string, token: Token): Promise<void>;
  /** Gives whether there was one. */
  remove(name: string): Promise<boolean>;
}

export interface TokenStoreOptions {
  readonly root: string;
  /** That of the stored secrets. */
  readonly seal: Seal;
  /** Told every value, to be masked. `owner`: whose token it is, where a newer one takes its place. */
  readonly handedOut: (value: string, owner: string) => void;
}

/** Of a renewal that another process is about: its request has as long as any other, and is tried again. */
const waitMs = 150_000;

/** A file per token in `.patchbay/tokens`, encrypted. Whoever renews one holds its lock, so that a refresh token that counts once is used once. */
export function createTokenStore({ root, seal, handedOut }: TokenStoreOptions): TokenStore {
  const fileOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 32);
  const locked = async <T>(name: string, work: (file: string) => Promise<T>): Promise<T> => {
    const folder = join(prepareStateFolder(root), 'tokens');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, fileOf(name));
    return withFileLock(`${file}.lock`, () => work(`${file}.json`), waitMs);
  };
  const tell = (name: string, token: Token): Token => {
    for (const [field, value] of Object.entries(token.values)) handedOut(value, `${name} ${field}`);
    return token;
  };
  const write = async (file: string, name: string, token: Token): Promise<void> => {
    const content: Content = { name, token };
    const sealed = Buffer.from(seal.seal(Buffer.from(JSON.stringify(content)))).toString('base64');
    await writeAtomically(file, `${JSON.stringify({ version: 1, sealed })}\n`, 0o600).catch((cause: Error) => {
      throw new FlowError('STORAGE_FAILED', `The token cannot be written to ${file}: ${cause.message}.`, { cause });
    });
  };
  return {
    change: (name, renew, { isReplaceable = false } = {}) => locked(name, async (file) => {
      const last = await read(file, name, seal).catch((error: unknown) => {
        if (isReplaceable) return undefined;
        throw error;
      });
      if (last) tell(name, last);
      const token = await renew(last);
      if (token === last) return token;
      tell(name, token);
      await write(file, name, token);
      return token;
    }),
    // A file is replaced as a whole: who only reads waits for nobody.
    async get(name) {
      const token = await read(join(root, '.patchbay', 'tokens', `${fileOf(name)}.json`), name, seal);
      return token && tell(name, token);
    },
    set: (name, token) => locked(name, (file) => write(file, name, tell(name, token))),
    remove: (name) => locked(name, async (file) => {
      const isThere = existsSync(file);
      await rm(file, { force: true });
      return isThere;
    }),
  };
}

interface Content {
  /** So that a file in the place of another is found out. */
  readonly name: string;
  readonly token: Token;
}

async function read(file: string, name: string, seal: Seal): Promise<Token | undefined> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new FlowError('STORAGE_FAILED', `The token in ${file} cannot be read: ${cause.message}.`, { cause });
  });
  if (text === undefined) return undefined;
  try {
    const { sealed } = JSON.parse(text) as { readonly sealed: string };
    const content = JSON.parse(Buffer.from(seal.open(Buffer.from(sealed, 'base64'))).toString()) as Content;
    if (content.name !== name) throw new Error('It is that of another instance.');
    return content.token;
  } catch (cause) {
    throw new FlowError('SECRET_MISSING', `The token in ${file} cannot be decrypted: it was kept with another passphrase or key, or the file was changed.`, { cause, remedy: 'Log in again with `patchbay login INSTANCE`.' });
  }
}
