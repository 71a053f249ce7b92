import { createCipheriv, createDecipheriv, randomBytes, scrypt as scryptOf } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { FlowError } from '../../plugins/sdk/index.ts';
import { secretVariable, settingSecret } from '../model/secret-variable.ts';
import { prepareStateFolder, stateFolder } from '../stores/database.ts';
import { withFileLock } from '../stores/file-lock.ts';
import { createSeal, type Seal } from '../stores/seal.ts';
import { writeAtomically } from '../stores/write-atomically.ts';
import type { SecretStore } from './contract.ts';

export interface SecretsOptions {
  readonly root: string;
  /** Values that the editor keeps; they count first. */
  readonly editor?: ReadonlyMap<string, string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names that the files of the workspace refer to: an environment variable does not tell the name that it stands for. */
  readonly referenced: () => readonly string[];
  /** Where the key lies, where there is no passphrase; default the user's folder of configuration. */
  readonly keyFile?: string;
  /** Told each value that is handed out. */
  readonly handedOut: (value: string) => void;
}

/** Secrets by name, from the editor, the environment or the encrypted store of the workspace; the first that has one counts. */
export interface Secrets extends SecretStore {
  /** Tells all values that can be known, so that they are masked even before a flow asks for them. */
  revealAll(): Promise<void>;
  /** The same for the editor's, which may change at any time. */
  revealEditor(): void;
}

/** The error for a secret that is nowhere to be found. */
export const secretMissing = (name: string, place?: { readonly file: string; readonly pointer?: string }): FlowError =>
  new FlowError('SECRET_MISSING', `The secret ${JSON.stringify(name)} is missing.`, { remedy: `Set it with \`${settingSecret(name)}\`, or in the environment variable ${secretVariable(name)}.`, details: { secret: name, variable: secretVariable(name) }, ...(place && { place }) });

export function openSecrets({ root, editor = new Map(), environment, referenced, keyFile = defaultKeyFile(environment), handedOut }: SecretsOptions): Secrets {
  const store = encryptedStore(root, { keyFile, passphrase: environment['PATCHBAY_SECRETS_PASSPHRASE'] });
  const fromEnvironment = (name: string): string | undefined => environment[secretVariable(name)] || undefined;
  const revealEditor = (): void => {
    for (const value of editor.values()) handedOut(value);
  };
  return {
    async list() {
      const origins = new Map<string, 'environment' | 'store' | 'editor'>();
      for (const name of store.names()) origins.set(name, 'store');
      for (const name of [...referenced(), ...store.names()]) if (fromEnvironment(name) !== undefined) origins.set(name, 'environment');
      for (const name of editor.keys()) origins.set(name, 'editor');
      return [...origins].map(([name, origin]) => ({ name, origin })).sort((left, right) => (left.name < right.name ? -1 : 1));
    },
    async get(name) {
      const value = editor.get(name) ?? fromEnvironment(name) ?? (await store.get(name));
      if (value !== undefined) handedOut(value);
      return value;
    },
    async set(name, value) {
      if (!/^[\w][\w./-]{0,199}$/.test(name)) throw new FlowError('CONFIG_INVALID', `${JSON.stringify(name)} cannot be the name of a secret: use letters, digits, ".", "/", "-" and "_".`);
      if (value === '') throw new FlowError('CONFIG_INVALID', `The value of the secret ${JSON.stringify(name)} is empty.`);
      handedOut(value);
      await store.set(name, value);
    },
    remove: (name) => store.remove(name),
    revealEditor,
    async revealAll() {
      revealEditor();
      for (const [name, value] of Object.entries(environment)) if (name.startsWith('PATCHBAY_SECRET_') && value) handedOut(value);
      for (const name of store.names()) {
        // One that cannot be read is reported when a flow needs it.
        const value = await store.get(name).catch(() => undefined);
        if (value !== undefined) handedOut(value);
      }
    },
  };
}

/** What encrypts the beginnings of runs in the queue: under the key of the stored secrets. */
export const openSeal = (root: string, environment: SecretsOptions['environment']): Seal =>
  createSeal({ keyFile: defaultKeyFile(environment), passphrase: environment['PATCHBAY_SECRETS_PASSPHRASE'], spareFile: join(stateFolder(root), 'key') });

interface StoreFile {
  readonly version: 1;
  /** How the key is come by: from a passphrase with this salt, or from the user's key file. */
  readonly key: { readonly from: 'passphrase'; readonly salt: string } | { readonly from: 'file' };
  readonly secrets: Readonly<Record<string, { readonly iv: string; readonly data: string; readonly tag: string }>>;
}

interface KeySource {
  readonly keyFile: string;
  readonly passphrase: string | undefined;
}

const scrypt = promisify<string, Buffer, number, object, Buffer>(scryptOf);
const cost = { N: 32_768, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };

function encryptedStore(root: string, source: KeySource) {
  const file = join(stateFolder(root), 'secrets.json');
  let cached: { readonly stamp: string; readonly content: StoreFile } | undefined;
  const keys = new Map<string, Promise<Buffer>>();

  const read = (): StoreFile | undefined => {
    const stamp = stampOf(file);
    if (stamp === undefined) return undefined;
    if (cached?.stamp === stamp) return cached.content;
    try {
      const content = JSON.parse(readFileSync(file, 'utf8')) as StoreFile;
      if (content.version !== 1) throw new FlowError('CONFIG_VERSION', `The store of secrets ${file} was written by a newer version of Patchbay.`);
      cached = { stamp, content };
      return content;
    } catch (cause) {
      if (FlowError.is(cause)) throw cause;
      throw new FlowError('STORAGE_FAILED', `The store of secrets ${file} cannot be read: ${(cause as Error).message}.`, { cause });
    }
  };
  const keyFor = (key: StoreFile['key'], make: boolean): Promise<Buffer> => {
    const id = JSON.stringify(key);
    const known = keys.get(id) ?? deriveKey(key, source, make);
    keys.set(id, known);
    known.catch(() => keys.delete(id));
    return known;
  };
  /** Nobody else, in this process or another, changes the file between what is read and what is written. */
  const changing = <T>(work: () => Promise<T>): Promise<T> => withFileLock(join(prepareStateFolder(root), 'secrets.lock'), () => {
    cached = undefined;
    return work();
  });
  const write = async (content: StoreFile): Promise<void> => {
    await writeAtomically(file, `${JSON.stringify(content, undefined, 2)}\n`, 0o600);
    cached = undefined;
  };
  const fresh = (): StoreFile => ({ version: 1, key: source.passphrase ? { from: 'passphrase', salt: randomBytes(16).toString('base64') } : { from: 'file' }, secrets: {} });

  return {
    names: (): string[] => Object.keys(read()?.secrets ?? {}),
    async get(name: string): Promise<string | undefined> {
      const content = read();
      const entry = content && Object.hasOwn(content.secrets, name) ? content.secrets[name] : undefined;
      return entry && decrypt(name, entry, await keyFor(content!.key, false));
    },
    set: (name: string, value: string): Promise<void> => changing(async () => {
      const old = read();
      const content = old && Object.keys(old.secrets).length > 0 ? old : fresh();
      const key = await keyFor(content.key, true);
      // With a wrong key the secrets would end up under two of them.
      const [first] = Object.keys(content.secrets);
      if (first !== undefined) decrypt(first, content.secrets[first]!, key);
      await write({ ...content, secrets: { ...content.secrets, [name]: encrypt(name, value, key) } });
    }),
    async remove(name: string): Promise<boolean> {
      if (!Object.hasOwn(read()?.secrets ?? {}, name)) return false;
      return changing(async () => {
        const content = read();
        if (!content || !Object.hasOwn(content.secrets, name)) return false;
        const { [name]: _, ...secrets } = content.secrets;
        await write({ ...content, secrets });
        return true;
      });
    },
  };
}

// The name is part of what is sealed: an entry cannot be moved to another name.
function encrypt(name: string, value: string, key: Buffer): StoreFile['secrets'][string] {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
  const data = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return { iv: iv.toString('base64'), data: data.toString('base64'), tag: cipher.getAuthTag().toString('base64') };
}

function decrypt(name: string, { iv, data, tag }: StoreFile['secrets'][string], key: Buffer): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 }).setAAD(Buffer.from(name)).setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new FlowError('SECRET_MISSING', `The secret ${JSON.stringify(name)} cannot be decrypted: it was stored with another passphrase or key, or the file was changed.`, { cause, details: { secret: name } });
  }
}

async function deriveKey(key: StoreFile['key'], { keyFile, passphrase }: KeySource, make: boolean): Promise<Buffer> {
  if (key.from === 'passphrase') {
    if (!passphrase) throw new FlowError('SECRET_MISSING', 'The stored secrets are sealed with a passphrase: set it in PATCHBAY_SECRETS_PASSPHRASE.');
    return scrypt(passphrase, Buffer.from(key.salt, 'base64'), 32, cost);
  }
  try {
    return keyOf(await readFile(keyFile, 'utf8'), keyFile);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || !make) throw FlowError.is(cause) ? cause : new FlowError('SECRET_MISSING', `The key of the stored secrets cannot be read from ${keyFile}: ${(cause as Error).message}.`, { cause });
  }
  await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 });
  // Another process may make it at the same moment: whoever comes first counts.
  await writeFile(keyFile, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw new FlowError('STORAGE_FAILED', `The key of the stored secrets cannot be written to ${keyFile}: ${error.message}.`, { cause: error });
  });
  await chmod(keyFile, 0o600);
  return keyOf(await readFile(keyFile, 'utf8'), keyFile);
}

function keyOf(text: string, file: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32) throw new FlowError('SECRET_MISSING', `The key of the stored secrets in ${file} is damaged.`);
  return key;
}

function stampOf(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat && `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
}

function defaultKeyFile(environment: Readonly<Record<string, string | undefined>>): string {
  const folder = environment['XDG_CONFIG_HOME'] || (process.platform === 'win32' && environment['APPDATA']) || join(homedir(), '.config');
  return join(folder, 'patchbay', 'key');
}
