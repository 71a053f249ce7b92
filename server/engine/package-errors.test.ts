import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuthMethod, Connector, Plugin } from '../../plugins/sdk/index.ts';
import { call, connectorHost, json, type Called } from '../../test/support/connector-host.ts';
import type { ProtocolManifest } from '../model/protocol.ts';
import { listenToEndpoint } from './manifest.ts';
import { openContext } from './open-context.ts';
import { createSessions } from './sessions.ts';

// A package of plugins imports nothing of Patchbay: its errors have a name, a code, and nothing that it does not give them.

const failure = (code: string): Error => Object.assign(new Error('It is away.'), { name: 'FlowError', code });
const remedy = 'Check the address of the instance and that the other system is up.';
const nothing = { type: 'object', properties: {}, additionalProperties: false } as const;
const described = { title: 'It', summary: 'It.', settings: nothing, credentials: nothing, examples: [] };
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** What a method throws first, and then no more. */
const authOf = (thrown: Error): AuthMethod => {
  const left = [thrown];
  const acquire = async () => {
    const error = left.pop();
    if (error) throw error;
    return { values: { token: 't' } };
  };
  return { ...described, kind: 'auth', type: 'theirs', acquire, sign: (request: unknown) => request } as unknown as AuthMethod;
};

test('a token that cannot be got is asked for again, and what stays wrong is said', async () => {
  const ask = async (code: string): Promise<Called> => {
    const host = connectorHost({ plugins: [authOf(failure(code)) as unknown as Plugin], connector: { auth: { it: { type: 'theirs' } } }, instance: { auth: 'it' }, send: () => json([1]) });
    return call(host);
  };
  assert.deepEqual((await ask('REMOTE_UNREACHABLE')).bodies, [[1]]);
  const { error } = await ask('AUTH_REJECTED');
  assert.deepEqual([error?.code, error?.remedy, error?.message], ['AUTH_REJECTED', 'Renew the credentials of the instance.', 'It is away.']);
});

type Fails = 'connect' | 'ask' | 'listen';

const connectorOf = (fails: Fails, thrown: Error): Connector => {
  const fail = (at: Fails): void => {
    if (at === fails) throw thrown;
  };
  return {
    ...described, kind: 'connector', type: 'theirs', address: () => 'theirs://it',
    async connect() {
      fail('connect');
      return { client: {}, close: async () => undefined };
    },
    endpoints: {
      ask: { title: 'Ask', summary: 'Asks.', direction: 'receive', params: nothing, call: async function* (payload: { with(given: object): unknown }, _params: unknown, context: { exchange(request: object, perform: () => unknown): Promise<unknown> }) {
        await context.exchange({ method: 'ASK', isRepeatable: true }, () => (fail('ask'), {}));
        yield payload.with({ body: 1 });
      } },
      hear: { title: 'Hear', summary: 'Hears.', direction: 'listen', params: nothing, listen: async function* () { fail('listen'); } },
    },
  } as unknown as Connector;
};
const protocol = { version: 1, title: 'Theirs', protocol: 'theirs', endpoints: { it: { title: 'It', direction: 'receive', call: 'ask', retry: { attempts: 1 } }, hear: { title: 'Hear', direction: 'listen', call: 'hear' } } } as unknown as ProtocolManifest;

for (const fails of ['connect', 'ask'] as const) {
  test(`what fails when it is to ${fails} is tried again, and said with a remedy and with what was thrown`, async () => {
    const thrown = failure('REMOTE_UNREACHABLE');
    const base = connectorHost({ protocol, plugins: [connectorOf(fails, thrown) as unknown as Plugin] });
    await using sessions = createSessions(base.clock);
    const { error, events } = await call({ ...base, sessions });
    assert.deepEqual([error?.code, error?.remedy], ['REMOTE_UNREACHABLE', remedy]);
    assert.deepEqual(events.map((event) => event.type === 'exchange' && event.exchange.error?.remedy), [remedy, remedy]);
    let cause: unknown = error;
    while (cause !== thrown && cause instanceof Error) cause = cause.cause;
    assert.equal(cause, thrown);
  });
}

test('what fails when it listens has its place, also where it is an error of the files', async () => {
  const places = { connect: { file: 'instances/shop.instance.json', pointer: '/settings' }, listen: { file: 'connectors/shop.connector.json', pointer: '/endpoints/hear/with' } };
  for (const fails of ['connect', 'listen'] as const) {
    const host = connectorHost({ protocol, plugins: [connectorOf(fails, failure('CONFIG_INVALID')) as unknown as Plugin] });
    const events = listenToEndpoint(host, { instance: 'shop', endpoint: 'hear', open: openContext(host) }, { params: {}, signal: new AbortController().signal, log: silent, clock: { now: () => 0, sleep: async () => undefined }, memory: { get: async () => undefined, set: async () => undefined } });
    await assert.rejects(async () => { for await (const _ of events); }, { code: 'CONFIG_INVALID', remedy: 'Correct the marked place of the file.', place: places[fails] });
  }
});
