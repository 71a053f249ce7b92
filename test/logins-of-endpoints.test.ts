import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from '../server/api/serve.ts';
import { logIn } from '../extension/runner/log-in.ts';
import { runnerClient } from '../webview/protocol/runner-client.ts';
import { runFake } from './support/fake-terminal.ts';
import { browse, loginWorld, type LoginWorld } from './support/login-world.ts';

// An endpoint that signs in as a person, in a connector that signs in by itself; and one where both are people.

let world: LoginWorld;
before(async () => {
  world = await loginWorld();
  const path = join(world.root, 'connectors/api.connector.json');
  const api = JSON.parse(readFileSync(path, 'utf8')) as { auth: Record<string, unknown>; endpoints: Record<string, object> };
  const write = (file: string, value: unknown): void => writeFileSync(join(world.root, file), JSON.stringify(value));
  const mine = { ...api.endpoints['list'], auth: 'person' };
  write('connectors/mixed.connector.json', { ...api, auth: { basic: api.auth['basic'], code: api.auth['code'], person: api.auth['code'] }, endpoints: { ...api.endpoints, mine } });
  const credentials = { clientId: 'basic', clientSecret: { $secret: 'client' } };
  write('instances/mixed.instance.json', { version: 1, connector: 'mixed', credentials: { ...credentials, person: { clientId: 'code' } } });
  write('instances/unused.instance.json', { version: 1, connector: 'mixed', credentials });
  write('instances/people.instance.json', { version: 1, connector: 'mixed', auth: 'code', credentials: { clientId: 'code', person: { clientId: 'code' } } });
  for (const instance of ['mixed', 'people']) for (const endpoint of ['list', 'mine']) write(`flows/${instance}-${endpoint}.flow.json`, { version: 1, start: 'get', steps: { get: { shape: 'connector', settings: { instance, endpoint } } } });
});
after(() => world[Symbol.asyncDispose]());

const success = { status: 'success', code: undefined, message: undefined };
const login = (...args: readonly string[]): ReturnType<typeof runFake> => runFake(['login', ...args, '--no-browser', '--workspace', world.root], {
  folder: world.root, open: () => world.openRunner(), onOut: (text) => void browse(text.trim(), (to) => to.includes('/callback')).then((back) => fetch(back)),
});
async function grantsOf(work: () => Promise<void>): Promise<readonly string[]> {
  const from = world.grants.length;
  await work();
  return world.grants.slice(from);
}

test('the only method with a login needs no name, and who is to log in hears of it', async () => {
  await using runner = await world.openRunner();
  assert.deepEqual(await world.run(runner, 'mixed-list'), success);
  const run = await (await runner.start({ flow: 'mixed-mine', trigger: 'manual' })).done;
  assert.deepEqual([run.error?.message, run.error?.remedy], ['Nobody has logged in yet.', 'Log in with `patchbay login mixed --method person`.']);
  const outcome = await login('mixed');
  assert.equal(outcome.code, 0, outcome.said);
  assert.match(outcome.said, /Logged in to mixed by person\.\n$/);
  assert.deepEqual(await grantsOf(async () => assert.deepEqual([await world.run(runner, 'mixed-mine'), await world.run(runner, 'mixed-list')], [success, success])), []);
});

test('renewed once between many runs and two processes, apart from the token of the others', async () => {
  const grants = await grantsOf(async () => {
    await using one = await world.openRunner();
    await using two = await world.openRunner();
    await world.revoke();
    for (const runner of [one, two]) {
      const runs = await Promise.all(Array.from({ length: 6 }, () => world.run(runner, 'mixed-mine')));
      assert.deepEqual(runs, runs.map(() => success));
    }
    await world.revoke();
    assert.deepEqual(await world.run(two, 'mixed-mine'), success, 'what was renewed can be renewed');
  });
  assert.deepEqual(grants, ['refresh_token', 'refresh_token']);
});

test('two people of one instance, each with a login of its own', async () => {
  const first = await login('people');
  assert.match(first.said, /Logged in to people\.\nNot yet: `patchbay login people --method person`\.\n$/, first.said);
  await using runner = await world.openRunner();
  const run = await (await runner.start({ flow: 'people-mine', trigger: 'manual' })).done;
  assert.deepEqual([run.error?.message, (await world.run(runner, 'people-list')).status], ['Nobody has logged in yet.', 'success']);
  const second = await login('people', '--method', 'person');
  assert.match(second.said, /Logged in to people by person\.\n$/, second.said);
  assert.deepEqual([await world.run(runner, 'people-mine'), await world.run(runner, 'people-list')], [success, success]);
  const list = await runFake(['logins', '--workspace', world.root], { folder: world.root, open: () => world.openRunner() });
  assert.deepEqual(list.out.trim().split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | ')), ['instance | method | login', 'code | not logged in', 'mixed | person | logged in | renewed by itself', 'people | logged in | renewed by itself', 'people | person | logged in | renewed by itself']);
});

test('a logout ends that one only', async () => {
  await using runner = await world.openRunner();
  assert.equal(await runner.logins.end('people', { method: 'person' }), true);
  assert.deepEqual((await runner.logins.list()).filter(({ instance }) => instance === 'people').map(({ method, state }) => [method, state]), [[undefined, 'in'], ['person', 'out']]);
  assert.deepEqual([(await world.run(runner, 'people-mine')).message, (await world.run(runner, 'people-list')).status], ['Nobody has logged in yet.', 'success']);
});

test('through the API, as VS Code does it', async () => {
  await using runner = await world.openRunner();
  const server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok' });
  try {
    const client = runnerClient(async () => ({ url: server.url, token: 'tok' }));
    const open = async (url: string): Promise<boolean> => (void browse(url, (to) => to.includes('/callback')).then((back) => fetch(back)), true);
    const parts = { client, port: 0, signal: new AbortController().signal, outside: async (address: string) => address, open };
    assert.equal(await logIn('people', { ...parts, method: 'person' }), true);
    assert.deepEqual(await world.run(runner, 'people-mine'), success);
    await client.logout('people', { method: 'person' });
    assert.deepEqual((await client.logins()).filter(({ instance }) => instance === 'people').map(({ state }) => state), ['in', 'out']);
  } finally {
    await server.close();
  }
});

for (const [args, said] of [
  [['people', '--method', 'persn'], /The instance "people" has no login by "persn"; there are code, person\./],
  [['basic'], /The auth method of the instance "basic" needs no login with a browser\./],
  [['unused'], /clientId/],
] as const) {
  test(`refused: ${args.join(' ')}`, async () => {
    const { code, said: text } = await login(...args);
    assert.equal(code, 3, text);
    assert.match(text, said);
  });
}
