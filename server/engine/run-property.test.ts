import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError, type Output, type Payload, type Shape } from '../../plugins/sdk/index.ts';
import { eventsOf, guard, runFlow, shape, testHost, type Told } from '../../test/support/engine-host.ts';
import type { Step } from '../model/flow.ts';
import { placeSeed } from './random.ts';

interface Drawn {
  readonly kind: 'pass' | 'spread' | 'stream' | 'fork' | 'branch' | 'guard';
  /** Of the steps behind it: the place of each port's target, or none. */
  readonly next: readonly [number, number];
  readonly concurrency: number;
  readonly waitForAll: boolean;
  readonly disabled: boolean;
  /** Of a hundred payloads. */
  readonly failing: number;
  readonly isAsync: boolean;
}

/** What a step makes of a payload: the same on every attempt, known to the shape and to the test. */
function fateOf(step: string, id: string, { kind, failing }: Drawn) {
  const roll = placeSeed(17, step, id);
  const count = kind === 'branch' ? 2 : kind === 'pass' || kind === 'fork' ? 1 : (roll >>> 3) % 4;
  const fails = roll % 100 < failing;
  return { count, fails, isRemote: roll % 3 === 0, isPassing: roll % 2 === 0, position: count === 0 ? 0 : (roll >>> 7) % (count + 1), port: kind === 'fork' && (roll >>> 5) % 2 ? 'b' : 'a' };
}

const portsOf: Record<Drawn['kind'], readonly [string, string]> = { pass: ['a', 'b'], spread: ['a', 'b'], stream: ['a', 'b'], fork: ['a', 'b'], branch: ['a', 'b'], guard: ['try', 'catch'] };

const drawn: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.constantFrom('pass', 'spread', 'stream', 'fork', 'branch', 'branch', 'guard', 'guard'),
  next: fc.tuple(fc.nat(4), fc.nat(5)),
  concurrency: fc.constantFrom(1, 1, 2, 5),
  waitForAll: fc.constantFrom(false, false, false, true),
  disabled: fc.constantFrom(false, false, false, false, true),
  failing: fc.constantFrom(0, 0, 20, 60, 100),
  isAsync: fc.boolean(),
});

function flowOf(steps: readonly Drawn[]): Record<string, Step> {
  const source: Step = { shape: 'source', next: { a: 's0' } };
  return { source, ...Object.fromEntries(steps.map(({ kind, next, concurrency, waitForAll, disabled }, index): [string, Step] => {
    const ports = portsOf[kind].flatMap((port, at) => {
      const target = index + 1 + next[at]!;
      return target < steps.length ? [[port, `s${target}`]] : [];
    });
    return [`s${index}`, { shape: kind === 'guard' ? 'guard' : `kind-${index}`, concurrency, waitForAll, disabled, retry: { attempts: 2 }, ...(kind === 'branch' && { settings: { onFailure: 'go-on' } }), next: Object.fromEntries(ports) }];
  })) };
}

const shapeOf = (index: number, how: Drawn): Shape => shape(`kind-${index}`, () => {
  const step = `s${index}`;
  const fail = (isRemote: boolean): never => { throw new FlowError(isRemote ? 'REMOTE_STATUS' : 'DATA_INVALID', 'It failed.'); };
  const isFailing = (payload: Payload, attempt: number): boolean => {
    const { fails, isRemote, isPassing } = fateOf(step, payload.id, how);
    return fails && !(isRemote && isPassing && attempt > 1);
  };
  const all = (payload: Payload, attempt: number): Output[] => {
    const { count, port, isRemote } = fateOf(step, payload.id, how);
    if (isFailing(payload, attempt)) fail(isRemote);
    return Array.from({ length: count }, (_, place) => ({ port: how.kind === 'branch' ? ['a', 'b'][place]! : port, payload }));
  };
  if (how.kind === 'stream') {
    return async function* (payload, { clock, attempt }) {
      const { count, port, position, isRemote } = fateOf(step, payload.id, how);
      for (let made = 0; made <= count; made++) {
        if (how.isAsync) await clock.sleep(placeSeed(3, payload.id) % 30);
        if (made === position && isFailing(payload, attempt)) fail(isRemote);
        if (made < count) yield { port, payload };
      }
    };
  }
  if (!how.isAsync) return (payload, { attempt }) => all(payload, attempt);
  return async (payload, { clock, attempt }) => {
    await clock.sleep(placeSeed(5, payload.id) % 30);
    return all(payload, attempt);
  };
}, { ports: ['a', 'b'], ...(how.kind === 'branch' && { inTurn: true }) });

function account(told: Told, flow: Record<string, Step>, steps: readonly Drawn[]): void {
  const began = eventsOf(told, 'payload-in').filter(({ attempt }) => attempt === 1);
  const outs = eventsOf(told, 'payload-out');
  const failed = eventsOf(told, 'payload-failed');
  const keys = (events: readonly { step: string; payload: { id: string } | string }[]): string[] => events.map(({ step, payload }) => `${step} ${typeof payload === 'string' ? payload : payload.id}`);
  const once = (list: readonly string[], what: string): void => assert.equal(new Set(list).size, list.length, `${what} twice`);
  // Whatever goes into a connection begins once at its other end, and is done once; whatever goes nowhere leaves the flow once.
  const targets = outs.map(({ step, port, payload }) => ({ step: flow[step]!.next?.[port], payload }));
  const arrived = targets.filter((target): target is { step: string; payload: typeof target.payload } => target.step !== undefined);
  assert.deepEqual(keys(began).sort(), ['source p', ...keys(arrived)].sort());
  assert.deepEqual(keys(eventsOf(told, 'payload-done')).sort(), keys(began).sort());
  assert.deepEqual(told.outputs.map(({ id }) => id).sort(), targets.filter(({ step }) => step === undefined).map(({ payload }) => payload.id).sort());
  once(keys(began), 'begun');
  once(keys(failed), 'failed');
  once(outs.map(({ payload }) => payload.id), 'an id');
  // What failed and is caught leaves the try-catch once; what did not fail gave all that it should.
  const fails = new Map(failed.map((event) => [`${event.step} ${event.payload.id}`, event]));
  for (const { step, payload } of began) {
    const own = outs.filter((out) => out.from === payload.id && out.step === step && !(out.port === 'catch'));
    const failure = fails.get(`${step} ${payload.id}`);
    if (failure?.caughtBy !== undefined) assert.equal(outs.filter((out) => out.step === failure.caughtBy && out.port === 'catch' && out.from === payload.id).length, 1);
    const how = steps[Number(step.slice(1))];
    if (!how) continue;
    const { count, position } = fateOf(step, payload.id, how);
    if (how.disabled || how.kind === 'guard') assert.equal(own.length, 1);
    else assert.equal(own.length, failure ? (how.kind === 'stream' ? position : 0) : count);
  }
  // What comes by an earlier port of a branch is through before what comes by a later one begins, where it leads to nothing of that.
  for (const [index, { kind, disabled }] of steps.entries()) if (kind === 'branch' && !disabled) inTurn(told, flow, `s${index}`);
  // One way in: the order is that of the way.
  for (const id of Object.keys(flow)) {
    const into = arrived.filter(({ step }) => step === id);
    const ways = new Set(outs.filter(({ step, port }) => flow[step]!.next?.[port] === id).map(({ step }) => step));
    if (ways.size === 1) assert.deepEqual(keys(began.filter(({ step }) => step === id)), keys(into));
  }
  const uncaught = failed.filter(({ caughtBy }) => caughtBy === undefined).length;
  assert.equal(told.status, uncaught > 0 ? 'failed' : failed.length > 0 ? 'partial-success' : 'success');
}

function inTurn(told: Told, flow: Record<string, Step>, branch: string): void {
  const reach = (from: string | undefined, next: (id: string) => readonly string[]): Set<string> => {
    const found = new Set(from === undefined ? [] : [from]);
    for (const id of found) for (const to of next(id)) found.add(to);
    return found;
  };
  const drawn = (id: string): readonly string[] => Object.values(flow[id]!.next ?? {});
  const guards = Object.values(flow).filter(({ shape: type, disabled }) => type === 'guard' && !disabled).map(({ next = {} }) => ({ to: next['catch'], tried: reach(next['try'], drawn), caught: reach(next['catch'], drawn) }));
  // What fails may come to where a try-catch around it leads.
  const failing = (id: string): readonly string[] => guards.flatMap(({ to, tried, caught }) => (to !== undefined && tried.has(id) && !caught.has(id) ? [to] : []));
  const behind = (from: string): Set<string> => reach(from, (id) => [...drawn(id), ...failing(id)]);
  const { a, b } = flow[branch]!.next ?? {};
  if (a === undefined || b === undefined || !told.events.some((event) => event.type === 'payload-in' && event.step === branch)) return;
  const later = behind(b);
  const earlier = new Set([...behind(a)].filter((step) => !later.has(step)));
  const first = told.events.findIndex((event) => event.type === 'payload-in' && event.step === b);
  const last = told.events.findLastIndex((event) => event.type === 'payload-done' && earlier.has(event.step));
  assert.ok(first < 0 || last < first, `${b} began before ${[...earlier].join(', ')} had ended`);
}

const source = shape('source', () => (payload) => Array.from({ length: 12 }, () => ({ port: 'a', payload })), { ports: ['a'] });

test('every payload of any flow is accounted for exactly once, and the run ends', async () => {
  await fc.assert(fc.asyncProperty(fc.array(drawn, { minLength: 1, maxLength: 8 }), async (steps) => {
    const flow = flowOf(steps);
    const host = testHost({ plugins: [source, guard, ...steps.map((how, index) => shapeOf(index, how))] });
    let told: Told;
    try {
      told = await runFlow({ host, steps: flow });
    } catch (error) {
      // Two try-catches may be drawn so that their catch sides lead into each other: refused, as it must be.
      fc.pre(!FlowError.is(error, 'CONFIG_CYCLE'));
      throw error;
    }
    account(told, flow, steps);
    assert.equal(host.clock.sleepers, 0);
  }), { seed: 7, numRuns: 150 });
});
