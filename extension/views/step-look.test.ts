import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowRun } from '../../webview/protocol/flow.ts';
import { stepLook } from './step-look.ts';

const run = (counts: Partial<FlowRun['steps'][string]>, errors: FlowRun['errors'] = {}): FlowRun => ({ id: 'r', status: 'failed', startedAt: 0, steps: { a: { in: 0, out: 0, failed: 0, ...counts } as FlowRun['steps'][string] }, errors });
const plain = { id: 'a', type: 'Filter', isUnreached: false, run: undefined, debug: { breakpoints: {} }, findings: [] } as const;

const check = (title: string, given: Partial<Parameters<typeof stepLook>[0]>, icon: string, words: string): void => void test(title, () => {
  const look = stepLook({ ...plain, ...given });
  assert.deepEqual([look.icon, look.words.join(' · ')], [icon, words]);
});

check('nothing has happened', {}, 'circle-outline', 'Filter');
check('it has run', { run: run({ in: 3, out: 2 }) }, 'pass', 'Filter · 3 → 2');
check('nothing came to it', { run: run({}) }, 'circle-outline', 'Filter · 0 → 0');
check('a payload failed', { run: run({ in: 3, out: 2, failed: 1 }) }, 'error', 'Filter · 3 → 2 · 1 failed');
check('it is wrong', { findings: [{ severity: 'warning' }, { severity: 'error' }] }, 'error', 'Filter · 1 error');
check('a breakpoint comes before what it did', { run: run({ in: 3, out: 2, failed: 1 }), debug: { breakpoints: { a: { kind: 'condition', text: 'Before the step, when x' } } } }, 'debug-breakpoint-conditional', 'Filter · breakpoint: Before the step, when x · 3 → 2 · 1 failed');
check('the debugger before all', { debug: { stopped: 'a', breakpoints: { a: { kind: 'off', text: 'Before the step, disabled' } } } }, 'debug-stackframe', 'Filter · the debugger stands here · breakpoint: Before the step, disabled');
check('nothing leads to it', { isUnreached: true }, 'circle-outline', 'Filter · not reached');
check('a step with a name of the prototype', { id: 'constructor' }, 'circle-outline', 'Filter');
