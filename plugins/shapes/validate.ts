import { defineShape, FlowError, type Output, type Payload } from '../sdk/index.ts';
import { compileSchema, describeFaults, type SchemaFault } from './json-schema.ts';
import { recordsAt, recordsSetting } from './records.ts';

export default defineShape({
  type: 'validate',
  title: 'Validate',
  summary: 'Tells what fits a JSON Schema from what does not.',
  description: 'Records that fit leave by `out`, the others by `invalid`, with what is wrong in `meta.validation_errors`; a payload that fits as a whole is not touched. With *whole payload* the document itself is checked. Set to fail, a payload with anything that does not fit fails, and is caught like any other.',
  icon: 'verified',
  group: 'logic',
  ports: ['out', 'invalid'],
  settings: {
    type: 'object',
    properties: {
      schema: { type: 'object', additionalProperties: true, title: 'JSON Schema', description: 'Schema (2020-12) that each record must fit.', 'x-ui': { widget: 'code' } },
      schemaFile: { type: 'string', minLength: 1, title: 'Schema file', description: 'File below `schemas/` with such a schema, such as `schemas/order.json`; beside a schema both must fit.', 'x-ui': { ref: 'schema' } },
      whole: { type: 'boolean', default: false, title: 'Whole payload', description: 'The schema is one of the document, not of each record.' },
      onInvalid: { type: 'string', enum: ['port', 'fail'], default: 'port', title: 'On faults', description: 'What becomes of what does not fit.', enumDescriptions: ['It leaves by `invalid`.', 'The payload fails.'] },
      records: recordsSetting,
    },
    additionalProperties: false,
  },
  examples: [
    {
      title: 'Orders with and without a number',
      settings: { schema: { type: 'object', properties: { id: { type: 'integer' }, email: { type: 'string', format: 'email' } }, required: ['id'] } },
      payloads: [[{ id: 1 }, { email: 'a@b.test' }, { id: '3' }]],
      outputs: [
        { port: 'out', body: [{ id: 1 }] },
        { port: 'invalid', body: [{ email: 'a@b.test' }, { id: '3' }], meta: { validation_errors: "record 1 at its root it must have required property 'id'; record 2 at /id it must be integer" } },
      ],
    },
    { title: 'The document itself', settings: { whole: true, schema: { type: 'object', properties: { orders: { type: 'array', minItems: 1 } } } }, payloads: [{ orders: [1] }, { orders: [] }, null], outputs: [{ port: 'out', body: { orders: [1] } }, { port: 'invalid', body: { orders: [] } }, { port: 'invalid', body: null }] },
    { title: 'Records in a wrapper', settings: { records: 'orders', schema: { required: ['id'] } }, payloads: [{ page: 1, orders: [{}, { id: 1 }] }], outputs: [{ port: 'out', body: { page: 1, orders: [{ id: 1 }] } }, { port: 'invalid', body: { page: 1, orders: [{}] } }] },
    { title: 'Each record of a list', settings: { records: 'orders[*]', schema: { required: ['id'] } }, payloads: [{ orders: [{}, { id: 1 }] }], outputs: [{ port: 'out', body: { orders: [{ id: 1 }] } }, { port: 'invalid', body: { orders: [{}] } }] },
    { title: 'Set to fail', settings: { onInvalid: 'fail', schema: { type: 'object' } }, payloads: [[{}, 1]], outputs: [], error: 'DATA_INVALID' },
    { title: 'No records', settings: { schema: { type: 'object' } }, payloads: [[]], outputs: [{ port: 'out', body: [] }] },
    { title: 'No schema', settings: {}, payloads: [], outputs: [], error: 'CONFIG_INVALID' },
    { title: 'A reference that leads nowhere', settings: { schema: { $ref: '#/$defs/order' } }, payloads: [], outputs: [], error: 'CONFIG_INVALID' },
    { title: 'A schema file that does not exist', settings: { schemaFile: 'schemas/order.json' }, payloads: [], outputs: [], error: 'CONFIG_NOT_FOUND' },
  ],
  open: async (settings, context) => {
    const { schema, schemaFile, whole, onInvalid } = settings;
    if (schema === undefined && schemaFile === undefined) throw new FlowError('CONFIG_INVALID', 'A schema is needed: here, or in a file below schemas/.', { place: { pointer: '' } });
    const checks = [
      ...(schema === undefined ? [] : [compileSchema(schema, '/schema')]),
      ...(schemaFile === undefined ? [] : [compileSchema(await context.schema(schemaFile), '/schemaFile')]),
    ];
    const faultsOf = (value: unknown): readonly SchemaFault[] => checks.flatMap((check) => check(value));
    const path = context.path(settings.records);
    return async (payload): Promise<Output[]> => {
      const document = await payload.json();
      if (whole) return checkedWhole(payload, faultsOf(document), onInvalid);
      const records = recordsAt(path, document);
      const faults = records.list.map(faultsOf);
      const bad = faults.flatMap((found, index) => (found.length === 0 ? [] : [`${records.isList ? `record ${index} ` : ''}${describeFaults(found)}`]));
      if (bad.length === 0) return [{ port: 'out', payload }];
      if (onInvalid === 'fail') throw invalid(bad);
      const of = (isGood: boolean): unknown => records.only((index) => (faults[index]!.length === 0) === isGood);
      const rest: Output = { port: 'invalid', payload: bad.length === records.list.length ? payload.with(noted(bad)) : payload.with({ body: of(false), ...noted(bad) }) };
      return bad.length === records.list.length ? [rest] : [{ port: 'out', payload: payload.with({ body: of(true) }) }, rest];
    };
  },
});

function checkedWhole(payload: Payload, faults: readonly SchemaFault[], onInvalid: 'port' | 'fail'): Output[] {
  if (faults.length === 0) return [{ port: 'out', payload }];
  const bad = [describeFaults(faults)];
  if (onInvalid === 'fail') throw invalid(bad);
  return [{ port: 'invalid', payload: payload.with(noted(bad)) }];
}

const noted = (bad: readonly string[]): { readonly meta: Readonly<Record<string, string>> } => ({ meta: { validation_errors: cut(bad.join('; ')) } });
const invalid = (bad: readonly string[]): FlowError => new FlowError('DATA_INVALID', `The payload does not fit the schema: ${cut(bad.join('; '))}.`);
const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
const LONGEST = 1_000;
