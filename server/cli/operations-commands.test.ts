import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runFake } from '../../test/support/fake-terminal.ts';
import { openRunner } from '../runner/runner.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-operations-cli-'));
after(() => rmSync(root, { recursive: true, force: true }));
for (const [path, content] of Object.entries({
  'patchbay.json': { version: 1, notifications: { groups: { ops: { log: true }, chat: { slack: { $secret: 'gone' } }, none: {} }, onFailure: ['ops'] } },
  'flows/orders.flow.json': { version: 1, title: 'Orders', start: 'tell', steps: { tell: { shape: 'notify', settings: { message: 'Order {{ payload.id }}', level: 'warning' }, next: { out: 'check' } }, check: { shape: 'assert', settings: { schema: { required: ['sku'] } } } } },
})) {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(content));
}

interface Expected { readonly code?: number; readonly out?: string | RegExp; readonly said?: string | RegExp }

/** One command line, on a real runner of its own. */
async function check(line: string, { code = 0, out = '', said = '' }: Expected): Promise<string> {
  const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  const outcome = await runFake(args, { folder: root, open: (options) => openRunner({ ...options, actor: 'ada' }) });
  assert.equal(outcome.code, code, `${line}: ${outcome.said}`);
  for (const [text, wanted] of [[outcome.out, out], [outcome.said, said]] as const) {
    if (typeof wanted === 'string') assert.equal(text, wanted, line);
    else assert.match(text, wanted, line);
  }
  return outcome.out;
}

test('what is wrong with an expression on the command line is in no file', async () => {
  await check(`eval '3 | truncate(length: "a")'`, { code: 3, said: 'error CONFIG_INVALID: The settings of the transform "truncate" are not valid: "length" must be an integer, not "a".\n  Correct what the message names.\n' });
  await check(`eval '3 | maht'`, { code: 3, said: /^error CONFIG_UNKNOWN_PLUGIN: There is no transform "maht"\.\n {2}Did you mean "math"\?/ });
});

const items = (out: string): { readonly id: string; readonly status: string }[] => (JSON.parse(out) as { items: { id: string; status: string }[] }).items;

test('runs are listed, found, looked into, pinned and deleted; what was done is summed up, and who changed what', async () => {
  for (const body of [{ id: 'A-1', sku: 'x' }, { id: 'A-2' }]) {
    await using runner = await openRunner({ root });
    await runner.start({ flow: 'orders', trigger: 'manual', payload: { body, mediaType: 'application/json' } }).then(({ done }) => done);
  }
  const [bad, good] = items(await check('runs list --json', { out: /^\{"items":/ }));
  assert.deepEqual([bad?.status, good?.status], ['failed', 'success']);
  await check('runs', { out: new RegExp(`^run[^\\n]*\\n${bad!.id} +orders +failed [^\\n]*ASSERT_FAILED\\n${good!.id} [^\\n]*\\n$`) });
  await check('runs list --status success stopped --since 2020-01-01 --limit 1', { out: new RegExp(`^run[^\\n]*\\n${good!.id} [^\\n]*\\n$`) });
  await check('runs list --limit 1', { out: new RegExp(bad!.id), said: '1 more: --page 2.\n' });
  await check('runs list --error ASSERT_FAILED --origin none --no-pinned --trigger manual --text SKU', { out: new RegExp(`\\n${bad!.id} `) });
  await check('runs list --until 2020-01-01', { said: 'There are no such runs.\n' });
  await check('runs search A-2', { out: new RegExp(`^run[^\\n]*\\n${bad!.id} [^\\n]*\\n$`), said: '1 of 2 runs.\n' });
  await check('runs search --path sku --value x --flow orders', { out: new RegExp(good!.id), said: '1 of 2 runs.\n' });
  await check('runs search nothing --json', { out: '{"items":[],"runs":2,"skipped":0,"tracked":[]}\n' });
  await check('runs search', { code: 2, said: /What is to be searched for/ });
  await check('runs search --path sku', { code: 2, said: /What is to be searched for/ });
  await check('runs search x --path sku', { code: 2, said: /belong together/ });
  await check('runs search --path a[ --value 1', { code: 3, said: /CONFIG_PATH/ });
  await check(`runs logs ${bad!.id}`, { out: /^\d{4}-\S+Z warn {2}tell: Order A-2\n/ });
  await check(`runs logs ${bad!.id} --level error`, {});
  await check(`runs logs ${bad!.id} --step check --json`, {});
  await check(`runs logs ${good!.id} --follow --level warn`, { out: /^\d{4}-\S+Z warn {2}tell: Order A-1\n$/, said: 'The run has ended: success.\n' });
  await check('runs logs nope', { code: 1, said: /There is no run "nope"[^]*patchbay runs list/ });
  await check(`runs pin ${bad!.id} nope`, { code: 1, said: new RegExp(`^Pinned ${bad!.id}\\.\\nerror API_NOT_FOUND: There is no run "nope"`) });
  await check('runs list --pinned', { out: new RegExp(`\\n${bad!.id} .*pinned\\n$`) });
  await check(`runs delete ${bad!.id} ${good!.id}`, { code: 8, said: new RegExp(`error RUN_PINNED[^]*patchbay runs unpin[^]*Deleted ${good!.id}\\.`) });
  await check(`runs unpin ${bad!.id} --json`, { out: `{"outcomes":[{"run":"${bad!.id}","isDone":true}],"done":1,"failed":0}\n` });
  await check('runs stop x', { code: 1, said: /There is no run "x"/ });
  await check('insights', { out: /^flow +runs +failed runs +operations +failures +records +requests +bytes +ms\norders +2 +1 +4 +1 +3 +0 +\d+ +\d+\n$/ });
  await check('insights --by step --flow orders', { out: /\norders {2}check +2 +1 [^]*\norders {2}tell +2 +0 / });
  await check('insights --by connector', { said: /^Nothing has run from \d{4}-\d\d-\d\d to / });
  await check('insights --by day --from 2020-01-01 --to 2020-02-01 --json', { out: /^\{"from":"2020-01-01","to":"2020-02-01","by":"day","items":\[\],"total":\{"runs":0/ });
  await check('insights --from yesterday', { code: 2, said: /A day is needed/ });
  await check('audit --action run', { out: /^at +by +action +subject +detail\n\S+ +ada +run\.unpin [^\n]*\n\S+ +ada +run\.delete [^\n]*\n\S+ +ada +run\.pin [^\n]*\n$/ });
  await check('audit --actor grace', { said: 'Nothing of that was changed.\n' });
  await check('notify', { out: 'group  channels  on failure\nops    log       yes\nchat   slack\nnone\n' });
  await check('notify test ops', { said: 'log: sent\n' });
  await check('notify test chat', { code: 1, said: 'slack: not sent: The secret "gone" is missing.\n' });
  await check('notify test none', { code: 1, said: /has no channel/ });
  await check('notify test nobody', { code: 3, said: /CONFIG_UNKNOWN_GROUP/ });
});
