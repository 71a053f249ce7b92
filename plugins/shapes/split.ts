import { defineShape, type Output } from '../sdk/index.ts';

export default defineShape({
  type: 'split',
  title: 'Split',
  summary: 'Passes on only one element of a document, or each item of a list as a payload of its own.',
  description: 'The path may name several elements; each gives a payload. Where it names nothing, nothing goes on and the log says so. Use *Convert* for files that are too long to be read as a whole.',
  icon: 'split-horizontal',
  group: 'data',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      path: { type: 'string', default: '', title: 'Path', description: 'Path of the element.', 'x-path': 'payload' },
      each: { type: 'boolean', default: false, title: 'Each item', description: 'A list gives a payload per item.' },
      wrapper: { type: 'string', minLength: 1, title: 'Wrapper', description: 'Key under which the element is put; without it the element is the document.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'The orders of a page', settings: { path: 'data.orders' }, payloads: [{ data: { orders: [{ id: 1 }, { id: 2 }] }, page: 1 }], outputs: [{ port: 'out', body: [{ id: 1 }, { id: 2 }] }] },
    { title: 'Each line of each order', settings: { path: 'orders[*].lines', each: true, wrapper: 'line' }, payloads: [{ orders: [{ lines: [1, 2] }, { lines: [3] }] }], outputs: [{ port: 'out', body: { line: 1 } }, { port: 'out', body: { line: 2 } }, { port: 'out', body: { line: 3 } }] },
    { title: 'Each item of a list', settings: { each: true }, payloads: [[{ id: 1 }, { id: 2 }]], outputs: [{ port: 'out', body: { id: 1 } }, { port: 'out', body: { id: 2 } }] },
    { title: 'Nothing there', settings: { path: 'orders' }, payloads: [{ items: [] }], outputs: [] },
    { title: 'A path that is not one', settings: { path: 'orders[' }, payloads: [], outputs: [], error: 'CONFIG_PATH' },
  ],
  open: (settings, context) => {
    const path = context.path(settings.path);
    const { each, wrapper } = settings;
    return async (payload, { log }) => {
      const found = path.all(await payload.json());
      if (found.length === 0) log.info(`There is nothing at ${JSON.stringify(path.query)} of the payload.`);
      const elements = each ? found.flat(1) : found;
      return elements.map((element): Output => ({ port: 'out', payload: payload.with({ body: wrapper === undefined ? element : { [wrapper]: element } }) }));
    };
  },
});
