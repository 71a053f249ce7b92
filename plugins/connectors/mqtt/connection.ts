import type { IClientOptions, MqttClient } from 'mqtt';
import { FlowError, type Connection } from '../../sdk/index.ts';
import { connectMs, ended, failure, hostOf, lost, networkFailure, tlsOptions, unlessAborted } from '../broker/connection.ts';

/** A client has one identity and one session, so a listener opens one of its own. */
export interface Mqtt {
  readonly address: string;
  readonly version: 4 | 5;
  /** The connection for publishing, made when it is first needed. */
  publisher(): Promise<MqttLink>;
  /** `prepare` is called before anything can arrive. */
  open(options: IClientOptions, signal: AbortSignal, prepare?: (client: MqttClient) => void): Promise<MqttLink>;
}

export interface MqttLink {
  readonly client: MqttClient;
  /** Fails when the connection is lost; never resolves. */
  readonly lost: Promise<never>;
  close(): Promise<void>;
}

export interface MqttSettings {
  readonly host: string;
  readonly port?: number;
  readonly tls: boolean;
  readonly serverName?: string;
  readonly version: '5' | '3.1.1';
  readonly keepAliveSeconds: number;
}

export interface MqttCredentials {
  readonly username?: string;
  readonly password?: string;
  readonly authorities?: string;
  readonly certificate?: string;
  readonly key?: string;
}

export function connectMqtt(settings: MqttSettings, credentials: MqttCredentials, signal: AbortSignal): Connection<Mqtt> {
  const { host, tls, keepAliveSeconds } = settings;
  const { username, password } = credentials;
  const port = settings.port ?? (tls ? 8883 : 1883);
  const address = `MQTT at ${hostOf(host)}:${port}`;
  const version = settings.version === '5' ? 5 : 4;
  const shared: IClientOptions = {
    protocol: tls ? 'mqtts' : 'mqtt', host, port, protocolVersion: version, keepalive: keepAliveSeconds, connectTimeout: connectMs,
    // The pool of connections and the trigger make new ones; what is not confirmed fails.
    reconnectPeriod: 0, resubscribe: false, queueQoSZero: false,
    ...(username !== undefined && { username }), ...(password !== undefined && { password }), ...(tls && tlsOptions(settings, credentials)),
  };
  let isOpen = true;
  let publisher: Promise<MqttLink> | undefined;
  const open: Mqtt['open'] = async (options, until, prepare) => {
    // In a bundle a CommonJS package has its default export only.
    const { default: mqtt } = await import('mqtt');
    until.throwIfAborted();
    const link = linkOf(mqtt.connect({ ...shared, ...options }), address);
    prepare?.(link.client);
    try {
      await unlessAborted(Promise.race([new Promise<void>((resolve) => { link.client.once('connect', () => resolve()); }), link.lost]), until);
      return link;
    } catch (error) {
      await link.close();
      throw error;
    }
  };
  return {
    client: {
      address, version, open,
      publisher: () => (publisher ??= open({ clean: true, properties: {} }, signal).then((link) => {
        link.lost.catch(() => { isOpen = false; });
        return link;
      }, (error: unknown) => {
        publisher = undefined;
        throw error;
      })),
    },
    isOpen: () => isOpen,
    close: async () => (await publisher?.catch(() => undefined))?.close(),
  };
}

function linkOf(client: MqttClient, address: string): MqttLink {
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => undefined);
  let reason: unknown;
  client.on('error', (error) => {
    reason = error;
    gone.reject(mqttFailure(error, address));
  });
  client.on('disconnect', ({ reasonCode }) => { reason = new Error(`the broker has ended it (reason ${reasonCode ?? 0})`); });
  client.on('close', () => gone.reject(reason === undefined ? lost(address) : mqttFailure(reason, address)));
  return { client, lost: gone.promise, close: () => ended(client.endAsync(!client.connected)) };
}

/** What the library and the broker say, in our words. */
export function mqttFailure(error: unknown, address: string): FlowError {
  if (FlowError.is(error)) return error;
  const network = networkFailure(error, address);
  if (network) return network;
  const { code, message } = error as Error & { code?: unknown };
  if (typeof code === 'number' && refusals.has(code)) return failure('AUTH_REJECTED', `${address} refuses the client: ${message.replace(/^Connection refused: /, '')}.`, error);
  if (code === 1 || code === 132) return failure('CONFIG_INVALID', `${address} does not speak this version of MQTT: set "version" of the instance.`, error);
  if (code === 2 || code === 133) return failure('CONFIG_INVALID', `${address} refuses the client id.`, error);
  if (/connack timeout/i.test(message)) return failure('REMOTE_TIMEOUT', `${address} does not answer.`, error);
  return lost(address, error);
}

/** Bad name or password, not authorized, banned, bad method: of MQTT 3.1.1 and 5. */
const refusals: ReadonlySet<number> = new Set([4, 5, 134, 135, 138, 140]);
