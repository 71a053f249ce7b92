import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { asked, debugging, makeWorkspace, shopFiles, steps, type Client, type Files } from './support/debug-client.ts';
import { openRunner } from '../server/runner/runner.ts';
import { serveDebug } from '../server/debug/serve.ts';

const chain = steps({ each: { shape: 'split', settings: { each: true }, next: { out: 'shape' } }, shape: { shape: 'map', settings: { rules: [{ from: 'n', to: 'number' }, { from: 'password', to: 'kept' }] }, next: { out: 'end' } }, end: { shape: 'map', settings: { passThrough: true } } }, { title: 'Chain', variables: { since: { type: 'string', default: '2024' } } });
const payload = [{ n: 1, password: 'hidden' }, { n: 2, password: 'hidden' }];

for (const [where, options] of [['in this thread', {}], ['in a thread of its own', { executors: { threads: 1 } }]] as const) {
  test(`debug session ${where}: breakpoints, scopes, values, steps, the end`, async () => {
    await debugging({ 'flows/chain.flow.json': chain }, async (client) => {
      const [first, second] = await client.begin({ flow: 'chain', payload, seed: 1 }, { chain: [{ line: 1 }, { line: 15, condition: 'payload.n == 2' }] });
      assert.deepEqual([first!.verified, first!.message, second!.verified, second!.line], [false, 'There is no step on this line.', true, 14]);
      const stop = await client.stopped();
      assert.deepEqual([stop.reason, stop.frames], ['breakpoint', ['shape:14', 'Chain:0']]);
      const { body: { scopes } } = await client.scopesRequest({ frameId: stop.frame });
      assert.deepEqual(scopes.map(({ name }) => name), ['Payload (31 bytes)', 'Output so far', 'Meta', 'Flow variables', 'Cache & de-dupe hits']);
      const { body: { variables } } = await client.variablesRequest({ variablesReference: scopes[0]!.variablesReference });
      assert.deepEqual(variables.map(({ name, value }) => [name, value]), [['n', '2'], ['password', '[redacted]']]);
      assert.deepEqual([await client.shown('payload.n + 40', stop.frame), await client.shown('payload.password', stop.frame), await client.shown('flow.since', stop.frame)], ['42', '"[redacted]"', '"2024"']);
      await assert.rejects(client.shown('payload.nothing.there', stop.frame), /nothing/);
      const into = client.stopped();
      await client.stepInRequest({ threadId: 1 });
      assert.deepEqual((await into).frames, ['Rule 1 → number, record 1:18', 'shape:14', 'Chain:0']);
      const out = client.stopped();
      await client.stepOutRequest({ threadId: 1 });
      assert.deepEqual((await out).frames, ['end:32', 'Chain:0']);
      await client.continueRequest({ threadId: 1 });
      await client.ended.promise;
      assert.deepEqual(client.said.filter((text) => text.startsWith('{')), ['{"number":1,"kept":"hidden"}\n', '{"number":2,"kept":"hidden"}\n']);
    }, options);
  });
}

for (const [where, options] of [['in this thread', {}], ['in a thread of its own', { executors: { threads: 1 } }]] as const) {
  test(`debug session ${where}: a client that leaves ends what it has launched`, async () => {
    await debugging({ 'flows/chain.flow.json': chain }, async (client, runner) => {
      await client.begin({ flow: 'chain', payload, stopOnEntry: true });
      assert.deepEqual((await client.stopped()).frames, ['each:5', 'Chain:0']);
      await client.disconnectRequest();
      const { items: [run] } = runner.archive.runs({});
      assert.deepEqual([run?.status, run?.error?.code], ['stopped', 'RUN_STOPPED']);
    }, options);
  });

  test(`debug session ${where}: a run that the user ends is told as stopped, not as failed`, async () => {
    await debugging({ 'flows/chain.flow.json': chain }, async (client) => {
      const told: unknown[] = [];
      client.on('output', ({ body: { category, output } }: DebugProtocol.OutputEvent) => void told.push([category, output.replace(/run_\w+|Run \S+/, 'Run 1')]));
      await client.begin({ flow: 'chain', payload, stopOnEntry: true });
      await client.stopped();
      await client.terminateRequest();
      await client.ended.promise;
      assert.deepEqual(told, [['console', 'Run 1 of chain.\n'], ['console', 'The run was stopped.\n']]);
    }, options);
  });

  test(`debug session ${where}: a flow that a flow calls is stepped into, with its callers below, and out of`, async () => {
    const called = steps({ inner: { shape: 'map', settings: { rules: [{ from: 'n', to: 'm' }] } } }, { title: 'Inner' });
    const outer = steps({ call: { shape: 'run-flow', settings: { flow: 'called', wait: 'result' }, next: { out: 'end' } }, end: { shape: 'map', settings: { passThrough: true } } }, { title: 'Outer' });
    await debugging({ 'flows/called.flow.json': called, 'flows/outer.flow.json': outer }, async (client, runner) => {
      await client.begin({ flow: 'outer', payload: { n: 1 } }, { outer: [5] });
      const at = await client.stopped();
      const { body: { targets } } = await client.stepInTargetsRequest({ frameId: at.frame });
      await client.stepInRequest({ threadId: 1, targetId: targets[0]!.id });
      const inner = await client.stopped();
      assert.deepEqual([targets.map(({ label }) => label), inner.frames], [['Sub-flow called'], ['inner:5', 'call:5', 'Outer:0']]);
      const { body: { stackFrames } } = await client.stackTraceRequest({ threadId: 1 });
      const runs = runner.archive.runs({}).items;
      assert.deepEqual(stackFrames.map((frame) => runs.find(({ id }) => id === (frame as { readonly run?: string }).run)?.flow), ['called', 'outer', 'outer'], 'Each line says of which run it is.');
      await client.stepOutRequest({ threadId: 1 });
      assert.deepEqual((await client.stopped()).frames, ['end:15', 'Outer:0']);
      await client.continueRequest({ threadId: 1 });
      await client.ended.promise;
      assert.deepEqual(client.said.filter((text) => text.startsWith('{')), ['{"m":1}\n']);
    }, options);
  });
}

describe('debug session: where it stops', () => {
  const reading = steps({ get: { shape: 'connector', settings: { instance: 'shop', endpoint: 'list' }, next: { out: 'end' } }, end: { shape: 'map', settings: { passThrough: true } } });
  const refusing = steps({ send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'refuse' } } });

  test('on page 2 of what a step reads; the page is what an expression sees', async () => {
    await debugging({ ...shopFiles(), 'flows/read.flow.json': reading }, async (client) => {
      await client.begin({ flow: 'read' }, { read: [{ line: 5, mode: 'page', hitCondition: '2' }] });
      const stop = await client.stopped();
      assert.deepEqual([stop.reason, stop.frames], ['breakpoint', ['get:5', 'read:0']]);
      const { body: { scopes } } = await client.scopesRequest({ frameId: stop.frame });
      const connection = await client.variablesRequest({ variablesReference: scopes.find(({ name }) => name === 'Connection')!.variablesReference });
      const credentials = connection.body.variables.find(({ name }) => name === 'credentials')!;
      assert.match(credentials.value, /^\{token: "•••• \(secret shop\/token\)"\}$/);
      await client.continueRequest({ threadId: 1 });
      await client.ended.promise;
    });
  });

  test('by name: a page, a port, a failure, a rule', async () => {
    await debugging({ ...shopFiles(), 'flows/read.flow.json': reading }, async (client) => {
      await client.begin({ flow: 'read' }, {}, async () => {
        const { body: { breakpoints } } = await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'get page 3' }, { name: 'get after out', hitCondition: '1' }, { name: 'nonsense of mine' }, { name: 'end', condition: 'payload[' }] });
        assert.deepEqual(breakpoints.map(({ verified, message }) => [verified, message === undefined]), [[true, true], [true, true], [false, false], [false, false]]);
      });
      assert.deepEqual((await client.stopped()).frames, ['get (after out):5', 'read:0']);
      await client.continueRequest({ threadId: 1 });
      assert.deepEqual((await client.stopped()).frames, ['get:5', 'read:0']);
      await client.continueRequest({ threadId: 1 });
      await client.ended.promise;
    });
  });

  test('by a name that says no flow, set before the flow is known; the client is told when it stops there', async () => {
    for (const first of ['launch', 'breakpoints']) {
      await debugging({ 'flows/chain.flow.json': chain }, async (client) => {
        const told = new Map<number | undefined, DebugProtocol.Breakpoint>();
        client.on('breakpoint', ({ body }: DebugProtocol.BreakpointEvent) => void told.set(body.breakpoint.id, body.breakpoint));
        await client.initializeRequest();
        const launch = async (): Promise<unknown> => client.launchRequest({ flow: 'chain', payload } as never);
        const set = async (): Promise<void> => {
          const { body: { breakpoints } } = await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'end', hitCondition: '2' }, { name: 'two words', condition: 'x' }] });
          // What was told since counts.
          for (const one of breakpoints) if (!told.has(one.id)) told.set(one.id, one);
        };
        await Promise.all(first === 'launch' ? [launch(), set()] : [set(), launch()]);
        await client.configurationDoneRequest();
        const stop = await client.stopped();
        assert.deepEqual([stop.frames[0], await client.shown('payload.number', stop.frame), [...told.values()].map(({ verified, message }) => [verified, message === undefined])], ['end:32', '2', [[true, true], [false, false]]], first);
      });
    }
  });

  test('at an answer that refuses, before anything is made of it; then at the failure, which is tried once more with another payload', async () => {
    asked.length = 0;
    await debugging({ ...shopFiles(), 'flows/send.flow.json': refusing }, async (client) => {
      await client.begin({ flow: 'send', payload: { id: 1 } }, {}, () => client.setExceptionBreakpointsRequest({ filters: ['unhandled'], filterOptions: [{ filterId: 'http', condition: 'status == 422' }] } as never));
      const refused = await client.stopped();
      assert.deepEqual([refused.reason, refused.frames, asked], ['exception', ['send:5', 'send:0'], ['POST /refuse']]);
      await client.continueRequest({ threadId: 1 });
      const failed = await client.stopped();
      assert.deepEqual([failed.reason, failed.frames, await client.shown('error.code', failed.frame)], ['exception', ['send (failed):5', 'send:0'], '"REMOTE_REJECTED"']);
      assert.equal(((await client.customRequest('setExpression', { expression: 'payload.id', value: '2', frameId: failed.frame })) as DebugProtocol.SetExpressionResponse).body.value, '2');
      await client.setExceptionBreakpointsRequest({ filters: [] });
      await client.restartFrameRequest({ frameId: failed.frame });
      await client.ended.promise;
      assert.deepEqual(asked, ['POST /refuse', 'POST /refuse']);
    });
  });

  test('where a cache is written, by its key', async () => {
    const caching = steps({ put: { shape: 'add-to-cache', settings: { cache: 'orders', key: '{{ payload.id }}' }, next: { out: 'end' } }, end: { shape: 'map', settings: { passThrough: true } } });
    await debugging({ 'flows/put.flow.json': steps({ each: { shape: 'split', settings: { each: true }, next: { out: 'put' } }, ...(caching as { steps: object }).steps }) }, async (client) => {
      await client.begin({ flow: 'put', payload: [{ id: 'a' }, { id: 'b' }] }, {}, async () => {
        const { body } = await client.dataBreakpointInfoRequest({ name: 'cache orders b' });
        await client.setDataBreakpointsRequest({ breakpoints: [{ dataId: body.dataId! }] });
      });
      const stop = await client.stopped();
      assert.deepEqual([stop.reason, await client.shown('payload.id', stop.frame)], ['data breakpoint', '"b"']);
      await client.continueRequest({ threadId: 1 });
      await client.ended.promise;
    });
  });
});

test('debug session: what is typed in place of a value is JSON, or the text as it is in place of a text', async () => {
  await debugging({ 'flows/chain.flow.json': chain }, async (client) => {
    await client.begin({ flow: 'chain', payload: [{ n: 1, word: 'one', list: [1, 'b'] }] }, { chain: [{ line: 14 }] });
    const stop = await client.stopped();
    const { body: { scopes } } = await client.scopesRequest({ frameId: stop.frame });
    const set = async (name: string, value: string, { variablesReference } = scopes[0]!): Promise<string> => (await client.setVariableRequest({ variablesReference, name, value })).body.value;
    const setAt = async (expression: string, value: string): Promise<string> => ((await client.customRequest('setExpression', { expression, value, frameId: stop.frame })) as DebugProtocol.SetExpressionResponse).body.value;
    for (const wrong of ['{"x"', 'ninety-nine', '01', 'payload.m', '']) await assert.rejects(set('n', wrong), /no JSON/, wrong);
    for (const place of ['payload', 'payload.n', 'payload.gone', 'payload.list', 'payload.list[0]', 'meta.page']) await assert.rejects(setAt(place, 'ninety-nine'), /no JSON/, place);
    assert.deepEqual([await setAt('payload.word', '"one"'), await setAt('payload.word', 'and another: it’s {one}'), await set('word', 'more'), await setAt('payload.list[1]', 'c'), await setAt('flow.since', '2025-01'), await set('since', '2025-02', scopes.find(({ name }) => name === 'Flow variables')), await setAt('payload.list', '[1, "a"]')], ['"one"', '"and another: it’s {one}"', '"more"', '"c"', '"2025-01"', '"2025-02"', '(2) […]']);
    assert.deepEqual([await setAt('payload.word', '5'), await assert.rejects(setAt('payload.word', 'text'), /no JSON/)], ['5', undefined]);
    assert.deepEqual([await setAt('payload', '"all"'), await setAt('payload', 'all of it')], ['"all"', '"all of it"']);
    await client.disconnectRequest();
  });
});

test('debug session: a payload is changed, moved on, completed; what is said about the change is in the run', async () => {
  await debugging({ 'flows/chain.flow.json': chain }, async (client, runner) => {
    await client.begin({ flow: 'chain', payload }, { chain: [{ line: 14, hitCondition: '1' }] });
    const stop = await client.stopped();
    const { body: { scopes } } = await client.scopesRequest({ frameId: stop.frame });
    assert.equal((await client.setVariableRequest({ variablesReference: scopes[0]!.variablesReference, name: 'n', value: '99' })).body.value, '99');
    await assert.rejects(client.setVariableRequest({ variablesReference: scopes[0]!.variablesReference, name: 'n', value: '{"x"' }), /no JSON/);
    const { body: { targets } } = await client.completionsRequest({ frameId: stop.frame, text: 'payload.pa', column: 11 });
    assert.deepEqual(targets.map(({ label }) => label), ['password']);
    const { body: { targets: places } } = await client.gotoTargetsRequest({ source: { path: client.file('chain') }, line: 33 });
    await client.gotoRequest({ threadId: 1, targetId: places[0]!.id });
    assert.deepEqual((await client.stopped()).frames, ['end:32', 'Chain:0']);
    await client.continueRequest({ threadId: 1 });
    await client.ended.promise;
    assert.deepEqual(client.said.filter((text) => text.startsWith('{')), ['{"n":99,"password":"[redacted]"}\n', '{"number":2,"kept":"hidden"}\n']);
    const { items: [run] } = runner.archive.runs({});
    assert.deepEqual(runner.archive.logs(run!.id, {}).items.map(({ message }) => message), ['Somebody has changed the payload in front of this step, in the debugger: payload n.', 'Somebody has moved the payload on to the step "end", in the debugger: this step has not done anything with it.']);
  });
});

test('debug session: a step by which one could go on is forgotten when the run has gone on', () => debugging({ 'flows/chain.flow.json': chain }, async (client) => {
  await client.begin({ flow: 'chain', payload, stopOnEntry: true }, { chain: [14] });
  await client.stopped();
  const { body: { targets } } = await client.gotoTargetsRequest({ source: { path: client.file('chain') }, line: 33 });
  await client.continueRequest({ threadId: 1 });
  await client.stopped();
  await assert.rejects(client.gotoRequest({ threadId: 1, targetId: targets[0]!.id }), /There is no such target/);
}));

const refusals: readonly (readonly [what: string, launch: object, expected: RegExp])[] = [
  ['no flow', {}, /Nothing says which flow/],
  ['a flow that is not there', { flow: 'none' }, /There is no flow "none"; there are chain\./],
  ['an argument that is not known', { flow: 'chain', flwo: 1 }, /There is no argument "flwo"/],
  ['an argument of another type', { flow: 'chain', seed: 'x' }, /"seed" is of the type number/],
  ['a time that is none', { flow: 'chain', now: 'soon' }, /"soon" is no time/],
  ['a file outside of the workspace', { flow: 'chain', input: '../../../etc/hostname' }, /is not in the workspace|There is no file/],
];

for (const [what, launch, expected] of refusals) {
  test(`debug session: it cannot be launched with ${what}`, async () => {
    await debugging({ 'flows/chain.flow.json': chain }, async (client) => {
      await client.initializeRequest();
      await assert.rejects(client.launchRequest(launch as never), expected);
    });
  });
}

test('debug session: runs that others start are debugged while a client waits for them, and go on when it leaves', async () => {
  await debugging({ 'flows/chain.flow.json': chain }, async (client, runner) => {
    await client.initializeRequest();
    await client.attachRequest({ flow: 'chain' } as never);
    await client.setBreakpointsRequest({ source: { path: client.file('chain') }, breakpoints: [{ line: 14 }] });
    const started = await runner.start({ flow: 'chain', trigger: 'manual', payload: { body: payload, mediaType: 'application/json' } });
    assert.deepEqual((await client.stopped()).frames, ['shape:14', 'Chain:0']);
    await client.disconnectRequest();
    assert.equal((await started.done).status, 'success');
    // Nothing of the session stays: the next one stops nowhere, and nothing is told of it.
    const said = client.said.length;
    const next = await runner.start({ flow: 'chain', trigger: 'manual', payload: { body: payload, mediaType: 'application/json' } });
    assert.deepEqual([(await next.done).status, client.said.slice(said)], ['success', []]);
  });
});

test('debug session: what does not begin as the protocol is refused at once, such as a request of a page', async () => {
  const root = makeWorkspace({ 'flows/chain.flow.json': chain });
  await using runner = await openRunner({ root, editorSecrets: new Map() });
  const said: unknown[] = [];
  await using server = await serveDebug(runner, { port: 0, log: (error) => said.push((error as Error).message) });
  const message = '{"seq":1,"type":"request","command":"initialize","arguments":{}}';
  const answers: string[] = [];
  for (const head of ['POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ', 'Content-Length: 99999999', 'content-length: ']) {
    const socket = connect(server.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('utf8');
      socket.end();
    });
    socket.on('error', () => undefined);
    socket.write(`${head}${head.endsWith(' ') ? message.length : ''}\r\n\r\n${message}`);
    await new Promise((resolve) => socket.once('close', resolve));
    answers.push(answer.slice(0, 15));
  }
  assert.deepEqual(answers, ['', '', 'Content-Length:']);
  assert.equal(said.length, 2);
});

describe('debug session: back through the recording', () => {
  const stops = async (client: Client): Promise<readonly string[]> => {
    const { reason, frames } = await client.stopped();
    return [reason, frames[0]!];
  };
  const redone = (): Files => ({
    ...shopFiles(),
    'flows/two.flow.json': steps({ each: { shape: 'split', settings: { each: true }, next: { out: 'send' } }, send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'send' }, next: { out: 'shape' } }, shape: { shape: 'map', settings: { passThrough: true, rules: [{ from: 'id', to: 'id' }] }, next: { out: 'last' }, waitForAll: true }, last: { shape: 'connector', settings: { instance: 'shop', endpoint: 'send' }, waitForAll: true } }, { title: 'Two', variables: { round: { default: 1 } } }),
  });
  const orders = [{ id: 1, password: 'hidden' }, { id: 2, password: 'hidden' }];

  test('step by step, and to the run again; then on from there with something changed, and nothing is sent twice', async () => {
    asked.length = 0;
    await debugging(redone(), async (client) => {
      await client.begin({ flow: 'two', payload: orders }, { two: [{ line: 42, condition: 'payload.id == 2' }] });
      const stop = await client.stopped();
      assert.deepEqual([stop.frames[0], asked.length], ['last:40', 3], asked.join('\n'));
      await client.stepBackRequest({ threadId: 1 });
      const back = await client.stopped();
      assert.deepEqual([back.reason, back.frames[0], await client.shown('payload.id', back.frame), await client.shown('payload.password', back.frame), await client.shown('flow.round', back.frame)], ['step', 'last:40', '1', '"[redacted]"', '1']);
      assert.ok(client.said.some((text) => text.startsWith('REPLAY')));
      await client.stepBackRequest({ threadId: 1 });
      const further = await client.stopped();
      assert.deepEqual([further.frames[0], await client.shown('payload.id', further.frame)], ['shape:24', '2']);
      await client.nextRequest({ threadId: 1 });
      assert.deepEqual(await stops(client), ['step', 'last:40']);
      await client.nextRequest({ threadId: 1 });
      const live = await client.stopped();
      assert.deepEqual([live.frames[0], await client.shown('payload.id', live.frame)], ['last:40', '2']);
      await client.reverseContinueRequest({ threadId: 1 });
      const far = await client.stopped();
      assert.deepEqual([far.reason, far.frames[0], await client.shown('payload.id', far.frame)], ['breakpoint', 'last:40', '1']);
      await client.continueRequest({ threadId: 1 });
      assert.equal((await client.stopped()).frames[0], 'last:40');
      await client.stepBackRequest({ threadId: 1 });
      await client.stopped();
      await client.stepBackRequest({ threadId: 1 });
      const there = await client.stopped();
      const id = await client.shown('payload.id', there.frame);
      await client.customRequest('setExpression', { expression: 'payload.id', value: '70', frameId: there.frame });
      assert.equal(await client.shown('payload.id', there.frame), '70');
      await client.setBreakpointsRequest({ source: { path: client.file('two') }, breakpoints: [] });
      const before = asked.length;
      await client.restartFrameRequest({ frameId: there.frame });
      await client.ended.promise;
      assert.deepEqual([there.frames[0], id, asked.length - before, client.said.filter((text) => text.startsWith('{'))], ['shape:24', '2', 1, ['{"password":"[redacted]","id":1}\n', '{"password":"[redacted]","id":1}\n', '{"password":"[redacted]","id":70}\n']], client.said.join(''));
    });
  });

  test('a past run is opened, and gone through; at its end the session ends', async () => {
    await debugging(redone(), async (client, runner) => {
      const { run } = await (await runner.start({ flow: 'two', trigger: 'manual', payload: { body: orders, mediaType: 'application/json' } })).done;
      const before = asked.length;
      await client.begin({ run }, { two: [42] });
      assert.deepEqual(await stops(client), ['entry', 'each:5']);
      await client.continueRequest({ threadId: 1 });
      const first = await client.stopped();
      assert.deepEqual([first.reason, first.frames], ['breakpoint', ['last:40', 'two:0']]);
      const { body: { scopes } } = await client.scopesRequest({ frameId: first.frame });
      assert.deepEqual(scopes.map(({ name }) => name), ['Payload', 'Output so far', 'Meta', 'Flow variables', 'Cache & de-dupe hits']);
      await client.reverseContinueRequest({ threadId: 1 });
      assert.deepEqual(await stops(client), ['step', 'each:5']);
      for (const _ of orders) {
        await client.continueRequest({ threadId: 1 });
        await client.stopped();
      }
      await client.continueRequest({ threadId: 1 });
      await client.ended.promise;
      assert.equal(asked.length, before);
    });
  });

  test('a long payload of a past run: expressions see what they read of it', async () => {
    await debugging({ 'flows/look.flow.json': steps({ end: { shape: 'map', settings: { passThrough: true } } }) }, async (client, runner) => {
      const body = Array.from({ length: 60_000 }, (_, id) => ({ id, note: 'x'.repeat(150) }));
      const { run } = await (await runner.start({ flow: 'look', trigger: 'manual', payload: { body, mediaType: 'application/json' } })).done;
      await client.begin({ run });
      const { frame } = await client.stopped();
      assert.deepEqual([await client.shown('payload[59999].id + payload[1].id', frame), await client.shown('payload[*].id | count', frame)], ['60000', '60000']);
      await assert.rejects(client.shown('payload | count', frame), /reads at most 8 MB of it/);
      await assert.rejects(client.customRequest('setExpression', { expression: 'payload[0].id', value: '7', frameId: frame }), /longer than 8 MB/);
    });
  });

  test('a run that is not there cannot be opened', async () => {
    await debugging(redone(), async (client) => {
      await client.initializeRequest();
      await assert.rejects(client.launchRequest({ run: 'nope' } as never), /There is no run "nope"/);
    });
  });
});
