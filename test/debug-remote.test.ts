import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DebugHost } from '../server/debug/debugged.ts';
import type { Message } from '../server/debug/framing.ts';
import { openFront } from '../server/debug/front.ts';

// A client that is attached to a runner elsewhere: what comes to that runner, and what the client is told when it fails.

interface World {
  /** Commands that have come to the runner. */
  readonly come: readonly string[];
  ask(command: string, args?: object): number;
  /** What the client is told next that fits. */
  told(fits: (message: Told) => boolean): Promise<Told>;
  /** The runner ends: its stream, or the stream and all else. */
  end(how: 'stream' | 'runner'): Promise<void>;
  readonly url: string;
  /** What the runner says. */
  say(message: object): void;
}

type Told = DebugProtocol.Response & DebugProtocol.Event;

async function attached(refused: readonly string[], work: (world: World) => Promise<void>): Promise<void> {
  const come: string[] = [];
  const streaming = Promise.withResolvers<ServerResponse>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    if (request.url?.endsWith('/messages')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      return streaming.resolve(response);
    }
    const { command = '' } = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { readonly command?: string };
    if (command !== '') come.push(command);
    if (refused.includes(command)) response.writeHead(500);
    response.end(JSON.stringify(refused.includes(command) ? { detail: 'It is broken.' } : { session: 's' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const told: Told[] = [];
  let wake = Promise.withResolvers<void>();
  let seq = 0;
  const front = openFront({ root: '/' } as DebugHost, (message) => {
    told.push(message as Told);
    wake.resolve();
    wake = Promise.withResolvers();
  });
  const end = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
  };
  try {
    await work({
      come, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ask(command, args = {}) {
        front.take({ seq: ++seq, type: 'request', command, arguments: args } as Message);
        return seq;
      },
      async told(fits) {
        for (;;) {
          const at = told.findIndex(fits);
          if (at >= 0) return told.splice(at, 1)[0]!;
          await wake.promise;
        }
      },
      end: async (how) => (how === 'runner' ? end() : void (await streaming.promise).end()),
      say: (message) => void streaming.promise.then((stream) => stream.write(`data: ${JSON.stringify(message)}\n\n`)),
    });
  } finally {
    await front.close();
    await end();
  }
}

const answerOf = (seq: number) => ({ type, request_seq: of }: Told): boolean => type === 'response' && of === seq;
const named = (name: string) => ({ event }: Told): boolean => event === name;

test('what a client says comes to the runner one after the other, in its order', () => attached(['configurationDone'], async ({ come, ask, told, url }) => {
  ask('initialize');
  ask('attach', { url, token: 't' });
  const commands = ['setBreakpoints', 'setFunctionBreakpoints', 'setExceptionBreakpoints', 'configurationDone'];
  const seqs = commands.map((command) => ask(command));
  await told(answerOf(seqs.at(-1)!));
  assert.deepEqual(come, ['initialize', 'attach', ...commands]);
}));

test('a request that does not come through is answered', () => attached(['threads'], async ({ ask, told, url }) => {
  ask('attach', { url, token: 't' });
  const { success, message, command, body } = await told(answerOf(ask('threads')));
  assert.deepEqual([success, command, (body as { error: DebugProtocol.Message }).error.variables], [false, 'threads', { code: 'API_INVALID' }]);
  assert.match(message!, /refuses: It is broken\.$/);
}));

test('a client to whom nobody can attach is told the code, and what to do', () => attached([], async ({ ask, told, end, url }) => {
  await end('runner');
  const asked = [ask('attach', { url, token: 't' }), ask('setBreakpoints', { source: {} })];
  for (const seq of asked) {
    const { success, body } = await told(answerOf(seq));
    const { error } = body as { error: DebugProtocol.Message };
    assert.deepEqual([success, error.variables], [false, { code: 'REMOTE_UNREACHABLE' }]);
    assert.match(error.format, /^No runner answers at .* Check the address/);
  }
}));

for (const how of ['stream', 'runner'] as const) {
  test(`the session is over when the ${how} ends, and the client is told so once`, () => attached([], async ({ ask, told, end, say, url }) => {
    ask('attach', { url, token: 't' });
    say({ seq: 1, type: 'event', event: 'initialized' });
    say({ seq: 2, type: 'event', event: 'stopped' });
    await told(named('stopped'));
    await end(how);
    assert.match(((await told(named('output'))).body as DebugProtocol.OutputEvent['body']).output, /^The runner at http:\/\/127\.0\.0\.1:\d+ is gone, and the debug session is over\.\n$/);
    await told(named('terminated'));
  }));
}

test('a session that is over already is not told to be lost', () => attached([], async ({ ask, told, end, say, url }) => {
  ask('attach', { url, token: 't' });
  say({ seq: 1, type: 'event', event: 'terminated' });
  await told(named('terminated'));
  await end('runner');
  const refused = await told(answerOf(ask('threads')));
  assert.equal(refused.success, false);
  assert.deepEqual(await Promise.race([told(({ type }) => type === 'event'), Promise.resolve('nothing')]), 'nothing');
}));
