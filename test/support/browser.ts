import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { bootScript } from '../../webview/protocol/boot.ts';
import { connect, type Api } from '../../webview/protocol/rpc.ts';
import { chromiumFlags, findChromium } from './chromium.ts';

const root = join(import.meta.dirname, '..', '..');
const pictures = join(root, 'out', 'pictures');

export const themes = ['light', 'dark', 'hc-light', 'hc-dark'] as const;
export type Theme = (typeof themes)[number];

export async function openBrowser(): Promise<Browser> {
  const { path, env } = await findChromium();
  return chromium.launch({ executablePath: path, args: chromiumFlags, env: { ...process.env, ...env } as Record<string, string> });
}

export interface PageOptions {
  /** The screen's entry point, a path from the root of the repository. Served by the test itself, or … */
  readonly entry?: string;
  /** … a page that somebody else serves, which sees to its styles itself. */
  readonly at?: string;
  /** For the picture of a failure. */
  readonly name: string;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** What the host answers to the screen. The functions run in the test. */
  readonly host?: object;
  /** Or a script that installs `globalThis.patchbayHost`, a path from the root of the repository: for what must not wait for the test's process. */
  readonly hostScript?: string;
  /** What the host put into the page, as `bootData` reads it. */
  readonly boot?: unknown;
  /** Answers other paths than the page's own; says whether it did. The page may then fetch. */
  readonly serve?: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  /** What follows the address of the page: `#/runs`. */
  readonly hash?: string;
  readonly reducedMotion?: boolean;
  /** Messages of the console that belong to the test, such as an answer with status 401. */
  readonly expectedErrors?: RegExp;
}

/** A page that is open. At its end it is closed, and the test fails where the page has thrown or logged an error. */
export interface OpenPage<View extends object> {
  readonly page: Page;
  readonly url: string;
  /** The functions of the screen. */
  readonly view: Api<View>;
  picture(name: string): Promise<void>;
}

/** Opens a screen as a webview of VS Code would, with its rules for scripts, styles and fonts, and a theme's tokens. */
export async function withPage<View extends object>(browser: Browser, options: PageOptions, test: (open: OpenPage<View>) => Promise<void>): Promise<void> {
  const { theme = 'dark', width = 1100, height = 720 } = options;
  const server = options.at === undefined ? await servePage(options, theme) : { url: options.at, close() {} };
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme.includes('light') ? 'light' : 'dark', reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference', contrast: theme.startsWith('hc') ? 'more' : 'no-preference', permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
  page.on('console', (message) => { if (message.type() === 'error' && !options.expectedErrors?.test(message.text())) problems.push(message.text()); });
  const { remote } = await bridge<View>(page, options.host ?? {}, options.at === undefined && options.hostScript === undefined);
  const url = `${server.url.replace(/\/$/, '')}/${options.hash ?? ''}`;
  try {
    await page.goto(url);
    await test({ page, url, view: remote, picture: (name) => takePicture(page, name) });
    assert.deepEqual(problems, [], 'The page reported errors.');
  } catch (error) {
    await takePicture(page, `failed-${options.name}-${theme}`).catch(() => {});
    if (problems.length > 0 && error instanceof Error) error.message += `\nThe page reported:\n${problems.join('\n')}`;
    throw error;
  } finally {
    await context.close();
    server.close();
  }
}

/** Findings of axe that keep a person from using the screen. */
export async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary?.replaceAll(/\s+/g, ' ')}`));
}

/** The accessible name and role that has the focus, through all shadow roots. Icons are characters of a private range, and no part of the name. */
export const focused = (page: Page): Promise<string> => page.evaluate(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element ? `${element.getAttribute('role') ?? element.localName}: ${element.getAttribute('aria-label') ?? element.textContent?.replaceAll(/[\ue000-\uf8ff]/g, '').trim().replaceAll(/\s+/g, ' ') ?? ''}` : '';
});

export async function takePicture(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** The message port between the page and the test: it carries JSON, as that of VS Code does. */
async function bridge<View extends object>(page: Page, host: object, install: boolean): Promise<{ remote: Api<View> }> {
  const handlers = new Set<(message: unknown) => void>();
  const listen = (handler: (message: unknown) => void) => { handlers.add(handler); return () => handlers.delete(handler); };
  if (install) {
    await page.exposeFunction('patchbayToTest', (message: unknown) => { for (const handler of handlers) handler(message); });
    await page.addInitScript(() => {
      const inPage = new Set<(message: unknown) => void>();
      const page = globalThis as unknown as { patchbayHost: unknown; patchbayToTest(message: unknown): void; patchbayFromTest(message: unknown): void };
      page.patchbayFromTest = (message) => { for (const handler of inPage) handler(message); };
      page.patchbayHost = { post: (message: unknown) => page.patchbayToTest(JSON.parse(JSON.stringify(message))), listen: (handler: (message: unknown) => void) => { inPage.add(handler); return () => inPage.delete(handler); } };
    });
  }
  const deliver = async (message: unknown): Promise<void> => {
    // The page may be gone when a late answer comes.
    await page.evaluate((sent) => (globalThis as unknown as { patchbayFromTest(message: unknown): void }).patchbayFromTest(sent), JSON.parse(JSON.stringify(message))).catch(() => {});
  };
  return connect<View>({ post: (message) => void deliver(message), listen }, host);
}

async function servePage(options: PageOptions, theme: Theme): Promise<{ url: string; close(): void }> {
  const files = new Map<string, readonly [type: string, body: string | Uint8Array]>([
    ['/', ['text/html; charset=utf-8', pageHtml(options, theme)]],
    ...(await bundle(options.entry!, 'page')),
    ['/theme.css', ['text/css', await readFile(join(root, 'webview', 'shared', 'theme', `${theme}.css`))]],
    ...(await Promise.all((['codicon.css', 'codicon.ttf'] as const).map(async (name) => [`/${name}`, [name.endsWith('.css') ? 'text/css' : 'font/ttf', await readFile(join(root, 'node_modules', '@vscode', 'codicons', 'dist', name))]] as const))),
    ...(options.hostScript ? await bundle(options.hostScript, 'host') : []),
  ]);
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await options.serve?.(request, response)) return;
    const file = files.get(new URL(request.url ?? '/', 'http://page').pathname);
    response.writeHead(file ? 200 : 404, file ? { 'content-type': file[0], 'content-security-policy': contentPolicy(Boolean(options.serve)) } : {}).end(file?.[1]);
  }
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => { server.closeAllConnections(); server.close(); } };
}

type ServedFile = readonly [path: string, file: readonly [type: string, body: string]];
const bundles = new Map<string, Promise<readonly ServedFile[]>>();

/** Bundled as for the product, but readable in a stack. */
function bundle(entry: string, name: string): Promise<readonly ServedFile[]> {
  const made = bundles.get(entry) ?? build({ absWorkingDir: root, entryPoints: { [name]: entry }, bundle: true, splitting: true, write: false, outdir: '/', format: 'esm', platform: 'browser', target: 'es2024', logLevel: 'silent' })
    .then(({ outputFiles }) => outputFiles.map(({ path, text }): ServedFile => [path, ['text/javascript', text]]));
  bundles.set(entry, made);
  return made;
}

const contentPolicy = (fetches: boolean): string => `default-src 'none'; script-src 'nonce-page'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; worker-src blob:; connect-src ${fetches ? "'self'" : "'none'"}`;

const bodyClasses: Readonly<Record<Theme, string>> = { light: 'vscode-light', dark: 'vscode-dark', 'hc-light': 'vscode-high-contrast vscode-high-contrast-light', 'hc-dark': 'vscode-high-contrast' };

const pageHtml = ({ boot, hostScript, name }: PageOptions, theme: Theme): string => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>${name}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="theme.css">
  <link rel="stylesheet" href="codicon.css" id="vscode-codicon-stylesheet">
</head>
<body class="${bodyClasses[theme]}" data-vscode-theme-kind="${bodyClasses[theme].split(' ').at(-1)}">
  ${boot === undefined ? '' : bootScript(boot)}
  ${hostScript ? '<script type="module" nonce="page" src="host.js"></script>' : ''}
  <script type="module" nonce="page" src="page.js"></script>
</body>
</html>
`;
