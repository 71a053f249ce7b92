import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { chromium, type BrowserContext } from 'playwright-core';
import { onceAgain } from '../support/once-again.ts';
import { takePicture } from '../support/browser.ts';
import { chromiumFlags, findChromium } from '../support/chromium.ts';
import { install, installation } from './setup.ts';
import { Workbench } from './workbench.ts';

export const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'files.autoSave': 'off',
  'git.enabled': false,
  'editor.accessibilitySupport': 'off',
  'remote.autoForwardPorts': false,
};

export interface StoryOptions {
  /** Opened folder: a copy of the sample's files, these files by name, or none. */
  readonly workspace: 'sample' | 'none' | Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What a try may take from when VS Code answers; three minutes where nothing is said. */
  readonly timeoutMs?: number;
  /** Workspace trust as in the product: the folder is not trusted. */
  readonly restricted?: boolean;
  /** No `node` is on the machine's path. */
  readonly withoutNode?: boolean;
  /** VS Code as an app of the browser, which then keeps no key for itself. */
  readonly installed?: boolean;
}

export interface Story {
  readonly workbench: Workbench;
  /** The opened folder; where a sample goes that is opened from an empty window. */
  readonly folder: string;
  /** What the server has printed, and the extension's log. */
  log(): string;
  picture(name: string): Promise<void>;
}

/**
 * A test in a real VS Code with a fresh profile and the packaged extension. Where it fails, a picture lies in `out/pictures` and the log beside it. At its end
 * the editor's processes are ended, and with them the runner. A story that fails is told once again, in another VS Code, with another profile and folder: the
 * first failure is printed as `again: …`, and is a bug to be looked into.
 */
export function story(name: string, options: StoryOptions, tell: (story: Story) => Promise<void>): void {
  // Each try has its own end; this one is for what hangs before it.
  const timeout = 2 * ((options.timeoutMs ?? 180_000) + 120_000);
  void test(name, { timeout }, () => onceAgain(name, (shown) => inVsCode(shown, options, tell)));
}

/** The same without a test, and once. */
export async function inVsCode(name: string, options: StoryOptions, tell: (story: Story) => Promise<void>): Promise<void> {
  await install();
  const vsix = await packaged();
  const vscode = await startVsCode(vsix, options);
  try {
    const context = await openBrowser(vscode, options);
    const page = context.pages()[0] ?? (await context.newPage());
    const workbench = new Workbench(page, vscode.url);
    const thrown: string[] = [];
    page.on('pageerror', ({ stack = '' }) => { if (stack.includes('patchbay.patchbay')) thrown.push(stack); });
    const picture = (shown: string): Promise<void> => takePicture(page, `vscode-${shown}`);
    const told = async (): Promise<void> => {
      await workbench.open();
      await tell({ workbench, folder: vscode.folder, log: vscode.log, picture });
      assert.deepEqual(thrown, [], 'A page of the extension reported errors.');
    };
    try {
      await within(options.timeoutMs ?? 180_000, told());
    } catch (error) {
      const failed = `failed-${name.replaceAll(/\W+/g, '-').toLowerCase()}`;
      await picture(failed).catch(() => {});
      writeFileSync(join(root, 'out', 'pictures', `vscode-${failed}.log`), vscode.log());
      throw error;
    } finally {
      await context.close();
    }
  } finally {
    await vscode.stop();
  }
}

/** Throws where it takes longer. What then goes on fails soon, as its page is closed. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error(`It took longer than ${ms / 1000} s.`)), ms); });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Nothing went wrong in the extension, or in VS Code's host of it, that nobody has answered for. */
export function assertQuiet({ log }: Pick<Story, 'log'>): void {
  assert.deepEqual(log().split('\n').filter((line) => /\[error\]|unhandled|rejected promise/i.test(line)), []);
}

/** For what happens outside of the page. */
export async function waitUntil(isSo: () => boolean): Promise<void> {
  for (let left = 400; !isSo(); left--) {
    if (left === 0) throw new Error(`It did not come to that: ${isSo.toString()}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

interface VsCode {
  readonly url: string;
  readonly work: string;
  readonly folder: string;
  log(): string;
  stop(): Promise<void>;
}

async function startVsCode(vsix: string, { workspace, settings = {}, restricted = false, withoutNode = false }: StoryOptions): Promise<VsCode> {
  const work = mkdtempSync(join(tmpdir(), 'patchbay-vscode-'));
  const [folder, temporary, user] = ['workspace', 't', 'user'].map((name) => join(work, name)) as [string, string, string];
  mkdirSync(temporary);
  if (workspace !== 'none') fill(folder, workspace === 'sample' ? sampleFiles() : workspace);
  const trust = restricted ? { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' } : {};
  fill(work, {
    'user/User/settings.json': JSON.stringify({ ...quietSettings, ...trust, ...settings }, undefined, 2),
    // Settings of the machine are not taken from those of the user.
    'user/Machine/settings.json': JSON.stringify({ 'patchbay.sample.folder': folder }),
    // Without a file of its own the server would write one into the home folder.
    'config.yaml': 'auth: none\ncert: false\n',
  });
  const common = [installation.codeServer, '--config', join(work, 'config.yaml'), '--user-data-dir', user, '--extensions-dir', join(work, 'extensions')];
  const env = cleanEnvironment({ HOME: work, TMPDIR: temporary, XDG_RUNTIME_DIR: temporary, ...(withoutNode && { PATH: pathWithoutNode(work) }) });
  const remove = (): void => rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  await run(installation.node, [...common, '--install-extension', vsix], { env }).catch((error: unknown) => { remove(); throw error; });
  const port = await freePort();
  const flags = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', ...(restricted ? [] : ['--disable-workspace-trust'])];
  const child = spawn(installation.node, [...common, ...flags, ...(workspace === 'none' ? ['--ignore-last-opened'] : [folder])], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => { output += data.toString('utf8'); });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const base = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    // The group: our own child and its extension hosts.
    const end = (signal: NodeJS.Signals): void => { try { process.kill(-child.pid!, signal); } catch { /* It has ended. */ } };
    end('SIGTERM');
    await Promise.race([exited, new Promise((resolve) => { setTimeout(resolve, 5000).unref(); })]);
    end('SIGKILL');
    remove();
  };
  try {
    await until(`${base}/healthz`, () => { if (child.exitCode !== null) throw new Error(`VS Code did not start:\n${output}`); });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `${base}/?${new URLSearchParams(workspace === 'none' ? { ew: 'true' } : { folder })}`, work, folder,
    log: () => `${output}\n${logsOf(user)}`,
    stop,
  };
}

async function openBrowser({ work, url }: VsCode, { installed = false }: StoryOptions): Promise<BrowserContext> {
  const { path, env } = await findChromium();
  const context = await chromium.launchPersistentContext(join(work, 'chromium'), {
    executablePath: path, headless: true, viewport: { width: 1360, height: 860 }, env: { ...process.env, ...env } as Record<string, string>,
    // Nothing but this machine can be reached.
    args: [...chromiumFlags, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'],
  });
  context.setDefaultTimeout(30_000);
  if (installed) await context.addInitScript(asInstalled);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
  return context;
}

/** Runs in the page: what it asks for is true of a window of an app that is installed. */
function asInstalled(): void {
  const { matchMedia } = window;
  window.matchMedia = (query) => matchMedia.call(window, query.includes('display-mode: standalone') ? 'all' : query);
}

/** The package of the sources as they are; made where it is missing or older than they are. */
async function packaged(): Promise<string> {
  const vsix = join(root, 'patchbay.vsix');
  const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'extension', 'plugins', 'samples', 'server', 'webview', 'package.json', '.vscodeignore'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const newest = Math.max(...sources.filter((file) => !file.endsWith('.test.ts') && existsSync(join(root, file))).map((file) => statSync(join(root, file)).mtimeMs));
  if (!existsSync(vsix) || statSync(vsix).mtimeMs < newest) await run(process.execPath, [join(root, 'extension', 'build.ts'), '--package'], { cwd: root });
  return vsix;
}

function sampleFiles(): Record<string, string> {
  const sample = join(root, 'samples', 'brook-and-co');
  const names = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: sample, encoding: 'utf8' }).trim().split('\n').filter((file) => !/^mocks\/|^(demo|start)\.ts$/.test(file));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(sample, name), 'utf8')]));
}

function fill(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Nothing of a VS Code that runs these tests, and no gallery. */
function cleanEnvironment(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS|NODE_TEST_CONTEXT)/.test(name)));
  return { ...own, EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: '', itemUrl: '', resourceUrlTemplate: '', controlUrl: '', nlsBaseUrl: '', publisherUrl: '' }), ...more };
}

/** A folder with the tools that VS Code itself calls. */
function pathWithoutNode(work: string): string {
  const folder = join(work, 'bin');
  mkdirSync(folder);
  const tools = execFileSync('which', ['-a', 'sh', 'bash', 'env', 'cat', 'sed', 'ps', 'uname', 'which', 'id', 'dirname', 'readlink'], { encoding: 'utf8' }).trim().split('\n');
  for (const tool of tools.toReversed()) {
    rmSync(join(folder, basename(tool)), { force: true });
    symlinkSync(tool, join(folder, basename(tool)));
  }
  return folder;
}

function logsOf(user: string): string {
  try {
    return execFileSync('sh', ['-c', `find logs -type f '(' -name "*Patchbay*.log" -o -name "remoteexthost.log" ')' -exec tail -n 200 {} +`], { cwd: user, encoding: 'utf8' });
  } catch {
    return '';
  }
}

async function until(url: string, check: () => void): Promise<void> {
  for (let left = 600; left > 0; left--) {
    check();
    if (await fetch(url).then(({ ok }) => ok, () => false)) return;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error(`${url} does not answer.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}
