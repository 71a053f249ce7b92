import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, test } from 'node:test';

const root = join(import.meta.dirname, '..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], { cwd: root, encoding: 'utf8' }).trim().split('\n').filter((file) => !file.endsWith('.d.ts'));

interface Layer {
  readonly name: string;
  readonly owns: RegExp;
  /** Files of ours that it may import, beside its own. */
  readonly ours: RegExp;
  /** Packages and parts of Node. */
  readonly foreign: RegExp;
}

const nothing = /^$/;
const anything = /./;

/** Who may import whom: the first layer that owns a file decides. Tests may import everything. */
const layers: readonly Layer[] = [
  { name: 'tests', owns: /^test\/|\.test\.ts$/, ours: anything, foreign: anything },
  { name: 'the sdk of plugins', owns: /^plugins\/sdk\//, ours: nothing, foreign: /^json-schema-to-ts$/ },
  { name: 'the list of built-in plugins', owns: /^plugins\/built-ins\.ts$/, ours: /^plugins\//, foreign: nothing },
  { name: 'formats that converters and transforms read', owns: /^plugins\/formats\//, ours: /^plugins\/sdk\//, foreign: /^(node:stream$|csv-parse|iconv-lite$|saxes$)/ },
  { name: 'plugins', owns: /^plugins\//, ours: /^plugins\/(sdk|formats)\//, foreign: /^(?!vscode|express|lit|lowdb)/ },
  { name: 'the model', owns: /^server\/model\//, ours: /^plugins\/sdk\//, foreign: /^(ajv|ajv-formats|diff|json-p3|jsonc-parser|jsonpath-plus|re2js)(\/|$)/ },
  { name: 'imports', owns: /^server\/imports\//, ours: /^(plugins\/sdk|server\/model)\//, foreign: /^(fast-check|fast-xml-parser|graphql|jsonc-parser|yaml)$/ },
  { name: 'the engine', owns: /^server\/engine\//, ours: /^(plugins\/sdk|server\/model)\//, foreign: nothing },
  { name: 'the stores', owns: /^server\/stores\//, ours: /^(plugins\/sdk|server\/(model|engine))\//, foreign: /^(node:|csv-parse|lowdb)/ },
  { name: 'the mock', owns: /^server\/mock\//, ours: /^(plugins\/sdk|server\/(model|engine|imports))\//, foreign: /^node:/ },
  { name: 'the runner', owns: /^server\/runner\//, ours: /^(plugins\/(sdk\/|built-ins\.ts|catalog\.json)|server\/(model|engine|stores|imports|mock)\/)/, foreign: /^(node:|ajv|csv-parse|fast-check$|lowdb|nodemailer|pino|re2js|undici)/ },
  { name: 'the debug adapter', owns: /^server\/debug\//, ours: /^(plugins\/sdk|server\/(model|runner))\//, foreign: /^(node:|@vscode\/debug(adapter|protocol)$)/ },
  { name: 'the API', owns: /^server\/api\//, ours: /^(plugins\/sdk|server\/(debug|imports|model|runner))\//, foreign: /^(node:|express|jsonc-parser)/ },
  { name: 'the command line', owns: /^server\/(cli\/|main\.ts)/, ours: /^(plugins\/(sdk\/|built-ins\.ts)|server\/(debug|imports|model|runner|stores|api)\/)/, foreign: /^(node:|commander|jsonc-parser)/ },
  { name: 'the protocol of webviews', owns: /^webview\/protocol\//, ours: /^(plugins\/sdk|server\/model)\//, foreign: nothing },
  { name: 'webviews', owns: /^webview\//, ours: /^(plugins\/sdk|server\/model|webview\/(protocol|shared|form|run))\//, foreign: /^(?!vscode|node:|express|lowdb|vm2)/ },
  { name: 'the build', owns: /^extension\/(build|contributions)\.ts$/, ours: /^(extension|plugins\/(scripts|catalog\.json)|server\/model)/, foreign: anything },
  { name: 'the extension', owns: /^extension\//, ours: /^(plugins\/(sdk\/|catalog\.json)|server\/(model\/|api\/login-callback\.ts$|debug\/(remote|messages)\.ts$)|webview\/protocol\/|samples\/)/, foreign: /^(vscode|node:|jsonc-parser)/ },
  { name: 'samples', owns: /^samples\//, ours: nothing, foreign: /^node:/ },
];

/** Modules that a file names in imports and exports, and in `import()`. */
const importsOf = (text: string): string[] =>
  [...text.matchAll(/^(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm)].map((found) => (found[1] ?? found[2]) as string);

test('the walk found the files', () => assert.ok(files.length > 200, `only ${files.length} files`));

test('the reader of imports reads them', () => {
  const text = "import a, { type B } from 'a';\nimport type {\n  C,\n} from './c.ts';\nexport { d } from \"../d.ts\";\nimport 'e';\nconst f = await import('node:f');\nconst text = 'import x from y';\n";
  assert.deepEqual(importsOf(text), ['a', './c.ts', '../d.ts', 'e', 'node:f']);
});

describe('who imports whom', () => {
  for (const layer of layers) {
    test(layer.name, () => {
      const own = files.filter((file) => layers.find(({ owns }) => owns.test(file)) === layer);
      assert.ok(own.length > 0, 'it has files');
      assert.deepEqual(own.flatMap((file) => forbidden(file, layer)), []);
    });
  }
  test('every file belongs to a layer', () => assert.deepEqual(files.filter((file) => !layers.some(({ owns }) => owns.test(file))), []));
});

function forbidden(file: string, layer: Layer): string[] {
  return importsOf(readFileSync(join(root, file), 'utf8')).flatMap((name) => {
    if (!name.startsWith('.')) return layer.foreign.test(name) ? [] : [`${file} imports ${name}`];
    const target = posix.normalize(posix.join(posix.dirname(file), name));
    const isAllowed = (layer.owns.test(target) && layers.find(({ owns }) => owns.test(target)) === layer && !isForeignPlugin(file, target)) || layer.ours.test(target);
    return isAllowed ? [] : [`${file} imports ${target}`];
  });
}

/** A plugin reaches another by name only. What lies beside it and is no plugin belongs to its kind; signatures are for whoever signs. */
function isForeignPlugin(file: string, target: string): boolean {
  if (!/^plugins\/(?!sdk\/|built-ins)/.test(file)) return false;
  const [, from] = file.split('/');
  const [, to] = target.split('/');
  return (from !== to && target !== 'plugins/auth/aws/signature-v4.ts') || /^export default define/m.test(readFileSync(join(root, target), 'utf8'));
}

test('no file names a workplace, a registry or an issue', () => {
  const names = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const words = [['/work', 'main'].join('/'), ['registry', 'npmjs', 'org'].join('.'), ['/work', '.library'].join('/')];
  const found = names.filter((name) => /\.(ts|json|md|css|html|yaml|sh)$|^\.ci\/|^\.npmrc$/.test(name)).flatMap((name) => {
    const text = readFileSync(join(root, name), 'utf8');
    return words.filter((word) => text.includes(word)).map((word) => `${name}: ${word}`);
  });
  assert.deepEqual(found, []);
});
