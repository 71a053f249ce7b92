import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as fc from 'fast-check';
import catalogFile from '../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from '../server/model/catalog.ts';
import { ruleScript } from '../server/model/rule-script.ts';
import { transformCode } from '../server/model/transform-code.ts';
import type { Runner } from '../server/runner/contract.ts';
import { openRunner } from '../server/runner/runner.ts';

// A rule whose transforms became a script maps as it did before.

const catalog = catalogFile as Catalog;
const root = mkdtempSync(join(tmpdir(), 'patchbay-rule-scripts-'));
let runner: Runner;
before(async () => {
  for (const folder of ['flows', 'scripts']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'patchbay.json'), '{ "version": 1 }');
  runner = await openRunner({ root, editorSecrets: new Map() });
});
after(async () => {
  await runner[Symbol.asyncDispose]();
  rmSync(root, { recursive: true });
});

type Rule = Readonly<Record<string, unknown>>;
let made = 0;

/** What the rule makes of a record; `undefined` where it fails. */
async function mapped(rule: Rule, body: unknown): Promise<unknown> {
  const flow = `f${made++}`;
  writeFileSync(join(root, `flows/${flow}.flow.json`), JSON.stringify({ version: 1, start: 'm', settings: { recording: 'none' }, steps: { m: { shape: 'map', settings: { rules: [rule] } } } }));
  const { outputs, failures } = await (await runner.start({ flow, trigger: 'manual', payload: { body, mediaType: 'application/json' } })).done;
  // As it is sent: of several sources one that is missing is null then.
  return failures.length > 0 ? undefined : JSON.parse(JSON.stringify(outputs));
}

/** The rule after it is converted; `undefined` where this is refused. */
function converted(rule: Rule): Rule | undefined {
  const name = `s${made++}`;
  try {
    const { text, changes } = ruleScript({ rules: [rule] }, 0, name, catalog);
    writeFileSync(join(root, `scripts/${name}.ts`), text);
    return { ...rule, ...Object.fromEntries(changes.map((change) => [String(change.path.at(-1)), (change as { readonly value: unknown }).value])) };
  } catch (error) {
    assert.match((error as Error).message, /cannot be written as a script/);
    return undefined;
  }
}

async function check(rule: Rule, record: unknown): Promise<void> {
  const script = converted(rule);
  if (script) assert.deepEqual(await mapped(script, record), await mapped(rule, record), JSON.stringify({ rule, script, record }));
}

describe('one rule', () => {
  const cases: readonly (readonly [what: string, rule: Rule, record: unknown])[] = [
    ['what is missing is kept', { from: 'b', to: 'b', transforms: [{ type: 'map-values', settings: { values: { a: '1' }, otherwise: 'keep' } }] }, {}],
    ['null is kept', { from: 'b', to: 'b', transforms: [{ type: 'map-values', settings: { values: { a: '1' }, otherwise: 'keep' } }] }, { b: null }],
    ['a list whose items lack the field', { from: 'lines[*].zzz', to: 'b', transforms: [{ type: 'concatenate' }] }, { lines: [{}] }],
    ['a text of an empty list', { from: 'lines[*].k', to: 'b', transforms: [{ type: 'trim' }] }, { lines: [{}] }],
    ['a condition of the record beside that of an item', { from: 'lines[*].k', to: 'to[*].k', transforms: [{ type: 'trim' }], when: [{ field: 'b', is: 'exists' }] }, { lines: [{ k: ' x ' }] }],
    ['conditions of what is gathered', { from: 'lines[*].k', to: 'b', transforms: [{ type: 'concatenate' }], default: '-', when: [{ field: 'lines[*].n', value: 2 }] }, { lines: [{ k: 'x', n: 1 }, { k: 'y', n: 2 }] }],
    ['a target that ends a comment', { from: 'a', to: '["*/ boom"]', transforms: [{ type: 'trim' }] }, { a: ' x ' }],
  ];
  for (const [what, rule, record] of cases) test(what, () => check(rule, record));
});

test('any rule', { timeout: 120_000 }, async () => {
  const transform = fc.constantFrom(...Object.keys(transformCode).flatMap((type) => (catalog.plugins.find((plugin) => plugin.kind === 'transform' && plugin.type === type)?.examples ?? []).map((example) => ({ type, settings: (example as { readonly settings: unknown }).settings }))));
  const source = fc.constantFrom('a', 'b', 'missing', 'lines[*].k', 'lines[*].zzz', 'lines', 'groups[*].lines[*].k');
  const value = fc.constantFrom('', ' x ', 'a', '1.5', null, 0, true);
  const record = (key: string) => fc.record({ [key]: value }, { requiredKeys: [] });
  const lines = fc.array(record('k'), { maxLength: 3 });
  await fc.assert(fc.asyncProperty(
    fc.record({
      from: fc.oneof(source, fc.array(source, { minLength: 1, maxLength: 3 })), to: fc.constantFrom('to', 'to[*].k', 'to[*].lines[*].k'), transforms: fc.array(transform, { minLength: 1, maxLength: 2 }), default: fc.constantFrom('d', 0),
      when: fc.subarray([{ field: 'a', is: 'exists' }, { field: 'lines[*].k', is: 'is-not-empty' }, { any: [{ field: 'groups[*].lines[*].k', is: 'is-not-empty' }, { field: 'b', is: 'is-empty' }] }], { minLength: 1 }),
    }, { requiredKeys: ['from', 'to', 'transforms'] }),
    fc.record({ a: value, b: value, lines, groups: fc.array(fc.record({ lines }, { requiredKeys: [] }), { maxLength: 2 }) }, { requiredKeys: [] }),
    check,
  ), { seed: 7, numRuns: 40 });
});
