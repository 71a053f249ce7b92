import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPayload } from '../server/engine/payload.ts';
import { call } from './support/connector-host.ts';
import { failing, hostOf, serve } from './support/queue-world.ts';
import { aws, sqsCase } from './support/sqs-server.ts';

test('sqs: what is wrong is said', async () => {
  const one = sqsCase();
  await using world = await serve(one.answer);
  const [code, message] = await failing(one, world.origin, { queue: 'https://sqs.eu-west-1.amazonaws.com/123/none' });
  assert.deepEqual([code, message], ['REMOTE_REJECTED', 'SQS (SendMessageBatch) refused the request with 400: QueueDoesNotExist: There is no such queue.']);
  assert.deepEqual(await failing(one, world.origin, { queue: 'orders' }), ['CONFIG_INVALID', '“orders” is not the address of a queue.']);
  assert.equal((await failing({ ...one, credentials: () => ({ ...aws, secretAccessKey: 'other' }) }, world.origin))[0], 'AUTH_REJECTED');
  assert.equal((await failing(one, 'http://127.0.0.1:1'))[0], 'REMOTE_UNREACHABLE');
  one.server.breakOnce();
  assert.equal((await failing(one, world.origin))[0], 'REMOTE_STATUS');
});

test('sqs: a message of a FIFO queue is sent once, however often it is tried', async () => {
  const one = sqsCase();
  await using world = await serve(one.answer);
  await using host = hostOf(one, world.origin, { group: 'orders' });
  for (const attempt of [1, 2]) assert.equal((await call(host, { endpoint: 'send', attempt, payload: createPayload({ id: 'p', body: { a: 1 } }) })).error, undefined);
  assert.deepEqual(one.server.messages.map(({ body, group }) => [body, group]), [['{"a":1}', 'orders']]);
});

test('sqs: records that are too long together go in several batches', async () => {
  const one = sqsCase();
  await using world = await serve(one.answer);
  await using host = hostOf(one, world.origin, { each: 'record' });
  const records = Array.from({ length: 10 }, (_, n) => ({ n, text: 'x'.repeat(60_000) }));
  const { error } = await call(host, { endpoint: 'send', payload: createPayload({ id: 'p', body: records }) });
  assert.deepEqual([error, one.server.messages.map(({ body }) => (JSON.parse(body) as { n: number }).n)], [undefined, records.map(({ n }) => n)]);
});
