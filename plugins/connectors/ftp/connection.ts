import type { Client } from 'basic-ftp';
import { FlowError, type Connection } from '../../sdk/index.ts';
import { connectMs, failure, hostOf, lost, networkFailure, tlsOptions, unlessAborted } from '../broker/connection.ts';
import { noRoot } from '../files/failures.ts';

export interface Session {
  readonly ftp: Client;
  /** Where paths begin, without a slash at its end. */
  readonly base: string;
  readonly address: string;
}

interface Settings {
  readonly host: string;
  readonly port?: number;
  readonly tls: 'explicit' | 'implicit' | 'off';
  readonly serverName?: string;
  readonly root: string;
}

interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly authorities?: string;
}

/** Fails with `REMOTE_UNREACHABLE`, `REMOTE_TIMEOUT`, `AUTH_REJECTED`, `CONFIG_INVALID`. */
export async function connectFtp(settings: Settings, { username, password, authorities }: Credentials, signal: AbortSignal): Promise<Connection<Session>> {
  const { host, port = settings.tls === 'implicit' ? 990 : 21, tls, serverName, root } = settings;
  const { default: { Client: FtpClient } } = await import('basic-ftp');
  // A transfer without progress; each question has a limit of its own beside it.
  const ftp = new FtpClient(60_000);
  const begun = AbortSignal.any([signal, AbortSignal.timeout(connectMs)]);
  const address = `${tls === 'off' ? 'ftp' : 'ftps'}://${hostOf(host)}:${port}`;
  const secured = { ...tlsOptions({ host, tls: true, ...(serverName !== undefined && { serverName }) }, authorities === undefined ? {} : { authorities }), host };
  // Not by `access` of the library, which does not say to what the server has answered.
  const open = async (): Promise<string> => {
    if (tls === 'implicit') await ftp.connectImplicitTLS(host, port, secured);
    else await ftp.connect(host, port);
    if (tls === 'explicit') await ftp.useTLS(secured).catch((cause: unknown) => { throw noTls(cause, address); });
    await ftp.sendIgnoringError('OPTS UTF8 ON');
    await ftp.login(username, password);
    await ftp.useDefaultSettings();
    return baseOf(ftp, root);
  };
  try {
    const base = await unlessAborted(open(), begun);
    return { client: { ftp, base, address }, isOpen: () => !ftp.closed, close: async () => ftp.close() };
  } catch (error) {
    ftp.close();
    signal.throwIfAborted();
    throw connectFailure(error, address, tls);
  }
}

/** What is said to the answer to `AUTH TLS`: before the login a server without TLS may ask for that, as to any command. */
function noTls(error: unknown, address: string): unknown {
  return (replyOf(error) ?? 0) < 500 ? error : failure('CONFIG_INVALID', `${address} has no TLS to change to (\`AUTH TLS\`): ${(error as Error).message}.`, error, 'Set `tls` of the instance to `implicit` where the server encrypts from the beginning, mostly at port 990, or to `off` where it has no TLS and everybody on the way may read the password and the files.');
}

async function baseOf(ftp: Client, root: string): Promise<string> {
  try {
    if (root !== '.') await ftp.cd(root);
  } catch (cause) {
    if (replyOf(cause) === undefined) throw cause;
    throw noRoot(root, cause);
  }
  return (await ftp.pwd()).replace(/\/+$/, '');
}

/** The code with which the server has answered; `undefined` where it has not. */
export function replyOf(error: unknown): number | undefined {
  // Not by the name of its class, which a bundle shortens; what the system says has a code of letters.
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'number' ? code : undefined;
}

function connectFailure(error: unknown, address: string, tls: Settings['tls']): unknown {
  if (FlowError.is(error)) return error;
  const { message } = error as Error;
  const reply = replyOf(error);
  if (reply !== undefined && tls === 'off' && wantsTls.test(message)) return failure('CONFIG_INVALID', `${address} wants TLS: ${message}.`, error, 'Set `tls` of the instance to `explicit`.');
  if (reply === 530 || reply === 331 || reply === 332) return failure('AUTH_REJECTED', `${address} refused the login: ${message}.`, error);
  if (reply === 421 || (reply !== undefined && reply < 500)) return failure('REMOTE_STATUS', `${address} takes no connection now: ${message}.`, error);
  if (reply !== undefined) return new FlowError('CONFIG_INVALID', `${address} does not understand what it is asked: ${message}.`, { cause: error, remedy: 'Look at `tls` of the instance: the server may have no TLS, or want nothing else.' });
  if (/time(d )?out/i.test(message) || (error as Error).name === 'TimeoutError') return failure('REMOTE_TIMEOUT', `${address} did not answer within ${connectMs} ms.`, error);
  return networkFailure(error, address) ?? lost(address, error);
}

/** Servers have no code of their own for it. */
const wantsTls = /\b(?:TLS|SSL|FTPS)\b|\bAUTH (?:first|TLS)\b|encrypt|clear ?text/i;
