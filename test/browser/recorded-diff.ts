import type { RecordChange } from '../../server/model/record-diff.ts';
import type { PayloadDiff, PayloadDiffOrder, RunDiff } from '../../server/model/run-diff.ts';
import type { LineagePlace, RunLineage } from '../../server/model/run-lineage.ts';
import type { OtherRun, ValuePlace } from '../../webview/protocol/diff.ts';

const longName = 'a field whose name somebody made from the whole sentence that stood in the ticket about the missing orders of the shop in Leeds';
const changed = (n: number): RecordChange => ({
  kind: 'changed', key: 100_000 + n, before: n, after: n + 1,
  changes: [{ pointer: '/total_price', before: `${n}.50`, after: n + 0.5 }, { pointer: '/customer/name', before: 'Ada', after: `Ada ${'and more words of her name '.repeat(30)}` }, { pointer: `/${longName}`, after: { city: 'Leeds', country: 'GB' } }, { pointer: '/note', before: null }],
  ...(n === 1 && { more: 7 }),
});

/** 500 records that differ, of 1,500: added, changed, removed and moved ones. */
export const rows: readonly RecordChange[] = [
  { kind: 'added', key: 1, after: 0, record: { id: 1, number: 'SO-1', lines: [{ sku: 'A' }] } }, changed(1), { kind: 'removed', key: 2, before: 3, record: { id: 2, note: 'x'.repeat(400) } }, { kind: 'moved', key: 3, before: 9, after: 4 },
  ...Array.from({ length: 496 }, (_, n) => changed(n + 10)),
];

/** What a step gave: `csv` are texts, `nothing` the same. */
export function recordedDiff({ before, after, key }: PayloadDiffOrder): PayloadDiff {
  const sides = { before: { payloads: 2, records: 1_498, isCut: false }, after: { payloads: 2, records: 1_498, isCut: false } };
  if (after.step === 'batches') return { ...sides, total: { same: 0, changed: 1, added: 0, removed: 0, moved: 0 }, rows: [], lines: ['-1;SO-1;Leeds', '+1;SO-1;York', '+2;SO-2;York'] };
  if (after.step === 'totals') return { ...sides, before: { ...sides.before, isCut: true }, total: { same: 9, changed: 0, added: 0, removed: 0, moved: 0 }, rows: [] };
  if (key === '$..x') throw new Error('Records are told apart by a path of names.');
  return { ...sides, total: { same: 1_000, changed: 497, added: 1, removed: 1, moved: 1 }, ...(key !== '' && { key: key ?? 'id' }), rows: before.run === after.run ? rows : rows.slice(0, 3) };
}

export const otherRuns: readonly OtherRun[] = Array.from({ length: 3 }, (_, n) => ({ id: `run_earlier_${n}`, status: n === 1 ? 'failed' : 'success', queuedAt: Date.UTC(2026, 10, 23 - n, 8), trigger: 'schedule', ...(n === 0 && { version: 3 }) }));

export const recordedRunDiff: RunDiff = {
  before: { run: 'run_earlier_0', flow: 'import-orders', status: 'success' }, after: { run: 'run_01JDFW3Z7M4Q', flow: 'import-orders', status: 'partial-success', error: { code: 'REMOTE_REJECTED', message: 'The ERP answered 422.' } }, identical: false, cut: ['batches.out'],
  steps: [
    { step: 'get-orders', counts: { records: { before: 1_200, after: 1_234 } }, ports: [{ port: 'out', total: { same: 1_190, changed: 10, added: 34, removed: 0, moved: 0 }, key: 'id', rows: [] }] },
    { step: 'to-erp', counts: { failed: { before: 0, after: 2 } }, ports: [], failed: { total: { same: 0, changed: 0, added: 2, removed: 0, moved: 0 }, rows: [] }, errors: [{ code: 'REMOTE_REJECTED', message: 'The ERP answered 422.', before: 0, after: 2 }] },
  ],
};

/** A name that was put together of two fields of an answer. */
export function recordedLineage(run: string, { step, payload, pointer }: ValuePlace): RunLineage {
  if (pointer === '/number') throw new Error('The recording does not hold that any more.');
  const exchange = { id: 'x0', attempt: 1, method: 'GET', url: `https://shop.example/admin/api/orders.json?page_info=${'eyJsYXN0X2lkIjo'.repeat(6)}`, status: 200 };
  const given = (id: number, field: string, from: number): LineagePlace => ({ id, kind: 'payload', step, side: 'in', payload, body: 'order', pointer: `/customer/${field}`, value: field, from: [from], how: { by: 'handed' } });
  const answer = (id: number, field: string): LineagePlace => ({ id, kind: 'response', step: 'get-orders', body: 'orders', exchange, pointer: `/orders/7/customer/${field}`, value: field, from: [] });
  return {
    run, isCut: false,
    places: [
      { id: 0, kind: 'payload', step, side: 'out', payload, body: 'order', pointer, value: 'first last', from: [1, 2], how: { by: 'rule', shape: 'map', rule: 9, to: 'customer.name', chain: ['concatenate'] } },
      given(1, 'first', 3), given(2, 'last', 4), answer(3, 'first'), answer(4, 'last'),
    ],
  };
}
