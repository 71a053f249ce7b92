import { defineShape } from '../sdk/index.ts';

const values = (title: string, description: string, name: string) => ({
  type: 'array', default: [], title, description,
  items: {
    type: 'object', title: 'Value', description: 'A name and its value.',
    properties: {
      name: { type: 'string', minLength: 1, title: 'Name', description: name },
      value: { title: 'Value', description: 'The value; an expression alone keeps its type.', 'x-expression': true },
    },
    required: ['name'],
    additionalProperties: false,
  },
}) as const;

export default defineShape({
  type: 'set-variables',
  title: 'Set variables',
  summary: 'Sets variables of the flow and metadata of the payload, and passes the payload on.',
  description: 'Variables of the flow (`{{ flow.x }}`) are those of the whole run: with several payloads in work the last one wins. Metadata (`{{ meta.x }}`) belong to the payload and are text; a value that is null or missing removes the entry.',
  icon: 'symbol-variable',
  group: 'data',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      flow: values('Variables', 'Variables of the flow.', 'Name of the variable.'),
      meta: values('Metadata', 'Metadata of the payload.', 'Name of the entry.'),
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'Metadata', settings: { meta: [{ name: 'source', value: 'shop' }, { name: 'count', value: 2 }] }, payloads: [{ id: 1 }], outputs: [{ port: 'out', body: { id: 1 }, meta: { source: 'shop', count: '2' } }] },
    { title: 'A variable', settings: { flow: [{ name: 'last', value: { id: 1 } }] }, payloads: [{ id: 1 }], outputs: [{ port: 'out', body: { id: 1 }, meta: {} }] },
  ],
  open: () => (payload, { settings, variables }) => {
    for (const { name, value } of settings.flow) variables.set(name, value);
    if (settings.meta.length === 0) return [{ port: 'out', payload }];
    return [{ port: 'out', payload: payload.with({ meta: Object.fromEntries(settings.meta.map(({ name, value }) => [name, textOf(value)])) }) }];
  },
});

const textOf = (value: unknown): string | undefined => (value === null || value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value));
