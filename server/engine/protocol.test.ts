import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineConnector, defineEndpoint, FlowError, unasked, type Connector, type ExchangeRequest, type Shape, type TriggerEvent } from '../../plugins/sdk/index.ts';
import { call, connectorHost, type Call, type ConnectorHost, type ConnectorHostOptions } from '../../test/support/connector-host.ts';
import type { ProtocolManifest } from '../model/protocol.ts';
import connector from '../../plugins/shapes/connector.ts';
import { runFlow, testShapes } from '../../test/support/engine-host.ts';
import { listenToEndpoint } from './manifest.ts';
import { openContext } from './open-context.ts';
import { createSessions } from './sessions.ts';

/** What is kept, and what was done with it. */
interface Shelf {
  readonly log: string[];
  readonly records: Record<string, unknown>[];
  fail?: Error | undefined;
}

/** A small protocol: its client is the shelf itself. */
const shelfOf = (shelf: Shelf, more: Partial<Connector> = {}): Connector => ({
  ...defineConnector<Shelf>()({
    type: 'shelf', title: 'Shelf', summary: 'Keeps records.',
    settings: { type: 'object', properties: { host: { type: 'string', title: 'Host', description: 'Where it is.' }, port: { type: 'integer', default: 99, title: 'Port', description: 'Its port.' } }, required: ['host'], additionalProperties: false },
    credentials: { type: 'object', properties: { password: { type: 'string', writeOnly: true, title: 'Password', description: 'Opens it.' } }, additionalProperties: false },
    examples: [],
    address: ({ host, port }) => `shelf://${host}:${port}/`,
    async connect({ host }, { password }) {
      shelf.log.push(`connect ${host} ${password}`);
      return { client: shelf, close: async () => void shelf.log.push('close') };
    },
    endpoints: {
      find: defineEndpoint<Shelf>()({
        title: 'Find', summary: 'Finds records.', direction: 'receive',
        params: { type: 'object', properties: { statement: { type: 'string', 'x-expression': 'bound', title: 'Statement', description: 'What is asked.' }, size: { type: 'integer', default: 2, title: 'Size', description: 'Records of a payload.' } }, required: ['statement'], additionalProperties: false },
        async *call(payload, { size }, context) {
          const { texts, values } = await context.bind('statement');
          let begin = 0;
          for (;;) {
            const { body } = await context.exchange({ method: 'FIND', target: '/records', body: { statement: texts.join('?'), values } }, async (client) => {
              client.log.push(`find ${begin}`);
              if (client.fail) throw client.fail;
              return { body: client.records.slice(begin, begin + size) };
            });
            const records = body as readonly unknown[];
            if (records.length > 0) yield payload.with({ body: records });
            if (records.length < size) return;
            begin += size;
          }
        },
      }),
      keep: defineEndpoint<Shelf>()({
        title: 'Keep', summary: 'Keeps a record.', direction: 'send',
        params: { type: 'object', properties: { place: { type: 'string', title: 'Place', description: 'Where.' }, tags: { type: 'array', items: { type: 'string' }, title: 'Tags', description: 'Its tags.' } }, additionalProperties: false },
        async *call(payload, { place, tags }, context) {
          const record = (await payload.json()) as Record<string, unknown>;
          const { body } = await context.exchange({ method: 'KEEP', body: record, changes: true }, async (client) => {
            if (client.fail) throw client.fail;
            client.records.push({ ...record, place, tags });
            return { body: { kept: client.records.length } };
          });
          yield payload.with({ body });
        },
      }),
      watch: defineEndpoint<Shelf>()({
        title: 'Watch', summary: 'Brings events.', direction: 'listen',
        params: { type: 'object', properties: { of: { type: 'string', title: 'Of', description: 'What.' } }, additionalProperties: false },
        async *listen({ of }, { client }) {
          for (const record of client.records) yield { payload: { body: { of, record }, mediaType: 'application/json' } };
        },
      }),
    },
  }),
  ...more,
}) as Connector;

const manifest = {
  version: 1, title: 'Warehouse', protocol: 'shelf', settings: { host: '{{ instance.region }}.test' }, variables: { region: { type: 'string', required: true } },
  endpoints: {
    it: { title: 'It', direction: 'receive', call: 'find', with: { statement: 'where a = {{ params.a }} or b = {{ payload.b }}', size: '{{ params.size }}' }, params: { a: { type: 'string', required: true }, size: { type: 'integer' } } },
    keep: { title: 'Keep', direction: 'send', call: 'keep', with: { place: '{{ instance.region }}/{{ params.room }}', tags: ['{{ params.tag }}'] }, params: { room: { type: 'string' }, tag: { type: 'string' } } },
    watch: { title: 'Watch', direction: 'listen', call: 'watch', with: { of: '{{ params.of }}' }, params: { of: { type: 'string' } } },
    lost: { title: 'Lost', direction: 'receive', call: 'gone' },
  },
} as ProtocolManifest;

interface Options extends Partial<ConnectorHostOptions> {
  readonly plugin?: Partial<Connector>;
}

function world({ plugin, plugins = [], ...rest }: Options = {}): { readonly host: ConnectorHost; readonly shelf: Shelf } {
  const shelf: Shelf = { log: [], records: [1, 2, 3, 4, 5].map((n) => ({ n })) };
  const host = connectorHost({ protocol: manifest, plugins: [shelfOf(shelf, plugin), ...plugins], secrets: { pass: 'open-sesame' }, instance: { settings: { region: 'eu' }, credentials: { password: { $secret: 'pass' } } }, ...rest });
  return { host, shelf };
}

const asked: Call = { params: { a: "x' or 1=1" }, body: { b: 7 } };

describe('an endpoint of a protocol', () => {
  test('receives payloads over one connection; each exchange is recorded, masked', async () => {
    const { host, shelf } = world();
    const { bodies, events, error } = await call(host, asked);
    assert.deepEqual([error, bodies], [undefined, [[{ n: 1 }, { n: 2 }], [{ n: 3 }, { n: 4 }], [{ n: 5 }]]]);
    assert.deepEqual(shelf.log, ['connect eu.test open-sesame', 'find 0', 'find 2', 'find 4']);
    const exchanges = events.flatMap((event) => (event.type === 'exchange' ? [event.exchange] : []));
    assert.deepEqual(exchanges.map(({ method, url, connector, status }) => `${method} ${url} ${connector} ${status}`), Array.from({ length: 3 }, () => 'FIND shelf://eu.test:99/records shop 200'));
    assert.ok(host.recorded.includes(JSON.stringify({ statement: 'where a = ? or b = ?', values: ["x' or 1=1", 7] })));
    assert.ok(!host.recorded.join().includes('open-sesame'));
  });

  test('the connection is used again by the next call', async () => {
    const { host, shelf } = world();
    await call(host, asked);
    await call(host, asked);
    assert.equal(shelf.log.filter((line) => line.startsWith('connect')).length, 1);
  });

  test('a param that is optional and absent is left out, and its default counts', async () => {
    const { host } = world();
    const { bodies } = await call(host, { ...asked, params: { a: 'x', size: 5 } });
    assert.deepEqual(bodies.map((body) => (body as unknown[]).length), [5]);
  });

  test('sends, and gives the answer', async () => {
    const { host, shelf } = world();
    const { bodies } = await call(host, { endpoint: 'keep', body: { n: 6 }, params: { room: 'a', tag: 'new' } });
    assert.deepEqual([bodies, shelf.records.at(-1)], [[{ kept: 6 }], { n: 6, place: 'eu/a', tags: ['new'] }]);
  });

  test('sends, and passes on what was sent', async () => {
    const { host } = world();
    assert.deepEqual((await call(host, { endpoint: 'keep', body: { n: 6 }, params: { room: 'a' }, passesInput: true })).bodies, [{ n: 6 }]);
  });

  test('an instance may name the protocol itself; statements that are bound stand in manifests only', async () => {
    const direct: Options = { instance: { connector: 'shelf', settings: { host: 'us.test', port: 5 } } };
    const { host, shelf } = world(direct);
    assert.deepEqual((await call(host, { endpoint: 'keep', body: { n: 6 }, params: { place: 'top' } })).bodies, [{ kept: 6 }]);
    assert.deepEqual(shelf.records.at(-1), { n: 6, place: 'top', tags: undefined });
    assert.equal((await call(world(direct).host, { endpoint: 'find', params: { statement: 'all' } })).error?.code, 'CONFIG_UNKNOWN_ENDPOINT');
  });

  test('a setting of the instance may be a secret, which is masked', async () => {
    const { host, shelf } = world({ secrets: { pass: 'open-sesame', where: 'hidden-aisle' }, instance: { settings: { region: { $secret: 'where' } }, credentials: { password: { $secret: 'pass' } } } });
    const { error, events } = await call(host, { endpoint: 'keep', body: { n: 6 }, params: { room: 'a' } });
    assert.deepEqual([error, (shelf.records.at(-1) as { place: string }).place], [undefined, 'hidden-aisle/a']);
    assert.doesNotMatch(JSON.stringify(events), /hidden-aisle/);
  });

  test('on a replay nothing is done and no connection is made', async () => {
    const { host, shelf } = world({ transport: { send: async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode('[{"n":"recorded"}]') }) } });
    assert.deepEqual((await call(host, asked)).bodies, [[{ n: 'recorded' }]]);
    assert.deepEqual(shelf.log, []);
  });
});

describe('what goes wrong', () => {
  const check = (name: string, expected: { readonly code: string; readonly message: RegExp; readonly place?: object }, given: Call, options: Options = {}, prepare: (shelf: Shelf) => void = () => undefined) =>
    test(name, async () => {
      const { host, shelf } = world(options);
      prepare(shelf);
      const { error } = await call(host, given);
      assert.equal(error?.code, expected.code);
      assert.match(error!.message, expected.message);
      if (expected.place) assert.deepEqual(error!.place, expected.place);
    });
  check('a protocol that is not there', { code: 'CONFIG_UNKNOWN_PLUGIN', message: /no protocol "tray"/, place: { file: 'connectors/shop.connector.json', pointer: '/protocol' } }, asked, { protocol: { ...manifest, protocol: 'tray' } });
  check('an endpoint that the protocol does not have', { code: 'CONFIG_UNKNOWN_ENDPOINT', message: /no endpoint "gone"; there are find, keep, watch/, place: { file: 'connectors/shop.connector.json', pointer: '/endpoints/lost/call' } }, { endpoint: 'lost' });
  check('a step cannot call what brings events', { code: 'CONFIG_INVALID', message: /trigger "event"/ }, { endpoint: 'watch' });
  check('a setting that is missing', { code: 'CONFIG_INVALID', message: /host/, place: { file: 'instances/shop.instance.json', pointer: '/settings' } }, asked, { protocol: { ...manifest, settings: {} } });
  check('a param that is missing', { code: 'CONFIG_INVALID', message: /params of the endpoint "it"/ }, { params: {} });
  check('a param of the protocol that does not fit', { code: 'CONFIG_INVALID', message: /place/ }, {}, { protocol: { ...manifest, endpoints: { it: { title: 'It', direction: 'receive', call: 'find', with: { statement: 'all', place: 'x' } } } } });
  check('a secret that is missing', { code: 'SECRET_MISSING', message: /pass/ }, asked, { secrets: {} });
  check('what the other system says', { code: 'REMOTE_REJECTED', message: /full/ }, asked, {}, (shelf) => { shelf.fail = new FlowError('REMOTE_REJECTED', 'It is full.'); });
  const wrong = (options?: ConstructorParameters<typeof FlowError>[2]) => (shelf: Shelf): void => { shelf.fail = new FlowError('CONFIG_INVALID', 'It is wrong.', options); };
  check('a statement that the other system does not understand stands in the connector', { code: 'CONFIG_INVALID', message: /wrong/, place: { file: 'connectors/shop.connector.json', pointer: '/endpoints/it/with/statement' } }, asked, {}, wrong());
  check('what else it does not understand of an endpoint', { code: 'CONFIG_INVALID', message: /wrong/, place: { file: 'connectors/shop.connector.json', pointer: '/endpoints/keep/with' } }, { endpoint: 'keep', body: {}, params: { room: 'a', tag: 'b' } }, {}, wrong());
  check('a setting of the instance that the plugin names', { code: 'CONFIG_INVALID', message: /wrong/, place: { file: 'instances/shop.instance.json', pointer: '/settings/port' } }, asked, {}, wrong({ place: { pointer: '/settings/port' } }));
  check('a setting of the connector that the plugin names', { code: 'CONFIG_INVALID', message: /wrong/, place: { file: 'connectors/shop.connector.json', pointer: '/settings/host' } }, asked, {}, wrong({ place: { pointer: '/settings/host' } }));
  check('what is wrong while it connects is in the instance', { code: 'CONFIG_INVALID', message: /no such database/, place: { file: 'instances/shop.instance.json', pointer: '/settings' } }, asked, { plugin: { connect: async () => { throw new FlowError('CONFIG_INVALID', 'There is no such database.'); } } });
  check('an answer that is too long', { code: 'REMOTE_TOO_LARGE', message: /longer than 1000000 bytes/ }, asked, {}, (shelf) => { shelf.records[0] = { n: 'x'.repeat(1_000_001) }; });

  test('a connection on which something failed is not used again', async () => {
    const { host, shelf } = world();
    shelf.fail = new FlowError('REMOTE_UNREACHABLE', 'Lost.');
    await call(host, asked);
    shelf.fail = undefined;
    await call(host, asked);
    assert.deepEqual(shelf.log.filter((line) => !line.startsWith('find')), ['connect eu.test open-sesame', 'close', 'connect eu.test open-sesame']);
  });

  test('one that is left in the middle is not used again', async () => {
    const { host, shelf } = world();
    assert.equal((await call(host, { ...asked, most: 1 })).payloads.length, 1);
    await call(host, asked);
    assert.equal(shelf.log.filter((line) => line === 'close').length, 1);
  });

  test('an exchange that takes too long ends, and its connection with it', async () => {
    const endpoint = defineEndpoint<Shelf>()({
      title: 'Wait', summary: 'Waits.', direction: 'receive', params: { type: 'object', properties: {}, additionalProperties: false },
      async *call(payload, _params, context) {
        await context.exchange({ method: 'WAIT', timeoutMs: 500, graceMs: 100 }, () => new Promise(() => undefined));
        yield payload;
      },
    });
    const { host, shelf } = world({ plugin: { endpoints: { find: endpoint } }, protocol: { ...manifest, endpoints: { it: { title: 'It', direction: 'receive', call: 'find' } } } });
    const from = host.clock.now();
    const { error, events } = await call(host);
    assert.equal(host.clock.now() - from, 600);
    assert.deepEqual([error?.code, error?.message, shelf.log.at(-1)], ['REMOTE_TIMEOUT', 'WAIT shelf://eu.test:99 took longer than 500 ms.', 'close']);
    assert.equal(events.filter(({ type }) => type === 'exchange').length, 1);
  });
});

describe('a connection that others have', () => {
  /** Exchanges of so many milliseconds, over one connection in all. */
  const busy = (): ConnectorHost => {
    const wait = defineEndpoint<Shelf>()({
      title: 'Wait', summary: 'Waits.', direction: 'receive', params: { type: 'object', properties: { ms: { type: 'integer', title: 'Time', description: 'Milliseconds.' }, most: { type: 'integer', title: 'Limit', description: 'Milliseconds.' } }, additionalProperties: false },
      async *call(payload, { ms = 0, most = 30_000 }, context) {
        await context.exchange({ method: 'WAIT', timeoutMs: most }, async (_client, signal) => (await host.clock.sleep(ms, signal), {}));
        yield payload;
      },
    });
    const made = world({ plugin: { endpoints: { wait }, mostConnections: 1 }, protocol: { ...manifest, endpoints: { it: { title: 'It', direction: 'receive', call: 'wait', with: { ms: '{{ params.ms }}', most: '{{ params.most }}' }, params: { ms: { type: 'integer' }, most: { type: 'integer' } } } } } as ProtocolManifest }).host;
    const host: ConnectorHost = { ...made, sessions: createSessions(made.clock) };
    return host;
  };

  test('is waited for beside the time of the question', async () => {
    const host = busy();
    const [first, second] = await Promise.all([call(host, { params: { ms: 40_000, most: 50_000 } }), call(host, { params: { ms: 20_000, most: 30_000 } })]);
    assert.deepEqual([first.error, second.error, second.payloads.length], [undefined, undefined, 1]);
    const times = [first, second].map(({ events }) => events.flatMap((event) => (event.type === 'exchange' ? [[event.exchange.waitedMs, event.exchange.durationMs]] : [])));
    assert.deepEqual(times, [[[undefined, 40_000]], [[40_000, 20_000]]]);
  });

  test('is waited for a minute, or as long as the question may take; the error says what was waited for', async () => {
    const host = busy();
    const [first, second] = await Promise.all([call(host, { params: { ms: 200_000, most: 300_000 } }), call(host, { params: { most: 5_000 } })]);
    assert.deepEqual([first.error, second.error?.code, second.error?.message], [undefined, 'REMOTE_TIMEOUT', 'All 1 connections of "shop" to shelf://eu.test:99 were in use for 60000 ms.']);
    const [third, fourth] = await Promise.all([call(host, { params: { ms: 200_000, most: 300_000 } }), call(host, { params: { most: 250_000 } })]);
    assert.deepEqual([third.error, fourth.error], [undefined, undefined]);
  });

  test('one that comes too late says so, and is closed', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const closed: string[] = [];
    const { host } = world({ protocol: { ...manifest, defaults: { retry: { attempts: 0 } } }, plugin: { connect: async () => (await promise, { client: {}, close: async () => void closed.push('close') }) } as never });
    const { error } = await call(host, asked);
    assert.deepEqual([error?.code, error?.message], ['REMOTE_TIMEOUT', 'Connecting to shelf://eu.test:99 took longer than 60000 ms.']);
    resolve();
    await new Promise((done) => { setImmediate(done); });
    assert.deepEqual(closed, ['close']);
  });

  test('a stream gives it away while the steps behind it work with the same instance', async () => {
    const { host, shelf } = world({ plugin: { mostConnections: 1 }, plugins: [...testShapes, connector as unknown as Shape], protocol: { ...manifest, endpoints: { ...manifest.endpoints, all: { title: 'All', direction: 'receive', call: 'find', with: { statement: 'all', size: 1_000 } } } } });
    shelf.records.push(...Array.from({ length: 40 }, (_, n) => ({ n: n + 6 })));
    const told = await runFlow({
      host: { ...host, sessions: createSessions(host.clock) }, body: { b: 1 },
      steps: {
        read: { shape: 'connector', settings: { instance: 'shop', endpoint: 'it', params: { a: 'x', size: 1 } }, next: { out: 'look' } },
        look: { shape: 'connector', settings: { instance: 'shop', endpoint: 'all' } },
      }, options: { now: 0 },
    });
    assert.deepEqual([told.status, told.error], ['success', undefined]);
    assert.equal(shelf.log.filter((line) => line.startsWith('connect')).length, 2);
  });
});

describe('a question is asked again where the other system failed', () => {
  interface Told {
    readonly code: string | undefined;
    readonly log: readonly string[];
    readonly attempts: readonly number[];
    readonly sleeps: readonly number[];
  }
  /** An endpoint that asks once. `fails`: how each question fails, in order; `connects`: how each connection does. */
  async function ask(request: Partial<ExchangeRequest>, { fails = [], connects = [], endpoint = {}, isShared = false }: { readonly fails?: readonly (Error | undefined)[]; readonly connects?: readonly (Error | undefined)[]; readonly endpoint?: Partial<ProtocolManifest['endpoints'][string]>; readonly isShared?: boolean }): Promise<Told> {
    const log: string[] = [];
    let asked = 0;
    let connected = 0;
    const it = defineEndpoint<number>()({
      title: 'It', summary: 'Asks.', direction: 'send', params: { type: 'object', properties: {}, additionalProperties: false },
      async *call(payload, _params, context) {
        await context.exchange({ method: 'ASK', ...request }, async (client) => {
          log.push(`ask over ${client}`);
          const failure = fails[asked++];
          if (failure) throw failure;
          return {};
        });
        yield payload;
      },
    });
    const { host } = world({
      protocol: { ...manifest, endpoints: { it: { title: 'It', direction: 'send', call: 'it', ...endpoint } } },
      plugin: {
        endpoints: { it }, ...(isShared && { isShared: true }),
        async connect() {
          const failure = connects[connected++];
          if (failure) throw failure;
          return { client: connected, close: async () => void log.push('close') };
        },
      } as never,
    });
    const { error, events } = await call(host);
    return { code: error?.code, log, attempts: events.flatMap((event) => (event.type === 'exchange' ? [event.exchange.attempt] : [])), sleeps: host.sleeps.filter((ms) => ms < 30_000) };
  }
  const gone = new FlowError('REMOTE_UNREACHABLE', 'Gone.');
  const reading = { isRepeatable: true } as const;
  const writing = { changes: true } as const;

  test('over another connection, where it may be made twice', async () => {
    const told = await ask(reading, { fails: [gone, gone] });
    assert.deepEqual([told.code, told.attempts, told.log], [undefined, [1, 2, 3], ['ask over 1', 'close', 'ask over 2', 'close', 'ask over 3']]);
  });

  const cases: readonly (readonly [title: string, request: Partial<ExchangeRequest>, given: Parameters<typeof ask>[1], code: string | undefined, attempts: number])[] = [
    ['as often as usual', reading, { fails: [gone, gone, gone] }, 'REMOTE_UNREACHABLE', 3],
    ['as often as the endpoint says', reading, { fails: [gone, gone, gone, gone], endpoint: { retry: { attempts: 4 } } }, undefined, 5],
    ['not where it says so', reading, { fails: [gone], endpoint: { retry: { attempts: 0 } } }, 'REMOTE_UNREACHABLE', 1],
    ['not what writes', writing, { fails: [gone] }, 'REMOTE_UNREACHABLE', 1],
    ['not what writes, however often the endpoint may', writing, { fails: [gone], endpoint: { retry: { attempts: 4 } } }, 'REMOTE_UNREACHABLE', 1],
    ['what writes under a key', { ...writing, ...reading }, { fails: [gone] }, undefined, 2],
    ['what writes where the connector says that it may be made twice', writing, { fails: [gone], endpoint: { idempotent: true } }, undefined, 2],
    ['what writes where nobody was asked yet', writing, { fails: [unasked(gone) as Error] }, undefined, 2],
    ['what writes where no connection could be made', writing, { connects: [gone, gone] }, undefined, 3],
    ['not what is refused', reading, { fails: [new FlowError('REMOTE_REJECTED', 'No.')] }, 'REMOTE_REJECTED', 1],
    ['not a login that is refused', reading, { connects: [new FlowError('AUTH_REJECTED', 'No.')] }, 'AUTH_REJECTED', 1],
    ['not a bug', reading, { fails: [new TypeError('x')] }, 'INTERNAL', 1],
  ];
  for (const [title, request, given, code, attempts] of cases) {
    test(title, async () => {
      const told = await ask(request, given);
      assert.deepEqual([told.code, told.attempts.length], [code, attempts]);
    });
  }

  test('after the delay that the endpoint has, or what the other system asks for', async () => {
    const busy = new FlowError('REMOTE_STATUS', 'Busy.', { retryAfter: 5_000 });
    const retry = { delayMs: 100, jitter: 0, backoff: 'constant' } as const;
    assert.deepEqual((await ask(reading, { fails: [gone, busy], endpoint: { retry } })).sleeps, [100, 5_000]);
  });

  test('over a connection that others use as well, as long as it is open', async () => {
    assert.deepEqual((await ask(reading, { fails: [gone], isShared: true })).log, ['ask over 1', 'ask over 1']);
  });
});

describe('listening', () => {
  const listen = async (host: ConnectorHost, endpoint: string): Promise<TriggerEvent[]> => {
    const events: TriggerEvent[] = [];
    const memory = { get: async () => undefined, set: async () => undefined };
    const listening = { params: { of: 'stock' }, signal: new AbortController().signal, log: { debug() {}, info() {}, warn() {}, error() {} }, clock: { now: () => 0, sleep: async () => undefined }, memory };
    for await (const event of listenToEndpoint(host, { instance: 'shop', endpoint, open: openContext(host) }, listening)) events.push(event);
    return events;
  };

  test('gives events over a connection of its own, which is closed', async () => {
    const { host, shelf } = world();
    const events = await listen(host, 'watch');
    assert.deepEqual(events[0]?.payload?.body, { of: 'stock', record: { n: 1 } });
    assert.deepEqual([events.length, shelf.log], [5, ['connect eu.test open-sesame', 'close']]);
  });

  test('an endpoint that brings no events', async () => {
    await assert.rejects(listen(world().host, 'keep'), /brings no events/);
    await assert.rejects(listen(connectorHost({}), 'it'), /brings no events/);
  });

  const fails = async (): Promise<never> => { throw new FlowError('CONFIG_INVALID', 'It is wrong.'); };
  const failsAt = (pointer: string) => async (): Promise<never> => { throw new FlowError('CONFIG_INVALID', 'It is wrong.', { place: { pointer } }); };
  const places: readonly (readonly [title: string, options: Options, file: string, pointer: string])[] = [
    ['while it connects', { plugin: { connect: fails } }, 'instances/shop.instance.json', '/settings'],
    ['while it connects, a setting of the instance', { plugin: { connect: failsAt('/settings/port') } }, 'instances/shop.instance.json', '/settings/port'],
    ['while it connects, a setting of the connector', { plugin: { connect: failsAt('/settings/host') } }, 'connectors/shop.connector.json', '/settings/host'],
    ['while it connects, a credential', { plugin: { connect: failsAt('/credentials/password') } }, 'instances/shop.instance.json', '/credentials/password'],
    ['while it listens', { plugin: { connect: async () => ({ client: { get records(): never { throw new FlowError('CONFIG_INVALID', 'It is wrong.'); } }, close: async () => undefined }) } }, 'connectors/shop.connector.json', '/endpoints/watch/with'],
  ];
  for (const [title, options, file, pointer] of places) test(`what is wrong ${title} is told with its place`, () => assert.rejects(listen(world(options).host, 'watch'), (error: FlowError) => {
    assert.deepEqual(error.place, { file, pointer });
    return true;
  }));
});
