import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { RunResult } from '../model/api.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { readFile as readModel } from '../model/read.ts';
import { serialize } from '../model/serialize.ts';
import { openRunner } from '../runner/runner.ts';
import { runFake, type Outcome } from '../../test/support/fake-terminal.ts';

let root: string;
before(async () => { root = await mkdtemp(join(tmpdir(), 'patchbay-templates-')); });
after(() => rm(root, { recursive: true }));

/** A command on the workspace that the templates have made, with the real runner. */
async function run(args: readonly string[], input?: string): Promise<Outcome> {
  const outcome = await runFake(args, { folder: root, open: (options) => openRunner(options), ...(input !== undefined && { input }) });
  assert.equal(outcome.code, 0, outcome.said);
  return outcome;
}

test('what the templates write is free of findings, canonical, and runs', async (context) => {
  await run(['init']);
  for (const args of ['flow by-hand', 'flow shop/order-webhook --template webhook', 'flow hourly --template schedule', 'connector acme', 'connector stock --template postgresql', 'connector books --template mysql', 'connector ledger --template sql-server', ...['rabbitmq', 'mqtt', 'nats', 'redis'].map((broker) => `connector ${broker}-shop --template ${broker}`), ...['sftp', 'ftp', 's3', 'local-files'].map((files) => `connector ${files}-shop --template ${files}`), 'map address', 'test hello', 'test shop/order-webhook', 'plugin twice', 'plugin count-records --template shape']) await run(['new', ...args.split(' ')]);

  await context.test('findings', async () => {
    const findings = JSON.parse((await run(['lint', '--json'])).out) as Diagnostic[];
    assert.deepEqual(findings.map(({ file, code }) => [file, code]), ['acme', 'books', 'ftp-shop', 'ledger', ...['mqtt', 'nats', 'rabbitmq', 'redis', 's3', 'sftp'].map((broker) => `${broker}-shop`), 'stock'].map((name) => [`instances/${name}.instance.json`, 'SECRET_MISSING']));
  });
  await context.test('examples of connectors', async () => {
    const { passed, failed, skipped } = JSON.parse((await run(['check', '--json'])).out) as { passed: number; failed: number; skipped: number };
    assert.deepEqual([passed, failed, skipped], [2, 0, 0]);
  });
  await context.test('canonical text', async () => {
    for (const [kind, file] of [['workspace', 'patchbay.json'], ['flow', 'flows/hello.flow.json'], ['flow', 'flows/shop/order-webhook.flow.json'], ['connector', 'connectors/acme.connector.json'], ['instance', 'instances/acme.instance.json'], ['connector', 'connectors/stock.connector.json'], ['instance', 'instances/stock.instance.json'], ['connector', 'connectors/mqtt-shop.connector.json'], ['instance', 'instances/mqtt-shop.instance.json'], ['connector', 'connectors/s3-shop.connector.json'], ['instance', 'instances/s3-shop.instance.json'], ['instance', 'instances/local-files-shop.instance.json'], ['map', 'maps/address.map.json'], ['test', 'flows/hello.test.json']] as const) {
      const text = await readFile(join(root, file), 'utf8');
      const { value } = readModel(kind, file, text);
      assert.equal(serialize(kind, value as never), text, file);
    }
  });
  await context.test('flows', async () => {
    const check = async (flow: string, input: object, expected: unknown): Promise<void> => {
      const { status, outputs } = JSON.parse((await run(['run', flow, '--json', '--now', '2024-07-01T00:00:00Z', '--input', '-'], JSON.stringify(input))).out) as RunResult;
      assert.deepEqual({ status, outputs }, { status: 'success', outputs: expected });
    };
    await check('hello', { name: ' Ada ' }, [{ name: 'Ada', greetedAt: '2024-07-01T00:00:00+00:00' }]);
    await check('by-hand', {}, [{ name: 'world', greetedAt: '2024-07-01T00:00:00+00:00' }]);
    await check('shop/order-webhook', { id: 7, lines: [{ sku: 'a' }, { sku: 'b' }] }, [{ reference: '7', articles: ['a', 'b'] }]);
    await check('hourly', {}, [{}]);
  });
  await context.test('a mapping, used by a step', async () => {
    await writeFile(join(root, 'flows/mapped.flow.json'), JSON.stringify({ version: 1, start: 'm', steps: { m: { shape: 'map', settings: { map: 'address' } } } }));
    const { outputs } = JSON.parse((await run(['run', 'mapped', '--json', '--input', '-'], '{"id":7,"name":" Ada ","lines":[{"sku":"a"}]}')).out) as RunResult;
    assert.deepEqual(outputs, [{ reference: '7', name: 'Ada', articles: ['a'] }]);
    await rm(join(root, 'flows/mapped.flow.json'));
  });
  await context.test('tests', async () => {
    const { passed, failed } = JSON.parse((await run(['test', '--json'])).out) as { passed: number; failed: number };
    assert.deepEqual([passed, failed], [2, 0]);
  });
  await context.test('plugins', async () => {
    assert.equal((await run(['transform', 'twice', '--input', 'ab', '--settings', '{"times":3}'])).out, 'ababab\n');
    assert.equal((JSON.parse((await run(['plugins', 'show', 'shape/count-records', '--json'])).out) as { source: string }).source, 'plugins/count-records.ts');
  });
  await context.test('recorded runs', async () => {
    const { items } = JSON.parse((await run(['runs', 'list', '--flow', 'hello', '--json'])).out) as { items: { id: string }[] };
    assert.equal(items.length, 1);
    assert.match((await run(['runs', 'show', items[0]!.id])).out, /^greet +1 +1 /m);
    await run(['run', 'hello', '--record', 'recordings/hello']);
    const events = (await readFile(join(root, 'recordings/hello/events.ndjson'), 'utf8')).trim().split('\n');
    assert.ok(events.length > 5);
    assert.match(events.at(-1)!, /"run-finished"/);
  });
});
