import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, scryptSync } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { threadId } from 'node:worker_threads';
import { FlowError } from '../../plugins/sdk/index.ts';
import { syncFolder } from './sync-folder.ts';

/**
 * Encrypts what a run needs to begin or to go on, and what must not lie on the disk as it is: bodies and variables with secrets or redacted fields. It is
 * kept no longer than the run.
 */
export interface Seal {
  seal(bytes: Uint8Array): Uint8Array;
  /** Fails with `SECRET_MISSING` where it was sealed with another key, or changed. */
  open(sealed: Uint8Array): Uint8Array;
  /** The same for the same parts; without the key nobody can guess what they are. */
  fingerprint(parts: readonly (string | Uint8Array)[]): string;
}

export interface SealOptions {
  /** That of the stored secrets: it lies outside of the workspace, so that a copy of the workspace does not tell what is sealed. Made where it is missing. */
  readonly keyFile: string;
  /** Counts before the file. */
  readonly passphrase?: string | undefined;
  /** Where the key lies when the other place cannot be written. */
  readonly spareFile: string;
}

const saltBytes = 16;
const fingerprintSalt = Buffer.from('patchbay-requests');
const ivBytes = 12;
const tagBytes = 16;
const cost = { N: 32_768, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };

/** Nothing is read or written before something is sealed. */
export function createSeal(options: SealOptions): Seal {
  const keys = new Map<string, Buffer>();
  let ownSalt: Buffer | undefined;
  let root: Buffer | undefined;
  const keyOf = (salt: Uint8Array): Buffer => {
    const id = Buffer.from(salt).toString('hex');
    const known = keys.get(id) ?? derive(salt);
    keys.set(id, known);
    return known;
  };
  const derive = (salt: Uint8Array): Buffer => {
    if (options.passphrase) return scryptSync(options.passphrase, salt, 32, cost);
    root ??= rootKey(options);
    return Buffer.from(hkdfSync('sha256', root, salt, 'patchbay runs', 32));
  };
  return {
    seal(bytes) {
      ownSalt ??= randomBytes(saltBytes);
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', keyOf(ownSalt), iv);
      return Buffer.concat([ownSalt, iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    fingerprint(parts) {
      const mac = createHmac('sha256', keyOf(fingerprintSalt));
      // Each with its length, so that `ab` and `c` are not `a` and `bc`.
      for (const part of parts) mac.update(`${Buffer.byteLength(part)} `).update(part);
      return mac.digest('base64url').slice(0, 22);
    },
    open(sealed) {
      const salt = sealed.subarray(0, saltBytes);
      const iv = sealed.subarray(saltBytes, saltBytes + ivBytes);
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyOf(salt), iv, { authTagLength: tagBytes }).setAuthTag(sealed.subarray(-tagBytes));
        return Buffer.concat([decipher.update(sealed.subarray(saltBytes + ivBytes, -tagBytes)), decipher.final()]);
      } catch (cause) {
        if (FlowError.is(cause)) throw cause;
        throw new FlowError('SECRET_MISSING', 'What the run begins with cannot be decrypted: it was sealed with another passphrase or key.', { cause });
      }
    },
  };
}

function rootKey({ keyFile, spareFile }: SealOptions): Buffer {
  try {
    return readOrMake(keyFile);
  } catch (error) {
    // Only where the place cannot be written: a key that is damaged must not quietly become two.
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return readOrMake(spareFile);
  }
}

function readOrMake(file: string): Buffer {
  try {
    return keyIn(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Written whole under another name, and on the disk before it gets its own: nobody ever sees half a key.
  const own = `${file}.${process.pid}-${threadId}-${randomBytes(4).toString('hex')}`;
  try {
    const descriptor = openSync(own, 'wx', 0o600);
    try {
      writeSync(descriptor, `${randomBytes(32).toString('base64')}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    linkSync(own, file);
    syncFolder(folder);
  } catch (error) {
    // Another process has made it at the same moment: whoever comes first counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own, { force: true });
  }
  return keyIn(file);
}

function keyIn(file: string): Buffer {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new FlowError('SECRET_MISSING', `The key in ${file} is damaged.`);
  return key;
}
