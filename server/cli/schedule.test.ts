import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openRunner } from '../runner/runner.ts';
import { runFake } from '../../test/support/fake-terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-schedule-'));
before(() => {
  mkdirSync(join(root, 'flows'));
  writeFileSync(join(root, 'patchbay.json'), '{"version":1}');
  const flow = (cron: string, timeZone: string, more: object = {}) => JSON.stringify({ version: 1, triggers: { daily: { trigger: 'schedule', settings: { cron, timeZone }, ...more } }, start: 'a', steps: { a: { shape: 'split' } } });
  writeFileSync(join(root, 'flows', 'stock.flow.json'), flow('30 1 * * *', 'Europe/London'));
  writeFileSync(join(root, 'flows', 'bad.flow.json'), flow('30 1 * * *', 'Europe/Lodnon'));
  writeFileSync(join(root, 'flows', 'off.flow.json'), flow('30 1 * * *', 'Europe/London', { disabled: true }));
  writeFileSync(join(root, 'flows', 'never.flow.json'), flow('0 0 30 2 *', 'UTC'));
  writeFileSync(join(root, 'flows', 'disabled.flow.json'), flow('30 1 * * *', 'UTC'));
  mkdirSync(join(root, '.patchbay'));
  writeFileSync(join(root, '.patchbay', 'state.json'), '{"version":1,"enabled":{"disabled":false}}');
  writeFileSync(join(root, 'flows', 'hand.flow.json'), '{"version":1,"triggers":{"hand":{"trigger":"manual"}},"start":"a","steps":{"a":{"shape":"split"}}}');
});
after(() => rmSync(root, { recursive: true, force: true }));

for (const [args, code, out, said] of [
  ['stock --from 2024-03-30T12:00:00Z --count 2', 0, 'trigger  time\ndaily    2024-03-31T01:00:00.000Z\ndaily    2024-04-01T00:30:00.000Z\n', /^daily: The flow is not deployed: .*patchbay deploy stock/],
  ['flows/stock.flow.json --from 2024-10-26T12:00:00Z --count 1 --json', 0, '[{"trigger":"daily","type":"schedule","times":["2024-10-27T00:30:00.000Z"],"note":"The flow is not deployed: it fires only under `patchbay serve --dev`. `patchbay deploy stock` puts it into use."}]\n', ''],
  ['off', 0, '', 'daily: It never fires: the trigger is disabled in the flow.\n'],
  ['never', 0, '', 'daily: It never fires: no time to come is one of its settings.\n'],
  ['disabled', 0, '', 'daily: It never fires: the flow is disabled. `patchbay enable disabled` lets it.\n'],
  ['hand', 0, '', 'No trigger of hand fires as time passes.\n'],
  ['hand --json', 0, '[]\n', ''],
  ['bad', 3, '', /CONFIG_INVALID.*There is no time zone "Europe\/Lodnon"/],
  ['stok', 3, '', /There is no flow "stok".*stock/],
  ['stock --count 0', 2, '', /from 1 to 100/],
  ['stock --count many', 2, '', /whole number/],
  ['stock --from soon', 2, '', /A time is needed/],
  ['', 2, '', /missing required argument/],
] as const) {
  test(`schedule ${args}`, async () => {
    const outcome = await runFake(['schedule', ...args.split(' ').filter(Boolean)], { folder: root, open: (options) => openRunner({ root: options.root, editorSecrets: new Map() }) });
    assert.deepEqual([outcome.code, outcome.out], [code, out], outcome.said);
    if (typeof said === 'string') assert.equal(outcome.said, said);
    else assert.match(outcome.said, said);
  });
}
