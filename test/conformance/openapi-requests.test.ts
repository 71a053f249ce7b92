import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { after, before, test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { importText } from '../../server/imports/import.ts';
import { publishedDescriptions } from '../bench/imports.ts';
import { differenceRules, rulesOf } from '../support/openapi-differences.ts';
import { compareRequests, readDescription, type Compared } from '../support/openapi-oracle.ts';
import { listenWire, type Wire } from '../support/wire.ts';

/**
 * How many operations of a description are sent otherwise than by swagger-client, by the rule that says why. One that is not named here has none, or is not
 * among the descriptions that this was written with: then it prints what it has.
 */
const known: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'algolia-search.yaml': {},
  'openai.yaml': { 'form-list': 1, 'json-part': 2, 'query-in-path': 4 },
  'slack.json': {},
  'square.json': { 'json-part': 4 },
};

const files = publishedDescriptions();
let wire: Wire;
before(async () => { wire = await listenWire(); });
after(() => wire[Symbol.asyncDispose]());
let equal = 0;

for (const file of files) {
  test(`requests of ${basename(file)}`, async (context) => {
    const text = readFileSync(file, 'utf8');
    let result;
    try {
      result = importText('openapi', text);
    } catch (error) {
      assert.ok(FlowError.is(error, 'DATA_INVALID'));
      return context.skip('skipped: it is not valid');
    }
    const root = readDescription(text);
    const [least, most] = [await compareRequests(wire, root, result, false), await compareRequests(wire, root, result, true)];
    assert.ok(least.length > 5 && least.length === Object.keys(result.manifest.endpoints).length);
    const both = least.map((one, index) => ({ operation: one.operation, rules: [...rulesOf(one), ...rulesOf(most[index]!)], causes: [...causesOf(one), ...causesOf(most[index]!)] }));
    assert.deepEqual(both.filter(({ rules }) => rules.includes(undefined)).map(({ operation, causes }) => `${operation}: ${causes.join(', ')}`), []);
    const counts = countsOf(both.map(({ rules }) => new Set(rules as string[])));
    if (Object.hasOwn(known, basename(file))) assert.deepEqual(counts, known[basename(file)]);
    const same = both.filter(({ rules }) => rules.length === 0).length;
    equal += same;
    context.diagnostic(`${same} of ${both.length} operations are the same on the wire, with the least and with all parameters${Object.entries(counts).map(([rule, count]) => `; ${rule}: ${count}`).join('')}`);
  });
}

test('the requests of the descriptions', { skip: files.length === 0 && 'skipped: there are no published descriptions' }, (context) => {
  assert.ok(equal >= 300, `${equal} operations are the same`);
  context.diagnostic(`${equal} operations are the same on the wire`);
  for (const [name, { reason }] of Object.entries(differenceRules)) context.diagnostic(`${name}: ${reason}`);
});

const causesOf = ({ differences }: Compared): readonly string[] => differences;

function countsOf(all: readonly ReadonlySet<string>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const rules of all) for (const rule of rules) counts[rule] = (counts[rule] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([one], [other]) => (one < other ? -1 : 1)));
}
