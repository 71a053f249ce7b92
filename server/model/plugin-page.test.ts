import assert from 'node:assert/strict';
import { test } from 'node:test';
import catalog from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog, CatalogEntry } from './catalog.ts';
import { pluginPage } from './plugin-page.ts';

const { plugins } = catalog as unknown as Catalog;
const rowsOf = (entry: CatalogEntry): readonly string[] => pluginPage(entry).flatMap((line) => /^\| `([^`]+)` \|/.exec(line)?.[1] ?? []);

for (const [type, names] of [
  ['set-variables', ['flow', 'flow[].name', 'flow[].value', 'meta', 'meta[].name', 'meta[].value']],
  // Of a group of conditions within a group the same would be said again.
  ['filter', ['conditions', 'conditions[].field', 'conditions[].of', 'conditions[].is', 'conditions[].value', 'conditions[].type', 'conditions[].timeZone', 'conditions[].any', 'keep', 'records']],
] as const) test(`the fields of ${type}, and those of the items of its lists`, () => assert.deepEqual(rowsOf(plugins.find((one) => one.kind === 'shape' && one.type === type)!), names));

test('the rules of a map, and how conditions compare', () => {
  const page = pluginPage(plugins.find(({ kind, type }) => kind === 'shape' && type === 'map')!).join('\n');
  for (const part of ['| `rules[].from` | string or array |', '| `rules[].to` | string | *required* |', '`rules[].transforms[].settings`', '`rules[].when[].is`', '`is-empty` Missing, null, or an empty text', '`rules[].notes`']) assert.ok(page.includes(part), part);
});
