import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trial } from '../model/trial.ts';
import { writeTrial } from './report-trial.ts';
import type { Terminal } from './terminal.ts';

const exchange = { request: { method: 'GET', url: 'https://a.test/', headers: {} }, response: { status: 200, headers: {}, size: 0 }, ms: 1, waitMs: 0 };
const page = { ...exchange, records: 2, before: [] };
const error = { code: 'STEP_TIMEOUT', message: 'The trial was ended after 1 s.', remedy: 'Give it more time.' } as const;

const cases: readonly (readonly [what: string, trial: Partial<Trial>, sum: string])[] = [
  ['a page', { pages: [page], records: 2 }, '2 records in 1 request.'],
  ['attempts before it', { pages: [{ ...page, before: [exchange] }], records: 2 }, '2 records in 1 request, and 1 for attempts, redirects and tokens.'],
  ['look-ups before it', { pages: [{ ...page, before: [{ ...exchange, lookUp: 'find' }, exchange] }, { ...page, before: [{ ...exchange, lookUp: 'find' }] }], records: 4 }, '4 records in 2 requests, and 2 look-ups, 1 for attempts, redirects and tokens.'],
  ['it was ended before anything was asked', { error }, 'No request was made.'],
  ['there was nothing to ask', {}, 'No request was made: there is nothing to send, and no slice to ask for.'],
];
for (const [what, trial, sum] of cases) {
  test(what, () => {
    let out = '';
    const terminal = { out: (text: string) => void (out += text), say: () => undefined, env: {} } as unknown as Terminal;
    writeTrial(terminal, { instance: 'a', endpoint: 'b', pages: [], records: 0, log: [], refused: [], ...trial });
    assert.equal(out.trimEnd().split('\n').at(-1), sum);
  });
}

test('of how many records the fields are, is said where it is not of all', () => {
  let out = '';
  const terminal = { out: (text: string) => void (out += text), say: () => undefined, env: {} } as unknown as Terminal;
  const schema = { type: 'object', properties: { a: { type: ['string', 'null'] }, b: {} } };
  for (const looked of [undefined, { records: 10_000, of: 52_000 }]) writeTrial(terminal, { instance: 'a', endpoint: 'b', pages: [], records: 0, log: [], refused: [], schema, ...(looked && { looked }) });
  assert.deepEqual(out.split('\n').filter((line) => line.startsWith('Fields')), ['Fields: a (string or null), b.', 'Fields (of 10000 of the 52000 records, over all of them): a (string or null), b.']);
});
