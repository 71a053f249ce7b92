import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inVsCode } from '../../vscode/harness.ts';
import { print, watchView } from './figures.ts';

const payloads = 2_000;
const linesEach = 25;

const flow = {
  version: 1, title: 'Busy', triggers: { manual: { trigger: 'manual' } }, start: 'make',
  steps: {
    make: { shape: 'manual-payload', settings: { document: Array.from({ length: payloads }, (_, n) => ({ n })) }, next: { out: 'each' } },
    each: { shape: 'split', settings: { each: true }, next: { out: 'talk' } },
    talk: { shape: 'script', settings: { script: 'scripts/talk.js' } },
  },
};
const script = `export default function ({ payload }, context) {
  for (let line = 0; line < ${linesEach}; line++) context.log.info('Order ' + payload.n + ', line ' + line);
  let work = 0;
  for (let turn = 0; turn < 1.5e6; turn++) work += turn % 7;
  return { payload: { ...payload, work } };
}
`;

/** A run that goes on while its panel is looked at: frames, the wait for a key, and whether all of its log is kept. */
export async function measureLive(): Promise<void> {
  const workspace = { 'patchbay.json': '{ "version": 1 }\n', 'flows/busy.flow.json': JSON.stringify(flow), 'scripts/talk.js': script };
  await inVsCode('live', { workspace, timeoutMs: 300_000 }, async ({ workbench, folder, picture }) => {
    await workbench.ready();
    const { page } = workbench;
    await workbench.openFile('busy.flow.json');
    await workbench.command('Patchbay: Run Flow');
    await workbench.webview().locator('.node[data-id="talk"] .caption').waitFor({ timeout: 60_000 });
    await workbench.command('Patchbay: Open Run');
    await workbench.pick('Busy');
    const panel = workbench.webview();
    await panel.getByText('talk').first().click();
    await panel.getByRole('tab', { name: /^Log/ }).first().click();
    await panel.getByText(/Order \d+, line/).first().waitFor({ timeout: 60_000 });
    const seen = await watchView(workbench, { countFrames: true });
    const start = performance.now();
    // A key now and then, as somebody who looks around presses them.
    let presses = 0;
    while (performance.now() - start < 5_000) {
      await page.keyboard.press(presses++ % 2 === 0 ? 'ArrowDown' : 'ArrowUp');
      await page.waitForTimeout(100);
    }
    const { frames, latest, longest } = await seen();
    const seconds = (performance.now() - start) / 1000;
    await picture('bench-live');
    print({ what: 'a live run: time between frames', value: (seconds * 1000) / frames, unit: 'ms', most: 1000 / 30 });
    print({ what: 'a live run: longest wait for a key', value: latest, unit: 'ms', most: 100 });
    print({ what: 'a live run: longest task', value: longest, unit: 'ms', most: 100 });
    await panel.getByText('Success').first().waitFor({ timeout: 120_000 });
    using database = new DatabaseSync(join(folder, '.patchbay', 'patchbay.db'), { readOnly: true });
    const times = database.prepare(`select json from events where json like '%"type":"log"%'`).all().map(({ json }) => (JSON.parse(String(json)) as { readonly at: number }).at);
    print({ what: `a live run: log lines that are missing (${((times.length / (Math.max(...times) - Math.min(...times))) * 1000).toFixed(0)} a second)`, value: payloads * linesEach - times.length, unit: 'lines', most: 0 });
  });
}

if (import.meta.main) await measureLive();
