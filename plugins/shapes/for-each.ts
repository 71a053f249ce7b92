import { defineShape, type Output, type Path, type Payload } from '../sdk/index.ts';
import { itemOf } from './each-frame.ts';
import { longRecords, wholeOf } from './long-records.ts';
import { recordsAt, recordsSetting } from './records.ts';

export default defineShape({
  type: 'for-each',
  title: 'For each',
  summary: 'Sends each item of a list down the loop, several at a time, and the whole payload on when all are through.',
  description: `The steps behind \`each\` are the loop. They get the items as payloads of their own, in order; \`concurrency\` is how many of them each of these steps has in work at a time, where the step itself says nothing else. The payload leaves by \`done\`, as it came, when all steps of the loop have ended; it does not where an item failed in the loop and no try-catch in it took it, unless the setting says so.

A *Merge* step with *collect* at the end of the loop puts the items of each payload together again, in their order: an item that failed or was filtered out is missing. Loops may stand in loops.`,
  icon: 'sync',
  group: 'control',
  ports: ['each', 'done'],
  inTurn: true,
  settings: {
    type: 'object',
    properties: {
      records: recordsSetting,
      concurrency: { type: 'integer', minimum: 1, maximum: 1000, default: 1, title: 'Concurrency', description: 'Items that each step of the loop has in work at a time. Their order is kept.' },
      onFailure: {
        type: 'string', enum: ['stop', 'go-on'], default: 'stop', title: 'On failure', description: 'What happens to the payloads at `done` where an item has failed in the loop.',
        enumDescriptions: ['They go no further.', 'They go on all the same.'],
      },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'Each line of an order', settings: { records: 'lines' }, payloads: [{ id: 1, lines: ['A', 'B'] }], outputs: [{ port: 'each', body: 'A', meta: { each: 'p0/0/2' } }, { port: 'each', body: 'B', meta: { each: 'p0/1/2' } }, { port: 'done', body: { id: 1, lines: ['A', 'B'] }, meta: {} }] },
    { title: 'An empty list has no items', settings: {}, payloads: [[]], outputs: [{ port: 'done', body: [] }] },
    { title: 'A document that is no list is its only item', settings: {}, payloads: [{ id: 1 }], outputs: [{ port: 'each', body: { id: 1 } }, { port: 'done', body: { id: 1 } }] },
    { title: 'Items of several lists', settings: { records: 'orders[*].lines' }, payloads: [{ orders: [{ lines: ['A'] }, { lines: ['B'] }] }], outputs: [{ port: 'each', body: 'A', meta: { each: 'p0/0/2' } }, { port: 'each', body: 'B', meta: { each: 'p0/1/2' } }, { port: 'done', body: { orders: [{ lines: ['A'] }, { lines: ['B'] }] }, meta: {} }] },
    { title: 'A path that leads nowhere', settings: { records: 'lines' }, payloads: [{ id: 1 }], outputs: [], error: 'DATA_MISSING' },
  ],
  open: (settings, context) => {
    const path = context.path(settings.records);
    return async (payload) => {
      const document = await wholeOf(payload);
      return document === undefined ? longOutputs(payload, path) : outputs(payload, recordsAt(path, document).list);
    };
  },
});

async function* outputs(payload: Payload, items: readonly unknown[]): AsyncGenerator<Output> {
  for (const [index, body] of items.entries()) yield { port: 'each', payload: itemOf(payload, body, index, items.length) };
  yield { port: 'done', payload };
}

/** Each item knows how many there are, so they are counted first. */
async function* longOutputs(payload: Payload, path: Path): AsyncGenerator<Output> {
  const records = longRecords(path, payload);
  let count = 0;
  for await (const _ of records.each()) count++;
  let index = 0;
  for await (const body of records.each()) yield { port: 'each', payload: itemOf(payload, body, index++, count) };
  yield { port: 'done', payload };
}
