import { defineShape, FlowError, type CachedDocument, type Output } from '../sdk/index.ts';
import { cacheSettings, keyOf } from './cached.ts';

export default defineShape({
  type: 'load-from-cache',
  title: 'Load from cache',
  summary: 'Gives the documents that a cache has under one or more keys, each as a payload, in place of the payload.',
  description: 'Documents come in the order of the keys, and of each key in the order in which they were put. They bring their metadata with them, over those of the payload. A key may be an expression that gives a list of keys.',
  icon: 'database',
  group: 'data',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      ...cacheSettings,
      keys: { type: 'array', minItems: 1, items: { title: 'Key', description: 'A key, such as `{{ payload.id }}`.' }, title: 'Keys', description: 'Texts under which documents are looked for.', 'x-expression': true },
      pages: { type: 'string', enum: ['all', 'last'], default: 'all', title: 'Pages', description: 'Which of the documents under a key are given.', enumDescriptions: ['All of them.', 'The one that was put last.'] },
      onMiss: {
        type: 'string', enum: ['fail', 'skip', 'pass'], default: 'fail', title: 'On a miss', description: 'What happens where there is nothing under a key.',
        enumDescriptions: ['The payload fails with `CACHE_MISS`.', 'That key gives nothing; the log says so.', 'Where no key has anything, the payload goes on as it came.'],
      },
    },
    required: ['cache', 'keys'],
    additionalProperties: false,
  },
  examples: [
    { title: 'Nothing there', settings: { cache: 'customers', keys: ['{{ payload.id }}'] }, payloads: [{ id: 7 }], outputs: [], error: 'CACHE_MISS' },
    { title: 'Nothing there, and no matter', settings: { cache: 'customers', keys: ['a', 'b'], onMiss: 'skip' }, payloads: [{ id: 7 }], outputs: [] },
    { title: 'Nothing there, and on', settings: { cache: 'customers', keys: ['a'], onMiss: 'pass' }, payloads: [{ id: 7 }], outputs: [{ port: 'out', body: { id: 7 } }] },
    { title: 'No key', settings: { cache: 'customers', keys: ['{{ payload.id }}'], onMiss: 'skip' }, payloads: [{ id: null }], outputs: [], error: 'DATA_MISSING' },
  ],
  open: ({ cache: name, scope, pages, onMiss }, context) => {
    const cache = context.cache(name, scope);
    return async (payload, { settings, log }): Promise<Output[]> => {
      const keys = settings.keys.flat(Infinity).map(keyOf);
      const found: CachedDocument[] = [];
      for (const key of keys) {
        const documents = await cache.get(key);
        if (documents.length === 0 && onMiss === 'fail') throw new FlowError('CACHE_MISS', `The cache ${JSON.stringify(name)} has nothing under ${JSON.stringify(key)}.`, { details: { cache: name, scope, key } });
        if (documents.length === 0) log.info(`The cache ${JSON.stringify(name)} has nothing under ${JSON.stringify(key)}.`);
        found.push(...(pages === 'all' ? documents : documents.slice(-1)));
      }
      if (found.length === 0 && onMiss === 'pass') return [{ port: 'out', payload }];
      return found.map(({ body, mediaType, meta }) => ({ port: 'out', payload: payload.with({ body, mediaType, meta }) }));
    };
  },
});
