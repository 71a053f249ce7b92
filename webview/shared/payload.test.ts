import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BodyEntry, BodyWindow } from '../../server/model/api.ts';
import { readPath, toPath, toPointer, type Segments } from './payload-path.ts';
import { collect, readOn, startExcerpt, toHexLines } from './payload-text.ts';
import { PayloadTree } from './payload-tree.ts';
import { queryPath } from './query-results.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
const kindOf = (value: Json) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value) as BodyWindow['kind'];

/** The runner's answer, from a value in memory; counts what was asked. */
function serve(body: Json) {
  const asked: string[] = [];
  const load = async ({ path, offset, limit }: { path: string; offset: number; limit: number }): Promise<BodyWindow> => {
    asked.push(`${path}@${offset}`);
    const value = path.split('/').slice(1).reduce<Json>((at, key) => (at as Record<string, Json>)[key.replaceAll('~1', '/').replaceAll('~0', '~')] as Json, body);
    const head = { hash: 'h', size: 1, mediaType: 'application/json', kind: kindOf(value), offset };
    if (value === null || typeof value !== 'object') return { ...head, count: 0, entries: [], value };
    const items = Array.isArray(value) ? value.slice(offset, offset + limit).map((item, at): [string, Json] => [String(offset + at), item]) : Object.entries(value).slice(offset, offset + limit);
    const entries = items.map(([key, item]): BodyEntry => ({
      key, kind: kindOf(item), ...(item !== null && typeof item === 'object' ? { count: Object.keys(item).length } : { value: typeof item === 'string' ? item.slice(0, 1024) : item, ...(typeof item === 'string' && item.length > 1024 && { cut: true }) }),
    }));
    return { ...head, count: Array.isArray(value) ? value.length : Object.keys(value).length, entries };
  };
  return { asked, load };
}

async function open(body: Json) {
  const host = serve(body);
  const settled: (() => void)[] = [];
  const tree = new PayloadTree(await host.load({ path: '', offset: 0, limit: 100 }), host.load, () => settled.splice(0).forEach((go) => go()));
  const show = async (first: number, end: number) => {
    for (;;) {
      const loaded = new Promise<void>((resolve) => settled.push(resolve));
      tree.want(first, end);
      const rows = Array.from({ length: Math.min(end, tree.rowCount) - first }, (_, at) => tree.row(first + at));
      if (rows.every((row) => row.entry)) return rows.map((row) => `${toPath(tree.segments(row))}=${row.entry!.value ?? `${row.entry!.kind} ${row.entry!.count}`}`);
      await loaded;
    }
  };
  return { tree, show, ...host };
}

const orders = (count: number): Json[] => Array.from({ length: count }, (_, id) => ({ id, lines: [{ sku: `A${id}` }, { sku: 'B' }] }));

test('rows of open branches stand between those of their parents', async () => {
  const { tree, show } = await open({ total: 2, orders: orders(3), end: true });
  assert.deepEqual(await show(0, 9), ['$.total=2', '$.orders=array 3', '$.end=true']);
  tree.expand(tree.row(1));
  assert.deepEqual(await show(0, 9), ['$.total=2', '$.orders=array 3', '$.orders[0]=object 2', '$.orders[1]=object 2', '$.orders[2]=object 2', '$.end=true']);
  tree.expand(tree.row(4));
  tree.expand(tree.row(2));
  assert.deepEqual((await show(0, 20)).slice(2), ['$.orders[0]=object 2', '$.orders[0].id=0', '$.orders[0].lines=array 2', '$.orders[1]=object 2', '$.orders[2]=object 2', '$.orders[2].id=2', '$.orders[2].lines=array 2', '$.end=true']);
  tree.collapse(tree.row(2));
  assert.equal(tree.rowCount, 8);
  tree.collapse(tree.row(1));
  assert.deepEqual(await show(0, 9), ['$.total=2', '$.orders=array 3', '$.end=true']);
});

test('a place far down in a big array loads its own pages only', async () => {
  const { tree, show, asked } = await open(orders(100_000));
  const row = await tree.find(readPath('[70012].lines[1].sku')!);
  assert.equal(row, 70_012 + 1 + 1 + 1 + 1 + 1);
  assert.deepEqual(await show(row!, row! + 1), ['$[70012].lines[1].sku=B']);
  assert.equal(tree.rowOf(tree.row(row!).parent, 0), row);
  assert.deepEqual(asked, ['@0', '@70000', '/70012@0', '/70012/lines@0', '/70012/lines/1@0']);
  assert.equal(await tree.find(['nothing']), undefined);
  assert.equal(await tree.find([100_000]), undefined);
});

test('scrolling through everything keeps a bounded number of pages', async () => {
  const { tree, show } = await open(orders(60_000));
  for (let at = 0; at < 60_000; at += 100) await show(at, at + 40);
  assert.equal(tree.root.pages.size, 300);
  assert.deepEqual(await show(0, 1), ['$[0]=object 2']);
});

test('a page that could not be loaded is tried again when asked', async () => {
  const { load } = serve(orders(300));
  let broken = true;
  let changed: () => void;
  const tree = new PayloadTree(await load({ path: '', offset: 0, limit: 100 }), async (window) => { if (broken) throw new Error('The runner is away.'); return load(window); }, () => changed());
  const wait = () => new Promise<void>((resolve) => { changed = resolve; tree.want(150, 160); });
  await wait();
  assert.equal(tree.row(150).failed, 'The runner is away.');
  broken = false;
  changed = () => {};
  tree.retry(tree.row(150));
  await wait();
  assert.equal(tree.row(150).entry?.key, '150');
});

test('paths are written and read', () => {
  const cases: readonly [Segments, string, string][] = [
    [[], '', '$'], [['items', 0, 'a/b'], '/items/0/a~1b', "$.items[0]['a/b']"], [["it's", '~', '\\'], "/it's/~0/\\", "$['it\\'s']['~']['\\\\']"], [['', 12], '//12', "$[''][12]"],
  ];
  for (const [segments, pointer, path] of cases) {
    assert.equal(toPointer(segments), pointer);
    assert.equal(toPath(segments), path);
    assert.deepEqual(readPath(path), segments);
  }
  assert.deepEqual(readPath('orders[2].id'), ['orders', 2, 'id']);
  assert.deepEqual(readPath('/a~1b/0'), ['a/b', '0']);
  assert.deepEqual(readPath('["x"].y'), ['x', 'y']);
  for (const wrong of ['$[', '$.a[b', '$..', "$['a"]) assert.equal(readPath(wrong), undefined, wrong);
});

test('a value is collected whole or not at all', async () => {
  const body: Json = { text: 'x'.repeat(3000), list: orders(250), none: [], empty: {}, no: null };
  assert.deepEqual(await collect(serve(body).load, [], 10_000), { value: body });
  assert.deepEqual(await collect(serve(body).load, ['list', 7, 'lines'], 10), { value: [{ sku: 'A7' }, { sku: 'B' }] });
  assert.deepEqual(await collect(serve(body).load, [], 100), { tooMuch: 'entries' });
  const { load } = serve({ note: 'x'.repeat(3000), list: [1] });
  const cut: typeof load = async (window) => { const found = await load(window); return found.kind === 'string' ? { ...found, cut: true } : found; };
  assert.deepEqual(await collect(cut, [], 100), { tooMuch: 'text' });
});

test('a text is read on in pieces that cut no line and no character', async () => {
  const text = Array.from({ length: 9000 }, (_, line) => `line ${line}; Zoë; 8,50 €${'.'.repeat(line % 7)}`).join('\r\n');
  const bytes = new TextEncoder().encode(text);
  const load = async ({ offset, limit }: { offset: number; limit: number }): Promise<BodyWindow> => {
    let end = Math.min(offset + limit, bytes.length);
    while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--;
    return { hash: 'h', size: bytes.length, mediaType: 'text/csv', kind: 'text', count: 0, offset, entries: [], value: new TextDecoder().decode(bytes.subarray(offset, end)), ...(end < bytes.length && { cut: true }) };
  };
  let excerpt = startExcerpt(await load({ offset: 0, limit: 65_536 }));
  assert.equal(excerpt.complete, false);
  while (!excerpt.complete) excerpt = await readOn(excerpt, load as never);
  assert.equal(excerpt.bytes, bytes.length);
  assert.equal(excerpt.lines.join('\r\n'), text);
});

test('a text that is no UTF-8 is read on without a gap, and says so', async () => {
  const bytes = Buffer.from('Größe\n'.repeat(50_000), 'latin1');
  const load = async ({ offset, limit }: { offset: number; limit: number }): Promise<BodyWindow> => {
    const part = bytes.subarray(offset, offset + limit);
    return { hash: 'h', size: bytes.length, mediaType: 'text/csv', kind: 'text', count: 0, offset, entries: [], value: part.toString(), faulty: { bytes: part.length }, ...(offset + limit < bytes.length && { cut: true }) };
  };
  let excerpt = startExcerpt(await load({ offset: 0, limit: 65_536 }));
  while (!excerpt.complete) excerpt = await readOn(excerpt, load as never);
  assert.deepEqual([excerpt.isFaulty, excerpt.bytes, new Set(excerpt.lines)], [true, bytes.length, new Set(['Gr\uFFFD\uFFFDe', ''])]);
});

test('bytes are shown in hexadecimal', () => {
  assert.deepEqual(toHexLines(new TextEncoder().encode('%PDF-1.7\n% Patchbay'), 32), ['00000020  25 50 44 46 2d 31 2e 37  0a 25 20 50 61 74 63 68  %PDF-1.7·% Patch', '00000030  62 61 79                                          bay']);
});

describe('a query', () => {
  const check = (text: string, path: string): void => void test(text, () => assert.equal(queryPath(text), path));
  check(' $.orders[*].id ', '$.orders[*].id');
  check('{{ payload.orders[*].id }}', '$.orders[*].id');
  check('{{payload[0]["a b"]}}', '$[0]["a b"]');
  check('{{ payload }}', '$');
  check('{{ meta.page }}', '{{ meta.page }}');
});
