import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { fakeRunner } from '../../test/support/fake-runner.ts';
import { hostsOf } from './guard.ts';
import { serve } from './serve.ts';

const token = 'the-token-of-the-test';

/** Sends text as it is and gives the status line; `closed` where the server hung up without one. */
async function send(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(text.replaceAll('\n', '\r\n'));
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => { answer += chunk; }).on('error', () => {});
  await once(socket, 'close');
  return answer.split('\r\n', 1)[0]! || 'closed';
}

/** Requests that a page of another origin, a rebound name or a clumsy proxy could send. `P` is the port, `T` the token. */
const hostile: readonly (readonly [title: string, request: string])[] = [
  // Hosts
  ['no host', 'POST /api/v1/flows/orders/runs HTTP/1.0\nAuthorization: Bearer T\n\n'],
  ['no host in HTTP/1.1', 'POST /api/v1/flows/orders/runs HTTP/1.1\nAuthorization: Bearer T\n\n'],
  ['empty host', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost:\nAuthorization: Bearer T\n\n'],
  ['rebound name', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost: evil.example:P\nAuthorization: Bearer T\n\n'],
  ['rebound name on a hook', 'POST /hooks/orders/in HTTP/1.1\nHost: evil.example:P\n\n'],
  ['rebound name on the page', 'GET / HTTP/1.1\nHost: evil.example:P\nConnection: close\n\n'],
  ['rebound name on health', 'GET /healthz HTTP/1.1\nHost: evil.example:P\nConnection: close\n\n'],
  ['name that begins as ours', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost.evil.example:P\n\n'],
  ['name that ends as ours', 'POST /hooks/orders/in HTTP/1.1\nHost: evil-localhost:P\n\n'],
  ['name below ours', 'POST /hooks/orders/in HTTP/1.1\nHost: x.localhost:P\n\n'],
  ['trailing dot', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost.:P\n\n'],
  ['other port', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:1\n\n'],
  ['no port', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost\n\n'],
  ['port with a zero', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:0P\n\n'],
  ['user in the host', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P@evil.example\n\n'],
  ['evil user', 'POST /hooks/orders/in HTTP/1.1\nHost: evil.example@localhost:P\n\n'],
  ['decimal address', 'POST /hooks/orders/in HTTP/1.1\nHost: 2130706433:P\n\n'],
  ['short address', 'POST /hooks/orders/in HTTP/1.1\nHost: 127.1:P\n\n'],
  ['other loopback', 'POST /hooks/orders/in HTTP/1.1\nHost: 127.0.0.2:P\n\n'],
  ['zero address', 'POST /hooks/orders/in HTTP/1.1\nHost: 0.0.0.0:P\n\n'],
  ['mapped address', 'POST /hooks/orders/in HTTP/1.1\nHost: [::ffff:127.0.0.1]:P\n\n'],
  ['list of hosts', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P, evil.example\n\n'],
  ['two hosts, ours first', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P\nHost: evil.example\n\n'],
  ['two hosts, ours last', 'POST /hooks/orders/in HTTP/1.1\nHost: evil.example\nHost: localhost:P\n\n'],
  ['two hosts, both ours', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P\nhOST: localhost:P\n\n'],
  ['address of another server', 'POST http://evil.example/api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\nAuthorization: Bearer T\n\n'],
  ['space before the colon', 'POST /hooks/orders/in HTTP/1.1\nHost : localhost:P\n\n'],
  ['folded header', 'POST /hooks/orders/in HTTP/1.1\nHost:\n localhost:P\n\n'],
  // Origins
  ['other origin', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\nOrigin: https://evil.example\nAuthorization: Bearer T\n\n'],
  ['other origin on a hook', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P\nOrigin: https://evil.example\n\n'],
  ['no origin to tell', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P\nOrigin: null\n\n'],
  ['empty origin', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P\nOrigin:\n\n'],
  ['other port of localhost', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P\nOrigin: http://localhost:3000\n\n'],
  ['origin that begins as ours', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P\nOrigin: http://localhost:P.evil.example\n\n'],
  ['origin with a path', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P\nOrigin: http://localhost:P/\n\n'],
  ['two origins', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P\nOrigin: http://localhost:P\nOrigin: https://evil.example\n\n'],
  ['origin of a webview', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P\nOrigin: vscode-webview://abc\n\n'],
  ['origin of an extension', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\nOrigin: chrome-extension://abc\nAuthorization: Bearer T\n\n'],
  ['page of another site, without an origin', 'GET /hooks/orders/in HTTP/1.1\nHost: localhost:P\nSec-Fetch-Site: cross-site\n\n'],
  ['page of another port, without an origin', 'GET /hooks/orders/in HTTP/1.1\nHost: localhost:P\nSec-Fetch-Site: same-site\n\n'],
  ['page of another site with the token', 'GET /api/v1/flows HTTP/1.1\nHost: localhost:P\nSec-Fetch-Site: cross-site\nAuthorization: Bearer T\n\n'],
  ['question of a foreign page before it sends', 'OPTIONS /api/v1/flows HTTP/1.1\nHost: localhost:P\nOrigin: https://evil.example\nAccess-Control-Request-Method: POST\n\n'],
  // Tokens
  ['no token', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\n\n'],
  ['no token, reading', 'GET /api/v1/secrets HTTP/1.1\nHost: localhost:P\n\n'],
  ['empty token', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\nAuthorization: Bearer\n\n'],
  ['wrong token', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\nAuthorization: Bearer t\n\n'],
  ['half of the token', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\nAuthorization: Bearer the-token\n\n'],
  ['token and more', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\nAuthorization: Bearer Tx\n\n'],
  ['token in other letters', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\nAuthorization: Bearer THE-TOKEN-OF-THE-TEST\n\n'],
  ['token as basic', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\nAuthorization: Basic T\n\n'],
  ['two tokens', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\nAuthorization: Bearer x\nAuthorization: Bearer T\n\n'],
  ['token in the address', 'POST /api/v1/flows/orders/runs?token=T&access_token=T HTTP/1.1\nHost: localhost:P\n\n'],
  ['token in a cookie', 'POST /api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\nCookie: token=T\n\n'],
  ['other letters of the address', 'POST /API/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\n\n'],
  ['two slashes', 'POST //api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\n\n'],
  ['dots in the address', 'POST /hooks/../api/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\n\n'],
  ['dots in the address of the page', 'GET /x.js/../api/v1/flows HTTP/1.1\nHost: localhost:P\n\n'],
  ['encoded address', 'POST /%61pi/v1/flows/orders/runs HTTP/1.1\nHost: localhost:P\n\n'],
  ['metrics without the token', 'GET /metrics HTTP/1.1\nHost: localhost:P\n\n'],
  ['description without the token', 'GET /api/openapi.json HTTP/1.1\nHost: localhost:P\n\n'],
  ['file outside of the page', 'GET /../package.json HTTP/1.1\nHost: localhost:P\n\n'],
  ['hidden file', 'GET /.env.js HTTP/1.1\nHost: localhost:P\n\n'],
  ['backslashes', 'GET /..\\..\\package.js HTTP/1.1\nHost: localhost:P\n\n'],
  // Framing
  ['two lengths', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P\nContent-Length: 1\nContent-Length: 2\n\nxx'],
  ['length and chunks', 'POST /hooks/orders/in HTTP/1.1\nHost: localhost:P\nContent-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n'],
  ['tunnel', 'CONNECT localhost:P HTTP/1.1\nHost: localhost:P\nAuthorization: Bearer T\n\n'],
  ['trace', 'TRACE /api/v1/flows HTTP/1.1\nHost: localhost:P\nAuthorization: Bearer T\n\n'],
];

test('hostile requests are refused and change nothing', async (context) => {
  assert.ok(hostile.length >= 40);
  const runner = fakeRunner();
  const server = await serve(runner, { port: 0, host: '127.0.0.1', token });
  const { port } = new URL(server.url);
  for (const [title, request] of hostile) {
    await context.test(title, async () => {
      const status = await send(Number(port), request.replaceAll(/\bP\b|(?<=:0)P/g, port).replaceAll(/\bT(?=\n|x|&| )/g, token));
      assert.match(status, /^HTTP\/1\.1 (400|401|403|404|405)|^closed$/);
      assert.deepEqual([runner.started, runner.hooked], [[], []]);
    });
  }
  await context.test('the same requests without the fault are taken', async () => {
    assert.match(await send(Number(port), `POST /hooks/orders/in HTTP/1.1\nHost: LOCALHOST:${port}\nConnection: close\n\n`), /200/);
    assert.match(await send(Number(port), `POST /hooks/orders/in HTTP/1.1\nHost: [::1]:${port}\nOrigin: http://localhost:${port}\nSec-Fetch-Site: same-origin\nConnection: close\n\n`), /200/);
    assert.match(await send(Number(port), `POST /api/v1/flows/orders/runs HTTP/1.1\nHost: 127.0.0.1:${port}\nAuthorization: bearer ${token}\nConnection: close\n\n`), /202/);
    assert.equal(runner.started.length, 1);
  });
  await server.close();
});

test('hosts that requests may name', () => {
  const check = (bound: string, port: number, allowed: readonly string[], expected: readonly string[]): void => assert.deepEqual(hostsOf(bound, port, allowed).sort(), [...expected].sort());
  check('127.0.0.1', 7341, [], ['127.0.0.1:7341', 'localhost:7341', '[::1]:7341']);
  check('::1', 80, [], ['127.0.0.1', '127.0.0.1:80', 'localhost', 'localhost:80', '[::1]', '[::1]:80']);
  check('192.0.2.7', 7341, ['Hooks.example', 'shop.example:8443'], ['127.0.0.1:7341', 'localhost:7341', '[::1]:7341', '192.0.2.7:7341', 'hooks.example', 'hooks.example:7341', 'shop.example:8443']);
  assert.ok(hostsOf('0.0.0.0', 1).includes('127.0.0.1:1'));
});
