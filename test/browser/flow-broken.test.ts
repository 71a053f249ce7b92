import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parse, type ParseError } from 'jsonc-parser';
import type { Browser } from 'playwright-core';
import type { FlowView } from '../../webview/protocol/flow.ts';
import { openBrowser, withPage } from '../support/browser.ts';
import { FlowPageHost, readSample, sampleWorkspace } from '../support/flow-page.ts';

let browser: Browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

const isBroken = (text: string): boolean => {
  const errors: ParseError[] = [];
  parse(text, errors, { allowTrailingComma: true });
  return errors.length > 0;
};

/** The text, broken at a place: something is put in there, taken out, or the rest is cut off. */
function* breaks(text: string, count: number): Generator<string> {
  let seed = 11;
  const random = (below: number): number => { seed = (seed * 16_807) % 2_147_483_647; return seed % below; };
  const ways: readonly ((at: number) => string)[] = [
    ...['{', ']', '"', ',', ':', '\\', '\u0000', '/*'].map((put) => (at: number) => text.slice(0, at) + put + text.slice(at)),
    (at) => text.slice(0, at) + text.slice(at + 1),
    (at) => text.slice(0, at),
  ];
  for (let left = count; left > 0;) {
    const broken = ways[random(ways.length)]!(random(text.length));
    if (!isBroken(broken)) continue;
    left--;
    yield broken;
  }
}

test('a text that is broken at any place: the picture stays, nothing can be changed, and all is as it was when it is mended', async () => {
  const sample = await readSample('import-orders');
  const host = new FlowPageHost({ text: sample }, await sampleWorkspace());
  await withPage<FlowView>(browser, { entry: 'webview/flow/main.ts', name: 'flow-broken', host: host.host, width: 1500, height: 800 }, async ({ page, view }) => {
    host.view = view;
    const only = page.getByRole('option', { name: /^Only paid/ });
    await only.click();
    const names = (): Promise<(string | null)[]> => page.getByRole('option').evaluateAll((options) => options.map((option) => option.getAttribute('data-id')));
    const shown = await names();
    const banner = page.getByText(/JSON has a syntax error at line/);
    for (const broken of breaks(sample, 200)) {
      await host.replace(broken);
      await banner.waitFor().catch(() => { throw new Error(`No banner with this text:\n${broken}`); });
      await page.keyboard.press('d');
      await page.keyboard.press('Delete');
      assert.deepEqual(host.edits, []);
      assert.equal(host.text, broken);
      assert.deepEqual(await names(), shown, broken);
      await host.replace(sample);
      await banner.waitFor({ state: 'detached' });
      assert.deepEqual(await names(), shown);
      assert.equal(await only.getAttribute('aria-selected'), 'true');
    }
  });
});
