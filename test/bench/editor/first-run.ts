import { inVsCode } from '../../vscode/harness.ts';
import { print } from './figures.ts';

/** From the first opening of a fresh profile, where the package was just installed, to the sample that has run: what is clicked, how long it takes, and whom the window asks for anything. */
export async function measureFirstRun(): Promise<void> {
  await inVsCode('first-run', { workspace: 'none' }, async ({ workbench }) => {
    const { page } = workbench;
    const began = await page.evaluate(() => performance.timeOrigin);
    // The files of a webview have a name of that host; its service worker answers, from the extension's folder.
    const foreign = new Set<string>();
    page.on('request', (request) => { const { protocol, hostname } = new URL(request.url()); if (/^(http|ws)s?:$/.test(protocol) && !['127.0.0.1', 'localhost'].includes(hostname) && !/\.(localhost|vscode-resource\.vscode-cdn\.net)$/.test(hostname)) foreign.add(hostname); });
    let clicks = 0;
    const click = async (what: string): Promise<void> => { clicks++; await page.locator(what).first().click({ timeout: 60_000 }); };
    await click('.activitybar [aria-label^="Patchbay"]');
    await click('.pane .monaco-button:has-text("Open Sample")');
    await workbench.webview().getByRole('option').first().waitFor({ timeout: 120_000 });
    const opened = Date.now() - began;
    await click('.editor-actions [aria-label^="Run Flow"]');
    await workbench.notification('is through').waitFor({ timeout: 120_000 });
    await workbench.webview().locator('.node .caption').first().waitFor();
    print({ what: 'from the first opening to the sample on the canvas', value: opened / 1000, unit: 's', most: 30 });
    print({ what: 'from the first opening to the end of the first run', value: (Date.now() - began) / 1000, unit: 's', most: 60 });
    print({ what: 'clicks until then', value: clicks, unit: 'clicks', most: 3 });
    print({ what: `hosts that the window asked, beside this machine${foreign.size > 0 ? ` (${[...foreign].join(', ')})` : ''}`, value: foreign.size, unit: 'hosts', most: 0 });
  });
}

if (import.meta.main) await measureFirstRun();
