import { defineShape, type Output, type Payload, type RecordConverter } from '../sdk/index.ts';

export default defineShape({
  type: 'convert',
  title: 'Convert',
  summary: 'Reads records out of JSON, NDJSON, CSV and other formats, as a stream, and passes them on in batches.',
  description: 'A file of any length is read piece by piece; each batch of records is a payload. The format is told by the content type of the payload, or set. With a target format the records are written in it; without one they go on as JSON documents.',
  icon: 'file-binary',
  group: 'data',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      from: { type: 'string', minLength: 1, title: 'From', description: 'Type of converter, such as `csv`; default by the content type of the payload.' },
      to: { type: 'string', minLength: 1, title: 'To', description: 'Type of converter that writes the records; without it they stay JSON documents.' },
      batch: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 500, title: 'Batch size', description: 'Records per payload.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'A list cut into batches', settings: { from: 'json', batch: 2 }, payloads: [[{ id: 1 }, { id: 2 }, { id: 3 }]], outputs: [{ port: 'out', body: [{ id: 1 }, { id: 2 }] }, { port: 'out', body: [{ id: 3 }] }] },
    { title: 'JSON to CSV', settings: { to: 'csv' }, payloads: [[{ sku: 'A', stock: 1 }, { sku: 'B', stock: 0 }]], outputs: [{ port: 'out', body: 'sku,stock\nA,1\nB,0\n' }] },
    { title: 'A format that nobody reads', settings: { from: 'papyrus' }, payloads: [], outputs: [], error: 'CONFIG_UNKNOWN_PLUGIN' },
  ],
  open: async ({ from, to, batch }, context) => {
    const reader = from === undefined ? undefined : await context.converter(from);
    const writer = to === undefined ? undefined : await context.converter(to);
    return async (payload) => batches(payload, reader ?? (await context.converter(payload.mediaType)), writer, batch);
  },
});

async function* batches(payload: Payload, reader: RecordConverter, writer: RecordConverter | undefined, size: number): AsyncGenerator<Output> {
  let records: unknown[] = [];
  for await (const record of reader.decode(payload.bytes())) {
    if (records.push(record) < size) continue;
    yield await output(payload, records, writer);
    records = [];
  }
  if (records.length > 0) yield output(payload, records, writer);
}

async function output(payload: Payload, records: readonly unknown[], writer: RecordConverter | undefined): Promise<Output> {
  if (!writer) return { port: 'out', payload: payload.with({ body: records, mediaType: 'application/json' }) };
  const chunks: Uint8Array[] = [];
  for await (const chunk of writer.encode(records)) chunks.push(chunk);
  const text = new TextDecoder().decode(chunks.length === 1 ? chunks[0] : join(chunks));
  return { port: 'out', payload: payload.with({ body: writer.mediaType === 'application/json' ? (JSON.parse(text) as unknown) : text, mediaType: writer.mediaType }) };
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
