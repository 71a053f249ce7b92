import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { FlowError, type HttpRequest } from '../../plugins/sdk/index.ts';
import type { RawResponse } from '../engine/host.ts';
import { lazyTransport } from './lazy-transport.ts';
import { openTransport } from './transport.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

interface Asked {
  readonly signal?: AbortSignal;
  readonly maxBytes?: number;
  readonly connections?: number;
  readonly onTurn?: () => void;
}

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Gives `use` a way to ask a server that answers so. */
async function withServer<T>(handle: Handle, use: (ask: (request?: Partial<HttpRequest>, asked?: Asked) => Promise<RawResponse>, origin: string) => Promise<T>): Promise<T> {
  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await using transport = openTransport();
  const origin = originOf(server);
  try {
    return await use((request = {}, { signal = new AbortController().signal, maxBytes = 1_000_000, ...turn } = {}) => transport.send({ method: 'GET', url: `${origin}/x`, headers: {}, ...request }, { signal, maxBytes, ...turn }), origin);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** The same for a server that sends these bytes, whatever it is asked. */
async function withSocket(answer: (socket: Socket) => void, use: (ask: () => Promise<RawResponse>) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('data', () => answer(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await using transport = openTransport();
  try {
    await use(() => transport.send({ method: 'GET', url: originOf(server), headers: {} }, { signal: new AbortController().signal, maxBytes: 1_000 }));
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}

const textOf = ({ body }: RawResponse): string => new TextDecoder().decode(body);
const rejects = (code: string, made: Promise<unknown>, pattern = /./): Promise<void> => assert.rejects(made, (error) => FlowError.is(error) && error.code === code && pattern.test(error.message));

describe('what is sent', () => {
  const echo: Handle = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString('latin1') }));
  };
  const echoed = async (request: Partial<HttpRequest>): Promise<Record<string, unknown> & { headers: Record<string, string> }> => withServer(echo, async (ask) => JSON.parse(textOf(await ask(request))) as never);

  test('text, in UTF-8', async () => {
    const { method, body, headers } = await echoed({ method: 'POST', body: 'é' });
    assert.deepEqual([method, body, headers['content-length']], ['POST', 'Ã©', '2']);
  });
  test('bytes', async () => assert.equal((await echoed({ method: 'PUT', body: new Uint8Array([0, 255]) }))['body'], '\u0000ÿ'));
  test('a body with DELETE', async () => assert.equal((await echoed({ method: 'DELETE', body: 'x' }))['body'], 'x'));
  test('an empty body', async () => assert.equal((await echoed({ method: 'POST', body: '' })).headers['content-length'], '0'));
  test('the name of this program, unless the request has another', async () => {
    assert.deepEqual([(await echoed({})).headers['user-agent'], (await echoed({ headers: { 'user-agent': 'Mine' } })).headers['user-agent']], ['Patchbay', 'Mine']);
  });
  test('the address as it is written', async () => {
    await withServer(echo, async (ask, origin) => assert.equal((JSON.parse(textOf(await ask({ url: `${origin}/a%2Fb/?q=%20+&r` }))) as { url: string }).url, '/a%2Fb/?q=%20+&r'));
  });
});

describe('what comes back', () => {
  const cases: readonly (readonly [what: string, handle: Handle, expected: readonly [status: number, text: string]])[] = [
    ['any status', (_, response) => void response.writeHead(418).end('tea'), [418, 'tea']],
    ['a redirect is not followed', (_, response) => void response.writeHead(302, { location: '/y' }).end(), [302, '']],
    ['no body', (_, response) => void response.writeHead(204).end(), [204, '']],
    ['gzip', (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello')), [200, 'hello']],
    ['x-gzip', (_, response) => void response.writeHead(200, { 'content-encoding': 'X-GZIP' }).end(gzipSync('hello')), [200, 'hello']],
    ['brotli', (_, response) => void response.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync('hello')), [200, 'hello']],
    ['zstd', (_, response) => void response.writeHead(200, { 'content-encoding': 'zstd' }).end(zstdCompressSync('hello')), [200, 'hello']],
    ['deflate', (_, response) => void response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateSync('hello')), [200, 'hello']],
    ['deflate without its wrapping', (_, response) => void response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateRawSync('hello')), [200, 'hello']],
    ['twice compressed', (_, response) => void response.writeHead(200, { 'content-encoding': 'deflate, gzip' }).end(gzipSync(deflateSync('hello'))), [200, 'hello']],
    ['compressed nothing', (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(), [200, '']],
  ];
  for (const [what, handle, expected] of cases) {
    test(what, async () => withServer(handle, async (ask) => {
      const answer = await ask();
      assert.deepEqual([answer.status, textOf(answer)], expected);
    }));
  }

  test('HEAD of what would be compressed', async () => withServer((_, response) => void response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': '100' }).end(), async (ask) => {
    const answer = await ask({ method: 'HEAD' });
    assert.deepEqual([answer.status, answer.body.length], [200, 0]);
  }));

  test('headers in lower case, several of a name joined', async () => withServer((_, response) => void response.writeHead(200, [['X-A', '1'], ['x-a', '2'], ['Link', '<a>; rel=next']].flat()).end(), async (ask) => {
    const { headers } = await ask();
    assert.deepEqual([headers['x-a'], headers['link']], ['1, 2', '<a>; rel=next']);
  }));

  test('connections are used again', async () => {
    const ports = new Set<unknown>();
    await withServer((request, response) => void (ports.add(request.socket.remotePort), response.end()), async (ask) => {
      for (let count = 0; count < 6; count++) await ask();
    });
    assert.ok(ports.size <= 2, `${ports.size} connections for 6 requests`);
  });
});

describe('what goes wrong', () => {
  test('nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = originOf(server);
    server.close();
    await once(server, 'close');
    await using transport = openTransport();
    await rejects('REMOTE_UNREACHABLE', transport.send({ method: 'GET', url, headers: {} }, { signal: new AbortController().signal, maxBytes: 1 }), /the connection was refused \(ECONNREFUSED\)/);
  });

  test('TLS is spoken to a port that knows nothing of it', async () => {
    await using transport = openTransport();
    await withServer((_, response) => void response.end('ok'), async (_ask, origin) =>
      rejects('REMOTE_UNREACHABLE', transport.send({ method: 'GET', url: origin.replace('http:', 'https:'), headers: {} }, { signal: new AbortController().signal, maxBytes: 100 }), /: it does not speak TLS; try http:\/\/ \(/));
  });

  const ends: readonly (readonly [what: string, answer: (socket: Socket) => void, code: string, message?: RegExp])[] = [
    ['the connection is reset', (socket) => socket.resetAndDestroy(), 'REMOTE_UNREACHABLE'],
    ['the connection ends without an answer', (socket) => socket.end(), 'REMOTE_UNREACHABLE'],
    ['the connection ends within the headers', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'), 'REMOTE_UNREACHABLE'],
    ['the body is shorter than said', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"a":'), 'REMOTE_UNREACHABLE', /^The answer of 127\.0\.0\.1:\d+ was cut off after 5 bytes: the connection was closed/],
    ['the body ends within its chunks', (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"a":\r\n'), 'REMOTE_UNREACHABLE', /was cut off after 5 bytes: the connection was closed/],
    ['the answer is not of HTTP', (socket) => socket.end('SSH-2.0-OpenSSH\r\n'), 'REMOTE_UNREACHABLE'],
    ['the headers never end', (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`), 'REMOTE_TOO_LARGE'],
  ];
  for (const [what, answer, code, message] of ends) test(what, () => withSocket(answer, (ask) => rejects(code, ask(), message)));

  const pages: readonly (readonly [what: string, handle: Handle, code: string])[] = [
    ['an answer that is too long', (_, response) => void response.end('x'.repeat(1_001)), 'REMOTE_TOO_LARGE'],
    ['one that never ends', (_, response) => {
      const write = (): void => void (response.destroyed || response.write('x'.repeat(500), write));
      write();
    }, 'REMOTE_TOO_LARGE'],
    ['one that is too long when it is unpacked', (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(100_000))), 'REMOTE_TOO_LARGE'],
    ['a compression that is not known', (_, response) => void response.writeHead(200, { 'content-encoding': 'compress' }).end('x'), 'REMOTE_FORMAT'],
    ['a compression with the name of every object', (_, response) => void response.writeHead(200, { 'content-encoding': 'constructor' }).end('x'), 'REMOTE_FORMAT'],
    ['a compression that is damaged', (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'), 'REMOTE_FORMAT'],
    ['a compression by Zstandard that is damaged', (_, response) => void response.writeHead(200, { 'content-encoding': 'zstd' }).end('no zstd'), 'REMOTE_FORMAT'],
    ['a compression that is cut', (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello').subarray(0, 12)), 'REMOTE_FORMAT'],
    ['more compressions than anybody needs', (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip, gzip, gzip, gzip' }).end('x'), 'REMOTE_FORMAT'],
  ];
  for (const [what, handle, code] of pages) test(what, () => withServer(handle, (ask) => rejects(code, ask({}, { maxBytes: 1_000 }))));

  test('a compression that cannot be undone says what to ask for', async () => {
    for (const [encoding, body] of [['compress', 'x'], ['gzip', '{"a":1}']] as const) {
      await withServer((_, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(body), (ask) => assert.rejects(ask(), (error: unknown) => {
        assert.ok(FlowError.is(error, 'REMOTE_FORMAT'));
        assert.match(error.message, new RegExp(`content-encoding.*"${encoding}"`));
        assert.match(error.remedy, /"accept-encoding": "identity"/);
        return true;
      }));
    }
  });

  test('the longest that is allowed comes through', () => withServer((_, response) => void response.end('x'.repeat(1_000)), async (ask) => assert.equal((await ask({}, { maxBytes: 1_000 })).body.length, 1_000)));

  for (const [what, handle] of [
    ['no answer', () => undefined],
    ['an answer without a body', (_, response) => void response.writeHead(200, { 'content-length': '5' }).flushHeaders()],
    ['a body that stops', (_, response) => void response.writeHead(200, { 'content-length': '5' }).write('ab')],
  ] as const satisfies readonly (readonly [string, Handle])[]) {
    test(`in time: ${what}`, () => withServer(handle, (ask) => rejects('REMOTE_TIMEOUT', ask({ timeoutMs: 20 }), /did not answer within 20 ms/)));

    test(`stopped: ${what}`, async () => {
      const stop = new AbortController();
      const reason = new FlowError('RUN_STOPPED', 'Stopped.');
      await withServer((request, response) => {
        handle(request, response);
        request.once('close', () => closed.resolve());
        setImmediate(() => stop.abort(reason));
      }, async (ask) => {
        await assert.rejects(ask({}, { signal: stop.signal }), (error) => error === reason);
        await closed.promise;
      });
    });
    const closed = Promise.withResolvers<void>();
  }

  test('stopped before: nothing is sent', async () => {
    let asked = 0;
    const reason = new FlowError('RUN_STOPPED', 'Stopped.');
    await withServer((_, response) => void (asked++, response.end()), async (ask) => assert.rejects(ask({}, { signal: AbortSignal.abort(reason) }), (error) => error === reason));
    assert.equal(asked, 0);
  });

  test('after any of it the next request goes through', async () => {
    let count = 0;
    await withServer((request, response) => void (count++ % 2 === 0 ? request.socket.destroy() : response.end('ok')), async (ask) => {
      for (let round = 0; round < 3; round++) {
        await rejects('REMOTE_UNREACHABLE', ask());
        assert.equal(textOf(await ask()), 'ok');
      }
    });
  });
});

test('the transport that is loaded late sends as well, and closes without having been loaded', async () => {
  await withServer((_, response) => void response.end('ok'), async (_ask, origin) => {
    await using lazy = lazyTransport();
    assert.equal(textOf(await lazy.send({ method: 'GET', url: origin, headers: {} }, { signal: new AbortController().signal, maxBytes: 10 })), 'ok');
  });
  await lazyTransport()[Symbol.asyncDispose]();
});

describe('connections to one host', () => {
  test('are so many at most; who is stopped waits no longer', async () => {
    const ports = new Set<unknown>();
    await withServer((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    }, async (ask) => {
      const stop = new AbortController();
      const reason = new FlowError('RUN_STOPPED', 'Stopped.');
      const asked = Array.from({ length: 12 }, () => ask({}, { connections: 2 }));
      const stopped = assert.rejects(ask({}, { connections: 2, signal: stop.signal }), (error) => error === reason);
      stop.abort(reason);
      await stopped;
      assert.deepEqual((await Promise.all(asked)).map(textOf), Array.from({ length: 12 }, () => 'ok'));
    });
    // One that was used may not be free again at once.
    assert.ok(ports.size <= 4, `${ports.size} connections for 12 requests, 2 at a time`);
  });

  for (const [connections, most] of [[2, 2], [undefined, 32]] as const) test(`no more are open than may be: ${most}`, async () => {
    const open = new Set<Socket>();
    let mostOpen = 0;
    await withServer((request, response) => {
      if (!open.has(request.socket)) {
        open.add(request.socket);
        request.socket.once('close', () => open.delete(request.socket));
      }
      mostOpen = Math.max(mostOpen, open.size);
      response.end('ok');
    }, async (ask) => {
      const one = async (): Promise<void> => { for (let time = 0; time < 8; time++) await ask({}, connections === undefined ? {} : { connections }); };
      await Promise.all(Array.from({ length: 64 }, one));
    });
    assert.ok(mostOpen > 0 && mostOpen <= most, `${mostOpen} open`);
  });

  test('who waits for one has all of its time', () => withServer((request, response) => void (request.url === '/held' || response.end('ok')), async (ask, origin) => {
    const turns: string[] = [];
    const first = rejects('REMOTE_TIMEOUT', ask({ url: `${origin}/held`, timeoutMs: 300 }, { connections: 1, onTurn: () => void turns.push('first') }), /300 ms/);
    const second = ask({ timeoutMs: 300 }, { connections: 1, onTurn: () => void turns.push('second') });
    await first.then(() => turns.push('first is over'));
    assert.equal(textOf(await second), 'ok');
    assert.deepEqual(turns.toSorted(), ['first is over', 'second']);
  }));
});
