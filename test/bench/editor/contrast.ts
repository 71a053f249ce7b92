import type { Page } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { openScreens, type Screen } from '../../browser/screens.ts';
import { openBrowser, themes, withPage } from '../../support/browser.ts';
import { print } from './figures.ts';

/** The least contrast of texts, of icons and of the ring about what has the focus, on every screen in every theme: `node test/bench/editor/contrast.ts [screen]`. */
export async function measureContrast(only?: string): Promise<void> {
  const [browser, { screens, end }] = await Promise.all([openBrowser(), openScreens()]);
  try {
    for (const theme of themes) {
      const found: Contrasts[] = [];
      for (const [on, { entry, host: begin, ready }] of Object.entries<Screen>(screens).filter(([name]) => only === undefined || name === only)) {
        const host = await begin();
        await withPage(browser, { entry: `webview/${entry}/main.ts`, name: `contrast-${on}`, host: host.host, theme, width: 1500, height: 860 }, async ({ page, view }) => {
          host.view = view;
          await ready(page).waitFor();
          found.push({ text: await textContrast(page), ...(await page.evaluate(graphicContrasts)) });
        }).finally(() => host.end?.());
      }
      const least = (of: keyof Contrasts): number => Math.min(...found.map((one) => one[of]));
      print({ what: `${theme}: least contrast of a text`, value: least('text'), unit: ': 1', least: 4.5 });
      print({ what: `${theme}: least contrast of an icon`, value: least('icon'), unit: ': 1', least: 3 });
      print({ what: `${theme}: contrast of the ring about the focus`, value: least('focus'), unit: ': 1', least: 3 });
    }
  } finally {
    await browser.close();
    await end();
  }
}

interface Contrasts {
  readonly text: number;
  readonly icon: number;
  readonly focus: number;
}

/** Of texts of usual size, as axe reckons it. */
async function textContrast(page: Page): Promise<number> {
  const { passes, violations } = await new AxeBuilder({ page }).withRules(['color-contrast']).analyze();
  const ratios = [...passes, ...violations].flatMap(({ nodes }) => nodes).flatMap(({ any }) => any.map(({ data }) => data as { readonly contrastRatio?: number; readonly expectedContrastRatio?: string } | null));
  return Math.min(...ratios.flatMap((data) => (data?.contrastRatio !== undefined && data.expectedContrastRatio === '4.5:1' ? [data.contrastRatio] : [])));
}

/** Runs in the page. Colours may be mixed or have alpha, so they are drawn upon each other. What is disabled is exempt. */
function graphicContrasts(): { icon: number; focus: number } {
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })!;
  const drawn = (colours: readonly string[]): number => {
    context.fillStyle = '#fff';
    for (const colour of ['#fff', ...colours]) { context.fillStyle = colour; context.fillRect(0, 0, 1, 1); }
    const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const ratio = (above: string, below: readonly string[]): number => { const [one, other] = [drawn([...below, above]), drawn(below)]; return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05); };
  const backgroundsOf = (element: Element): string[] => {
    const parent = element.assignedSlot ?? (element.parentNode instanceof ShadowRoot ? element.parentNode.host : element.parentElement);
    return [...(parent ? backgroundsOf(parent) : []), getComputedStyle(element).backgroundColor];
  };
  let icon = Infinity;
  const visit = (root: Document | ShadowRoot): void => {
    for (const element of root.querySelectorAll('.icon, .codicon')) {
      const { width, height } = element.getBoundingClientRect();
      if (width > 0 && height > 0 && !element.closest('[disabled], [aria-disabled="true"]')) icon = Math.min(icon, ratio(getComputedStyle(element).color, backgroundsOf(element)));
    }
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot && !element.matches('[disabled]')) visit(element.shadowRoot);
  };
  visit(document);
  const token = (name: string): string => { const probe = document.body.appendChild(document.createElement('i')); probe.style.color = `var(${name})`; const { color } = getComputedStyle(probe); probe.remove(); return color; };
  return { icon, focus: ratio(token('--vscode-focusBorder'), [token('--vscode-editor-background')]) };
}

if (import.meta.main) await measureContrast(process.argv[2]);
