import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { debugging, steps } from './support/debug-client.ts';

// Lines and columns, as the client counts them.

const flow = steps({
  each: { shape: 'split', settings: { each: true }, next: { out: 'shape' } },
  shape: { shape: 'map', settings: { rules: [{ from: 'n', to: 'm', transforms: [{ type: 'script', settings: { script: 'scripts/same.js' } }] }] }, next: { out: 'end' } },
  end: { shape: 'map', settings: { passThrough: true } },
});
const files = { 'flows/count.flow.json': flow, 'scripts/same.js': 'export default ({ values }) => {\n  return values;\n};\n' };
const text = JSON.stringify(flow, null, 2).split('\n');
/** From 0. */
const line = text.findIndex((one) => one.includes('"shape": {'));
const column = text[line]!.indexOf('"shape"');
const brace = text[line]!.indexOf('{');

const rows: readonly (readonly [what: string, initialize: Partial<DebugProtocol.InitializeRequestArguments>, lines: 0 | 1, columns: 0 | 1, starts: 0 | 1])[] = [
  ['says nothing', {}, 1, 1, 1],
  ['counts from 1', { linesStartAt1: true, columnsStartAt1: true }, 1, 1, 1],
  ['counts from 0', { linesStartAt1: false, columnsStartAt1: false }, 0, 0, 0],
  ['counts lines from 0', { linesStartAt1: false }, 0, 1, 1],
  ['counts columns from 0', { columnsStartAt1: false }, 1, 0, 0],
  ['is VS Code, which counts from 1, but where a completion starts', { clientID: 'vscode', linesStartAt1: true, columnsStartAt1: true }, 1, 1, 0],
];

for (const [what, initialize, lines, columns, starts] of rows) {
  test(`a client that ${what}`, () => debugging(files, async (client) => {
    const source = { path: client.file('count') };
    const place = { line: line + lines, column: column + columns };
    await client.customRequest('initialize', { adapterID: 'patchbay', ...initialize });
    await client.launchRequest({ flow: 'count', payload: [{ note: 'a', n: 1 }] } as never);
    const { body: { breakpoints: locations } } = await client.customRequest('breakpointLocations', { source, line: line + lines }) as DebugProtocol.BreakpointLocationsResponse;
    assert.deepEqual(locations, [place, { ...place, column: brace + columns }]);
    const { body: { breakpoints } } = await client.setBreakpointsRequest({ source, breakpoints: [{ line: line + lines + 1 }, { line: line + lines, column: brace + columns }, { line: lines }] });
    assert.deepEqual(breakpoints.map(({ line: at, column: of, verified }) => [at, of, verified]), [[place.line, place.column, true], [place.line, brace + columns, true], [lines, undefined, false]]);
    await client.configurationDoneRequest();
    const { frame } = await client.stopped();
    const frames = async (): Promise<unknown> => (await client.stackTraceRequest({ threadId: 1 })).body.stackFrames.map(({ name, line: at, column: of }) => [name, at, of]);
    assert.deepEqual(await frames(), [['shape', place.line, place.column], ['count', 0, 0]]);
    const { body: { targets } } = await client.gotoTargetsRequest({ source, line: line + lines + 1 });
    assert.deepEqual(targets.map(({ label, line: at }) => [label, at]), [['shape', place.line]]);
    const complete = async (typed: string, at: { readonly line?: number; readonly column: number }): Promise<unknown> => (await client.completionsRequest({ text: typed, frameId: frame, ...at } as never)).body.targets.map(({ label, start, length }) => [label, start, length]);
    assert.deepEqual(await complete('payload.no + 1', { column: 10 + columns }), [['note', 8 + starts, 2]]);
    assert.deepEqual(await complete('1 +\npayload.no', { line: 1 + lines, column: 10 + columns }), [['note', 12 + starts, 2]]);
    await client.setBreakpointsRequest({ source: { path: `${client.root}/scripts/same.js` }, breakpoints: [{ line: 1 + lines }] });
  }));
}
