import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { runFake } from '../../test/support/fake-terminal.ts';
import { openRunner } from '../runner/runner.ts';

// What maps mean is said by the tests of the shape; here that `patchbay run` gives the same.

const root = mkdtempSync(join(tmpdir(), 'patchbay-run-map-'));
after(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(join(root, 'flows'));
writeFileSync(join(root, 'patchbay.json'), '{ "version": 1 }');
let last = 0;

describe('a map in patchbay run', () => {
  const check = (title: string, settings: object, input: unknown, expected: unknown): void => void test(title, async () => {
    const flow = `f${++last}`;
    writeFileSync(join(root, `flows/${flow}.flow.json`), JSON.stringify({ version: 1, start: 'map', steps: { map: { shape: 'map', settings } } }));
    const { code, out, said } = await runFake(['run', flow, '--input', '-', '--json'], { folder: root, open: openRunner, input: JSON.stringify(input) });
    if (expected instanceof RegExp) {
      assert.notEqual(code, 0);
      assert.match(out, expected);
    } else {
      assert.equal(code, 0, said);
      assert.deepEqual((JSON.parse(out) as { readonly outputs: readonly unknown[] }).outputs, [expected]);
    }
  });
  const when = [{ field: 'lines[*].qty', is: 'greater-than', value: 1 }];
  check('conditions leave items out of a total and of a list', { rules: [{ from: 'lines[*].price', to: 'total', transforms: [{ type: 'sum' }], when }, { from: 'lines[*].sku', to: 'list', when }] }, { lines: [{ sku: 'A', qty: 1, price: 1 }, { sku: 'B', qty: 2, price: 20 }, { sku: 'C', qty: 3, price: 300 }] }, { total: 320, list: ['B', 'C'] });
  check('and out of what is gathered of a group', { groupBy: ['a'], rules: [{ from: 'key', to: 'a' }, { from: 'records[*].b', to: 'b', when: [{ field: 'records[*].b', is: 'greater-than', value: 1 }] }] }, [{ a: 1, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 1 }], [{ a: 1, b: [2] }, { a: 2, b: [] }]);
  check('small rests of large amounts', { rules: [{ from: 'a[*]', to: 'rest', transforms: [{ type: 'sum' }] }, { from: ['a[0]', 'a[0]'], to: 'none', transforms: [{ type: 'math', settings: { operation: 'subtract' } }] }] }, { a: [1_234_567_890.12, -1_234_567_890.11] }, { rest: 0.01, none: 0 });
  check('cents that no number of this size holds', { onError: 'fail-payload', rules: [{ from: 'a[*]', to: 'sum', transforms: [{ type: 'sum' }] }] }, { a: [99_999_999_999_999.98, 0.01] }, /DATA_INVALID[^]*sum: [^]*digits would be lost/);
  check('a default of the items of a list that the source gives', { rules: [{ from: 'lines[*].sku', to: 'skus', default: '-' }, { from: 'lines[*].sku', to: 'there' }] }, { lines: [{ sku: 'A' }, {}, { sku: null }] }, { skus: ['A', '-', '-'], there: ['A', null] });
});
