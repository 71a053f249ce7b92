import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { MapCheck, MapLineage, MapSuggestions, MapTest, MapTrial } from '../model/map-report.ts';
import { checkSchema } from '../model/validate.ts';
import { openRunner } from '../runner/runner.ts';
import { schemas } from './schemas.ts';
import { serve } from './serve.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-api-maps-'));
mkdirSync(join(root, 'flows'));
writeFileSync(join(root, 'patchbay.json'), '{"version":1}');
writeFileSync(join(root, 'flows/f.flow.json'), JSON.stringify({ version: 1, start: 'm', steps: { m: { shape: 'map', settings: { rules: [{ from: 'n', to: 'a', transforms: [{ type: 'cast-to-number' }] }] } } } }));
const runner = await openRunner({ root });
const server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok', webRoot: '/nowhere' });
after(async () => {
  await server.close();
  await runner[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

async function call<T>(path: string, body: unknown): Promise<{ readonly status: number; readonly answer: T }> {
  const response = await fetch(`${server.url}/api/v1/maps/${path}`, { method: 'POST', headers: { authorization: 'Bearer tok', 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, answer: (await response.json()) as T };
}

const text = { type: 'string' };
const source = { type: 'object', properties: { n: text, email: text }, required: ['n'], additionalProperties: false };
const target = { type: 'object', properties: { a: text, Email: text }, required: ['a', 'Email'] };
const map = { flow: 'f', step: 'm', source, target };

describe('questions about a map', () => {
  const ask = (path: string, schema: keyof typeof schemas, body: object, look: (answer: never) => void): void => void test(path, async () => {
    const { status, answer } = await call(path, body);
    assert.equal(status, 200, JSON.stringify(answer));
    assert.deepEqual(checkSchema(schemas[schema], answer), []);
    look(answer as never);
  });
  ask('check', 'MapCheck', map, ({ findings }: MapCheck) => assert.deepEqual(findings.map(({ kind, quickFixes }) => [kind, quickFixes[0]?.set]), [
    ['type-mismatch', [{ path: ['rules', 0, 'transforms'], value: [{ type: 'cast-to-number' }, { type: 'cast-to-string' }] }]], ['missing-target', [{ path: ['rules', 1], value: { from: 'email', to: 'Email' } }]],
  ]));
  ask('lineage', 'MapLineage', map, ({ targets, sources }: MapLineage) => assert.deepEqual([targets.map(({ path, rules }) => [path, rules.length]), sources], [[['a', 1], ['Email', 0]], [{ path: 'n', targets: ['a'] }, { path: 'email', targets: [] }]]));
  ask('suggest', 'MapSuggestions', map, ({ suggestions }: MapSuggestions) => assert.deepEqual(suggestions.map(({ rule }) => rule), [{ from: 'email', to: 'Email' }]));
  ask('try', 'MapTrial', { ...map, sample: [{ n: 'x' }, { n: '2' }], record: 1 }, ({ output, faults }: MapTrial) => assert.deepEqual([output, faults.length], [{ a: 2 }, 2]));
  ask('test', 'MapTest', { ...map, target: {}, inputs: 50, seed: 3 }, ({ seed, counterexample }: MapTest) => assert.deepEqual([seed, counterexample?.error?.code], [3, 'DATA_INVALID']));
});

describe('questions that are none', () => {
  const check = (title: string, path: string, body: unknown, status: number): void => void test(title, async () => assert.equal((await call(path, body)).status, status));
  check('of nothing', 'check', {}, 400);
  check('with a word that is not known', 'check', { ...map, x: 1 }, 400);
  check('with a schema that is none', 'check', { ...map, source: 'x' }, 400);
  check('with too many inputs', 'test', { ...map, inputs: 10_001 }, 400);
  check('with half a record', 'try', { ...map, sample: {}, record: 0.5 }, 400);
  check('of a step that there is not', 'lineage', { flow: 'f', step: 'x' }, 422);
});
