import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Runner } from './contract.ts';
import { openRunner } from './runner.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-times-'));
const schedule = (cron: string, more: object = {}): object => ({ trigger: 'schedule', settings: { cron, ...more } });
const flow = (triggers: object): string => JSON.stringify({ version: 1, triggers, start: 'a', steps: { a: { shape: 'split' } } });
const files: Readonly<Record<string, string>> = {
  'patchbay.json': '{"version":1}',
  'flows/shop/stock.flow.json': flow({ hourly: schedule('0 * * * *'), daily: schedule('30 1 * * *', { timeZone: 'Europe/London' }), off: { ...schedule('0 * * * *'), disabled: true }, hand: { trigger: 'manual' }, hook: { trigger: 'webhook' }, tide: { trigger: 'tide' } }),
  'flows/bad.flow.json': flow({ 'early': schedule('0 * * * *', { more: ['61 * * * *'] }) }),
  'flows/never.flow.json': flow({ leap: schedule('0 0 30 2 *') }),
  'flows/broken.flow.json': '{',
  // A plugin of the workspace that knows its times, and takes requests.
  'plugins/tide.mjs': `export default { kind: 'trigger', type: 'tide', title: 'Tide', summary: 'Fires at high water.', settings: { type: 'object', properties: {}, additionalProperties: false }, examples: [],
    takesRequests: true, times: (settings, from, count) => Array.from({ length: count }, (_, index) => from + (index + 1) * 44714000), async *events() {} };\n`,
};

let runner: Runner;
before(async () => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  runner = await openRunner({ root, editorSecrets: new Map() });
});
after(async () => {
  await runner[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

test('the next times of all triggers that know them', async () => {
  const times = await runner.schedule('shop/stock', { from: Date.parse('2024-03-31T00:10:00Z'), count: 2 });
  assert.deepEqual(times.map(({ trigger, type, times: all }) => ({ trigger, type, times: all })), [
    { trigger: 'hourly', type: 'schedule', times: ['2024-03-31T01:00:00.000Z', '2024-03-31T02:00:00.000Z'] },
    { trigger: 'daily', type: 'schedule', times: ['2024-03-31T01:00:00.000Z', '2024-04-01T00:30:00.000Z'] },
    { trigger: 'off', type: 'schedule', times: [] },
    { trigger: 'tide', type: 'tide', times: ['2024-03-31T12:35:14.000Z', '2024-04-01T01:00:28.000Z'] },
  ]);
  assert.deepEqual((await runner.schedule('shop/stock')).map(({ times: all }) => all.length), [5, 5, 0, 5]);
  assert.deepEqual(times.map(({ note = '' }) => /^It never fires|not deployed/.exec(note)?.[0]), ['not deployed', 'not deployed', 'It never fires', 'not deployed']);
});

test('what is wrong is said with its place', async () => {
  await assert.rejects(runner.schedule('bad'), { code: 'CONFIG_INVALID', place: { file: 'flows/bad.flow.json', pointer: '/triggers/early/settings/more/0' } });
  await assert.rejects(runner.schedule('broken'), { code: 'CONFIG_INVALID', place: { file: 'flows/broken.flow.json' } });
  await assert.rejects(runner.schedule('nope'), { code: 'CONFIG_NOT_FOUND' });
});

test('lint finds what the schema of the settings cannot say', async () => {
  const found = (await runner.diagnostics(['flows/bad.flow.json', 'flows/never.flow.json', 'flows/shop/stock.flow.json'])).map(({ file, path, line, column, severity, code, message }) => [file, path, `${line}:${column}`, severity, code, message]);
  assert.deepEqual(found, [
    ['flows/bad.flow.json', '/triggers/early/settings/more/0', '1:95', 'error', 'CONFIG_INVALID', 'The schedule "61 * * * *" cannot be read: CronPattern: Invalid value for minute: 61.'],
    ['flows/never.flow.json', '/triggers/leap/settings', '1:66', 'warning', 'CONFIG_INVALID', 'The trigger never fires: its times do not exist.'],
  ]);
});

test('a list of flows tells times and addresses, also where a trigger is wrong', async () => {
  const flows = await runner.flows();
  const told = (id: string) => flows.find((one) => one.id === id)?.triggers.map(({ id: trigger, url, next }) => [trigger, url, next?.length]);
  assert.deepEqual(told('shop/stock'), [['hourly', undefined, 5], ['daily', undefined, 5], ['hand', undefined, undefined], ['hook', '/hooks/shop/stock/hook', undefined], ['tide', '/hooks/shop/stock/tide', 5]]);
  assert.deepEqual(told('bad'), [['early', undefined, undefined]]);
});
