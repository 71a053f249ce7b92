import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { openPlugins, type Plugins, type WantedPlugins } from './load-plugins.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-plugins-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

const transform = (type: string, body = 'value + 1', more = ''): string => `{ kind: 'transform', type: '${type}', title: 'T', summary: 'Does it.', settings: { type: 'object', properties: {}, additionalProperties: false }, examples: [], compile: () => (value) => ${body}, ${more} }`;

interface World {
  readonly root: string;
  readonly wanted: WantedPlugins;
  /** `loadTimeoutMs`: ample for a machine that is busy. */
  open(loadTimeoutMs?: number): Promise<Plugins>;
}

function world(files: Readonly<Record<string, string>>, packages: readonly string[] = []): World {
  const root = join(folder, `${++last}`);
  mkdirSync(root);
  for (const [file, text] of Object.entries(files)) write(root, file, text);
  const own = Object.keys(files).filter((file) => file.startsWith('plugins/')).map((file) => ({ path: join(root, file), source: file }));
  const wanted = { files: own, packages };
  return { root, wanted, open: (loadTimeoutMs = 60_000) => openPlugins({ root, loadTimeoutMs }, wanted) };
}

function write(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

async function apply(plugins: Plugins, type: string, value: unknown): Promise<unknown> {
  const plugin = await plugins.registry.find('transform', type);
  assert.ok(plugin && !plugin.column, `there is a transform ${type}`);
  return (await plugin.compile(plugins.registry.complete(plugin, {}) as never, {} as never))(value, { now: 0, random: () => 0 });
}

const good = `export default ${transform('good')};`;

describe('a plugin that does not behave is named, and the rest goes on', () => {
  for (const [title, text, error, loadTimeoutMs] of [
    ['it throws', "throw new Error('no licence');", /no licence/],
    ['it does not parse', 'export default {;', /SyntaxError/],
    ['it imports what is not there', "import 'not-there'; export default {};", /not-there/],
    ['it waits for ever', 'await new Promise(() => setInterval(() => 0, 1000)); export default 1;', /within 5 seconds/, 5_000],
    ['it never comes back', 'for (;;);', /within 5 seconds/, 5_000],
    ['it fills the memory', 'const all = []; for (;;) all.push(new Array(1_000_000).fill(1.5));', /ended its thread/],
    ['it exits', 'process.exit(0);', /ended its thread/],
    ['it throws later', "setTimeout(() => { throw new Error('later'); }, 0); await new Promise(() => setInterval(() => 0, 1000));", /later/],
    ['it throws what is no error', 'throw null;', /threw null/],
    ['it is a number', 'export default 42;', /a number, not a plugin/],
    ['it is null', 'export default null;', /null, not a plugin/],
    ['its kind does not exist', `export default { ...${transform('x')}, kind: 'magic' };`, /kind "magic"/],
    ['its type is no name', `export default ${transform('Not A Name')};`, /lower-case words/],
    ['it has no summary', `export default { ...${transform('x')}, summary: undefined };`, /summary/],
    ['it lacks its function', `export default { ...${transform('x')}, compile: 1 };`, /no function "compile"/],
    ['its schema is open', `export default { ...${transform('x')}, settings: { type: 'object' } };`, /not a closed object/],
    ['its schema is no schema', `export default { ...${transform('x')}, settings: { type: 'object', additionalProperties: false, properties: { a: { type: 'nothing', title: 'A', description: 'A.' } } } };`, /not valid/],
    ['a field has no title', `export default { ...${transform('x')}, settings: { type: 'object', additionalProperties: false, properties: { a: { type: 'string' } } } };`, /"a".*no title/],
    ['it takes the name of one that is built in', `export default ${transform('trim')};`, /"trim" is built in/],
    ['it takes an alias of one that is built in', `export default ${transform('cast-to-float')};`, /built in/],
    ['one of its two is wrong', `export default [${transform('x')}, 7];`, /a number/],
  ] as const) {
    test(title, async () => {
      const { open } = world({ 'plugins/a-bad.ts': text, 'plugins/good.ts': good });
      const plugins = await open(loadTimeoutMs);
      const [bad, fine] = plugins.states;
      assert.deepEqual([bad?.source, bad?.state, bad?.provides], ['plugins/a-bad.ts', 'failed', []]);
      assert.match(bad?.error ?? '', error);
      assert.match(bad?.error ?? '', /[.!?]$/);
      assert.deepEqual([fine?.state, await apply(plugins, 'good', 1)], ['loaded', 2]);
      await plugins.close();
    });
  }
});

describe('a plugin that fails at work is named, with the place in its file', () => {
  for (const [title, text, expected] of [
    ['it throws', `export default ${transform('x', '{\n  throw new TypeError("no") }')};`, { message: 'The transform "x" failed: TypeError: no.', place: { file: 'plugins/x.ts', line: 2, column: 9 } }],
    ['it throws what is no error', `export default ${transform('x', '{ throw "plain" }')};`, { message: 'The transform "x" failed: plain.', place: { file: 'plugins/x.ts' } }],
    ['it gives a function', `export default ${transform('x', '() => 1')};`, { message: 'The transform "x" gave a function, which is no JSON.' }],
    ['it gives a promise', `export default ${transform('x', 'Promise.resolve(1)')};`, { message: 'The transform "x" gave a promise, which is no JSON.' }],
    ['it gives another type than it says', `export default ${transform('x', '1', "gives: ['string', 'null']")};`, { message: 'The transform "x" gave a value of type number, but says that it gives string, null.' }],
    ['it compiles to nothing', `export default { ...${transform('x')}, compile: () => 1 };`, { message: 'The transform "x" must compile to a function; it gave number.' }],
  ] as const) {
    test(title, async () => {
      const plugins = await world({ 'plugins/x.ts': text }).open();
      await assert.rejects(apply(plugins, 'x', 1), { code: 'PLUGIN_FAILED', remedy: 'Correct plugins/x.ts.', ...expected });
      await plugins.close();
    });
  }
  test('an expected failure stays what it is', async () => {
    const plugins = await world({ 'plugins/x.ts': `export default ${transform('x', '{ throw Object.assign(new Error("bad"), { name: "FlowError", code: "DATA_INVALID" }) }')};` }).open();
    await assert.rejects(apply(plugins, 'x', 1), { code: 'DATA_INVALID' });
  });
  for (const [title, text, spot] of [
    ['a syntax error in TypeScript', 'const a: number = 1;\n\nexport default {', [3, undefined]],
    ['a syntax error in JavaScript', 'const a = 1;\nexport default {{', [2, 17]],
    ['an error of loading', '\n\nthrow new Error("no")', [3, 7]],
  ] as const) {
    test(title, async () => {
      const file = title.endsWith('JavaScript') ? 'plugins/x.js' : 'plugins/x.ts';
      const [state] = (await world({ 'package.json': '{"type":"module"}', [file]: text }).open()).states;
      assert.deepEqual([state?.line, state?.column], spot);
    });
  }
});

test('TypeScript, several plugins of a file, aliases, helpers beside them', async () => {
  const { open } = world({
    'plugins/two.ts': `import { add } from './lib/add.ts'; interface X { a: number }\nconst x: X = { a: 1 }; export default [${transform('one', 'add(value, x.a)', "aliases: ['uno']")}]; export const plugins = [${transform('two', 'value + 2')}];`,
    'plugins/lib/add.ts': 'export const add = (a: number, b: number): number => a + b;',
  });
  const plugins = await open();
  assert.deepEqual(plugins.states, [{ source: 'plugins/two.ts', state: 'loaded', provides: [{ kind: 'transform', type: 'one' }, { kind: 'transform', type: 'two' }] }]);
  assert.deepEqual([await apply(plugins, 'uno', 1), await apply(plugins, 'two', 1)], [2, 3]);
  assert.equal(plugins.catalog.plugins.find(({ type }) => type === 'two')?.source, 'plugins/two.ts');
});

test('of two plugins with one name the first counts', async () => {
  const { open } = world({ 'plugins/a.js': `export default ${transform('same', "'a'")};`, 'plugins/b.mjs': `export default ${transform('same', "'b'")};` });
  const plugins = await open();
  assert.equal(await apply(plugins, 'same', 0), 'a');
  assert.match(plugins.states[1]?.error ?? '', /also in plugins\/a\.js/);
});

test('a changed file is a new plugin, one that has gone is gone', async () => {
  const { root, wanted, open } = world({ 'plugins/good.ts': good });
  const plugins = await open();
  const { version } = plugins;
  await plugins.refresh(wanted);
  assert.equal(plugins.version, version, 'nothing has changed');
  write(root, 'plugins/good.ts', `export default ${transform('good', 'value * 10')};`);
  utimesSync(join(root, 'plugins/good.ts'), 1, 1);
  await plugins.refresh(wanted);
  assert.equal(await apply(plugins, 'good', 2), 20);
  write(root, 'plugins/good.ts', 'export default 1;');
  utimesSync(join(root, 'plugins/good.ts'), 2, 2);
  await plugins.refresh(wanted);
  assert.deepEqual([plugins.states[0]?.state, await plugins.registry.find('transform', 'good')], ['failed', undefined]);
  await plugins.refresh({ files: [], packages: [] });
  assert.deepEqual(plugins.states, []);
});

describe('npm packages', () => {
  const manifest = (more: object): string => JSON.stringify({ name: 'x', version: '1.0.0', ...more });
  for (const [title, name, files] of [
    ['an ES module with exports', 'pb-esm', { 'package.json': manifest({ type: 'module', exports: { '.': { import: './main.js' } } }), 'main.js': `export const plugins = [${transform('packed')}];` }],
    ['CommonJS with main', 'pb-cjs', { 'package.json': manifest({ main: 'lib/main.js' }), 'lib/main.js': `module.exports = { plugins: [${transform('packed')}] };` }],
    ['a default export in a scope', '@x/pb', { 'package.json': manifest({ type: 'module', exports: './main.js' }), 'main.js': `export default ${transform('packed')};` }],
    ['no more than index.js', 'pb-index', { 'package.json': manifest({}), 'index.js': `exports.default = ${transform('packed')};` }],
  ] as const) {
    test(title, async () => {
      const { open } = world(Object.fromEntries(Object.entries(files).map(([file, text]) => [`node_modules/${name}/${file}`, text])), [name]);
      const plugins = await open();
      assert.deepEqual(plugins.states, [{ source: name, state: 'loaded', provides: [{ kind: 'transform', type: 'packed' }] }]);
      assert.equal(await apply(plugins, 'packed', 1), 2);
    });
  }
  for (const [name, error] of [['not-installed', /not installed/], ['./plugins/x.ts', /not the name/], ['../x', /not the name/], ['node:fs', /not the name/]] as const) {
    test(`${name} is no package`, async () => {
      const plugins = await world({}, [name]).open();
      assert.match(plugins.states[0]?.error ?? '', error);
    });
  }
});

test('built-in plugins are found by type, alias, media type and extension, and none that is not there', async () => {
  const { registry } = await world({}).open();
  assert.equal((await registry.find('transform', 'cast-to-float'))?.type, 'cast-to-number');
  for (const name of ['ndjson', 'application/x-ndjson', 'application/x-ndjson; charset=utf-8', 'orders.ndjson']) assert.equal((await registry.converter(name))?.type, 'ndjson', name);
  for (const [name, type] of [['application/atom+xml', 'xml'], ['application/vnd.api+json; x=1', 'json'], ['stock.tsv', 'tsv'], ['application/ndjson', 'ndjson']] as const) assert.equal((await registry.converter(name))?.type, type, name);
  assert.deepEqual([await registry.find('transform', 'constructor'), await registry.find('shape', 'case'), await registry.converter('image/png')], [undefined, undefined, undefined]);
});
