import { defineShape, FlowError, type Output, type Path, type PayloadContext, type StepContext, withChanges } from '../sdk/index.ts';
import { conditionsSetting } from './conditions.ts';
import { groupRecords, type Group } from './groups.ts';
import { compileMapping, noRecord, withoutFields, type Mapping, type Rule } from './mapping.ts';
import { recordsAt, recordsSetting } from './records.ts';

export default defineShape({
  type: 'map',
  title: 'Map',
  summary: 'Makes new records out of the fields of the old ones, rule by rule.',
  description: `Each rule takes one or several source fields, sends them through transforms, and writes the result to a target field. Several sources arrive at the first transform as a list; a rule without a source needs a transform that makes a value.

Lists are aligned: the n-th \`[*]\` of the target belongs to the n-th of the source. A source with fewer of them is repeated for each item that the other rules make, wherever they stand; where no other rule makes items, and there is no list, it makes a list of one. A source with more gives a list. In the rules of a map \`[*]\` goes through the items of a list, and what is no list is its only item, as an element of XML that comes once; elsewhere \`[*]\` is that of JSONPath, which also gives the fields of an object.

Whatever else may name several places counts as a \`[*]\`: a filter (\`lines[?@.qty > 1].sku\`), a slice (\`lines[0:2]\`), a list of indexes or names (\`lines[0,2]\`), the fields of an object (\`prices.*\`). A path with \`..\`, or with a filter that asks for something outside of its items (\`$\`), counts as one list of all that it finds.

What is missing is not written, unless the rule has a default, which also stands in for null; of several sources one has to be there. A list that is missing or null is not written either, one without items makes an empty one. An item that a rule leaves out keeps its place.

A source that gives a list (\`{"from": "lines[*].sku", "to": "skus"}\`) gives what is there: an item without the field is not in it, one that is null is. With a default each of both is the default at its place; with \`skus[*]\` as the target they keep their places as null. Transforms get the list without the missing items, and their result has the default. A default that is a list is that of the whole list, as any default is where there is no list.

Rules run in their order: of two that write the same field, the later one counts. Conditions (\`when\`) are those of filters. Their fields are read of the whole record; one that goes through the list of the source is that of the item, so that \`{"from": "lines[*].sku", "to": "items[*].id", "when": [{"field": "lines[*].qty", "is": "greater-than", "value": 1}]}\` writes \`id\` into some items only. To make fewer items, filter the source. Where the target has no \`[*]\` for the list, so that the source gives a list, items for which they do not hold are not in it: \`{"from": "lines[*].price", "to": "total", "transforms": [{"type": "sum"}], "when": […]}\` adds up the others. Conditions about the record, beside such of items, are about the rule as a whole.

The payload that goes on holds the new records only: a list where there was a list. With \`passThrough\` a new record begins with the fields that no rule takes.

With \`groupBy\` the records of a payload that have the same values in some fields become one: the rules then read \`key\`, \`count\` and \`records\` of each group, so that \`records[*].total\` with the transform \`sum\` is the total of the group. A merge step in front of it brings the records of several payloads together.

Rules that several steps share stand in a mapping file, \`maps/address.map.json\`: \`{"version": 1, "rules": […]}\`. A step takes all of its rules with \`"map": "address"\`, a rule calls it with the same for its value. With \`source\` and \`target\` it names the JSON Schemas (files below \`schemas/\`) of what its rules read and make, so that it is checked, completed and tried without a flow; a step that names its own goes by those. A mapping is exported by putting its rules into such a file, and imported by putting the file into another workspace. Expressions are not possible in it: what depends on the payload comes as a further source.`,
  icon: 'arrow-swap',
  group: 'data',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      map: { type: 'string', minLength: 1, title: 'Mapping', description: 'Name of a mapping file, `address` for `maps/address.map.json`, whose rules come before those that stand here.', 'x-ui': { ref: 'map' } },
      rules: {
        type: 'array', default: [], title: 'Rules', description: 'What is written, in order.', 'x-ui': { widget: 'map' },
        items: {
          type: 'object', title: 'Rule', description: 'Sources, transforms and a target.',
          properties: {
            from: {
              title: 'From', description: 'Path of the source field, or a list of paths.', 'x-path': 'record',
              anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
            },
            to: { type: 'string', minLength: 1, title: 'To', description: 'Path of the target field.', 'x-path': 'target' },
            transforms: {
              type: 'array', title: 'Transforms', description: 'What the value goes through, in order.',
              items: {
                type: 'object', title: 'Transform', description: 'A transform with its settings.',
                properties: {
                  type: { type: 'string', minLength: 1, title: 'Type', description: 'Type of the transform.', 'x-ui': { ref: 'transform' } },
                  settings: { type: 'object', additionalProperties: true, title: 'Settings', description: 'Its settings.' },
                },
                required: ['type'],
                additionalProperties: false,
              },
            },
            map: { type: 'string', minLength: 1, title: 'Mapping', description: 'Name of a mapping file, `address` for `maps/address.map.json`, that makes a record of the value, and one of each item of a list. It comes after the transforms.', 'x-ui': { ref: 'map' } },
            default: { title: 'Default', description: 'Value where the result is missing or null; in a list, of each item. In one that the source gives, too, unless transforms get it, or the default is a list itself: then it is that of the whole.' },
            when: { ...conditionsSetting, title: 'When', description: 'The rule is applied only where these conditions hold for the source record; a field that goes through the list of the source is that of each item, which without them is not in a list that is made of the source. A group of `any` holds where one of its conditions does, a group of `all` in it where all do.' },
            notes: { type: 'string', title: 'Notes', description: 'Why the rule is as it is.' },
          },
          required: ['to'],
          additionalProperties: false,
        },
      },
      onError: {
        type: 'string', enum: ['fail-record', 'fail-payload'], default: 'fail-record', title: 'On error', description: 'What a record that cannot be mapped does.',
        enumDescriptions: ['It fails alone; the other records of the payload go on.', 'The whole payload fails.'],
      },
      records: recordsSetting,
      passThrough: { type: 'boolean', default: false, title: 'Pass the rest through', description: 'Fields of the record that no rule takes stay at their places; rules write over them. A field is taken by a path of names, indexes and `[*]`, also where the conditions of the rule do not hold; a single item of a list (`tags[0]`) stays, since the others would move up.' },
      groupBy: { type: 'array', items: { type: 'string', title: 'Field', description: 'Path of a field of the record.', 'x-path': 'record' }, default: [], title: 'Group by', description: 'Fields by whose values the records are grouped, in the order in which they come; the rules then read `key` (the value, of several fields the list of them; of a path that names several places the list of the values there), `count` and `records` of a group.' },
      wrapInput: { type: 'boolean', default: false, title: 'Wrap input', description: 'What stands there counts as one record even where it is a list, so that a rule can go through it: `[*].sku`.' },
      wrapOutput: { type: 'boolean', default: false, title: 'Wrap output', description: 'What is made is put into a list.' },
      source: { type: 'string', minLength: 1, title: 'Schema of the source', description: 'File below `schemas/` with the JSON Schema of what the rules read, where the steps before do not say it; the mapping is checked against it.', 'x-ui': { ref: 'schema' } },
      target: { type: 'string', minLength: 1, title: 'Schema of the target', description: 'File below `schemas/` with the JSON Schema of a record that is made, where the steps behind do not say it.', 'x-ui': { ref: 'schema' } },
    },
    additionalProperties: false,
  },
  examples: [
    {
      title: 'An order for an ERP',
      settings: {
        rules: [
          { from: 'id', to: 'reference', transforms: [{ type: 'prefix', settings: { prefix: 'WEB-' } }] },
          { from: ['customer.first', 'customer.last'], to: 'customer.name', transforms: [{ type: 'concatenate' }] },
          { from: 'lines[*].sku', to: 'items[*].article' },
          { from: 'lines[*].price', to: 'items[*].net', transforms: [{ type: 'cast-to-number' }] },
          { from: 'currency', to: 'items[*].currency' },
          { from: 'note', to: 'remark', default: 'none' },
          { from: 'vat', to: 'vatNumber', when: [{ field: 'vat', is: 'is-not-empty' }] },
        ],
      },
      payloads: [[{ id: 7, customer: { first: 'Ada', last: 'King' }, currency: 'GBP', vat: '', lines: [{ sku: 'A', price: '1.50' }, { sku: 'B', price: 2 }] }]],
      outputs: [{
        port: 'out',
        body: [{ reference: 'WEB-7', customer: { name: 'Ada King' }, items: [{ article: 'A', net: 1.5, currency: 'GBP' }, { article: 'B', net: 2, currency: 'GBP' }], remark: 'none' }],
      }],
    },
    {
      title: 'Lists in lists, a deeper source under a shallower target',
      settings: { rules: [{ from: 'parcels[*].items[*].sku', to: 'boxes[*].content[*].id' }, { from: 'parcels[*].items[*].sku', to: 'boxes[*].skus' }, { from: 'parcels[*].items[*].sku', to: 'skus' }, { from: 'parcels[*].nr', to: 'boxes[*].content[*].box' }] },
      payloads: [{ parcels: [{ nr: 1, items: [{ sku: 'A' }, { sku: 'B' }] }, { nr: 2, items: [{ sku: 'C' }] }] }],
      outputs: [{ port: 'out', body: { boxes: [{ content: [{ id: 'A', box: 1 }, { id: 'B', box: 1 }], skus: ['A', 'B'] }, { content: [{ id: 'C', box: 2 }], skus: ['C'] }], skus: ['A', 'B', 'C'] } }],
    },
    { title: 'A list of values, and one without items', settings: { rules: [{ from: 'tags[*]', to: 'labels[*].name' }, { from: 'lines[*].sku', to: 'skus[*]' }] }, payloads: [{ tags: ['a', 'b'], lines: [] }], outputs: [{ port: 'out', body: { labels: [{ name: 'a' }, { name: 'b' }], skus: [] } }] },
    { title: 'Some items of a list', settings: { rules: [{ from: 'lines[?@.qty > 1].sku', to: 'bulk[*].sku' }, { from: 'lines[0:2].sku', to: 'first' }, { from: 'lines[*].sku', to: 'all[*].sku' }, { from: 'lines[*].qty', to: 'all[*].pieces', when: [{ field: 'lines[*].qty', is: 'greater-than', value: 1 }] }] }, payloads: [{ lines: [{ sku: 'A', qty: 1 }, { sku: 'B', qty: 5 }, { sku: 'C', qty: 2 }] }], outputs: [{ port: 'out', body: { bulk: [{ sku: 'B' }, { sku: 'C' }], first: ['A', 'B'], all: [{ sku: 'A' }, { sku: 'B', pieces: 5 }, { sku: 'C', pieces: 2 }] } }] },
    { title: 'A total of some items', settings: { rules: [{ from: 'lines[*].price', to: 'gifts', transforms: [{ type: 'sum' }], when: [{ field: 'lines[*].kind', value: 'gift' }] }, { from: 'lines[*].sku', to: 'skus', when: [{ field: 'lines[*].kind', is: 'not-equals', value: 'gift' }] }] }, payloads: [{ lines: [{ sku: 'A', kind: 'gift', price: 1 }, { sku: 'B', price: 20 }, { sku: 'C', kind: 'gift', price: 300 }] }], outputs: [{ port: 'out', body: { gifts: 301, skus: ['B'] } }] },
    { title: 'A list that is missing, and its default', settings: { rules: [{ from: 'lines[*].sku', to: 'items[*].sku' }, { from: 'currency', to: 'items[*].currency' }, { from: 'lines[*].sku', to: 'skus', default: [] }, { from: ['first', 'last'], to: 'name', transforms: [{ type: 'concatenate' }], default: 'unknown' }] }, payloads: [{ currency: 'GBP' }], outputs: [{ port: 'out', body: { skus: [], name: 'unknown' } }] },
    { title: 'Items that are missing, and their default', settings: { rules: [{ from: 'lines[*].sku', to: 'there' }, { from: 'lines[*].sku', to: 'all', default: '-' }, { from: 'lines[*].sku', to: 'places[*]' }, { from: 'lines[*].sku', to: 'text', transforms: [{ type: 'array-join', settings: { separator: '+' } }], default: 'none' }] }, payloads: [{ lines: [{ sku: 'A' }, {}, { sku: null }, { sku: 'D' }] }], outputs: [{ port: 'out', body: { there: ['A', null, 'D'], all: ['A', '-', '-', 'D'], places: ['A', null, null, 'D'], text: 'A+D' } }] },
    { title: 'A value that is made, and a fixed place in a list', settings: { rules: [{ to: 'source', transforms: [{ type: 'custom-string', settings: { value: 'shop' } }] }, { from: 'email', to: "contacts[0]['e-mail']" }] }, payloads: [{ email: 'a@b.test' }], outputs: [{ port: 'out', body: { source: 'shop', contacts: [{ 'e-mail': 'a@b.test' }] } }] },
    {
      title: 'Expressions in transforms and conditions',
      settings: { records: 'orders', rules: [
        { from: 'id', to: 'id', transforms: [{ type: 'prefix', settings: { prefix: '{{ payload.shop }}-' } }] },
        { to: 'shop', transforms: [{ type: 'custom-string', settings: { value: '{{ payload.shop }}' } }], when: [{ field: 'country', value: '{{ payload.home }}' }] },
      ] },
      payloads: [{ shop: 7, home: 'GB', orders: [{ id: 1, country: 'GB' }, { id: 2, country: 'FR' }] }],
      outputs: [{ port: 'out', body: [{ id: '7-1', shop: '7' }, { id: '7-2' }] }],
    },
    {
      title: 'The rest passes through',
      settings: { passThrough: true, rules: [{ from: 'id', to: 'reference' }, { from: 'lines[*].sku', to: 'lines[*].article' }, { from: 'customer.name', to: 'buyer' }] },
      payloads: [[{ id: 7, note: 'gift', lines: [{ sku: 'A', quantity: 2 }], customer: { name: 'Ada' } }]],
      outputs: [{ port: 'out', body: [{ note: 'gift', lines: [{ quantity: 2, article: 'A' }], reference: 7, buyer: 'Ada' }] }],
    },
    {
      title: 'One record for all orders of a customer',
      settings: { groupBy: ['customer.id'], rules: [{ from: 'key', to: 'customer' }, { from: 'count', to: 'orders' }, { from: 'records[*].total', to: 'total', transforms: [{ type: 'sum' }] }, { from: 'records[*].id', to: 'lines[*].order' }] },
      payloads: [[{ id: 1, customer: { id: 'a' }, total: 2 }, { id: 2, customer: { id: 'b' }, total: 3 }, { id: 3, customer: { id: 'a' }, total: 4 }]],
      outputs: [{ port: 'out', body: [{ customer: 'a', orders: 2, total: 6, lines: [{ order: 1 }, { order: 3 }] }, { customer: 'b', orders: 1, total: 3, lines: [{ order: 2 }] }] }],
    },
    { title: 'Groups by two fields', settings: { groupBy: ['a', 'b'], rules: [{ from: 'key', to: 'key' }, { from: 'records[0].n', to: 'first' }] }, payloads: [[{ a: 1, b: 'x', n: 1 }, { a: 1, n: 2 }, { a: 1, b: 'x', n: 3 }]], outputs: [{ port: 'out', body: [{ key: [1, 'x'], first: 1 }, { key: [1, null], first: 2 }] }] },
    { title: 'Groups by an object, whose fields come in any order', settings: { groupBy: ['to'], rules: [{ from: 'key.zip', to: 'zip' }, { from: 'count', to: 'parcels' }] }, payloads: [[{ to: { city: 'Bonn', zip: '53111' } }, { to: { zip: '53111', city: 'Bonn' } }]], outputs: [{ port: 'out', body: [{ zip: '53111', parcels: 2 }] }] },
    { title: 'Groups by all values of a list', settings: { groupBy: ['tags[*]'], rules: [{ from: 'key', to: 'tags' }, { from: 'count', to: 'n' }] }, payloads: [[{ tags: ['a', 'b'] }, { tags: ['a'] }, { tags: ['a', 'b'] }, {}]], outputs: [{ port: 'out', body: [{ tags: ['a', 'b'], n: 2 }, { tags: ['a'], n: 1 }, { tags: null, n: 1 }] }] },
    { title: 'Records at several places', settings: { records: 'shops[*].orders', rules: [{ from: 'id', to: 'id' }] }, payloads: [{ shops: [{ orders: [{ id: 1 }, { id: 2 }] }, { orders: [{ id: 3 }] }, {}] }, { shops: [] }], outputs: [{ port: 'out', body: [{ id: 1 }, { id: 2 }, { id: 3 }] }, { port: 'out', body: [] }] },
    { title: 'Each record of a list', settings: { records: 'orders[*]', rules: [{ from: 'id', to: 'id' }] }, payloads: [{ orders: [{ id: 1 }, { id: 2 }] }], outputs: [{ port: 'out', body: [{ id: 1 }, { id: 2 }] }] },
    { title: 'A mapping file for all addresses', settings: { rules: [{ from: 'ship', to: 'delivery', map: 'address' }, { from: 'others', to: 'others', map: 'address' }, { from: 'bill', to: 'invoice', map: 'address', default: 'none' }] }, payloads: [{ ship: { street: '1 High St', city: 'Leeds' }, others: [{ city: 'York' }, null] }], outputs: [{ port: 'out', body: { delivery: { line1: '1 High St', town: 'Leeds' }, others: [{ town: 'York' }, null], invoice: 'none' } }] },
    { title: 'A mapping file, and a rule more', settings: { map: 'address', rules: [{ from: 'zip', to: 'postcode' }] }, payloads: [[{ street: '1 High St', city: 'Leeds', zip: 'LS1' }]], outputs: [{ port: 'out', body: [{ line1: '1 High St', town: 'Leeds', postcode: 'LS1' }] }] },
    { title: 'A mapping file that does not exist', settings: { map: 'adress' }, payloads: [], outputs: [], error: 'CONFIG_NOT_FOUND' },
    { title: 'A list that is one record', settings: { wrapInput: true, rules: [{ from: '[*].sku', to: 'items[*].article' }, { from: '[0].order', to: 'order' }] }, payloads: [[{ order: 7, sku: 'A' }, { order: 7, sku: 'B' }]], outputs: [{ port: 'out', body: { items: [{ article: 'A' }, { article: 'B' }], order: 7 } }] },
    { title: 'A list of one', settings: { wrapOutput: true, rules: [{ from: 'id', to: 'id' }] }, payloads: [{ id: 7, name: 'x' }], outputs: [{ port: 'out', body: [{ id: 7 }] }] },
    { title: 'A record that cannot be mapped', settings: { onError: 'fail-payload', rules: [{ from: 'total', to: 'total', transforms: [{ type: 'cast-to-number' }] }] }, payloads: [[{ total: 'many' }]], outputs: [], error: 'DATA_INVALID' },
    { title: 'What has no fields to group by', settings: { groupBy: ['k'], onError: 'fail-payload', rules: [{ from: 'key', to: 'k' }] }, payloads: [[{ k: null }, 5]], outputs: [], error: 'DATA_INVALID' },
    { title: 'A target that cannot be written', settings: { rules: [{ from: 'a', to: '__proto__.x' }] }, payloads: [], outputs: [], error: 'CONFIG_PATH' },
    { title: 'A transform that does not exist', settings: { rules: [{ from: 'a', to: 'b', transforms: [{ type: 'upside-down' }] }] }, payloads: [], outputs: [], error: 'CONFIG_UNKNOWN_PLUGIN' },
  ],
  open: async (settings, context) => {
    const path = context.path(settings.records);
    const fields = settings.groupBy.map((query, index) => fieldAt(query, index, context));
    const mappingOf = await compileMapping({ ...settings, rules: settings.rules as readonly Rule[] }, context);
    const isRecordAlone = settings.onError === 'fail-record';
    const isRefused = withoutFields(settings.groupBy);
    const recordsOf = ({ list, isList }: Given, refuse: (record: unknown, index: number) => void): Given => {
      if (fields.length > 0) {
        for (const [index, record] of list.entries()) if (isRefused(record)) refuse(record, index);
        return { list: groupRecords(fields, list.filter((record) => !isRefused(record))), isList: true };
      }
      return settings.wrapInput ? { list: [isList ? list : list[0]], isList: false } : { list, isList };
    };
    return async (payload, current): Promise<Output[]> => {
      const given = recordsAt(path, await payload.json());
      const { list, isList } = recordsOf(given, (record, index) => {
        const error = noRecord(record);
        if (given.list.length === 1) throw error;
        const placed = ofRecord({ index, count: given.list.length }, error);
        if (!isRecordAlone) throw placed;
        current.fail(payload.with({ body: record }), placed);
      });
      const map = await mappingOf(current.settings.rules as readonly Rule[]);
      const isGrouped = fields.length > 0;
      const giveUp = (index: number, error: FlowError): void => {
        const placed = list.length > 1 ? ofRecord({ index, count: list.length, isGrouped }, error) : error;
        if (!isRecordAlone || list.length === 1) throw placed;
        current.fail(payload.with({ body: isGrouped ? (list[index] as Group).records : list[index] }), placed);
      };
      const mapped = map.each ? mapEach(map.each, list, current, giveUp) : checked(await map.all(list, current), giveUp);
      if (mapped.length === 0 && given.list.length > 0) return [];
      const body = isList ? mapped : mapped[0];
      return [{ port: 'out', payload: payload.with({ body: settings.wrapOutput ? [body] : body }) }];
    };
  },
});

/** What the rules read of a payload, and whether a list comes of it. */
interface Given {
  readonly list: readonly unknown[];
  readonly isList: boolean;
}

/** Gives up a record, or throws where that is the end of the payload. */
type GiveUp = (index: number, error: FlowError) => void;

function mapEach(map: NonNullable<Mapping['each']>, records: readonly unknown[], context: PayloadContext, giveUp: GiveUp): unknown[] {
  const mapped: unknown[] = [];
  for (let index = 0; index < records.length; index++) {
    try {
      mapped.push(map(records[index], context));
    } catch (error) {
      if (!FlowError.is(error)) throw error;
      giveUp(index, error);
    }
  }
  return mapped;
}

function checked(made: readonly unknown[], giveUp: GiveUp): unknown[] {
  return made.filter((record, index) => {
    if (!FlowError.is(record)) return true;
    giveUp(index, record);
    return false;
  });
}

interface Numbered {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  readonly isGrouped?: boolean;
}

const ofRecord = ({ index, count, isGrouped = false }: Numbered, error: FlowError): FlowError =>
  withChanges(error, { message: `${isGrouped ? 'Group' : 'Record'} ${index + 1} of ${count}: ${error.message}`, details: { [isGrouped ? 'group' : 'record']: index } });

function fieldAt(query: string, index: number, context: Pick<StepContext, 'path'>): Path {
  try {
    return context.path(query);
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    throw withChanges(error, { place: { pointer: `/groupBy/${index}` } });
  }
}
