import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { call, connectorHost, json, type Called } from '../../test/support/connector-host.ts';
import type { SliceUse } from '../model/connector.ts';
import type { CursorValue } from '../model/cursor-order.ts';
import type { Cursor, CursorMark, CursorPlace, SeenRecord } from './host.ts';

/** Cursors that move when `settle` is called, as far as their last mark. */
function cursors() {
  const values = new Map<string, CursorValue>();
  const seen = new Map<string, SeenRecord[]>();
  const marks = new Map<string, CursorMark[]>();
  const open = ({ slice }: CursorPlace): Cursor => ({
    async begin({ seq }) {
      const kept = (marks.get(slice) ?? []).filter((mark) => mark.seq < seq);
      marks.set(slice, kept);
      const value = values.get(slice);
      return { ...(value !== undefined && { value }), version: 0, seen: [...(seen.get(slice) ?? []), ...kept.flatMap((mark) => mark.seen)] };
    },
    async mark(mark) {
      assert.equal(mark.seq, marks.get(slice)!.length, 'without a gap');
      marks.get(slice)!.push(mark);
    },
  });
  const settle = (): void => {
    for (const [slice, made] of marks) {
      for (const mark of made.splice(0)) {
        seen.set(slice, [...(seen.get(slice) ?? []), ...mark.seen]);
        if (mark.value !== undefined) values.set(slice, mark.value);
      }
    }
  };
  return { values, open, settle };
}

interface Asked extends Called {
  readonly asked: readonly string[];
}

const slice: SliceUse = { name: 'id', values: '{{ params.ids }}', group: 3 };

/** Each id has records 1 to `count`, two a page. */
async function read(open: (place: CursorPlace) => Cursor, ids: readonly number[], count: number, more: Parameters<typeof call>[1] = {}, slices: readonly SliceUse[] = [slice]): Promise<Asked> {
  const asked: string[] = [];
  const host = connectorHost({
    endpoint: { query: { ids: '{{ slice.id }}', from: '{{ cursor.from }}' }, params: { ids: { type: 'array' } as object }, records: 'items', pagination: { type: 'page-number', settings: { hasMorePath: 'more' } }, slices, incremental: { path: 'n', kind: 'number', key: 'id', isStartIncluded: false } },
    send({ url }) {
      const query = new URL(url).searchParams;
      const page = Number(query.get('page'));
      if (page === 1) asked.push(`${query.getAll('ids').join()} from ${query.get('from') ?? 'the start'}`);
      const all = Array.from({ length: count }, (_, index) => index + 1).filter((n) => n > Number(query.get('from') ?? -1)).flatMap((n) => query.getAll('ids').map((id) => ({ id: `${id}-${n}`, n })));
      return json({ items: all.slice((page - 1) * 2, page * 2), more: all.length > page * 2 });
    },
  });
  const called = await call(host, { params: { ids }, cursor: open, ...more });
  return { ...called, asked };
}

const idsOf = ({ bodies }: Called): string[] => (bodies.flat() as { readonly id: string }[]).map(({ id }) => id);

test('values that are new are read by themselves, from the beginning; a group begins at the least of its cursors', async () => {
  const { values, open, settle } = cursors();
  await read(open, [1, 2, 3, 4], 2);
  settle();
  assert.deepEqual([...values], [['id=1', 2], ['id=2', 2], ['id=3', 2], ['id=4', 2]]);
  values.set('id=4', 1);
  const told = await read(open, [5, 1, 4, 6], 3);
  assert.deepEqual(told.asked, ['1,4 from 0', '5 from the start', '6 from the start']);
  settle();
  assert.deepEqual([...values], [['id=1', 3], ['id=2', 2], ['id=3', 2], ['id=4', 3], ['id=5', 3], ['id=6', 3]]);
});

test('with and without groups the cursors are the same', async () => {
  const { open, settle } = cursors();
  await read(open, [1, 2], 2);
  settle();
  assert.deepEqual((await read(open, [1, 2], 2, {}, [{ name: 'id', values: '{{ params.ids }}' }])).asked, ['1 from 1', '2 from 1']);
});

test('of two slices in groups each combination has one', async () => {
  const { values, open, settle } = cursors();
  await read(open, [1, 2], 1, {}, [slice, { name: 'kind', values: ['a', 'b'], group: 2 }]);
  settle();
  assert.deepEqual([...values.keys()], ['id=1&kind=a', 'id=1&kind=b', 'id=2&kind=a', 'id=2&kind=b']);
});

test('wherever a reading goes on after a crash, each record comes once, and the cursors come to the same place', async () => {
  const list = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 7 });
  await fc.assert(fc.asyncProperty(list, list, fc.integer({ min: 1, max: 3 }), fc.nat(8), async (before, ids, count, most) => {
    const outcomes = await Promise.all([false, true].map(async (crashes) => {
      const { values, open, settle } = cursors();
      await read(open, before, count);
      settle();
      const first = crashes ? await read(open, ids, count + 2, { most }) : undefined;
      const second = await read(open, ids, count + 2, { resumed: first?.checkpoint });
      assert.deepEqual([first?.error, second.error], [undefined, undefined]);
      settle();
      return { first: first ? idsOf(first) : [], second: idsOf(second), values: [...values].toSorted() };
    }));
    const [whole, crashed] = outcomes as [typeof outcomes[number], typeof outcomes[number]];
    assert.deepEqual(crashed.values, whole.values);
    assert.deepEqual([...crashed.first.slice(0, whole.second.length - crashed.second.length), ...crashed.second], whole.second);
    assert.equal(new Set(whole.second).size, whole.second.length);
    // What was given and not checkpointed comes again.
    assert.ok(crashed.first.length + crashed.second.length - whole.second.length <= 2);
  }), { numRuns: 60, seed: 21 });
});
