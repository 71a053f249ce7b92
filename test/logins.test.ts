import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { after, before, test } from 'node:test';
import { FlowError } from '../plugins/sdk/index.ts';
import { serve } from '../server/api/serve.ts';
import { formsOf } from '../server/stores/secret-forms.ts';
import { runFake } from './support/fake-terminal.ts';
import { browse, clientSecret, loginWorld, type LoginWorld } from './support/login-world.ts';

// A real OAuth 2 server, a real browser’s steps, and whole runs against an API that takes its tokens.

let world: LoginWorld;
before(async () => {
  world = await loginWorld();
});
after(() => world[Symbol.asyncDispose]());

const redirectUri = 'http://127.0.0.1:1/callback';
const success = { status: 'success', code: undefined, message: undefined };

/** What happened at the token server meanwhile. */
async function grantsOf(work: () => Promise<void>): Promise<readonly string[]> {
  const from = world.grants.length;
  await work();
  return world.grants.slice(from);
}

for (const instance of ['basic', 'assertion']) {
  test(`client credentials: ${instance}`, async () => {
    await using runner = await world.openRunner();
    const grants = await grantsOf(async () => {
      assert.deepEqual(await world.run(runner, instance), success);
      assert.deepEqual(await world.run(runner, instance), success);
      await world.revoke();
      assert.deepEqual(await world.run(runner, instance), success, 'one that was refused is renewed');
    });
    assert.deepEqual(grants, ['client_credentials', 'client_credentials']);
  });
}

test('an instance to which nobody has logged in says how', async () => {
  await using runner = await world.openRunner();
  const { code, message } = await world.run(runner, 'code');
  assert.deepEqual([code, message], ['AUTH_REJECTED', 'Nobody has logged in yet.']);
});

test('a login with code and PKCE', async () => {
  await using runner = await world.openRunner();
  const { url, state } = await runner.logins.start('code', { redirectUri });
  const back = Object.fromEntries(new URL(await browse(url, (to) => to.startsWith(redirectUri))).searchParams);
  assert.equal(back['state'], state);
  await assert.rejects(runner.logins.finish({ ...back, state: 'another' }), { code: 'AUTH_REJECTED' });
  const grants = await grantsOf(async () => {
    assert.deepEqual(await runner.logins.finish(back), { instance: 'code' });
    assert.deepEqual(await world.run(runner, 'code'), success);
  });
  assert.deepEqual(grants, ['authorization_code']);
  await assert.rejects(runner.logins.finish(back), { code: 'AUTH_REJECTED' }, 'it counts once');
});

test('refresh tokens that count once: many runs renew once, and another process goes on with the last', async () => {
  const grants = await grantsOf(async () => {
    for (let process = 0; process < 2; process++) {
      await using runner = await world.openRunner();
      await world.revoke();
      const runs = await Promise.all(Array.from({ length: 12 }, () => world.run(runner, 'code')));
      assert.deepEqual(runs, runs.map(() => success));
    }
  });
  assert.deepEqual(grants, ['refresh_token', 'refresh_token']);
});

test('runs in threads renew once between them, and what they get is kept', async () => {
  {
    await using runner = await world.openRunner({ executors: {} });
    await world.revoke();
    const grants = await grantsOf(async () => {
      const runs = await Promise.all(Array.from({ length: 6 }, () => world.run(runner, 'code')));
      assert.deepEqual(runs, runs.map(() => success));
    });
    assert.deepEqual(grants, ['refresh_token']);
  }
  await using runner = await world.openRunner();
  assert.deepEqual(await grantsOf(async () => assert.deepEqual(await world.run(runner, 'code'), success)), []);
});

test('two processes at the same time renew once between them', async () => {
  await using one = await world.openRunner();
  await using two = await world.openRunner();
  await world.run(one, 'code');
  await world.run(two, 'code');
  await world.revoke();
  const grants = await grantsOf(async () => {
    assert.deepEqual(await Promise.all([one, two, one, two].map((runner) => world.run(runner, 'code'))), [success, success, success, success]);
  });
  assert.deepEqual(grants, ['refresh_token']);
});

test('a run in which a token was renewed is replayed without asking anybody', async () => {
  await using runner = await world.openRunner();
  await world.revoke();
  await world.run(runner, 'code');
  const [last] = runner.archive.runs({ flow: 'code', perPage: 1 }).items;
  const asked = world.seen.length;
  const grants = await grantsOf(async () => {
    const { status, identical, differences } = await runner.past.replay(last!.id);
    assert.deepEqual([status, identical, differences], ['success', true, []]);
  });
  assert.deepEqual([grants, world.seen.length], [[], asked]);
});

test('nothing of it lies open on the disk, nor in the recordings', async () => {
  await using runner = await world.openRunner();
  const runs = runner.archive.runs({ perPage: 500 }).items;
  const exchanges = runs.flatMap(({ id }) => runner.archive.exchanges(id, undefined, 1, 100).items);
  assert.ok(exchanges.some(({ url }) => url.endsWith('/token')) && exchanges.some(({ requestHeaders }) => requestHeaders['authorization'] === '[redacted]'), `${exchanges.length} exchanges`);
  const told = [world.state(), JSON.stringify(runs), JSON.stringify(exchanges), JSON.stringify(runs.map(({ id }) => runner.archive.logs(id, {})))].join('\n');
  assert.ok(world.tokens.size >= 8, `only ${world.tokens.size} tokens`);
  for (const secret of [clientSecret, ...world.tokens]) for (const form of formsOf(secret)) assert.ok(!told.includes(form), form);
});

test('on the command line', async () => {
  const urls: string[] = [];
  const visits: Promise<number>[] = [];
  const outcome = await runFake(['login', 'code', '--workspace', world.root], {
    folder: world.root, open: () => world.openRunner(),
    onOut(text) {
      urls.push(text);
      // Some page asks for the address first, without knowing what to say.
      visits.push(browse(text.trim(), (to) => to.includes('/callback')).then(async (back) => (await fetch(new URL('/callback?code=x&state=y', back))).status + (await fetch(back)).status));
    },
  });
  assert.deepEqual([outcome.code, urls.length, await Promise.all(visits)], [0, 1, [600]], outcome.said);
  assert.match(outcome.said, /Logged in to code\.\n$/);
  await using runner = await world.openRunner();
  assert.deepEqual(await world.run(runner, 'code'), success);
});

test('on the command line, where the browser is opened', async () => {
  const opened: string[] = [];
  let visit: Promise<number> | undefined;
  const outcome = await runFake(['login', 'code', '--workspace', world.root], {
    folder: world.root, open: () => world.openRunner(),
    openBrowser: async (url) => {
      opened.push(url);
      visit = browse(url, (to) => to.includes('/callback')).then(async (back) => (await fetch(back)).status);
      return true;
    },
  });
  assert.deepEqual([outcome.code, opened.length, await visit], [0, 1, 200], outcome.said);
  assert.match(outcome.said, /^The browser is opened\./);
  assert.equal(outcome.out, `${opened[0]}\n`, 'it is printed all the same');
  const quiet = await runFake(['login', 'code', '--no-browser', '--workspace', world.root], {
    folder: world.root, open: () => world.openRunner(), openBrowser: async () => assert.fail('nobody has asked for a browser'),
    onOut: (text) => void browse(text.trim(), (to) => to.includes('/callback')).then((back) => fetch(back)),
  });
  assert.equal(quiet.code, 0, quiet.said);
});

test('on the command line, with a browser on another machine', async () => {
  const stream = new PassThrough();
  const outcome = await runFake(['login', 'code', '--paste', '--workspace', world.root], {
    folder: world.root, open: () => world.openRunner(), openBrowser: async () => assert.fail('nobody sees a browser here'), stream,
    async onOut(text) {
      const back = await browse(text.trim(), (to) => to.startsWith('http://127.0.0.1:8912/callback'));
      stream.end(`what is this\n\n${back.replace('state=', 'state=x')}\n  ${back}\n`);
    },
  });
  assert.equal(outcome.code, 0, outcome.said);
  assert.deepEqual([...outcome.said.matchAll(/^(That is [^:]+|Logged in to code)/gm)].map(([line]) => line), ['That is no address with the end of a login in it', 'That is the end of another login', 'Logged in to code']);
  const nothing = await runFake(['login', 'code', '--paste', '--workspace', world.root], { folder: world.root, open: () => world.openRunner(), input: '' });
  assert.deepEqual([nothing.code, /No address was pasted\./.test(nothing.said)], [2, true], nothing.said);
});

for (const [what, change, message, remedy] of [
  ['whose consent was denied', (back: URL) => { back.search = `?error=access_denied&error_description=The+user+said+no&state=${back.searchParams.get('state')}`; }, /^The login was refused: access_denied: The user said no\.$/, /agree/],
  ['with a code that counts no more', (back: URL) => back.searchParams.set('code', 'x'), /^What came back of the login counts no more: .*invalid_grant/, /Begin the login again/],
  ['that nobody has begun', (back: URL) => back.searchParams.set('state', 'x'), /^There is no such login/, /Begin the login again/],
  ['without a code', (back: URL) => back.searchParams.delete('code'), /there is no code in the answer/, /agree/],
] as const) {
  test(`a login ${what}`, async () => {
    await using runner = await world.openRunner();
    const before = await runner.logins.list();
    const { url } = await runner.logins.start('code', { redirectUri });
    const back = new URL(await browse(url, (to) => to.startsWith(redirectUri)));
    change(back);
    await assert.rejects(runner.logins.finish(Object.fromEntries(back.searchParams)), (error: unknown) => {
      assert.ok(FlowError.is(error, 'AUTH_REJECTED'), String(error));
      assert.match(error.message, message);
      assert.match(error.remedy, remedy);
      return true;
    });
    assert.deepEqual(await runner.logins.list(), before, 'who was logged in stays so');
  });
}

test('who is logged in, and a logout', async () => {
  await using runner = await world.openRunner();
  const [state, ...others] = await runner.logins.list();
  assert.deepEqual([state?.instance, state?.state, state?.isRenewed, others], ['code', 'in', true, []], 'others need no login');
  assert.ok(state!.until! > Date.now());
  assert.deepEqual(await world.run(runner, 'code'), success);
  assert.equal(await runner.logins.end('code'), true);
  assert.deepEqual([await runner.logins.list(), await runner.logins.end('code')], [[{ instance: 'code', state: 'out' }], false]);
  assert.equal((await world.run(runner, 'code')).message, 'Nobody has logged in yet.', 'what is in memory counts no more either');
  await assert.rejects(runner.logins.end('basic'), { code: 'CONFIG_INVALID' });
  const list = await runFake(['logins', '--workspace', world.root], { folder: world.root, open: () => world.openRunner() });
  assert.match(list.out, /^code +not logged in$/m);
  const logout = await runFake(['logout', 'code', '--workspace', world.root], { folder: world.root, open: () => world.openRunner() });
  assert.deepEqual([logout.code, logout.said], [0, 'Nobody was logged in to code.\n']);
  const { items } = await runner.auditLog({ action: 'instance' });
  assert.deepEqual(items.map(({ action, subject }) => `${action} ${subject}`).slice(0, 1), ['instance.logout instance code']);
});

test('on the command line, refused', async () => {
  const outcome = await runFake(['login', 'code', '--workspace', world.root], {
    folder: world.root, open: () => world.openRunner(),
    onOut(text) {
      const url = new URL(text.trim());
      const [redirect, state] = [url.searchParams.get('redirect_uri')!, url.searchParams.get('state')!];
      void fetch(`${redirect}?error=access_denied&state=${state}`).catch(() => undefined);
    },
  });
  assert.equal(outcome.code, 1);
  assert.match(outcome.said, /The login was refused: access_denied\./);
});

test('through the API', async () => {
  await using runner = await world.openRunner();
  const server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok' });
  const post = async (path: string, body: unknown): Promise<{ readonly status: number; readonly body: Record<string, string> }> => {
    const response = await fetch(`${server.url}/api/v1${path}`, { method: 'POST', body: JSON.stringify(body), headers: { authorization: 'Bearer tok', 'content-type': 'application/json' } });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  try {
    const started = await post('/instances/code/login', { redirectUri });
    const back = Object.fromEntries(new URL(await browse(started.body['url']!, (to) => to.startsWith(redirectUri))).searchParams);
    assert.deepEqual(await post('/logins', back), { status: 200, body: { instance: 'code' } });
    for (const [path, body, code] of [
      ['/logins', back, 'AUTH_REJECTED'], ['/instances/basic/login', { redirectUri }, 'CONFIG_INVALID'], ['/instances/nobody/login', { redirectUri }, 'CONFIG_UNKNOWN_INSTANCE'],
      ['/instances/code/login', { redirectUri: 'http://thief.test/' }, 'API_INVALID'], ['/instances/code/login', { redirectUri: 'javascript:alert(1)' }, 'API_INVALID'], ['/instances/code/login', {}, 'API_INVALID'], ['/logins', { state: 1 }, 'API_INVALID'],
    ] as const) assert.equal((await post(path, body)).body['code'], code, `${path} ${JSON.stringify(body)}`);
  } finally {
    await server.close();
  }
});
