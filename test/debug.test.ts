import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { after, test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { serve } from '../server/api/serve.ts';
import { printMessage, readMessages } from '../server/debug/framing.ts';
import { serveDebug } from '../server/debug/serve.ts';
import { openRunner } from '../server/runner/runner.ts';
import { runFake } from './support/fake-terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-dap-'));
after(() => rmSync(root, { recursive: true, force: true }));
const flow = { version: 1, start: 'each', steps: { each: { shape: 'split', settings: { each: true }, next: { out: 'end' } }, end: { shape: 'map', settings: { passThrough: true } } } };
for (const [file, content] of Object.entries({ 'patchbay.json': { version: 1 }, 'flows/one.flow.json': flow })) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), JSON.stringify(content, null, 2));
}

/** A client that knows nothing but the protocol. */
class Client {
  readonly said: string[] = [];
  readonly #write: (text: string) => void;
  readonly #asked = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #events: DebugProtocol.Event[] = [];
  #waiting: (() => void)[] = [];
  #last = 0;

  constructor(input: Readable, write: (text: string) => void) {
    this.#write = write;
    readMessages(input, (message) => this.#take(message)).catch(() => undefined);
  }

  ask(command: string, args: object = {}): Promise<unknown> {
    const seq = ++this.#last;
    const asked = Promise.withResolvers<unknown>();
    this.#asked.set(seq, asked);
    this.#write(printMessage({ seq, type: 'request', command, arguments: args } as DebugProtocol.Request));
    return asked.promise;
  }

  async event(name: string): Promise<unknown> {
    for (;;) {
      const at = this.#events.findIndex(({ event }) => event === name);
      if (at >= 0) return this.#events.splice(at, 1)[0]!.body;
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    }
  }

  #take(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === 'response') {
      const { request_seq: of, success, body, message: text = '' } = message as DebugProtocol.Response;
      const asked = this.#asked.get(of);
      if (success) asked?.resolve(body);
      else asked?.reject(new Error(text));
    } else {
      this.#events.push(message as DebugProtocol.Event);
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }
}

/** Launches the flow and goes through it. */
async function story(client: Client, begin: readonly [command: 'launch' | 'attach', args: object]): Promise<void> {
  const can = (await client.ask('initialize', { adapterID: 'patchbay' })) as DebugProtocol.Capabilities;
  assert.equal(can.supportsConfigurationDoneRequest, true);
  await client.event('initialized');
  await client.ask(...begin);
  const set = (await client.ask('setBreakpoints', { source: { path: join(root, 'flows/one.flow.json') }, breakpoints: [{ line: 15 }] })) as DebugProtocol.SetBreakpointsResponse['body'];
  assert.deepEqual(set.breakpoints.map(({ verified, line }) => [verified, line]), [[true, 14]]);
  await client.ask('configurationDone');
}

async function goThrough(client: Client): Promise<void> {
  for (const expected of ['1', '2']) {
    await client.event('stopped');
    const { result } = (await client.ask('evaluate', { expression: 'payload' })) as { result: string };
    assert.equal(result, expected);
    await client.ask('continue', { threadId: 1 });
  }
}

test('a debug adapter on a socket, and one in a runner that is attached to through its API', async () => {
  await using runner = await openRunner({ root, editorSecrets: new Map() });
  await using adapter = await serveDebug(runner, { port: 0, log: () => undefined });
  const api = await serve(runner, { port: 0, host: '127.0.0.1', token: 'the-token' });
  const own = connect(adapter.port, '127.0.0.1');
  const client = new Client(own, (text) => void own.write(text));
  await story(client, ['launch', { flow: 'one', payload: [1, 2] }]);
  await goThrough(client);
  await client.event('terminated');
  own.end();

  const far = connect(adapter.port, '127.0.0.1');
  const attached = new Client(far, (text) => void far.write(text));
  await attached.ask('initialize', { adapterID: 'patchbay' });
  await assert.rejects(attached.ask('attach', { url: api.url, token: 'another' }), /refuses/);
  await assert.rejects(attached.ask('attach', { url: 'nonsense' }), /is no address of a runner/);
  await story(attached, ['attach', { url: api.url, token: 'the-token', flow: 'one' }]);
  const run = fetch(`${api.url}/api/v1/flows/one/runs?wait=true`, { method: 'POST', headers: { authorization: 'Bearer the-token', 'content-type': 'application/json' }, body: '[1,2]' });
  await goThrough(attached);
  assert.deepEqual(((await (await run).json()) as { outputs: unknown }).outputs, [1, 2]);
  const gone = once(far, 'close');
  await attached.ask('disconnect');
  await gone;
  await api.close();
});

for (const [how, leave] of [
  ['the end of stdin', async (_client: Client, input: PassThrough) => void input.end()],
  ['a client that disconnects, and leaves stdin open', async (client: Client, input: PassThrough) => {
    const closed = once(input, 'close');
    await client.ask('disconnect');
    await closed;
  }],
] as const) {
  test(`patchbay dap speaks over stdin and stdout, until ${how}`, async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const client = new Client(output, (text) => void input.write(text));
    const command = runFake(['dap', '--workspace', root], { folder: root, stream: input, onOut: (text) => void output.write(text), open: () => openRunner({ root, editorSecrets: new Map() }) });
    await story(client, ['launch', { program: join(root, 'flows/one.flow.json'), payload: [1, 2] }]);
    await goThrough(client);
    await client.event('terminated');
    await leave(client, input);
    const { code, said } = await command;
    assert.deepEqual([code, said], [0, '']);
  });
}

test('a debug session in a runner ends when nobody listens to it any more', async () => {
  await using runner = await openRunner({ root, editorSecrets: new Map() });
  const api = await serve(runner, { port: 0, host: '127.0.0.1', token: 'the-token' });
  const headers = { authorization: 'Bearer the-token', 'content-type': 'application/json', connection: 'close' };
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await fetch(`${api.url}/api/v1/debug${path}`, { headers, ...init });
    // What is not read keeps its connection.
    if (answer.status >= 400) await answer.text();
    return answer;
  };
  const { session } = (await (await ask('', { method: 'POST' })).json()) as { session: string };
  const leave = new AbortController();
  const listening = await ask(`/${session}/messages`, { signal: leave.signal });
  assert.deepEqual([listening.status, (await ask(`/${session}/messages`)).status], [200, 400]);
  assert.equal((await ask(`/${session}`, { method: 'POST', body: '{"seq":1}' })).status, 400);
  assert.equal((await ask(`/${session}`, { method: 'POST', body: '{"seq":1,"type":"request","command":"initialize"}' })).status, 200);
  leave.abort();
  let status = 200;
  for (let turn = 0; turn < 100 && status !== 404; turn++) status = (await ask(`/${session}`, { method: 'POST', body: '{"seq":2,"type":"request","command":"threads"}' })).status;
  assert.equal(status, 404);
  await api.close();
});
