import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Catalog } from './catalog.ts';
import type { Flow } from './flow.ts';
import { lookupUsesInFlow, lookupUsesInMap } from './lookup-uses.ts';

const root = join(import.meta.dirname, '..', '..');
const catalog = JSON.parse(readFileSync(join(root, 'plugins', 'catalog.json'), 'utf8')) as Catalog;
const flow = JSON.parse(readFileSync(join(root, 'samples', 'brook-and-co', 'flows', 'import-orders.flow.json'), 'utf8')) as Flow;

test('a rule of a flow that looks something up', () => {
  const [found, ...others] = lookupUsesInFlow(catalog, flow, 'country-codes');
  assert.match(found ?? '', /^\/steps\/[^/]+\/settings\/rules\/\d+\/transforms\/0\/settings\/lookup$/);
  assert.deepEqual(others, []);
  assert.deepEqual(lookupUsesInFlow(catalog, flow, 'country'), []);
});

test('a mapping file; a text that is the name and no reference', () => {
  const rules = [{ from: '$.a', to: 'prices', transforms: [{ type: 'text' }, { type: 'cross-reference-lookup', settings: { lookup: 'prices', left: 'prices' } }] }];
  assert.deepEqual(lookupUsesInMap(catalog, { rules }, 'prices'), ['/rules/0/transforms/1/settings/lookup']);
});

test('what is half-written is none', () => assert.deepEqual(lookupUsesInFlow(catalog, { steps: { a: { shape: 'nothing' }, b: { shape: 'map', settings: { rules: [null, 1, { transforms: 'x' }] } } } } as Partial<Flow>, 'x'), []));
