import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Runner } from './contract.ts';
import { openRunner } from './runner.ts';

const flow = { version: 1, title: 'Orders', triggers: { in: { trigger: 'webhook' } }, start: 'check', steps: { check: { shape: 'assert', settings: { schema: { required: ['id'] } } } } };

async function story(check: (runner: Runner, root: string) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-audited-'));
  try {
    for (const [path, content] of Object.entries({
      'patchbay.json': { version: 1, redact: ['note'], notifications: { groups: { ops: { log: true }, others: { log: true } }, onFailure: ['ops'] } },
      'flows/orders.flow.json': flow, 'environments/test.env.json': { version: 1 },
    })) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), JSON.stringify(content));
    }
    await using runner = await openRunner({ root, actor: 'ada', drainMs: 5_000, editorSecrets: new Map([['shop', 'canary-7f3a']]) });
    await check(runner, root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test('every change through the runner is in the audit log, with who made it', () => story(async (runner) => {
  const failed = (await runner.start({ flow: 'orders', trigger: 'manual', payload: { body: {}, mediaType: 'application/json' } }));
  await failed.done;
  const { id } = failed.head;
  await runner.versions.deploy('orders', { by: 'grace', note: 'canary-7f3a' });
  await runner.versions.rollback('orders', 1, 'API');
  await runner.setEnabled('orders', false);
  await runner.setEnvironment('test');
  await runner.setEnvironment(undefined);
  await runner.secrets.set('a/b', 'value-7f3a');
  await runner.secrets.remove('a/b');
  await runner.secrets.remove('a/b');
  await runner.state.pools.add('seen', [{ entity: 'note', value: 'N-1' }, { entity: 'order', value: '1' }]);
  await runner.state.pools.remove('seen', ['N-1'], 'note');
  await runner.state.caches.put({ name: 'c', scope: 'workspace', owner: '' }, 'k', [{ body: 1, mediaType: 'application/json', meta: {} }]);
  await runner.lookups.import('codes', 'a,b\n1,2\n');
  await runner.past.retry(id, { version: 'now' }).then(({ done }) => done);
  await runner.past.resume(id).then(({ done }) => done);
  const { outcomes, done, failed: refused } = await runner.act('pin', [id, 'nope', id]);
  assert.deepEqual([outcomes.map(({ run, isDone, error }) => [run, isDone, error?.code]), done, refused], [[[id, true, undefined], ['nope', false, 'API_NOT_FOUND']], 1, 1]);
  assert.deepEqual((await runner.act('delete', [id])).outcomes.map(({ error }) => error?.code), ['RUN_PINNED']);
  await runner.act('unpin', [id]);
  await runner.act('delete', [id]);
  await runner.notifications.test('ops');
  // What changed nothing, and what only looks, is not in it.
  await runner.act('stop', [id]);
  await runner.search({ text: 'x' });
  const { items, total } = await runner.auditLog({});
  const rows = items.toReversed().map(({ actor, action, subject, detail }) => [actor, action, subject.replaceAll(id, 'R'), JSON.stringify(detail, (key, value: unknown) => (key === 'started' ? 'S' : value))].join(' | '));
  assert.deepEqual(rows, [
    'grace | flow.deploy | flow orders | {"version":1,"note":"[redacted]"}',
    'API | flow.rollback | flow orders | {"version":1,"previous":1}',
    'ada | flow.disable | flow orders | {}',
    'ada | environment.choose | environment test | {}',
    'ada | environment.choose | the environment of patchbay.json | {}',
    'ada | secret.set | secret a/b | {}',
    'ada | secret.remove | secret a/b | {}',
    'ada | pool.add | pool seen | {"added":2}',
    'ada | pool.remove | pool seen | {"entity":"note","values":{"note":"[redacted]"},"removed":1}',
    'ada | cache.put | cache c | {"key":"k","documents":1}',
    'ada | lookup.import | lookup codes | {"added":1,"changed":0,"removed":0}',
    'ada | run.retry | run R | {"started":"S","version":"now"}',
    'ada | run.resume | run R | {"started":"S"}',
    'ada | run.pin | run R | {}',
    'ada | run.unpin | run R | {}',
    'ada | run.delete | run R | {}',
    'ada | notification.test | group ops | {"results":[{"channel":"log","isSent":true}]}',
  ]);
  assert.equal(total, rows.length);
  assert.ok(items.every(({ at }) => Math.abs(at - Date.now()) < 60_000));
}));
