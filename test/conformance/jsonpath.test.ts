import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { compilePath } from '../../server/model/path.ts';

interface Case {
  readonly name: string;
  readonly selector: string;
  readonly document?: unknown;
  readonly result?: readonly unknown[];
  /** Where the order of an object's members is left open. */
  readonly results?: readonly (readonly unknown[])[];
  readonly invalid_selector?: boolean;
}

const suite = join(import.meta.dirname, '../../../shared/testing/suites/jsonpath-compliance-cts.json');

test('the JSONPath compliance suite', { skip: !existsSync(suite) && `skipped: the suite is not at ${suite}` }, (context) => {
  const { tests } = JSON.parse(readFileSync(suite, 'utf8')) as { tests: readonly Case[] };
  assert.ok(tests.length >= 703);
  for (const { name, selector, document, result, results, invalid_selector } of tests) {
    if (invalid_selector) assert.throws(() => compilePath(selector), (error) => FlowError.is(error, 'CONFIG_PATH') && typeof error.details['position'] === 'number', name);
    else {
      const path = compilePath(selector);
      const found = path.all(document);
      assert.ok((results ?? [result]).some((wanted) => same(found, wanted)), `${name}: ${selector} gives ${JSON.stringify(found)}`);
      assert.ok(same(path.get(document), found[0]), `${name}: the first of ${selector}`);
    }
  }
  context.diagnostic(`${tests.length} cases of the suite`);
});

function same(a: unknown, b: unknown): boolean {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
}
