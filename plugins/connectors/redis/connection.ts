import type { Redis } from 'ioredis';
import { FlowError, type Connection } from '../../sdk/index.ts';
import { connectMs, failure, hostOf, lost, networkFailure, tlsOptions, unlessAborted } from '../broker/connection.ts';

export interface RedisClient {
  readonly redis: Redis;
  readonly address: string;
  /** A further connection: a command that waits lets no other through. Closed with the first. */
  reader(): Promise<Redis>;
  /** Fails when a connection is lost; never resolves. */
  readonly lost: Promise<never>;
}

export interface RedisSettings {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly tls: boolean;
  readonly serverName?: string;
}

export interface RedisCredentials {
  readonly username?: string;
  readonly password?: string;
  readonly authorities?: string;
  readonly certificate?: string;
  readonly key?: string;
}

export async function connectRedis(settings: RedisSettings, credentials: RedisCredentials, signal: AbortSignal): Promise<Connection<RedisClient>> {
  const { host, port, database, tls } = settings;
  const { username, password } = credentials;
  const address = `Redis at ${hostOf(host)}:${port}`;
  // In a bundle a CommonJS package has its default export only.
  const { default: ioredis } = await import('ioredis');
  let isOpen = true;
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => undefined);
  const all: Redis[] = [];
  const open = async (): Promise<Redis> => {
    const redis = new ioredis.Redis({
      host, port, db: database, connectionName: 'Patchbay', connectTimeout: connectMs, lazyConnect: true,
      // The pool of connections and the trigger make new ones.
      retryStrategy: () => null, maxRetriesPerRequest: 0, enableOfflineQueue: false, autoResubscribe: false,
      ...(username !== undefined && { username }), ...(password !== undefined && { password }), ...(tls && { tls: { ...tlsOptions(settings, credentials) } }),
    });
    all.push(redis);
    let reason: unknown;
    redis.on('error', (error) => { reason = error; });
    redis.on('end', () => {
      isOpen = false;
      ended.reject(reason === undefined ? lost(address) : redisFailure(reason, address));
    });
    try {
      await unlessAborted(redis.connect(), signal);
      return redis;
    } catch (error) {
      redis.disconnect();
      if (signal.aborted) throw signal.reason;
      throw redisFailure(reason ?? error, address);
    }
  };
  const redis = await open();
  return { client: { redis, address, reader: open, lost: ended.promise }, isOpen: () => isOpen, close: async () => { for (const one of all) one.disconnect(); } };
}

/** What the library and the server say, in our words. */
export function redisFailure(error: unknown, address: string): FlowError {
  if (FlowError.is(error)) return error;
  const network = networkFailure(error, address);
  if (network) return network;
  const { message, name } = error as Error;
  if (/^(WRONGPASS|NOAUTH|NOPERM)|AUTH.*(without any password|failed)|invalid password/i.test(message)) return failure('AUTH_REJECTED', `${address} refuses the user: ${message}.`, error);
  if (/^(LOADING|BUSY|OOM|MASTERDOWN|READONLY|TRYAGAIN|CLUSTERDOWN|MISCONF)\b/.test(message)) return failure('REMOTE_STATUS', `${address} cannot at present: ${message}.`, error);
  if (/^(WRONGTYPE|NOGROUP|ERR)\b/.test(message)) return failure('CONFIG_INVALID', `${address} refuses the command: ${message}.`, error);
  if (/ETIMEDOUT|timed? ?out/i.test(message) || name === 'TimeoutError') return failure('REMOTE_TIMEOUT', `${address} does not answer.`, error);
  return lost(address, error);
}
