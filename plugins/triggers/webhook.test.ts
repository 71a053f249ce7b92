import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import type { HttpResponse, IncomingRequest, TriggerContext, TriggerEvent } from '../sdk/index.ts';
import webhook from './webhook.ts';

const settings = { methods: ['POST'], answer: 'accepted', status: 200, body: { message: 'Flow initialised.' }, contentType: 'application/json', timeoutMs: 1_000 } as const;
const now = 1_700_000_000_000;

/** Sends one request and gives the event, if any, and the answers so far. `wake` ends the sleep of the clock. */
async function send(changes: object, request: Partial<IncomingRequest>) {
  const answers: HttpResponse[] = [];
  const sleep = Promise.withResolvers<void>();
  const incoming: IncomingRequest = { method: 'POST', url: '/hooks/f/t', query: {}, headers: {}, body: new Uint8Array(), receivedAt: now, respond: (response) => answers.push(response), ...request };
  const context = { signal: new AbortController().signal, clock: { now: () => now, sleep: () => sleep.promise }, secret: async () => 'whsec_c2VjcmV0', async *requests() { yield incoming; } } as unknown as TriggerContext;
  const events: TriggerEvent[] = [];
  for await (const event of webhook.events({ ...settings, ...changes } as never, context)) events.push(event);
  return { event: events[0], answers, wake: sleep.resolve };
}

test('the caller is answered when the run is accepted, not before', async () => {
  const { event, answers } = await send({}, {});
  assert.equal(answers.length, 0);
  event?.accepted?.({ id: '1' });
  assert.deepEqual(answers, [{ status: 200, headers: { 'content-type': 'application/json' }, body: { message: 'Flow initialised.' } }]);
});

test('a callback answers once; the time limit comes too late', async () => {
  const { event, answers, wake } = await send({ answer: 'callback' }, {});
  event?.accepted?.({ id: '1' });
  event?.reply?.({ status: 201, headers: {}, body: 'done' });
  event?.reply?.({ status: 500, headers: {}, body: 'late' });
  wake();
  await new Promise(setImmediate);
  assert.deepEqual(answers.map(({ status }) => status), [201]);
});

test('without a callback in time the answer is 504', async () => {
  const { event, answers, wake } = await send({ answer: 'callback' }, {});
  wake();
  await new Promise(setImmediate);
  event?.reply?.({ status: 200, headers: {}, body: 'late' });
  assert.deepEqual(answers.map(({ status }) => status), [504]);
});

const signature = { header: 'webhook-signature', algorithm: 'sha256', encoding: 'base64', prefix: 'v1,', content: '{header:webhook-id}.{timestamp}.{body}', secret: { $secret: 's' }, secretEncoding: 'base64', timestampHeader: 'webhook-timestamp', toleranceMs: 300_000 };
const body = Buffer.from('{"a":1}');
const sign = (time: number) => `v1,${createHmac('sha256', 'secret').update(`m1.${time}.`).update(body).digest('base64')}`;

for (const [title, time, header, isTaken] of [
  ['a signature with id and timestamp', now / 1000, sign(now / 1000), true],
  ['several signatures, the last is right', now / 1000, `v1,AAAA v1a,x ${sign(now / 1000)}`, true],
  ['a timestamp that is too old', now / 1000 - 301, sign(now / 1000 - 301), false],
  ['a signature of another time', now / 1000, sign(now / 1000 - 1), false],
  ['an empty signature', now / 1000, 'v1,', false],
] as const) {
  test(`signature: ${title}`, async () => {
    const { event, answers } = await send({ signature }, { body, headers: { 'content-type': 'application/json', 'webhook-id': 'm1', 'webhook-timestamp': String(time), 'webhook-signature': header } });
    assert.equal(event !== undefined, isTaken);
    if (!isTaken) assert.deepEqual([answers[0]?.status, (answers[0]?.body as { code: string } | undefined)?.code], [401, 'SIGNATURE_INVALID']);
  });
}

test('a timestamp that is not signed is refused as a setting', () =>
  assert.rejects(send({ signature: { ...signature, content: '{body}' } }, {}), /add \{timestamp\}/));

test('bytes and XML are handed on as they came', async () => {
  const xml = await send({}, { headers: { 'content-type': 'text/xml' }, body: Buffer.from('<a/>'), query: { shop: 'eu' } });
  assert.deepEqual(xml.event?.payload, { body: '<a/>', mediaType: 'text/xml', meta: { 'query.shop': 'eu' } });
  const bytes = await send({}, { body: Buffer.from('{"a":1}') });
  assert.deepEqual(bytes.event?.payload, { body: Buffer.from('{"a":1}'), mediaType: 'application/octet-stream', meta: {} });
});
