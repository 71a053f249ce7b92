import { defineShape, type Payload } from '../sdk/index.ts';
import { recordKey } from './record-key.ts';
import { recordsAt, recordsSetting } from './records.ts';

export default defineShape({
  type: 'de-dupe',
  title: 'De-dupe',
  summary: 'Lets each record through once, by a key that a pool remembers.',
  description: 'A pool is shared by all flows of the workspace; keys of different entities do not meet. It is asked and told at once, so that of several runs with the same key one lets it through; an attempt after a failure or a crash lets through what the first one did. A record without a key (missing, null, empty) is let through and not remembered. A payload of which no record is left goes no further.',
  icon: 'copy',
  group: 'logic',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      pool: { type: 'string', minLength: 1, maxLength: 100, title: 'Pool', description: 'Name of the pool; it is made when something is first added.' },
      key: { type: 'string', minLength: 1, title: 'Key', description: 'Path of what tells records apart; where it names several values, all of them together.', 'x-path': 'record' },
      entity: { type: 'string', minLength: 1, maxLength: 100, default: 'record', title: 'Entity', description: 'What the keys identify, such as `order`.' },
      behaviour: {
        type: 'string', enum: ['filter-and-track', 'filter', 'track'], default: 'filter-and-track', title: 'Behaviour', description: 'What happens to keys and records.',
        enumDescriptions: ['Known records are left out, new keys are remembered.', 'Known records are left out; nothing is remembered.', 'Keys are remembered; all records go on.'],
      },
      confirm: { type: 'boolean', default: false, title: 'Confirm after success', description: 'A key is remembered only where the payload got through the flow; until then it counts as known.' },
      ttlMs: { type: 'integer', minimum: 1, maximum: 315_360_000_000, title: 'Time to live', description: 'Milliseconds after which a key is forgotten; default 90 days (7,776,000,000).' },
      records: recordsSetting,
    },
    required: ['pool', 'key'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'Orders that a shop sends again',
      settings: { pool: 'orders', key: 'id', entity: 'order' },
      payloads: [[{ id: 1 }, { id: 2 }, { id: 1 }], [{ id: '2' }, { id: 3 }], [{ id: 3 }]],
      outputs: [{ port: 'out', body: [{ id: 1 }, { id: 2 }] }, { port: 'out', body: [{ id: 3 }] }],
    },
    { title: 'Only asked', settings: { pool: 'orders', key: 'id', behaviour: 'filter' }, payloads: [[{ id: 1 }, { id: 1 }], [{ id: 1 }]], outputs: [{ port: 'out', body: [{ id: 1 }, { id: 1 }] }, { port: 'out', body: [{ id: 1 }] }] },
    { title: 'Only told', settings: { pool: 'orders', key: 'id', behaviour: 'track' }, payloads: [{ id: 1 }, { id: 1 }], outputs: [{ port: 'out', body: { id: 1 } }, { port: 'out', body: { id: 1 } }] },
    { title: 'Without a key', settings: { pool: 'orders', key: 'id' }, payloads: [[{ id: null }, {}, { id: '' }]], outputs: [{ port: 'out', body: [{ id: null }, {}, { id: '' }] }] },
    { title: 'Several values as one key', settings: { pool: 'lines', key: "['order','sku']" }, payloads: [[{ order: 1, sku: 'A' }, { order: 1, sku: 'B' }, { order: 1, sku: 'A' }]], outputs: [{ port: 'out', body: [{ order: 1, sku: 'A' }, { order: 1, sku: 'B' }] }] },
    { title: 'An object as a key, whose fields come in any order', settings: { pool: 'addresses', key: 'to' }, payloads: [[{ to: { city: 'Bonn', zip: '53111' } }, { to: { zip: '53111', city: 'Bonn' } }]], outputs: [{ port: 'out', body: [{ to: { city: 'Bonn', zip: '53111' } }] }] },
    { title: 'In a wrapper', settings: { pool: 'orders', key: 'id', records: 'orders' }, payloads: [{ page: 1, orders: [{ id: 1 }, { id: 1 }] }], outputs: [{ port: 'out', body: { page: 1, orders: [{ id: 1 }] } }] },
  ],
  open: (settings, context) => {
    const { behaviour, entity, confirm, ttlMs } = settings;
    const path = context.path(settings.records);
    const keyPath = context.path(settings.key);
    const pool = context.pool(settings.pool);
    const news = async (keys: readonly string[], payload: Payload): Promise<readonly boolean[]> => {
      if (behaviour === 'filter') return (await pool.has(keys, entity)).map((isKnown) => !isKnown);
      return pool.add(keys, { entity, owner: { run: context.run.id, payload: payload.id }, ...(ttlMs !== undefined && { ttlMs }), ...(confirm && { pending: true }) });
    };
    return async (payload, { log }) => {
      const records = recordsAt(path, await payload.json());
      const keys = records.list.map((record) => recordKey(keyPath, record));
      const distinct = [...new Set(keys.filter((key) => key !== undefined))];
      const areNew = distinct.length === 0 ? [] : await news(distinct, payload);
      if (behaviour === 'track') return [{ port: 'out', payload }];
      const left = new Set(distinct.filter((_, index) => areNew[index]));
      const isKept = keys.map((key) => {
        if (key === undefined) return true;
        // The pool takes all records of a payload for the same owner's, so that within it the first one counts.
        return behaviour === 'filter' ? left.has(key) : left.delete(key);
      });
      if (isKept.every(Boolean)) return [{ port: 'out', payload }];
      if (isKept.some(Boolean)) return [{ port: 'out', payload: payload.with({ body: records.only((index) => isKept[index]!) }) }];
      log.info(`All of ${records.list.length} records were known to the pool ${JSON.stringify(settings.pool)}.`, { records: records.list.length });
      return [];
    };
  },
});
