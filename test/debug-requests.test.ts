import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { printMessage, readMessages } from '../server/debug/framing.ts';
import { serveDebug } from '../server/debug/serve.ts';
import { openRunner } from '../server/runner/runner.ts';
import { debugging, makeWorkspace, steps, type Files } from './support/debug-client.ts';

// What clients may say, and how they are told what they may not.

const files: Files = { 'flows/f.flow.json': steps({ each: { shape: 'split', settings: { each: true }, next: { out: 'last' } }, last: { shape: 'map', settings: { passThrough: true } } }) };

describe('a request that is not as the protocol has it is refused, and the session goes on', () => {
  const source = { path: 'flows/f.flow.json' };
  const rows: readonly (readonly [command: string, args: unknown, said: RegExp])[] = [
    ['frobnicate', {}, /^The request "frobnicate" is not known\.$/],
    ['setBreakpoint', {}, /Did you mean "setBreakpoints"\?/],
    ['stackTrace', undefined, /^The request "stackTrace" lacks "threadId"\.$/],
    ['stackTrace', { threadId: 'x' }, /^"threadId" of the request "stackTrace" is a whole number, 0 or more\.$/],
    ['stackTrace', { threadId: 99 }, /^There is no thread 99\.$/],
    ['scopes', [1], /^The arguments of "scopes" are an object\.$/],
    ['scopes', {}, /lacks "frameId"/],
    ['scopes', { frameId: 99 }, /There is no such frame/],
    ['variables', { variablesReference: 1, start: -1 }, /"start" .* is a whole number/],
    ['variables', { variablesReference: 999 }, /There is no such variable/],
    ['setBreakpoints', {}, /lacks "source"/],
    ['setBreakpoints', { source, breakpoints: 3 }, /"breakpoints" .* is a list of objects/],
    ['setBreakpoints', { source, breakpoints: [{ line: 1 }, { line: 'x' }] }, /^"breakpoints\[1\]\.line" .* is a whole number/],
    ['setBreakpoints', { source, breakpoints: [{ line: 1, condition: 3 }] }, /^"breakpoints\[0\]\.condition" .* is a text/],
    ['setFunctionBreakpoints', { breakpoints: [{}] }, /lacks "breakpoints\[0\]\.name"/],
    ['setDataBreakpoints', { breakpoints: [{}] }, /lacks "breakpoints\[0\]\.dataId"/],
    ['setExceptionBreakpoints', {}, /lacks "filters"/],
    ['setExceptionBreakpoints', { filters: [1] }, /"filters" .* is a list of texts/],
    ['evaluate', { expression: 3 }, /"expression" .* is a text/],
    ['setVariable', { variablesReference: 1, name: 'id' }, /lacks "value"/],
    ['completions', { text: 'pay' }, /lacks "column"/],
    ['readMemory', { memoryReference: 'x', count: 1.5 }, /"count" .* is a whole number/],
    ['goto', { targetId: 4 }, /There is no such target/],
    ['stepIn', { threadId: 1, targetId: 99 }, /There is no such target/],
    ['launch', { flow: 'g' }, /The session debugs something already/],
  ];
  test('one after the other, where a run stands', () => debugging(files, async (client) => {
    await client.begin({ flow: 'f', payload: [{ id: 1 }], stopOnEntry: true });
    const { frame } = await client.stopped();
    for (const [command, args, said] of rows) await assert.rejects(client.customRequest(command, args), { message: said }, `${command} ${JSON.stringify(args)}`);
    assert.equal(await client.shown('payload[0].id', frame), '1');
    await client.continueRequest({ threadId: 1 });
    await client.ended.promise;
    assert.ok(client.said.includes('{"id":1}\n'), 'the second launch has changed nothing');
  }));
});

test('a client is told that its session is over before its connection is closed, also where its run stands', async () => {
  const root = makeWorkspace(files);
  await using runner = await openRunner({ root, drainMs: 100 });
  const server = await serveDebug(runner, { port: 0, log: () => undefined });
  const socket = connect(server.port, '127.0.0.1');
  const told: string[] = [];
  const stands = Promise.withResolvers<void>();
  const read = readMessages(socket, (message) => {
    if (message.type !== 'event') return;
    const { event } = message as unknown as { readonly event: string };
    told.push(event);
    if (event === 'stopped') stands.resolve();
  });
  for (const [index, [command, args]] of ([['initialize', {}], ['launch', { flow: 'f', payload: [{ id: 1 }], stopOnEntry: true }], ['configurationDone', {}]] as const).entries()) socket.write(printMessage({ seq: index + 1, type: 'request', command, arguments: args } as never));
  await stands.promise;
  const closed = once(socket, 'close');
  await server[Symbol.asyncDispose]();
  await Promise.all([closed, read]);
  assert.deepEqual(told.filter((event) => event === 'exited' || event === 'terminated'), ['exited', 'terminated']);
});

test('a client may say that it is configured before its launch is answered, and before it launches', async () => {
  for (const first of ['launch', 'configurationDone'] as const) {
    await debugging(files, async (client) => {
      await client.initializeRequest();
      const launch = (): Promise<unknown> => client.launchRequest({ flow: 'f', payload: [{ id: 1 }], stopOnEntry: true } as never);
      const configured = (): Promise<unknown> => client.configurationDoneRequest();
      await Promise.all(first === 'launch' ? [launch(), configured()] : [configured(), launch()]);
      assert.equal((await client.stopped()).reason, 'entry');
    });
  }
});

test('a client that asks and does not read is cut off, and what it has launched ends', async () => {
  const root = makeWorkspace(files);
  await using runner = await openRunner({ root, drainMs: 100 });
  const logged = Promise.withResolvers<unknown>();
  await using server = await serveDebug(runner, { port: 0, log: logged.resolve, mostUnread: 100_000 });
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  const cut = { isOver: false };
  const over = logged.promise.finally(() => { cut.isOver = true; });
  const say = (command: string, args: object = {}): boolean => socket.write(printMessage({ seq: 1, type: 'request', command, arguments: args } as never));
  say('launch', { flow: 'f', payload: [{ id: 1 }], stopOnEntry: true });
  say('configurationDone');
  // It reads until its run stands, and then no more.
  let read = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    read += chunk.toString('utf8');
    if (read.includes('"event":"stopped"')) break;
  }
  socket.pause();
  for (let turn = 0; turn < 30_000 && !cut.isOver; turn++) {
    say('initialize');
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  assert.equal(cut.isOver, true, 'it is still served');
  assert.match(((await over) as Error).message, /^A client of the debug adapter has left 100000 bytes unread\.$/);
  await server.firstEnded;
  assert.deepEqual(runner.archive.runs({}).items.map(({ status }) => status), ['stopped']);
});
