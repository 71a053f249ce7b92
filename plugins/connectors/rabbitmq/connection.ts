import type { ChannelModel, ConfirmChannel, Message } from 'amqplib';
import { FlowError, type Connection } from '../../sdk/index.ts';
import { connectMs, ended, failure, hostOf, lost, networkFailure, tlsOptions, unlessAborted } from '../broker/connection.ts';

export interface Rabbit {
  readonly model: ChannelModel;
  readonly address: string;
  /** The channel for publishing, made when it is first needed. */
  publisher(): Promise<Publisher>;
  /** Why the broker takes no messages; undefined while it does. */
  readonly blocked: string | undefined;
  /** Fails when the connection or the channel for publishing is lost; never resolves. */
  readonly lost: Promise<never>;
}

export interface Publisher {
  readonly channel: ConfirmChannel;
  /** Messages that no queue takes, by id, until they are asked for. */
  readonly returned: Map<string, Message>;
}

export interface RabbitSettings {
  readonly host: string;
  readonly port?: number;
  readonly virtualHost: string;
  readonly tls: boolean;
  readonly serverName?: string;
  readonly heartbeatSeconds: number;
}

export interface RabbitCredentials {
  readonly username: string;
  readonly password?: string;
  readonly authorities?: string;
  readonly certificate?: string;
  readonly key?: string;
}

export async function connectRabbit(settings: RabbitSettings, credentials: RabbitCredentials, signal: AbortSignal): Promise<Connection<Rabbit>> {
  const { host, tls, virtualHost, heartbeatSeconds } = settings;
  const port = settings.port ?? (tls ? 5671 : 5672);
  const address = `RabbitMQ at ${hostOf(host)}:${port}`;
  // In a bundle a CommonJS package has its default export only.
  const { default: amqp } = await import('amqplib');
  const options = { protocol: tls ? 'amqps' : 'amqp', hostname: host, port, username: credentials.username, password: credentials.password ?? '', vhost: virtualHost, heartbeat: heartbeatSeconds };
  const socket = { timeout: connectMs, noDelay: true, clientProperties: { connection_name: 'Patchbay' }, ...(tls && tlsOptions(settings, credentials)) };
  let model: ChannelModel;
  try {
    model = await unlessAborted(amqp.connect(options, socket), signal, (late) => void close(late));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw rabbitFailure(error, address);
  }
  return connectionOf(model, address);
}

function connectionOf(model: ChannelModel, address: string): Connection<Rabbit> {
  let blocked: string | undefined;
  let isOpen = true;
  let publisher: Promise<Publisher> | undefined;
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => undefined);
  const end = (error?: Error): void => {
    isOpen = false;
    gone.reject(error ? rabbitFailure(error, address) : lost(address));
  };
  model.on('blocked', (reason) => { blocked = reason; });
  model.on('unblocked', () => { blocked = undefined; });
  model.on('error', end);
  model.on('close', end);
  const open = async (): Promise<Publisher> => {
    const channel = await model.createConfirmChannel();
    const returned = new Map<string, Message>();
    channel.on('return', (message) => void returned.set(String(message.properties.messageId), message));
    channel.on('error', end);
    channel.on('close', () => end());
    return { channel, returned };
  };
  return {
    client: { model, address, lost: gone.promise, get blocked() { return blocked; }, publisher: () => (publisher ??= open()) },
    isOpen: () => isOpen,
    close: () => close(model),
  };
}

/** What the library and the broker say, in our words. */
export function rabbitFailure(error: unknown, address: string): FlowError {
  if (FlowError.is(error)) return error;
  const network = networkFailure(error, address);
  if (network) return network;
  const { code, message } = error as Error & { code?: unknown };
  const text = message.replace(/^.*?: (?=\d{3} )/, '');
  if (code === 403 || /ACCESS[-_]REFUSED/.test(message)) return failure('AUTH_REJECTED', `${address} refuses the user: ${text}.`, error);
  if (code === 530 || /NOT[-_]ALLOWED/.test(message)) return failure('AUTH_REJECTED', `${address} does not let the user into the virtual host: ${text}.`, error);
  if (code === 404 || code === 406 || code === 402 || /NOT[-_]FOUND|PRECONDITION[-_]FAILED|INVALID[-_]PATH/.test(message)) return failure('CONFIG_INVALID', `${address} refuses what the endpoint names: ${text}.`, error);
  if (code === 405 || /RESOURCE[-_]LOCKED/.test(message)) return failure('REMOTE_UNREACHABLE', `${address}: the queue belongs to another connection: ${text}.`, error);
  // The socket ends in the middle of the handshake, the heartbeat stays away, the broker shuts down (320).
  return lost(address, error);
}

// One that is closed already throws.
const close = (model: ChannelModel): Promise<void> => ended((async () => model.close())());
