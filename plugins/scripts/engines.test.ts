import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { FlowError, type Log, type ScriptResult, type ScriptWorld } from '../sdk/index.ts';
import strict from './strict.ts';
import vm2 from './vm2.ts';

const limits = { timeoutMs: 10_000, memoryMb: 64 };

type Line = readonly [level: string, message: string, fields: unknown];

function recordingLog(lines: Line[] = []): Log {
  const write = (level: string) => (message: string, fields?: unknown) => void lines.push([level, message, fields]);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

for (const engine of [vm2, strict]) describe(engine.title, () => {
  const isStrict = engine === (strict as object);
  after(() => engine.close());

  async function run(file: string, text: string, inputs: readonly unknown[], options: { readonly log?: Log; readonly timeoutMs?: number; readonly signal?: AbortSignal; readonly memoryMb?: number } & Partial<ScriptWorld> = {}): Promise<readonly ScriptResult[]> {
    const log = options.log ?? recordingLog();
    await using script = await engine.compile({ text, file }, { ...limits, ...(options.memoryMb !== undefined && { memoryMb: options.memoryMb }) }, { log });
    return script.run(inputs, { signal: new AbortController().signal, ...options, log });
  }

  const payloadOf = (payload: unknown) => ({ payload, meta: { source: 'shop' }, variables: { n: 1 }, flow: { id: 'import' } });

  describe('contract', () => {
    for (const { title, settings, source, input, output } of engine.examples) {
      test(`example: ${title}`, async () => {
        await using script = await engine.compile({ text: source, file: 'scripts/example.js' }, { timeoutMs: 10_000, memoryMb: 64, ...settings }, { log: recordingLog() });
        assert.deepEqual(await script.run([input], { signal: new AbortController().signal, log: recordingLog() }), [{ output }]);
      });
    }

    const cases: readonly (readonly [title: string, source: string, input: unknown, output: unknown, file?: string])[] = [
      ['a synchronous function', 'export default (x) => x + 1', 1, 2],
      ['an anonymous function before a bracket', 'export default function (x) { return x }\n[1].map(String)', 3, 3],
      ['brackets around the function', 'export default (function (x) { return x })', 4, 4],
      ['brackets and a type', 'export default (async (x) => {\n  return x;\n}) satisfies (x: number) => unknown;', 5, 5, 'scripts/a.ts'],
      ['a bracket at once, and comments', 'export /* default */ default(/* d */ (x) => x)', 6, 6],
      ['a named function', 'export default async function pick({ payload }) { return pick.name + payload }', { payload: 1 }, 'pick1'],
      ['a function exported by name', 'const f = (x) => x * 2;\nexport { f as default };', 4, 8],
      ['other exports', 'export const two = 2;\nexport function twice(x) { return x * two }\nexport default twice', 4, 8],
      ['await at the top level', 'const two = await Promise.resolve(2);\nexport default (x) => x * two', 4, 8],
      ['several payloads', 'export default ({ payload, ...rest }) => payload.map((line) => ({ ...rest, payload: line }))', { payload: [1, 2], meta: {} }, [{ payload: 1, meta: {} }, { payload: 2, meta: {} }]],
      ['meta and variables', 'export default (input) => { input.variables.seen = true; input.meta.a = "b"; return input }', payloadOf(1), { payload: 1, meta: { source: 'shop', a: 'b' }, variables: { n: 1, seen: true }, flow: { id: 'import' } }],
      ['nothing returned is null', 'export default () => {}', 1, null],
      ['a byte order mark and a hashbang', '\u{FEFF}#!/usr/bin/env node\nexport default (x) => x', 1, 1],
      ['letters of all planes', 'export default (x) => x + "é😀\\u2028"', 'ü', 'üé😀\u2028'],
      ['types', 'interface Order { id: number }\nexport default async function (order: Order): Promise<number> { return order.id satisfies number }', { id: 5 }, 5, 'scripts/a.ts'],
      ...(isStrict ? [] : [['Buffer for Base64', 'export default (x) => Buffer.from(x).toString("base64")', 'a:b', 'YTpi'] as const]),
      ['hosted: payload as text', 'module.exports = async (data) => ({ ...data, payload: typeof data.payload })', payloadOf({ a: 1 }), { ...payloadOf('string') }],
      ['hosted: payload returned as text', 'module.exports = async ({ payload }) => ({ payload: JSON.stringify({ ...JSON.parse(payload), b: 2 }) })', payloadOf({ a: 1 }), { payload: { a: 1, b: 2 } }],
      ['hosted: text that is no JSON stays text', 'module.exports = ({ payload }) => ({ payload: "<" + payload + ">" })', payloadOf('123'), { payload: '<123>' }],
      ['hosted: several payloads', 'exports.default = ({ payload }) => [{ payload: "1" }, { payload: { a: 2 } }]', payloadOf({}), [{ payload: 1 }, { payload: { a: 2 } }]],
      ['hosted: long numbers keep their digits', 'module.exports = () => [{ payload: \'{"id": 12345678901234567890}\' }, { payload: { n: 1 } }]', payloadOf({}), [{ payload: { id: '12345678901234567890' } }, { payload: { n: 1 } }]],
      ['what JSON has a way to write', 'class A { x = 1; #y = 2; z() {} }; export default () => ({ a: new A(), d: new Date(5), s: new String("s"), u: undefined, n: Object.create(null), o: { toJSON: () => 1 } })', 1, { a: { x: 1 }, d: '1970-01-01T00:00:00.005Z', s: 's', n: {}, o: 1 }],
      ['names that stand for the module', 'const $pb = 1, $aa = 2;\nexport default(x) => [$pb, $aa, x]', 3, [1, 2, 3]],
      ['names that stand for the module, and a function exported by name', 'const $pb = 1;\nconst f = (x) => $pb + x;\nexport { f as default };', 3, 4],
      ['a list in which JSON writes null', 'export default () => ({ a: [null, , 1].filter(() => true), u: undefined })', 1, { a: [null, 1] }],
      ['numbers beyond 2^53 that it was given, and those that are no whole numbers or not written out', 'export default (x) => [...x, 2 ** 53 - 1, 1e21, 5e-324, -1.5e300]', [1e18, -(2 ** 53), 4.5], [1e18, -(2 ** 53), 4.5, 2 ** 53 - 1, 1e21, 5e-324, -1.5e300]],
      ['sets in a regular expression', 'export default (x) => x.filter((one) => /^[\\p{L}--[a-z]]+$/v.test(one))', ['ÄB', 'ab', '1'], ['ÄB']],
      ['hosted: return before the end', 'module.exports = (x) => x;\nreturn;', 1, 1],
    ];
    for (const [title, source, input, output, file = 'scripts/a.js'] of cases) test(title, async () => assert.deepEqual(await run(file, source, [input]), [{ output }]));

    test('many inputs keep their order, over several frames', async () => {
      const inputs = Array.from({ length: 5_000 }, (_, index) => index);
      assert.deepEqual(await run('a.js', 'export default async (x) => x * 2', inputs), inputs.map((value) => ({ output: value * 2 })));
    });
    test('inputs longer than a frame’s share travel', async () => {
      const inputs = Array.from({ length: 5 }, (_, index) => String(index).repeat(600_000));
      assert.deepEqual(await run('a.js', 'export default (x) => x.length + x[0]', inputs), inputs.map((_, index) => ({ output: `600000${index}` })));
    });
    test('outputs longer than a frame leave one by one', async () => {
      const results = await run('a.js', 'export default (x) => "x".repeat(9e6) + x', [1, 2, 3], { memoryMb: 192 });
      assert.deepEqual(results.map(({ output }) => (output as string).slice(-3)), ['xx1', 'xx2', 'xx3']);
    });
    test('a result that goes round in a circle, and says itself how it is written', async () => {
      assert.deepEqual(await run('a.js', 'export default () => { const own = { toJSON: () => ({ a: {} }) }; own.self = own; return own; }', [1]), [{ output: { a: {} } }]);
    });
    test('an input that is too large fails alone', async () => {
      const results = await run('a.js', 'export default (x) => x.length', ['a', 'x'.repeat(21 * 2 ** 20), 'abc']);
      assert.deepEqual(results.map(({ output, error }) => output ?? [error?.code, error?.message]), [1, ['DATA_TOO_LARGE', 'Input 2 of the script a.js has 22020098 letters of JSON; a script takes 20971520.'], 3]);
    });
    test('a script that never returns a value is warned of', async () => {
      const at = async (text: string, file = 'a.js') => (await engine.compile({ text, file }, limits, { log: recordingLog() })).warnings?.map(({ line, column }) => [line, column]);
      const forgotten = ['export default (x) => { x + 1; }', 'export default async function (x) { [x].map((y) => { return y }); return; }', 'module.exports = (x) => { const f = function () { return x } }', 'const f = (x) => { if (x) { x() } };\nexport { f as default }', 'function f() {}\nexport default f'];
      for (const text of forgotten) assert.equal((await at(text))?.length, 1, text);
      for (const text of ['export default (x) => x', 'export default (x) => ({})', 'export default function (x) { if (x) return null }', 'export default (() => { return 1 })', 'const f = () => { for (;;) { return 1 } }; module.exports = f']) assert.deepEqual(await at(text), [], text);
      assert.deepEqual(await at('const a: number = 1;\nexport default (x: number): void => { x + a; }', 'a.ts'), [[2, 16]]);
    });
    test('no inputs, no results', async () => assert.deepEqual(await run('a.js', 'export default (x) => x', []), []));
  });

  describe('the world of a script', () => {
    const asked: unknown[] = [];
    const world: ScriptWorld = {
      now: Date.UTC(2026, 0, 2), seed: 7,
      async ask(question, args, signal) {
        asked.push([question, ...args]);
        if (args[0] === 'never') return new Promise((_resolve, reject) => signal.addEventListener('abort', () => { asked.push('given up'); reject(signal.reason as Error); }));
        if (args[0] === 'bad') throw new FlowError('SCRIPT_REFUSED', 'not there');
        return { got: args[0] };
      },
    };
    const source = (body: string): string => `export default async (input, context) => { ${body} }`;
    const cases: readonly (readonly [title: string, body: string, inputs: readonly unknown[], outputs: readonly unknown[], asked?: readonly unknown[]])[] = [
      ['the time stands still', 'const d = new Date(); return [d.toISOString(), Date.now(), new Date(5).getTime(), d instanceof Date, d.constructor === Date, typeof Date(), Date.UTC(1970, 0), new (class extends Date {})().getTime()]', [1],
        [['2026-01-02T00:00:00.000Z', world.now, 5, true, true, 'string', 0, world.now]]],
      ...(isStrict ? [] : [['the time stands still where a date is shown', 'const f = new Intl.DateTimeFormat("en", { timeZone: "UTC" }); return [f.format(), f.format(undefined), f.format(0), [0].map(f.format), f.formatToParts().length, f.formatToParts()[4].value, f.formatToParts(0)[4].value, Intl.DateTimeFormat("en", { timeZone: "UTC" }).format()]', [1],
        [['1/2/2026', '1/2/2026', '1/1/1970', ['1/1/1970'], 5, '2026', '1970', '1/2/2026']]] as const]),
      ['numbers come from the seed, other ones for each input', 'return [Math.random() === Math.random(), context.uuid().length]', [1, 2], [[false, 36], [false, 36]]],
      ['one question', 'return (await context.http({ url: input })).got', ['x'], [{ url: 'x' }], [['http', { url: 'x' }]]],
      ['questions of several inputs, one after the other', 'return (await context.lookup(input)).got', ['a', 'b', 'c'], ['a', 'b', 'c'], [['lookup', 'a', null, {}], ['lookup', 'b', null, {}], ['lookup', 'c', null, {}]]],
      ['only some inputs ask', 'return input % 2 ? (await context.lookup(input)).got : input', [1, 2, 3, 4], [1, 2, 3, 4], [['lookup', 1, null, {}], ['lookup', 3, null, {}]]],
      ['an error can be caught', 'try { await context.lookup("bad") } catch (e) { return [e.code, e.message, e instanceof Error] }', [1], [['SCRIPT_REFUSED', 'not there', true]]],
      ['more questions at once than are put at once', 'return (await Promise.all(Array.from({ length: 100 }, (_, n) => context.lookup(n)))).map((x) => x.got).join()', [1], [Array.from({ length: 100 }, (_, n) => n).join()]],
      ['a question that nobody waits for', 'context.lookup("never"); return input', [1, 2], [1, 2]],
      ['caches', 'const c = context.cache("c"); await c.put("k", { a: 1 }); await c.append("k", 2, { ttlMs: 5 }); await c.delete("k"); return context.cache("d", "run").get(1)', [1], [{ got: 'd' }],
        [['cache-put', 'c', 'flow', 'k', { a: 1 }, {}], ['cache-append', 'c', 'flow', 'k', 2, { ttlMs: 5 }], ['cache-delete', 'c', 'flow', 'k'], ['cache-get', 'd', 'run', 1]]],
      ['pools', 'const p = context.pool("p"); await p.has(["a"], "e"); return p.add(["a"], { entity: "e" })', [1], [{ got: 'p' }], [['pool-has', 'p', ['a'], 'e'], ['pool-add', 'p', ['a'], { entity: 'e' }]]],
      ['digests', 'return [await context.hash("sha256", "é"), await context.hmac("sha1", "key", "text", "base64")]', [1], [['4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c', 'Np4pWetJRQM4shJ0j3fY3tdIR7s=']], []],
      ['Base64', 'return [context.base64.encode("aé😀"), context.base64.decode("YcOp8J+YgA=="), context.base64.decode("YcOp8J-YgA"), context.base64.encode("")]', [1], [['YcOp8J+YgA==', 'aé😀', 'aé😀', '']]],
    ];
    for (const [title, body, inputs, outputs, questions] of cases) {
      test(title, async () => {
        asked.length = 0;
        assert.deepEqual(await run('w.js', source(body), inputs, world), outputs.map((output) => ({ output })));
        if (questions) assert.deepEqual(asked, questions);
      });
    }
    test('the same seed gives the same numbers, also to an input that is done again', async () => {
      const numbers = (more: Partial<ScriptWorld> = {}) => run('n.js', source('return [Math.random(), context.uuid()]'), [1, 2, 3], { ...world, ...more });
      assert.deepEqual(await numbers(), await numbers());
      assert.notDeepEqual(await numbers(), await numbers({ seed: 8 }));
      const broken = await run('n.js', source('if (input === 3) for (;;); return [Math.random(), context.uuid()]'), [1, 2, 3, 4], { ...world, timeoutMs: 400 });
      assert.deepEqual(broken.slice(0, 2), (await numbers()).slice(0, 2));
    });
    test('whoever waits for an answer too long is ended, and the question given up', async () => {
      asked.length = 0;
      await assert.rejects(run('w.js', source('return context.lookup("never")'), [1], { ...world, timeoutMs: 300 }), { code: 'SCRIPT_TIMEOUT' });
      assert.deepEqual(asked.at(-1), 'given up');
    });
    test('a question that cannot be written as JSON fails where it is asked', async () => {
      const [result] = await run('w.js', source('return context.lookup(1n)'), [1], world);
      assert.match(result?.error?.message ?? '', /BigInt/i);
    });
    test('where nobody answers, it says so', async () => {
      const [result] = await run('w.js', source('return context.http("http://x.test")'), [1]);
      assert.match(result?.error?.message ?? '', /A script cannot ask for anything here \(http\)/);
    });
    test('a promise that nothing settles, beside one that was answered', async () => {
      const [result, next] = await run('w.js', source('if (input === 2) return 2; await context.lookup(1); return new Promise(() => {})'), [1, 2], world);
      assert.match(result?.error?.message ?? '', /nothing settles/);
      assert.equal(next?.output, 2);
    });
  });

  describe('errors of a row', () => {
    const cases: readonly (readonly [title: string, source: string, error: { readonly message: RegExp | string; readonly line?: number }, file?: string])[] = [
      ['throw', 'export default function (x) {\n  // first\n  throw new Error("no stock");\n}', { message: /^no stock$/, line: 3 }],
      ['TypeError', 'export default async (x) => {\n  await 0;\n  return x.a.b;\n}', { message: /^TypeError: Cannot read propert/i, line: 3 }],
      ['in a helper', 'const f = () => {\n  throw new RangeError("r") };\nexport default () => f()', { message: /^RangeError: r$/, line: 2 }],
      ['TypeScript', 'interface A {\n  a: string\n}\nexport default (x: A) => {\n  throw new Error(String(x)) }', { message: /object/, line: 5 }, 'scripts/a.ts'],
      ['hosted', 'module.exports = async () => {\n\n  nothing() }', { message: /^ReferenceError: '?nothing'? is not defined$/, line: 3 }],
      ['a text', 'export default () => { throw "plain" }', { message: /^plain$/ }],
      ['nothing', 'export default () => { throw undefined }', { message: /^The script threw undefined, which does not say why: throw an Error with a message\.$/ }],
      ['null', 'export default () => { throw null }', { message: /^The script threw null, which does not say why/ }],
      ['a number', 'export default () => { throw 7 }', { message: /^The script threw 7, which does not say why/ }],
      ['an object', 'export default () => { throw { status: 7 } }', { message: /^\{"status":7\}$/ }],
      ['an error without a message', 'export default () => {\n  throw new TypeError() }', { message: /^The script threw TypeError, which does not say why/, line: 2 }],
      ['something that hurts to look at', 'export default () => { throw { get message() { throw 1 } } }', { message: /cannot be shown/ }],
      ['stack overflow', 'export default function f(x) {\n  return f(x) }', { message: /Maximum call stack|stack overflow/, line: 2 }],
      ...([
        ['a cycle', '{ const a = {}; a.a = [a]; return a }', 'an object that stands in itself: it goes round in a circle (circular) at `a[0]`'], ['a function', '() => 1', 'a function'], ['a function as the payload', '({ payload: () => 1 })', 'a function at `payload`'],
        ['a BigInt', '({ payload: { lines: [{}, { id: 1n }] } })', 'a BigInt at `payload.lines[1].id`'], ['NaN', '[{ "a b": 0 / 0 }]', 'NaN at `[0]["a b"]`'], ['Infinity', '({ a: -1 / 0 })', '-Infinity at `a`'], ['a symbol', '({ a: Symbol() })', 'a symbol at `a`'],
        ['undefined in a list', '({ a: [1, undefined] })', '`undefined` in a list at `a[1]`'], ['a hole in a list', '[{ a: [1, , 2] }]', '`undefined` in a list at `[0].a[1]`'], ['undefined as one of the results', '[1, undefined]', '`undefined` in a list at `[1]`'], ['what a value of a list says itself', '[{ toJSON: () => undefined }]', '`undefined` in a list at `[0]`'],
        ['a Map', '({ a: new Map([[1, 2]]) })', 'a Map at `a`'], ['a Set', '({ a: new Set() })', 'a Set at `a`'], ['bytes', '({ payload: new Uint8Array(2) })', 'bytes at `payload`'], ['a buffer', '({ a: new ArrayBuffer(2) })', 'bytes at `a`'],
        ...(isStrict ? [] : [['Node’s bytes', '({ a: Buffer.from("x") })', 'bytes at `a`'] as const]), ['an error', '({ a: new TypeError("x") })', 'an error at `a`'], ['a regular expression', '/x/', 'a regular expression'], ['an invalid date', '({ a: new Date("?") })', 'an invalid date at `a`'],
        ['a promise', '({ n: [1].map(async (one) => one) })', 'a promise at `n[0]`'], ['a generator', '({ n: new Map().keys() })', 'what can be walked through once at `n`'], ['what a value says itself', '({ a: { toJSON: () => ({ b: NaN }) } })', 'NaN at `a.b`'],
      ] as const).map(([what, result, told]) => [`${what} in a result`, `export default () => ${result}`, { message: `The script returned ${told}, which JSON cannot hold. Return ` }] as const),
      ...([
        ['a number that was rounded', '{ payload: { lines: [{ id: Number("9007199254740993") }] } }', '9007199254740992 at `payload.lines[0].id`'], ['an id that was read as a number', '{ payload: JSON.parse("[1,-12345678901234567890]") }', '-12345678901234567000 at `payload[1]`'],
        ['the last number before those with exponents', '999999999999999868928', '999999999999999900000'],
      ] as const).map(([what, result, told]) => [`${what} in a result`, `export default () => (${result})`, { message: `The script returned ${told}, which may not be exact: JavaScript rounds whole numbers from 2^53 on. Return a text with its digits instead.` }] as const),
      ...([
        ['a number that was rounded, into a cache', 'c.cache("k").put("a", { id: 2 ** 53 })', '`cache.put` was given 9007199254740992 at `id`, which may not be exact: '],
        ['half a letter in the body of a request', 'c.http({ url: "x", method: "POST", body: "a\\ud83d" })', '`context.http` was given a text that was cut within a letter: character 2 ("\\ud83d")'], ['half a letter in an address', 'c.http("https://x.test/\\ude00")', '`context.http` was given a text that was cut within a letter: character 16 ('],
        ['undefined into a cache', 'c.cache("k").put("a", undefined)', '`cache.put` was given `undefined`, which JSON cannot hold. Give null or another value instead.'], ['NaN into a cache', 'c.cache("k").put("a", { n: [0 / 0] })', '`cache.put` was given NaN at `n[0]`, which JSON cannot hold. '],
        ['a Map added to a cache', 'c.cache("k").append("a", new Map())', '`cache.append` was given a Map, which JSON cannot hold. '], ['nothing added to a cache', 'c.cache("k").append("a")', '`cache.append` was given `undefined`'],
        ['a hole in the values of a pool', 'c.pool("p").add(["a", undefined])', '`pool.add` was given `undefined` in a list at `[1]`'], ['bytes as the body of a request', 'c.http({ url: "x", body: new Uint8Array(2) })', '`context.http` was given bytes at `body`'], ['NaN in the body of a request', 'c.http({ body: { n: NaN } })', '`context.http` was given NaN at `body.n`'],
        ['half a letter in a digest', 'c.hash("md5", "a\\ud83d")', '`context.hash` was given a text that was cut within a letter: character 2 ("\\ud83d")'], ['half a letter in a key', 'c.hmac("md5", "\\ude00", "a")', '`context.hmac` was given a text that was cut within a letter: character 1 ('], ['half a letter in Base64', 'c.base64.encode("😀".slice(0, 1))', '`base64.encode` was given a text that was cut within a letter: character 1 ('],
      ] as const).map(([what, call, told]) => [what, `export default async (x, c) => {\n  return ${call};\n}`, { message: `TypeError: ${told}`, line: 2 }] as const),
      ...([
        ['URL', 'new URL("https://x.test/a?b=1")', 'Take an address apart with a regular expression'], ['URLSearchParams', 'new URLSearchParams({ a: "b" })', 'Write a query with `encodeURIComponent`'], ['fetch', 'fetch("https://x.test")', 'Send a request with `context.http`'],
        ['structuredClone', 'structuredClone({})', 'Copy with '], ['setTimeout', 'setTimeout(() => {}, 1)', 'There are no timers'], ['btoa', 'btoa("a")', 'Use `context.base64`'],
      ] as const).map(([name, call, instead]) => [`${name} is not there`, `export default () => {\n  return ${call};\n}`, { message: new RegExp(`^ReferenceError: '?${name}'? is not defined\\. A script has the language alone, and no ${name}\\. ${instead}.*, or import an npm package`), line: 2 }] as const),
      ['a promise that stays open', 'export default () => new Promise(() => {})', { message: /waits for a promise that nothing settles/ }],
      ['require', 'module.exports = () => require("fs")', { message: /cannot load fs/, line: 1 }],
      ['import()', 'export default () => import("fs")', isStrict ? { message: /could not load module/ } : { message: /Import/, line: 1 }],
    ];
    for (const [title, source, { message, line }, file = 'scripts/a.js'] of cases) {
      test(title, async () => {
        const [bad, good] = await run(file, source, [{}, {}]);
        for (const { error } of [bad, good] as ScriptResult[]) {
          if (typeof message === 'string') assert.ok(error?.message.startsWith(message), error?.message);
          else assert.match(error?.message ?? '', message);
          assert.deepEqual([error?.code, error?.file, error?.line], ['SCRIPT_THREW', file, line]);
        }
      });
    }

    test('only the row that threw fails', async () => {
      const results = await run('a.js', 'export default async (x) => { if (x === 2) throw new Error("two"); return x }', [1, 2, 3]);
      assert.deepEqual(results.map(({ output, error }) => output ?? error?.message), [1, 'two', 3]);
    });
    test('a row that waits for ever does not stop the next', async () => {
      const results = await run('a.js', 'export default (x) => x === 2 ? new Promise(() => {}) : x', [1, 2, 3]);
      assert.deepEqual(results.map(({ output, error }) => output ?? error?.code), [1, 'SCRIPT_THREW', 3]);
    });
    test('the stack names places of the script alone', async () => {
      const [result] = await run('scripts/a.js', 'const g = () => { throw new Error("x") };\nexport default async function go() { g() }', [1]);
      assert.equal(result?.error?.stack, isStrict ? 'Error: x\n    at g (scripts/a.js:1:34)\n    at go (scripts/a.js:2:39)' : 'Error: x\n    at g (scripts/a.js:1:25)\n    at go (scripts/a.js:2:38)');
    });
  });

  describe('scripts that do not compile', () => {
    const cases: readonly (readonly [title: string, source: string, message: RegExp, file?: string, remedy?: RegExp])[] = [
      ['syntax', 'export default (x) => {\n  let a = ;\n}', /^scripts\/a\.js, line 2, column 11: Unexpected token\.$/],
      ['many exports', `${Array.from({ length: 1_000 }, (_, at) => `export const a${at} = ${at};`).join('\n')}\nexport { a1 as default };`, /does not export a function/],
      ['syntax, hosted', 'module.exports = (x) => {\n  let a = ;\n}', /^scripts\/a\.js, line 2, column 11: /],
      ['syntax, TypeScript', 'type A = 1;\nlet x: = 3;', /^scripts\/a\.ts, line 2, column 8: Unexpected token/, 'scripts/a.ts'],
      ['enum', '\nenum A { a }', /^scripts\/a\.ts, line 2, column 1: TypeScript enum is not possible in scripts: types are removed from them, and this would be code\.$/, 'scripts/a.ts', /^Write an object, such as `const /],
      ['namespace', 'namespace A {\n  export const a = 1;\n}', /^scripts\/a\.ts, line 1, column 1: TypeScript namespace declaration is not possible/, 'scripts/a.ts', /into the file itself/],
      ['namespace, exported', 'const a = 1;\n  export namespace A {\n  const b = 1;\n}', /^scripts\/a\.ts, line 2, column 3: TypeScript namespace/, 'scripts/a.ts', /into the file itself/],
      ['parameter property', 'class A {\n  constructor(private a: number) {}\n}', /line 2, column 23: TypeScript parameter property is not possible/, 'scripts/a.ts', /assign it in the constructor/],
      ['import', '// first\nimport fs from "node:fs";\nexport default fs', /line 2, column 1: Scripts cannot import other files or modules of Node\.js/],
      ['export from', 'export { default } from "x"', /line 1, column 1: Scripts cannot pass on/],
      ['a package that nobody has allowed', '// first\nimport a from "some-package";\nexport default a', /line 2, column 1: Scripts may not import "some-package": `scripts\.packages` of patchbay\.json names no package\.$/, 'scripts/a.js', /^Add "some-package" to `scripts\.packages` of patchbay\.json, if/],
      ['a flag that regular expressions do not have', 'export default (x) =>\n  x.match(/a/gq)', /^scripts\/a\.js, line 2, column 12: Invalid regular expression flag: "gq"\. Flags are d, g, i, m, s, u, v and y, /],
      ['no export', 'const a = 1', /does not export a function/],
      ['no default export', 'export const a = 1', /does not export a function/],
      ['default export of a number', 'export default 1', /does not export a function/],
      ['top level throws', 'const a = 1;\nnothing();\nexport default a', /^scripts\/a\.js, line 2, column 1: ReferenceError: '?nothing'? is not defined/],
      ['top level throws on the first line', 'nothing(); export default 1', /line 1, column 1: ReferenceError/],
      ['top level waits for ever', 'await new Promise(() => {});\nexport default 1', /waits for a promise that nothing settles/],
      ...(isStrict ? [] : [['vm2’s own word', 'export default () => VM2_INTERNAL_STATE_DO_NOT_USE_OR_PROGRAM_WILL_FAIL', /internal vm2 state/] as const]),
      ['deeply nested TypeScript', `export default ${'('.repeat(20_000)}`, /nested too deeply/, 'scripts/a.ts'],
      ['deeply nested JavaScript', `export default ${'['.repeat(100_000)}`, /Not enough stack|cannot be read|Unexpected/],
      ['closing our brackets', '}); (function () {', /Unexpected token/],
    ];
    for (const [title, source, message, file = 'scripts/a.js', remedy = /^Correct the script at the line named\.$/] of cases) {
      test(title, async () => {
        await assert.rejects(run(file, source, [1]), (error: unknown) => {
          assert.ok(FlowError.is(error, 'SCRIPT_INVALID'), String(error));
          assert.match(error.message, message);
          assert.match(error.remedy, remedy);
          assert.equal(error.place?.file, file);
          return true;
        });
      });
    }
    test('after a file nested too deeply, types are still removed', async () => assert.deepEqual(await run('a.ts', 'export default (x: number) => x', [1]), [{ output: 1 }]));
  });

  describe('logs', () => {
    test('levels, values and the place of the input', async () => {
      const lines: Line[] = [];
      const source = 'export default (x, { log }) => { log.info("got", x); console.warn({ x }, [1]); console.log("plain"); console.error(new Error("e")); log.debug(undefined) }';
      await run('s.js', source, [{ a: 1 }, 2], { log: recordingLog(lines) });
      const shown = lines.map(([level, message, fields]) => [level, message.split('\n')[0], (fields as { input: number }).input]);
      assert.deepEqual(shown, [
        ['info', 'got {"a":1}', 0], ['warn', '{"x":{"a":1}} [1]', 0], ['info', 'plain', 0], ['error', 'Error: e', 0], ['debug', 'undefined', 0],
        ['info', 'got 2', 1], ['warn', '{"x":2} [1]', 1], ['info', 'plain', 1], ['error', 'Error: e', 1], ['debug', 'undefined', 1],
      ]);
    });
    test('an asynchronous function that fails and that nobody waits for', { skip: isStrict && 'QuickJS does not say' }, async () => {
      const lines: Line[] = [];
      const results = await run('s.js', 'const send = async (x) => { if (x === 1) throw new Error("lost") }; export default (x) => { send(x); return x }', [1, 2], { log: recordingLog(lines) });
      assert.deepEqual(results, [{ output: 1 }, { output: 2 }]);
      assert.deepEqual(lines.map(([level, text]) => [level, text.split(' and ')[0]]), [['warn', 'A promise of the script failed']]);
      await run('s.js', 'export default async (x) => { await Promise.reject(1).catch(() => {}); return x }', [1], { log: recordingLog(lines) });
      assert.equal(lines.length, 1);
    });
    test('a flood is cut', async () => {
      const lines: Line[] = [];
      await run('s.js', 'export default () => { for (let i = 0; i < 2e4; i++) console.log("x".repeat(1e4)) }', [1], { log: recordingLog(lines) });
      assert.equal(lines.length, 1_001);
      assert.match(lines.at(-1)?.[1] ?? '', /the rest is left out/);
      assert.ok(lines.every(([, message]) => message.length <= 2_001));
    });
  });

  describe('limits', () => {
    test('of many rows only the endless one fails', async () => {
      const inputs = Array.from({ length: 300 }, (_, index) => index);
      const results = await run('a.js', 'export default async (x) => { while (x === 137); return x }', inputs, { timeoutMs: 400 });
      assert.deepEqual(results.map(({ output, error }) => output ?? error?.code), inputs.map((value) => (value === 137 ? 'SCRIPT_TIMEOUT' : value)));
      assert.match(results[137]?.error?.message ?? '', /^The script a\.js did not finish within 400 ms\.$/);
    });
    test('a single endless input fails the call', async () => {
      await assert.rejects(run('a.js', 'export default () => { for (;;); }', [1], { timeoutMs: 200 }), { code: 'SCRIPT_TIMEOUT', message: 'The script a.js did not finish within 200 ms.', place: { file: 'a.js' } });
    });
    test('more endless inputs than are searched for fail the call', async () => {
      await assert.rejects(run('a.js', 'export default () => { for (;;); }', [1, 2, 3, 4, 5, 6], { timeoutMs: 100 }), { code: 'SCRIPT_TIMEOUT' });
    });
    test('an endless top level', async () => {
      await assert.rejects(async () => engine.compile({ text: 'for (;;);\nexport default 1', file: 'a.js' }, { ...limits, timeoutMs: 200 }, { log: recordingLog() }), { code: 'SCRIPT_TIMEOUT', message: 'The script a.js did not load within 5000 ms.' });
    });
    test('the least time limit is one of its work, not of its loading', async () => {
      const rows = 'const rows = Array.from({ length: 300_000 }, (_, at) => ({ at })).sort((a, b) => b.at - a.at);\nexport default () => rows.length';
      await using script = await engine.compile({ text: rows, file: 'a.js' }, { ...limits, timeoutMs: 10 }, { log: recordingLog() });
      assert.equal(script.at?.file, 'a.js');
    });
    test('memory of one row among others', async () => {
      const results = await run('a.js', 'export default (x) => { const a = []; while (x === 2) a.push(new Array(1000).fill(x)); return x }', [1, 2, 3]);
      assert.deepEqual(results.map(({ output, error }) => output ?? error?.code), [1, 'SCRIPT_MEMORY', 3]);
    });
    test('a single input that needs too much memory fails the call, and says how to give it more', async () => {
      await assert.rejects(run('a.js', 'export default () => { const a = []; for (;;) a.push(new Array(1000).fill(1)) }', [1]), { code: 'SCRIPT_MEMORY', message: 'The script a.js needed more than 64 MB of memory.', remedy: /`limits\.scriptMegabytes` in patchbay\.json/ });
    });
    test('a time limit per input, not per call', async () => {
      const results = await run('a.js', 'export default () => { const end = Date.now() + 60; while (Date.now() < end); return 1 }', Array.from({ length: 10 }, () => 0), { timeoutMs: 400 });
      assert.deepEqual(results.filter(({ output }) => output !== 1), []);
    });
  });

  describe('abort and reuse', () => {
    test('a signal ends a running script, with its reason', async () => {
      const stop = new AbortController();
      const call = run('a.js', 'export default () => { for (;;); }', [1], { signal: stop.signal });
      setTimeout(() => stop.abort(new Error('enough')), 50);
      await assert.rejects(call, /enough/);
    });
    test('a signal that has aborted before', async () => {
      await assert.rejects(run('a.js', 'export default (x) => x', [1], { signal: AbortSignal.abort(new Error('no need')) }), /no need/);
    });
    test('one script does not see another, nor its changes to the built-ins', async () => {
      await run('a.js', 'Array.prototype.at = () => "spoiled"; globalThis.left = 1; export default (x) => x', [1]);
      assert.deepEqual(await run('b.js', 'export default (x) => [typeof left, [x].at(0)]', [1]), [{ output: ['undefined', 1] }]);
    });
    const spoilt: Readonly<Record<string, string>> = {
      'methods of lists': 'for (const name of ["map", "filter", "push", "slice", "splice", "join", "concat", "forEach", "some", "at"]) Array.prototype[name] = bad;',
      'the walk through lists': 'Array.prototype[Symbol.iterator] = bad;',
      'methods of texts': 'for (const name of ["slice", "replace", "split", "includes", "indexOf", "startsWith"]) String.prototype[name] = bad;',
      'regular expressions': 'RegExp.prototype.exec = bad; RegExp.prototype.test = bad; RegExp.prototype[Symbol.replace] = bad;',
      'maps and promises': 'for (const name of ["get", "set", "has", "delete"]) Map.prototype[name] = bad; try { Promise.prototype.then = bad } catch {} try { Promise.resolve = bad } catch {} globalThis.Promise = bad; globalThis.Map = bad; globalThis.Set = bad;',
      'functions and objects': 'for (const name of ["call", "apply", "bind"]) Function.prototype[name] = bad; for (const name of Object.getOwnPropertyNames(Object)) if (name !== "prototype") try { Object[name] = bad } catch {}',
      'what reads and writes': 'for (const of of [JSON, Reflect, Math, Number]) for (const name of Object.getOwnPropertyNames(of)) try { of[name] = bad } catch {}',
      'how lists and texts are written': 'Array.prototype.toJSON = function () { return "list of " + this.length }; String.prototype.toJSON = bad;',
      'global names': 'for (const name of ["Array", "Object", "String", "Number", "JSON", "Date", "Error", "Reflect", "Math"]) globalThis[name] = bad;',
    };
    for (const [what, change] of Object.entries(spoilt)) {
      test(`a script that changes ${what} is alone with it`, async () => {
        const lines: Line[] = [];
        // vm2 finds no name of a frame then.
        const hasLine = isStrict || what !== 'methods of texts';
        const source = `const bad = () => { throw new TypeError("spoilt") };\n${change}\nexport default async (x, context) => { context.log.info("seen", "it"); if (x === 2) bad(); return { n: (await context.lookup(x)).n, t: "x" }; }`;
        const results = await run('a.js', source, [1, 2, 3], { log: recordingLog(lines), now: 5, seed: 7, ask: async (_question, args) => ({ n: args[0] }) });
        assert.deepEqual(results.map(({ output, error }) => output ?? [error?.code, error?.message, error?.line]), [{ n: 1, t: 'x' }, ['SCRIPT_THREW', 'TypeError: spoilt', hasLine ? 1 : undefined], { n: 3, t: 'x' }]);
        assert.deepEqual(lines.map(([, text]) => text), ['seen it', 'seen it', 'seen it']);
        assert.deepEqual(await run('b.js', 'export default (x) => [x].map((one) => one + 1)', [1]), [{ output: [2] }]);
      });
    }
    test('many scripts at once, more than there are processes and than a process keeps', async () => {
      const numbers = Array.from({ length: 40 }, (_, index) => index);
      const scripts = await Promise.all(numbers.map((number) => engine.compile({ text: `export default (x) => x + ${number}`, file: `${number}.js` }, limits, { log: recordingLog() })));
      for (let round = 0; round < 2; round++) {
        const results = await Promise.all(scripts.map((script) => script.run([100], { signal: new AbortController().signal, log: recordingLog() })));
        assert.deepEqual(results.map(([result]) => result?.output), numbers.map((number) => 100 + number));
      }
    });
    test('a script that was compiled before the engine was closed fails with a reason; the engine can be used again', async () => {
      const script = await engine.compile({ text: 'export default (x) => x', file: 'a.js' }, limits, { log: recordingLog() });
      await engine.close();
      await assert.rejects(script.run([1], { signal: new AbortController().signal, log: recordingLog() }), { code: 'RUN_STOPPED' });
      assert.deepEqual(await run('a.js', 'export default (x) => x', [1]), [{ output: 1 }]);
    });
  });
});
