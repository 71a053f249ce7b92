import { defineConverter, FlowError } from '../sdk/index.ts';
import { inUtf8 } from '../formats/bytes.ts';
import { jsonItems } from '../formats/json-items.ts';
import { partOf } from '../formats/json-part.ts';
import { bytesOf } from '../formats/text.ts';

export default defineConverter({
  type: 'json',
  title: 'JSON',
  summary: 'Reads and writes JSON documents, item by item where the document is a list.',
  description: 'A list gives its items one by one, so a list of any length fits into memory; any other document is one record. It is read in UTF-8, or in UTF-16 by its byte order mark. Writing gives a list. Numbers that JavaScript cannot hold, such as ids and amounts of more than 15 digits, are read as texts, digit by digit.',
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

async function* decode(whole: AsyncIterable<Uint8Array>, path: readonly string[] | undefined): AsyncGenerator<unknown> {
  let before = 0;
  const unmarked = inUtf8(whole);
  const bytes = path ? partOf(unmarked, path, { found: (offset) => void (before = offset) }) : unmarked;
  for await (const items of jsonItems(bytes, { before: () => before })) for (const { value } of items) yield value;
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
