import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runFake, type Outcome } from '../../test/support/fake-terminal.ts';
import { lint } from '../model/lint.ts';
import catalog from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from '../model/catalog.ts';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'patchbay-import-'));
  await writeFile(join(root, 'patchbay.json'), '{"version":1}');
  await mkdir(join(root, 'below'));
  await writeFile(join(root, 'below', 'shop.yaml'), 'openapi: 3.0.0\ninfo: { title: "Acme Shop \\u001b[2J", version: "1" }\nservers: [{ url: "https://acme.test" }]\npaths: { /orders: { get: { parameters: [{ name: sid, in: cookie }], responses: {} } } }\n');
  await writeFile(join(root, 'packed.yaml'), 'PK\u0003\u0004');
  await writeFile(join(root, 'wide.json'), Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('{"openapi": "3.0.0", "info": { "title": "Größe" }, "paths": { "/a": { "get": {} } } }', 'utf16le')]));
  await writeFile(join(root, 'broken.json'), '{\n  "openapi": "3.0.0",\n  "paths":\n}');
});
after(() => rm(root, { recursive: true }));

const run = (args: string, input?: string): Promise<Outcome> => runFake(args.split(' '), { folder: root, ...(input !== undefined && { input }) });

test('a description becomes a file, and what was left out is said', async () => {
  const { code, out, said } = await run('import openapi below/shop.yaml --name acme');
  assert.deepEqual([code, out], [0, 'connectors/acme.connector.json\n']);
  assert.equal(said, '1 endpoint of Acme Shop \\u001b[2J.\nNot imported:\n  Authentication: The description says nothing of how to sign in. Add an auth method to the connector, or leave it without.\n  The parameter "sid" of GET /orders: A manifest sends no parameters in cookies; the auth method `api-key` can send one.\n');
  const text = await readFile(join(root, out.trim()), 'utf8');
  const world = { catalog: catalog as unknown as Catalog, connectors: {}, instances: {}, environments: {}, scripts: [], schemas: [], lookups: [], maps: {}, flows: [], groups: [] };
  assert.deepEqual(lint('connector', out.trim(), text, world), []);
});

test('a description in UTF-16 is read', async () => {
  const { code, said } = await run('import openapi wide.json --name wide');
  assert.deepEqual([code, said.split('\n')[0]], [0, '1 endpoint of Größe.']);
});

test('--json prints what came of it', async () => {
  const { code, out } = await run('import curl - --json', 'curl https://api.acme.test/orders -H "Authorization: Bearer hush"');
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), {
    connector: 'acme-test', endpoints: ['orders.list'], auth: [{ name: 'bearer', type: 'bearer', secrets: ['acme-test/token'] }],
    skipped: [{ what: 'The value of the header Authorization of GET /orders', why: 'Secrets do not stand in a connector: an instance names them.' }], suggestions: [],
  });
  assert.doesNotMatch(await readFile(join(root, 'connectors/acme-test.connector.json'), 'utf8'), /hush/);
});

test('a connector that is there is written over only by --force', async () => {
  const first = 'curl https://one.test/a';
  assert.equal((await run('import curl - --name twice', first)).code, 0);
  const refused = await run('import curl - --name twice', 'curl https://two.test/b');
  assert.deepEqual([refused.code, refused.out, /there already[^]*--force/.test(refused.said)], [8, '', true]);
  assert.match(await readFile(join(root, 'connectors/twice.connector.json'), 'utf8'), /one\.test/);
  assert.equal((await run('import curl - --name twice --force', 'curl https://two.test/b')).code, 0);
  assert.match(await readFile(join(root, 'connectors/twice.connector.json'), 'utf8'), /two\.test/);
});

test('--into adds what a connector lacks, and keeps what it has with its comments', async () => {
  const file = join(root, 'connectors/mine.connector.json');
  await writeFile(file, '{\n  // Mine.\n  "version": 1,\n  "title": "Mine",\n  "baseUrl": "https://api.acme.test",\n  "endpoints": {\n    "orders.list": { "title": "My orders", "direction": "receive", "method": "GET", "path": "/orders" }\n  }\n}\n');
  const command = 'curl https://api.acme.test/orders; curl https://api.acme.test/items -H "Authorization: Bearer hush"; curl https://other.test/x';
  const { code, out, said } = await run('import curl - --into mine', command);
  assert.deepEqual([code, out, said.split('\n').slice(0, 3)], [0, 'connectors/mine.connector.json\n', ['2 endpoints added: items.list, x.list.', 'There already, otherwise, and kept as they are: orders.list.', 'Signs in by bearer (bearer); secrets of an instance: mine/token.']]);
  const text = await readFile(file, 'utf8');
  assert.match(text, /\/\/ Mine\.[^]*"My orders"[^]*"items\.list"[^]*"x\.list"/);
  const again = await run('import curl - --into mine --json', command);
  assert.deepEqual([again.code, (JSON.parse(again.out) as { endpoints: unknown }).endpoints, await readFile(file, 'utf8')], [0, [], text]);
});

const wide = { openapi: '3.1.0', info: { title: 'Wide' }, servers: [{ url: 'https://wide.test' }], paths: {
  '/orders': { get: { tags: ['Orders'], responses: {} }, post: { tags: ['Orders'], responses: {} } },
  '/orders/{id}': { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], get: { tags: ['Orders'], responses: {} } },
  '/items': { get: { tags: ['Stock', 'Goods'], servers: [{ url: 'https://stock.test' }], responses: {} } },
  '/depots': { get: { responses: {} } },
} };
for (const [only, expected, addresses] of [
  ['--only orders', ['orders.create', 'orders.get', 'orders.list']], ['--only goods', ['items.list'], ['stock']], ['--only /orders/*', ['orders.get']], ['--only /orders/{id}', ['orders.get']], ['--only *.list', ['depots.list', 'items.list', 'orders.list'], ['stock']],
  ['--only /depots --only Stock', ['depots.list', 'items.list'], ['stock']],
] as const) test(`a part of a description: ${only}`, async () => {
  const { code } = await run(`import openapi - --name part --force ${only}`, JSON.stringify(wide));
  const { endpoints, baseUrls = {} } = JSON.parse(await readFile(join(root, 'connectors/part.connector.json'), 'utf8')) as { endpoints: object; baseUrls?: object };
  assert.deepEqual([code, Object.keys(endpoints).sort(), Object.keys(baseUrls)], [0, expected, addresses ?? []]);
});

test('what is left out of a description is told, and a pattern that names nothing', async () => {
  const { said } = await run('import openapi --only Stock - --name left', JSON.stringify(wide));
  assert.match(said, /^1 endpoint of Wide\.[^]*4 endpoints: Not asked for\./);
  const wrong = await run('import openapi - --name wrong --only Stok', JSON.stringify(wide));
  assert.match(wrong.said, /Nothing in the description is called "Stok"\.\s+Did you mean "Stock"\?/);
});

const refusals: readonly (readonly [args: string, code: number, said: RegExp])[] = [
  ['import openapi broken.json', 1, /error DATA_INVALID: The description is not valid JSON: line 4, column 1: A value is expected/],
  ['import openapi packed.yaml', 1, /packed\.yaml is no text: it is a ZIP archive\.[^]*Unpack it/],
  ['import openapi nope.json', 2, /There is no file nope\.json/],
  ['import openapi below', 2, /There is no file below/],
  ['import openapi http://me:hush@acme.test/api.json', 3, /user name or password/],
  ['import openapi http://127.0.0.1:1/api.json', 6, /127\.0\.0\.1:1/],
  ['import curl - --name ../x', 2, /cannot be the name of a connector/],
  ['import curl - --into nobody', 2, /There is no connector "nobody"/],
  ['import curl - --into ../connectors/mine', 2, /There is no connector/],
  ['import curl - --into mine --force', 2, /neither --name nor --force/],
  ['import word x', 2, /Allowed choices are openapi, curl, postman, har, graphql, wsdl/],
];
for (const [args, code, said] of refusals) test(args, async () => {
  const outcome = await run(args);
  assert.equal(outcome.code, code);
  assert.match(outcome.said, said);
  assert.equal(outcome.out, '');
});
