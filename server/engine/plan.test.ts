import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { shape, testHost, transform } from '../../test/support/engine-host.ts';
import type { Flow, Step } from '../model/flow.ts';
import { planFlow, type Plan } from './plan.ts';

const pass = shape('pass', () => (payload) => [{ port: 'out', payload }]);
const guard = shape('guard', () => (payload) => [{ port: 'try', payload }], { ports: ['try', 'catch'], catches: 'catch', retries: 0 });
const fork = shape('fork', () => () => [], { ports: { each: 'routes', and: ['else'] }, timeoutMs: 500 });
const strict = shape('strict', () => () => [], {
  settings: { type: 'object', properties: { size: { type: 'integer', default: 10 }, text: { type: 'string', 'x-expression': true }, plain: { type: 'string' } }, required: ['text'] } as never,
});
const host = testHost({ plugins: [pass, guard, fork, strict, transform('upper', (value) => String(value).toUpperCase())] });

const plan = (flow: Omit<Flow, 'version'>, part: { from?: string; until?: string } = {}): Promise<Plan> => planFlow(host, { flow: { version: 1, ...flow }, flowId: 'f', file: 'flows/f.flow.json', ...part });

const steps = (drawn: Readonly<Record<string, string | (Partial<Step> & { readonly shape: string })>>): Record<string, Step> =>
  Object.fromEntries(Object.entries(drawn).map(([id, step]) => [id, typeof step === 'string' ? { shape: 'pass', next: { out: step } } : step]));

const end = { shape: 'pass' };
const guarded = (next: { try?: string; catch?: string }) => ({ shape: 'guard', next });

/** `id[<catcher]→targets`, in the order of the plan. */
const drawn = ({ steps }: Plan): string => steps.map(({ id, ports, catcher }) => `${id}${catcher === undefined ? '' : `<${catcher}`}${[...ports].flatMap(([, to]) => (to === undefined ? [] : [`→${to}`])).join('')}`).join(' ');

const plans: readonly (readonly [what: string, flow: Omit<Flow, 'version'>, part: { from?: string; until?: string }, expected: string])[] = [
  ['a line', { start: 'a', steps: steps({ c: end, b: 'c', a: 'b' }) }, {}, 'a→b b→c c'],
  ['steps that nothing leads to are left out, whatever they are', { start: 'a', steps: steps({ a: end, lost: { shape: 'unheard-of' }, loop: 'loop' }) }, {}, 'a'],
  ['a diamond', { start: 'a', steps: steps({ a: { shape: 'fork', settings: { routes: [{ name: 'x' }] }, next: { x: 'b', else: 'c' } }, b: 'd', c: 'd', d: end }) }, {}, 'a→b→c b→d c→d d'],
  ['the scope of a try-catch ends where both sides meet', { start: 't', steps: steps({ t: guarded({ try: 'a', catch: 'c' }), a: 'b', b: 'd', c: 'd', d: end }) }, {}, 't→a→c a<t→b b<t→d c→d d'],
  ['the inner of two catches; its catch side belongs to the outer', { start: 'o', steps: steps({ o: guarded({ try: 'i', catch: 'oc' }), oc: end, i: guarded({ try: 'a', catch: 'ic' }), a: 'b', ic: 'b', b: end }) }, {}, 'o→i→oc i<o→a→ic a<i→b ic<o→b b<o oc'],
  ['a catch port that leads nowhere', { start: 't', steps: steps({ t: guarded({ try: 'a' }), a: end }) }, {}, 't→a a<t'],
  ['a disabled try-catch catches nothing', { start: 't', steps: steps({ t: { ...guarded({ try: 'a', catch: 'c' }), disabled: true }, a: end, c: end }) }, {}, 't→a→c a c'],
  ['from', { start: 'a', steps: steps({ a: 'b', b: 'c', c: end }) }, { from: 'b' }, 'b→c c'],
  ['from within a scope: what would catch is not there', { start: 't', steps: steps({ t: guarded({ try: 'a', catch: 'c' }), a: 'b', b: end, c: end }) }, { from: 'a' }, 'a→b b'],
  ['until', { start: 'a', steps: steps({ a: { shape: 'fork', settings: { routes: [{ name: 'x' }] }, next: { x: 'b', else: 'c' } }, b: 'd', c: 'd', d: 'e', e: end }) }, { until: 'd' }, 'a→b→c b→d c→d d'],
  ['until leaves out the other branches', { start: 'a', steps: steps({ a: { shape: 'fork', settings: { routes: [{ name: 'x' }] }, next: { x: 'b', else: 'c' } }, b: 'd', c: 'd', d: end }) }, { until: 'b' }, 'a→b b'],
  ['until within a scope', { start: 't', steps: steps({ t: guarded({ try: 'a', catch: 'c' }), a: 'b', b: end, c: end }) }, { until: 'a' }, 't→a a<t'],
  ['from and until', { start: 'a', steps: steps({ a: 'b', b: 'c', c: 'd', d: end }) }, { from: 'b', until: 'c' }, 'b→c c'],
  ['a disabled step of an unknown shape', { start: 'a', steps: steps({ a: { shape: 'unheard-of', disabled: true, next: { done: 'b' } }, b: end }) }, {}, 'a→b b'],
];

for (const [what, flow, part, expected] of plans) {
  test(`plan: ${what}`, async () => {
    assert.equal(drawn(await plan(flow, part)), expected);
  });
}

const failures: readonly (readonly [what: string, flow: Omit<Flow, 'version'>, part: { from?: string; until?: string }, code: string, pointer: string, message: RegExp])[] = [
  ['no start', { steps: {} }, {}, 'CONFIG_INVALID', '', /no start/],
  ['a start that is not there', { start: 'x', steps: steps({ a: end }) }, {}, 'CONFIG_UNKNOWN_STEP', '/start', /"x"/],
  ['a name that every object has', { start: 'constructor', steps: steps({ a: end }) }, {}, 'CONFIG_UNKNOWN_STEP', '/start', /constructor/],
  ['a port to nowhere', { start: 'a', steps: steps({ a: 'b' }) }, {}, 'CONFIG_UNKNOWN_STEP', '/steps/a/next/out', /leads to "b"/],
  ['a port that is not there', { start: 'a/b', steps: steps({ 'a/b': { shape: 'pass', next: { in: 'c' } }, c: end }) }, {}, 'CONFIG_UNKNOWN_PORT', '/steps/a~1b/next/in', /no port "in"; it has "out"/],
  ['a port of a route that is not there', { start: 'a', steps: steps({ a: { shape: 'fork', settings: { routes: [{ name: 'x' }] }, next: { y: 'b' } }, b: end }) }, {}, 'CONFIG_UNKNOWN_PORT', '/steps/a/next/y', /"x", "else"/],
  ['an unknown shape', { start: 'a', steps: steps({ a: { shape: 'unheard-of' } }) }, {}, 'CONFIG_UNKNOWN_PLUGIN', '/steps/a/shape', /unheard-of/],
  ['a step to itself', { start: 'a', steps: steps({ a: 'a' }) }, {}, 'CONFIG_CYCLE', '/steps/a/next/out', /a → a/],
  ['a loop', { start: 'a', steps: steps({ a: 'b', b: 'c', c: 'd', d: 'b' }) }, {}, 'CONFIG_CYCLE', '/steps/d/next/out', /b → c → d → b/],
  ['catch sides that lead into each other', {
    start: 'a', steps: steps({ a: { shape: 'fork', settings: { routes: [{ name: 'x' }] }, next: { x: 't', else: 'u' } }, t: guarded({ try: 'p', catch: 'q' }), u: guarded({ try: 'q', catch: 'p' }), p: end, q: end }),
  }, {}, 'CONFIG_CYCLE', '', /catch sides/],
  ['settings that are not complete', { start: 'a', steps: steps({ a: { shape: 'strict' } }) }, {}, 'CONFIG_INVALID', '/steps/a/settings/text', /text/],
  ['an expression that does not parse', { start: 'a', steps: steps({ a: { shape: 'strict', settings: { text: '{{ payload. }}' } } }) }, {}, 'CONFIG_EXPRESSION', '/steps/a/settings/text', /./],
  ['an expression with a root that steps do not have', { start: 'a', steps: steps({ a: { shape: 'strict', settings: { text: '{{ response.x }}' } } }) }, {}, 'CONFIG_EXPRESSION', '/steps/a/settings/text', /response is not known/],
  ['a pipe to an unknown transform', { start: 'a', steps: steps({ a: { shape: 'strict', settings: { text: '{{ payload.x | lower }}' } } }) }, {}, 'CONFIG_UNKNOWN_PLUGIN', '/steps/a/settings', /lower/],
  ['from a step that is not there', { start: 'a', steps: steps({ a: end }) }, { from: 'b' }, 'CONFIG_UNKNOWN_STEP', '', /"b" to begin at/],
  ['until a step that is not there', { start: 'a', steps: steps({ a: end }) }, { until: 'b' }, 'CONFIG_UNKNOWN_STEP', '', /"b" to end at/],
  ['until a step before from', { start: 'a', steps: steps({ a: 'b', b: end }) }, { from: 'b', until: 'a' }, 'CONFIG_UNKNOWN_STEP', '/steps/a', /cannot be reached from "b"/],
];

for (const [what, flow, part, code, pointer, message] of failures) {
  test(`plan fails: ${what}`, async () => {
    await assert.rejects(plan(flow, part), (error) => {
      assert.ok(FlowError.is(error), String(error));
      assert.deepEqual([error.code, error.place], [code, { file: 'flows/f.flow.json', pointer }]);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('defaults come from the step, then the shape, then the engine', async () => {
  const { steps: [a, b] } = await plan({ start: 'a', steps: steps({ a: { shape: 'fork', concurrency: 3, retry: { attempts: 1 }, next: { else: 'b' } }, b: { shape: 'guard', timeoutMs: 9, waitForAll: true } }) });
  assert.deepEqual([a!.timeoutMs, a!.concurrency, a!.waitForAll, a!.retry], [500, 3, false, { attempts: 1, delayMs: 500, maxDelayMs: 30_000 }]);
  assert.deepEqual([b!.timeoutMs, b!.concurrency, b!.waitForAll, b!.retry.attempts, b!.catches], [9, 1, true, 0, { port: 'catch', action: 'partial-success' }]);
});

test('settings are completed; expressions stand only where the schema has them, and constant ones are resolved', async () => {
  const { steps: [step] } = await plan({ start: 'a', steps: steps({ a: { shape: 'strict', settings: { text: "{{ 'a' + 'b' }}", plain: '{{ not one }}' } } }) });
  assert.deepEqual(step!.settings, { size: 10, text: 'ab', plain: '{{ not one }}' });
  assert.equal(step!.template, undefined);
});

test('a thousand steps in a row', async () => {
  const line = steps(Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`s${index}`, index === 999 ? end : `s${index + 1}`])));
  assert.equal((await plan({ start: 's0', steps: line })).steps.length, 1_000);
});
