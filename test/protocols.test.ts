import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineConnector, defineEndpoint, type CheckpointOptions, type Plugin } from '../plugins/sdk/index.ts';
import { openEndpoint } from '../server/engine/manifest.ts';
import { openContext } from '../server/engine/open-context.ts';
import { createPayload } from '../server/engine/payload.ts';
import { protocolHost } from './support/protocol-host.ts';

/** Sends two batches; the answer to each comes with its checkpoint. */
const plugin = defineConnector()({
  type: 'parcels', title: 'Parcels', summary: 'Sends parcels.', settings: { type: 'object', properties: {}, additionalProperties: false }, credentials: { type: 'object', properties: {}, additionalProperties: false }, examples: [],
  endpoints: {
    send: defineEndpoint()({
      title: 'Send', summary: 'Sends.', direction: 'send', params: { type: 'object', properties: {}, additionalProperties: false },
      async *call(payload, _params, context) {
        for (const next of [1, 2]) {
          context.checkpoint({ next }, { withNext: true });
          yield payload.with({ body: { next } });
        }
      },
    }),
  },
  address: () => 'parcels://here', connect: async () => ({ client: undefined, close: async () => undefined }),
});

for (const [passesInput, bodies, waits] of [[false, [{ next: 1 }, { next: 2 }], true], [true, ['given'], false]] as const) {
  test(`a checkpoint ${waits ? 'waits for the answer that is given out with it' : 'does not wait for an answer that is not given out, since the payload goes on instead'}`, async () => {
    await using host = protocolHost({ plugin: plugin as unknown as Plugin, settings: {}, credentials: {}, endpoints: { send: { direction: 'send', call: 'send' } } });
    const open = await openEndpoint(host, { instance: 'shop', endpoint: 'send', run: 'run-1', step: 's', open: openContext(host), emit: () => undefined });
    const checkpoints: unknown[] = [];
    const context = { signal: new AbortController().signal, now: 0, clock: host.clock, settings: {}, checkpoint: (state: unknown, options: CheckpointOptions) => void checkpoints.push([state, options.withNext]) };
    const given: unknown[] = [];
    for await (const payload of open(createPayload({ id: 'p', body: 'given' }), {}, context as never, { passesInput })) given.push(await payload.json());
    assert.deepEqual(given, bodies);
    assert.deepEqual(checkpoints, [[{ next: 1 }, waits], [{ next: 2 }, waits]]);
  });
}
