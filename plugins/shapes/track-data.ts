import { defineShape, type TrackedValue } from '../sdk/index.ts';
import { recordsAt, recordsSetting } from './records.ts';

export default defineShape({
  type: 'track-data',
  title: 'Track data',
  summary: 'Makes values of the records findable: in which run, step and direction each was seen, and when.',
  description: 'Text, numbers, true and false are tracked; of a list each item. What is missing, null or empty is not. A value of more than 255 characters is left out with a warning: nobody could find it by its beginning. Payloads go on as they came.',
  icon: 'search',
  group: 'control',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      entity: { type: 'string', minLength: 1, maxLength: 100, title: 'Entity', description: 'What the values identify, such as `order` or `customer`.' },
      fields: { type: 'array', minItems: 1, items: { type: 'string', title: 'Field', description: 'A path.' }, title: 'Fields', description: 'Paths of the values in a record.', 'x-path': 'record' },
      direction: { type: 'string', enum: ['in', 'out'], default: 'in', title: 'Direction', description: 'Whether the data came from another system or go to one.', enumDescriptions: ['They came in.', 'They go out.'] },
      records: recordsSetting,
    },
    required: ['entity', 'fields'],
    additionalProperties: false,
  },
  examples: [
    { title: 'Numbers of orders and of their lines', settings: { entity: 'order', fields: ['id', 'lines[*].sku'] }, payloads: [[{ id: 1, lines: [{ sku: 'A' }] }, { id: null }]], outputs: [{ port: 'out', body: [{ id: 1, lines: [{ sku: 'A' }] }, { id: null }], meta: {} }] },
    { title: 'A path that is not one', settings: { entity: 'order', fields: ['lines['] }, payloads: [], outputs: [], error: 'CONFIG_PATH' },
    { title: 'Records that are not there', settings: { entity: 'order', fields: ['id'], records: 'orders' }, payloads: [{}], outputs: [], error: 'DATA_MISSING' },
  ],
  open: (settings, context) => {
    const path = context.path(settings.records);
    const fields = settings.fields.map((query) => context.path(query));
    const { entity, direction } = settings;
    return async (payload, { track, log }) => {
      const found = recordsAt(path, await payload.json()).list.flatMap((record) => fields.flatMap((field) => field.all(record))).flat(Infinity);
      const texts = new Set(found.filter(isTrackable).map(String));
      const values = [...texts].filter((value) => value.length <= LONGEST).map((value): TrackedValue => ({ entity, value, direction }));
      if (values.length < texts.size) log.warn(`${texts.size - values.length} values of more than ${LONGEST} characters are not tracked.`, { entity });
      if (values.length > 0) await track(values);
      return [{ port: 'out', payload }];
    };
  },
});

const isTrackable = (value: unknown): value is string | number | boolean => typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value !== '');
const LONGEST = 255;
