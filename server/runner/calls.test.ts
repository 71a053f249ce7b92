import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { FlowError } from '../../plugins/sdk/index.ts';
import { createCalls } from './calls.ts';

test('an error comes whole from the other thread', async () => {
  const { port1, port2 } = new MessageChannel();
  const error = new FlowError('CONFIG_INVALID', 'The queue is none.', { details: { queue: 'orders', odd: () => undefined }, remedy: 'Give its address.', retryAfter: 5, place: { file: 'flows/a.flow.json', pointer: '/steps' } });
  createCalls(port1, { fail: () => { throw error; } });
  const calls = createCalls<{ fail(args: undefined): void }>(port2, {});
  try {
    await assert.rejects(() => calls.call('fail', undefined), (got) => {
      assert.ok(FlowError.is(got));
      const { code, message, remedy, retryAfter, place } = got;
      assert.deepEqual({ code, message, remedy, retryAfter, place }, { code: error.code, message: error.message, remedy: 'Give its address.', retryAfter: 5, place: error.place });
      return true;
    });
  } finally {
    port1.close();
  }
});
