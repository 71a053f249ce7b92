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

/** Operations as the text has them, counted without our reader: keys of methods two levels below `paths`. */
function operationsIn(text: string): number {
  if (/^\s*\{/.test(text)) {
    const { paths } = JSON.parse(text) as { readonly paths: Readonly<Record<string, object>> };
    return Object.values(paths).flatMap((item) => Object.keys(item).filter((key) => /^(get|put|post|delete|options|head|patch|trace)$/.test(key))).length;
  }
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^paths:\s*$/.test(line)) + 1;
  const length = lines.slice(start).findIndex((line) => /^\S/.test(line));
  return lines.slice(start, length < 0 ? undefined : start + length).filter((line) => /^ {4}(get|put|post|delete|options|head|patch|trace):/.test(line)).length;
}

for (const file of files) {
  const text = readFileSync(file, 'utf8');
  test(basename(file), (context) => {
    let result;
    try {
      result = importText('openapi', text);
    } catch (error) {
      assert.ok(file.includes('invalid') && FlowError.is(error, 'DATA_INVALID') && (error.place?.line ?? 0) > 1, String(error));
      assert.ok(error.message.includes(`line ${error.place!.line!}`));
      return context.diagnostic(error.message);
    }
    const endpoints = Object.keys(result.manifest.endpoints).length;
    assert.ok(endpoints > 10);
    assert.equal(endpoints, operationsIn(text));
    assert.equal(endpoints, result.operations);
    assert.deepEqual(findingsOf(result), []);
    context.diagnostic(`${endpoints} endpoints, ${result.suggestions.length} suggestions, ${result.skipped.length} reasons for what was left out`);
  });
}
