import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { transform } from 'esbuild';
import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from './catalog.ts';
import { ruleScript } from './rule-script.ts';
import { transformCode } from './transform-code.ts';

const catalog = catalogFile as Catalog;
const ruleOf = (transforms: readonly object[], more: object = {}): object => ({ rules: [{ from: 'a', to: 'b', transforms, ...more }] });

async function run(text: string, values: readonly unknown[]): Promise<unknown> {
  const { default: script } = (await import(`data:text/javascript,${encodeURIComponent((await transform(text, { loader: 'ts' })).code)}`)) as { default: (input: { values: readonly unknown[] }) => readonly unknown[] };
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
