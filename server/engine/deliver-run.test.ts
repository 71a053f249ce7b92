import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { bodiesOf, eventsOf, runFlow, type Told } from '../../test/support/engine-host.ts';
import { RecordReceiver, type Fate } from '../../test/support/record-receiver.ts';
import type { EndpointManifest } from '../model/connector.ts';
import type { Step } from '../model/flow.ts';

// What the records of a payload come to in a run, whatever ends the sending in the middle.

interface Sent extends Told {
  readonly receiver: RecordReceiver;
  /** Bodies of what came to the catch side, the records of lists one by one. */
  readonly caught: readonly unknown[];
}

async function send(records: readonly unknown[], fateOf: (body: unknown, asked: number) => Fate, { endpoint = {}, step = {}, savesResponse = true }: { endpoint?: Partial<EndpointManifest>; step?: Partial<Step>; savesResponse?: boolean } = {}): Promise<Sent> {
  const receiver = new RecordReceiver(fateOf);
  const told = await runFlow({
    host: receiver.host(endpoint), body: records,
    steps: { g: { shape: 'guard', next: { try: 's', catch: 'c' } }, s: { shape: 'connector', settings: { instance: 'shop', endpoint: 'it', saveResponse: savesResponse }, timeoutMs: 60_000, ...step, next: { out: 'o' } }, o: { shape: 'pass' }, c: { shape: 'pass' } },
  });
  return { ...told, receiver, caught: bodiesOf(told, 'c').flat() };
}

const taken = ({ receiver }: Sent): unknown[] => receiver.taken.map(({ body }) => body);
/** The fate of one record; the others are taken. */
const only = (record: unknown, fate: Fate) => (body: unknown): Fate => (body === record ? fate : 'taken');
const four = [1, 2, 3, 4];

describe('what ends it at the third of four records', () => {
  const cases: readonly (readonly [fate: Fate, taken: readonly number[], caught: readonly number[], code: string])[] = [
    ['hangs', [1, 2], [3, 4], 'STEP_TIMEOUT'],
    ['late', [1, 2, 3], [4], 'STEP_TIMEOUT'],
    ['down', [1, 2], [3, 4], 'REMOTE_STATUS'],
    ['locked', [1, 2], [3, 4], 'AUTH_REJECTED'],
    ['bug', [1, 2], [3, 4], 'INTERNAL'],
    ['refused', [1, 2, 4], [3], 'REMOTE_REJECTED'],
  ];
  for (const [fate, got, failed, code] of cases) {
    // One request lasts longer than the step may.
    const endpoint = { timeoutMs: 600_000 };
    test(`${fate}: the records before are through, each answer goes on, only the rest fails`, async () => {
      const told = await send(four, only(3, fate), { endpoint });
      assert.deepEqual([taken(told), told.caught, bodiesOf(told, 'o')], [got, failed, got.map((body) => ({ took: body }))]);
      const [failure] = eventsOf(told, 'payload-failed');
      assert.deepEqual([eventsOf(told, 'payload-failed').length, failure?.error.code, failure?.from], [1, code, eventsOf(told, 'payload-in').find(({ step }) => step === 's')!.payload.id]);
    });

    test(`${fate}: what is through goes on as it was sent`, async () => {
      const told = await send(four, only(3, fate), { endpoint, savesResponse: false });
      assert.deepEqual([taken(told), told.caught, bodiesOf(told, 'o')], [got, failed, [got]]);
    });
  }

  test('the rest fails as one payload, or, where nothing is through, the payload itself', async () => {
    assert.deepEqual(bodiesOf(await send(four, only(3, 'down')), 'c'), [[3, 4]]);
    const told = await send(four, only(1, 'down'));
    assert.deepEqual([bodiesOf(told, 'c'), bodiesOf(told, 'o'), eventsOf(told, 'payload-failed')[0]!.from], [[four], [], undefined]);
  });

  test('records that were refused before it fail alone, and not again', async () => {
    for (const fate of ['hangs', 'down'] as const) {
      const told = await send(four, (body) => (body === 1 ? 'refused' : body === 3 ? fate : 'taken'), { endpoint: { timeoutMs: 600_000 } });
      assert.deepEqual([taken(told), bodiesOf(told, 'c')], [[2], [1, [3, 4]]]);
    }
  });
});

test('a further attempt of the step begins behind the records that are through', async () => {
  for (const savesResponse of [true, false]) {
    const told = await send(four, (body, asked) => (body === 1 ? 'refused' : body === 3 && asked < 3 ? 'down' : 'taken'), { step: { retry: { attempts: 2 } }, savesResponse });
    assert.deepEqual([told.receiver.asked, told.caught, eventsOf(told, 'attempt-failed').length], [[1, 2, 3, 3, 3, 4], [1], 2]);
    assert.deepEqual(bodiesOf(told, 'o').flat(), savesResponse ? [2, 3, 4].map((body) => ({ took: body })) : [2, 3, 4]);
  }
});

test('a payload that was taken as a whole when its time was over does not fail', async () => {
  const told = await send(four, () => 'late', { endpoint: { per: 'payload', timeoutMs: 600_000 } });
  assert.deepEqual([told.status, taken(told), bodiesOf(told, 'o'), told.caught], ['success', [four], [{ took: four }], []]);
});

test('each record is taken or fails, once, whatever becomes of the others', async () => {
  const fate = fc.constantFrom<Fate>('taken', 'taken', 'taken', 'refused', 'down', 'hangs', 'late', 'locked', 'bug');
  const story = fc.record({ fates: fc.array(fc.array(fate, { minLength: 1, maxLength: 4 }), { maxLength: 7 }), attempts: fc.nat(3), savesResponse: fc.boolean(), per: fc.constantFrom('record' as const, 'payload' as const) });
  await fc.assert(fc.asyncProperty(story, async ({ fates, attempts, savesResponse, per }) => {
    const records = fates.map((_, index) => index);
    // Of a payload that is sent as a whole, the fate of its first record.
    const fateOf = (body: unknown, asked: number): Fate => {
      const own = fates[Array.isArray(body) ? Number(body[0] ?? 0) : Number(body)] ?? ['taken'];
      return own[Math.min(asked, own.length) - 1]!;
    };
    const told = await send(records, fateOf, { endpoint: { per, timeoutMs: 600_000 }, step: { retry: { attempts } }, savesResponse });
    const got = taken(told).flat();
    assert.deepEqual([...got, ...told.caught].sort(), records, 'once');
    const out = bodiesOf(told, 'o');
    if (savesResponse) assert.deepEqual(out, told.receiver.taken.map(({ body }) => ({ took: body })), 'an answer for each that was taken');
    else assert.deepEqual(out.flat(), got, 'what was taken goes on, once');
  }), { numRuns: 150, seed: 5 });
});

test('what was refused is remembered in bounds: of very many, what is through goes on in parts', async () => {
  const records = Array.from({ length: 1_000 }, (_, index) => index);
  const told = await send(records, (body) => (Number(body) % 2 === 1 ? 'refused' : 'taken'), { savesResponse: false });
  const out = bodiesOf(told, 'o') as readonly (readonly number[])[];
  assert.deepEqual([out.map(({ length }) => length), out.flat()], [[200, 200, 100], records.filter((record) => record % 2 === 0)]);
  assert.ok(eventsOf(told, 'checkpoint').every(({ state }) => ((state as { readonly refused?: readonly number[] }).refused ?? []).length <= 200));
});

test('where all are refused nothing goes on', async () => {
  assert.deepEqual(bodiesOf(await send(four, () => 'refused', { savesResponse: false }), 'o'), []);
  assert.deepEqual(bodiesOf(await send(four, () => 'refused', { endpoint: { per: { batch: 2 } }, savesResponse: false }), 'o'), []);
});
