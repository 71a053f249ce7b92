import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import type { HttpResponse } from '../../plugins/sdk/index.ts';
import type { FlowSummary } from '../model/api.ts';
import type { Runner } from './contract.ts';
import { openRunner, type RunnerOptions } from './runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-deployments-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;
let time = 1_000;

type Files = Readonly<Record<string, unknown>>;
interface Story {
  readonly root: string;
  readonly runner: Runner;
  write(files: Files): void;
  deploy(note?: string): ReturnType<Runner['versions']['deploy']>;
  /** Outputs of a run of the flow `f`. */
  run(version?: number | 'draft' | 'deployed', payload?: unknown): Promise<readonly unknown[]>;
  hook(): Promise<HttpResponse | undefined>;
  again(options?: Partial<RunnerOptions>): Promise<Runner>;
}

/** A workspace with a runner that serves deployed flows. */
async function story(files: Files, work: (story: Story) => Promise<void>, options: Partial<RunnerOptions> = {}): Promise<void> {
  const root = join(folder, `${++last}`);
  const write = (more: Files): void => {
    for (const [file, content] of Object.entries(more)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`);
      // Each change has a time of its own, as if a person had typed.
      utimesSync(join(root, file), ++time, time);
    }
  };
  write({ 'patchbay.json': { version: 1 }, ...files });
  const runners: Runner[] = [];
  const again = async (more: Partial<RunnerOptions> = {}): Promise<Runner> => {
    const runner = await openRunner({ root, serves: 'deployed', editorSecrets: new Map(), ...options, ...more });
    runners.push(runner);
    return runner;
  };
  const runner = await again();
  try {
    await work({
      root, runner, write, again,
      deploy: (note) => runner.versions.deploy('f', { by: 'ada', ...(note !== undefined && { note }) }),
      run: async (version, body = { n: 1 }) => {
        const { done } = await runner.start({ flow: 'f', trigger: 'manual', payload: { body, mediaType: 'application/json' }, ...(version !== undefined && { version }) });
        const { outputs, error } = await done;
        assert.equal(error, undefined);
        return outputs;
      },
      hook: () => call(runner),
    });
  } finally {
    for (const one of runners) await one[Symbol.asyncDispose]();
  }
}

async function call(runner: Runner): Promise<HttpResponse | undefined> {
  const answer = Promise.withResolvers<HttpResponse>();
  const isThere = await runner.hook('f', 'in', { method: 'POST', url: '/hooks/f/in', query: {}, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"n":1}'), receivedAt: 1, respond: answer.resolve });
  return isThere && answer.promise;
}

const flow = (steps: object, more: object = {}): object => ({ version: 1, start: Object.keys(steps)[0], steps, ...more });
const map = (type: string, settings: object = {}): object => ({ shape: 'map', settings: { rules: [{ from: 'n', to: 'out', transforms: [{ type, settings }] }] } });
const plugin = (text: string): string => `import { value } from './value.ts';\nexport default { kind: 'transform', type: 'own', title: 'Own', summary: 'Gives a text.', settings: { type: 'object', properties: {}, additionalProperties: false }, examples: [], compile: () => () => ${JSON.stringify(text)} + value };\n`;

const byScript = { 'flows/f.flow.json': flow({ s: { shape: 'script', settings: { script: 'scripts/s.ts' } } }), 'scripts/s.ts': 'export default (input) => ({ ...input, payload: "one" });' };
const byLookup = { 'flows/f.flow.json': flow({ m: map('lookup', { lookup: 'codes' }) }), 'lookups/codes.csv': 'a,b\n1,one\n' };
const byExpression = { 'flows/f.flow.json': flow({ m: { shape: 'map', settings: { rules: [{ to: 'out', transforms: [{ type: 'custom-string', settings: { value: "{{ payload.n | lookup(lookup: 'codes') }}" } }] }] } } }), 'lookups/codes.csv': 'a,b\n1,one\n' };
const byPlugin = { 'flows/f.flow.json': flow({ m: map('own') }), 'plugins/own.ts': plugin('o'), 'plugins/value.ts': "export const value = 'ne';" };

describe('what a deployed flow needs stays as it was, byte for byte', () => {
  const cases: readonly (readonly [title: string, files: Files, change: Files, before: unknown, after: unknown])[] = [
    ['the flow', { 'flows/f.flow.json': flow({ a: { shape: 'split', settings: { path: 'n' } } }) }, { 'flows/f.flow.json': flow({ a: { shape: 'split', settings: { path: 'other' } } }) }, [1], [2]],
    ['a script', byScript, { 'scripts/s.ts': 'export default (input) => ({ ...input, payload: "two" });' }, ['one'], ['two']],
    ['a lookup', byLookup, { 'lookups/codes.csv': 'a,b\n1,two\n' }, [{ out: 'one' }], [{ out: 'two' }]],
    ['the settings of a lookup', { ...byLookup, 'lookups/codes.lookup.json': { version: 1, columns: { b: { type: 'decimal' } } }, 'lookups/codes.csv': 'a,b,c\n1,1.0,one\n' }, { 'lookups/codes.lookup.json': { version: 1, value: 'c' } }, [{ out: '1.0' }], [{ out: 'one' }]],
    ['a lookup in an expression', byExpression, { 'lookups/codes.csv': 'a,b\n1,two\n' }, [{ out: 'one' }], [{ out: 'two' }]],
    ['a plugin', byPlugin, { 'plugins/own.ts': plugin('tu') }, [{ out: 'one' }], [{ out: 'tune' }]],
    ['what a plugin imports', byPlugin, { 'plugins/value.ts': "export const value = 'ut';" }, [{ out: 'one' }], [{ out: 'out' }]],
    ['limits', { ...byLookup, 'patchbay.json': { version: 1, limits: { payloadBytes: 1_000 } } }, { 'patchbay.json': { version: 1, limits: { payloadBytes: 1_001 } } }, [{ out: 'one' }], [{ out: 'one' }]],
  ];
  for (const [title, files, change, before, after] of cases) {
    test(title, () => story(files, async ({ root, write, deploy, run, again }) => {
      const payload = { n: 1, other: 2 };
      assert.deepEqual(await run('draft', payload), before);
      const { number, isNew } = await deploy();
      assert.deepEqual([number, isNew], [1, true]);
      const stored = contents(root);
      write(change);
      // What a plugin imports is read once by a process, so the draft goes on with it.
      if (title !== 'what a plugin imports') assert.deepEqual(await run('draft', payload), after);
      assert.deepEqual([await run('deployed', payload), await run(undefined, payload), await run(1, payload)], [before, before, before]);
      const other = await again();
      const { done } = await other.start({ flow: 'f', trigger: 'manual', version: 1, payload: { body: payload, mediaType: 'application/json' } });
      assert.deepEqual((await done).outputs, before);
      assert.deepEqual(contents(root), stored);
      assert.deepEqual([(await deploy()).number, await run(undefined, payload)], [2, after]);
      assert.deepEqual(other.archive.runs({ perPage: 3 }).items.map(({ version }) => version), [2, 1, 1]);
    }));
  }
});

function contents(root: string): Record<string, string> {
  const at = join(root, '.patchbay', 'versions', 'f', '1');
  return Object.fromEntries((readdirSync(at, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => [join(entry.parentPath, entry.name).slice(at.length + 1), readFileSync(join(entry.parentPath, entry.name), 'utf8')]));
}

describe('versions', () => {
  const one = { 'flows/f.flow.json': flow({ a: { shape: 'split', settings: { path: 'n' } } }) };
  const two = { 'flows/f.flow.json': flow({ a: { shape: 'split', settings: { path: 'other' } } }) };
  const payload = { n: 1, other: 2 };

  test('equal ones are one; rolling back is putting another into use; all of it is in the history', () => story(one, async ({ runner, write, deploy, run }) => {
    await deploy('first');
    assert.partialDeepStrictEqual(await deploy('again'), { number: 1, isNew: false, previous: 1, note: 'first' });
    write(two);
    assert.equal((await runner.versions.list('f')).draftDiffers, true);
    assert.partialDeepStrictEqual(await deploy('second'), { number: 2, isNew: true, previous: 1, by: 'ada', note: 'second' });
    assert.partialDeepStrictEqual(await runner.versions.rollback('f', 1, 'bob'), { number: 1, isNew: false, previous: 2, note: 'first' });
    assert.deepEqual(await run(undefined, payload), [1]);
    write(one);
    assert.partialDeepStrictEqual(await deploy(), { number: 1, isNew: false });
    write(two);
    assert.partialDeepStrictEqual(await deploy(), { number: 2, isNew: false, previous: 1 });
    const { deployed, draftDiffers, versions, history } = await runner.versions.list('f');
    assert.deepEqual([deployed, draftDiffers, versions.map(({ number, note }) => [number, note])], [2, false, [[2, 'second'], [1, 'first']]]);
    assert.deepEqual(history.map(({ version, by, action }) => [version, by, action]), [[2, 'ada', 'deploy'], [1, 'bob', 'rollback'], [2, 'ada', 'deploy'], [1, 'ada', 'deploy']]);
    const [summary] = await runner.flows();
    assert.partialDeepStrictEqual(summary, { deployed: { number: 2, note: 'second' }, draftDiffers: false, enabled: true });
  }));

  test('only what the flow needs is in one', () => story({
    ...one, 'flows/f.flow.json': flow({ a: { shape: 'connector', settings: { instance: 'shop', endpoint: 'list' } }, b: { shape: 'script', settings: { script: 's.ts' } } }, { layout: { a: [1, 2] } }),
    'flows/other.flow.json': flow({ a: { shape: 'split' } }), 'scripts/s.ts': 'export default (x) => x;', 'scripts/other.ts': 'export default (x) => x;', 'scripts/before.ts': 'export default (x) => x;',
    'lookups/codes.csv': 'a,b\n', 'lookups/unused.csv': 'a,b\n', 'instances/shop.instance.json': { version: 1, connector: 'acme', settings: { table: 'codes' } }, 'instances/other.instance.json': { version: 1, connector: 'acme' },
    'connectors/acme.connector.json': { version: 1, title: 'A', baseUrl: 'http://127.0.0.1:9', variables: { table: { type: 'string', default: 'codes' } }, endpoints: { list: { title: 'L', direction: 'receive', method: 'GET', path: '/', before: { script: 'scripts/before.ts' } } } },
    'connectors/acme/schemas/order.json': {}, 'connectors/acme/fixtures/order.json': {}, 'connectors/other.connector.json': { version: 1, title: 'B', baseUrl: 'http://127.0.0.1:9', endpoints: {} },
    'environments/live.env.json': { version: 1, instances: { other: { settings: {} } } }, 'plugins/p.test.ts': '', 'plugins/data.json': '{}',
    'patchbay.json': { version: 1, title: 'T', environment: 'live', redact: ['x'], retention: { days: 1 }, server: { port: 1 }, limits: { payloadBytes: 5_000 } },
  }, async ({ root, deploy, runner }) => {
    await deploy().catch((error: Error) => assert.fail(error.message));
    const stored = contents(root);
    assert.deepEqual(Object.keys(stored).filter((file) => file !== 'snapshot.json').sort(), [
      'connectors/acme.connector.json', 'connectors/acme/schemas/order.json', 'environments/live.env.json', 'flows/f.flow.json', 'instances/shop.instance.json', 'lookups/codes.csv', 'patchbay.json', 'plugins/data.json', 'scripts/before.ts', 'scripts/s.ts',
    ]);
    assert.deepEqual(JSON.parse(stored['patchbay.json']!), { version: 1, limits: { payloadBytes: 5_000 } });
    assert.equal(stored['flows/f.flow.json'], readFileSync(join(root, 'flows/f.flow.json'), 'utf8'));
    assert.deepEqual(Object.keys((await runner.versions.detail('f', 1)).files).length, 10);
  }));

  test('an instance that a script names is, with its connector and what that needs', () => story({
    'flows/f.flow.json': flow({ a: { shape: 'script', settings: { script: 's.ts' } } }), 'scripts/s.ts': "export default async (x, context) => (x.never ? context.http({ instance: 'shop', url: '/x' }) : x);", 'scripts/before.ts': 'export default (x) => x;',
    'instances/shop.instance.json': { version: 1, connector: 'acme' }, 'instances/shop-eu.instance.json': { version: 1, connector: 'acme' },
    'connectors/acme.connector.json': { version: 1, title: 'A', baseUrl: 'http://127.0.0.1:9', defaults: { before: { script: 'before.ts' } }, endpoints: {} },
  }, async ({ root, deploy }) => {
    await deploy();
    assert.deepEqual(Object.keys(contents(root)).filter((file) => /^(instances|connectors|scripts)/.test(file)).sort(), ['connectors/acme.connector.json', 'instances/shop.instance.json', 'scripts/before.ts', 'scripts/s.ts']);
  }));

  test('flows that it calls are no part of it, and run in their own version', () => story({
    'flows/f.flow.json': flow({ a: { shape: 'run-flow', settings: { flow: 'sub' } } }), 'flows/sub.flow.json': flow({ a: { shape: 'split' } }),
  }, async ({ root, runner, deploy }) => {
    assert.deepEqual((await deploy()).undeployed, ['sub']);
    assert.deepEqual([Object.keys(contents(root)).sort(), (await runner.versions.detail('f', 1)).flows], [['flows/f.flow.json', 'patchbay.json', 'snapshot.json'], ['sub']]);
    await runner.versions.deploy('sub', { by: 'ada' });
    assert.equal((await deploy()).undeployed, undefined);
  }));

  for (const serves of ['deployed', 'draft'] as const) {
    test(`a version calls the deployed version of another flow, where ${serves} ones are usual`, () => story({
      'flows/f.flow.json': flow({ a: { shape: 'run-flow', settings: { flow: 'sub', wait: 'result' } } }), 'flows/sub.flow.json': flow({ a: { shape: 'split', settings: { path: 'n' } } }),
    }, async ({ runner, write, deploy, run }) => {
      await deploy();
      const { done } = await runner.start({ flow: 'f', trigger: 'manual', version: 1, payload: { body: payload, mediaType: 'application/json' } });
      const { status, failures } = await done;
      assert.deepEqual([status, failures.map(({ code }) => code)], ['failed', ['VERSION_NOT_FOUND']]);
      await runner.versions.deploy('sub', { by: 'ada' });
      write({ 'flows/sub.flow.json': flow({ a: { shape: 'split', settings: { path: 'other' } } }) });
      assert.deepEqual([await run(1, payload), await run('deployed', payload)], [[1], [1]]);
      if (serves === 'draft') assert.deepEqual(await run('draft', payload), [2]);
    }, { serves }));
  }

  test('two of them are compared by settings, and by lines', () => story(byScript, async ({ runner, write, deploy }) => {
    await deploy();
    write({ 'flows/f.flow.json': flow({ s: { shape: 'script', settings: { script: 'scripts/s.ts' }, next: { out: 't' } }, t: { shape: 'split' } }), 'scripts/s.ts': '// New.\nexport default (input) => ({ ...input, payload: "one" });' });
    await deploy();
    const expected = {
      flow: 'f', from: '1', to: '2', packages: [],
      files: [{ file: 'flows/f.flow.json', change: 'changed', values: [{ pointer: '/steps/s/next', after: { out: 't' } }, { pointer: '/steps/t', after: { shape: 'split' } }] }, { file: 'scripts/s.ts', change: 'changed', lines: ['+// New.'] }],
    };
    assert.deepEqual(await runner.versions.compare('f', 1, 2), expected);
    assert.deepEqual(await runner.versions.compare('f', 1, 'draft'), { ...expected, to: 'draft' });
    assert.deepEqual((await runner.versions.compare('f', 2, 'draft')).files, []);
    write({ 'flows/f.flow.json': flow({ t: { shape: 'split' } }) });
    assert.deepEqual((await runner.versions.compare('f', 2, 'draft')).files.map(({ file, change }) => [file, change]), [['flows/f.flow.json', 'changed'], ['scripts/s.ts', 'removed']]);
  }));

  test('secrets are in none', () => story({
    'flows/f.flow.json': flow({ a: { shape: 'connector', settings: { instance: 'shop', endpoint: 'list' } } }),
    'instances/shop.instance.json': { version: 1, connector: 'acme', credentials: { token: { $secret: 'shop/token' } } },
    'connectors/acme.connector.json': { version: 1, title: 'A', baseUrl: 'http://127.0.0.1:9', auth: { token: { type: 'bearer' } }, endpoints: { list: { title: 'L', direction: 'receive', method: 'GET', path: '/' } } },
  }, async ({ root, deploy, again }) => {
    // One that is missing keeps nobody from deploying; a run does need it.
    await deploy();
    await assert.rejects((await again()).start({ flow: 'f', trigger: 'manual' }), { code: 'SECRET_MISSING' });
    const runner = await again({ editorSecrets: new Map([['shop/token', 'canary-4711']]) });
    await (await runner.start({ flow: 'f', trigger: 'manual' })).done;
    assert.ok(!Object.values(contents(root)).join('\n').includes('canary-4711'));
  }));

  describe('what is wrong keeps a flow from being deployed, and changes nothing', () => {
    const cases: readonly (readonly [title: string, files: Files, expected: { readonly code: string; readonly message?: RegExp }])[] = [
      ['no such flow', {}, { code: 'CONFIG_NOT_FOUND' }],
      ['an error of the flow', { 'flows/f.flow.json': flow({ a: { shape: 'magic' }, b: { shape: 'more-magic' } }) }, { code: 'CONFIG_UNKNOWN_PLUGIN', message: /cannot be deployed: There is no shape "magic".*1 more/ }],
      ['an error of a script', { ...byScript, 'scripts/s.ts': 'export default (' }, { code: 'SCRIPT_INVALID' }],
      ['an error of a lookup', { ...byLookup, 'lookups/codes.csv': 'a,b\n"' }, { code: 'DATA_INVALID' }],
      ['an error of a plugin', { ...byLookup, 'plugins/own.ts': 'throw new Error("no")' }, { code: 'PLUGIN_FAILED' }],
      ['an error of an environment', { ...one, 'environments/live.env.json': { version: 1, instances: { nope: {} } } }, { code: 'CONFIG_UNKNOWN_INSTANCE' }],
      ['no start', { 'flows/f.flow.json': { version: 1, steps: { a: { shape: 'split' } } } }, { code: 'CONFIG_INVALID' }],
      ['code from elsewhere', { ...byPlugin, 'plugins/own.ts': `import '../../elsewhere.ts';\n${plugin('o')}` }, { code: 'CONFIG_INVALID', message: /lies outside of the workspace/ }],
    ];
    for (const [title, files, { code, message }] of cases) {
      test(title, () => story(files, async ({ root, deploy, runner }) => {
        await assert.rejects(deploy(), (error: Error & { code: string }) => {
          assert.equal(error.code, code, error.message);
          if (message) assert.match(error.message, message);
          return true;
        });
        assert.ok(!existsSync(join(root, '.patchbay', 'versions', 'f', '1')));
        assert.ok((await runner.flows()).every(({ deployed }) => deployed === undefined));
      }));
    }
    test('the one that is in use goes on', () => story(one, async ({ write, deploy, run }) => {
      await deploy();
      write({ 'flows/f.flow.json': '{' });
      await assert.rejects(deploy(), { code: 'CONFIG_INVALID' });
      assert.deepEqual(await run(undefined, payload), [1]);
    }));
  });

  test('one that was tampered with is refused, and the same files make a new one', () => story(byScript, async ({ root, deploy, again }) => {
    await deploy();
    const file = join(root, '.patchbay/versions/f/1/scripts/s.ts');
    chmodSync(file, 0o644);
    writeFileSync(file, 'export default (input) => ({ ...input, payload: "evil" });');
    const runner = await again();
    for (const version of [1, 'deployed', undefined] as const) await assert.rejects(runner.start({ flow: 'f', trigger: 'manual', ...(version !== undefined && { version }) }), { code: 'VERSION_DAMAGED', message: /scripts\/s\.ts was changed/ });
    await assert.rejects(call(runner), { code: 'VERSION_DAMAGED' });
    await assert.rejects(runner.versions.detail('f', 1), { code: 'VERSION_DAMAGED' });
    assert.partialDeepStrictEqual(await runner.versions.deploy('f', { by: 'ada' }), { number: 2, isNew: true, previous: 1 });
    await assert.rejects(runner.versions.rollback('f', 1, 'ada'), { code: 'VERSION_DAMAGED' });
    const { done } = await runner.start({ flow: 'f', trigger: 'manual' });
    assert.deepEqual((await done).outputs, ['one']);
  }));

  test('versions that there are not', () => story(one, async ({ runner, deploy, run }) => {
    await assert.rejects(run('deployed'), { code: 'VERSION_NOT_FOUND', message: /not deployed/ });
    await assert.rejects(run(1), { code: 'VERSION_NOT_FOUND', message: /never deployed/ });
    assert.deepEqual(await run(undefined, payload), [1]);
    await deploy();
    await assert.rejects(run(7), { code: 'VERSION_NOT_FOUND', message: /there is 1/ });
    await assert.rejects(runner.versions.rollback('f', 7, 'ada'), { code: 'VERSION_NOT_FOUND' });
    await assert.rejects(runner.versions.list('nope'), { code: 'CONFIG_NOT_FOUND' });
  }));

  test('a package of another version than then is refused', () => {
    const acme = (text: string): string => `export default { kind: 'transform', type: 'acme', title: 'A', summary: 'Gives a text.', settings: { type: 'object', properties: {}, additionalProperties: false }, examples: [], compile: () => () => '${text}' };`;
    const install = (version: string): Files => ({ 'node_modules/acme/package.json': { name: 'acme', version, type: 'module', exports: './index.js' }, 'node_modules/acme/index.js': acme(version) });
    return story({ 'patchbay.json': { version: 1, plugins: ['acme'] }, 'flows/f.flow.json': flow({ m: map('acme') }), ...install('1.0.0') }, async ({ write, deploy, run, again }) => {
      assert.deepEqual((await deploy()).number, 1);
      assert.deepEqual(await run(), [{ out: '1.0.0' }]);
      write(install('1.1.0'));
      const runner = await again();
      await assert.rejects(runner.start({ flow: 'f', trigger: 'manual' }), { code: 'PLUGIN_FAILED', message: /deployed with acme 1\.0\.0; 1\.1\.0 is installed now/ });
      assert.partialDeepStrictEqual(await runner.versions.deploy('f', { by: 'ada' }), { number: 2 });
      assert.deepEqual((await runner.versions.compare('f', 1, 2)).packages, [{ name: 'acme', before: '1.0.0', after: '1.1.0' }]);
    });
  });
});

test('a package that a script imports, of another version than then, is refused', () => {
  const install = (version: string): Files => ({ 'node_modules/rates/package.json': { name: 'rates', version, main: './index.js' }, 'node_modules/rates/index.js': `module.exports = '${version}';` });
  return story({ 'patchbay.json': { version: 1, scripts: { packages: ['rates'] } }, 'flows/f.flow.json': flow({ s: { shape: 'script', settings: { script: 's.ts' } } }), 'scripts/s.ts': "import rates from 'rates';\nexport default () => ({ payload: rates });", ...install('1.0.0') }, async ({ write, deploy, run, again }) => {
    await deploy();
    assert.deepEqual(await run(), ['1.0.0']);
    write(install('1.1.0'));
    const runner = await again();
    await assert.rejects(runner.start({ flow: 'f', trigger: 'manual' }), { code: 'PLUGIN_FAILED', message: /deployed with rates 1\.0\.0; 1\.1\.0 is installed now/ });
  });
});

describe('triggers', () => {
  const simple: Files = { 'flows/f.flow.json': flow({ a: { shape: 'split' } }, { triggers: { in: { trigger: 'webhook' } } }) };
  const renamed: Files = { 'flows/f.flow.json': flow({ a: { shape: 'split' } }, { triggers: { other: { trigger: 'webhook' } } }) };

  test('on a server they fire for flows that are deployed and enabled, as they were deployed', () => story(simple, async ({ root, runner, write, deploy, hook }) => {
    await runner.listen();
    assert.equal(await hook(), undefined);
    await deploy();
    assert.equal((await hook())?.status, 200);
    write(renamed);
    assert.equal((await hook())?.status, 200);
    await runner.setEnabled('f', false);
    assert.equal(await hook(), undefined);
    await runner.setEnabled('f', true);
    assert.equal((await hook())?.status, 200);
    rmSync(join(root, 'flows/f.flow.json'));
    assert.equal((await hook())?.status, 200);
    const flows: readonly FlowSummary[] = await runner.flows();
    assert.partialDeepStrictEqual(flows, [{ id: 'f', triggers: [{ id: 'in', url: '/hooks/f/in' }], enabled: true, deployed: { number: 1 } }]);
    assert.equal(flows[0]!.draftDiffers, undefined);
  }));

  test('where the files as they are count, they fire for all that are enabled', () => story(simple, async ({ runner, write, deploy, hook }) => {
    await runner.listen();
    assert.equal((await hook())?.status, 200);
    await deploy();
    write(renamed);
    await runner.flows();
    await runner.setEnabled('f', true);
    assert.equal(await hook(), undefined);
  }, { serves: 'draft' }));

  test('what another process deploys is heard of', () => story(simple, async ({ runner, again, hook }) => {
    const other = await again();
    await other.versions.deploy('f', { by: 'ada' });
    assert.equal((await hook())?.status, 200);
    await other.setEnabled('f', false);
    assert.equal(await hook(), undefined);
    assert.equal((await runner.flows())[0]!.enabled, false);
  }));
  test('and answers at once, where one listens already', () => story(simple, async ({ runner, again, hook }) => {
    await runner.listen();
    assert.equal(await hook(), undefined);
    await (await again()).versions.deploy('f', { by: 'ada' });
    assert.equal((await hook())?.status, 200);
  }));

  test('a trigger plugin of a version is that of then', () => {
    const own = (text: string): string => `export default { kind: 'trigger', type: 'own', takesRequests: true, title: 'O', summary: 'Answers.', settings: { type: 'object', properties: {}, additionalProperties: false }, examples: [], async *events(settings, { requests }) { for await (const request of requests()) request.respond({ status: 200, headers: {}, body: '${text}' }); } };`;
    return story({ 'flows/f.flow.json': flow({ a: { shape: 'split' } }, { triggers: { in: { trigger: 'own' } } }), 'plugins/own.ts': own('one') }, async ({ runner, write, deploy, hook }) => {
      await runner.listen();
      await deploy();
      write({ 'plugins/own.ts': own('two') });
      await runner.flows();
      assert.equal((await hook())?.body, 'one');
      await deploy();
      assert.equal((await hook())?.body, 'two');
      await runner.versions.rollback('f', 1, 'ada');
      assert.equal((await hook())?.body, 'one');
    });
  });
});

describe('production', () => {
  const simple: Files = {
    'patchbay.json': { version: 1, environment: 'live' }, 'environments/live.env.json': { version: 1, production: true, variables: { x: 1 } }, 'environments/test.env.json': { version: 1 },
    'flows/f.flow.json': flow({ a: { shape: 'split' } }, { triggers: { in: { trigger: 'webhook' } } }),
  };
  const refusal = { code: 'PRODUCTION_UNCONFIRMED', message: /"live" is marked as production/ };
  const request = { flow: 'f', trigger: 'manual', payload: { body: 1, mediaType: 'application/json' } };

  test('who starts a run against it must confirm it', () => story(simple, async ({ runner }) => {
    await assert.rejects(runner.start(request), refusal);
    await assert.rejects(runner.start({ ...request, environment: 'live', version: 'draft' }), refusal);
    assert.equal((await (await runner.start({ ...request, environment: 'test' })).done).status, 'success');
    assert.equal((await (await runner.start({ ...request, isProductionConfirmed: true })).done).status, 'success');
    assert.equal(runner.archive.runs({}).total, 2);
  }));
  test('the triggers of deployed flows need no confirmation', () => story(simple, async ({ deploy, hook, runner }) => {
    await deploy();
    assert.equal((await hook())?.status, 200);
    assert.partialDeepStrictEqual(runner.archive.runs({}).items, [{ environment: 'live', version: 1 }]);
  }));
  test('what was production when a version was deployed is production', () => story(simple, async ({ deploy, write, runner }) => {
    await deploy();
    write({ 'environments/live.env.json': { version: 1 }, 'environments/new.env.json': { version: 1 } });
    await assert.rejects(runner.start(request), refusal);
    assert.equal((await (await runner.start({ ...request, version: 'draft' })).done).status, 'success');
    await assert.rejects(runner.start({ ...request, environment: 'new' }), { code: 'CONFIG_NOT_FOUND', message: /deployed there was no environment "new": deploy the flow again/ });
  }));
  test('those of files that are not deployed do', async () => {
    await story(simple, async ({ hook, runner }) => {
      assert.ok((await hook())!.status >= 400);
      assert.equal(runner.archive.runs({}).total, 0);
    }, { serves: 'draft' });
    await story(simple, async ({ hook }) => assert.equal((await hook())?.status, 200), { serves: 'draft', isProductionConfirmed: true });
  });
  test('an environment that says so counts, whatever else is wrong with it', () => story({ ...simple, 'environments/live.env.json': { version: 1, production: true, variables: 3 } }, async ({ runner }) => assert.rejects(runner.start(request), refusal)));
});

test('an environment may keep caches and pools of its own, with other limits', () => story({
  'environments/own.env.json': { version: 1, caches: { seen: { name: 'seen-there' } }, pools: { ids: { name: 'ids-there' } } }, 'environments/small.env.json': { version: 1, caches: { seen: { megabytes: 0.000_01 } } },
  'flows/put.flow.json': flow({ a: { shape: 'add-to-cache', settings: { cache: 'seen', scope: 'workspace', key: 'k' } } }),
  'flows/get.flow.json': flow({ a: { shape: 'load-from-cache', settings: { cache: 'seen', scope: 'workspace', keys: ['k'] } } }),
  'flows/once.flow.json': flow({ a: { shape: 'de-dupe', settings: { pool: 'ids', key: 'n', entity: 'order' } } }),
}, async ({ runner }) => {
  const run = async (of: string, environment: string | undefined, body: unknown): Promise<unknown> => {
    const { outputs, error } = await (await runner.start({ flow: of, trigger: 'manual', ...(environment !== undefined && { environment }), payload: { body, mediaType: 'application/json' } })).done;
    return error?.code ?? outputs;
  };
  await run('put', undefined, 'here');
  await run('put', 'own', 'there');
  assert.deepEqual([await run('get', undefined, {}), await run('get', 'own', {}), await run('get', 'small', {})], [['here'], ['there'], ['here']]);
  assert.equal(await run('put', 'small', 'much too long for so small a cache'), 'CACHE_FULL');
  assert.deepEqual([await run('once', undefined, [{ n: 1 }]), await run('once', undefined, [{ n: 1 }]), await run('once', 'own', [{ n: 1 }]), await run('once', 'own', [{ n: 1 }])], [[[{ n: 1 }]], [], [[{ n: 1 }]], []]);
}));

test('an environment may let fewer runs of a flow work at a time than the flow does', () => story({
  'environments/narrow.env.json': { version: 1, limits: { runsPerFlow: 1 } }, 'environments/wide.env.json': { version: 1, limits: { runsPerFlow: 9 } },
  'flows/f.flow.json': flow({ a: { shape: 'split' } }, { settings: { concurrency: 2 } }), 'flows/free.flow.json': flow({ a: { shape: 'split' } }),
}, async ({ root, runner }) => {
  for (const id of ['f', 'free']) for (const environment of ['narrow', 'wide', undefined]) {
    await (await runner.start({ flow: id, trigger: 'manual', payload: { body: 1, mediaType: 'application/json' }, ...(environment !== undefined && { environment }) })).done;
  }
  const database = new DatabaseSync(join(root, '.patchbay', 'patchbay.db'), { readOnly: true });
  assert.deepEqual(database.prepare('SELECT flow_limit FROM runs ORDER BY number').all().map((row) => row['flow_limit']), [1, 2, 2, 1, 9, null]);
  database.close();
}));

test('the environment that was chosen for this machine stands between the command line and patchbay.json', () => story({
  'patchbay.json': { version: 1, environment: 'one' }, 'environments/one.env.json': { version: 1, variables: { x: 1 } }, 'environments/two.env.json': { version: 1, variables: { x: 2 } }, 'environments/three.env.json': { version: 1, variables: { x: 3 } },
  'flows/f.flow.json': flow({ a: { shape: 'map', settings: { rules: [{ to: 'x', transforms: [{ type: 'custom-string', settings: { value: '{{ env.x }}' } }] }] } } }),
}, async ({ runner, run, again, deploy }) => {
  assert.deepEqual([await run(), (await runner.info()).environment], [[{ x: '1' }], 'one']);
  await runner.setEnvironment('two');
  assert.deepEqual([await run(), (await runner.info()).environment, await runner.evaluate('env.x', {})], [[{ x: '2' }], 'two', 2]);
  await deploy();
  assert.deepEqual(await run(), [{ x: '2' }]);
  const other = await again({ environment: 'three' });
  assert.deepEqual((await (await other.start({ flow: 'f', trigger: 'manual' })).done).outputs, [{ x: '3' }]);
  await assert.rejects(runner.setEnvironment('nope'), { code: 'CONFIG_NOT_FOUND' });
  await runner.setEnvironment(undefined);
  assert.deepEqual(await run(), [{ x: '1' }]);
}));
