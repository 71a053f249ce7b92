import { openBrowser, themes, withPage, type Theme } from '../support/browser.ts';
import { serveRecorded, token } from './recorded-runner.ts';

/** Pictures of the operators' page for people to look at: `node test/browser/pictures-operate.ts [theme]`, into out/pictures. */
const only = process.argv[2] as Theme | undefined;
const browser = await openBrowser();
const served = await serveRecorded({ runs: 2_000 });
try {
  for (const theme of only ? [only] : themes) {
    await withPage(browser, { at: served.url, name: 'pictures-operate', theme, width: 1200, height: 800 }, async ({ page, picture }) => {
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      await picture(`operate-sign-in-${theme}`);
      await page.goto(`${served.url}#token=${token}`);
      await page.reload();
      await page.getByRole('row', { name: /Success/ }).first().waitFor();
      await picture(`operate-runs-${theme}`);
      await page.goto(`${served.url}#/flows/order-webhook`);
      await page.getByRole('heading', { name: 'Answer the order webhook' }).waitFor();
      await picture(`operate-flows-${theme}`);
      await page.goto(`${served.url}#/runs/run_01JDFW3Z7M4Q`);
      await page.getByRole('treeitem').first().waitFor();
      await picture(`operate-run-${theme}`);
    });
  }
} finally {
  await browser.close();
  await served.close();
}
