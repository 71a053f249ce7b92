import type { FlowView } from '../../../webview/protocol/flow.ts';
import { openBrowser, withPage, type Theme } from '../../support/browser.ts';
import { FlowPageHost, sampleWorkspace } from '../../support/flow-page.ts';

/** Pictures of the settings of shapes for people to look at: `node test/browser/pictures.ts forms [theme] [step]`, into out/pictures. */
const steps = {
  branch: { shape: 'branch', settings: { branches: [{ name: 'erp' }, { name: 'warehouse' }] }, next: { erp: 'filter', warehouse: 'loop' } },
  filter: {
    shape: 'filter', next: { out: 'merge' },
    settings: { conditions: [{ field: 'status', value: 'paid' }, { any: [{ field: 'country', value: 'GB' }, { all: [{ field: 'total', is: 'greater-than', value: 100, type: 'number' }, { field: 'createdAt', is: 'at-least', value: '-2 hours', type: 'relative-date' }] }] }] },
  },
  loop: { shape: 'for-each', settings: { records: 'lines', concurrency: 4 }, next: { each: 'wait' } },
  wait: { shape: 'wait', settings: { mode: 'throttle', payloads: 10 }, next: { out: 'merge' } },
  merge: { shape: 'merge', settings: { how: 'join', inputs: ['filter', 'wait'], key: 'id', matches: 'all', into: 'stock' }, next: { out: 'dedupe' } },
  dedupe: { shape: 'de-dupe', settings: { pool: 'orders', key: 'id', confirm: true }, next: { out: 'cache' } },
  cache: { shape: 'load-from-cache', settings: { cache: 'customers', keys: ['{{ payload.customer }}'] }, next: { out: 'convert' } },
  convert: { shape: 'convert', settings: { from: 'csv', reading: { delimiter: ';', encoding: 'windows-1252' }, to: 'xml', writing: { record: 'order' }, pack: ['gzip', 'base64'], batch: 1_000 }, next: { out: 'chosen' } },
  chosen: { shape: 'filter', settings: { conditions: [{ of: '{{ flow.country }}', value: 'GB' }, { field: 'a very long field name.of.an.order.line.that.is.deeply.nested', value: 'x' }] }, next: { out: 'run' } },
  run: { shape: 'run-flow', settings: { flow: 'import-orders', wait: 'result', variables: { since: '{{ flow.since }}' } }, next: { out: 'check' } },
  check: { shape: 'validate', settings: { schema: { type: 'object', required: ['id'] } }, next: { invalid: 'dead', out: 'tell' } },
  tell: { shape: 'notify', settings: { message: 'Order {{ payload.id }} was sent', groups: ['warehouse'] } },
  dead: { shape: 'dead-letter' },
};
const workspace = await sampleWorkspace();
const browser = await openBrowser();
const only = process.argv[2] as Theme | undefined;
for (const theme of only ? [only] : (['light', 'dark'] as const)) {
  const host = new FlowPageHost({ text: JSON.stringify({ version: 1, title: 'Forms', start: 'branch', steps }, undefined, 2) }, workspace);
  await withPage<FlowView>(browser, { entry: 'webview/flow/main.ts', name: 'form-pictures', host: host.host, width: 1400, height: 1000, theme }, async ({ page, picture, view }) => {
    host.view = view;
    await page.waitForTimeout(500);
    for (const step of process.argv[3] ? [process.argv[3]] : Object.keys(steps)) {
      await view.select(step);
      await page.waitForTimeout(300);
      await picture(`form-${step}-${theme}`);
    }
  });
}
await browser.close();
