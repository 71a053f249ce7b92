import { createHash } from 'node:crypto';
import type { Client, SFTPWrapper } from 'ssh2';
import { FlowError, type Connection } from '../../sdk/index.ts';
import { connectMs, ended, failure, hostOf, networkFailure, unlessAborted } from '../broker/connection.ts';
import { noRoot } from '../files/failures.ts';

/** A session of SFTP. */
export interface Session {
  readonly sftp: SFTPWrapper;
  /** Where paths begin, without a slash at its end. */
  readonly base: string;
  readonly address: string;
  /** Why the connection is over, where it is. */
  lost(): Error | undefined;
}

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly hostKeys?: readonly string[];
  readonly root: string;
}

interface Credentials {
  readonly username: string;
  readonly password?: string;
  readonly privateKey?: string;
  readonly passphrase?: string;
}

/** Fails with `REMOTE_UNREACHABLE`, `REMOTE_TIMEOUT`, `AUTH_REJECTED`, `CONFIG_INVALID`. */
export async function connectSftp({ host, port, hostKeys = [], root }: Settings, { username, password, privateKey, passphrase }: Credentials, signal: AbortSignal): Promise<Connection<Session>> {
  const { default: ssh2 } = await import('ssh2');
  const address = `sftp://${hostOf(host)}:${port}`;
  const client = new ssh2.Client();
  let refusal: FlowError | undefined;
  let over: Error | undefined;
  const known = hostKeys.map(fingerprintOf);
  const hostVerifier = (key: Buffer): boolean => {
    const shown = fingerprint(key);
    if (!known.includes(shown)) refusal = untrusted(address, shown, known.length === 0);
    return refusal === undefined;
  };
  client.on('error', (error) => { over ??= error; });
  client.on('close', () => { over ??= new Error('the server closed it'); });
  const ready = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve).once('error', reject).once('close', () => reject(over));
    if (password !== undefined) client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => password)));
    client.connect({
      host, port, username, hostVerifier, readyTimeout: connectMs, keepaliveInterval: 15_000, tryKeyboard: password !== undefined,
      ...(password !== undefined && { password }), ...(privateKey !== undefined && { privateKey }), ...(passphrase !== undefined && { passphrase }),
    });
  });
  try {
    await unlessAborted(ready, signal);
    // Many small questions, each waiting for its answer.
    client.setNoDelay(true);
    const sftp = await unlessAborted(new Promise<SFTPWrapper>((resolve, reject) => client.sftp((error, opened) => (error ? reject(error) : resolve(opened)))), signal);
    const base = await unlessAborted(baseOf(sftp, root), signal);
    return { client: { sftp, base, address, lost: () => over }, isOpen: () => over === undefined, close: () => close(client) };
  } catch (error) {
    client.destroy();
    signal.throwIfAborted();
    throw refusal ?? connectFailure(error, address);
  }
}

const fingerprint = (key: Uint8Array): string => `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

const fingerprintOf = (given: string): string => (given.startsWith('SHA256:') ? given.replace(/=+$/, '') : fingerprint(Buffer.from(given.split(' ')[1]!, 'base64')));

const untrusted = (address: string, shown: string, isFirst: boolean): FlowError => (isFirst
  ? new FlowError('CONFIG_INVALID', `The instance names no key of ${address}; the server has shown ${shown}.`, { details: { address, shown }, place: { pointer: '/settings/hostKeys' }, remedy: 'Compare it with what the operator of the server tells you; where it is the same, put it into `hostKeys` of the instance.' })
  : new FlowError('AUTH_REJECTED', `${address} has shown a key that the instance does not name: ${shown}. Nothing was sent.`, { details: { address, shown }, remedy: 'Either the server has a new key, which its operator can confirm: then put it into `hostKeys` of the instance. Or somebody stands between you and it.' }));

async function baseOf(sftp: SFTPWrapper, root: string): Promise<string> {
  const base = await new Promise<string>((resolve, reject) => sftp.realpath(root, (error, path) => (error ? reject(noRoot(root, error)) : resolve(path))));
  // Servers say where a path leads also where there is nothing. What else is wrong with it is told when it is used.
  const isFolder = await new Promise<boolean>((resolve) => sftp.stat(base, (error, stats) => resolve(error ? !isMissing(error) : stats.isDirectory())));
  if (!isFolder) throw noRoot(root);
  return base.replace(/\/+$/, '');
}

/** By the numbers of SFTP: no such file, no such path. */
const isMissing = (error: Error): boolean => [2, 10].includes((error as { readonly code?: unknown }).code as number);

async function close(client: Client): Promise<void> {
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  client.end();
  await ended(closed);
  client.destroy();
}

function connectFailure(error: unknown, address: string): unknown {
  if (FlowError.is(error)) return error;
  const { level, message } = error as { readonly level?: unknown; readonly message: string };
  if (level === 'client-authentication') return failure('AUTH_REJECTED', `${address} refused the login.`, error);
  if (level === 'client-timeout') return failure('REMOTE_TIMEOUT', `${address} did not answer within ${connectMs} ms.`, error);
  if (/parse|passphrase|private ?key|encrypted/i.test(message) && !level) return new FlowError('CONFIG_INVALID', `The private key of the instance cannot be used: ${message}.`, { remedy: 'Give it in the format of OpenSSH or PEM, with its passphrase.' });
  return networkFailure(error, address) ?? failure('REMOTE_UNREACHABLE', `${address} cannot be reached: ${message}.`, error);
}
