import { defineShape, type Payload } from '../sdk/index.ts';
import { compileConditions, conditionsSetting, type Condition } from './conditions.ts';
import { longRecords, wholeOf, type LongRecords } from './long-records.ts';
import { perSettings, recordsAt, recordsSetting, type Records } from './records.ts';

export default defineShape({
  type: 'filter',
  title: 'Filter',
  summary: 'Lets only those records through that match, or only those that do not.',
  description: 'A payload of which no record is left goes no further; the log says so. A payload that is one record goes on as it is, or not at all. A document that is too long to be read as a whole is read record by record.',
  icon: 'filter',
  group: 'logic',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      conditions: conditionsSetting,
      keep: { type: 'string', enum: ['matches', 'others'], default: 'matches', title: 'Keep', description: 'Which records go on.', enumDescriptions: ['Those for which the conditions hold.', 'Those for which they do not.'] },
      records: recordsSetting,
    },
    required: ['conditions'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'Paid orders above 10',
      settings: { conditions: [{ field: 'status', is: 'equals', value: 'paid' }, { field: 'total', is: 'greater-than', value: 10 }] },
      payloads: [[{ id: 1, status: 'paid', total: 12 }, { id: 2, status: 'paid', total: '9.50' }, { id: 3, status: 'open', total: 99 }]],
      outputs: [{ port: 'out', body: [{ id: 1, status: 'paid', total: 12 }] }],
    },
    {
      title: 'One of several countries, the list inside a wrapper',
      settings: { records: 'orders', conditions: [{ any: [{ field: 'country', value: 'GB' }, { field: 'lines[*].sku', is: 'starts-with', value: 'UK-' }] }] },
      payloads: [{ page: 1, orders: [{ country: 'GB' }, { country: 'DE', lines: [{ sku: 'X' }, { sku: 'UK-1' }] }, { country: 'FR' }] }],
      outputs: [{ port: 'out', body: { page: 1, orders: [{ country: 'GB' }, { country: 'DE', lines: [{ sku: 'X' }, { sku: 'UK-1' }] }] } }],
    },
    { title: 'Remove test orders', settings: { keep: 'others', conditions: [{ field: 'email', is: 'regex', value: '@example\\.(com|org)$' }] }, payloads: [[{ email: 'a@example.org' }, { email: 'b@shop.test' }]], outputs: [{ port: 'out', body: [{ email: 'b@shop.test' }] }] },
    { title: 'Nothing is left', settings: { conditions: [{ field: 'id', is: 'is-empty' }] }, payloads: [[{ id: 1 }], { id: 2 }, []], outputs: [] },
    { title: 'A single record that matches', settings: { conditions: [{ field: 'at', is: 'between', type: 'date', value: ['2024-01-01', '2024-12-31T23:59:59Z'] }] }, payloads: [{ at: '2024-06-01' }], outputs: [{ port: 'out', body: { at: '2024-06-01' } }] },
    { title: 'Orders after those of the payload', settings: { records: 'orders', conditions: [{ field: 'at', is: 'greater-than', type: 'date', value: '{{ payload.since }}' }] }, payloads: [{ since: '2024-06-01', orders: [{ at: '2024-05-31' }, { at: '2024-06-02' }] }, { since: '2024-01-01', orders: [{ at: '2024-05-31' }] }], outputs: [{ port: 'out', body: { since: '2024-06-01', orders: [{ at: '2024-06-02' }] } }, { port: 'out', body: { since: '2024-01-01', orders: [{ at: '2024-05-31' }] } }] },
    { title: 'An expression that gives no date', settings: { conditions: [{ field: 'at', is: 'greater-than', type: 'date', value: '{{ payload.since }}' }] }, payloads: [{ since: 'never' }], outputs: [], error: 'DATA_INVALID' },
    {
      title: 'Groups in groups',
      settings: { conditions: [{ any: [{ field: 'country', value: 'GB' }, { all: [{ field: 'country', value: 'FR' }, { any: [{ field: 'total', is: 'greater-than', value: 100 }, { field: 'vip', is: 'equals', type: 'boolean', value: true }] }] }] }] },
      payloads: [[{ id: 1, country: 'GB' }, { id: 2, country: 'FR', total: 50 }, { id: 3, country: 'FR', total: 150 }, { id: 4, country: 'FR', total: 5, vip: true }]],
      outputs: [{ port: 'out', body: [{ id: 1, country: 'GB' }, { id: 3, country: 'FR', total: 150 }, { id: 4, country: 'FR', total: 5, vip: true }] }],
    },
    { title: 'Changed in the last two hours before the run was queued', settings: { conditions: [{ field: 'at', is: 'at-least', type: 'relative-date', value: '-2 hours' }] }, payloads: [[{ at: '2024-01-31T10:00:00Z' }, { at: '2024-01-31T09:59:59Z' }]], outputs: [{ port: 'out', body: [{ at: '2024-01-31T10:00:00Z' }] }] },
    { title: 'Records at several places', settings: { records: 'shops[*].orders', conditions: [{ field: 'id', is: 'greater-than', value: 1 }] }, payloads: [{ shops: [{ name: 'N', orders: [{ id: 1 }] }, { orders: [{ id: 2 }, { id: 1 }] }] }], outputs: [{ port: 'out', body: { shops: [{ name: 'N', orders: [] }, { orders: [{ id: 2 }] }] } }] },
    { title: 'Each record of a list, those of a filter, and fields of an object', settings: { records: 'orders[?@.id]', conditions: [{ field: 'id', is: 'not-equals', value: 2 }] }, payloads: [{ orders: [{ id: 1 }, {}, { id: 2 }, { id: 3 }] }, { orders: { a: { id: 2 }, b: { id: 3 } } }], outputs: [{ port: 'out', body: { orders: [{ id: 1 }, {}, { id: 3 }] } }, { port: 'out', body: { orders: { b: { id: 3 } } } }] },
    { title: 'Several places below what is missing', settings: { records: 'orders[*]', conditions: [] }, payloads: [{ items: [] }], outputs: [], error: 'DATA_MISSING' },
    { title: 'A path that leads nowhere', settings: { records: 'orders', conditions: [] }, payloads: [{ items: [] }], outputs: [], error: 'DATA_MISSING' },
    { title: 'A regular expression that is not valid', settings: { conditions: [{ field: 'a', is: 'regex', value: '(' }] }, payloads: [], outputs: [], error: 'CONFIG_INVALID' },
  ],
  open: (settings, context) => {
    const path = context.path(settings.records);
    const testOf = perSettings(settings.conditions as readonly Condition[], (conditions) => compileConditions(conditions, context, '/conditions'));
    const isKept = settings.keep === 'matches';
    return async (payload, current) => {
      const test = testOf(current.settings.conditions as readonly Condition[]);
      const passes = (record: unknown): boolean => test(record, current) === isKept;
      const document = await wholeOf(payload);
      const { records, kept } = document === undefined ? await filterLong(longRecords(path, payload), passes) : filterWhole(payload, recordsAt(path, document), passes);
      if (kept) return [{ port: 'out', payload: kept }];
      current.log.info(`None of ${records} records passed the filter.`, { records });
      return [];
    };
  },
});

interface Filtered {
  readonly records: number;
  readonly kept: Payload | undefined;
}

function filterWhole(payload: Payload, { list, only }: Records, passes: (record: unknown) => boolean): Filtered {
  const isKept = list.map(passes);
  const kept = isKept.filter(Boolean).length;
  return { records: list.length, kept: kept === 0 ? undefined : kept === list.length ? payload : payload.with({ body: only((index) => isKept[index]!) }) };
}

async function filterLong(long: LongRecords, passes: (record: unknown) => boolean): Promise<Filtered> {
  const { records, parts } = await long.divide(1, (record, put) => { if (passes(record)) put(0); });
  return { records, kept: parts[0] };
}
