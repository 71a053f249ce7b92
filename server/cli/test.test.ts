import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { runFake, type FakeTerminalOptions } from '../../test/support/fake-terminal.ts';
import { openRunner } from '../runner/runner.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-cli-test-'));
after(() => rmSync(root, { recursive: true, force: true }));
for (const [file, value] of Object.entries({
  'patchbay.json': { version: 1 },
  'flows/echo.flow.json': { version: 1, start: 'say', steps: { say: { shape: 'map', settings: { rules: [{ from: 'id', to: 'number' }] } } } },
  'flows/echo.test.json': { version: 1, cases: { good: { given: { payload: { json: { id: 1 } } }, expect: { outputs: [{ json: { number: 1 } }] } } } },
})) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), JSON.stringify(value));
}
const run = (args: readonly string[], options: Partial<FakeTerminalOptions> = {}) => runFake(['test', ...args], { folder: root, open: (open) => openRunner(open), ...options });

test('reports go where they are to go, or it is said why not', async () => {
  const check = async (reporters: readonly string[], code: number, said: RegExp): Promise<void> => {
    const outcome = await run(reporters.flatMap((one) => ['--reporter', one]));
    assert.deepEqual([outcome.code, said.test(outcome.said)], [code, true], outcome.said);
  };
  await check(['spec', 'junit=out/junit.xml'], 0, /1 passed, 0 failed/);
  assert.match(readFileSync(join(root, 'out/junit.xml'), 'utf8'), /<testsuites name="patchbay" tests="1"/);
  await check(['junit='], 2, /^error: --reporter junit= names no file\.\n {2}Write --reporter junit=out\/junit\.xml, or --reporter junit for stdout\.\n$/);
  await check(['junit=out'], 2, /error: The report cannot be written to .*out: it is a folder\./);
  await check(['junit=patchbay.json/x.xml'], 2, /error: The report cannot be written to .*patchbay\.json/);
  await check(['junut'], 2, /There is no reporter "junut"\.\n {2}Did you mean "junit"\?/);
  await check(['spec', 'json'], 2, /Only one reporter can write to stdout/);
});

test('a case or tests that there are not: which were meant, or which there are', async () => {
  const check = async (args: readonly string[], code: number, said: RegExp): Promise<void> => {
    const outcome = await run(args);
    assert.deepEqual([outcome.code, said.test(outcome.said)], [code, true], outcome.said);
  };
  await check(['--case', 'god'], 2, /error: There is no case "god"\.\n {2}Did you mean "good"\?/);
  await check(['echo', '--case', 'something else'], 2, /error: There is no case "something else"\.\n {2}There is "good"\./);
  await check(['ecko'], 3, /error CONFIG_NOT_FOUND: There are no tests "ecko"\.\n {2}Did you mean "echo"\?/);
  await check(['orders'], 3, /error CONFIG_NOT_FOUND: There are no tests "orders"\.\n {2}There is "echo"\. Name a file such as/);
});

test('a signal ends the tests with its exit code, also a script that never ends', async () => {
  const loops = mkdtempSync(join(tmpdir(), 'patchbay-cli-test-loops-'));
  for (const [file, text] of Object.entries({
    'patchbay.json': '{"version":1}', 'scripts/loop.js': 'export default () => { for (;;); };',
    'flows/loop.flow.json': JSON.stringify({ version: 1, start: 's', steps: { s: { shape: 'script', settings: { script: 'scripts/loop.js' } } } }), 'flows/loop.test.json': '{"version":1,"cases":{"endless":{}}}',
  })) {
    mkdirSync(dirname(join(loops, file)), { recursive: true });
    writeFileSync(join(loops, file), text);
  }
  try {
    for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
      let send = (_signal: typeof signal): void => undefined;
      const outcome = await run([], { folder: loops, signals: (to) => { send = to; }, open: async (options) => {
        const runner = await openRunner(options);
        const tests: typeof runner.tests = { ...runner.tests, run: (order) => { setImmediate(() => send(signal)); return runner.tests.run(order); } };
        return new Proxy(runner, { get: (target, key) => (key === 'tests' ? tests : Reflect.get(target, key)) });
      } });
      assert.deepEqual([outcome.code, outcome.said], [code, 'error: The tests were stopped.\n']);
    }
  } finally {
    rmSync(loops, { recursive: true });
  }
});

test('each case is printed when it has ended, also where the tests never end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-cli-test-live-'));
  for (const [file, value] of Object.entries({
    'patchbay.json': { version: 1 }, 'flows/loop.flow.json': { version: 1, start: 's', steps: { s: { shape: 'script', settings: { script: 'scripts/loop.js' } } } },
    'flows/echo.flow.json': { version: 1, start: 'say', steps: { say: { shape: 'map', settings: { passThrough: true } } } },
    'flows/echo.test.json': { version: 1, cases: { later: { skip: 'not yet' }, wrong: { expect: { outputs: [{ json: { n: 1 } }] } } } }, 'flows/loop.test.json': { version: 1, cases: { endless: {} } },
  })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), JSON.stringify(value));
  }
  mkdirSync(join(folder, 'scripts'));
  writeFileSync(join(folder, 'scripts/loop.js'), 'export default () => { for (;;); };');
  try {
    for (const [reporter, out] of [['spec', /^flows\/echo\.test\.json\n {2}- later \(skipped: not yet\)\n {2}✖ wrong.*\n {6}.*\n[^]*expected/], ['github', /^::error file=flows\/echo\.test\.json,line=\d+,col=\d+,title=wrong::.*\n$/], ['junit', /^$/]] as const) {
      let send = (_signal: 'SIGINT'): void => undefined;
      const outcome = await run(['echo', 'loop', '--reporter', reporter], { folder, signals: (to) => { send = to; }, open: async (options) => {
        const runner = await openRunner(options);
        const tests: typeof runner.tests = { ...runner.tests, run: ({ onCase, ...order }) => runner.tests.run({ ...order, onCase(one) {
          onCase?.(one);
          if (one.name === 'wrong') send('SIGINT');
        } }) };
        return new Proxy(runner, { get: (target, key) => (key === 'tests' ? tests : Reflect.get(target, key)) });
      } });
      assert.deepEqual([outcome.code, out.test(outcome.out)], [130, true], outcome.out);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
