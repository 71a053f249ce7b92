import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { FlowError, type Connection } from '../../sdk/index.ts';
import { connectMs, ended, failure, hostOf, lost, networkFailure, tlsOptions, unlessAborted } from '../broker/connection.ts';

export interface Nats {
  readonly connection: NatsConnection;
  readonly address: string;
  readonly stream: JetStreamClient;
  manager(): Promise<JetStreamManager>;
  /** Fails when the connection is lost; never resolves. */
  readonly lost: Promise<never>;
}

export interface NatsSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly serverName?: string;
  readonly domain?: string;
}

export interface NatsCredentials {
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
  readonly seed?: string;
  readonly creds?: string;
  readonly authorities?: string;
  readonly certificate?: string;
  readonly key?: string;
}

export async function connectNats(settings: NatsSettings, credentials: NatsCredentials, signal: AbortSignal): Promise<Connection<Nats>> {
  const { host, port, tls, domain } = settings;
  const { username, password, token, seed, creds } = credentials;
  const address = `NATS at ${hostOf(host)}:${port}`;
  // In a bundle a CommonJS package has its default export only.
  const [{ default: transport }, { default: jetstreams }] = await Promise.all([import('@nats-io/transport-node'), import('@nats-io/jetstream')]);
  let connection: NatsConnection;
  try {
    connection = await unlessAborted(transport.connect({
      servers: `${hostOf(host)}:${port}`, name: 'Patchbay', timeout: connectMs, reconnect: false, ignoreClusterUpdates: true,
      ...(username !== undefined && { user: username }), ...(password !== undefined && { pass: password }), ...(token !== undefined && { token }),
      ...(creds !== undefined ? { authenticator: transport.credsAuthenticator(encoder.encode(creds)) } : seed !== undefined && { authenticator: transport.nkeyAuthenticator(encoder.encode(seed)) }),
      ...(tls && { tls: tlsOf(settings, credentials) }),
    }), signal, (late) => void late.close());
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw natsFailure(error, address);
  }
  const options = domain === undefined ? {} : { domain };
  let isOpen = true;
  const gone = connection.closed().then((error) => {
    isOpen = false;
    throw error ? natsFailure(error, address) : lost(address);
  });
  gone.catch(() => undefined);
  let manager: Promise<JetStreamManager> | undefined;
  return {
    client: { connection, address, stream: jetstreams.jetstream(connection, options), manager: () => (manager ??= jetstreams.jetstreamManager(connection, { ...options, checkAPI: false })), lost: gone },
    isOpen: () => isOpen && !connection.isClosed(),
    close: () => ended(connection.close()),
  };
}

/** The library looks at the name of a certificate by the host that it was given. */
function tlsOf(settings: NatsSettings, credentials: NatsCredentials): object {
  const { servername, ...rest } = tlsOptions(settings, credentials);
  return { ...rest, ...(servername !== undefined && { servername }) };
}

/** What the library and the server say, in our words. */
export function natsFailure(error: unknown, address: string): FlowError {
  if (FlowError.is(error)) return error;
  const network = networkFailure(error, address);
  if (network) return network;
  const { name, message } = error as Error;
  if (name === 'AuthorizationError' || name === 'UserAuthenticationExpiredError') return failure('AUTH_REJECTED', `${address} refuses the user: ${message}.`, error);
  if (name === 'PermissionViolationError') return failure('AUTH_REJECTED', `${address} does not allow it: ${message}.`, error);
  if (name === 'JetStreamNotEnabled') return failure('CONFIG_INVALID', `${address} has no JetStream.`, error);
  if (name === 'StreamNotFoundError' || name === 'ConsumerNotFoundError') return failure('CONFIG_INVALID', `${address}: ${message}.`, error);
  if (name === 'InvalidNameError' || name === 'InvalidSubjectError' || name === 'InvalidArgumentError') return failure('CONFIG_INVALID', `${address} cannot be asked so: ${message}.`, error);
  if (name === 'TimeoutError') return failure('REMOTE_TIMEOUT', `${address} does not answer.`, error);
  if (name === 'JetStreamApiError') return apiFailure(error as Error & { readonly status?: number }, address);
  return lost(address, error);
}

/** The answer of the server: 400 and 404 are at fault here, 503 is a server that cannot at present. */
function apiFailure(error: Error & { readonly status?: number }, address: string): FlowError {
  const { status = 500, message } = error;
  return failure(status >= 500 ? 'REMOTE_STATUS' : 'CONFIG_INVALID', `${address}: ${message}.`, error);
}

const encoder = new TextEncoder();
