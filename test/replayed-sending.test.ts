import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Script } from '../plugins/sdk/index.ts';
import type { EngineHost } from '../server/engine/host.ts';
import { createPayload } from '../server/engine/payload.ts';
import { replayHost } from '../server/engine/replay.ts';
import { bodiesOf, eventsOf, runFlow } from './support/engine-host.ts';
import { bytesOf, peerHost, startPeer } from './support/http-peer.ts';

/** Adds a sum before, and reads what is wrapped after. */
const scripts: Readonly<Record<string, (input: never) => unknown>> = {
  'sum.ts': ({ request }: { readonly request: { readonly body: string } }) => ({ headers: { 'x-sum': String(request.body.length) } }),
  'unwrap.ts': ({ response }: { readonly response: { readonly status: number; readonly body: { readonly data?: unknown } } }) => (response.status === 200 ? { body: response.body.data } : undefined),
};

test('a replay runs the scripts again, waits for nothing and asks nobody', async () => {
  const asked: unknown[] = [];
  await using peer = await startPeer(async (request, response) => {
    const body = (await bytesOf(request)).toString();
    asked.push([request.headers['x-sum'], body]);
    const status = asked.length === 2 ? 409 : 200;
    response.writeHead(status, { 'content-type': 'application/json', 'x-wait': '5' }).end(JSON.stringify({ data: { took: JSON.parse(body) as unknown } }));
  });
  await using world = peerHost(peer, { it: {
    per: 'record', before: { script: 'sum.ts' }, after: { script: 'unwrap.ts' }, rateLimits: [{ concurrency: 1, requests: 50, perMs: 1_000 }],
    errors: [{ when: { status: [409] }, action: 'wait' }], retry: { delayMs: 1, waits: [{ value: '{{ headers["x-wait"] }}', as: 'milliseconds' }] },
  } });
  const raw: Uint8Array[] = [];
  const script = async (file: string): Promise<Script> => ({ run: async (inputs) => inputs.map((input) => ({ output: scripts[file]!(input as never) })), [Symbol.asyncDispose]: async () => undefined });
  const host: EngineHost = {
    ...world, workspace: { ...world.workspace, script },
    bodies: { ...world.bodies, keepRaw: (body) => ({ hash: `raw-${raw.push(typeof body === 'string' ? new TextEncoder().encode(body) : body) - 1}`, size: body.length }) },
  };
  const story = { steps: { send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'it', saveResponse: true } } }, body: [{ id: 1 }, { id: 2 }] };
  const told = await runFlow({ host, ...story });
  assert.deepEqual([told.status, bodiesOf(told)], ['success', [{ took: { id: 1 } }, { took: { id: 2 } }]]);
  assert.deepEqual(asked, [['8', '{"id":1}'], ['8', '{"id":2}'], ['8', '{"id":2}']]);

  const replay = replayHost(host, {
    *rows() {
      for (const [index, event] of told.events.entries()) yield { seq: index + 1, event, isDone: true };
    },
    load: async (head) => createPayload({ id: head.id, mediaType: head.mediaType, body: story.body }),
    value: async () => undefined,
  }, { body: async ({ responseBody = '' }) => raw[Number(responseBody.slice('raw-'.length))] ?? new Uint8Array() });
  const again = await runFlow({ host: replay.host, ...story });
  assert.deepEqual([again.status, bodiesOf(again), asked.length], ['success', bodiesOf(told), 3]);
  assert.deepEqual(eventsOf(again, 'exchange').map(({ exchange }) => [exchange.status, exchange.requestHeaders['x-sum']]), eventsOf(told, 'exchange').map(({ exchange }) => [exchange.status, exchange.requestHeaders['x-sum']]));
});
