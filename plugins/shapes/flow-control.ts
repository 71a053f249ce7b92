import { defineShape, type Output, type Payload } from '../sdk/index.ts';
import { longRecords, wholeOf } from './long-records.ts';
import { recordsAt, recordsSetting } from './records.ts';

export default defineShape({
  type: 'flow-control',
  title: 'Flow control',
  summary: 'Makes batches of records, one payload each.',
  description: 'With *across payloads*, records of several payloads come into one batch, and the last batch leaves when no payload can come any more; without it each payload is cut into batches by itself. A document that is too long to be read as a whole is read record by record. A batch has the metadata of the payload with its last record.',
  icon: 'layers',
  group: 'control',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      size: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 100, title: 'Batch size', description: 'Records in a batch.' },
      across: { type: 'boolean', default: true, title: 'Across payloads', description: 'Batches may hold records of several payloads.' },
      unwrapSingle: { type: 'boolean', default: false, title: 'Do not wrap single records', description: 'A batch of one record is that record instead of a list.' },
      records: recordsSetting,
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'Pages of three made to batches of two', settings: { size: 2 }, payloads: [[1, 2, 3], [4, 5, 6], [7]], outputs: [{ port: 'out', body: [1, 2] }, { port: 'out', body: [3, 4] }, { port: 'out', body: [5, 6] }, { port: 'out', body: [7] }] },
    { title: 'Each page by itself', settings: { size: 2, across: false, records: 'items' }, payloads: [{ items: [1, 2, 3] }, { items: [4] }], outputs: [{ port: 'out', body: [1, 2] }, { port: 'out', body: [3] }, { port: 'out', body: [4] }] },
    { title: 'One by one', settings: { size: 1, unwrapSingle: true }, payloads: [[{ id: 1 }, { id: 2 }]], outputs: [{ port: 'out', body: { id: 1 } }, { port: 'out', body: { id: 2 } }] },
    { title: 'Nothing to batch', settings: {}, payloads: [[]], outputs: [] },
  ],
  open: (settings, context) => {
    const path = context.path(settings.records);
    const { size, across, unwrapSingle } = settings;
    const bodyOf = (batch: readonly unknown[]): unknown => (unwrapSingle && batch.length === 1 ? batch[0] : batch);
    let waiting: unknown[] = [];
    let meta: Readonly<Record<string, string>> = {};
    async function* batches(payload: Payload): AsyncGenerator<Output> {
      // What waits stays as it is until the payload is through: an attempt after a failure begins with the same.
      let batch = across ? [...waiting] : [];
      for await (const record of longRecords(path, payload).each()) {
        if (batch.push(record) < size) continue;
        yield { port: 'out', payload: payload.with({ body: bodyOf(batch) }) };
        batch = [];
      }
      if (!across && batch.length > 0) yield { port: 'out', payload: payload.with({ body: bodyOf(batch) }) };
      waiting = across ? batch : [];
      meta = payload.meta;
    }
    return {
      async payload(payload) {
        const document = await wholeOf(payload);
        if (document === undefined) return batches(payload);
        const { list } = recordsAt(path, document);
        const all = waiting.length === 0 ? list : [...waiting, ...list];
        const outputs: Output[] = [];
        const taken = across ? all.length - (all.length % size) : all.length;
        for (let at = 0; at < taken; at += size) outputs.push({ port: 'out', payload: payload.with({ body: bodyOf(all.slice(at, at + size)) }) });
        waiting = all.slice(taken);
        meta = payload.meta;
        return outputs;
      },
      end(step) {
        const batch = waiting;
        waiting = [];
        return batch.length === 0 ? [] : [{ port: 'out', payload: step.create(bodyOf(batch), { meta }) }];
      },
    };
  },
});
