import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { transform } from 'esbuild';
import * as fc from 'fast-check';
import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import castToNumber from '../../plugins/transforms/cast-to-number.ts';
import roundNumber from '../../plugins/transforms/round-number.ts';
import type { Catalog } from './catalog.ts';
import { ruleScript } from './rule-script.ts';
import { transformCode } from './transform-code.ts';

const catalog = catalogFile as Catalog;
const ruleOf = (transforms: readonly object[], more: object = {}): object => ({ rules: [{ from: 'a', to: 'b', transforms, ...more }] });

type Script = (input: { readonly values: readonly unknown[] }) => readonly unknown[];

const load = async (text: string): Promise<Script> => ((await import(`data:text/javascript,${encodeURIComponent((await transform(text, { loader: 'ts' })).code)}`)) as { default: Script }).default;

async function run(text: string, values: readonly unknown[]): Promise<unknown> {
  const script = await load(text);
  // As it crosses into the sandbox and back.
  return JSON.parse(JSON.stringify(script({ values: JSON.parse(JSON.stringify(values)) as unknown[] })));
}

describe('a transform as a script gives what its examples say', () => {
  for (const type of Object.keys(transformCode)) {
    const entry = catalog.plugins.find((plugin) => plugin.kind === 'transform' && plugin.type === type);
    const examples = (entry?.examples ?? []) as readonly { readonly title: string; readonly settings: object; readonly input?: unknown; readonly output?: unknown; readonly error?: string }[];
    test(type, async () => {
      assert.ok(entry && examples.length > 0);
      let tried = 0;
      for (const { title, settings, input, output, error } of examples) {
        let text: string;
        try { text = ruleScript(ruleOf([{ type, settings }]), 0, 'x', catalog).text; } catch (refused) { assert.match((refused as Error).message, /cannot be written as a script/); continue; }
        tried++;
        if (error !== undefined) await assert.rejects(run(text, [input]), title);
        else assert.deepEqual(await run(text, [input]), [output ?? null], title);
      }
      assert.ok(tried > 0, 'no example was tried');
    });
  }
});

describe('a text becomes a number by a script where the transform makes it one, and fails where it fails', () => {
  const digit = fc.integer({ min: 0, max: 9 }).map(String);
  const digits = (maxLength: number) => fc.oneof(fc.string({ unit: digit, minLength: 1, maxLength }), fc.nat({ max: maxLength - 1 }).map((zeros) => `${'0'.repeat(zeros)}1`), fc.nat({ max: maxLength - 1 }).map((zeros) => `1${'0'.repeat(zeros)}`));
  const number = fc.tuple(fc.constantFrom('', '-', '+'), digits(25), fc.option(digits(120)), fc.option(fc.integer({ min: -400, max: 400 }))).map(([sign, whole, part, exponent]) => `${sign}${whole}${part === null ? '' : `.${part}`}${exponent === null ? '' : `e${exponent}`}`);
  const printed = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
  const known = ['0.0000001', '1e-400', '0.000', '-0.0', '9007199254740991', '9007199254740993.0', '1e21', '123e19', '0.30000000000000004', '0.1000000000000000055511151231257827', '8.000000000000001', '+0.5', '.5', '5.'];
  const check = (name: string, plugin: { readonly compile: (settings: never, context: never) => unknown }, settings: object): void => void test(name, async () => {
    const compiled = plugin.compile(settings as never, {} as never) as (value: unknown) => unknown;
    const script = await load(ruleScript(ruleOf([{ type: name, settings }]), 0, 'x', catalog).text);
    const outcome = (make: () => unknown): unknown => { try { return make(); } catch { return 'fails'; } };
    fc.assert(fc.property(fc.oneof(number, printed), (text) => assert.deepEqual(outcome(() => script({ values: [text] })[0]), outcome(() => compiled(text)), text)), { seed: 7, numRuns: 3000, examples: known.map((text): [string] => [text]) });
  });
  check('cast-to-number', castToNumber, { decimal: '.', empty: 'null' });
  check('round-number', roundNumber, { places: 9, mode: 'half-up' });
});

test('a chain is run in its order', async () => {
  const { text, file, changes } = ruleScript(ruleOf([{ type: 'trim' }, { type: 'case', settings: { to: 'upper' } }, { type: 'prefix', settings: { prefix: 'WEB-' } }], { default: 'none' }), 0, 'number', catalog);
  assert.deepEqual(await run(text, [' a1 ', null]), ['WEB-A1', null]);
  assert.deepEqual([file, changes], ['scripts/number.ts', [{ op: 'set', path: ['rules', 0, 'transforms'], value: [{ type: 'script', settings: { script: 'scripts/number.ts' } }] }]]);
});

describe('what was missing is not written', () => {
  const check = (what: string, transforms: readonly object[], more: object, when: unknown): void => void test(what, () => assert.deepEqual(ruleScript(ruleOf(transforms, more), 0, 'x', catalog).changes.find(({ path }) => path.at(-1) === 'when'), when === undefined ? undefined : { op: 'set', path: ['rules', 0, 'when'], value: when }));
  check('one source', [{ type: 'trim' }], {}, [{ field: 'a', is: 'exists' }]);
  check('several, and a condition before', [{ type: 'concatenate' }], { from: ['a', 'c'], when: [{ field: 'd', is: 'is-true' }] }, [{ field: 'd', is: 'is-true' }, { any: [{ field: 'a', is: 'exists' }, { field: 'c', is: 'exists' }] }]);
  check('a default stands in', [{ type: 'trim' }], { default: 0 }, undefined);
  check('a transform stands in', [{ type: 'trim' }, { type: 'null-to-zero' }], {}, undefined);
  check('it is made', [{ type: 'custom-string', settings: { value: 'x' } }], { from: undefined }, undefined);
});

describe('what cannot be written is said', () => {
  const check = (what: string, settings: unknown, name: string, message: RegExp): void => void test(what, () => assert.throws(() => ruleScript(settings, 0, name, catalog), message));
  check('a transform', ruleOf([{ type: 'trim' }, { type: 'lookup', settings: {} }]), 'x', /"Cross-reference lookup" cannot be written as a script\./);
  check('settings', ruleOf([{ type: 'replace', settings: { find: 'a+', regex: true } }]), 'x', /"Replace" cannot be written as a script with these settings/);
  check('an expression', ruleOf([{ type: 'prefix', settings: { prefix: '{{ flow.a }}' } }]), 'x', /as it has an expression/);
  check('a list as a whole', ruleOf([{ type: 'concatenate' }], { from: 'lines[*].sku' }), 'x', /"lines\[\*\]\.sku" cannot be written as a script: they get a list as a whole/);
  check('nothing', ruleOf([]), 'x', /has no transforms/);
  check('a name', ruleOf([{ type: 'trim' }]), 'A B', /cannot be called "A B"/);
  check('no rule', { rules: [] }, 'x', /no rule 1/);
});
