import { defineShape, type Output, type Payload } from '../sdk/index.ts';
import { longPart, longRecords, wholeOf } from './long-records.ts';

export default defineShape({
  type: 'split',
  title: 'Split',
  summary: 'Passes on only one element of a document, or each item of a list as a payload of its own.',
  description: 'The path may name several elements; each gives a payload. Where it names nothing, nothing goes on and the log says so. A document that is too long to be read as a whole is read piece by piece where the path has names alone, or for each item names, one `[*]` and more below it.',
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
    const outputOf = (payload: Payload, element: unknown): Output => ({ port: 'out', payload: payload.with({ body: wrapper === undefined ? element : { [wrapper]: element } }) });
    // `orders[*].lines`: each item of the first list, and what stands below it.
    const star = path.keys?.indexOf(null) ?? -1;
    const list = star < 0 ? path : context.path(pathOf(path.keys!.slice(0, star)));
    const below = star < 0 ? undefined : context.path(pathOf(path.keys!.slice(star + 1)));
    async function* long(payload: Payload): AsyncGenerator<Output> {
      if (!each && !below) return void (yield { port: 'out', payload: await longPart(path, payload, wrapper) });
      for await (const item of longRecords(list, payload).each()) {
        const found = below ? below.all(item) : [item];
        for (const element of each && below ? found.flat(1) : found) yield outputOf(payload, element);
      }
    }
    return async (payload, { log }) => {
      const document = await wholeOf(payload);
      if (document === undefined) return long(payload);
      const found = path.all(document);
      if (found.length === 0) log.info(`There is nothing at ${JSON.stringify(path.query)} of the payload.`);
      return (each ? found.flat(1) : found).map((element) => outputOf(payload, element));
    };
  },
});

const pathOf = (keys: readonly (string | number | null)[]): string => `$${keys.map((key) => `[${key === null ? '*' : JSON.stringify(key)}]`).join('')}`;
