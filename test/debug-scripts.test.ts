import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { debugging, steps, type Client } from './support/debug-client.ts';

const script = `interface Line { readonly price: number }

const tax = (price: number): number => {
  const added = price * 1.5;
  return added;
};

export default async function (input: { payload: { lines: Line[]; password?: string } }, context: unknown) {
  const { lines } = input.payload;
  let total = 0;
  for (const line of lines) {
    total += tax(line.price);
  }
  return { ...input, payload: { total } };
}
`;
const flow = (timeoutMs: number): object => steps({ each: { shape: 'split', settings: { each: true }, next: { out: 'sum' } }, sum: { shape: 'script', settings: { script: 'scripts/sum.ts', timeoutMs }, next: { out: 'end' } }, end: { shape: 'map', settings: { passThrough: true } } }, { title: 'Sums' });
const files = { 'flows/sums.flow.json': flow(60_000), 'scripts/sum.ts': script };
const payload = [{ lines: [{ price: 2 }, { price: 4 }], password: 'hidden' }, { lines: [{ price: 6 }] }];

const setIn = (client: Client, breakpoints: readonly DebugProtocol.SourceBreakpoint[], file = 'scripts/sum.ts') => async (): Promise<readonly DebugProtocol.Breakpoint[]> =>
  (await client.setBreakpointsRequest({ source: { path: join(client.root, file) }, breakpoints: [...breakpoints] })).body.breakpoints;

async function scope(client: Client, frame: number, name: string): Promise<readonly (readonly [string, string])[]> {
  const { body: { scopes } } = await client.scopesRequest({ frameId: frame });
  const { body: { variables } } = await client.variablesRequest({ variablesReference: scopes.find((one) => one.name === name)!.variablesReference });
  return variables.map((one) => [one.name, one.value]);
}

for (const [where, options] of [['in this thread', {}], ['in a thread of its own', { executors: { threads: 1 } }]] as const) {
  describe(`scripts are debugged ${where}`, () => {
    test('a breakpoint in the file stops there, with its own lines, variables and stack; then over, into and out', async () => {
      await debugging(files, async (client) => {
        await client.begin({ flow: 'sums', payload }, {}, setIn(client, [{ line: 12, condition: 'line.price > 3' }]));
        const stop = await client.stopped();
        assert.deepEqual([stop.reason, stop.frames], ['breakpoint', ['default:12', 'sum:14', 'Sums:0']]);
        assert.deepEqual([await client.shown('total', stop.frame), await client.shown('lines[1]', stop.frame), await client.shown('input.payload.password', stop.frame)], ['3', '{price: 4}', '"[redacted]"']);
        await assert.rejects(client.shown('total = 7', stop.frame), /side.effect/i);
        await client.stepInRequest({ threadId: 1 });
        const inside = await client.stopped();
        assert.deepEqual([inside.reason, inside.frames], ['step', ['tax:4', 'default:12', 'sum:14', 'Sums:0']]);
        assert.deepEqual(await scope(client, inside.frame, 'Local'), [['price', '4'], ['added', 'undefined']]);
        await client.nextRequest({ threadId: 1 });
        assert.equal((await client.stopped()).frames[0], 'tax:5');
        await client.stepOutRequest({ threadId: 1 });
        assert.equal((await client.stopped()).frames[0], 'default:11');
        await setIn(client, [])();
        await client.continueRequest({ threadId: 1 });
        await client.ended.promise;
        assert.deepEqual(client.said.filter((text) => text.startsWith('{')), ['{"total":9}\n', '{"total":9}\n']);
      }, options);
    });
  });
}

test('variables of a script are changed where it stands: a number, a part of an object, an object, and what cannot be', async () => {
  await debugging(files, async (client, runner) => {
    await client.begin({ flow: 'sums', payload: [payload[0]] }, {}, setIn(client, [{ line: 12, hitCondition: '1' }]));
    const stop = await client.stopped();
    const set = async (expression: string, value: string): Promise<string> => ((await client.customRequest('setExpression', { expression, value, frameId: stop.frame })) as DebugProtocol.SetExpressionResponse).body.value;
    assert.deepEqual([await set('total', '100'), await client.shown('total', stop.frame)], ['100', '100']);
    assert.deepEqual([await set('lines[1].price', '20'), await client.shown('lines[1].price', stop.frame)], ['20', '20']);
    assert.deepEqual([await set('input.payload', '{"price": 10}'), await set('line.price', '10'), await client.shown('input.payload', stop.frame)], ['{price: 10}', '10', '{price: 10}']);
    const { body: { scopes } } = await client.scopesRequest({ frameId: stop.frame });
    const local = scopes.find(({ name }) => name === 'Local')!;
    assert.equal((await client.setVariableRequest({ variablesReference: local.variablesReference, name: 'total', value: '1000' })).body.value, '1000');
    assert.ok((await scope(client, stop.frame, 'Local')).some(([name, value]) => name === 'total' && value === '1000'));
    await assert.rejects(set('nothing.there', '1'), /is no variable of the script that can be changed/);
    await assert.rejects(set('total', '{"a"'), /This is no JSON/);
    await setIn(client, [])();
    await client.continueRequest({ threadId: 1 });
    await client.ended.promise;
    assert.deepEqual(client.said.filter((text) => text.startsWith('{')), ['{"total":1045}\n']);
    const { items: [run] } = runner.archive.runs({});
    assert.deepEqual(runner.archive.logs(run!.id, {}).items.map(({ message }) => message), ['total', 'lines[1].price', 'input.payload', 'line.price', 'total'].map((name) => `Somebody has changed ${name} in default of scripts/sum.ts, in the debugger.`));
  });
});

test('a script step is stepped into, at its first statement, and out of it to the next step', async () => {
  await debugging(files, async (client) => {
    await client.begin({ flow: 'sums', payload }, { sums: [{ line: 14, hitCondition: '1' }] });
    const at = await client.stopped();
    const { body: { targets } } = await client.stepInTargetsRequest({ frameId: at.frame });
    assert.deepEqual(targets.map(({ label }) => label), ['Script scripts/sum.ts']);
    await client.stepInRequest({ threadId: 1, targetId: targets[0]!.id });
    const first = await client.stopped();
    assert.deepEqual([first.reason, first.frames], ['step', ['default:9', 'sum:14', 'Sums:0']]);
    await client.stepOutRequest({ threadId: 1 });
    assert.deepEqual((await client.stopped()).frames, ['end:24', 'Sums:0']);
    await client.continueRequest({ threadId: 1 });
    await client.ended.promise;
  });
});

test('time limits do not count while a script stands; hit counts, log points, and what is no hit count', async () => {
  await debugging({ ...files, 'flows/sums.flow.json': flow(1_500) }, async (client, runner) => {
    await client.begin({ flow: 'sums', payload }, {}, async () => {
      const set = await setIn(client, [{ line: 10, logMessage: 'of {lines.length} {nothing.there}' }, { line: 12, hitCondition: '>2' }, { line: 14, hitCondition: 'often' }])();
      assert.deepEqual(set.map(({ verified }) => verified), [true, true, false]);
    });
    const stop = await client.stopped();
    assert.deepEqual([stop.frames[0], await client.shown('line.price', stop.frame)], ['default:12', '6']);
    // Longer than the script may work.
    await new Promise((resolve) => { setTimeout(resolve, 2_000); });
    await client.continueRequest({ threadId: 1 });
    await client.ended.promise;
    const logs = client.said.filter((text) => text.startsWith('of '));
    assert.deepEqual([logs.length, /^of 2 \{nothing\.there: .*not defined/.test(logs[0]!)], [2, true], logs.join());
    const { items: [run] } = runner.archive.runs({});
    assert.deepEqual([run!.status, runner.archive.logs(run!.id, {}).items.length], ['success', 2]);
  });
});

test('a client that leaves lets a script go on that stands; nobody can look into it any more', async () => {
  await debugging(files, async (client, runner) => {
    await client.initializeRequest();
    await client.attachRequest({ flow: 'sums' } as never);
    await setIn(client, [{ line: 12 }])();
    const started = await runner.start({ flow: 'sums', trigger: 'manual', payload: { body: payload, mediaType: 'application/json' } });
    assert.equal((await client.stopped()).frames[0], 'default:12');
    assert.equal(inspected().length, 1);
    await client.disconnectRequest();
    assert.equal((await started.done).status, 'success');
    while (inspected().length > 0) await new Promise((resolve) => { setTimeout(resolve, 10); });
  });
});

/** Script processes of this one into which a debugger may look. */
function inspected(): readonly string[] {
  const children = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).map((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[3], readFileSync(`/proc/${pid}/cmdline`, 'utf8')] as const;
    } catch {
      return ['', ''] as const;
    }
  });
  return children.filter(([parent, command]) => parent === String(process.pid) && command.includes('--inspect')).map(([, command]) => command);
}

test('in the strict engine scripts do not stop; that is said once, and they run', async () => {
  await debugging({ ...files, 'patchbay.json': { version: 1, scripts: { engine: 'strict' } } }, async (client) => {
    await client.begin({ flow: 'sums', payload }, {}, setIn(client, [{ line: 12 }]));
    await client.ended.promise;
    assert.deepEqual(client.said.filter((text) => /strict/.test(text)).length, 1, client.said.join(''));
  });
});
