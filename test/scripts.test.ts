import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Script } from '../plugins/sdk/index.ts';
import scriptShape from '../plugins/shapes/script.ts';
import type { Runner } from '../server/runner/contract.ts';
import { openRunner } from '../server/runner/runner.ts';
import { bodiesOf, runFlow, testHost, testShapes } from './support/engine-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-scripts-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

type Files = Readonly<Record<string, unknown>>;

async function withRunner<T>(files: Files, work: (runner: Runner) => Promise<T>): Promise<T> {
  const root = join(folder, `${++last}`);
  for (const [file, content] of Object.entries({ 'patchbay.json': { version: 1 }, ...files })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const runner = await openRunner({ root, editorSecrets: new Map() });
  try {
    return await work(runner);
  } finally {
    await runner[Symbol.asyncDispose]();
  }
}

const flow = (settings: object = {}): object => ({ version: 1, settings, start: 's', steps: { s: { shape: 'script', settings: { script: 's.js' } } } });
const run = async (runner: Runner, body: unknown = {}): Promise<readonly unknown[]> => {
  const { outputs, error, failures } = await (await runner.start({ flow: 'f', trigger: 'manual', payload: { body, mediaType: 'application/json' } })).done;
  assert.deepEqual([error, failures], [undefined, []]);
  return outputs;
};

/** A server on a free port of this machine; gives its origin. */
async function served<T>(answer: (request: IncomingMessage, response: ServerResponse) => void, work: (origin: string) => Promise<T>): Promise<T> {
  const server = createServer(answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('what runs a script', () => {
  for (const [workspace, own, engine] of [
    [undefined, undefined, 'vm2'], [undefined, 'default', 'vm2'], [undefined, 'strict', 'strict'], ['default', undefined, 'vm2'], ['default', 'strict', 'strict'],
    ['strict', undefined, 'strict'], ['strict', 'default', 'strict'], ['strict', 'strict', 'strict'],
  ] as const) {
    test(`the workspace says ${workspace ?? 'nothing'}, the flow ${own ?? 'nothing'}: ${engine}`, async () => {
      await withRunner({
        'patchbay.json': { version: 1, ...(workspace && { scripts: { engine: workspace } }) },
        'flows/f.flow.json': flow(own && { scripts: { engine: own } }),
        // Only vm2 has a Buffer.
        'scripts/s.js': 'export default (input) => ({ payload: typeof Buffer === "function" ? "vm2" : "strict" })',
      }, async (runner) => assert.deepEqual(await run(runner), [engine]));
    });
  }
  test('an engine that there is not', async () => {
    await withRunner({ 'patchbay.json': { version: 1, scripts: { engine: 'eval' } }, 'flows/f.flow.json': flow({ scripts: { engine: 'none' } }), 'scripts/s.js': 'export default (x) => x' }, async (runner) => {
      const found = (await runner.diagnostics()).map(({ file, path, message }) => [file, path, message]);
      assert.deepEqual(found.map(([file, path]) => [file, path]), [['flows/f.flow.json', '/settings/scripts/engine'], ['patchbay.json', '/scripts/engine']]);
      for (const [, , message] of found) assert.match(message!, /default.*strict/);
    });
  });
});

test('lint names line and column of what a script has wrong', () => withRunner({ 'scripts/s.ts': 'export default () => {\n  const a = ;\n};\n', 'scripts/t.js': 'export default () => {\n  return 1;\n  }};\n' }, async (runner) => {
  assert.deepEqual((await runner.diagnostics()).map(({ file, line, column }) => [file, line, column]), [['scripts/s.ts', 2, 13], ['scripts/t.js', 3, 4]]);
}));

describe('npm packages', () => {
  const files: Files = {
    'flows/f.flow.json': flow(), 'scripts/s.js': 'import { tax } from "rates";\nexport default ({ payload }) => ({ payload: tax(payload) })',
    'node_modules/rates/package.json': { name: 'rates', version: '1.0.0' }, 'node_modules/rates/index.js': 'exports.tax = (x) => x * 2',
  };
  test('that patchbay.json names are there', async () => {
    await withRunner({ ...files, 'patchbay.json': { version: 1, scripts: { packages: ['rates'] } } }, async (runner) => assert.deepEqual(await run(runner, 21), [42]));
  });
  test('others are refused before a run begins, and lint says so', async () => {
    await withRunner({ ...files, 'patchbay.json': { version: 1, scripts: { packages: ['other'] } } }, async (runner) => {
      await assert.rejects(run(runner, 21), { code: 'SCRIPT_INVALID', message: /may not import "rates"/ });
      assert.deepEqual((await runner.diagnostics()).map(({ file, line, code }) => [file, line, code]), [['scripts/s.js', 1, 'SCRIPT_INVALID']]);
    });
  });
  test('a script that never returns a value is a warning, and runs', async () => {
    await withRunner({ 'flows/f.flow.json': flow(), 'patchbay.json': { version: 1 }, 'scripts/s.js': '\nexport default (input) => {\n  input.variables.seen = true;\n}' }, async (runner) => {
      assert.deepEqual((await runner.diagnostics()).map(({ file, line, severity, message }) => [file, line, severity, message]), [['scripts/s.js', 2, 'warning', 'The script never returns a value: a step gives nothing on, and a request or an answer stays as it is.']]);
      assert.deepEqual(await run(runner, 21), []);
    });
  });
  test('a deployed version finds them, too', async () => {
    await withRunner({ ...files, 'patchbay.json': { version: 1, scripts: { packages: ['rates'] } } }, async (runner) => {
      await runner.versions.deploy('f', { by: 'ada' });
      const { outputs } = await (await runner.start({ flow: 'f', trigger: 'manual', version: 'deployed', payload: { body: 4, mediaType: 'application/json' } })).done;
      assert.deepEqual(outputs, [8]);
    });
  });
});

describe('a request by an instance', () => {
  const ask = (request: object): string => `export default async (input, context) => ({ payload: await context.http(${JSON.stringify(request)}).then(({ status, body }) => ({ status, body }), (error) => ({ code: error.code, message: error.message })) })`;
  const story = (title: string, { request, hosts = true, answers = [200] }: { readonly request: object; readonly hosts?: boolean; readonly answers?: readonly number[] }, check: (payload: Record<string, unknown>, asked: readonly (readonly [string, string | undefined])[], recorded: string) => void): void => void test(title, async () => {
    const asked: (readonly [string, string | undefined])[] = [];
    await served((given, response) => {
      asked.push([`${given.method} ${given.url}`, given.headers['authorization']]);
      response.writeHead(answers[Math.min(asked.length, answers.length) - 1]!, { 'content-type': 'application/json' }).end(JSON.stringify({ count: asked.length, echo: given.headers['authorization'] }));
    }, (origin) => withRunner({
      'patchbay.json': { version: 1, ...(hosts && { scripts: { hosts: [origin, 'http://127.0.0.2:1'] } }) }, 'flows/f.flow.json': flow(), 'scripts/s.js': ask(request),
      'connectors/shop.connector.json': { version: 1, title: 'Shop', baseUrl: `${origin}/api`, auth: { token: { type: 'bearer' } }, defaults: { retry: { delayMs: 1 } }, endpoints: { list: { title: 'List', direction: 'receive', method: 'GET', path: '/list' } } },
      'instances/shop.instance.json': { version: 1, connector: 'shop', auth: 'token', credentials: { token: { $secret: 'shop/token' } } },
    }, async (runner) => {
      await runner.secrets.set('shop/token', 'canary-7');
      const { run: id, outputs, error } = await (await runner.start({ flow: 'f', trigger: 'manual', payload: { body: {}, mediaType: 'application/json' } })).done;
      assert.equal(error, undefined);
      const count = asked.length;
      const { identical, differences } = await runner.past.replay(id);
      assert.deepEqual([identical, differences, asked.length], [true, [], count], 'a replay asks nobody, and sees the same');
      check(outputs[0] as Record<string, unknown>, asked, JSON.stringify([runner.archive.exchanges(id, 's', 1), outputs]));
    }));
  });
  story('is signed, recorded, and its secret is masked', { request: { instance: 'shop', url: '/orders?x=1' } }, ({ status }, asked, recorded) => {
    assert.deepEqual([status, asked], [200, [['GET /api/orders?x=1', 'Bearer canary-7']]]);
    assert.ok(recorded.includes('/api/orders?x=1') && recorded.includes('"connector":"shop"'), recorded);
    assert.ok(!recorded.includes('Bearer canary-7'), recorded);
  });
  story('is tried again, as its connector says', { request: { instance: 'shop', url: 'orders' }, answers: [503, 200] }, ({ status }, asked) => assert.deepEqual([status, asked.length], [200, 2]));
  story('fails where the connector takes the answer for a failure', { request: { instance: 'shop', url: 'orders' }, answers: [404] }, ({ code }) => assert.equal(code, 'REMOTE_REJECTED'));
  story('does not leave the address of the instance', { request: { instance: 'shop', url: 'http://127.0.0.2:1/x' } }, ({ code }, asked) => assert.deepEqual([code, asked], ['REMOTE_ORIGIN', []]));
  story('is made only where scripts may reach the host', { request: { instance: 'shop', url: '/x' }, hosts: false }, ({ code }, asked) => assert.deepEqual([code, asked], ['SCRIPT_REFUSED', []]));
  story('by one that there is not', { request: { instance: 'shopp', url: '/x' } }, ({ code }, asked) => assert.deepEqual([code, asked], ['CONFIG_UNKNOWN_INSTANCE', []]));
});

describe('what a script asks for', () => {
  const source = `export default async ({ payload }, context) => {
    const seen = [new Date().toISOString(), Math.random(), context.uuid()];
    const answer = await context.http({ url: payload.origin + '/rate?of=EUR', method: 'post', headers: { 'X-A': 1e21 }, body: { n: 1 } });
    const cache = context.cache('rates', 'workspace');
    const before = await cache.get('EUR');
    await cache.put('EUR', answer.body);
    await cache.append('EUR', { more: true });
    const after = await cache.get('EUR');
    const pool = context.pool('seen');
    const isNew = await pool.add(['a', 'b'], { entity: 'order' });
    return { payload: { seen, status: answer.status, type: answer.headers['content-type'], body: answer.body, before, after, isNew, has: await pool.has(['a', 'c'], 'order'), country: await context.lookup('codes', 'DE'), none: await context.lookup('codes', 'XX'), back: await context.lookup('codes', 'Germany', { reverse: true }), row: await context.lookup('codes', 'DE', { row: true }), strict: await context.lookup('strict', 'x').catch((e) => e.code), fallback: await context.lookup('typed', ['x', 1]), typed: await context.lookup('typed', ['a', 1]) } };
  }`;
  for (const engine of ['default', 'strict']) {
    test(`is recorded, and a replay sees the same: ${engine}`, async () => {
      const asked: unknown[] = [];
      await served((request, response) => {
        request.setEncoding('utf8');
        let text = '';
        request.on('data', (part: string) => { text += part; }).on('end', () => {
          asked.push([request.method, request.url, request.headers['x-a'], request.headers['content-type'], text]);
          response.writeHead(201, { 'content-type': 'application/json' }).end('{"rate":1.5}');
        });
      }, (origin) => withRunner({
        'patchbay.json': { version: 1, scripts: { engine, hosts: [origin] } }, 'flows/f.flow.json': flow(), 'scripts/s.js': source, 'lookups/codes.csv': 'code,name\nDE,Germany\n',
        'lookups/strict.csv': 'a,b\n', 'lookups/strict.lookup.json': { version: 1, otherwise: 'error' }, 'lookups/typed.csv': 'a,b,c\na,1,2.50\n',
        'lookups/typed.lookup.json': { version: 1, key: ['a', 'b'], columns: { b: { type: 'number' }, c: { type: 'number' } }, otherwise: 'default', default: { c: 0 } },
      }, async (runner) => {
        const { run: id, outputs, error } = await (await runner.start({ flow: 'f', trigger: 'manual', payload: { body: { origin }, mediaType: 'application/json' } })).done;
        assert.equal(error, undefined);
        const [{ seen, ...rest }] = outputs as [{ seen: readonly unknown[] }];
        assert.deepEqual(rest, {
          status: 201, type: 'application/json', body: { rate: 1.5 }, before: [], after: [{ rate: 1.5 }, { more: true }], isNew: [true, true], has: [true, false], country: 'Germany', none: null, back: 'DE', row: { code: 'DE', name: 'Germany' }, strict: 'DATA_INVALID', fallback: 0, typed: 2.5,
        });
        assert.match(String(seen[2]), /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
        assert.deepEqual(asked, [['POST', '/rate?of=EUR', '1000000000000000000000', 'application/json', '{"n":1}']]);
        const replayed = await runner.past.replay(id);
        assert.deepEqual([replayed.status, replayed.identical, replayed.differences, replayed.outputs, asked.length], ['success', true, [], outputs, 1]);
      }));
    });
  }

  const refused: readonly (readonly [title: string, hosts: readonly string[], url: string])[] = [
    ['no host is named', [], 'https://api.shop.test/'],
    ['another host', ['api.shop.test'], 'https://shop.test/'],
    ['a host that ends alike', ['*.shop.test'], 'https://evilshop.test/'],
    ['the host itself, where what is below it is named', ['*.shop.test'], 'https://shop.test/'],
    ['http where https is meant', ['api.shop.test'], 'http://api.shop.test/'],
    ['another port', ['http://127.0.0.1:1'], 'http://127.0.0.1:2/'],
    ['another spelling of this machine', ['http://localhost:1'], 'http://127.1:1/'],
    ['a user name that looks like the host', ['api.shop.test'], 'https://api.shop.test@evil.test/'],
    ['a file', ['*'], 'file:///etc/passwd'],
  ];
  for (const [title, hosts, url] of refused) {
    test(`a host is refused: ${title}`, async () => {
      const host = testHost({ plugins: [...testShapes, scriptShape as never], scripts: { 's.js': asking({ url }) } });
      const told = await runFlow({
        host: { ...host, workspace: { ...host.workspace, scriptHosts: hosts } },
        steps: { s: { shape: 'script', settings: { script: 's.js' } } },
      });
      assert.match(String(told.error?.code ?? bodiesOf(told)), /SCRIPT_REFUSED|DATA_INVALID/);
    });
  }
});

test('a lookup gives a script what it gives a transform and who asks by hand', async () => {
  const cases: readonly (readonly [lookup: string, value: unknown, expected: unknown])[] = [
    ['plain', 'a', '1'], ['plain', 'x', null], ['plain', '', null], ['plain', null, null], ['plain', undefined, null], ['plain', 0, 'zero'], ['plain', false, 'no'],
    ['fallback', 'a', '1'], ['fallback', 'x', 'none'], ['fallback', '', 'none'], ['fallback', null, 'none'], ['fallback', undefined, 'none'],
    ['strict', 'a', '1'], ['strict', 'x', 'DATA_INVALID'], ['strict', '', null], ['strict', null, null], ['strict', undefined, null], ['strict', ['a'], 'DATA_INVALID'],
    ['blank', '', null], ['blank', ' ', 'space'], ['gaps', 'a', null], ['gaps', 'x', 7], ['decimals', 1e-7, 'tiny'], ['decimals', 1e21, 'huge'],
  ];
  const rows = 'a,b\na,1\n';
  await withRunner({
    'flows/f.flow.json': flow(), 'lookups/plain.csv': `${rows}0,zero\nfalse,no\n`, 'lookups/fallback.csv': rows, 'lookups/fallback.lookup.json': { version: 1, otherwise: 'default', default: { b: 'none' } }, 'lookups/strict.csv': rows, 'lookups/strict.lookup.json': { version: 1, otherwise: 'error' },
    'lookups/gaps.csv': 'a,b\na,\n', 'lookups/gaps.lookup.json': { version: 1, columns: { b: { type: 'number' } }, otherwise: 'default', default: { b: 7 } }, 'lookups/blank.csv': 'a,b\n,empty\n" ",space\n', 'lookups/decimals.csv': 'a,b\n0.0000001,tiny\n1000000000000000000000,huge\n', 'lookups/decimals.lookup.json': { version: 1, columns: { a: { type: 'decimal' } } },
    'scripts/s.js': 'export default async ({ payload }, context) => ({ payload: await Promise.all(payload.map(({ name, value }) => context.lookup(name, value).catch(({ code }) => code))) });',
  }, async (runner) => {
    const asked = cases.map(([name, value]) => ({ name, ...(value !== undefined && { value }) }));
    const { outputs, error } = await (await runner.start({ flow: 'f', trigger: 'manual', payload: { body: asked, mediaType: 'application/json' } })).done;
    assert.equal(error, undefined);
    const told = (given: readonly unknown[]): unknown => cases.map(([name, value], at) => [name, value, given[at]]);
    assert.deepEqual(told(outputs?.[0] as unknown[]), cases, 'a script');
    const mapped = await Promise.all(asked.map(({ name, ...record }) => runner.maps.try({ settings: { rules: [{ from: 'value', to: 'x', transforms: [{ type: 'lookup', settings: { lookup: name } }] }] }, sample: record, signal: new AbortController().signal })));
    assert.deepEqual(told(mapped.map(({ output, error: failed }) => (failed ? failed.code : (output as { readonly x: unknown }).x))), cases.map(([name, value, expected]) => [name, value, value === undefined ? (expected ?? undefined) : expected]), 'a transform, which writes nothing where nothing is found for what is missing');
    const found = await Promise.all(cases.map(([name, value]) => runner.lookups.find(name, value).then((answer) => answer.value, ({ code }: { readonly code: string }) => code)));
    assert.deepEqual(told(found), cases, 'by hand');
  });
});

/** A script that asks for one thing, without a sandbox. */
const asking = (request: unknown): Script => ({
  run: async (inputs, { ask, signal }) => Promise.all(inputs.map(async () => ({ output: { payload: await ask!('http', [request], signal) } }))),
  async [Symbol.asyncDispose]() {},
});
