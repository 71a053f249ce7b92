import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { openRunner } from '../server/runner/runner.ts';
import { runFake } from './support/fake-terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-encodings-'));
after(() => rmSync(root, { recursive: true, force: true }));
const write = (name: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), content);
};
const flow = (steps: object): string => JSON.stringify({ version: 1, start: 'first', steps });
const read = { shape: 'connector', settings: { instance: 'inbox', endpoint: 'get', params: { path: 'orders.csv' } }, next: { out: 'second' } };
const seen = { shape: 'script', settings: { script: 'scripts/seen.js' } };
write('patchbay.json', '{"version":1}');
write('instances/inbox.instance.json', JSON.stringify({ version: 1, connector: 'local-files', settings: { root: '.' } }));
write('scripts/seen.js', 'export default ({ payload }) => ({ payload: { seen: payload } });');
write('scripts/length.js', 'export default ({ payload }) => ({ payload: { letters: payload.length, end: payload.slice(-6) } });');
write('flows/script.flow.json', flow({ first: seen }));
write('flows/length.flow.json', flow({ first: { ...seen, settings: { script: 'scripts/length.js' } } }));
write('flows/expression.flow.json', flow({ first: { shape: 'manual-payload', settings: { document: { seen: '{{ payload }}' } } } }));
write('flows/pass.flow.json', flow({ first: { shape: 'add-to-cache', settings: { cache: 'files', key: 'k' }, next: { out: 'second' } }, second: { shape: 'load-from-cache', settings: { cache: 'files', keys: ['k'] } } }));
write('flows/read.flow.json', flow({ first: read, second: seen }));
write('flows/read-encoded.flow.json', flow({ first: { ...read, settings: { ...read.settings, params: { path: 'orders.csv', encoding: 'windows-1252' } } }, second: seen }));
write('flows/convert.flow.json', flow({ first: { shape: 'convert', settings: { from: 'csv', reading: { encoding: 'windows-1252', delimiter: ';' } } } }));

for (const encoding of ['gbk', 'utf-16le']) write(`flows/${encoding}.flow.json`, flow({ first: { shape: 'convert', settings: { from: 'csv', reading: { encoding } } } }));
write('flows/cached.flow.json', flow({ first: { shape: 'add-to-cache', settings: { cache: 'rows', key: 'k' }, next: { out: 'second' } }, second: { shape: 'load-from-cache', settings: { cache: 'rows', keys: ['k'] }, next: { out: 'third' } }, third: { shape: 'convert', settings: { from: 'csv', reading: { encoding: 'gbk' } } } }));
write('utf8.csv', 'id,n\r\n1,é\r\n');
write('ascii-wide.csv', Buffer.from('id,n\r\n1,a\r\n', 'utf16le'));

const text = 'sku;size\nA;Größe\n';
write('orders.csv', Buffer.from(text, 'latin1'));
write('long.csv', Buffer.from(text.repeat(65_000), 'latin1'));
write('marked.csv', `\uFEFF${text}`);
const wide = (content: string): Buffer => Buffer.from(`\uFEFF${content}`, 'utf16le');
write('wide.csv', wide(text));
write('wide.json', wide('[{"size":"Größe"}]'));
write('wide-end.json', wide('[{"size":"Größe"}]').swap16());
write('wide.ndjson', wide('{"size":"Größe"}\n{"size":"ਊ"}\n'));
write('wide.xml', wide('<?xml version="1.0" encoding="UTF-16"?><size>Größe</size>'));
write('long.json', wide(JSON.stringify(Array.from({ length: 50_000 }, () => ({ size: 'Größe' })))));
write('latin.json', Buffer.from('[{"size":"Größe"}]', 'latin1'));
write('scripts/last.js', 'export default ({ payload }) => ({ payload: { length: payload.length, last: payload.at(-1).size } });');
write('flows/long.flow.json', flow({ first: { ...seen, settings: { script: 'scripts/last.js' } } }));
for (const from of ['ndjson', 'xml']) write(`flows/${from}.flow.json`, flow({ first: { shape: 'convert', settings: { from } } }));

interface Result { readonly status: string; readonly outputs: readonly unknown[]; readonly error?: { readonly code: string; readonly message: string; readonly step?: string; readonly remedy?: string; readonly details?: unknown } }
const run = async (...args: readonly string[]): Promise<Result> => JSON.parse((await runFake(['run', ...args, '--json'], { folder: root, open: (options) => openRunner(options) })).out) as Result;

const refusal = { code: 'DATA_INVALID', message: 'The payload (text/csv) is no text in utf-8: byte 13 (0xf6) begins no character.' };
const rows: readonly (readonly [title: string, args: readonly string[], expected: unknown])[] = [
  ['a script does not get what is no text', ['script', '--input', 'orders.csv'], refusal],
  ['nor does an expression', ['expression', '--input', 'orders.csv'], refusal],
  ['nor what a connector reads', ['read'], refusal],
  ['a charset of the input', ['script', '--input', 'orders.csv', '--input-type', 'text/csv; charset=windows-1252'], { seen: text }],
  ['a charset of the input, in an expression', ['expression', '--input', 'orders.csv', '--input-type', 'text/csv; charset=windows-1252'], { seen: text }],
  ['a charset of a long input', ['length', '--input', 'long.csv', '--input-type', 'text/csv; charset=windows-1252'], { letters: 1_105_000, end: 'Größe\n' }],
  ['an encoding where the file is read', ['read-encoded'], { seen: text }],
  ['an encoding where the records are read', ['convert', '--input', 'orders.csv'], [{ sku: 'A', size: 'Größe' }]],
  ['an encoding where the records are read, of bytes that could be UTF-8', ['gbk', '--input', 'utf8.csv'], [{ id: '1', n: '茅' }]],
  ['UTF-16 without a mark, which could be ASCII', ['utf-16le', '--input', 'ascii-wide.csv'], [{ id: '1', n: 'a' }]],
  ['UTF-8 that somebody names is not read again in the encoding of the settings', ['gbk', '--input', 'utf8.csv', '--input-type', 'text/csv; charset=utf-8'], [{ id: '1', n: 'é' }]],
  ['bytes that could be UTF-8, out of a cache', ['cached', '--input', 'utf8.csv'], [{ id: '1', n: '茅' }]],
  ['a text that was read is not read again in the encoding of the settings', ['convert', '--input', 'orders.csv', '--input-type', 'text/csv; charset=windows-1252'], [{ sku: 'A', size: 'Größe' }]],
  ['a byte order mark', ['script', '--input', 'marked.csv'], { seen: text }],
  ['UTF-16 by its mark', ['script', '--input', 'wide.csv'], { seen: text }],
  ['JSON in UTF-16 by its mark', ['script', '--input', 'wide.json'], { seen: [{ size: 'Größe' }] }],
  ['JSON in UTF-16 by its mark, big end first', ['script', '--input', 'wide-end.json'], { seen: [{ size: 'Größe' }] }],
  ['long JSON in UTF-16 by its mark', ['long', '--input', 'long.json'], { length: 50_000, last: 'Größe' }],
  ['NDJSON in UTF-16 by its mark', ['ndjson', '--input', 'wide.ndjson'], [{ size: 'Größe' }, { size: 'ਊ' }]],
  ['XML in UTF-16 by its mark', ['xml', '--input', 'wide.xml'], [{ size: 'Größe' }]],
  ['JSON with a charset of the input', ['script', '--input', 'latin.json', '--input-type', 'application/json; charset=windows-1252'], { seen: [{ size: 'Größe' }] }],
  ['bytes pass where nobody looks into them', ['pass', '--input', 'orders.csv'], { $base64: Buffer.from(text, 'latin1').toString('base64'), mediaType: 'text/csv' }],
];
for (const [title, args, expected] of rows) test(title, async () => {
  const result = await run(...args);
  if (typeof expected === 'object' && expected !== null && 'code' in expected) {
    const { code, message } = result.error!;
    assert.deepEqual([result.status, { code, message }, result.outputs], ['failed', expected, []]);
  } else assert.deepEqual([result.status, result.outputs], ['success', [expected]]);
});

test('a charset that nobody knows begins no run', async () => {
  const { code, said } = await runFake(['run', 'script', '--input', 'orders.csv', '--input-type', 'text/csv; charset=nope'], { folder: root, open: (options) => openRunner(options) });
  assert.deepEqual([code === 0, /orders\.csv is written in "nope", an encoding that nobody here knows\.\n {2}Name the charset/.test(said)], [false, true]);
});

test('JSON in an encoding that nobody names begins no run, and says how to name it', async () => {
  const { code, said } = await runFake(['run', 'script', '--input', 'latin.json'], { folder: root, open: (options) => openRunner(options) });
  assert.deepEqual([code === 0, /latin\.json is not UTF-8: byte 12 begins no character\.\n {2}Name the charset .*--input-type "application\/json; charset=windows-1252"/.test(said)], [false, true], said);
});
