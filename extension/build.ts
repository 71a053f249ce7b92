import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { build, context, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { buildScriptChild, childFileName, children } from '../plugins/scripts/sandbox/bundle.ts';
import { licencesOf } from './licences.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
// `module` first: the main file of jsonc-parser is UMD, whose parts no bundler finds.
const shared: BuildOptions = { absWorkingDir: root, bundle: true, minify: true, legalComments: 'none', logLevel: 'warning', metafile: true, mainFields: ['module', 'main'] };

/** ESM bundles of packages that still call `require`, and ask where they lie. */
const requireBanner = "import { createRequire as patchbayRequire } from 'node:module'; const require = patchbayRequire(import.meta.url), __dirname = import.meta.dirname;";
/** The client of SQL Server brings ways to log in to Azure, 50 MB of them, that no setting of ours can choose. */
const withoutAzure: Plugin = {
  name: 'without-azure',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@azure\// }, ({ path }) => ({ path, namespace: 'azure' }));
    onLoad({ filter: /./, namespace: 'azure' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};
/** The client of SSH is quicker with parts that are compiled on the machine, and does without where there are none. */
const withoutNative: Plugin = {
  name: 'without-native',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cpu-features$|sshcrypto\.node$/ }, ({ path }) => ({ path, namespace: 'native' }));
    onLoad({ filter: /./, namespace: 'native' }, () => ({ contents: "throw new Error('It is not there.');", loader: 'js' }));
  },
};

const node: BuildOptions = { ...shared, outdir: 'dist', platform: 'node', format: 'esm', target: 'node22', banner: { js: requireBanner } };
const page: BuildOptions = { ...shared, outdir: 'dist/webview', platform: 'browser', format: 'esm', target: 'es2024', mainFields: ['browser', 'module', 'main'] };

/** What VS Code loads. What works on the content of files comes behind the views and editors that ask for it. */
const extension: BuildOptions = { ...node, entryPoints: { extension: 'extension/extension.ts' }, external: ['vscode'], splitting: true, chunkNames: 'extension-[name]-[hash]' };

/** What else the product consists of. */
const bundles: readonly BuildOptions[] = [
  {
    ...node,
    // Plugins are loaded when they are used; what the runner, the command line and the threads share is there once.
    splitting: true, chunkNames: '[name]-[hash]', plugins: [withoutAzure, withoutNative],
    entryPoints: { runner: 'server/main.ts', patchbay: 'server/cli/patchbay.ts', ...threads('server/stores/writer-worker', 'server/runner/plugin-probe', 'server/runner/executor-thread', 'server/runner/import-thread') },
  },
  // `import.meta.main` is not known to the oldest Node that VS Code brings, and there is nothing to run in what is only imported.
  { ...node, entryPoints: { 'sample-servers': 'extension/sample/servers.ts' }, define: { 'import.meta.main': 'false' } },
  { ...page, entryPoints: screens('connector', 'inbox', 'lookup', 'map', 'run', 'settings', 'operate') },
  // The editor of mappings is loaded when the first one is opened over its flow.
  { ...page, entryPoints: screens('flow'), splitting: true, chunkNames: 'flow-[name]-[hash]' },
];

function screens(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `webview/${name}/main.ts`]));
}

/** Files that are started as threads or processes of their own: they lie beside the bundle by their names. */
function threads(...files: readonly string[]): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file.split('/').at(-1)!, `${file}.ts`]));
}

/** The sample as a user gets it: without its servers and scripts for this repository, which are bundled. */
const samplePath = 'samples/brook-and-co';
const notOfSample = /\/(mocks|node_modules|\.patchbay)$|\/(demo|start|[\w-]+\.test)\.ts$/;

async function copyFiles(): Promise<void> {
  await mkdir(join(dist, 'webview'), { recursive: true });
  for (const name of ['codicon.css', 'codicon.ttf']) await cp(join(root, 'node_modules/@vscode/codicons/dist', name), join(dist, 'webview', name));
  await cp(join(root, 'plugins/catalog.json'), join(dist, 'catalog.json'));
  await copySchemas();
  await cp(join(root, samplePath), join(dist, samplePath), { recursive: true, filter: (path) => !notOfSample.test(path.replaceAll('\\', '/')) });
}

/**
 * VS Code completes and explains by the schemas, and must find no fault: `lint` tells of those, in files that are closed, too, and each would stand in Problems twice.
 * What is forbidden in vain is still known to VS Code, and what is forbidden to be forbidden is as good as said.
 */
async function copySchemas(): Promise<void> {
  await mkdir(join(dist, 'schemas'));
  for (const name of await readdir(join(root, 'server/model/schemas'))) {
    const schema: unknown = JSON.parse(await readFile(join(root, 'server/model/schemas', name), 'utf8'));
    await writeFile(join(dist, 'schemas', name), JSON.stringify({ allowComments: true, not: { allOf: [{ not: schema }, false] } }));
  }
}

/** What VS Code loads before anything of ours is shown, which is the file it names and all that this one imports at once; and all that comes behind it, too. */
const mostLoadedBytes = { 'at once': 250_000, 'in all': 1_100_000 };

async function buildExtension(): Promise<Metafile> {
  const { metafile } = await build(extension);
  const { outputs } = metafile!;
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { path, kind, external } of outputs[file]!.imports) if (kind === 'import-statement' && !external) load(path);
  };
  load('dist/extension.js');
  const sizeOf = (files: readonly string[]): number => files.reduce((sum, file) => sum + outputs[file]!.bytes, 0);
  const sizes = { 'at once': sizeOf([...loaded]), 'in all': sizeOf(Object.keys(outputs)) };
  for (const [what, bytes] of Object.entries(sizes)) {
    const most = mostLoadedBytes[what as keyof typeof sizes];
    if (bytes > most) throw new Error(`The extension loads ${bytes.toLocaleString('en')} bytes ${what}; ${most.toLocaleString('en')} are the limit. See what has come into it, and whether it could be imported where it is used, or the runner or a page could do it instead.`);
  }
  return metafile!;
}

async function buildAll(): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  const [made] = await Promise.all([Promise.all([buildExtension(), ...bundles.map(async (options) => (await build(options)).metafile!)]), copyFiles()]);
  const files = made.flatMap(({ inputs }) => Object.keys(inputs));
  for (const kind of children) files.push(...(await buildScriptChild(kind, join(dist, childFileName(kind)))));
  await writeFile(join(dist, 'licences.txt'), await licencesOf([...files.map((file) => resolve(root, file)), join(root, 'node_modules/@vscode/codicons/dist')]));
}

async function watch(): Promise<void> {
  await buildAll();
  for (const options of [extension, ...bundles]) await (await context({ ...options, minify: false, sourcemap: 'linked', logLevel: 'info' })).watch();
}

const mostBytes = 6 * 2 ** 20;

/** The file that VS Code installs. What it holds says `.vscodeignore`; packages are in the bundles. */
async function makePackage(): Promise<void> {
  await buildAll();
  const packagePath = join(root, 'patchbay.vsix');
  // The README of the repository is for who works on it, and links to its files.
  await createVSIX({ cwd: root, packagePath, dependencies: false, allowMissingRepository: true, readmePath: 'extension/marketplace.md' });
  const { size } = await stat(packagePath);
  console.log(`${packagePath}: ${(size / 2 ** 20).toFixed(1)} MB`);
  if (size > mostBytes) throw new Error(`The package is ${(size / 2 ** 20).toFixed(1)} MB; ${mostBytes / 2 ** 20} MB are the limit.`);
}

const modes: Readonly<Record<string, () => Promise<void>>> = { '': buildAll, '--watch': watch, '--package': makePackage };
const [mode = '', ...rest] = process.argv.slice(2);
const run = rest.length === 0 && Object.hasOwn(modes, mode) ? modes[mode] : undefined;
if (run) await run();
else {
  console.error(`The build does not know ${[mode, ...rest].join(' ')}. Use: node extension/build.ts [--watch | --package]`);
  process.exitCode = 2;
}
