import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { debugging, shopFiles, steps, type Client } from './support/debug-client.ts';

const flow = steps({
  each: { shape: 'split', settings: { each: true }, next: { out: 'pick' } },
  pick: { shape: 'route', settings: { routes: [{ name: 'odd', when: [{ field: '$.odd', is: 'equals', value: true }] }] }, next: { odd: 'shape', else: 'end' } },
  shape: { shape: 'map', settings: { rules: [{ from: 'n', to: 'number' }, { from: 'n', to: 'kept', transforms: [{ type: 'script', settings: { script: 'scripts/warn.js' } }] }] }, next: { out: 'end' } },
  end: { shape: 'map', settings: { passThrough: true } },
}, { title: 'Places', variables: { seen: { type: 'number', default: 0 } } });
const files = { 'flows/places.flow.json': flow, 'scripts/warn.js': 'export default ({ values }, { log }) => { if (values[0] > 3) log.warn("It is more than three."); return values; };\n' };
const payload = Array.from({ length: 6 }, (_, index) => ({ n: index + 1, odd: index % 2 === 0 }));
const text = JSON.stringify(flow, null, 2).split('\n');
const lineOf = (part: string): number => text.findIndex((line) => line.includes(part)) + 1;
const columnOf = (part: string, what: string): number => text[lineOf(part) - 1]!.indexOf(what) + 1;
const at = (part: string, more: Partial<DebugProtocol.SourceBreakpoint> = {}): DebugProtocol.SourceBreakpoint => ({ line: lineOf(part), ...more });

interface Case {
  readonly breakpoints?: readonly DebugProtocol.SourceBreakpoint[];
  readonly names?: readonly DebugProtocol.FunctionBreakpoint[];
  readonly filters?: readonly string[];
  readonly show?: string;
  readonly stops: readonly string[];
  /** What log points say. */
  readonly logs?: readonly string[];
}

const n = 'payload.n ?? payload.number';
const cases: Readonly<Record<string, Case>> = {
  'before a step, on any line of it': { breakpoints: [at('"to": "kept"', { mode: 'before' })], stops: ['shape 1', 'shape 3', 'shape 5'] },
  'a condition': { breakpoints: [at('"end": {', { condition: 'payload.n > 2' })], stops: ['end 4', 'end 6'] },
  'conditions that find nothing, or what is empty': { breakpoints: [at('"end": {', { condition: 'payload[?@ > 9]' }), at('"pick": {', { condition: 'payload[?@ == 5]' }), at('"shape": {', { condition: 'meta.nothing ?? payload[?@ == 7]' })], stops: ['pick 5'] },
  'a hit count of more than': { breakpoints: [at('"pick": {', { hitCondition: '>4' })], stops: ['pick 5', 'pick 6'] },
  'every third': { breakpoints: [at('"pick": {', { hitCondition: '%3' })], stops: ['pick 3', 'pick 6'] },
  'a hit count of those that a condition lets through': { breakpoints: [at('"pick": {', { hitCondition: '2', condition: 'payload.odd' })], stops: ['pick 3'] },
  'after a step, at the brace behind its name': { breakpoints: [at('"pick": {', { column: columnOf('"pick": {', '{'), hitCondition: '<=2' })], stops: ['pick (after odd) 1', 'pick (after else) 2'] },
  'at a port, with a condition on it': { breakpoints: [at('"else": "end"', { column: columnOf('"else": "end"', '"else"'), condition: "port == 'else' && payload.n > 2" })], stops: ['pick (after else) 4', 'pick (after else) 6'] },
  'a rule of a map, on its line': { breakpoints: [at('"to": "kept"', { hitCondition: '1' })], stops: ['Rule 2 → kept, record 1 1'] },
  'the mode after': { breakpoints: [at('"shape": {', { mode: 'after', hitCondition: '1' })], stops: ['shape (after out) 1'] },
  'by name, at a port': { names: [{ name: 'pick after odd', condition: 'payload.n == 3' }], stops: ['pick (after odd) 3'] },
  'by name, a rule': { names: [{ name: 'Places:nothing' }, { name: 'shape rule 1', hitCondition: '3' }], stops: ['Rule 1 → number, record 1 5'] },
  'a log point does not stop, and its text is in the log of the run': { breakpoints: [at('"end": {', { logMessage: 'n is {payload.n ?? payload.number}', condition: 'payload.n == 4' })], stops: [], logs: ['n is 4'] },
  'a warning of a map': { filters: ['warning'], stops: ['shape 5'] },
  'nothing': { stops: [] },
};

describe('debug session: where it stops', () => {
  for (const [name, { breakpoints = [], names = [], filters = [], stops, logs = [] }] of Object.entries(cases)) {
    test(name, async () => {
      await debugging(files, async (client, runner) => {
        await client.begin({ flow: 'places', payload, seed: 1 }, { places: breakpoints }, async () => {
          await client.setFunctionBreakpointsRequest({ breakpoints: [...names] });
          await client.setExceptionBreakpointsRequest({ filters: [...filters] });
        });
        const found: string[] = [];
        for (let left = stops.length; left > 0; left--) {
          const { frames, frame } = await client.stopped();
          found.push(`${frames[0]!.replace(/:\d+$/, '')} ${await client.shown(n, frame).catch(() => '-')}`);
          await client.continueRequest({ threadId: 1 });
        }
        await client.ended.promise;
        assert.deepEqual(found, stops);
        const [run] = runner.archive.runs({}).items;
        const said = runner.archive.logs(run!.id, {}).items.filter(({ fields }) => fields?.['debugger'] === true).map(({ message }) => message);
        assert.deepEqual([said, client.said.filter((line) => line.startsWith('n is')).map((line) => line.trim())], [logs, logs]);
      });
    });
  }
});

test('places of a line, for clients that ask where a breakpoint may stand', async () => {
  await debugging(files, async (client) => {
    await client.initializeRequest();
    const { breakpoints } = ((await client.customRequest('breakpointLocations', { source: { path: client.file('places') }, line: lineOf('"pick": {'), endLine: lineOf('"else": "end"') })) as DebugProtocol.BreakpointLocationsResponse).body;
    assert.deepEqual(breakpoints.map(({ line, column }) => text[line - 1]!.slice(column! - 1)), ['"pick": {', '{', '"odd": "shape",', '"else": "end"']);
  });
});

const writing = steps({
  each: { shape: 'split', settings: { each: true }, next: { out: 'once' } },
  once: { shape: 'de-dupe', settings: { pool: 'seen', key: 'n' }, next: { out: 'note' } },
  note: { shape: 'set-variables', settings: { flow: [{ name: 'last', value: '{{ payload.n }}' }] }, next: { out: 'end' } },
  end: { shape: 'map', settings: { passThrough: true } },
}, { variables: { last: { default: 0 } } });

for (const [what, name, condition, expected] of [['a flow variable', 'flow.last', 'payload.n == 2', 'note 2'], ['a pool of a de-dupe step', 'pool seen', 'payload.n == 3', 'once 3']] as const) {
  test(`data breakpoint: ${what}`, async () => {
    await debugging({ 'flows/writing.flow.json': writing }, async (client) => {
      await client.begin({ flow: 'writing', payload: [{ n: 1 }, { n: 2 }, { n: 3 }] }, {}, async () => {
        const { body: { dataId, canPersist } } = await client.dataBreakpointInfoRequest({ name });
        assert.equal(canPersist, true);
        await client.setDataBreakpointsRequest({ breakpoints: [{ dataId: dataId!, condition }] });
      });
      const { reason, frames, frame } = await client.stopped();
      assert.deepEqual([reason, `${frames[0]!.replace(/:\d+$/, '')} ${await client.shown('payload.n', frame)}`], ['data breakpoint', expected]);
      await client.continueRequest({ threadId: 1 });
      await client.ended.promise;
    });
  });
}

const waiting = (): object => ({ ...shopFiles(), 'flows/wait.flow.json': steps({ wait: { shape: 'wait', settings: { forMs: 60_000 } } }) });

async function stands(client: Client): Promise<string> {
  const { reason, frames } = await client.stopped();
  return `${reason} ${frames[0]!}`;
}

test('a step that is at work is paused, and the run is ended by terminate', async () => {
  await debugging(waiting() as never, async (client, runner) => {
    await client.begin({ flow: 'wait' }, { wait: [5] });
    assert.equal(await stands(client), 'breakpoint wait:5');
    await client.continueRequest({ threadId: 1 });
    await client.customRequest('pause', { threadId: 1 });
    assert.equal(await stands(client), 'pause wait:5');
    await client.customRequest('terminate');
    await client.ended.promise;
    assert.equal(runner.archive.runs({}).items[0]!.status, 'stopped');
  });
});

test('a client that disconnects may leave what it has launched running', async () => {
  await debugging(files, async (client, runner) => {
    await client.begin({ flow: 'places', payload }, { places: [at('"pick": {')] });
    await client.stopped();
    await client.disconnectRequest({ terminateDebuggee: false });
    const { id } = runner.archive.runs({}).items[0]!;
    let status = 'running';
    while (status === 'running') {
      await new Promise(setImmediate);
      status = runner.archive.run(id)!.status;
    }
    assert.equal(status, 'success');
  });
});

test('an item of a step is gone into: the third of six', async () => {
  await debugging(files, async (client) => {
    await client.begin({ flow: 'places', payload, stopOnEntry: true });
    const { frame } = await client.stopped();
    const { body: { targets } } = await client.stepInTargetsRequest({ frameId: frame });
    const third = targets.find(({ label }) => label === 'Item 3 of 6')!;
    await client.stepInRequest({ threadId: 1, targetId: third.id });
    const inside = await client.stopped();
    assert.deepEqual([inside.frames[0], await client.shown('payload.n', inside.frame)], [`pick:${lineOf('"pick": {')}`, '3']);
    await client.setExceptionBreakpointsRequest({ filters: [] });
    await client.continueRequest({ threadId: 1 });
    await client.ended.promise;
  });
});
