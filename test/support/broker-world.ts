import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mqtt } from '../../plugins/connectors/mqtt/connection.ts';
import mqtt from '../../plugins/connectors/mqtt/mqtt.ts';
import type { Nats } from '../../plugins/connectors/nats/connection.ts';
import nats from '../../plugins/connectors/nats/nats.ts';
import type { Rabbit } from '../../plugins/connectors/rabbitmq/connection.ts';
import rabbitmq from '../../plugins/connectors/rabbitmq/rabbitmq.ts';
import redis from '../../plugins/connectors/redis/redis.ts';
import type { ConnectContext, Connector, Plugin } from '../../plugins/sdk/index.ts';
import { createPayload } from '../../server/engine/payload.ts';
import { completeSettings } from '../../server/runner/complete-settings.ts';
import { brokerUser, type Broker, type BrokerKind } from './brokers.ts';
import { call, type Called, type ConnectorHost } from './connector-host.ts';
import { protocolHost } from './protocol-host.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the connectors of brokers have in common, as the tests need it. */
export interface BrokerCase {
  readonly kind: BrokerKind;
  readonly plugin: Plugin;
  readonly send: { readonly call: string; readonly with: Json };
  readonly listen: { readonly call: string; readonly with: Json };
  /** Makes what a sender needs, where no listener has made it yet. */
  prepare(broker: Broker): Promise<void>;
  /** It writes what it has confirmed to its disk before it says so. */
  readonly isDurable: boolean;
}

export const brokerCases: readonly BrokerCase[] = [
  {
    kind: 'rabbitmq', plugin: rabbitmq as unknown as Plugin, isDurable: true,
    send: { call: 'messages.publish', with: { routingKey: 'orders' } },
    listen: { call: 'messages.consume', with: { queue: 'orders', declare: true } },
    prepare: (broker) => withClient<Rabbit, void>(rabbitmq, broker, async ({ model }) => void (await (await model.createChannel()).assertQueue('orders', { durable: true }))),
  },
  {
    kind: 'mosquitto', plugin: mqtt as unknown as Plugin, isDurable: false,
    send: { call: 'messages.publish', with: { topic: 'shop/orders', idProperty: 'message-id' } },
    listen: { call: 'messages.subscribe', with: { topics: ['shop/+'], clientId: 'patchbay-test' } },
    // The session of the listener is what keeps messages.
    prepare: (broker) => withClient<Mqtt, void>(mqtt, broker, async ({ open }) => {
      const { client, close } = await open({ clean: false, clientId: 'patchbay-test', properties: { sessionExpiryInterval: 3_600 } }, new AbortController().signal);
      await client.subscribeAsync('shop/+', { qos: 1 });
      await close();
    }),
  },
  {
    kind: 'nats', plugin: nats as unknown as Plugin, isDurable: true,
    send: { call: 'stream.publish', with: { subject: 'shop.orders' } },
    listen: { call: 'stream.consume', with: { stream: 'SHOP', consumer: 'patchbay', ackWaitMs: 5_000 } },
    prepare: (broker) => withClient<Nats, void>(nats, broker, async ({ manager }) => void (await (await manager()).streams.add({ name: 'SHOP', subjects: ['shop.>'] }))),
  },
  {
    kind: 'redis', plugin: redis as unknown as Plugin, isDurable: true,
    send: { call: 'stream.add', with: { stream: 'orders', field: 'document', uniqueForMs: 600_000 } },
    listen: { call: 'stream.consume', with: { stream: 'orders', group: 'patchbay', field: 'document', claimAfterMs: 5_000 } },
    prepare: async () => undefined,
  },
];

export const settingsOf = ({ port }: Broker): Json => ({ host: '127.0.0.1', port });
export const credentialsOf = (kind: BrokerKind): Json => (kind === 'redis' ? { password: brokerUser.password } : brokerUser);

export async function withClient<N, T>(given: object, broker: Broker, work: (client: N) => Promise<T>): Promise<T> {
  const plugin = given as Connector<never, never, N>;
  const credentials = completeSettings(plugin as never, credentialsOf(plugin.type === 'redis' ? 'redis' : 'nats'), plugin.credentials as never);
  const context: ConnectContext = { signal: new AbortController().signal, log: silent };
  const connection = await plugin.connect(completeSettings(plugin as never, settingsOf(broker)) as never, credentials as never, context);
  try {
    return await work(connection.client);
  } finally {
    await connection.close();
  }
}

/** A host whose endpoint `send` sends to the broker. `more`: params beside those of the case. */
export const senderOf = ({ kind, plugin, send }: BrokerCase, broker: Broker, more: Json = {}): ConnectorHost & AsyncDisposable =>
  protocolHost({ plugin, settings: settingsOf(broker), credentials: credentialsOf(kind), endpoints: { send: { direction: 'send', call: send.call, with: { ...send.with, ...more } } } });

export const sendOne = (host: ConnectorHost, id: string, body: unknown): Promise<Called> => call(host, { endpoint: 'send', payload: createPayload({ id, body }) });

/** Sends until it is confirmed, as a step with attempts does. Gives the codes of the failures on the way. */
export async function sendSurely(host: ConnectorHost, id: string, body: unknown): Promise<readonly string[]> {
  const codes: string[] = [];
  for (;;) {
    const { error } = await sendOne(host, id, body);
    if (!error) return codes;
    codes.push(error.code);
    if (codes.length > 500) throw error;
    await sleep(100);
  }
}

/** A workspace whose flow `take` starts with each message. */
export async function listeningWorkspace({ kind, plugin, listen }: BrokerCase, broker: Broker, more: Json = {}): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-broker-'));
  const write = async (path: string, content: object): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), JSON.stringify(content));
  };
  process.env['PATCHBAY_SECRET_BROKER'] = brokerUser.password;
  await write('patchbay.json', { version: 1, title: 'Broker' });
  await write('connectors/broker.connector.json', { version: 1, title: 'Broker', protocol: plugin.type, endpoints: { in: { title: 'In', direction: 'listen', call: listen.call, with: { ...listen.with, ...more } } } });
  await write('instances/broker.instance.json', { version: 1, title: 'Broker', connector: 'broker', settings: settingsOf(broker), credentials: { ...credentialsOf(kind), password: { $secret: 'broker' } } });
  await write('flows/take.flow.json', { version: 1, title: 'Take', triggers: { message: { trigger: 'event', settings: { instance: 'broker', endpoint: 'in' } } }, start: 'pass', steps: { pass: { shape: 'split' } } });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface Heard {
  readonly body: unknown;
  readonly mediaType: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly key: string | undefined;
}

/** Listens until so many events have come; `outcome` says of each, by its number from 0, whether its run is accepted. Begins anew as a trigger does, without pauses. */
export async function hear(plugin: Plugin, broker: Broker, { call: name, with: given }: BrokerCase['listen'], count: number, outcome: (index: number) => 'accepted' | 'failed' = () => 'accepted'): Promise<readonly Heard[]> {
  const heard: Heard[] = [];
  let remembered: unknown;
  const own = plugin as unknown as Connector<never, never, unknown>;
  const params = completeSettings(plugin, given, own.endpoints[name]!.params as never);
  for (let times = 0; heard.length < count && times < 20; times++) {
    const stop = new AbortController();
    const clock = { now: () => Date.now(), sleep: (ms: number) => sleep(Math.min(ms, 50), undefined, { signal: stop.signal }) };
    const memory = { get: async () => remembered, set: async (value: unknown) => void (remembered = value) };
    await withClient(plugin, broker, async (client) => {
      const events = own.endpoints[name]!.listen!(params as never, { client, signal: stop.signal, log: silent, clock, memory });
      try {
        for await (const { payload, key, accepted, failed } of events) {
          const index = heard.push({ body: payload!.body instanceof Uint8Array ? [...payload!.body] : payload!.body, mediaType: payload!.mediaType, meta: payload!.meta ?? {}, key }) - 1;
          if (outcome(index) === 'accepted') accepted?.({ id: 'run' });
          else failed?.(new Error('no run'));
          if (heard.length >= count) break;
        }
      } catch (error) {
        // MQTT asks for a message again by a new connection.
        if (!/is made anew/.test((error as Error).message)) throw error;
      }
    });
  }
  return heard;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export interface KeptRun {
  readonly key: string | null;
  readonly status: string;
  readonly startedAt: number | null;
  readonly durationMs: number | null;
  readonly input: { readonly body?: unknown; readonly mediaType?: string; readonly meta?: Readonly<Record<string, string>> } | undefined;
}

/** The runs of a workspace as another process reads them, in the order in which they were accepted. */
export const runsOf = (folder: string): readonly KeptRun[] =>
  (read(folder, 'SELECT key, status, started_at AS startedAt, duration_ms AS durationMs, input FROM runs ORDER BY number') as (Omit<KeptRun, 'input'> & { readonly input: string | null })[])
    .map((row) => ({ ...row, input: row.input === null ? undefined : (JSON.parse(row.input) as KeptRun['input']) }));

/** How many there are, and how many of them ended well. */
export function countRuns(folder: string): { readonly all: number; readonly done: number } {
  const [row] = read(folder, "SELECT COUNT(*) AS 'all', COALESCE(SUM(status = 'success'), 0) AS done FROM runs") as { readonly all: number; readonly done: number }[];
  return row ?? { all: 0, done: 0 };
}

function read(folder: string, query: string): readonly unknown[] {
  const file = join(folder, '.patchbay', 'patchbay.db');
  if (!existsSync(file)) return [];
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(query).all();
  } catch (error) {
    // It is just being made, or taken up after a death.
    if (/no such table|locked|unable to open/.test((error as Error).message)) return [];
    throw error;
  } finally {
    database.close();
  }
}
