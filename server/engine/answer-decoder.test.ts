import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brotliCompressSync, crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { call, connectorHost, text, type Called } from '../../test/support/connector-host.ts';
import type { EndpointManifest } from '../model/connector.ts';
import type { RawResponse } from './host.ts';

const answered = (body: string | Uint8Array, type: string): RawResponse => ({ ...text('', { headers: { 'content-type': type } }), body: typeof body === 'string' ? new TextEncoder().encode(body) : body });

const ask = (endpoint: Partial<EndpointManifest>, answer: RawResponse): Promise<Called> => call(connectorHost({ endpoint, send: () => answer }), { body: [{ id: 1 }, { id: 2 }] });

const xml = '<r><order id="1"/><order id="2"/></r>';
const bytes = (body: string): Uint8Array => gzipSync(body);

interface Archive {
  readonly method?: number;
  readonly flags?: number;
  readonly comment?: string;
  /** What stands in the place of a file. */
  readonly change?: (file: string) => string;
}

/** A ZIP archive. */
function zipped(files: Readonly<Record<string, string>>, { method = 8, flags = 0, comment = '', change = (file) => file }: Archive = {}): Uint8Array {
  const [heads, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, file] of Object.entries(files)) {
    const content = method === 8 ? deflateRawSync(change(file)) : Buffer.from(change(file));
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    for (const [at, value] of [[2, flags], [4, method], [22, title.length]] as const) common.writeUInt16LE(value, at);
    for (const [at, value] of [[10, crc32(file)], [14, content.length], [18, Buffer.byteLength(file)]] as const) common.writeUInt32LE(value, at);
    heads.push(Buffer.from('PK\x03\x04', 'latin1'), common, title, content);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, rest, title);
    offset += 30 + title.length + content.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  for (const [at, value] of [[8, Object.keys(files).length], [10, Object.keys(files).length], [20, comment.length]] as const) end.writeUInt16LE(value, at);
  for (const [at, value] of [[12, Buffer.concat(directory).length], [16, offset]] as const) end.writeUInt32LE(value, at);
  return new Uint8Array(Buffer.concat([...heads, ...directory, end, Buffer.from(comment, 'latin1')]));
}

describe('records of answers that are no JSON', () => {
  const cases: readonly (readonly [what: string, endpoint: Partial<EndpointManifest>, answer: RawResponse, bodies: readonly unknown[]])[] = [
    ['XML, by the path', { records: 'r.order' }, answered(xml, 'text/xml'), [[{ '@id': '1' }, { '@id': '2' }]]],
    ['XML of a type of its own', { records: 'r.order' }, answered(xml, 'application/vnd.shop+xml; charset=utf-8'), [[{ '@id': '1' }, { '@id': '2' }]]],
    ['one element is one record', { records: 'r.order' }, answered('<r><order id="1"/></r>', 'application/xml'), [{ '@id': '1' }]],
    ['XML that names another encoding than it was sent in', { records: 'r.a' }, answered('<?xml version="1.0" encoding="ISO-8859-1"?><r><a>ü</a></r>', 'text/xml; charset=utf-8'), ['ü']],
    ['XML as it is, where it is wanted as a whole', {}, answered(xml, 'text/xml'), [xml]],
    ['bytes in the encoding that the document names', { records: 'a' }, { status: 200, headers: { 'content-type': 'text/xml' }, body: Uint8Array.from([...'<?xml version="1.0" encoding="iso-8859-15"?><a>\xa4</a>'].map((letter) => letter.charCodeAt(0))) }, ['€']],
    ['bytes in the encoding of the settings', { decoder: { type: 'csv', settings: { encoding: 'windows-1252' } } }, { status: 200, headers: { 'content-type': 'text/csv' }, body: Uint8Array.from([...'a\n\x80\n'].map((letter) => letter.charCodeAt(0))) }, [[{ a: '€' }]]],
    ['a text, whatever encoding the settings name', { decoder: { type: 'csv', settings: { encoding: 'windows-1252' } } }, answered('a\n€\n', 'text/csv'), [[{ a: '€' }]]],
    ['the converter that the endpoint names', { decoder: { type: 'xml', settings: { element: 'r.order' } } }, answered(xml, 'text/plain'), [[{ '@id': '1' }, { '@id': '2' }]]],
    ['CSV', { decoder: { type: 'csv', settings: { delimiter: ';' } } }, answered('a;b\n1;2\n3;4\n', 'text/csv'), [[{ a: '1', b: '2' }, { a: '3', b: '4' }]]],
    ['CSV with one row', { decoder: { type: 'csv' } }, answered('a,b\n1,2\n', 'text/csv'), [[{ a: '1', b: '2' }]]],
    ['CSV as it is', {}, answered('a,b\n1,2\n', 'text/csv'), ['a,b\n1,2\n']],
    ['NDJSON', { decoder: { type: 'ndjson' } }, answered('{"a":1}\n{"a":2}\n', 'application/x-ndjson'), [[{ a: 1 }, { a: 2 }]]],
    ['NDJSON, packed', { decoder: { type: 'ndjson' } }, answered(bytes('{"a":1}\n{"a":2}\n'), 'application/gzip'), [[{ a: 1 }, { a: 2 }]]],
    ['CSV, packed, of no type', { decoder: { type: 'csv' } }, answered(bytes('a\n1\n'), 'application/octet-stream'), [[{ a: '1' }]]],
    ['CSV in an archive, of all files, without folders and what macOS puts beside them', { decoder: { type: 'csv' } }, answered(zipped({ 'a.csv': 'a\n1\n', 'more/': '', 'more/ü.csv': 'a\n2\n3\n', '__MACOSX/._a.csv': '\0' }), 'application/zip'), [[{ a: '1' }, { a: '2' }, { a: '3' }]]],
    ['files of an archive that are not compressed, behind its comment', { decoder: { type: 'ndjson' } }, answered(zipped({ a: '{"a":1}\n', empty: '' }, { method: 0, comment: 'PK\x05\x06' }), 'application/octet-stream'), [[{ a: 1 }]]],
    ['an archive without files', { decoder: { type: 'csv' } }, answered(zipped({}), 'application/zip'), []],
    ['an archive as it is, where nobody says how it is read', {}, answered(zipped({ a: 'x' }), 'application/zip'), [zipped({ a: 'x' })]],
    ['XML without elements', { records: 'r.order' }, answered('<r></r>', 'text/xml'), []],
    ['XML without elements, but attributes', { records: 'r.orders.order' }, answered('<r><orders page="1"/></r>', 'text/xml'), []],
    ['XML without the elements around them', { records: 'r.orders.order' }, answered('<r/>', 'text/xml'), []],
    ['nothing', { decoder: { type: 'csv' } }, answered('', 'text/csv'), []],
    ['JSON is read whatever the decoder is', { decoder: { type: 'csv' }, records: 'items' }, answered('{"items":[1]}', 'application/json'), [[1]]],
  ];
  for (const [what, endpoint, answer, bodies] of cases) {
    test(what, async () => {
      const told = await ask(endpoint, answer);
      assert.deepEqual([told.error?.message, told.bodies], [undefined, bodies]);
    });
  }

  const broken: readonly (readonly [what: string, endpoint: Partial<EndpointManifest>, answer: RawResponse, code: string, message: RegExp])[] = [
    ['XML that was cut', { records: 'r.order' }, answered('<r><order', 'text/xml'), 'REMOTE_FORMAT', /^The answer of "it" cannot be read: Line 1, column 10 of /],
    ['a path that is not there', { records: 'r.orders' }, answered(xml, 'text/xml'), 'REMOTE_FORMAT', /has nothing at "r\.orders": it is an object with r\.$/],
    ['other elements than those of the path', { records: 'r.order' }, answered('<r><error>No rights</error></r>', 'text/xml'), 'REMOTE_FORMAT', /has nothing at "r\.order"/],
    ['another document', { records: 'r.order' }, answered('<fault/>', 'text/xml'), 'REMOTE_FORMAT', /has nothing at "r\.order"/],
    ['a row that is too long', { decoder: { type: 'csv' } }, answered('a\n1,2\n', 'text/csv'), 'REMOTE_FORMAT', /^The answer of "it" cannot be read: Line 2 /],
    ['a packed answer that is damaged', { decoder: { type: 'csv' } }, answered(bytes('a\n1\n').subarray(0, 12), 'application/gzip'), 'REMOTE_FORMAT', /damaged/],
    ['a packed answer that is too long', { decoder: { type: 'csv' } }, answered(bytes(`a\n${'1\n'.repeat(600_000)}`), 'application/gzip'), 'REMOTE_TOO_LARGE', /longer than 1000000 bytes/],
    ['an archive that was cut', { decoder: { type: 'csv' } }, answered(zipped({ a: 'a\n1\n' }).subarray(0, -3), 'application/zip'), 'REMOTE_FORMAT', /is packed \(ZIP\) and cannot be unpacked: it is damaged or was cut\.$/],
    ['a file of an archive that is another', { decoder: { type: 'csv' } }, answered(zipped({ a: 'a\n1\n' }, { method: 0, change: (file) => file.replace('1', '2') }), 'application/zip'), 'REMOTE_FORMAT', /its file "a" is damaged/],
    ['a file of an archive that is encrypted', { decoder: { type: 'csv' } }, answered(zipped({ a: 'a\n1\n' }, { flags: 1 }), 'application/zip'), 'REMOTE_FORMAT', /its file "a" is encrypted/],
    ['a file of an archive that is compressed otherwise', { decoder: { type: 'csv' } }, answered(zipped({ a: 'a\n1\n' }, { method: 93 }), 'application/zip'), 'REMOTE_FORMAT', /not known \(93\)/],
    ['an archive that is too long: all files together', { decoder: { type: 'csv' } }, answered(zipped({ a: `a\n${'1\n'.repeat(300_000)}`, b: `a\n${'1\n'.repeat(300_000)}` }), 'application/zip'), 'REMOTE_TOO_LARGE', /longer than 1000000 bytes/],
    ['a decoder that nobody knows', { decoder: { type: 'papyrus' } }, answered('', 'text/csv'), 'CONFIG_UNKNOWN_PLUGIN', /papyrus/],
  ];
  const page = answered('<h1>Log in</h1>', 'text/html');
  const shown = (type: string): Partial<EndpointManifest> => ({ examples: [{ title: 'As described', response: { status: 200, headers: { 'Content-Type': type }, body: {} } }] });
  const contradictions: readonly (readonly [what: string, endpoint: Partial<EndpointManifest>, answer: RawResponse, message: RegExp | undefined])[] = [
    ['a page for a decoder', { decoder: { type: 'csv' } }, page, /is a web page and no data, perhaps a page to log in; it begins with "<h1>Log in<\/h1>"\.$/],
    ['a page for SOAP', { method: 'POST', idempotent: true, body: { format: 'soap', template: {} } }, page, /is a web page/],
    ['a page where it is wanted', { headers: { Accept: 'text/html' } }, page, undefined],
    ['a page where it is wanted beside others', { headers: { accept: 'text/html, */*;q=0.1' } }, page, undefined],
    ['a page that an example shows', shown('text/html; charset=utf-8'), page, undefined],
    ['XML for a decoder of CSV', { decoder: { type: 'csv' } }, answered(xml, 'text/xml'), /^The answer of "it" is XML \(text\/xml\), but its endpoint says that it is CSV; it begins with "<r>/],
    ['CSV for a decoder of XML', { decoder: { type: 'xml' } }, answered('a\n', 'text/csv'), /is CSV \(text\/csv\), but its endpoint says that it is XML/],
    ['a file for a decoder', { decoder: { type: 'csv' } }, answered(new Uint8Array([1]), 'application/pdf'), /is a file \(application\/pdf\), but its endpoint says that it is CSV\.$/],
    ['XML where JSON is accepted and nothing else', { headers: { Accept: 'application/json' } }, answered(xml, 'application/xml'), /is XML \(application\/xml\), but its endpoint says that it is JSON/],
    ['XML where anything is accepted', { headers: { Accept: 'application/json, */*' } }, answered(xml, 'application/xml'), undefined],
    ['XML where it is accepted, too', { headers: { Accept: 'application/json, text/xml' } }, answered(xml, 'application/xml'), undefined],
    ['JSON where an example shows XML', shown('text/xml'), answered('{"a":1}', 'application/json'), /is JSON \(application\/json\), but its endpoint says that it is XML/],
    ['JSON of a type of its own', { headers: { Accept: 'application/vnd.shop.v2+json' } }, answered('{"a":1}', 'application/json'), undefined],
    ['lines of JSON where JSON is accepted', { headers: { Accept: 'application/json' }, records: '$[*]' }, answered('{"a":1}\n{"a":2}\n', 'application/x-ndjson'), undefined],
    ['text for a decoder', { decoder: { type: 'csv' } }, answered('a\n1\n', 'text/plain'), undefined],
    ['nothing', { decoder: { type: 'csv' } }, answered('', 'text/xml'), undefined],
  ];
  for (const [what, endpoint, answer, message] of contradictions) {
    test(`what the endpoint does not say: ${what}`, async () => {
      const told = await ask(endpoint, answer);
      if (message === undefined) return assert.equal(told.error?.message, undefined);
      assert.equal(told.error?.code, 'REMOTE_FORMAT');
      assert.match(told.error.message, message);
    });
  }

  const packings: readonly (readonly [what: string, endpoint: Partial<EndpointManifest>, answer: RawResponse, message: RegExp | undefined, remedy?: RegExp])[] = [
    ['JSON', {}, answered(bytes('{"a":1}'), 'application/json'), /^The answer of "it" is packed with gzip, which no header "content-encoding" says, and its type \(application\/json\) neither\.$/, /"decoder": \{ "type": "json" \}/],
    ['JSON in which something is wanted', { records: 'a' }, answered(bytes('{"a":1}'), 'application/json'), /is packed with gzip/, /"type": "json"/],
    ['JSON, answered to what is sent', { direction: 'send', method: 'POST' }, answered(bytes('{"a":1}'), 'application/json'), /is packed with gzip/, /"type": "json"/],
    ['a text in which something is wanted', { records: 'a' }, answered(bytes('{"a":1}'), 'text/plain'), /is packed with gzip/, /"type": "json"/],
    ['something of no type in which something is wanted', { records: 'a' }, answered(bytes('{"a":1}'), ''), /is packed with gzip, which no header "content-encoding" says\.$/, /"type": "json"/],
    ['an archive', { records: 'a' }, answered(zipped({ a: '{"a":1}' }), 'application/json'), /is a ZIP archive/, /"type": "json"/],
    ['by Zstandard', {}, answered(new Uint8Array(zstdCompressSync('{"a":1}')), 'application/json'), /is packed with Zstandard/, /"accept-encoding": "gzip"/],
    ['by Zstandard, for a decoder', { decoder: { type: 'csv' } }, answered(new Uint8Array(zstdCompressSync('a\n1\n')), 'text/csv'), /is packed with Zstandard/, /"accept-encoding": "gzip"/],
    ['by Brotli, which has no sign', {}, answered(new Uint8Array(brotliCompressSync('{"a":1}')), 'application/json'), /is no text in utf-8/, /packed without a header "content-encoding"/],
    ['a file that is wanted as it is', {}, answered(bytes('{"a":1}'), 'application/octet-stream'), undefined],
    ['JSON with its decoder', { decoder: { type: 'json' }, records: 'a' }, answered(bytes('{"a":1}'), 'application/json'), undefined],
  ];
  for (const [what, endpoint, answer, message, remedy] of packings) {
    test(`packed, which nothing says: ${what}`, async () => {
      const told = await ask(endpoint, answer);
      if (message === undefined) return assert.equal(told.error?.message, undefined);
      assert.equal(told.error?.code, 'REMOTE_FORMAT');
      assert.match(told.error.message, message);
      assert.match(told.error.remedy, remedy!);
    });
  }

  test('a web page where something was sent is no answer that counts', async () => {
    const told = await ask({ direction: 'send', method: 'POST' }, page);
    assert.deepEqual([told.error?.code, told.bodies], ['REMOTE_FORMAT', []]);
    assert.match(told.error?.remedy ?? '', /Check the address and the auth method/);
  });

  for (const [what, endpoint, answer, code, message] of broken) {
    test(what, async () => {
      const told = await ask(endpoint, answer);
      assert.equal(told.error?.code, code);
      assert.match(told.error?.message ?? '', message);
    });
  }
});

describe('answers to what is sent', () => {
  const sending: Partial<EndpointManifest> = { direction: 'send', method: 'POST' };

  test('items that XML refuses', async () => {
    const told = await ask({ ...sending, itemErrors: { path: 'r.error', index: "['@line']", message: "['#text']" } }, answered('<r><error line="1">no stock</error></r>', 'text/xml'));
    assert.deepEqual([told.error?.message, told.failed.map(({ body, message }) => [body, message])], [undefined, [[{ id: 2 }, '"it" refused item 2 of 2: no stock']]]);
  });

  test('as a document where a decoder is named', async () => {
    const told = await ask({ ...sending, decoder: { type: 'xml' } }, answered('<r><id>7</id></r>', 'text/xml'));
    assert.deepEqual([told.bodies, told.payloads.map(({ mediaType }) => mediaType)], [[{ r: { id: '7' } }], ['application/json']]);
  });
});
