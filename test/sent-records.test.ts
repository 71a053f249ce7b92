import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send, sendingFields } from '../plugins/connectors/broker/outgoing.ts';
import { defineConnector, defineEndpoint, FlowError, type Plugin } from '../plugins/sdk/index.ts';
import connector from '../plugins/shapes/connector.ts';
import { createPayload } from '../server/engine/payload.ts';
import { manifestOf } from '../server/model/protocol.ts';
import type { Step } from '../server/model/flow.ts';
import { connectorHost } from './support/connector-host.ts';
import { bodiesOf, eventsOf, runFlow, testShapes, type Told } from './support/engine-host.ts';

// What becomes of the records of a payload that an endpoint of a protocol sends: by the way brokers send messages, in batches of 100.

type Fate = 'taken' | 'refused' | 'down';

interface Sent extends Told {
  /** Messages that were taken: id, number. */
  readonly taken: readonly (readonly [id: string, number: number])[];
  readonly out: readonly unknown[];
  readonly caught: readonly unknown[];
}

interface Given {
  /** `asked`: how often a batch was sent, this time included. */
  readonly fateOf: (number: number, asked: number) => Fate;
  readonly settings?: object;
  readonly step?: Partial<Step>;
  readonly body?: unknown;
  /** Of the payload at the step, where nothing comes before that. */
  readonly id?: string;
}

const records = Array.from({ length: 250 }, (_, n) => ({ n }));

async function sent({ fateOf, settings, step, body = records, id }: Given): Promise<Sent> {
  const taken: (readonly [string, number])[] = [];
  let asked = 0;
  const queue = defineConnector<object>()({
    type: 'queue', title: 'Queue', summary: 'Takes messages.', settings: { type: 'object', properties: {}, additionalProperties: false }, credentials: { type: 'object', properties: {}, additionalProperties: false }, examples: [],
    address: () => 'queue://test', connect: async () => ({ client: {}, close: async () => undefined }),
    endpoints: {
      publish: defineEndpoint<object>()({
        title: 'Publish', summary: 'Publishes.', direction: 'send', params: { type: 'object', properties: sendingFields, additionalProperties: false },
        call: (payload, params, context) => {
          asked++;
          return send(payload, params as never, context, {
            target: '/q',
            publish: async (_client, message) => {
              const { n } = message.value as { readonly n: number };
              const fate = fateOf(n, asked);
              if (fate === 'refused') throw new FlowError('REMOTE_REJECTED', 'It is not wanted.');
              if (fate === 'down') throw new FlowError('REMOTE_UNREACHABLE', 'Gone.');
              taken.push([message.id, n]);
              return {};
            },
          });
        },
      }),
    },
  }) as unknown as Plugin;
  const host = connectorHost({ protocol: manifestOf(queue as never), plugins: [...testShapes, connector as unknown as Plugin, queue] });
  const told = await runFlow({
    host, options: { payload: createPayload({ id: id ?? 'p', body }) },
    steps: { ...(id === undefined && { g: { shape: 'guard', next: { try: 's', catch: 'c' } } }), s: { shape: 'connector', settings: { instance: 'shop', endpoint: 'publish', params: { each: 'record' }, ...settings }, ...step, next: { out: 'o' } }, o: { shape: 'pass' }, c: { shape: 'pass' } },
  });
  return { ...told, taken, out: bodiesOf(told, 'o'), caught: bodiesOf(told, 'c') };
}

const numbers = (bodies: readonly unknown[]): number[] => (bodies.flat() as { readonly n: number }[]).map(({ n }) => n);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

test('records that are refused fail alone, by their place; the others go on', async () => {
  const told = await sent({ fateOf: (n) => (n % 100 === 7 ? 'refused' : 'taken') });
  assert.deepEqual([told.caught, told.out], [[{ n: 7 }, { n: 107 }, { n: 207 }], [records.filter(({ n }) => n % 100 !== 7)]]);
  assert.deepEqual(eventsOf(told, 'payload-failed').map(({ error }) => error.message), ['Record 8 of 250: It is not wanted.', 'Record 108 of 250: It is not wanted.', 'Record 208 of 250: It is not wanted.']);
});

test('where all are refused nothing goes on; where none are, the payload itself', async () => {
  assert.deepEqual((await sent({ fateOf: () => 'refused', body: [{ n: 1 }, { n: 2 }] })).out, []);
  assert.deepEqual((await sent({ fateOf: () => 'taken' })).out, [records]);
  assert.deepEqual((await sent({ fateOf: () => 'taken', body: [] })).out, [[]]);
  assert.deepEqual((await sent({ fateOf: () => 'taken', body: { n: 1 } })).out, [{ n: 1 }]);
});

test('where the rest fails, what is through goes on, and only the rest fails', async () => {
  const told = await sent({ fateOf: (n) => (n === 7 ? 'refused' : n >= 200 ? 'down' : 'taken') });
  assert.deepEqual([numbers(told.out), told.caught[0], numbers(told.caught.slice(1))], [range(0, 200).filter((n) => n !== 7), { n: 7 }, range(200, 250)]);
});

test('a further attempt passes on each record once, also what was refused before', async () => {
  const told = await sent({ fateOf: (n, asked) => (n === 7 || n === 207 ? 'refused' : n >= 100 && asked === 1 ? 'down' : 'taken'), step: { retry: { attempts: 1 } } });
  assert.deepEqual([told.out.length, numbers(told.out), numbers(told.caught)], [2, records.map(({ n }) => n).filter((n) => n !== 7 && n !== 207), [7, 207]]);
});

test('the messages of a rest have the ids that they had the first time', async () => {
  const whole = await sent({ fateOf: () => 'taken', id: 'p' });
  const cut = await sent({ fateOf: (n) => (n >= 100 ? 'down' : 'taken'), id: 'p' });
  const rest = eventsOf(cut, 'payload-failed').at(-1)!.payload.id;
  const again = await sent({ fateOf: () => 'taken', body: records.slice(100), id: rest });
  assert.deepEqual([...cut.taken, ...again.taken], whole.taken);
  const third = await sent({ fateOf: (n) => (n >= 200 ? 'down' : 'taken'), body: records.slice(100), id: rest });
  const last = await sent({ fateOf: () => 'taken', body: records.slice(200), id: eventsOf(third, 'payload-failed').at(-1)!.payload.id });
  assert.deepEqual(last.taken, whole.taken.slice(200));
});

test('what a param makes of a payload goes on, and fails, as a whole', async () => {
  const settings = { params: { each: 'record', body: '{{ payload.items }}' } };
  const body = { items: records };
  const refused = await sent({ fateOf: (n) => (n === 7 ? 'refused' : 'taken'), settings, body });
  assert.deepEqual([refused.out, refused.caught], [[body], [{ n: 7 }]]);
  const cut = await sent({ fateOf: (n) => (n >= 200 ? 'down' : 'taken'), settings, body });
  assert.deepEqual([cut.out, cut.caught], [[], [body]]);
});

test('the answer tells what was refused, and goes on instead where that is wanted', async () => {
  const told = await sent({ fateOf: (n) => (n === 7 ? 'refused' : 'taken'), settings: { saveResponse: true } });
  const [answer] = told.out as readonly { readonly sent: number; readonly refused: number }[];
  assert.deepEqual([told.out.length, answer!.sent, answer!.refused], [1, 249, 1]);
});
