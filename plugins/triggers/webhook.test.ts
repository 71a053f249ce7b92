import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { FlowError, type HttpResponse, type IncomingRequest, type TriggerContext, type TriggerEvent } from '../sdk/index.ts';
import webhook from './webhook.ts';

const settings = { methods: ['POST'], answer: 'accepted', status: 200, body: { message: 'Flow initialised.' }, contentType: 'application/json', timeoutMs: 1_000, headers: [] } as const;
const now = 1_700_000_000_000;

/** Sends one request and gives the event, if any, and the answers so far. `wake` ends the sleep of the clock. */
async function send(changes: object, request: Partial<IncomingRequest>) {
  const answers: HttpResponse[] = [];
  const sleep = Promise.withResolvers<void>();
  const incoming: IncomingRequest = { method: 'POST', url: '/hooks/f/t', query: {}, headers: {}, body: new Uint8Array(), receivedAt: now, respond: (response) => answers.push(response), ...request };
  const context = { signal: new AbortController().signal, clock: { now: () => now, sleep: () => sleep.promise }, secret: async (name: string) => name, log: { info() {} }, async *requests() { yield incoming; } } as unknown as TriggerContext;
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
  assert.deepEqual(answers, [], 'the time counts from when the run is accepted');
  event?.accepted?.({ id: '1' });
  await new Promise(setImmediate);
  event?.reply?.({ status: 200, headers: {}, body: 'late' });
  assert.deepEqual(answers.map(({ status }) => status), [504]);
});

test('headers that are wanted are metadata, cut where they are long; others are not', async () => {
  const { event } = await send({ headers: ['X-Event', 'x-long', 'x-none'] }, { headers: { 'x-event': 'push', 'x-long': 'a'.repeat(5_000), authorization: 'Bearer t' } });
  assert.deepEqual(event?.payload?.meta, { 'header.x-event': 'push', 'header.x-long': 'a'.repeat(1_000) });
});

const signature = { scheme: 'hmac', header: 'x-signature', algorithm: 'sha256', encoding: 'hex', prefix: '', content: '{body}', secret: { $secret: 's' }, secretEncoding: 'text', toleranceMs: 300_000 };
const body = Buffer.from('{"a":1}');
const json = { 'content-type': 'application/json' };
const sign = (secret: string, encoding: 'hex' | 'base64' = 'hex', text: string | Buffer = body) => createHmac('sha256', secret).update(text).digest(encoding);

for (const [title, changes, headers, expected] of [
  ['the right one starts a run', {}, { 'x-signature': sign('s') }, []],
  ['the previous secret counts as well', { previousSecret: { $secret: 'old' } }, { 'x-signature': sign('old') }, []],
  ['without the setting it does not', {}, { 'x-signature': sign('old') }, [[401, 'SIGNATURE_INVALID', 'The signature is wrong: it was made with another secret, or of another content.']]],
  ['a missing one is said', {}, {}, [[401, 'SIGNATURE_INVALID', 'There is no signature: the header x-signature is missing.']]],
  ['a provider that wants no body gets none', { scheme: 'xero' }, { 'x-xero-signature': 'AAAA' }, [[401, undefined, undefined]]],
] as const) {
  test(`signature: ${title}`, async () => {
    const { event, answers } = await send({ signature: { ...signature, ...changes } }, { body, headers: { ...json, ...headers } });
    assert.equal(event !== undefined, expected.length === 0);
    assert.deepEqual(answers.map(({ status, body: told }) => [status, (told as { code?: string } | undefined)?.code, (told as { detail?: string } | undefined)?.detail]), expected);
  });
}

const challenge = '{"type":"url_verification","challenge":"3eZb"}';
const slackTime = String(now / 1000);

for (const [title, scheme, text, headers, expected] of [
  ['Slack gets its challenge back', 'slack', challenge, { ...json, 'x-slack-request-timestamp': slackTime, 'x-slack-signature': `v0=${sign('s', 'hex', `v0:${slackTime}:${challenge}`)}` }, { status: 200, headers: { 'content-type': 'text/plain' }, body: '3eZb' }],
  ['the intent to receive of Xero is answered', 'xero', '{"events":[]}', { ...json, 'x-xero-signature': sign('s', 'base64', '{"events":[]}') }, { status: 200, headers: { 'content-type': 'text/plain' }, body: undefined }],
  ['a wrong one is not', 'xero', '{"events":[]}', { ...json, 'x-xero-signature': sign('x', 'base64', '{"events":[]}') }, { status: 401, headers: {}, body: undefined }],
  ['the unsigned ping of WooCommerce is answered', 'woocommerce', 'webhook_id=7', { 'content-type': 'application/x-www-form-urlencoded' }, { status: 200, headers: { 'content-type': 'text/plain' }, body: '' }],
] as const) {
  test(`who tries the address out starts no run: ${title}`, async () => {
    const { event, answers } = await send({ signature: { ...signature, scheme } }, { body: Buffer.from(text), headers });
    assert.equal(event, undefined);
    assert.deepEqual(answers, [expected]);
  });
}

test('the answer of a provider that wants no body is empty', async () => {
  const { event, answers } = await send({ signature: { ...signature, scheme: 'xero' } }, { body, headers: { ...json, 'x-xero-signature': sign('s', 'base64') } });
  event?.accepted?.({ id: '1' });
  assert.deepEqual(answers, [{ status: 200, headers: { 'content-type': 'application/json' }, body: undefined }]);
});

test('a secret that is changed counts after five seconds, and one that is gone ends the trigger with an answer', async () => {
  const answers: HttpResponse[] = [];
  const time = { now };
  const secrets: Record<string, string> = { s: 'first' };
  const requests = [['first', 0, 'first'], ['second', 4_999, 'second'], ['second', 5_001, 'second'], ['second', 10_100, undefined]] as const;
  const context = {
    signal: new AbortController().signal, log: { info() {} }, clock: { now: () => time.now, sleep: async () => undefined },
    secret: async (name: string) => secrets[name] ?? Promise.reject(new FlowError('SECRET_MISSING', 'gone')),
    async *requests() {
      for (const [signed, at, value] of requests) {
        time.now = now + at;
        if (value === undefined) delete secrets['s'];
        else secrets['s'] = value;
        yield { method: 'POST', url: '/', query: {}, headers: { ...json, 'x-signature': sign(signed) }, body, receivedAt: time.now, respond: (answer: HttpResponse) => void answers.push(answer) };
      }
    },
  } as unknown as TriggerContext;
  const events: TriggerEvent[] = [];
  await assert.rejects(async () => { for await (const event of webhook.events({ ...settings, signature } as never, context)) events.push(event); }, { code: 'SECRET_MISSING' });
  assert.equal(events.length, 2);
  assert.deepEqual(answers.map(({ status }) => status), [401, 503]);
});

test('where no run could be accepted the caller is told so', async () => {
  for (const [error, status] of [[new FlowError('STORAGE_FAILED', 'private'), 503], [new FlowError('CONFIG_INVALID', 'private'), 500], [new Error('private'), 500]] as const) {
    const { event, answers } = await send({}, {});
    event?.failed?.(error);
    assert.equal(answers[0]?.status, status);
    assert.ok(!JSON.stringify(answers).includes('private'));
  }
});

test('the secret in a query is no data', async () => {
  const token = { ...signature, scheme: 'token', header: undefined, parameter: 'key' };
  assert.deepEqual((await send({ methods: ['*'], signature: token }, { method: 'PROPFIND', query: { key: 's', id: '1' } })).event?.payload, { body: { id: '1' }, mediaType: 'application/json', meta: {} });
  assert.deepEqual((await send({ signature: token }, { body, headers: json, query: { key: 's', id: '1' } })).event?.payload, { body: { a: 1 }, mediaType: 'application/json', meta: { 'query.id': '1' } });
});

test('a delivery that the provider names has that key', async () => {
  const headers = { ...json, 'x-hub-signature-256': `sha256=${sign('s')}`, 'x-github-delivery': 'd1', 'x-mine': 'm1' };
  assert.equal((await send({ signature: { ...signature, scheme: 'github' } }, { body, headers })).event?.key, 'd1');
  assert.equal((await send({ deliveryHeader: 'X-Mine', signature: { ...signature, scheme: 'github' } }, { body, headers })).event?.key, 'm1');
  assert.equal((await send({}, { body, headers })).event?.key, undefined);
});

test('bytes and XML are handed on as they came', async () => {
  const xml = await send({}, { headers: { 'content-type': 'text/xml' }, body: Buffer.from('<a/>'), query: { shop: 'eu' } });
  assert.deepEqual(xml.event?.payload, { body: Buffer.from('<a/>'), mediaType: 'text/xml', meta: { 'query.shop': 'eu' } });
  const named = await send({}, { headers: { 'content-type': 'text/plain; charset=windows-1252' }, body: Buffer.from('é', 'latin1') });
  assert.deepEqual(named.event?.payload, { body: 'é', mediaType: 'text/plain', meta: {} });
  const bytes = await send({}, { body: Buffer.from('{"a":1}') });
  assert.deepEqual(bytes.event?.payload, { body: Buffer.from('{"a":1}'), mediaType: 'application/octet-stream', meta: {} });
});
