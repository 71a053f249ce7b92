import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import { parseJson } from '../../plugins/sdk/index.ts';
import type { BodyMatch, BodyResult } from '../model/body-find.ts';
import { pointerOf } from '../model/json.ts';
import { parsePath } from '../model/path.ts';
import { openBlobs } from './blobs.ts';
import { openWindows, type WindowLimits } from './windows.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-find-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const blobs = openBlobs(folder);
let last = 0;

/** Pieces so small that every border is met, and calls whose time is always used up. */
const pieces = { parsedBytes: 0, stride: 3, bigBytes: 20, chunkBytes: 7, wholeBytes: 12, budgetMs: -1 } as const;

function opened(text: string, limits: WindowLimits, mediaType = 'application/json') {
  const hash = (++last).toString(16).padStart(64, '0');
  blobs.write(hash, Buffer.from(text), false);
  const body = { hash, size: Buffer.byteLength(text), mediaType };
  const windows = openWindows(blobs, limits);
  return {
    /** All matches, call by call. */
    async find(wanted: string, limit = 2): Promise<BodyMatch[]> {
      const all: BodyMatch[] = [];
      let cursor: string | undefined;
      do {
        const found = await windows.find(body, { text: wanted, limit, ...(cursor !== undefined && { cursor }) });
        all.push(...found.matches);
        cursor = found.cursor;
      } while (cursor !== undefined);
      return all;
    },
    async count(wanted: string): Promise<number> {
      let count = 0;
      let cursor: string | undefined;
      do {
        const found = await windows.find(body, { text: wanted, skip: 1_000_000, limit: 1, ...(cursor !== undefined && { cursor }) });
        count += found.skipped;
        cursor = found.cursor;
      } while (cursor !== undefined);
      return count;
    },
    async query(path: string, limit = 2): Promise<BodyResult[]> {
      const all: BodyResult[] = [];
      let offset: number | undefined = 0;
      while (offset !== undefined) {
        const found = await windows.query(body, { path, offset, limit });
        all.push(...found.results);
        offset = found.next;
      }
      return all;
    },
  };
}

/** What a search must find, told from the parsed document. */
function* expected(value: unknown, wanted: string, path: readonly (string | number)[] = []): Generator<[string, 'key' | 'value']> {
  const has = (text: string): boolean => text.toLowerCase().includes(wanted.toLowerCase());
  if (typeof value !== 'object' || value === null) {
    if (has(String(value))) yield [pointerOf(path), 'value'];
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    if (!Array.isArray(value) && has(key)) yield [pointerOf(place), 'key'];
    yield* expected(item, wanted, place);
  }
}

const letter = fc.constantFrom('a', 'B', 'b', '"', '\\', '\n', 'ö', 'Ö', '€', '😀', 'u', '0', ',', ':');
const word = fc.array(letter, { maxLength: 12 }).map((letters) => letters.join(''));
const document = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, word, fc.constantFrom(null, true, 0, -12.5, 100), fc.array(tie('value'), { maxLength: 5 }), fc.array(fc.tuple(word.filter((key) => key !== '__proto__'), tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries))),
})).value;

/** Texts with some of their letters written as escapes, as other systems write them. */
const escapedJson = (value: unknown, indent: string | undefined): string => JSON.stringify(value, undefined, indent).replaceAll(/[ö€Öb](?=[^"]*")/g, (found, at: number) => (at % 2 && found !== 'b' ? `\\u${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}` : found));

test('a search finds what stands in the keys and values of the parsed document, in its order', async () => {
  const wanted = fc.array(letter, { minLength: 1, maxLength: 3 }).map((letters) => letters.join(''));
  await fc.assert(fc.asyncProperty(document, wanted, fc.constantFrom(undefined, '\t'), fc.constantFrom({}, pieces), async (value, text, indent, limits) => {
    const json = escapedJson(value, indent);
    const body = opened(json, limits);
    const all = [...expected(parseJson(json), text)];
    assert.deepEqual((await body.find(text)).map(({ pointer, side }) => [pointer, side]), all, json);
    assert.equal(await body.count(text), all.length);
  }), { numRuns: 300, seed: 7 });
});

test('a query finds what it finds in the parsed document', async () => {
  const queries = ['$', '$.*', '$[*]', '$[0]', '$[-1]', '$[1:3]', '$[::-1]', '$[3:0:-2]', '$[-2:]', '$..*', '$..a', '$..[0]', "$['a','b']", '$[0,0]', '$[?@]', '$[?@.a]', '$[?@ > 5].x', '$.a.b', '$.*.*', '$..[?@.a == 1]', '$[?length(@) > 1]', '$..b[*]'];
  const key = fc.constantFrom('a', 'b', 'x/~y', '');
  const tree = fc.letrec((tie) => ({ value: fc.oneof({ maxDepth: 5 }, fc.constantFrom('text', null, true, 1, 7), fc.array(tie('value'), { maxLength: 6 }), fc.dictionary(key, tie('value'))) })).value;
  await fc.assert(fc.asyncProperty(tree, fc.constantFrom(...queries), fc.constantFrom({}, pieces), async (value, query, limits) => {
    const json = JSON.stringify(value);
    const all = parsePath(query).query(parseJson(json) as null).nodes.map(({ location }) => pointerOf(location));
    assert.deepEqual((await opened(json, limits).query(query)).map(({ pointer }) => pointer), all, `${query} ${json}`);
  }), { numRuns: 600, seed: 7 });
});

for (const [title, json, wanted, excerpts] of [
  ['a short value is shown whole', '{"email":"ada@example.com"}', 'ADA@', ['ada@example.com']],
  ['of a long one what is around', JSON.stringify([`${'é'.repeat(500)}Needle${'"'.repeat(500)}`]), 'needle', [/^…é{25,30}Needle"{20,}…$/]],
  ['escapes are read', String.raw`["line\none \u0041da \"x\""]`, 'ada', ['line\none Ada "x"']],
  ['no half of an escape is found', String.raw`["\u00e9", "\n"]`, 'e9', []],
  ['a number', '{"total":20.50}', '20.5', ['20.50']],
  ['nothing is found across two values', '["a","b"]', '","', []],
] as const) {
  for (const [how, limits] of [['at once', {}], ['in pieces', pieces]] as const) {
    test(`${title}, ${how}`, async () => {
      const found = (await opened(json, limits).find(wanted)).map(({ excerpt }) => excerpt);
      assert.equal(found.length, excerpts.length);
      for (const [at, excerpt] of excerpts.entries()) {
        if (typeof excerpt === 'string') assert.equal(found[at], excerpt);
        else assert.match(found[at]!, excerpt);
      }
    });
  }
}

test('lines of a text are found once each, with where they begin; very long lines in parts', async () => {
  const text = `id;name\r\n1;Zoë zoë\r\n2;Bob\r\n${'x'.repeat(4_500)}ZOË\n3;zo`;
  for (const limits of [{}, pieces]) {
    const body = opened(text, limits, 'text/csv');
    assert.deepEqual((await body.find('zoë', 1)).map(({ line, offset, side }) => [side, line, offset]), [['line', 2, 9], ['line', 4, 4_029]]);
    assert.deepEqual((await body.find('zoë')).map(({ excerpt }) => excerpt.slice(-7)), ['Zoë zoë', 'xxxxZOË']);
    assert.equal(await body.count('zo'), 3);
  }
});

test('text that is called JSON is searched by line, and not queried', async () => {
  const body = opened('no JSON\nat all', {});
  assert.deepEqual((await body.find('AT')).map(({ line }) => line), [2]);
  await assert.rejects(body.query('$'), { code: 'DATA_INVALID' });
});

test('what cannot be answered says why', async () => {
  await assert.rejects(opened('x', {}, 'image/png').find('x'), { code: 'DATA_INVALID', message: /image\/png cannot be searched/ });
  await assert.rejects(opened('[1]', {}).query('$[?'), { code: 'CONFIG_PATH', message: /character/ });
  const big = JSON.stringify(Array.from({ length: 20 }, (_, id) => ({ id, text: 'x'.repeat(20) })));
  await assert.rejects(opened(big, pieces).query('$[?@.id == $[0].id]'), { code: 'DATA_TOO_LARGE', message: /whole document/ });
  await assert.rejects(opened(big, { ...pieces, filterBytes: 10 }).query('$[?@.id == 1]'), { code: 'DATA_TOO_LARGE' });
});
