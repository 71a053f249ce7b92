import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import json from '../../plugins/converters/json.ts';
import ndjson from '../../plugins/converters/ndjson.ts';
import parseJsonTransform from '../../plugins/transforms/parse-json.ts';
import { FlowError, parseJson } from '../../plugins/sdk/index.ts';
import { opened } from '../support/converters.ts';
import { collect, inChunks } from '../support/plugin-contexts.ts';

const folder = join(import.meta.dirname, '../../../shared/testing/suites/json-parsing/test_parsing');
const documents = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => ({ name, bytes: readFileSync(join(folder, name)) })) : [];
const skip = documents.length === 0 && `skipped: the suite is not at ${folder}`;
const kindOf = (kind: string) => documents.filter(({ name }) => name.startsWith(`${kind}_`));
const sizes = [1, 3, 100_000];
const utf8 = new TextDecoder('utf-8', { fatal: true });

test('what must be accepted is read, in any chunks, as JavaScript reads it', { skip }, async (context) => {
  const cases = kindOf('y');
  assert.equal(cases.length, 95);
  for (const { name, bytes } of cases) {
    const text = utf8.decode(bytes);
    const wanted = parseJson(text);
    if (!/\d{16}|e\d{3}/i.test(text)) assert.deepEqual(wanted, JSON.parse(text), name);
    for (const size of sizes) assert.deepEqual(await collect(opened(json).decode(inChunks(bytes, size))), Array.isArray(wanted) ? wanted : [wanted], `${name} in chunks of ${size}`);
    // One document on one line is what a line of NDJSON is.
    if (!/[\n\r]/.test(text.trim())) assert.deepEqual(await collect(opened(ndjson).decode(inChunks(bytes, 2))), [wanted], name);
    const written = Buffer.concat(await collect(opened(json, { unwrapSingle: !Array.isArray(wanted) }).encode(Array.isArray(wanted) ? wanted : [wanted])));
    // Of minus zero JavaScript writes no sign.
    assert.equal(JSON.stringify(parseJson(written.toString())), JSON.stringify(wanted), name);
  }
  context.diagnostic(`${cases.length} documents that must be accepted`);
});

test('what must be rejected is bad data, in any chunks', { skip }, async (context) => {
  const cases = kindOf('n');
  assert.equal(cases.length, 188);
  const transform = await parseJsonTransform.compile({ otherwise: 'error' }, {} as never);
  for (const { name, bytes } of cases) {
    for (const size of sizes) await assert.rejects(collect(opened(json).decode(inChunks(bytes, size))), (error) => FlowError.is(error, 'DATA_INVALID') && typeof error.details['offset'] === 'number', `${name} in chunks of ${size}`);
    const text = bytes.toString('utf8');
    // A text of white space is no value to the transform, as its description says.
    if (text.trim() !== '' && Buffer.from(text).equals(bytes) && !text.startsWith('\uFEFF')) assert.throws(() => transform(text, { now: 0, random: () => 0 }), (error) => FlowError.is(error, 'DATA_INVALID'), name);
  }
  context.diagnostic(`${cases.length} documents that must be rejected`);
});

test('what may be either is read, or is bad data, the same in any chunks', { skip }, async (context) => {
  const cases = kindOf('i');
  let accepted = 0;
  assert.ok(cases.length >= 35);
  for (const { name, bytes } of cases) {
    const results = await Promise.all(sizes.map((size) => collect(opened(json).decode(inChunks(bytes, size))).catch((error: unknown) => (FlowError.is(error) ? error.code : assert.fail(String(error))))));
    assert.deepEqual(results, [results[0], results[0], results[0]], name);
    if (results[0] !== 'DATA_INVALID') accepted++;
  }
  context.diagnostic(`${accepted} of ${cases.length} documents that may be either are accepted`);
});
