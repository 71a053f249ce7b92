import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, context, type BuildOptions } from 'esbuild';
import { buildScriptChild } from '../plugins/scripts/vm2/bundle.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const shared: BuildOptions = { absWorkingDir: root, bundle: true, minify: true, legalComments: 'none', logLevel: 'warning' };

/** ESM bundles of packages that still call `require`. */
const requireBanner = "import { createRequire as patchbayRequire } from 'node:module'; const require = patchbayRequire(import.meta.url);";

/** What the product consists of: VS Code loads a CommonJS file, everything else is ESM. */
const bundles: readonly BuildOptions[] = [
  { ...shared, entryPoints: ['extension/extension.ts'], outfile: 'dist/extension.cjs', platform: 'node', format: 'cjs', target: 'node22', external: ['vscode'] },
  { ...shared, entryPoints: { runner: 'server/main.ts', patchbay: 'server/cli/patchbay.ts' }, outdir: 'dist', platform: 'node', format: 'esm', target: 'node22', banner: { js: requireBanner } },
  { ...shared, entryPoints: Object.fromEntries(['flow', 'run', 'operate'].map((name) => [name, `webview/${name}/main.ts`])), outdir: 'dist/webview', platform: 'browser', format: 'esm', target: 'es2024' },
];

async function copyFiles(): Promise<void> {
  await mkdir(join(dist, 'webview'), { recursive: true });
  for (const name of ['codicon.css', 'codicon.ttf']) await cp(join(root, 'node_modules/@vscode/codicons/dist', name), join(dist, 'webview', name));
  await cp(join(root, 'plugins/catalog.json'), join(dist, 'catalog.json'));
  await cp(join(root, 'server/model/schemas'), join(dist, 'schemas'), { recursive: true });
}

async function buildAll(): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await Promise.all([...bundles.map((options) => build(options)), copyFiles()]);
  await buildScriptChild(join(dist, 'script-child.cjs'));
}

async function watch(): Promise<void> {
  await buildAll();
  for (const options of bundles) await (await context({ ...options, minify: false, sourcemap: 'linked', logLevel: 'info' })).watch();
}

const options = process.argv.slice(2);
const unknown = options.find((option) => option !== '--watch');
if (unknown) {
  console.error(`The build does not know ${unknown}. Use: node extension/build.ts [--watch]`);
  process.exitCode = 2;
} else {
  await (options.includes('--watch') ? watch() : buildAll());
}
