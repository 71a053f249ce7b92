import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { importText } from '../../server/imports/import.ts';
import { publishedDescriptions } from '../bench/imports.ts';
import { findingsOf } from '../support/imported.ts';

const files = publishedDescriptions();

test('published descriptions are at hand', { skip: files.length === 0 && 'skipped: there are no published descriptions' }, () => assert.ok(files.length > 0));

/** Methods of the operations as the text has them, counted without our reader: keys two levels below `paths`. */
function methodsIn(text: string): string[] {
  if (/^\s*\{/.test(text)) {
    const { paths } = JSON.parse(text) as { readonly paths: Readonly<Record<string, object>> };
    return Object.values(paths).flatMap((item) => Object.keys(item).filter((key) => /^(get|put|post|delete|options|head|patch|trace)$/.test(key)));
  }
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^["']?paths["']?:\s*$/.test(line)) + 1;
  const length = lines.slice(start).findIndex((line) => /^[^\s#]/.test(line));
  const own = lines.slice(start, length < 0 ? undefined : start + length);
  const unit = /^ +/.exec(own.find((line) => /^ +["']?\//.test(line)) ?? '')![0];
  return own.flatMap((line) => /^( +)["']?(get|put|post|delete|options|head|patch|trace)["']?:/.exec(line)?.[1] === unit + unit ? [line.trim().replaceAll(/["':].*/g, '')] : []);
}

for (const file of files) {
  const text = readFileSync(file, 'utf8');
  test(basename(file), (context) => {
    let result;
    const start = performance.now();
    try {
      result = importText('openapi', text);
    } catch (error) {
      assert.ok(file.includes('invalid') && FlowError.is(error, 'DATA_INVALID') && (error.place?.line ?? 0) > 1, String(error));
      assert.ok(error.message.includes(`line ${error.place!.line!}`));
      return context.diagnostic(error.message);
    }
    const endpoints = Object.keys(result.manifest.endpoints).length;
    assert.ok(endpoints > 5);
    const seconds = (performance.now() - start) / 1000;
    // Those methods a manifest does not know; they stand in the report.
    const methods = methodsIn(text);
    const others = methods.filter((method) => method === 'options' || method === 'trace').length;
    assert.equal(result.operations, methods.length);
    assert.equal(endpoints, methods.length - others);
    assert.equal(result.skipped.some(({ why }) => why.startsWith('Endpoints cannot be of the method')), others > 0);
    assert.deepEqual(findingsOf(result), []);
    context.diagnostic(`${endpoints} endpoints of ${(text.length / 1_000_000).toFixed(1)} MB in ${seconds.toFixed(1)} s, linted after ${((performance.now() - start) / 1000).toFixed(1)} s, ${Math.round(process.memoryUsage().rss / 1_000_000)} MB resident, ${result.suggestions.length} suggestions, ${result.skipped.length} reasons for what was left out`);
  });
}
