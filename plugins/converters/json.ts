import { defineConverter, FlowError, parseJson } from '../sdk/index.ts';
import { partOf } from '../formats/json-part.ts';
import { bytesOf } from '../formats/text.ts';

export default defineConverter({
  type: 'json',
  title: 'JSON',
  summary: 'Reads and writes JSON documents, item by item where the document is a list.',
  description: 'A list gives its items one by one, so a list of any length fits into memory; any other document is one record. Writing gives a list. Numbers that JavaScript cannot hold, such as ids of more than 16 digits, are read as texts, digit by digit.',
  mediaTypes: ['application/json'],
  fileExtensions: ['json'],
  settings: {
    type: 'object',
    properties: {
      path: { type: 'string', minLength: 1, title: 'Path', description: 'Names from the outermost object to the records, such as `data.orders`, where they stand inside a document; what is written is a list without it.' },
      unwrapSingle: { type: 'boolean', default: false, title: 'Do not wrap a single record', description: 'Writes one record as it is instead of as a list of one.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'Orders of a shop', settings: {}, text: '[ {"id": 1, "tags": ["a,b", "]"]},\n  {"id": 2} ]', records: [{ id: 1, tags: ['a,b', ']'] }, { id: 2 }], printed: '[{"id":1,"tags":["a,b","]"]},{"id":2}]' },
    { title: 'A document that is no list', settings: { unwrapSingle: true }, text: '{"id":1}', records: [{ id: 1 }] },
    { title: 'An empty list', settings: {}, text: '[]', records: [] },
    { title: 'Ids that are too long for a number', settings: {}, text: '[{"id":9007199254740993,"n":1.5}]', records: [{ id: '9007199254740993', n: 1.5 }], printed: '[{"id":"9007199254740993","n":1.5}]' },
    { title: 'Null and other values', settings: {}, text: '[null,"",0,[]]', records: [null, '', 0, []] },
    { title: 'Records inside a document', settings: { path: 'data.orders' }, text: '{"data":{"page":{"orders":[0]},"orders":[{"id":1}, {"id":2}],"next":"]}"}}', records: [{ id: 1 }, { id: 2 }], printed: '[{"id":1},{"id":2}]' },
    { title: 'No records inside a document', settings: { path: 'data.orders' }, text: '{"data":{"order":[]}}', error: 'DATA_INVALID' },
    { title: 'A comma too many', settings: {}, text: '[1,]', error: 'DATA_INVALID' },
    { title: 'Cut off', settings: {}, text: '[{"id":1},{"id"', error: 'DATA_INVALID' },
    { title: 'No text', settings: {}, text: '', error: 'DATA_INVALID' },
  ],
  open: ({ path, unwrapSingle }) => ({
    mediaType: 'application/json',
    decode: (bytes) => decode(bytes, path?.split('.')),
    encode: (records) => bytesOf(listed(texts(records), unwrapSingle)),
  }),
});

const LIST = 0x5b, LIST_END = 0x5d, OBJECT = 0x7b, OBJECT_END = 0x7d, QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Only the bytes that bound an item are looked at here; what stands between them is parsed as a whole. All of them are ASCII, so UTF-8 is never cut. */
async function* decode(whole: AsyncIterable<Uint8Array>, path: readonly string[] | undefined): AsyncGenerator<unknown> {
  const scan = { state: 'before' as 'before' | 'document' | 'list' | 'after', depth: 0, inString: false, isEscaped: false, items: 0, offset: 0, itemOffset: 0 };
  let pending: Uint8Array[] = [];
  const take = (last: Uint8Array): unknown => {
    const item = parse([...pending, last], scan.itemOffset);
    pending = [];
    scan.items++;
    return item;
  };
  const unmarked = withoutMark(whole);
  const bytes = path ? partOf(unmarked, path, (offset) => void (scan.offset = offset)) : unmarked;
  for await (const chunk of bytes) {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (scan.state === 'document') break;
      if (scan.state === 'list') {
        const end = endsItem(scan, byte);
        if (!end) continue;
        const rest = chunk.subarray(from, at);
        if (!(end === 'list' && scan.items === 0 && isBlank([...pending, rest]))) yield take(rest);
        pending = [];
        from = at + 1;
        scan.itemOffset = scan.offset + from;
        if (end === 'list') scan.state = 'after';
      } else if (!isSpace(byte)) {
        if (scan.state === 'after') throw invalid(scan.offset + at, 'Something follows the end of the list');
        scan.state = byte === LIST ? 'list' : 'document';
        from = byte === LIST ? at + 1 : at;
        scan.itemOffset = scan.offset + from;
      }
    }
    scan.offset += chunk.length;
    // Copied, so that a short rest does not keep a large chunk in memory.
    if ((scan.state === 'list' || scan.state === 'document') && from < chunk.length) pending.push(chunk.slice(from));
  }
  if (scan.state === 'before') throw invalid(0, 'The document is empty');
  if (scan.state === 'list') throw invalid(scan.offset, 'The document ends in the middle of a list');
  if (scan.state === 'document') yield take(new Uint8Array());
}

function endsItem(scan: { depth: number; inString: boolean; isEscaped: boolean }, byte: number): 'item' | 'list' | undefined {
  if (scan.inString) {
    if (scan.isEscaped) scan.isEscaped = false;
    else if (byte === BACKSLASH) scan.isEscaped = true;
    else if (byte === QUOTE) scan.inString = false;
  } else if (byte === QUOTE) scan.inString = true;
  else if (byte === LIST || byte === OBJECT) scan.depth++;
  else if (scan.depth > 0) scan.depth -= byte === LIST_END || byte === OBJECT_END ? 1 : 0;
  else if (byte === COMMA) return 'item';
  else if (byte === LIST_END) return 'list';
  return undefined;
}

const isBlank = (parts: readonly Uint8Array[]): boolean => parts.every((part) => part.every(isSpace));

function parse(parts: readonly Uint8Array[], offset: number): unknown {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return parseJson(parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode());
  } catch (cause) {
    throw invalid(offset, (cause as Error).message, cause);
  }
}

const invalid = (offset: number, reason: string, cause?: unknown): FlowError => new FlowError('DATA_INVALID', `The JSON document cannot be read at byte ${offset}: ${reason}.`, { cause, details: { offset } });

/** Without the byte order mark that some systems put first. */
async function* withoutMark(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of bytes) {
    if (!head) {
      yield chunk;
      continue;
    }
    head = new Uint8Array([...head, ...chunk.subarray(0, 3)]);
    const rest = chunk.subarray(Math.min(3, chunk.length));
    if (head.length < 3) continue;
    const isMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
    yield isMark ? head.subarray(3) : head;
    yield rest;
    head = undefined;
  }
  if (head) yield head;
}

async function* texts(records: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  let count = 0;
  for await (const record of records) {
    const text = JSON.stringify(record);
    if (text === undefined) throw new FlowError('DATA_INVALID', `Record ${count + 1} has no value, so it cannot be written as JSON.`);
    count++;
    yield text;
  }
}

/** The first item is held back until a second one shows whether it is the only one. */
async function* listed(items: AsyncIterable<string>, unwrapSingle: boolean): AsyncGenerator<string> {
  let first: string | undefined;
  let count = 0;
  for await (const item of items) {
    count++;
    if (count === 1) first = item;
    else yield count === 2 ? `[${first},${item}` : `,${item}`;
  }
  if (count === 1) yield unwrapSingle ? (first as string) : `[${first}]`;
  else yield count === 0 ? '[]' : ']';
}
