import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BodyFound, BodyMatch, FindRequest } from '../../server/model/body-find.ts';
import { FoundMatches } from './found-matches.ts';

const match = (n: number): BodyMatch => ({ pointer: `/${n}`, side: 'value', excerpt: String(n) });

/** A body with a match in each of its items, of which a call looks through some. */
function body(items: number, itemsAtOnce: number) {
  const asked: FindRequest[] = [];
  const find = async (request: FindRequest): Promise<BodyFound> => {
    asked.push(request);
    const { cursor = '0', skip = 0, limit = 100 } = request;
    let at = Number(cursor);
    const until = at + itemsAtOnce;
    let skipped = 0;
    const matches: BodyMatch[] = [];
    for (; at < items && at < until && matches.length < limit; at++) {
      if (skipped < skip) skipped++;
      else matches.push(match(at));
    }
    return { matches, skipped, ...(at < items && { cursor: String(at) }) };
  };
  return { find, asked };
}

for (const [items, itemsAtOnce] of [[0, 50], [1, 50], [99, 7], [340, 1_000], [340, 30], [100_000, 9_999]] as const) {
  test(`each of ${items} matches is found, where a call looks through ${itemsAtOnce} items`, async () => {
    const { find, asked } = body(items, itemsAtOnce);
    const found = new FoundMatches(find, 'x');
    assert.deepEqual(await found.at(0), items > 0 ? match(0) : undefined);
    await found.countAll(() => {});
    assert.deepEqual([found.total, found.isComplete], [items, true]);
    const before = asked.length;
    for (const index of [items - 1, Math.floor(items / 2), 0].filter((at) => at >= 0)) assert.deepEqual(await found.at(index), items > 0 ? match(index) : undefined, String(index));
    assert.equal(await found.at(items), undefined);
    assert.ok(asked.length - before <= 4 * (Math.ceil(100 / itemsAtOnce) + 1) + 2, `${asked.length - before} calls: a page begins near a place that is known`);
  });
}

test('nothing more is asked for when it has ended', async () => {
  const { find, asked } = body(1_000, 10);
  const found = new FoundMatches(find, 'x');
  await found.countAll(() => { if (asked.length === 3) found.end(); });
  assert.deepEqual([asked.length, found.isComplete], [3, false]);
});
