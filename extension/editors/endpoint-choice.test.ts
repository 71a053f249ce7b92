import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EndpointManifest } from '../../server/model/connector.ts';
import type { Imported } from '../../server/model/import-plan.ts';
import { mostCharacters } from '../../server/model/read.ts';
import { choicesOf, chosenAfter, chosenPart, tickedOf } from './endpoint-choice.ts';

const endpoint = (path: string, more: Partial<EndpointManifest> = {}): EndpointManifest => ({ title: `Of ${path}`, direction: 'receive', method: 'GET', path, ...more });

const shop: Imported = {
  connector: 'shop', operations: 4, auth: [], skipped: [{ what: 'A', why: 'B' }], suggestions: [{ kind: 'pagination', endpoint: 'items.list', value: {}, score: 1, why: 'C' }],
  manifest: {
    version: 1, title: 'Shop', baseUrl: 'https://shop.test', baseUrls: { stock: 'https://{{ instance.region }}.stock.test' }, variables: { region: { type: 'string' } },
    endpoints: { 'orders.list': endpoint('/orders'), 'orders.get': endpoint('/orders/{{ params.id }}'), 'items.list': endpoint('/items', { baseUrl: 'stock' }), 'ping.get': endpoint('/ping') },
  },
  tags: { 'orders.list': ['Orders', 'Public'], 'orders.get': ['Orders'], 'items.list': ['Stock', 'Public'] },
};
const all = new Set(Object.keys(shop.manifest.endpoints));
const choices = choicesOf(shop);

test('the rows: tags with their number, then endpoints by name, with address, tags and title to search in', () => assert.deepEqual(choices.map(({ label, description, detail }) => [label, description, detail]), [
  ['Orders', '2 endpoints', undefined], ['Public', '2 endpoints', undefined], ['Stock', '1 endpoint', undefined],
  ['orders.list', 'GET /orders · Orders · Public', 'Of /orders'], ['orders.get', 'GET /orders/{id} · Orders', 'Of /orders/{{ params.id }}'], ['items.list', 'GET /items · Stock · Public', 'Of /items'], ['ping.get', 'GET /ping', 'Of /ping'],
]));

test('a tag that all have tells nothing apart, and no tags are none', () => {
  assert.deepEqual(choicesOf({ ...shop, tags: Object.fromEntries([...all].map((name) => [name, ['All']])) }).filter(({ isTag }) => isTag), []);
  const { tags: _tags, ...untagged } = shop;
  assert.equal(choicesOf(untagged).length, 4);
});

describe('ticks', () => {
  const change = (before: readonly string[], flipped: readonly string[]): { readonly chosen: readonly string[]; readonly tags: readonly string[] } => {
    const ticked = new Set(tickedOf(choices, new Set(before)));
    for (const choice of choices) if (flipped.includes(choice.label) && !ticked.delete(choice)) ticked.add(choice);
    const chosen = chosenAfter(choices, new Set(before), [...ticked]);
    return { chosen: [...chosen].toSorted(), tags: tickedOf(choices, chosen).flatMap(({ isTag, label }) => (isTag ? [label] : [])) };
  };
  for (const [what, before, flipped, chosen, tags] of [
    ['nothing changes', ['ping.get'], [], ['ping.get'], []],
    ['a tag ticks its endpoints', [], ['Orders'], ['orders.get', 'orders.list'], ['Orders']],
    ['a tag that is not ticked any more takes them away, also from another tag', [...all], ['Orders'], ['items.list', 'ping.get'], ['Stock']],
    ['an endpoint that is taken away takes the ticks of its tags away', [...all], ['items.list'], ['orders.get', 'orders.list', 'ping.get'], ['Orders']],
    ['the last endpoint of a tag ticks it', ['orders.list'], ['orders.get'], ['orders.get', 'orders.list'], ['Orders']],
    ['all at once', [], choices.map(({ label }) => label), [...all].toSorted(), ['Orders', 'Public', 'Stock']],
    ['none at once', [...all], choices.map(({ label }) => label), [], []],
  ] as const) test(what, () => assert.deepEqual(change(before, flipped), { chosen, tags }));
});

describe('the part', () => {
  test('all is the import as it is', () => assert.equal(chosenPart(shop, all), shop));

  test('some have what they need, and the report says what was left out', () => {
    const { manifest, skipped, suggestions, tags } = chosenPart(shop, new Set(['orders.list', 'ping.get']));
    assert.deepEqual([Object.keys(manifest.endpoints), manifest.baseUrls, manifest.variables], [['orders.list', 'ping.get'], undefined, undefined]);
    assert.deepEqual([skipped, suggestions, tags], [[{ what: '2 endpoints', why: 'Not asked for.' }, { what: 'A', why: 'B' }], [], { 'orders.list': ['Orders', 'Public'] }]);
    assert.deepEqual(Object.keys(chosenPart(shop, new Set(['items.list'])).manifest.variables!), ['region']);
  });

  test('what no file can hold is refused with the way out', () => {
    const long: Imported = { ...shop, manifest: { ...shop.manifest, endpoints: { ...shop.manifest.endpoints, 'big.list': endpoint('/big', { summary: 'x'.repeat(mostCharacters) }) } } };
    assert.throws(() => chosenPart(long, new Set([...all, 'big.list'])), /a file may have 10000000\. Choose fewer endpoints/);
    assert.equal(Object.keys(chosenPart(long, all).manifest.endpoints).length, 4);
  });
});
