import { defineShape, type CachedDocument, type Output, type Payload, type PayloadContext } from '../sdk/index.ts';
import { cacheSettings, documentOf, keyOf } from './cached.ts';

export default defineShape({
  type: 'add-to-cache',
  title: 'Add to cache',
  summary: 'Keeps each payload under a key, and passes it on.',
  description: 'With *all pages*, the payloads of the run under one key are put together when the last one has come, in place of what was there: whoever reads meanwhile sees the old ones. Where the cache is full, the payload fails with `CACHE_FULL` and the old documents stay.',
  icon: 'archive',
  group: 'data',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      ...cacheSettings,
      key: { title: 'Key', description: 'Text under which the payload is kept, such as `{{ payload.id }}`.', 'x-expression': true },
      mode: {
        type: 'string', enum: ['replace', 'append', 'all'], default: 'replace', title: 'Mode', description: 'What happens to the documents under the key.',
        enumDescriptions: ['The payload takes their place.', 'The payload is put behind them.', 'All payloads of the run take their place (all pages).'],
      },
      ttlMs: { type: 'integer', minimum: 1, maximum: 31_536_000_000, title: 'Time to live', description: 'Milliseconds after which the documents are gone; default 7 days (604,800,000).' },
    },
    required: ['cache', 'key'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A customer by number', settings: { cache: 'customers', scope: 'workspace', key: '{{ payload.id }}' }, payloads: [{ id: 7, name: 'Zoë' }], outputs: [{ port: 'out', body: { id: 7, name: 'Zoë' } }] },
    { title: 'All pages of a list', settings: { cache: 'stock', key: 'pages', mode: 'all' }, payloads: [[1, 2], [3]], outputs: [{ port: 'out', body: [1, 2] }, { port: 'out', body: [3] }] },
    { title: 'A key that is empty', settings: { cache: 'customers', key: '{{ payload.id }}' }, payloads: [{ id: null }], outputs: [], error: 'DATA_MISSING' },
  ],
  open: ({ cache: name, scope, mode, ttlMs }, context) => {
    const cache = context.cache(name, scope);
    const options = ttlMs === undefined ? {} : { ttlMs };
    const pages = new Map<string, CachedDocument[]>();
    const keep = async (key: string, document: CachedDocument, id: string): Promise<void> => {
      if (mode === 'replace') await cache.put(key, [document], options);
      else if (mode === 'append') await cache.append(key, document, { ...options, id });
      else pages.set(key, [...(pages.get(key) ?? []), document]);
    };
    const onPayload = async (payload: Payload, { settings }: PayloadContext<{ readonly key?: unknown }>): Promise<Output[]> => {
      await keep(keyOf(settings.key), await documentOf(payload), `${context.run.id}/${payload.id}`);
      return [{ port: 'out', payload }];
    };
    const onEnd = async (): Promise<Output[]> => {
      for (const [key, documents] of pages) await cache.put(key, documents, options);
      return [];
    };
    return mode === 'all' ? { payload: onPayload, end: onEnd } : onPayload;
  },
});
