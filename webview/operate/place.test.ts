import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeHash, placeOf, readPlace, takeToken, type Place } from './place.ts';

test('every place has an address, and the address leads to the place', () => {
  const cases: readonly [Place, string][] = [
    [{ at: 'runs' }, '#/runs'], [{ at: 'runs', query: { flow: 'a/b c', status: 'failed' } }, '#/runs?flow=a%2Fb+c&status=failed'], [{ at: 'runs', name: 'run_1', query: { step: 'send' } }, '#/runs/run_1?step=send'],
    [{ at: 'flows' }, '#/flows'], [{ at: 'flows', name: 'shop/eu orders' }, '#/flows/shop%2Feu%20orders'], [{ at: 'state', name: 'caches', query: { name: 'rates', scope: 'flow', owner: 'a/b' } }, '#/state/caches?name=rates&scope=flow&owner=a%2Fb'],
  ];
  for (const [place, hash] of cases) {
    assert.equal(placeHash(place), hash);
    assert.deepEqual(readPlace(hash), place);
  }
});

test('what a screen does not know is left out, and so is what is empty', () => {
  assert.deepEqual(readPlace('#/queue?flow=a&status=failed'), { at: 'queue', query: { flow: 'a' } });
  assert.deepEqual(readPlace('#/runs?flow=&status='), { at: 'runs' });
  assert.deepEqual(placeOf('audit', undefined, { actor: '', action: undefined, subject: 'run 1' }), { at: 'audit', query: { subject: 'run 1' } });
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
