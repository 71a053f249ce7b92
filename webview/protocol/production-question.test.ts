import assert from 'node:assert/strict';
import { test } from 'node:test';
import { productionQuestion, writeQuestion } from './production-question.ts';

test('who is asked is not told that somebody must confirm it', () => {
  assert.equal(productionQuestion('The environment "live" is marked as production: whoever starts a run must confirm it.').text, 'The environment "live" is marked as production. Real data is changed.');
  const refusal = '"orders.save" of "eu" writes. Whoever tries it out must confirm it.';
  assert.deepEqual([writeQuestion(refusal).text, writeQuestion(refusal, 'Its answer is kept.').text], ['"orders.save" of "eu" writes.', '"orders.save" of "eu" writes. Its answer is kept.']);
});
