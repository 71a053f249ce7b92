import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import naughty from 'big-list-of-naughty-strings' with { type: 'json' };
import csv from '../../plugins/converters/csv.ts';
import fixedWidth from '../../plugins/converters/fixed-width.ts';
import form from '../../plugins/converters/form.ts';
import json from '../../plugins/converters/json.ts';
import ndjson from '../../plugins/converters/ndjson.ts';
import tsv from '../../plugins/converters/tsv.ts';
import xml from '../../plugins/converters/xml.ts';
import { FlowError, type RecordConverter, type ValueTransform } from '../../plugins/sdk/index.ts';
import { completeSettings } from '../../server/runner/complete-settings.ts';
import { findPlugins, loadPlugin } from '../../server/runner/docs.ts';
import { opened } from '../support/converters.ts';
import { collect, inChunks, openContext, type ExampleWorld } from '../support/plugin-contexts.ts';

const strings = naughty as readonly string[];
const root = join(import.meta.dirname, '../..');
const plugins = await Promise.all((await findPlugins(root)).filter((file) => file.startsWith('plugins/transforms/')).map((file) => loadPlugin(root, file)));
// Those of columns are scripts and caches of the user's own.
const transforms = plugins.filter((plugin): plugin is ValueTransform => plugin.kind === 'transform' && !plugin.column);

test('each transform, with the settings of each of its examples: a value of JSON or bad data, the same each time, and no letter is cut in two', async (context) => {
  assert.ok(strings.length > 450 && transforms.length > 60);
  let calls = 0;
  let refused = 0;
  for (const plugin of transforms.filter(({ type }) => type !== 'uuid')) {
    for (const example of plugin.examples.filter((one) => one.error === undefined)) {
      const world: ExampleWorld = { plugins, complete: (schema, given) => completeSettings({ ...plugin, settings: schema }, given) as never, ...(example.lookups && { lookups: example.lookups }) };
      const run = await plugin.compile(completeSettings(plugin, example.settings) as never, openContext(world));
      const once = (input: unknown): unknown => {
        try {
          return { value: run(input, { now: 0, random: () => 0.5 }) };
        } catch (error) {
          if (FlowError.is(error)) return error.code;
          throw new Error(`The transform ${plugin.type} (${example.title}) fails with ${JSON.stringify(input)}: ${String(error)}`, { cause: error });
        }
      };
      for (const input of strings) {
        const place = `${plugin.type} (${example.title}) with ${JSON.stringify(input)}`;
        const result = once(input);
        calls++;
        if (typeof result === 'string') {
          refused++;
          assert.ok(['DATA_INVALID', 'DATA_MISSING'].includes(result), `${place}: ${result}`);
          continue;
        }
        const { value } = result as { value: unknown };
        assert.deepEqual(once(input), result, place);
        if (value !== undefined) assert.deepEqual(JSON.parse(JSON.stringify(value)), value, place);
        if (typeof value === 'string' && input.isWellFormed()) assert.ok(value.isWellFormed(), `${place} cuts a letter in two`);
      }
    }
  }
  context.diagnostic(`${strings.length} strings, ${transforms.length} transforms, ${calls} calls, ${refused} of them refused`);
});

const isXml = (text: string): boolean => !/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text);
const records = strings.map((text, index) => ({ id: String(index), text }));
const wellFormed = strings.every((text) => text.isWellFormed());

const cases: readonly [name: string, converter: RecordConverter, records: readonly unknown[]][] = [
  ['json', opened(json), records],
  ['ndjson', opened(ndjson), records],
  ['csv', opened(csv), records],
  ['csv, types inferred', opened(csv, { types: 'infer', nullText: 'NULL' }), records],
  ['csv, with a backslash, in UTF-16', opened(csv, { escape: '\\', encoding: 'utf-16le', mark: true }), records],
  ['tsv', opened(tsv), records],
  ['xml', opened(xml, { root: 'records', element: 'records.record', whitespace: 'keep' }), records.filter(({ text }) => isXml(text))],
  ['xml, as attributes', opened(xml, { root: 'records', element: 'records.record' }), records.filter(({ text }) => isXml(text)).map(({ text }) => ({ '@text': text }))],
  ['fixed width', opened(fixedWidth, { columns: [{ name: 'id', length: 5 }, { name: 'text', length: 3000 }] }), records.filter(({ text }) => !/[\r\n]/.test(text)).map(({ id, text }) => ({ id, text: text.replace(/ +$/, '') }))],
  ['form', opened(form), [{ text: strings, ...Object.fromEntries(strings.map((text) => [`x${text}`, text])) }]],
];

for (const [name, converter, given] of cases) {
  test(`${name}: what was written is read again`, async (context) => {
    assert.ok(wellFormed && given.length > 0);
    const bytes = Buffer.concat(await collect(converter.encode(given)));
    for (const size of [5, 1000]) assert.deepEqual(await collect(converter.decode(inChunks(bytes, size))), given, `in chunks of ${size}`);
    context.diagnostic(`${given.length} records`);
  });
}
