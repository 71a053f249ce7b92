import { story } from './harness.ts';

story('the walkthrough leads from nothing to the sample', { workspace: 'none' }, async ({ workbench, picture }) => {
  const { page } = workbench;
  await workbench.command('Open Walkthrough');
  await workbench.pick('Start with Patchbay');
  await page.getByText('A flow that runs, in six steps.').first().waitFor();
  const steps = page.locator('.getting-started-step');
  await steps.nth(5).waitFor();
  await steps.filter({ hasText: 'Stop and go back' }).click();
  await page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame').getByText('What was sent is not sent again.').waitFor();
  await picture('walkthrough');
});
