import { defineShape, FlowError, type Output, type Payload } from '../sdk/index.ts';
import { compileConditions, conditionsSetting, type Condition } from './conditions.ts';
import { longRecords, wholeOf } from './long-records.ts';
import { perSettings, recordsAt, recordsSetting, type Records } from './records.ts';

export default defineShape({
  type: 'route',
  title: 'Route',
  summary: 'Sends each record down the routes whose conditions it meets.',
  description: 'Each route has a port of its own and gets a payload with its records; a route without conditions takes all. Records that no route takes leave by `else`. A route that gets no record passes nothing on. A document that is too long to be read as a whole is read record by record.',
  icon: 'git-branch',
  group: 'logic',
  ports: { each: 'routes', and: ['else'] },
  settings: {
    type: 'object',
    properties: {
      routes: {
        type: 'array', minItems: 1, title: 'Routes', description: 'The routes, in order.',
        items: {
          type: 'object', title: 'Route', description: 'A route.',
          properties: {
            name: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]*$', title: 'Name', description: 'Name of the port: lower-case letters, digits and hyphens.' },
            when: { ...conditionsSetting, default: [] },
          },
          required: ['name'],
          additionalProperties: false,
        },
      },
      mode: { type: 'string', enum: ['all', 'first'], default: 'all', title: 'Mode', description: 'Which of several matching routes a record takes.', enumDescriptions: ['All of them.', 'The first one.'] },
      records: recordsSetting,
    },
    required: ['routes'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'By country',
      settings: { routes: [{ name: 'uk', when: [{ field: '$.country', value: 'GB' }] }, { name: 'big', when: [{ field: 'total', is: 'at-least', value: 100 }] }] },
      payloads: [[{ id: 1, country: 'GB', total: 5 }, { id: 2, country: 'FR', total: 5 }, { id: 3, country: 'GB', total: 150 }]],
      outputs: [
        { port: 'uk', body: [{ id: 1, country: 'GB', total: 5 }, { id: 3, country: 'GB', total: 150 }] },
        { port: 'big', body: [{ id: 3, country: 'GB', total: 150 }] },
        { port: 'else', body: [{ id: 2, country: 'FR', total: 5 }] },
      ],
    },
    {
      title: 'The first that fits',
      settings: { mode: 'first', records: 'orders', routes: [{ name: 'uk', when: [{ field: 'country', value: 'GB' }] }, { name: 'rest' }] },
      payloads: [{ orders: [{ country: 'GB' }, { country: 'DE' }] }, { orders: [{ country: 'GB' }] }],
      outputs: [{ port: 'uk', body: { orders: [{ country: 'GB' }] } }, { port: 'rest', body: { orders: [{ country: 'DE' }] } }, { port: 'uk', body: { orders: [{ country: 'GB' }] } }],
    },
    { title: 'A single record', settings: { routes: [{ name: 'paid', when: [{ field: 'paid', is: 'is-true' }] }] }, payloads: [{ paid: true }, { paid: false }], outputs: [{ port: 'paid', body: { paid: true } }, { port: 'else', body: { paid: false } }] },
    { title: 'A value that is no field of the record', settings: { records: 'orders', routes: [{ name: 'test', when: [{ of: '{{ payload.mode ?? "live" }}', value: 'test' }] }] }, payloads: [{ mode: 'test', orders: [{ id: 1 }] }, { orders: [{ id: 2 }] }], outputs: [{ port: 'test', body: { mode: 'test', orders: [{ id: 1 }] } }, { port: 'else', body: { orders: [{ id: 2 }] } }] },
    { title: 'The country of the shop', settings: { records: 'orders', routes: [{ name: 'home', when: [{ field: 'country', value: '{{ payload.shop }}' }] }] }, payloads: [{ shop: 'FR', orders: [{ country: 'FR' }] }, { shop: 'GB', orders: [{ country: 'FR' }] }], outputs: [{ port: 'home', body: { shop: 'FR', orders: [{ country: 'FR' }] } }, { port: 'else', body: { shop: 'GB', orders: [{ country: 'FR' }] } }] },
    { title: 'Each record of a list', settings: { records: 'orders[*]', routes: [{ name: 'uk', when: [{ field: 'country', value: 'GB' }] }] }, payloads: [{ page: 1, orders: [{ country: 'GB' }, { country: 'DE' }, { country: 'GB' }] }], outputs: [{ port: 'uk', body: { page: 1, orders: [{ country: 'GB' }, { country: 'GB' }] } }, { port: 'else', body: { page: 1, orders: [{ country: 'DE' }] } }] },
    { title: 'Two routes of one name', settings: { routes: [{ name: 'a' }, { name: 'a' }] }, payloads: [], outputs: [], error: 'CONFIG_INVALID' },
  ],
  open: (settings, context) => {
    const names = settings.routes.map(({ name }) => name);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) !== index || name === 'else') throw new FlowError('CONFIG_INVALID', `There are two routes named "${name}".`, { place: { pointer: `/routes/${index}/name` } });
    }
    const path = context.path(settings.records);
    const testsOf = perSettings(settings.routes, (routes) => routes.map(({ when }, index) => compileConditions(when as readonly Condition[], context, `/routes/${index}/when`)));
    const isFirst = settings.mode === 'first';
    return async (payload, current) => {
      const tests = testsOf(current.settings.routes);
      const choose = (record: unknown, put: (route: number) => void): void => {
        let isTaken = false;
        for (let route = 0; route < tests.length; route++) {
          if (!tests[route]?.(record, current)) continue;
          put(route);
          isTaken = true;
          if (isFirst) break;
        }
        if (!isTaken) put(tests.length);
      };
      const document = await wholeOf(payload);
      const parts = document === undefined ? (await longRecords(path, payload).divide(tests.length + 1, choose)).parts : divideWhole(payload, recordsAt(path, document), tests.length + 1, choose);
      return parts.flatMap((part, route): Output[] => (part ? [{ port: names[route] ?? 'else', payload: part }] : []));
    };
  },
});

function divideWhole(payload: Payload, { list, only }: Records, count: number, choose: (record: unknown, put: (part: number) => void) => void): readonly (Payload | undefined)[] {
  const parts = Array.from({ length: count }, () => new Set<number>());
  for (const [index, record] of list.entries()) choose(record, (part) => void parts[part]!.add(index));
  return parts.map((part) => (part.size === 0 ? undefined : part.size === list.length ? payload : payload.with({ body: only((index) => part.has(index)) })));
}
