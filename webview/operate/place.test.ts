import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeHash, readPlace, takeToken, type Place } from './place.ts';

test('every place has an address, and the address leads to the place', () => {
  const cases: readonly [Place, string][] = [
    [{ at: 'runs' }, '#/runs'], [{ at: 'runs', flow: 'a/b c', status: 'failed' }, '#/runs?flow=a%2Fb+c&status=failed'],
    [{ at: 'run', run: 'run_1' }, '#/runs/run_1'], [{ at: 'flows' }, '#/flows'], [{ at: 'flows', flow: 'shop/eu orders' }, '#/flows/shop%2Feu%20orders'],
  ];
  for (const [place, hash] of cases) {
    assert.equal(placeHash(place), hash);
    assert.deepEqual(readPlace(hash), place);
  }
});

test('what is no address of ours leads to the runs', () => {
  for (const hash of ['', '#', '#/', '#/nothing', '#/%E0%A4%A']) assert.equal(readPlace(hash).at, 'runs', hash);
});

test('a token is taken out of the address', () => {
  const cases: readonly [string, string | undefined, string][] = [
    ['#token=a%2Bb', 'a+b', ''], ['#token=abc&/runs/x', 'abc', '#/runs/x'], ['#token=', undefined, ''], ['#/runs?token=abc&flow=f', 'abc', '#/runs?flow=f'], ['#/flows/x', undefined, '#/flows/x'], ['', undefined, ''],
  ];
  for (const [hash, token, rest] of cases) assert.deepEqual(takeToken(hash), { token, rest }, hash);
});
