import { openBrowser, themes, withPage, type Theme } from '../../support/browser.ts';
import type { RunView } from '../../../webview/protocol/run.ts';
import { recordedHost } from '../recorded-run.ts';

/** Pictures of the run view for people to look at: `node test/browser/pictures.ts run`, into out/pictures. */
const browser = await openBrowser();
const only = process.argv[2] as Theme | undefined;
for (const theme of only ? [only] : themes) {
  await withPage<RunView>(browser, { entry: 'webview/run/main.ts', name: 'pictures', theme, host: recordedHost().host, width: 1200, height: 800 }, async ({ page, picture }) => {
    await page.getByRole('row', { name: /Map: order/ }).waitFor();
    await page.waitForTimeout(300);
    await picture(`run-failed-${theme}`);
    await page.getByRole('row', { name: /Get orders/ }).click();
    await page.getByRole('tab', { name: /Out/ }).click();
    await page.waitForTimeout(300);
    await picture(`run-out-${theme}`);
    await page.getByRole('row', { name: /Only paid/ }).click();
    await page.getByRole('treeitem', { name: /customer/ }).click();
    await page.getByRole('button', { name: 'Where does this come from?' }).click();
    await page.waitForTimeout(200);
    await picture(`run-lineage-${theme}`);
    await page.getByRole('tab', { name: 'Requests' }).click();
    await page.waitForTimeout(300);
    await picture(`run-requests-${theme}`);
    await page.getByRole('row', { name: /Whole run/ }).click();
    await page.getByRole('tab', { name: 'Logs' }).click();
    await page.waitForTimeout(300);
    await picture(`run-logs-${theme}`);
    await page.getByRole('row', { name: /Map: order/ }).click();
    await page.getByRole('tab', { name: 'Changes' }).click();
    await page.getByRole('treeitem', { name: /total_price|total price/ }).first().click();
    await page.waitForTimeout(300);
    await picture(`run-changes-${theme}`);
    await page.getByRole('button', { name: 'Compare with another run' }).click();
    await page.getByRole('treeitem').first().waitFor();
    await page.waitForTimeout(300);
    await picture(`run-compare-${theme}`);
  });
}
await withPage<RunView>(browser, { entry: 'webview/run/main.ts', name: 'pictures', theme: 'dark', host: recordedHost().host, width: 420, height: 800 }, async ({ page, picture }) => {
  await page.waitForTimeout(500);
  await picture('run-narrow-dark');
});
await browser.close();
