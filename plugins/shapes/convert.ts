import { defineShape, type Output, type Payload, type RecordConverter } from '../sdk/index.ts';
import { packed, packings, unpacked, type Packing } from './packing.ts';

export default defineShape({
  type: 'convert',
  title: 'Convert',
  summary: 'Reads records out of JSON, NDJSON, CSV, XML and other formats, as a stream, and passes them on in batches.',
  description: 'A file of any length is read piece by piece; each batch of records is a payload. The format is told by the content type of the payload, or set. With a target format the records are written in it; without one they go on as JSON documents. How each format is read and written stands in the settings of its converter.',
  icon: 'file-binary',
  group: 'data',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      from: { type: 'string', minLength: 1, title: 'From', description: 'Type of converter, such as `csv`; default by the content type of the payload.', 'x-ui': { ref: 'converter', settings: 'reading' } },
      reading: { type: 'object', title: 'How it is read', description: 'Settings of that converter, such as the delimiter of a CSV document.' },
      unpack: { type: 'array', items: { type: 'string', enum: packings, enumDescriptions: ['Compressed with gzip.', 'Bytes as letters and digits.'] }, default: [], title: 'Unpack', description: 'What the document is packed in, outermost first.' },
      to: { type: 'string', minLength: 1, title: 'To', description: 'Type of converter that writes the records; without it they stay JSON documents.', 'x-ui': { ref: 'converter', settings: 'writing' } },
      writing: { type: 'object', title: 'How it is written', description: 'Settings of that converter.' },
      pack: { type: 'array', items: { type: 'string', enum: packings, enumDescriptions: ['Compresses with gzip.', 'Bytes as letters and digits.'] }, title: 'Pack', description: 'What each written document is packed in, innermost first.' },
      batch: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 500, title: 'Batch size', description: 'Records per payload.' },
    },
    dependencies: { reading: ['from'], writing: ['to'], pack: ['to'] },
    additionalProperties: false,
  },
  examples: [
    { title: 'A list cut into batches', settings: { from: 'json', batch: 2 }, payloads: [[{ id: 1 }, { id: 2 }, { id: 3 }]], outputs: [{ port: 'out', body: [{ id: 1 }, { id: 2 }] }, { port: 'out', body: [{ id: 3 }] }] },
    { title: 'JSON to CSV', settings: { to: 'csv' }, payloads: [[{ sku: 'A', stock: 1 }, { sku: 'B', stock: 0 }]], outputs: [{ port: 'out', body: 'sku,stock\nA,1\nB,0\n' }] },
    { title: 'JSON to the CSV of a German spreadsheet', settings: { to: 'csv', writing: { delimiter: ';', lineEnd: 'crlf', columns: ['sku', 'stock'] } }, payloads: [[{ sku: 'A', stock: 1 }]], outputs: [{ port: 'out', body: 'sku;stock\r\nA;1\r\n' }] },
    { title: 'JSON to Base64', settings: { to: 'ndjson', pack: ['base64'] }, payloads: [[{ id: 1 }]], outputs: [{ port: 'out', body: 'eyJpZCI6MX0K' }] },
    { title: 'A format that nobody reads', settings: { from: 'papyrus' }, payloads: [], outputs: [], error: 'CONFIG_UNKNOWN_PLUGIN' },
    { title: 'A document that is not packed', settings: { from: 'json', unpack: ['gzip'] }, payloads: [[1]], outputs: [], error: 'DATA_INVALID' },
  ],
  open: async ({ from, reading, unpack, to, writing, pack = [], batch }, context) => {
    const reader = from === undefined ? undefined : await context.converter(from, reading);
    const writer = to === undefined ? undefined : await context.converter(to, writing);
    return async (payload) => batches(payload, { reader: reader ?? (await context.converter(payload.mediaType)), unpack, writer, pack, size: batch });
  },
});

interface Job {
  readonly reader: RecordConverter;
  readonly unpack: readonly Packing[];
  readonly writer: RecordConverter | undefined;
  readonly pack: readonly Packing[];
  readonly size: number;
}

async function* batches(payload: Payload, { reader, unpack, writer, pack, size }: Job): AsyncGenerator<Output> {
  let records: unknown[] = [];
  // A text that is packed is no text of the document.
  for await (const record of reader.decode(unpacked(payload.bytes(), unpack), { isUtf8: unpack.length === 0 && payload.isText })) {
    if (records.push(record) < size) continue;
    yield await output(payload, records, writer, pack);
    records = [];
  }
  if (records.length > 0) yield output(payload, records, writer, pack);
}

async function output(payload: Payload, records: readonly unknown[], writer: RecordConverter | undefined, pack: readonly Packing[]): Promise<Output> {
  if (!writer) return { port: 'out', payload: payload.with({ body: records, mediaType: 'application/json' }) };
  const chunks: Uint8Array[] = [];
  for await (const chunk of packed(writer.encode(records), pack)) chunks.push(chunk);
  const bytes = new Uint8Array(Buffer.concat(chunks));
  const outermost = pack.at(-1);
  const mediaType = outermost === undefined ? writer.mediaType : outermost === 'gzip' ? 'application/gzip' : 'text/plain';
  if (outermost === 'gzip' || (outermost === undefined && (writer.encoding ?? 'utf-8') !== 'utf-8')) return { port: 'out', payload: payload.with({ body: bytes, mediaType }) };
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return { port: 'out', payload: payload.with({ body: mediaType === 'application/json' ? (JSON.parse(text) as unknown) : text, mediaType }) };
}
