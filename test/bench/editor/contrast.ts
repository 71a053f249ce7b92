import type { Page } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { openScreens, type Screen } from '../../browser/screens.ts';
import { openBrowser, themes, withPage } from '../../support/browser.ts';
import { FlowPageHost, readSample, sampleRun, sampleWorkspace } from '../../support/flow-page.ts';
import type { FlowView } from '../../../webview/protocol/flow.ts';
import type { Api } from '../../../webview/protocol/rpc.ts';
import { print } from './figures.ts';

/** The least contrast of texts, of icons and of the ring about what has the focus, on every screen in every theme: `node test/bench/editor/contrast.ts [screen]`. */
export async function measureContrast(only?: string): Promise<void> {
  const [browser, { screens, end }, workspace, text] = await Promise.all([openBrowser(), openScreens(), sampleWorkspace(), readSample('import-orders')]);
  const failed: Place = {
    entry: 'flow', host: async () => new FlowPageHost({ text, ...sampleRun(text), diagnostics }, workspace), ready: (page) => page.getByRole('option', { name: /^Shop order/ }),
    begin: async (page, view) => { await view.select('to-erp'); await page.getByText(diagnostics[1].message).first().waitFor(); },
  };
  try {
    for (const theme of themes) {
      const found: Contrasts[] = [];
      for (const [on, { entry, host: openHost, ready, begin }] of Object.entries<Place>({ ...screens, failed }).filter(([name]) => only === undefined || name === only)) {
        const host = await openHost();
        await withPage<FlowView>(browser, { entry: `webview/${entry}/main.ts`, name: `contrast-${on}`, host: host.host, theme, width: 1500, height: 860 }, async ({ page, view }) => {
          host.view = view;
          await ready(page).waitFor();
          await begin?.(page, view);
          const [byAxe, { text: own, ...graphics }] = [await textContrast(page), await page.evaluate(contrasts)];
          found.push({ on, text: byAxe < own.value ? { value: byAxe, of: 'by axe' } : own, ...graphics });
        }).finally(() => host.end?.());
      }
      for (const [of, name, least] of [['text', 'least contrast of a text', 4.5], ['icon', 'least contrast of an icon', 3], ['focus', 'contrast of the ring about the focus', 3]] as const) {
        const { on, [of]: one } = found.reduce((worst, other) => (other[of].value < worst[of].value ? other : worst));
        print({ what: `${theme}: ${name} (${on}: ${one.of})`, value: one.value, unit: ': 1', least });
      }
    }
  } finally {
    await browser.close();
    await end();
  }
}

type Place = Screen & { readonly begin?: (page: Page, view: Api<FlowView>) => Promise<void> };

interface Contrast {
  readonly value: number;
  /** What it is of, as one finds it. */
  readonly of: string;
}

interface Contrasts {
  readonly on: string;
  readonly text: Contrast;
  readonly icon: Contrast;
  readonly focus: Contrast;
}

const diagnostics = [
  { file: '', path: '/steps/to-erp/settings/rules/1/from', line: 1, column: 1, severity: 'error', code: 'CONFIG_PATH', message: 'The path "number[" is not valid.' },
  { file: '', path: '/steps/to-erp/settings/onError', line: 1, column: 1, severity: 'warning', code: 'CONFIG_PATH', message: 'It is of no use.' },
] as const;

/** Of texts of usual size, as axe reckons it. */
async function textContrast(page: Page): Promise<number> {
  const { passes, violations } = await new AxeBuilder({ page }).withRules(['color-contrast']).analyze();
  const ratios = [...passes, ...violations].flatMap(({ nodes }) => nodes).flatMap(({ any }) => any.map(({ data }) => data as { readonly contrastRatio?: number; readonly expectedContrastRatio?: string } | null));
  return Math.min(...ratios.flatMap((data) => (data?.contrastRatio !== undefined && data.expectedContrastRatio === '4.5:1' ? [data.contrastRatio] : [])));
}

/** Runs in the page. Colours may be mixed or have alpha, so they are drawn upon each other. What is disabled is exempt. Texts once more: axe says nothing of those above a picture. */
function contrasts(): Omit<Contrasts, 'on'> {
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })!;
  const drawn = (colours: readonly string[]): number => {
    context.fillStyle = '#fff';
    for (const colour of ['#fff', ...colours]) { context.fillStyle = colour; context.fillRect(0, 0, 1, 1); }
    const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const ratio = (above: string, below: readonly string[]): number => { const [one, other] = [drawn([...below, above]), drawn(below)]; return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05); };
  const aroundOf = (element: Element): Element | null => element.assignedSlot ?? (element.parentNode instanceof ShadowRoot ? element.parentNode.host : element.parentElement);
  const backgroundsOf = (element: Element): string[] => {
    const around = aroundOf(element);
    return [...(around ? backgroundsOf(around) : []), getComputedStyle(element).backgroundColor];
  };
  const isExempt = (element: Element): boolean => element.matches('[disabled], [aria-disabled="true"], .for-screen-readers, .sr-only') || getComputedStyle(element).opacity === '0' || (aroundOf(element) !== null && isExempt(aroundOf(element)!));
  const found: { icon: Contrast; text: Contrast } = { icon: { value: Infinity, of: '' }, text: { value: Infinity, of: '' } };
  const look = (element: Element): void => {
    const isIcon = element.matches('.icon, .codicon');
    const words = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.nodeValue ?? '').join('').trim();
    const { width, height } = element.getBoundingClientRect();
    if (!(isIcon || words !== '') || element.matches('style, script') || width === 0 || height === 0 || isExempt(element)) return;
    const style = getComputedStyle(element);
    const value = ratio(element instanceof SVGElement ? style.fill : style.color, backgroundsOf(element));
    const kind = isIcon ? 'icon' : 'text';
    if (value < found[kind].value) found[kind] = { value, of: isIcon ? `.${[...element.classList].join('.')}` : words.slice(0, 40) };
  };
  const visit = (root: Document | ShadowRoot): void => {
    for (const element of root.querySelectorAll('*')) {
      look(element);
      if (element.shadowRoot) visit(element.shadowRoot);
    }
  };
  visit(document);
  const token = (name: string): string => { const probe = document.body.appendChild(document.createElement('i')); probe.style.color = `var(${name})`; const { color } = getComputedStyle(probe); probe.remove(); return color; };
  return { ...found, focus: { value: ratio(token('--vscode-focusBorder'), [token('--vscode-editor-background')]), of: 'focusBorder' } };
}

if (import.meta.main) await measureContrast(process.argv[2]);
