import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ShownPage, ShownTrial } from '../protocol/connector.ts';
import { curlOf, rowText, stopText, sumText, traceRows } from '../run/trial.ts';
import { freshInput, payloadOf } from './trial.ts';

const request = { method: 'GET', url: 'https://api.test/orders?page=2', headers: { accept: 'application/json' } };
const page: ShownPage = { request, response: { status: 200, headers: {}, size: 10 }, records: 25, ms: 142, waitMs: 0, before: [], next: { query: { page: '3' } } };
const trial = (more: Partial<ShownTrial> = {}): ShownTrial => ({ instance: 'shop', endpoint: 'orders.list', pages: [page], records: 25, log: [], refused: [], ...more });

describe('each line of a trace is a sentence', () => {
  function check(what: string, given: ShownPage, expected: readonly string[]): void {
    test(what, () => assert.deepEqual(traceRows(trial({ pages: [given] })).map(rowText), expected));
  }
  check('a page', page, ['Page 1: GET /orders?page=2, status 200, 142 ms, 25 records, for the next page page = 3']);
  check('the last page', { ...page, records: 1, next: undefined! }, ['Page 1: GET /orders?page=2, status 200, 142 ms, 1 record']);
  check('an attempt before it, and a wait', { ...page, waitMs: 2_000, before: [{ request, response: { status: 429, headers: {}, size: 0 }, ms: 9, waitMs: 0 }] }, ['Before page 1: GET /orders?page=2, status 429, 9 ms', 'Page 1: GET /orders?page=2, after a wait of 2 s, status 200, 142 ms, 25 records, for the next page page = 3']);
  check('no answer', { ...page, before: [{ request, error: { code: 'REMOTE_UNREACHABLE', message: 'No.', remedy: '' }, ms: 9, waitMs: 0 }] }, ['Before page 1: GET /orders?page=2, REMOTE_UNREACHABLE, 9 ms', 'Page 1: GET /orders?page=2, status 200, 142 ms, 25 records, for the next page page = 3']);
  check('a look-up', { ...page, next: undefined!, before: [{ request, response: { status: 200, headers: {}, size: 0 }, ms: 9, waitMs: 0, lookUp: 'orders.find' }] }, ['Look-up by orders.find before page 1: GET /orders?page=2, status 200, 9 ms', 'Page 1: GET /orders?page=2, status 200, 142 ms, 25 records']);
  check('another place than the query', { ...page, next: { body: { cursor: 7 } } as ShownPage['next'] & object }, ['Page 1: GET /orders?page=2, status 200, 142 ms, 25 records, for the next page body cursor = 7']);
});

for (const [what, more, expected] of [
  ['a reason', { stop: { reason: 'no-link', byGuess: false } }, 'Stopped because the answer named no next page.'],
  ['a guess', { stop: { reason: 'short-page', byGuess: true } }, 'Stopped because the page had fewer records than were asked for: a guess, since the server did not say so.'],
  ['an error', { error: { code: 'REMOTE_STATUS', message: 'No.', remedy: '' } }, ''],
  ['nothing asked', { pages: [] }, 'No request was made: there is nothing to send, and no slice to ask for.'],
] as const) test(`why it stopped: ${what}`, () => assert.equal(stopText(trial(more as Partial<ShownTrial>)), expected));

for (const [what, given, expected] of [
  ['an answer that names another', { pages: [page] }, ''],
  ['the last answer', { pages: [page, { ...page, next: undefined! }] }, 'no next page'],
  ['the last answer of a slice', { pages: [{ ...page, next: undefined! }, page] }, 'no next page'],
  ['an answer that was wrong', { pages: [{ ...page, next: undefined! }], error: { code: 'REMOTE_FORMAT', message: 'No.', remedy: '' } }, ''],
  ['no answer', { pages: [{ ...page, response: undefined!, next: undefined! }] }, ''],
  ['an attempt', { pages: [{ ...page, before: [{ request, response: { status: 429, headers: {}, size: 0 }, ms: 9, waitMs: 0 }] }] }, ''],
] as const) test(`that there is no next page is said only of an answer that came: ${what}`, () => assert.equal(traceRows(trial(given as Partial<ShownTrial>)).map(({ end }) => end).join(''), expected));

test('the sum names attempts by themselves', () => {
  assert.equal(sumText(trial()), '25 records in 1 request');
  assert.equal(sumText(trial({ pages: [{ ...page, before: [{ request, ms: 1, waitMs: 0 }] }, page] })), '25 records in 2 requests, and 1 for attempts, redirects and tokens');
});

test('a request as a command keeps quotes', () => assert.equal(curlOf({ method: 'POST', url: "https://api.test/o'k", headers: { 'x-a': '1' } }, '{"a":"b"}'), `curl -X POST 'https://api.test/o'\\''k' \\\n  -H 'x-a: 1' \\\n  --data-raw '{"a":"b"}'`));

for (const [what, input, expected] of [
  ['none', '', undefined], ['JSON', '{"a": 1}', { body: { a: 1 }, mediaType: 'application/json' }],
] as const) test(`the payload: ${what}`, () => assert.deepEqual(payloadOf({ ...freshInput, payload: input }), expected));
test('the payload: a text is not read', () => assert.deepEqual(payloadOf({ ...freshInput, payload: 'a;b', mediaType: 'text/csv' }), { body: 'a;b', mediaType: 'text/csv' }));
test('the payload: broken JSON', () => assert.throws(() => payloadOf({ ...freshInput, payload: '{"a": 1,}' }), /^Error: The payload is not valid JSON: line 1, column 8: A comma stands after the last entry, before }\. Remove the comma\. Or choose another media type\.$/));
