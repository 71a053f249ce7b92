import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowWorkspace } from '../protocol/flow.ts';
import { formNames } from './names.ts';

const workspace: FlowWorkspace = { instances: [{ id: 'shop', connector: 'acme', missingSecrets: [] }], connectors: [], flows: ['orders'], scripts: ['scripts/a.ts'], schemas: ['schemas/a.json'], lookups: ['codes'], maps: ['address', 'eu/order'], groups: ['ops'], environments: [] };
const names = formNames({ plugins: [] }, workspace);

for (const [ref, offered, file] of [
  ['instance', ['shop'], 'instances/shop.instance.json'], ['flow', ['orders'], 'flows/orders.flow.json'], ['script', ['scripts/a.ts'], 'scripts/a.ts'], ['schema', ['schemas/a.json'], 'schemas/a.json'], ['lookup', ['codes'], 'lookups/codes.csv'],
  ['map', ['address', 'eu/order'], 'maps/address.map.json'], ['group', ['ops'], undefined], ['nothing', [], undefined],
] as const) {
  test(`names of a ${ref}`, () => {
    assert.deepEqual(names.options(ref, {}).map(({ value }) => value), offered);
    assert.equal(names.file(ref, offered[0] ?? 'x'), file);
    assert.equal(names.file(ref, 'other'), undefined);
  });
}
