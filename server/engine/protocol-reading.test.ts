import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckpointOptions, Payload, PayloadContext } from '../../plugins/sdk/index.ts';
import type { IncrementalUse } from '../model/connector.ts';
import type { CursorMark } from './host.ts';
import { compileIncremental } from './incremental.ts';
import { createPayload } from './payload.ts';
import { readIncrementally } from './protocol-reading.ts';

interface Row {
  readonly id: number;
  readonly changed: number;
}

const rows: readonly Row[] = [1, 4, 4, 9, 12, 13, 21, 28, 29].map((changed, id) => ({ id, changed }));
const payload = createPayload({ id: 'p', body: {} });

/** A table that is asked for what lies between two values, two rows at a time; it goes on behind the last one that got through. */
async function* ask(cursor: { readonly from: number; readonly to: number }, place: { readonly resumed?: unknown; readonly checkpoint: (state: unknown) => void }): AsyncGenerator<Payload> {
  const found = rows.filter(({ changed }) => changed >= cursor.from && changed < cursor.to);
  for (let next = (place.resumed as { readonly next: number } | undefined)?.next ?? 0; next < found.length; next += 2) {
    yield payload.with({ body: found.slice(next, next + 2) });
    place.checkpoint({ next: next + 2 });
  }
}

/** The same as a file for each row: what it goes on behind counts with the output. */
async function* askForFiles(cursor: Parameters<typeof ask>[0], place: { readonly resumed?: unknown; readonly checkpoint: (state: unknown, options?: CheckpointOptions) => void }): AsyncGenerator<Payload> {
  const found = rows.filter(({ changed }) => changed >= cursor.from && changed < cursor.to);
  for (const { id, changed } of found.slice((place.resumed as { readonly next: number } | undefined)?.next ?? 0)) {
    place.checkpoint({ next: found.findIndex((row) => row.id === id) + 1 }, { withNext: true });
    yield payload.with({ body: new Uint8Array([id]), mediaType: 'application/octet-stream', meta: { id: String(id), changed: String(changed) } });
  }
}

const files = { ask: askForFiles, recordOf: ({ meta }: Pick<Payload, 'meta'>): Row => ({ id: Number(meta['id']), changed: Number(meta['changed']) }) };

interface Reading {
  readonly given: readonly Row[][];
  /** Where it goes on, as it is kept. */
  readonly state: unknown;
  readonly marks: readonly CursorMark[];
}

async function read(more: Partial<IncrementalUse>, { most = Infinity, resumed, range, before = [], by }: { readonly by?: typeof files; readonly most?: number; readonly resumed?: unknown; readonly range?: object; readonly before?: readonly CursorMark[] } = {}): Promise<Reading> {
  const incremental = await compileIncremental({ path: 'changed', key: 'id', kind: 'number', start: '0', end: '30', ...more }, { transform: async () => assert.fail('no transform here'), roots: [] }, { endpoint: 'it', file: 'connectors/it.connector.json', pointer: '/endpoints/it/incremental' });
  const marks = [...before];
  let state: unknown;
  const cursor = { begin: async ({ seq }: { readonly seq: number }) => (marks.splice(seq), { version: 1, seen: [] }), mark: async (mark: CursorMark) => void marks.push(mark) };
  const context = { now: 0, random: () => 0, log: { warn: () => undefined } } as unknown as PayloadContext;
  let withNext: unknown;
  const place = { resumed, checkpoint: (given: unknown, options: CheckpointOptions = {}) => {
    const copy: unknown = JSON.parse(JSON.stringify(given));
    if (options.withNext) withNext = copy;
    else state = copy;
  } };
  const given: Row[][] = [];
  for await (const output of readIncrementally({ name: 'it', step: 's', incremental, cursor, ...(by && { recordOf: by.recordOf }) }, { payload, context, scope: {}, range, place }, (scope, own) => (by?.ask ?? ask)(scope['cursor'] as never, own))) {
    // The one before is kept when the next is asked for.
    if (given.length === most) break;
    given.push(by ? [by.recordOf(output)] : (await output.json()) as Row[]);
    if (withNext !== undefined) [state, withNext] = [withNext, undefined];
  }
  return { given, state, marks };
}

const windows: Partial<IncrementalUse> = { step: { count: 10 } };

for (const [title, use, by] of [['at once', {}], ['in windows', windows], ['in windows, sorted', { ...windows, isSorted: true }], ['files, at once', {}, files], ['files, in windows', windows, files]] as const) {
  test(`each row once, wherever it is cut and gone on with: ${title}`, async () => {
    const own = by && { by };
    const whole = await read(use, { ...own });
    assert.deepEqual(whole.given.flat(), rows);
    for (let most = 1; most < whole.given.length; most++) {
      const first = await read(use, { most, ...own });
      const second = await read(use, { resumed: first.state, before: first.marks, ...own });
      assert.deepEqual([...first.given, ...second.given], whole.given, `cut after ${most}`);
      assert.deepEqual(second.marks, whole.marks, `marks, cut after ${most}`);
    }
  });
}

test('marks have no gap, and the last one is the newest value', async () => {
  const { marks } = await read(windows);
  assert.deepEqual(marks.map(({ seq }) => seq), marks.map((_, seq) => seq));
  assert.equal(marks.at(-1)!.value, 29);
  assert.deepEqual(marks.flatMap(({ payload: page }) => (page === undefined ? [] : [page])).length, 5);
});

test('a range is read instead, and marks nothing', async () => {
  const { given, marks } = await read({}, { range: { from: 4, to: 13 } });
  assert.deepEqual([given.flat().map(({ id }) => id), marks], [[1, 2, 3, 4], []]);
});
