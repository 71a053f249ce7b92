import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Runner } from '../server/runner/contract.ts';
import { openRunner } from '../server/runner/runner.ts';

// Maps in a workspace: mapping files, scripts of fields, lookups in caches, and what of them goes into a version.

const folder = mkdtempSync(join(tmpdir(), 'patchbay-maps-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

type Files = Readonly<Record<string, unknown>>;
type Steps = Readonly<Record<string, { readonly shape: string; readonly settings?: unknown; readonly next?: unknown }>>;

interface Story {
  readonly root: string;
  readonly runner: Runner;
  readonly write: (files: Files) => void;
  /** Bodies that leave the flow `f`; the error where it fails. */
  readonly run: (body: unknown, version?: number) => Promise<unknown>;
}

const flow = (steps: Steps) => ({ 'flows/f.flow.json': { version: 1, start: Object.keys(steps)[0], steps } });

async function story(files: Files, work: (story: Story) => Promise<void>): Promise<void> {
  const root = join(folder, `${++last}`);
  const write = (more: Files): void => {
    for (const [file, content] of Object.entries(more)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`);
    }
  };
  write({ 'patchbay.json': { version: 1 }, ...files });
  await using runner = await openRunner({ root, editorSecrets: new Map() });
  await work({
    root, runner, write,
    async run(body, version) {
      const { done } = await runner.start({ flow: 'f', trigger: 'manual', payload: { body, mediaType: 'application/json' }, ...(version !== undefined && { version }) });
      const { outputs, error, status } = await done;
      if (status === 'failed') return error;
      return outputs;
    },
  });
}

const map = (file: string, ...rules: readonly object[]): Files => ({ [`maps/${file}.map.json`]: { version: 1, rules } });
const script = { type: 'script', settings: { script: 'scripts/price.ts' } };

describe('a script of a field', () => {
  const price = { 'scripts/price.ts': "export default ({ values }: { values: unknown[] }) => values.map((value) => {\n  if (typeof value === 'string') throw new Error(`no price: ${value}`);\n  return value === null ? undefined : (value as number) * 2;\n});\n" };
  const steps = { map: { shape: 'map', settings: { rules: [{ from: 'lines[*].price', to: 'lines[*].net', transforms: [{ type: 'round-number', settings: { places: 0 } }, script, { type: 'suffix', settings: { suffix: ' GBP' } }], default: 'free' }] } } };

  test('gets the values of all records, between other transforms', () => story({ ...price, ...flow(steps) }, async ({ run }) => {
    assert.deepEqual(await run([{ lines: [{ price: 1.2 }, {}] }, { lines: [] }, { lines: [{ price: 3 }] }]), [[{ lines: [{ net: '2 GBP' }, { net: 'free' }] }, { lines: [] }, { lines: [{ net: '6 GBP' }] }]]);
  }));

  const own = { map: { shape: 'map', settings: { rules: [{ from: 'price', to: 'net', transforms: [script] }] } } };
  test('where it throws, only the records fail with which it cannot work', () => story({ ...price, ...flow({ guard: { shape: 'try-catch', next: { try: 'map', catch: 'caught' } }, ...own, caught: { shape: 'set-variables', settings: { meta: [] } } }) }, async ({ run }) => {
    assert.deepEqual(await run([{ price: 1 }, { price: 'x' }, { price: 3 }]), [[{ net: 2 }, { net: 6 }], { price: 'x' }]);
  }));

  test('one value that is too large for any script fails its record alone', () => story({ 'scripts/price.ts': 'export default ({ values }: { values: string[] }) => values.map((value) => value.length);', ...flow({ guard: { shape: 'try-catch', next: { try: 'map', catch: 'caught' } }, ...own, caught: { shape: 'set-variables', settings: { meta: [] } } }) }, async ({ run }) => {
    const [passed, ...caught] = (await run([{ price: 'a' }, { price: 'x'.repeat(21 * 2 ** 20) }, { price: 'abc' }])) as unknown[];
    assert.deepEqual([passed, caught.length], [[{ net: 1 }, { net: 3 }], 1]);
  }));

  test('the error names the rule and the line of the script', () => story({ ...price, ...flow(own) }, async ({ run }) => {
    const error = (await run({ price: 'dear' })) as { code: string; message: string; place?: { file?: string; line?: number } };
    assert.deepEqual([error.code, error.message, error.place?.file, error.place?.line], ['SCRIPT_THREW', 'net: no price: dear', 'scripts/price.ts', 2]);
  }));

  test('one that gives too few values', () => story({ 'scripts/price.ts': 'export default ({ values }) => values.slice(1);', ...flow(own) }, async ({ run }) => {
    const error = (await run([{ price: 1 }, { price: 2 }])) as { code: string; message: string };
    assert.deepEqual([error.code, error.message], ['DATA_INVALID', 'net: The script scripts/price.ts must return a list of 2 values, one for each that it is given; it returned a list of 1.']);
  }));

  test('one that does not end', () => story({ 'scripts/price.ts': 'export default () => { for (;;); };', ...flow({ map: { shape: 'map', settings: { rules: [{ from: 'price', to: 'net', transforms: [{ type: 'script', settings: { script: 'price.ts', timeoutMs: 100 } }] }] } } }) }, async ({ run }) => {
    const error = (await run([{ price: 1 }, { price: 2 }])) as { code: string; message: string };
    assert.equal(error.code, 'SCRIPT_TIMEOUT');
  }));
});

test('what was put into a cache is looked up for all records of a payload', () => story(flow({
  keep: { shape: 'add-to-cache', settings: { cache: 'customers', key: 'all' }, next: { out: 'map' } },
  map: { shape: 'map', settings: { records: 'orders', rules: [{ from: 'nr', to: 'nr' }, { from: 'customer', to: 'name', transforms: [{ type: 'cache-lookup', settings: { cache: 'customers', key: 'all', records: 'customers', match: 'id', path: 'name' } }], default: '?' }] } },
}), async ({ run }) => {
  assert.deepEqual(await run({ customers: [{ id: 1, name: 'Ada' }, { id: 2, name: 'Max' }], orders: [{ nr: 1, customer: '2' }, { nr: 2, customer: 9 }, { nr: 3, customer: 1 }] }), [[{ nr: 1, name: 'Max' }, { nr: 2, name: '?' }, { nr: 3, name: 'Ada' }]]);
}));

describe('mapping files', () => {
  const files = {
    ...map('address', { from: 'zip', to: 'postcode' }, { from: 'country', to: 'country', map: 'shared/country' }), ...map('shared/country', { from: 'code', to: 'iso', transforms: [{ type: 'lookup', settings: { lookup: 'codes' } }] }), ...map('unused', { from: 'a', to: 'b' }),
    'lookups/codes.csv': 'left_value,right_value\nGB,GBR\n', 'lookups/none.csv': 'left_value,right_value\n',
    ...flow({ map: { shape: 'map', settings: { rules: [{ from: 'ship', to: 'to', map: 'address' }] } } }),
  };
  const order = { ship: { zip: 'LS1', country: { code: 'GB' } } };

  test('a change counts in the next run, and not in a version that is deployed', () => story(files, async ({ root, runner, run, write }) => {
    assert.deepEqual(await run(order), [{ to: { postcode: 'LS1', country: { iso: 'GBR' } } }]);
    await runner.versions.deploy('f', { by: 'ada' });
    const stored = readdirSync(join(root, '.patchbay'), { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
    assert.deepEqual(['maps/address.map.json', 'maps/shared/country.map.json', 'maps/unused.map.json', 'lookups/codes.csv', 'lookups/none.csv'].map((file) => stored.some((one) => one.endsWith(file))), [true, true, false, true, false]);
    write(map('shared/country', { from: 'code', to: 'land' }));
    assert.deepEqual(await run(order), [{ to: { postcode: 'LS1', country: { land: 'GB' } } }]);
    assert.deepEqual(await run(order, 1), [{ to: { postcode: 'LS1', country: { iso: 'GBR' } } }]);
  }));

  const fails = (title: string, more: Files, expected: Readonly<Record<string, unknown>>): void => void test(title, () => story({ ...files, ...more }, async ({ run }) => {
    const { code, place, message } = (await run(order).catch((error: unknown) => error)) as { code: string; message: string; place?: { file?: string; pointer?: string } };
    assert.deepEqual({ code, file: place?.file, pointer: place?.pointer }, expected, message);
  }));
  fails('a file with a fault', map('shared/country', { from: 'code', to: 'iso', transforms: [{ type: 'trim', settings: { sides: 3 } }] }), { code: 'CONFIG_INVALID', file: 'maps/shared/country.map.json', pointer: '/rules/0/transforms/0/settings/sides' });
  fails('a rule without a target', map('address', { from: 'zip' }), { code: 'CONFIG_INVALID', file: 'maps/address.map.json', pointer: '/rules/0' });
  fails('an expression that asks for the payload', map('address', { from: 'zip', to: 'a', transforms: [{ type: 'prefix', settings: { prefix: '{{ payload.id }}' } }] }), { code: 'CONFIG_EXPRESSION', file: 'maps/address.map.json', pointer: '/rules/0/transforms/0/settings/prefix' });
  fails('a file that is no JSON', { 'maps/address.map.json': '{' }, { code: 'CONFIG_INVALID', file: 'maps/address.map.json', pointer: '' });
  fails('files that call each other', map('shared/country', { from: 'code', to: 'iso', map: 'address' }), { code: 'CONFIG_CYCLE', file: 'flows/f.flow.json', pointer: '/steps/map/settings/rules/0/map' });
});
