import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { serve } from '../server/api/serve.ts';
import type { Runner } from '../server/runner/contract.ts';
import { browse, loginWorld, type LoginWorld } from './support/login-world.ts';
import { runnerClient, RunnerProblem, type RunnerClient } from '../webview/protocol/runner-client.ts';
import { logIn, type LoginParts } from '../extension/runner/log-in.ts';

// A real OAuth 2 server, a real runner with its API, and the steps of a real browser.

let world: LoginWorld;
let runner: Runner;
let server: Awaited<ReturnType<typeof serve>>;
let client: RunnerClient;
before(async () => {
  world = await loginWorld();
  runner = await world.openRunner();
  server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok' });
  client = runnerClient(async () => ({ url: server.url, token: 'tok' }));
});
after(async () => {
  await server.close();
  await runner[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const never = new AbortController().signal;
const parts = (change: Partial<LoginParts>): LoginParts => ({ client, port: 0, signal: never, outside: async (address) => address, open: async () => true, ...change });
/** Goes through the login and comes back; `change`: what happens to the address on its way. */
const visits = (seen: Promise<number>[], change: (back: string) => string = (back) => back) => async (url: string): Promise<boolean> => {
  seen.push(browse(url, (to) => to.includes('/callback')).then(async (back) => (await fetch(change(back))).status));
  return true;
};

test('a login, who is logged in then, and a logout', async () => {
  assert.deepEqual(await client.logins(), [{ instance: 'code', state: 'out' }]);
  const seen: Promise<number>[] = [];
  assert.equal(await logIn('code', parts({ open: visits(seen) })), true);
  assert.deepEqual(await Promise.all(seen), [200]);
  const [state] = await client.logins();
  assert.deepEqual([state?.state, state?.isRenewed], ['in', true]);
  assert.equal((await world.run(runner, 'code')).status, 'success');
  await client.logout('code');
  assert.deepEqual(await client.logins(), [{ instance: 'code', state: 'out' }]);
});

test('the address of this machine as the browser of another one reaches it', async () => {
  const asked: string[] = [];
  const seen: Promise<number>[] = [];
  const outside = async (address: string): Promise<string> => (asked.push(address), address);
  assert.equal(await logIn('code', parts({ outside, open: visits(seen) })), true);
  assert.match(asked[0]!, /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
});

test('whoever comes with another state does not end it', async () => {
  const seen: Promise<number>[] = [];
  const open = async (url: string): Promise<boolean> => {
    const stranger = new URL(new URL(url).searchParams.get('redirect_uri')!);
    stranger.search = '?code=x&state=y';
    seen.push(fetch(stranger).then(({ status }) => status), fetch(new URL('/other', stranger)).then(({ status }) => status));
    await Promise.all(seen);
    return visits(seen)(url);
  };
  assert.equal(await logIn('code', parts({ open })), true);
  assert.deepEqual(await Promise.all(seen), [400, 404, 200]);
});

test('a refusal is told as the runner tells it', async () => {
  const seen: Promise<number>[] = [];
  const refused = logIn('code', parts({ open: visits(seen, (back) => back.replace(/code=[^&]*/, 'error=access_denied')) }));
  await assert.rejects(refused, (error: unknown) => error instanceof RunnerProblem && error.code === 'AUTH_REJECTED' && error.message === 'The login was refused: access_denied.');
  assert.deepEqual(await Promise.all(seen), [400]);
});

test('given up: before the browser is opened, and while it is open', async () => {
  assert.equal(await logIn('code', parts({ open: async () => false })), false);
  const stop = new AbortController();
  const open = async (): Promise<boolean> => {
    setImmediate(() => stop.abort());
    return true;
  };
  assert.equal(await logIn('code', parts({ signal: stop.signal, open })), false);
  assert.equal(await logIn('code', parts({ signal: AbortSignal.abort(), open: async () => assert.fail('nobody wants it any more') })), false);
});

test('an instance that needs none', () => assert.rejects(logIn('basic', parts({})), (error: unknown) => error instanceof RunnerProblem && error.code === 'CONFIG_INVALID'));

test('a port that another program has', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    await assert.rejects(logIn('code', parts({ port })), { message: `Port ${port} of the setting patchbay.login.port cannot be listened to: another program does.` });
  } finally {
    other.close();
  }
});
