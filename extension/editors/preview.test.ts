import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunnerProblem, type RunnerClient } from '../../webview/protocol/runner-client.ts';
import { preview } from './preview.ts';

const last = { body: { name: 'Ada' }, meta: { source: 'shop' }, from: 'r1' };
const missing = (what: string) => async (): Promise<never> => { throw new RunnerProblem({ code: 'DATA_MISSING', status: 422, detail: `The expression {{ x }} has no value: ${what} is missing.` }); };
const scope: RunnerClient['evaluate'] = async (_expression, seen) => seen;

const check = (title: string, evaluate: RunnerClient['evaluate'], given: typeof last | { readonly body: string; readonly meta: typeof last.meta; readonly from: string } | undefined, expected: unknown): void => void test(title, async () =>
  assert.deepEqual(await preview({ evaluate }, { expression: '{{ x }}', last: given, variables: { since: 1 }, env: { region: 'eu' } }), expected));

check('what arrives at the step is seen', scope, last, { value: { flow: { since: 1 }, env: { region: 'eu' }, payload: last.body, meta: last.meta, run: { id: 'r1' } } });
check('without a payload, what needs none has a value', scope, undefined, { value: { flow: { since: 1 }, env: { region: 'eu' } } });
check('without a payload, nothing is said to be missing in it', missing('payload.name'), undefined, { error: 'No payload yet: run the flow.' });
check('a variable is missing with or without one', missing('flow.count'), undefined, { error: 'The expression {{ x }} has no value: flow.count is missing.' });
check('a field that the payload does not have', missing('payload.nmae'), last, { error: 'The expression {{ x }} has no value: payload.nmae is missing.' });
check('a payload that is very long', missing('payload.name'), { ...last, body: 'x'.repeat(1_100_000) }, { error: 'The last payload is longer than 1 MB: its values are not shown here.' });
