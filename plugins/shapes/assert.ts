import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';
import { defineShape, FlowError, type Path } from '../sdk/index.ts';
import { compileConditions, conditionsSetting, type Condition } from './conditions.ts';
import { perSettings } from './records.ts';

export default defineShape({
  type: 'assert',
  title: 'Assert',
  summary: 'Fails the payload where it is not as expected, and passes it on where it is.',
  description: 'All that is given must hold: an expected document (compared deeply, the order of keys does not count), a JSON Schema, conditions. The message names the first place that differs.',
  icon: 'check-all',
  group: 'logic',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      expected: { title: 'Expected document', description: 'The whole payload as it should be.', 'x-ui': { widget: 'code' }, 'x-expression': true },
      ignore: { type: 'array', items: { type: 'string' }, default: [], title: 'Ignore', description: 'Paths that are left out of the comparison.', 'x-path': 'payload' },
      schema: { type: 'object', additionalProperties: true, title: 'JSON Schema', description: 'Schema (2020-12) that the payload must fit.', 'x-ui': { widget: 'code' } },
      conditions: { ...conditionsSetting, default: [] },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'As expected, but for the time', settings: { expected: { id: 1, lines: [{ sku: 'A' }] }, ignore: ['at'] }, payloads: [{ lines: [{ sku: 'A' }], id: 1, at: '2024-01-01' }], outputs: [{ port: 'out', body: { lines: [{ sku: 'A' }], id: 1, at: '2024-01-01' } }] },
    { title: 'Another value', settings: { expected: { id: 1 } }, payloads: [{ id: 2 }], outputs: [], error: 'ASSERT_FAILED' },
    { title: 'A schema', settings: { schema: { type: 'array', items: { type: 'object', required: ['id'] } } }, payloads: [[{ id: 1 }]], outputs: [{ port: 'out', body: [{ id: 1 }] }] },
    { title: 'A schema that does not fit', settings: { schema: { type: 'object', properties: { email: { type: 'string', format: 'email' } } } }, payloads: [{ email: 'nobody' }], outputs: [], error: 'ASSERT_FAILED' },
    { title: 'Patterns of a schema', settings: { schema: { properties: { a: { pattern: '^x' }, b: { pattern: '^y' } } } }, payloads: [{ a: 'x', b: 'x' }], outputs: [], error: 'ASSERT_FAILED' },
    { title: 'A condition', settings: { conditions: [{ field: 'total', is: 'greater-than', value: 0 }] }, payloads: [{ total: 0 }], outputs: [], error: 'ASSERT_FAILED' },
    { title: 'A schema that is none', settings: { schema: { type: 'thing' } }, payloads: [], outputs: [], error: 'CONFIG_INVALID' },
  ],
  open: (settings, context) => {
    const ignored = settings.ignore.map((query) => context.path(query));
    const validate = settings.schema === undefined ? undefined : compileSchema(settings.schema);
    const testOf = perSettings(settings.conditions as readonly Condition[], (conditions) => compileConditions(conditions, context, '/conditions'));
    return async (payload, { settings: current }) => {
      const document = await payload.json();
      if ('expected' in current) compare(current.expected, document, ignored);
      validate?.(document);
      if (!testOf(current.conditions as readonly Condition[])(document)) throw new FlowError('ASSERT_FAILED', 'The conditions do not hold for the payload.');
      return [{ port: 'out', payload }];
    };
  },
});

function compare(expected: unknown, given: unknown, ignored: readonly Path[]): void {
  const without = (document: unknown): unknown => ignored.reduce((left, path) => (path.get(left) === undefined ? left : path.set(left, undefined)), document);
  const difference = firstDifference(without(expected), without(given), '');
  if (difference) throw new FlowError('ASSERT_FAILED', `The payload differs at ${difference.at || 'its root'}: expected ${show(difference.expected)}, got ${show(difference.given)}.`, { details: { pointer: difference.at } });
}

function firstDifference(expected: unknown, given: unknown, at: string): { at: string; expected: unknown; given: unknown } | undefined {
  if (Object.is(expected, given)) return undefined;
  if (typeof expected !== 'object' || typeof given !== 'object' || expected === null || given === null || Array.isArray(expected) !== Array.isArray(given)) return { at, expected, given };
  for (const key of new Set([...Object.keys(expected), ...Object.keys(given)])) {
    const difference = firstDifference((expected as Record<string, unknown>)[key], (given as Record<string, unknown>)[key], `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    if (difference) return difference;
  }
  return undefined;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function compileSchema(schema: object): (document: unknown) => void {
  const regExp = Object.assign((pattern: string) => { const compiled = RE2JS.compile(pattern); return { test: (text: string) => compiled.matcher(text).find(), toString: () => pattern }; }, { code: '' });
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: false, code: { regExp } }));
  let validate: ReturnType<typeof ajv.compile>;
  try {
    validate = ajv.compile(schema);
  } catch (cause) {
    throw new FlowError('CONFIG_INVALID', `The JSON Schema is not valid: ${(cause as Error).message}.`, { cause, place: { pointer: '/schema' } });
  }
  return (document) => {
    if (validate(document)) return;
    const [error] = validate.errors ?? [];
    throw new FlowError('ASSERT_FAILED', `The payload does not fit the schema at ${error?.instancePath || 'its root'}: it ${error?.message ?? 'is not valid'}.`, { details: { pointer: error?.instancePath ?? '' } });
  };
}
