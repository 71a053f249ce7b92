import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Trial, TrialPage } from '../../server/model/trial.ts';
import { trialBodies } from './trial-bodies.ts';

const page = (body: unknown, headers: Readonly<Record<string, string>> = {}): TrialPage => ({ request: { method: 'GET', url: 'https://a.test/', headers: {} }, response: { status: 200, headers, body, size: 1 }, records: 1, ms: 1, waitMs: 0, before: [] });
const trial = (...pages: readonly TrialPage[]): Trial => ({ instance: 'a', endpoint: 'b', pages, records: 0, log: [], refused: [] });
const whole = { path: '', offset: 0, limit: 100 };

test('a trial goes to the page without its bodies, which are read by name', () => {
  const bodies = trialBodies();
  const posted: TrialPage = { ...page({ id: 7 }), request: { method: 'POST', url: 'https://a.test/', headers: {}, body: { total: 1 } }, before: [page('token', { 'Content-Type': 'text/plain; charset=utf-8' })] };
  const [shown] = bodies.take(trial(posted)).pages;
  const names = [shown!.request.body, shown!.response?.body, shown!.before[0]!.response?.body];
  assert.deepEqual(names.map((ref) => [ref?.mediaType, bodies.text(ref!.hash)]), [['application/json', '{\n  "total": 1\n}\n'], ['application/json', '{\n  "id": 7\n}\n'], ['text/plain', 'token']]);
  assert.equal(JSON.stringify(shown).includes('token'), false);
});

test('bodies of an earlier trial are gone', () => {
  const bodies = trialBodies();
  const ref = bodies.take(trial(page({ id: 7 }))).pages[0]!.response!.body!;
  bodies.take(trial(page({ id: 8 })));
  assert.throws(() => bodies.window(ref.hash, whole), /earlier trial/);
});

test('a place where nothing is', () => {
  const bodies = trialBodies();
  const ref = bodies.take(trial(page({ id: 7 }))).pages[0]!.response!.body!;
  assert.equal(bodies.window(ref.hash, { ...whole, path: '/id' }).value, 7);
  assert.throws(() => bodies.window(ref.hash, { ...whole, path: '/gone' }), /nothing at \/gone/);
});

describe('windows of a text in a row give the text', () => {
  function check(what: string, text: string, limit: number): void {
    test(what, () => {
      const bodies = trialBodies();
      const ref = bodies.take(trial(page(text))).pages[0]!.response!.body!;
      let read = '';
      for (let offset = 0; offset < Buffer.byteLength(text); offset += limit) read += String(bodies.window(ref.hash, { path: '', offset, limit }).value);
      assert.equal(read, text);
    });
  }
  check('letters of one byte', 'abcdefghij', 4);
  check('letters of several bytes', 'aäöü€𝄞b', 2);
});
