import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { createInFlight } from './incoming.ts';

test('whoever waits for room leaves nothing behind', async () => {
  const inFlight = createInFlight(assert.fail);
  const { signal } = new AbortController();
  for (let count = 0; count < 50; count++) {
    const event = inFlight.event({ body: new Uint8Array(1), contentType: 'a/b', meta: {}, key: undefined } as never, { format: 'bytes', overlap: 'parallel' } as never, { taken: () => undefined, refused: () => undefined });
    setImmediate(() => event.accepted!({ id: 'run' }));
    await inFlight.below(1, signal);
  }
  assert.deepEqual([inFlight.size, getEventListeners(signal, 'abort').length], [0, 0]);
});
