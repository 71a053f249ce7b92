import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Completions, HoverAnswer, LastPayloadAnswer } from '../model/flow-completion.ts';
import { openRunner } from '../runner/runner.ts';
import { serve } from './serve.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-api-expressions-'));
mkdirSync(join(root, 'flows'));
writeFileSync(join(root, 'patchbay.json'), '{"version":1}');
const file = JSON.stringify({ version: 1, start: 'say', steps: { say: { shape: 'set-variables', settings: { meta: [{ name: 'a', value: '{{ payload.order.id }}' }] } } } });
writeFileSync(join(root, 'flows/f.flow.json'), file);
const runner = await openRunner({ root });
const server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok', webRoot: '/nowhere' });
after(async () => {
  await server.close();
  await runner[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

const headers = { authorization: 'Bearer tok', 'content-type': 'application/json' };
async function call<T>(path: string, body?: unknown): Promise<{ readonly status: number; readonly answer: T }> {
  const response = await fetch(`${server.url}/api/v1/flows/${path}`, body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, answer: (await response.json()) as T };
}
const offset = file.indexOf('order.id') + 'order.'.length;

test('before a run, nothing is known of the payload', async () => {
  assert.deepEqual((await call<Completions>('f/completions', { offset })).answer, { candidates: [] });
  assert.deepEqual((await call<HoverAnswer>('f/hover', { offset })).answer, { hover: { start: file.indexOf('payload.'), end: file.indexOf(' }}'), title: 'payload.order.id' } });
  assert.deepEqual((await call<LastPayloadAnswer>('f/steps/say/payload')).answer, {});
});

test('after it, the last payload is offered, and what it holds', async () => {
  const started = await call<{ run: string; status: string }>('f/runs?wait=true', { order: { id: 7, password: 'hush' } });
  assert.deepEqual([started.status, started.answer.status], [200, 'success']);
  const { run } = started.answer;
  const { candidates } = (await call<Completions>('f/completions', { offset })).answer;
  assert.deepEqual(candidates.map(({ label, detail, last }) => [label, detail, last]), [['id', 'a number; may be missing', '7'], ['password', 'a text; may be missing', '"[redacted]"']]);
  assert.equal(file.slice(candidates[0]!.start, candidates[0]!.end), 'id');
  const edited = file.replace('payload.order.id', 'payload.or');
  const found = await call<Completions>('f/completions', { offset: edited.indexOf('payload.or') + 'payload.or'.length, text: edited });
  assert.deepEqual(found.answer.candidates.map(({ label }) => label), ['order']);
  assert.deepEqual((await call<HoverAnswer>('f/hover', { offset: offset + 1 })).answer.hover, { start: file.indexOf('payload.'), end: file.indexOf(' }}'), title: 'payload.order.id', type: 'a number', from: `the last payload of the step, in the run ${run}`, last: '7' });
  assert.deepEqual((await call<LastPayloadAnswer>('f/steps/say/payload')).answer, { payload: { body: { order: { id: 7, password: '[redacted]' } }, meta: {}, from: run } });
});

test('behind a step that has run, what has left it is the last payload of one that is new; so it is where only an older run has passed it', async () => {
  const { run } = (await call<{ run: string }>('f/runs?wait=true', { order: { id: 8 } })).answer;
  const later = JSON.parse(file) as { steps: Record<string, object> };
  const edited = JSON.stringify({ ...later, steps: { say: { ...later.steps['say'], next: { out: 'tell' } }, tell: { shape: 'notify', settings: { message: '{{ payload.order.id }}' } } } });
  const at = edited.lastIndexOf('order.id') + 'order.'.length;
  const offered = async (): Promise<unknown> => (await call<Completions>('f/completions', { offset: at, text: edited })).answer.candidates.map(({ label, last }) => [label, last]);
  assert.deepEqual(await offered(), [['id', '8']]);
  const left = { payload: { body: { order: { id: 8 } }, meta: { a: '8' }, from: run } };
  assert.deepEqual((await call<LastPayloadAnswer>('f/steps/say/payload?port=out')).answer, left);
  assert.deepEqual((await call<LastPayloadAnswer>('f/steps/say/payload?port=else')).answer, {});
  // A run that fails in the step has not left it.
  assert.equal((await call<{ status: string }>('f/runs?wait=true', {})).answer.status, 'failed');
  assert.deepEqual((await call<LastPayloadAnswer>('f/steps/say/payload?port=out')).answer, left);
  assert.deepEqual(await offered(), [['id', '8']]);
});

for (const [title, path, body, status] of [['a flow that there is not', 'g/completions', { offset: 1 }, 404], ['no place', 'f/hover', {}, 400], ['half a place', 'f/completions', { offset: 1.5 }, 400], ['a step that nothing reached', 'f/steps/x/payload', undefined, 200]] as const) {
  test(title, async () => assert.equal((await call(path, body)).status, status));
}
