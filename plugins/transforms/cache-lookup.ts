import { asText, defineColumnTransform, FlowError, valueAt, type Cache, type CachedDocument, type Path } from '../sdk/index.ts';

export default defineColumnTransform({
  type: 'cache-lookup',
  title: 'Cache lookup',
  summary: 'Replaces a value by what a cache has for it.',
  description: `Either the cache has a document for each value, and \`key\` says under which key (\`customer-{value}\`); or it has one document with all of them under a fixed key, and \`match\` says which record of it belongs to the value. Each key is asked for once for all records of a payload.

Where several documents are under a key, the one that was put last counts; with \`match\` the records of all of them. Values are compared as text. Null, a missing value and empty text count as not found; where that gives null, a missing value stays missing. Lists and objects are an error. It stands in rules of maps only, not in expressions.`,
  settings: {
    type: 'object',
    properties: {
      cache: { type: 'string', minLength: 1, maxLength: 100, title: 'Cache', description: 'Name of the cache.' },
      scope: {
        type: 'string', enum: ['run', 'flow', 'workspace'], default: 'flow', title: 'Scope', description: 'Who shares the cache.',
        enumDescriptions: ['Only this run.', 'All runs of this flow.', 'All flows of the workspace.'],
      },
      key: { type: 'string', minLength: 1, default: '{value}', title: 'Key', description: 'Key in the cache; `{value}` stands for the value.' },
      records: { type: 'string', default: '', title: 'Records', description: 'Path of the list of records in the document, where `match` is used; empty where the document is the list.', 'x-path': 'payload' },
      match: { type: 'string', minLength: 1, title: 'Match', description: 'Path of the field of a record that equals the value; the first such record counts. Without it the document is the record.', 'x-path': 'record' },
      path: { type: 'string', default: '', title: 'Path', description: 'What of the record is given; empty for all of it.', 'x-path': 'record' },
      otherwise: {
        type: 'string', enum: ['null', 'keep', 'default', 'error'], default: 'null', title: 'Otherwise', description: 'What a value gives for which there is nothing.',
        enumDescriptions: ['Null.', 'The value itself.', 'The default below.', 'An error.'],
      },
      default: { title: 'Default', description: 'The value to give where `otherwise` is `default`.', 'x-ui': { visibleWhen: { field: 'otherwise', equals: 'default' } } },
    },
    required: ['cache'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the number of an ERP for the customer of a shop', settings: { cache: 'customers', key: 'shop-{value}', path: 'debtor.number', otherwise: 'default', default: '10000' }, input: 6712345678901, caches: { customers: { 'shop-6712345678901': { name: 'Müller GmbH & Co. KG', debtor: { number: '70012' } } } }, output: '70012' },
    { title: 'A document for each customer', settings: { cache: 'customers', key: 'customer-{value}', path: 'erp.id' }, input: 7, caches: { customers: { 'customer-7': { erp: { id: 'C7' } } } }, output: 'C7' },
    { title: 'One document with all of them', settings: { cache: 'customers', key: 'all', records: 'items', match: 'id', path: 'name' }, input: '7', caches: { customers: { all: { items: [{ id: 6, name: 'Max' }, { id: 7, name: 'Ada' }] } } }, output: 'Ada' },
    { title: 'All of it', settings: { cache: 'rates' }, input: 'GBP', caches: { rates: { GBP: 1.2 } }, output: 1.2 },
    { title: 'Nothing there', settings: { cache: 'rates' }, input: 'XXX', output: null },
    { title: 'A default', settings: { cache: 'rates', otherwise: 'default', default: 1 }, input: null, output: 1 },
    { title: 'The value itself, where the record has no such field', settings: { cache: 'rates', path: 'name', otherwise: 'keep' }, input: 'GBP', caches: { rates: { GBP: {} } }, output: 'GBP' },
    { title: 'Strict', settings: { cache: 'rates', otherwise: 'error' }, input: 'XXX', error: 'CACHE_MISS' },
    { title: 'Empty text', settings: { cache: 'rates', otherwise: 'default', default: 1 }, input: '', output: 1 },
    { title: 'A list', settings: { cache: 'rates' }, input: ['GBP'], error: 'DATA_INVALID' },
  ],
  compile: (settings, context) => {
    const cache = context.cache(settings.cache, settings.scope);
    const path = context.path(settings.path);
    const match = settings.match === undefined ? undefined : { field: context.path(settings.match), records: context.path(settings.records) };
    const missing = (value: unknown): unknown => {
      if (settings.otherwise === 'error') return new FlowError('CACHE_MISS', `The cache ${JSON.stringify(settings.cache)} has nothing for ${JSON.stringify(value) ?? 'a missing value'}.`, { details: { cache: settings.cache, transform: 'cache-lookup' } });
      return settings.otherwise === 'keep' ? value : settings.otherwise === 'default' ? (settings.default ?? null) : value === undefined ? undefined : null;
    };
    return async (values) => {
      const texts = values.map(textOf);
      const keyOf = (text: string): string => settings.key.replaceAll('{value}', () => text);
      const found = await readAll(cache, new Set(texts.filter((text) => typeof text === 'string' && text !== '').map((text) => keyOf(text as string))));
      const indexes = match && new Map([...found].map(([key, documents]) => [key, indexOf(documents, match)]));
      return values.map((value, at) => {
        const text = texts[at]!;
        if (typeof text !== 'string') return text;
        const record = text === '' ? undefined : indexes ? indexes.get(keyOf(text))?.get(text) : bodyOf(found.get(keyOf(text))?.at(-1));
        return (record === undefined ? undefined : valueAt(path, record)) ?? missing(value);
      });
    };
  },
});

/** Empty where there is no value; the error where the value is none that could be looked for. */
function textOf(value: unknown): string | FlowError {
  try {
    return value === null || value === undefined ? '' : asText(value, 'cache-lookup');
  } catch (error) {
    if (FlowError.is(error)) return error;
    throw error;
  }
}

/** Questions to the cache that are under way at a time. */
const mostAtOnce = 100;

async function readAll(cache: Cache, keys: ReadonlySet<string>): Promise<ReadonlyMap<string, readonly CachedDocument[]>> {
  const found = new Map<string, readonly CachedDocument[]>();
  const all = [...keys];
  for (let at = 0; at < all.length; at += mostAtOnce) {
    const part = all.slice(at, at + mostAtOnce);
    const documents = await Promise.all(part.map((key) => cache.get(key)));
    for (const [index, key] of part.entries()) found.set(key, documents[index]!);
  }
  return found;
}

function indexOf(documents: readonly CachedDocument[], { field, records }: { readonly field: Path; readonly records: Path }): ReadonlyMap<string, unknown> {
  const index = new Map<string, unknown>();
  for (const document of documents) {
    for (const record of records.all(bodyOf(document)).flatMap((list): unknown[] => (Array.isArray(list) ? list : [list]))) {
      for (const value of field.all(record)) if ((typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') && !index.has(String(value))) index.set(String(value), record);
    }
  }
  return index;
}

/** Bytes are no value of a record. */
const bodyOf = (document: CachedDocument | undefined): unknown => (document?.body instanceof Uint8Array ? undefined : document?.body);
