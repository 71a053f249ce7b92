import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flow } from '../flow.ts';
import { compareFlows } from './compare.ts';

const flow: Flow = { version: 1, title: 'F', triggers: { hourly: { trigger: 'schedule' } }, start: 'get', steps: { get: { shape: 'connector', title: 'Get', next: { out: 'end' } }, end: { shape: 'callback' } }, layout: { get: [0, 0] } };

const check = (name: string, after: Partial<Flow>, expected: readonly string[], others: readonly string[] = []): void =>
  void test(name, () => {
    const found = compareFlows(flow, { ...flow, ...after });
    assert.deepEqual(found.nodes.map(({ id, kind, title, changes }) => [kind, id, title, ...changes.map(({ pointer }) => pointer)].join(' ')), expected);
    assert.deepEqual(found.others.map(({ pointer }) => pointer), others);
  });

check('nothing', {}, []);
check('positions do not count', { layout: { get: [40, 80] } }, []);
check('a step is new, and another leads to it', { steps: { ...flow.steps, get: { ...flow.steps['get']!, next: { out: 'map' } }, map: { shape: 'map', next: { out: 'end' } } } }, ['changed get Get /next/out', 'added map map']);
check('a step has gone', { steps: { get: { shape: 'connector', title: 'Get' } } }, ['removed end end', 'changed get Get /next']);
check('a trigger', { triggers: { hourly: { trigger: 'schedule', disabled: true }, hook: { trigger: 'webhook' } } }, ['changed trigger:hourly hourly /disabled', 'added trigger:hook hook']);
check('what belongs to the whole flow', { title: 'G', start: 'end' }, [], ['/title', '/start']);
check('a step with a name of the prototype', { steps: { ...flow.steps, constructor: { shape: 'map' } } }, ['added constructor constructor']);
