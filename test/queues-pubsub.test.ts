import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { createPayload } from '../server/engine/payload.ts';
import { call } from './support/connector-host.ts';
import { failing, hostOf, serve } from './support/queue-world.ts';
import { pubsubCase } from './support/pubsub-server.ts';

test('pubsub: a token is asked for once, and anew where it is refused', async () => {
  const one = pubsubCase();
  await using world = await serve(one.answer);
  await using host = hostOf(one, world.origin);
  const send = async (): Promise<void> => assert.equal((await call(host, { endpoint: 'send', payload: createPayload({ id: 'p', body: 1 }) })).error, undefined);
  await send();
  await send();
  assert.deepEqual(one.server.tokens, ['token-1']);
  one.server.forget();
  await send();
  assert.deepEqual(one.server.tokens, ['forgotten', 'token-2']);
});

test('pubsub: what is wrong is said', async () => {
  const one = pubsubCase();
  await using world = await serve(one.answer);
  assert.deepEqual(await failing(one, world.origin, { topic: 'none' }), ['REMOTE_REJECTED', 'Pub/Sub refused the request with 404: NOT_FOUND There is no such topic.']);
  assert.equal((await failing({ ...one, credentials: () => ({ serviceAccount: '{}' }) }, world.origin))[0], 'CONFIG_INVALID');
  const other = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }).privateKey;
  assert.equal((await failing({ ...one, credentials: () => ({ serviceAccount: JSON.stringify({ client_email: 'robot@shop.test', private_key: other, token_uri: `${world.origin}/token` }) }) }, world.origin))[0], 'AUTH_REJECTED');
});

test('pubsub: a request holds seven megabytes at most with all attributes, or one message', async () => {
  const one = pubsubCase();
  const sizes: number[] = [];
  await using world = await serve((asked) => {
    if (asked.path.endsWith(':publish')) sizes.push((asked.json['messages'] as unknown[]).length);
    return one.answer(asked);
  });
  await using host = hostOf(one, world.origin, { each: 'record' });
  const megabytes = (count: number): string => 'x'.repeat(count * 1_000_000);
  const { bodies, error } = await call(host, { endpoint: 'send', payload: createPayload({ id: 'p', body: [megabytes(3), megabytes(3.999), 'x'.repeat(1_000), megabytes(8), 'b', 'c'] }) });
  assert.deepEqual([error, (bodies[0] as { sent: number }).sent, sizes], [undefined, 6, [2, 1, 1, 2]]);
  sizes.length = 0;
  await using marked = hostOf(one, world.origin, { each: 'record', attributes: { note: 'ü'.repeat(500_000) }, orderingKey: 'o'.repeat(500_000) });
  assert.deepEqual([(await call(marked, { endpoint: 'send', payload: createPayload({ id: 'p', body: Array.from({ length: 8 }, () => 'a') }) })).error, sizes], [undefined, [4, 4]]);
});
