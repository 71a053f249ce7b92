import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { buildSync } from 'esbuild';
import type { Log } from '../sdk/index.ts';
import strict from './strict.ts';
import vm2 from './vm2.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-packages-'));
after(async () => {
  await Promise.all([vm2.close(), strict.close()]);
  rmSync(folder, { recursive: true });
});
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const { resolve } = createRequire(import.meta.url);
const real = { lodash: dirname(resolve('lodash/package.json')), 'date-fns': dirname(resolve('date-fns/package.json')), uuid: dirname(resolve('uuid')).replace(/([\\/]node_modules[\\/]uuid).*$/, '$1') };

function write(files: Readonly<Record<string, unknown>>): void {
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder, 'node_modules', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** What tools make of it, with a map. */
const total = 'interface Line {\n  price: number;\n}\n\nexport function total(lines: readonly Line[]): number {\n  if (lines.length === 0) {\n    throw new Error(`no lines`);\n  }\n  return lines.reduce((sum, { price }) => sum + price, 0);\n}\n';
function built(sourcemap: 'linked' | 'inline', format: 'cjs' | 'esm'): string[] {
  const { outputFiles } = buildSync({ stdin: { contents: total, loader: 'ts', sourcefile: 'total.ts', resolveDir: join(folder, 'src') }, absWorkingDir: folder, outfile: 'dist/total.js', format, sourcemap, minify: true, write: false, platform: 'neutral' });
  return outputFiles.map(({ text }) => text).toSorted((one, other) => Number(one.startsWith('{')) - Number(other.startsWith('{')));
}
const [linked = '', map = ''] = built('linked', 'cjs');
const inSource = (text: string): string => JSON.stringify({ ...(JSON.parse(text) as object), sources: ['../src/total.ts'] });
const builtFiles = {
  'built/dist/total.js': linked, 'built/dist/total.js.map': inSource(map), 'built/modern.mjs': built('inline', 'esm')[0]!,
  'built/away.js': linked.replace('total.js.map', '../../fails/package.json'), 'built/broken.js': linked.replace('total.js.map', 'package.json'),
};

write({
  'plain/package.json': { name: 'plain', main: './lib/main' },
  'plain/lib/main.js': '#!/usr/bin/env node\nconst { twice } = require("./twice"); exports.four = twice(2); exports.data = require("../data.json"); exports.self = this === exports;',
  'plain/lib/twice.js': 'exports.twice = (x) => x * require("inner")(2);',
  'plain/data.json': { a: [1] },
  'inner/package.json': { name: 'inner' },
  'inner/index.js': 'module.exports = (x) => x;',
  'modern/package.json': { name: 'modern', type: 'module', exports: { '.': { types: './x.d.ts', node: './node.js', browser: './main.js' }, './deep/*': './deep/*.js' }, imports: { '#value': './value.js' } },
  'modern/main.js': 'import value, { other as more } from "#value"; export * from "./deep/a.js"; export default class Main { get() { return value + more } static async later() { return (await import("./deep/b.js")).b } }',
  'modern/node.js': 'import "fs";',
  'modern/value.js': 'export default 1;\nexport const other = 2;',
  'modern/deep/a.js': 'export const a = "a";',
  'modern/deep/b.js': 'export const b = "b";',
  'round/package.json': { name: 'round' },
  'round/index.js': 'exports.early = 1; exports.seen = require("./other").seen;',
  'round/other.js': 'exports.seen = require("./index").early;',
  '@scope/one/package.json': { name: '@scope/one', browser: { './index.js': './browser.js', fs: false, os: './os.js' } },
  '@scope/one/index.js': 'module.exports = "node";',
  '@scope/one/browser.js': 'module.exports = [Object.keys(require("fs")), require("os")];',
  '@scope/one/os.js': 'module.exports = "os";',
  'reads-files/package.json': { name: 'reads-files' },
  'reads-files/index.js': 'const fs = require("fs"); module.exports = () => fs.readFileSync("x");',
  'reaches-net/package.json': { name: 'reaches-net' },
  'reaches-net/index.js': 'module.exports = () => require("node:net").connect(1);',
  'tries-crypto/package.json': { name: 'tries-crypto' },
  'tries-crypto/index.js': 'let c; try { c = require("crypto") } catch { c = "none" } module.exports = c;',
  'fails/package.json': { name: 'fails', main: 'index.js' },
  'fails/index.js': 'const { nameOf } = require("./lib/names");\r\nmodule.exports = function fails(x) {\r\n  return nameOf(x);\r\n};',
  'fails/lib/names.js': '// Names.\nexports.nameOf = function nameOf(x) {\n  return x.name.first;\n};',
  'fails/modern.mjs': '// Modern.\nimport { nameOf } from "./lib/names.js";\nexport function thrower() {\n  throw new Error(`no ${typeof nameOf}`);\n}\nexport function deep() { return thrower().x; }',
  // Built of `src/total.ts`, in one line each: one with its map beside it, one with it inside.
  'built/package.json': { name: 'built', main: 'dist/total.js' },
  ...builtFiles,
  'fails/line.js': 'exports.one = () => { throw new Error("one") };',
  'fails/early.js': '\nnull.x;',
  'incomplete/package.json': { name: 'incomplete' },
  'incomplete/index.js': 'require("gone")',
  'broken/package.json': { name: 'broken' },
  'broken/index.js': 'const = 1;',
  'outside/package.json': { name: 'outside' },
  'outside/index.js': 'module.exports = require("../../secret.json");',
  'linked-out/package.json': { name: 'linked-out' },
  'linked-out/index.js': 'module.exports = require("./secret.json");',
  'huge/package.json': { name: 'huge' },
  'huge/index.js': `module.exports = ${JSON.stringify('x'.repeat(9 * 1024 * 1024))}`,
  'hostile/package.json': { name: 'hostile' },
  'hostile/index.js': 'module.exports = [typeof process, typeof module.constructor.constructor, (() => { try { return typeof module.constructor.constructor("return process")() } catch (e) { return "refused" } })()];',
});
writeFileSync(join(folder, 'secret.json'), '{"token":"canary"}');
symlinkSync(join(folder, 'secret.json'), join(folder, 'node_modules/linked-out/secret.json'));
for (const [name, path] of Object.entries(real)) symlinkSync(path, join(folder, 'node_modules', name), 'junction');

const every = ['plain', 'modern', 'round', '@scope/one', 'reads-files', 'reaches-net', 'tries-crypto', 'incomplete', 'fails', 'broken', 'outside', 'linked-out', 'huge', 'hostile', 'absent', 'built', ...Object.keys(real)];

async function outputOf(engine: typeof vm2 | typeof strict, text: string, allowed: readonly string[] = every): Promise<unknown> {
  await using script = await engine.compile({ text, file: 's.js', packages: { folder, allowed } }, { timeoutMs: 20_000, memoryMb: 128 }, { log });
  const [result] = await script.run([1], { signal: new AbortController().signal, log, now: Date.UTC(2026, 0, 2), seed: 7 });
  return result?.error ? result.error.message : result?.output;
}

for (const engine of [vm2, strict]) {
  describe(engine.title, () => {
    const good: readonly (readonly [what: string, text: string, output: unknown])[] = [
      ['CommonJS with files, JSON and another package', 'import p, { four } from "plain";\nexport default () => [four, p.data, p.self]', [4, { a: [1] }, true]],
      ['CommonJS by require', 'const { four } = require("plain");\nmodule.exports = () => four', 4],
      ['a file of a package', 'import { twice } from "plain/lib/twice.js";\nexport default () => twice(3)', 6],
      ['modules, as browsers get them', 'import Main, { a } from "modern";\nimport * as all from "modern/deep/b";\nexport default async () => [new Main().get(), a, all.b, await Main.later()]', [3, 'a', 'b', 'b']],
      ['packages that go round', 'import { early, seen } from "round";\nexport default () => [early, seen]', [1, 1]],
      ['a scope, and what is meant for browsers', 'import one from "@scope/one";\nexport default () => one', [[], 'os']],
      ['a module of Node.js that it can do without', 'import c from "tries-crypto";\nexport default () => c', 'none'],
      ['lodash', 'import _ from "lodash";\nexport default () => [_.chunk([1, 2, 3], 2), _.camelCase("order id"), _.groupBy([1, 2, 3], (x) => x % 2)]', [[[1, 2], [3]], 'orderId', { 0: [2], 1: [1, 3] }]],
      ['a file of lodash', 'import get from "lodash/get.js";\nexport default () => get({ a: [{ b: 1 }] }, "a[0].b")', 1],
      ['date-fns', 'import { addDays, formatISO, differenceInCalendarDays } from "date-fns";\nexport default () => [formatISO(addDays(new Date(2026, 1, 27), 2), { representation: "date" }), differenceInCalendarDays(new Date(2026, 2, 1), new Date(2026, 1, 1))]', ['2026-03-01', 28]],
      ['uuid, by name', 'import { v5, validate } from "uuid";\nexport default () => [v5("hello.example.com", v5.DNS), validate("x")]', ['fdda765f-fc57-5604-a269-52a7df8164ec', false]],
    ];
    for (const [what, text, output] of good) {
      test(what, async () => assert.deepEqual(await outputOf(engine, text), output));
    }
    test('uuid takes its numbers from the run', async () => {
      const text = 'import { v4 } from "uuid";\nexport default () => v4()';
      assert.match(String(await outputOf(engine, text)), /^[\da-f-]{14}4[\da-f-]{21}$/);
      assert.equal(await outputOf(engine, text), await outputOf(engine, text));
    });
    test('a package is no way out', async () => assert.deepEqual(await outputOf(engine, 'import h from "hostile";\nexport default () => h'), ['undefined', 'function', 'refused']));
    test('the line of an error is that of the script', async () => {
      await using script = await engine.compile({ text: 'import _ from "lodash";\nimport {\n  four,\n} from "plain";\nexport default () => {\n  throw new Error(String(_ && four)); }', file: 's.js', packages: { folder, allowed: every } }, { timeoutMs: 20_000, memoryMb: 128 }, { log });
      const [result] = await script.run([1], { signal: new AbortController().signal, log });
      assert.deepEqual([result?.error?.message, result?.error?.line], ['4', 6]);
    });
    test('an error in a package names its file and line, and the line of the script', async () => {
      const text = 'import fails from "fails";\nimport { deep } from "fails/modern.mjs";\nexport default (x) => {\n  return x === 1 ? fails(null) : deep(x);\n}';
      await using script = await engine.compile({ text, file: 's.js', packages: { folder, allowed: every } }, { timeoutMs: 20_000, memoryMb: 128 }, { log });
      const results = await script.run([1, 2], { signal: new AbortController().signal, log });
      assert.deepEqual(results.map(({ error }) => [error?.message.replace(/^.* \(/, '('), error?.file, error?.line]), [['(node_modules/fails/lib/names.js, line 3)', 's.js', 4], ['(node_modules/fails/modern.mjs, line 4)', 's.js', 4]]);
      assert.deepEqual(results.map(({ error }) => error?.stack?.split('\n').slice(1).map((frame) => frame.replace(/:\d+\)$/, ')').trim())), [
        ['at nameOf (node_modules/fails/lib/names.js:3)', 'at fails (node_modules/fails/index.js:3)', `at ${engine === vm2 ? '$pb.default' : '<anonymous>'} (s.js:4)`],
        ['at thrower (node_modules/fails/modern.mjs:4)', 'at deep (node_modules/fails/modern.mjs:6)', `at ${engine === vm2 ? '$pb.default' : '<anonymous>'} (s.js:4)`],
      ]);
    });
    test('in one that was built of other files, where it was written', async () => {
      const first = async (from: string): Promise<string | undefined> => {
        const script = await engine.compile({ text: `import { total } from "${from}";\nexport default (lines) => total(lines)`, file: 's.js', packages: { folder, allowed: every } }, { timeoutMs: 20_000, memoryMb: 128 }, { log });
        const [result] = await script.run([[]], { signal: new AbortController().signal, log });
        assert.equal(result?.error?.line, 2);
        return result?.error?.message;
      };
      assert.deepEqual(await Promise.all(['built', 'built/modern.mjs', 'built/away.js', 'built/broken.js'].map(first)), [
        'no lines (node_modules/built/src/total.ts, line 7)', 'no lines (node_modules/built/src/total.ts, line 7)', 'no lines (node_modules/built/away.js, line 1)', 'no lines (node_modules/built/broken.js, line 1)',
      ]);
    });
    test('one on the first line, with its column', async () => {
      const [result] = await (await engine.compile({ text: 'import { one } from "fails/line.js";\nexport default () => one()', file: 's.js', packages: { folder, allowed: every } }, { timeoutMs: 20_000, memoryMb: 128 }, { log })).run([1], { signal: new AbortController().signal, log });
      assert.ok(result?.error?.stack?.includes(`(node_modules/fails/line.js:1:${engine === vm2 ? 29 : 38})\n`), result?.error?.stack);
    });
    test('one at the top level of a package', async () => assert.rejects(outputOf(engine, 'import f from "fails/early.js";\nexport default f'), { code: 'SCRIPT_INVALID', message: /^s\.js(, line 1.*)?: .*\(node_modules\/fails\/early\.js, line 2\)$/ }));
    test('what fails only when it is called says why', async () => assert.match(String(await outputOf(engine, 'import f from "reaches-net";\nexport default () => f()')), /^The package reaches-net needs the module "node:net" of Node\.js, which scripts do not have\.$/));
    test('by require, what is not allowed fails where it is reached', async () => assert.match(String(await outputOf(engine, 'module.exports = () => require("plain")', ['lodash'])), /cannot load plain/));

    const bad: readonly (readonly [what: string, text: string, message: RegExp, allowed?: readonly string[]])[] = [
      ['files', 'import f from "reads-files";\nexport default f', /^s\.js(, line 1)?: The package reads-files needs the module "fs" of Node\.js, which scripts do not have\.$/],
      ['a package that is not named', '\nimport p from "plain";\nexport default p', /^s\.js, line 2, column 1: Scripts may not import "plain": `scripts\.packages` of patchbay\.json names lodash, modern\.$/, ['lodash', 'modern']],
      ['a package that only others name', 'import p from "inner";\nexport default p', /may not import "inner"/],
      ['a package that is not installed', 'import p from "absent";\nexport default p', /"absent" is not installed: run `npm install absent`/],
      ['a file that the package does not give', 'import p from "modern/value.js";\nexport default p', /"modern\/value\.js" is not installed/],
      ['a package without one that it needs', 'import p from "incomplete";\nexport default p', /The package incomplete needs "gone", which is not installed/],
      ['a package that is no JavaScript', 'import p from "broken";\nexport default p', /The package broken cannot be read: index\.js is no JavaScript/],
      ['what lies outside the package', 'import p from "outside";\nexport default () => p', /The package outside needs "\.\.\/\.\.\/secret\.json", which is not installed/],
      ['a link to the outside', 'import p from "linked-out";\nexport default () => p', /The package linked-out needs "\.\/secret\.json", which is not installed/],
      ['too much code', 'import p from "huge";\nexport default () => p', /more than 8 MB/],
      ['a name that the package does not export', 'import { four,\n  five } from "plain";\nexport default () => five', /^s\.js, line 2, column 3: The package "plain" exports no "five"; for a type, write `import type`\.$/],
      ['a name that a module does not export', '\nimport { five } from "modern";\nexport default () => five', /^s\.js, line 2, column 10: Error: The package "modern" exports no "five"|^s\.js, line 2, column 10: The package "modern" exports no "five"/],
      ['a default that a module does not have', 'import five from "modern/deep/a";\nexport default () => five', /^s\.js, line 1, column 8: The package "modern\/deep\/a" has no default export/],
      ['modules of Node.js', 'import fs from "node:fs";\nexport default fs', /cannot import other files or modules of Node/],
    ];
    for (const [what, text, message, allowed] of bad) test(`refused: ${what}`, async () => assert.rejects(outputOf(engine, text, allowed), { code: 'SCRIPT_INVALID', message }));
  });
}
