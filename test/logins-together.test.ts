import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startLoginRunner, type LoginRunner } from './support/login-runners.ts';
import { browse, loginWorld, type LoginWorld } from './support/login-world.ts';

// Refresh tokens that count once, and processes that are really there and really die.

let world: LoginWorld;
const started: LoginRunner[] = [];
before(async () => {
  world = await loginWorld();
  await using runner = await world.openRunner();
  const redirectUri = 'http://127.0.0.1:1/callback';
  const { url } = await runner.logins.start('code', { redirectUri });
  await runner.logins.finish(Object.fromEntries(new URL(await browse(url, (to) => to.startsWith(redirectUri))).searchParams));
});
after(async () => {
  for (const { child, ended } of started) {
    child.kill('SIGKILL');
    await ended;
  }
  await world[Symbol.asyncDispose]();
});

async function start(): Promise<LoginRunner> {
  const runner = await startLoginRunner(world.root);
  started.push(runner);
  return runner;
}

async function grantsOf(work: () => Promise<void>): Promise<readonly string[]> {
  const from = world.grants.length;
  await work();
  return world.grants.slice(from);
}

test('three processes with four runs each renew once between them', async () => {
  const runners = await Promise.all([start(), start(), start()]);
  for (let round = 0; round < 2; round++) {
    await world.revoke();
    const grants = await grantsOf(async () => assert.deepEqual((await Promise.all(runners.map((runner) => runner.run(4)))).flat(), Array.from({ length: 12 }, () => 'success')));
    assert.deepEqual(grants, ['refresh_token'], `round ${round}`);
  }
});

test('a process that dies before it has used its new token has kept it: the next goes on with it, and nobody logs in', async () => {
  for (let round = 0; round < 2; round++) {
    const runner = await start();
    await world.revoke();
    const { promise: used, resolve } = Promise.withResolvers<void>();
    let asked = 0;
    // The first request is refused, as its token counts no more; the second has the new one.
    world.onRequest = () => {
      if (++asked !== 2) return false;
      resolve();
      return true;
    };
    const grants = await grantsOf(async () => {
      void runner.run(1).catch(() => undefined);
      await used;
      runner.child.kill('SIGKILL');
      assert.equal(await runner.ended, 'SIGKILL');
      world.onRequest = undefined;
      const next = await start();
      assert.deepEqual(await next.run(1), ['success']);
      await world.revoke();
      assert.deepEqual(await next.run(1), ['success'], 'and its refresh token counts');
      next.child.stdin!.end();
      assert.equal(await next.ended, null);
    });
    assert.deepEqual(grants, ['refresh_token', 'refresh_token']);
  }
});

test('a process that dies while it is given a token leaves nothing that is broken, and no lock', async () => {
  const runner = await start();
  await world.revoke();
  const { promise: granted, resolve } = Promise.withResolvers<void>();
  world.onGrant = resolve;
  void runner.run(1).catch(() => undefined);
  await granted;
  runner.child.kill('SIGKILL');
  await runner.ended;
  world.onGrant = undefined;
  // The answer came to it or it did not: without it nobody has what the server has given, and that is said.
  const [outcome] = await (await start()).run(1);
  assert.match(outcome!, /^(success|AUTH_REJECTED: The login has ended\. .*invalid_grant)/);
});
