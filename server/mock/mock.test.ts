import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { call, connectorHost, type Called } from '../../test/support/connector-host.ts';
import { mockWays, wayManifest, type MockWay } from '../../test/support/mock-ways.ts';
import type { ConnectorManifest } from '../model/connector.ts';
import { openTransport } from '../runner/transport.ts';
import { createCollections } from './collections.ts';
import { faultKinds, type Fault } from './faults.ts';
import { startMock, type Mock } from './mock-server.ts';

const transport = openTransport();
after(() => transport[Symbol.asyncDispose]());

const idsIn = ({ bodies }: Called): unknown[] => bodies.flatMap((body) => (typeof body === 'string' ? [...body.matchAll(/<record><id>(\d+)<\/id>/g)].map(([, id]) => Number(id)) : ((Array.isArray(body) ? body : [body]) as readonly { id: unknown }[]).map(({ id }) => id)));
const idsOf = (manifest: ConnectorManifest, count: number): unknown[] => createCollections({ manifest, count, seed: 1 }).of('it').records.map((record) => (record as { id: unknown }).id);

async function page(way: MockWay, records: number, faults: readonly Fault[] = []): Promise<Called & { readonly mock: Mock }> {
  const manifest = wayManifest(way);
  const host = connectorHost({});
  await using mock = await startMock({ host, connector: 'shop', manifest, records, faults });
  const timeoutMs = faults.some(({ kind }) => kind === 'time-out') ? 150 : 30_000;
  const called = await call(connectorHost({ transport, connector: { baseUrl: mock.url }, endpoint: { ...manifest.endpoints['it'], timeoutMs } }));
  return { ...called, mock };
}

const titleOf = ({ pagination: { type, settings }, endpoint }: MockWay): string => `${type} ${JSON.stringify(settings ?? {})}${endpoint?.records === undefined ? '' : ` ${endpoint.records}`}`;

describe('every record once, in order, by the real engine', () => {
  for (const [index, way] of mockWays(5).entries()) {
    test(titleOf(way), async () => {
      await fc.assert(fc.asyncProperty(fc.nat(23), fc.integer({ min: 1, max: 9 }), async (records, size) => {
        const sized = mockWays(size)[index]!;
        const called = await page(sized, records);
        assert.deepEqual([called.error?.message, idsIn(called)], [undefined, idsOf(wayManifest(sized), records)]);
      }), { numRuns: 8, seed: 3 });
    });
  }
});

/** What the endpoint gives once, whatever goes wrong, or an error that names it. */
const named: Readonly<Record<(typeof faultKinds)[number], readonly string[]>> = {
  'rate-limit': [], error: [], 'time-out': [], slow: [], cut: [], reset: [], 'schema-drift': [],
  unauthorized: ['AUTH_REJECTED'], 'broken-json': ['REMOTE_FORMAT'], 'repeated-token': ['PAGE_REPEATED', 'REMOTE_FORMAT'],
};

describe('once each or a named error', () => {
  for (const kind of faultKinds) {
    for (const way of mockWays(4)) {
      test(`${kind}: ${titleOf(way)}`, async () => {
        const called = await page(way, 11, [{ kind, page: 2, ms: 5 }]);
        const ids = idsIn(called);
        const all = idsOf(wayManifest(way), 11);
        if (called.error) assert.ok(named[kind].includes(called.error.code), `${called.error.code}: ${called.error.message}`);
        else assert.deepEqual(ids, all);
        // What was given before the error is a part of it, each once.
        assert.deepEqual(ids, all.slice(0, ids.length));
      });
    }
  }
});
