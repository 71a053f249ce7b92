import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { ImportResult } from '../../server/imports/import-result.ts';
import { importText } from '../../server/imports/import.ts';
import { generatedCollections } from '../support/arbitrary-collections.ts';
import { findingsOf } from '../support/imported.ts';
import { collectionRules, collectionRulesOf, compareCollection, itemsOf, type ComparedItem } from '../support/postman-oracle.ts';
import { listenWire, type Wire } from '../support/wire.ts';

let wire: Wire;
before(async () => { wire = await listenWire(); });
after(() => wire[Symbol.asyncDispose]());

test('the requests of generated collections are those of newman', async (context) => {
  const count = 1000;
  const all: ComparedItem[] = [];
  for (const collection of generatedCollections(count, 7)) {
    const result = importText('postman', JSON.stringify(collection));
    assert.deepEqual(findingsOf(result), []);
    assert.ok(result.skipped.some(({ what, why }) => what.startsWith('The scripts of') && why.startsWith('Scripts of Postman are not run')));
    all.push(...(await compareCollection(wire, collection, result)));
  }
  assert.equal(all.length, count);
  assert.deepEqual(unexplained(all), []);
  assert.deepEqual(countsOf(all), { 'part-order': 7 });
  context.diagnostic(`${all.filter(({ differences }) => differences.length === 0).length} of ${all.length} requests are the same on the wire; ${JSON.stringify(countsOf(all))}`);
  for (const [name, { reason }] of Object.entries(collectionRules)) context.diagnostic(`${name}: ${reason}`);
});

/** Published collections, where somebody has them: they are not part of the repository. */
const folder = process.env['PATCHBAY_COLLECTIONS'];
const files = folder !== undefined && existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => join(folder, name)) : [];

test('the requests of published collections', { skip: files.length === 0 && 'skipped: PATCHBAY_COLLECTIONS names no folder with collections' }, async (context) => {
  const all: ComparedItem[] = [];
  let requests = 0;
  for (const file of files) {
    const collection = asWritten(JSON.parse(readFileSync(file, 'utf8'))) as Readonly<Record<string, unknown>>;
    const result = imported(JSON.stringify(collection));
    if (!result) continue;
    assert.deepEqual(findingsOf(result), [], file);
    requests += itemsOf(collection['item']).length;
    all.push(...(await compareCollection(wire, collection, result)));
  }
  assert.deepEqual(unexplained(all), []);
  context.diagnostic(`${all.filter(({ differences }) => differences.length === 0).length} of ${all.length} requests are the same on the wire, out of ${requests} in ${files.length} collections; ${JSON.stringify(countsOf(all))}`);
});

/** Without its scripts, which may change what is sent from then on, and with one value for what is random. */
function asWritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asWritten);
  if (typeof value === 'string') return value.replaceAll(/\{\{\$\w+\}\}/g, 'a7');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name, part]) => name !== 'event' || !Array.isArray(part)).map(([name, part]) => [name, asWritten(part)]));
}

function imported(text: string): ImportResult | undefined {
  try {
    return importText('postman', text);
  } catch (error) {
    assert.ok(FlowError.is(error, 'DATA_INVALID'));
    return undefined;
  }
}

const unexplained = (all: readonly ComparedItem[]): string[] => all.filter((one) => collectionRulesOf(one).includes(undefined)).map(({ name, differences }) => `${name}: ${differences.join(', ')}`);

function countsOf(all: readonly ComparedItem[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of all) for (const rule of new Set(collectionRulesOf(one))) counts[rule ?? 'none'] = (counts[rule ?? 'none'] ?? 0) + 1;
  return counts;
}
