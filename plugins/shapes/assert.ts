import { defineShape, FlowError } from '../sdk/index.ts';
import { compileConditions, conditionsSetting, type Condition } from './conditions.ts';
import { compileSchema, describeFaults } from './json-schema.ts';
import { perSettings } from './records.ts';
import { parsePlace } from './target.ts';

export default defineShape({
  type: 'assert',
  title: 'Assert',
  summary: 'Fails the payload where it is not as expected, and passes it on where it is.',
  description: 'All that is given must hold: an expected document (compared deeply, the order of keys does not count), a JSON Schema, conditions, expressions that must be true. The message names the first places that differ.',
  icon: 'check-all',
  group: 'logic',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      expected: { title: 'Expected document', description: 'The whole payload as it should be.', 'x-ui': { widget: 'code' }, 'x-expression': true },
      ignore: { type: 'array', items: { type: 'string' }, default: [], title: 'Ignore', description: 'Paths that are left out of the comparison; they may name several places (`lines[*].id`).', 'x-path': 'target' },
      schema: { type: 'object', additionalProperties: true, title: 'JSON Schema', description: 'Schema (2020-12) that the payload must fit.', 'x-ui': { widget: 'code' } },
      schemaFile: { type: 'string', minLength: 1, title: 'Schema file', description: 'File below `schemas/` with such a schema.', 'x-ui': { ref: 'schema' } },
      conditions: { ...conditionsSetting, default: [] },
      expressions: {
        type: 'array', default: [], title: 'Expressions', description: 'Expressions that must give true.',
        items: { title: 'Expression', description: 'An expression, such as `{{ payload.total == payload.net + payload.vat }}`.', 'x-expression': true },
      },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'As expected, but for the time', settings: { expected: { id: 1, lines: [{ sku: 'A' }] }, ignore: ['at'] }, payloads: [{ lines: [{ sku: 'A' }], id: 1, at: '2024-01-01' }], outputs: [{ port: 'out', body: { lines: [{ sku: 'A' }], id: 1, at: '2024-01-01' } }] },
    { title: 'Ids that are new each time', settings: { expected: [{ id: 0, sku: 'A' }, { id: 0, sku: 'B' }], ignore: ['[*].id'] }, payloads: [[{ id: 7, sku: 'A' }, { id: 8, sku: 'B' }]], outputs: [{ port: 'out', body: [{ id: 7, sku: 'A' }, { id: 8, sku: 'B' }] }] },
    { title: 'Another value', settings: { expected: { id: 1 } }, payloads: [{ id: 2 }], outputs: [], error: 'ASSERT_FAILED' },
    { title: 'Null is not missing', settings: { expected: { id: 1 } }, payloads: [{ id: 1, note: null }], outputs: [], error: 'ASSERT_FAILED' },
    { title: 'A schema', settings: { schema: { type: 'array', items: { type: 'object', required: ['id'] } } }, payloads: [[{ id: 1 }]], outputs: [{ port: 'out', body: [{ id: 1 }] }] },
    { title: 'A schema that does not fit', settings: { schema: { type: 'object', properties: { email: { type: 'string', format: 'email' } } } }, payloads: [{ email: 'nobody' }], outputs: [], error: 'ASSERT_FAILED' },
    { title: 'Patterns of a schema', settings: { schema: { properties: { a: { pattern: '^x' }, b: { pattern: '^y' } } } }, payloads: [{ a: 'x', b: 'x' }], outputs: [], error: 'ASSERT_FAILED' },
    { title: 'A condition', settings: { conditions: [{ field: 'total', is: 'greater-than', value: 0 }] }, payloads: [{ total: 0 }], outputs: [], error: 'ASSERT_FAILED' },
    { title: 'A total that adds up', settings: { expressions: ['{{ payload.total == payload.net + payload.vat }}'] }, payloads: [{ total: 12, net: 10, vat: 2 }], outputs: [{ port: 'out', body: { total: 12, net: 10, vat: 2 } }] },
    { title: 'A total that does not', settings: { expressions: ['{{ payload.total == payload.net + payload.vat }}'] }, payloads: [{ total: 13, net: 10, vat: 2 }], outputs: [], error: 'ASSERT_FAILED' },
    { title: 'A schema that is none', settings: { schema: { type: 'thing' } }, payloads: [], outputs: [], error: 'CONFIG_INVALID' },
    { title: 'A schema file that does not exist', settings: { schemaFile: 'schemas/order.json' }, payloads: [], outputs: [], error: 'CONFIG_NOT_FOUND' },
  ],
  open: async (settings, context) => {
    const ignored = settings.ignore.map((query, index) => placeOf(query, `/ignore/${index}`));
    const schemas = [
      ...(settings.schema === undefined ? [] : [compileSchema(settings.schema, '/schema')]),
      ...(settings.schemaFile === undefined ? [] : [compileSchema(await context.schema(settings.schemaFile), '/schemaFile')]),
    ];
    const testOf = perSettings(settings.conditions as readonly Condition[], (conditions) => compileConditions(conditions, context, '/conditions'));
    return async (payload, current) => {
      const { expected, conditions, expressions } = current.settings;
      const document = await payload.json();
      if ('expected' in current.settings) compare(expected, document, ignored);
      const faults = schemas.flatMap((check) => check(document));
      if (faults.length > 0) throw new FlowError('ASSERT_FAILED', `The payload does not fit the schema: ${describeFaults(faults)}.`, { details: { pointer: faults[0]!.pointer, faults: faults.slice(0, MOST_SHOWN) } });
      if (!testOf(conditions as readonly Condition[])(document, current)) throw new FlowError('ASSERT_FAILED', 'The conditions do not hold for the payload.');
      for (const [index, value] of expressions.entries()) {
        if (value !== true) throw new FlowError('ASSERT_FAILED', `The expression ${show(settings.expressions[index])} gives ${show(value)}, not true.`, { details: { expression: settings.expressions[index] } });
      }
      return [{ port: 'out', payload }];
    };
  },
});

interface Difference {
  readonly pointer: string;
  readonly expected: unknown;
  readonly given: unknown;
}

function compare(expected: unknown, given: unknown, ignored: readonly Place[]): void {
  const left = (document: unknown): unknown => ignored.reduce(without, document);
  const differences = [...differencesOf(left(expected), left(given), '')];
  if (differences.length === 0) return;
  const shown = differences.slice(0, MOST_SHOWN).map(({ pointer, expected: wanted, given: got }) => `at ${pointer || 'its root'}: expected ${show(wanted)}, got ${show(got)}`);
  const more = differences.length > shown.length ? `; and ${differences.length - shown.length} more` : '';
  throw new FlowError('ASSERT_FAILED', `The payload differs ${shown.join('; ')}${more}.`, { details: { pointer: differences[0]!.pointer, differences: differences.slice(0, MOST_SHOWN) } });
}

type Place = readonly (string | number | typeof everyItem)[];

/** Names, indexes and `[*]`, in order. */
function placeOf(query: string, pointer: string): Place {
  const { keys, stops } = parsePlace(query, pointer);
  const place: (string | number | typeof everyItem)[] = [];
  for (let at = 0; at <= keys.length; at++) {
    for (const stop of stops) if (stop === at) place.push(everyItem);
    if (at < keys.length) place.push(keys[at]!);
  }
  return place;
}

/** A copy of the document with nothing at a place; lists keep their length. */
function without(document: unknown, [first, ...rest]: Place): unknown {
  if (first === undefined) return undefined;
  if (first === everyItem) return Array.isArray(document) ? document.map((item) => without(item, rest)) : document;
  if (typeof document !== 'object' || document === null || !Object.hasOwn(document, first)) return document;
  const copy = (Array.isArray(document) ? [...(document as unknown[])] : { ...document }) as Record<string | number, unknown>;
  copy[first] = without(copy[first], rest);
  return copy;
}

function* differencesOf(expected: unknown, given: unknown, pointer: string): Generator<Difference> {
  if (Object.is(expected, given)) return;
  if (typeof expected !== 'object' || typeof given !== 'object' || expected === null || given === null || Array.isArray(expected) !== Array.isArray(given)) {
    yield { pointer, expected, given };
    return;
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(given)])) {
    yield* differencesOf((expected as Record<string, unknown>)[key], (given as Record<string, unknown>)[key], `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

const everyItem = Symbol('[*]');
const MOST_SHOWN = 5;
