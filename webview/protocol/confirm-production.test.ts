import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confirmProduction } from './confirm-production.ts';
import { RunnerProblem } from './runner-client.ts';

const refusal = new RunnerProblem({ code: 'PRODUCTION_UNCONFIRMED', detail: 'live is production', status: 403 });

/** Starts against an environment, and gives what was asked and sent. */
async function start(isProduction: boolean, answer: boolean, error?: Error): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  const result = await confirmProduction((message) => { seen.push(message); return answer; }, async (confirm) => {
    seen.push(confirm ?? 'unconfirmed');
    if (error) throw error;
    if (isProduction && !confirm) throw refusal;
    return 'run';
  });
  return [...seen, result];
}

test('only a run against production is asked about', async () => {
  assert.deepEqual(await start(false, false), ['unconfirmed', 'run']);
  assert.deepEqual(await start(true, true), ['unconfirmed', 'live is production', 'production', 'run']);
  assert.deepEqual(await start(true, false), ['unconfirmed', 'live is production', undefined]);
  await assert.rejects(start(true, true, new RunnerProblem({ code: 'SECRET_MISSING', detail: 'no', status: 422 })), { code: 'SECRET_MISSING' });
});
