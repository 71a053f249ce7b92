import { defineShape, FlowError, type Output, type Payload, type RecordConverter, type StepRun } from '../sdk/index.ts';
import { packed, packings, unpacked, type Packing } from './packing.ts';

export default defineShape({
  type: 'convert',
  title: 'Convert',
  summary: 'Reads records out of JSON, NDJSON, CSV, XML and other formats, as a stream, and passes them on in batches, or writes them in another format.',
  description: 'A file of any length is read piece by piece; each batch of records is a payload. The format is told by the content type of the payload, or set. With a target format the records are written in it, one document per payload unless it is said otherwise, so that a step behind it that writes a file writes the whole of it; without one they go on as JSON documents, in batches. A document that is longer than 64 MB is written while it is read, so that memory does not grow with it; one of all payloads of a run is held in memory. How each format is read and written stands in the settings of its converter.',
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
      per: {
        type: 'string', enum: ['batch', 'payload', 'run'], title: 'One document per', description: 'What becomes one payload; default each payload where there is a target format and no batch size, else each batch.',
        enumDescriptions: ['So many records of a payload.', 'All records of a payload.', 'All records of all payloads, when no more can come: one file of many pages.'],
      },
      batch: { type: 'integer', minimum: 1, maximum: 1_000_000, title: 'Batch size', description: 'Records per batch; default 500.' },
    },
    dependencies: { reading: ['from'], writing: ['to'], pack: ['to'] },
    additionalProperties: false,
  },
  examples: [
    { title: 'A list cut into batches', settings: { from: 'json', batch: 2 }, payloads: [[{ id: 1 }, { id: 2 }, { id: 3 }]], outputs: [{ port: 'out', body: [{ id: 1 }, { id: 2 }] }, { port: 'out', body: [{ id: 3 }] }] },
    { title: 'JSON to CSV', settings: { to: 'csv' }, payloads: [[{ sku: 'A', stock: 1 }, { sku: 'B', stock: 0 }]], outputs: [{ port: 'out', body: 'sku,stock\nA,1\nB,0\n' }] },
    { title: 'JSON to the CSV of a German spreadsheet', settings: { to: 'csv', writing: { delimiter: ';', lineEnd: 'crlf', columns: ['sku', 'stock'] } }, payloads: [[{ sku: 'A', stock: 1 }]], outputs: [{ port: 'out', body: 'sku;stock\r\nA;1\r\n' }] },
    { title: 'Pages to one CSV file', settings: { to: 'csv', per: 'run' }, payloads: [[{ sku: 'A' }, { sku: 'B' }], [{ sku: 'C' }]], outputs: [{ port: 'out', body: 'sku\nA\nB\nC\n' }] },
    { title: 'A CSV file for so many records', settings: { to: 'csv', batch: 2 }, payloads: [[{ sku: 'A' }, { sku: 'B' }, { sku: 'C' }]], outputs: [{ port: 'out', body: 'sku\nA\nB\n' }, { port: 'out', body: 'sku\nC\n' }] },
    { title: 'Nothing to write', settings: { to: 'csv', per: 'run' }, payloads: [[], []], outputs: [] },
    { title: 'JSON to Base64', settings: { to: 'ndjson', pack: ['base64'] }, payloads: [[{ id: 1 }]], outputs: [{ port: 'out', body: 'eyJpZCI6MX0K' }] },
    { title: 'Batches where there are none', settings: { to: 'csv', per: 'run', batch: 10 }, payloads: [], outputs: [], error: 'CONFIG_INVALID' },
    { title: 'A format that nobody reads', settings: { from: 'papyrus' }, payloads: [], outputs: [], error: 'CONFIG_UNKNOWN_PLUGIN' },
    { title: 'A document that is not packed', settings: { from: 'json', unpack: ['gzip'] }, payloads: [[1]], outputs: [], error: 'DATA_INVALID' },
  ],
  open: async ({ from, reading, unpack, to, writing, pack = [], batch, per = to === undefined || batch !== undefined ? 'batch' : 'payload' }, context) => {
    if (per !== 'batch' && batch !== undefined) throw new FlowError('CONFIG_INVALID', `There are no batches where one document is made per ${per}: remove "batch", or set "per" to "batch".`);
    const reader = from === undefined ? undefined : await context.converter(from, reading);
    const writer = to === undefined ? undefined : await context.converter(to, writing);
    const job = async (payload: Payload): Promise<Job> => ({ reader: reader ?? (await context.converter(payload.mediaType)), unpack, writer, pack });
    if (per === 'run') return oneOfAll(job);
    const size = per === 'payload' ? Infinity : (batch ?? 500);
    return async (payload) => {
      const own = await job(payload);
      return per === 'payload' && own.writer ? document(payload, own, own.writer) : batches(payload, own, size);
    };
  },
});

interface Job {
  readonly reader: RecordConverter;
  readonly unpack: readonly Packing[];
  readonly writer: RecordConverter | undefined;
  readonly pack: readonly Packing[];
}

async function* recordsOf(payload: Payload, { reader, unpack }: Job): AsyncGenerator<unknown> {
  // A text that is packed is no text of the document.
  yield* reader.decode(unpacked(payload.bytes(), unpack), { isUtf8: unpack.length === 0 && payload.isText });
}

async function* batches(payload: Payload, job: Job, size: number): AsyncGenerator<Output> {
  let records: unknown[] = [];
  for await (const record of recordsOf(payload, job)) {
    if (records.push(record) < size) continue;
    yield { port: 'out', payload: payload.with(await written(records, job)) };
    records = [];
  }
  if (records.length > 0) yield { port: 'out', payload: payload.with(await written(records, job)) };
}

/** With the metadata of the first payload. */
function oneOfAll(jobOf: (payload: Payload) => Promise<Job>): StepRun {
  const all: unknown[] = [];
  let job: Job | undefined;
  let meta: Readonly<Record<string, string>> | undefined;
  return {
    async payload(payload) {
      const own = await jobOf(payload);
      const records: unknown[] = [];
      // One that cannot be read to its end leaves nothing behind.
      for await (const record of recordsOf(payload, own)) records.push(record);
      for (const record of records) all.push(record);
      job ??= own;
      meta ??= payload.meta;
      return [];
    },
    async end({ create }) {
      if (!job || all.length === 0) return [];
      const { body, mediaType } = await written(all, job);
      return [{ port: 'out', payload: create(body, { mediaType, meta: meta ?? {} }) }];
    },
  };
}

/** All records of a payload as one document; nothing where there are none. A long one is made anew whenever it is read. */
async function document(payload: Payload, job: Job, writer: RecordConverter): Promise<Output[]> {
  let count = 0;
  const open = (): AsyncIterable<Uint8Array> => packed(writer.encode(recordsOf(payload, job)), job.pack);
  const counted = async function* (): AsyncGenerator<unknown> {
    for await (const record of recordsOf(payload, job)) {
      count++;
      yield record;
    }
  };
  let size = 0;
  let chunks: Uint8Array[] | undefined = [];
  for await (const chunk of packed(writer.encode(counted()), job.pack)) {
    size += chunk.length;
    if (size > longBytes) chunks = undefined;
    chunks?.push(chunk);
  }
  if (count === 0) return [];
  return [{ port: 'out', payload: payload.with(chunks ? bodyOf(chunks, job, writer) : { stream: { size, open }, mediaType: mediaTypeOf(job, writer) }) }];
}

async function written(records: readonly unknown[], job: Job): Promise<{ readonly body: unknown; readonly mediaType: string }> {
  const { writer, pack } = job;
  if (!writer) return { body: records, mediaType: 'application/json' };
  const chunks: Uint8Array[] = [];
  for await (const chunk of packed(writer.encode(records), pack)) chunks.push(chunk);
  return bodyOf(chunks, job, writer);
}

function bodyOf(chunks: readonly Uint8Array[], job: Job, writer: RecordConverter): { readonly body: unknown; readonly mediaType: string } {
  const bytes = new Uint8Array(Buffer.concat(chunks));
  const outermost = job.pack.at(-1);
  const mediaType = mediaTypeOf(job, writer);
  if (outermost === 'gzip' || (outermost === undefined && (writer.encoding ?? 'utf-8') !== 'utf-8')) return { body: bytes, mediaType };
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return { body: mediaType === 'application/json' ? (JSON.parse(text) as unknown) : text, mediaType };
}

function mediaTypeOf({ pack }: Job, writer: RecordConverter): string {
  const outermost = pack.at(-1);
  return outermost === undefined ? writer.mediaType : outermost === 'gzip' ? 'application/gzip' : 'text/plain';
}

const longBytes = 64 * 1024 * 1024;
