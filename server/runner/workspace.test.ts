import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { Registry, WorkspaceView } from '../engine/host.ts';
import { findWorkspace, openWorkspace, resolveInstance, secretsIn, type Workspace } from './workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-workspace-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;
let time = 1_000;

const flow = JSON.stringify({ version: 1, title: 'A', steps: {} });
const instance = JSON.stringify({ version: 1, connector: 'acme', settings: { url: 'https://a.test', depth: { a: 1 } }, credentials: { user: 'u', token: { $secret: 'acme/token' } } });
const environment = JSON.stringify({ version: 1, variables: { region: 'eu' }, instances: { shop: { settings: { url: 'https://b.test' }, credentials: { token: { $secret: 'other/token' } } } } });

function world(files: Readonly<Record<string, string>>): { root: string; open: (compiled?: string[]) => Workspace } {
  const root = join(folder, `${++last}`);
  for (const [file, text] of Object.entries({ 'patchbay.json': '{"version":1}', ...files })) write(root, file, text);
  const registry = (compiled: string[]) => ({ find: async () => ({ compile: async ({ text, file }: { text: string; file: string }) => (compiled.push(`${file} ${text}`), { run: async () => [] }) }), complete: () => ({}) }) as unknown as Registry;
  return { root, open: (compiled = []) => openWorkspace({ root, registry: () => registry(compiled) }) };
}

/** Each write has a time of its own, as if a person had typed. */
function write(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  utimesSync(join(root, file), ++time, time);
}

const noSecret = async (): Promise<string> => '';

test('the workspace is the nearest folder with a patchbay.json', () => {
  const { root } = world({ 'flows/deep/er/a.flow.json': flow });
  assert.equal(findWorkspace(join(root, 'flows/deep/er')), root);
  assert.equal(findWorkspace(root), root);
  assert.equal(findWorkspace(folder), undefined);
});

test('files are found by folder and ending, with their ids', () => {
  const workspace = world({
    'flows/a.flow.json': flow, 'flows/eu/orders.flow.json': flow, 'flows/a.test.json': '{}', 'flows/note.txt': '', 'a.flow.json': flow, 'instances/shop.instance.json': instance,
    'environments/prod.env.json': environment, 'scripts/t.ts': '', 'scripts/t.test.ts': '', 'scripts/lib/u.js': '', 'lookups/c/codes.csv': 'a,b\n', 'plugins/p.ts': '', 'plugins/p.d.ts': '', 'flows/.hidden/x.flow.json': flow,
    'connectors/acme/fixtures/x.json': '{}', 'flows/node_modules/x.flow.json': flow,
  }).open();
  assert.deepEqual([...workspace.flows.keys()], ['a', 'eu/orders']);
  assert.deepEqual([...workspace.instances.keys(), ...workspace.environments.keys()], ['shop', 'prod']);
  assert.deepEqual([workspace.scripts, workspace.lookups, workspace.plugins.map(({ source }) => source)], [['scripts/lib/u.js', 'scripts/t.ts'], ['c/codes'], ['plugins/p.ts']]);
});

test('a schema that is no JSON is told with its place', () => {
  const workspace = world({ 'schemas/a.json': '{\n  "type": "object",\n}' }).open();
  assert.throws(() => workspace.schema('a.json'), { code: 'CONFIG_INVALID', message: 'The schema is not valid JSON: line 2, column 19: A comma stands after the last entry, before }.', place: { file: 'schemas/a.json', line: 2, column: 19 }, remedy: 'Remove the comma.' });
});

test('changes are seen when one looks, and only then', () => {
  const { root, open } = world({ 'flows/a.flow.json': flow });
  const workspace = open();
  const { version } = workspace;
  assert.deepEqual([workspace.refresh(), workspace.version], [false, version]);
  write(root, 'flows/b.flow.json', flow);
  write(root, 'flows/a.flow.json', flow.replace('"A"', '"B"'));
  const before = workspace.flows.get('a');
  assert.equal(before?.read.value?.title, 'A');
  assert.equal(workspace.refresh(), true);
  assert.deepEqual([workspace.flows.get('a')?.read.value?.title, workspace.flows.size, workspace.version], ['B', 2, version + 1]);
  rmSync(join(root, 'flows/a.flow.json'));
  assert.deepEqual([workspace.refresh(), [...workspace.flows.keys()]], [true, ['b']]);
});

test('links that lead out of the workspace are refused, others are followed', () => {
  const { root, open } = world({ 'flows/a.flow.json': flow });
  const outside = join(folder, 'outside');
  write(outside, 'x.flow.json', flow);
  write(outside, 'codes.csv', 'a,b\n1,secret\n');
  symlinkSync(join(outside, 'x.flow.json'), join(root, 'flows/x.flow.json'));
  symlinkSync(outside, join(root, 'flows/all'));
  symlinkSync(outside, join(root, 'lookups'));
  symlinkSync(join(root, 'flows/nowhere'), join(root, 'flows/dangling.flow.json'));
  symlinkSync(root, join(root, 'flows/loop'));
  symlinkSync(join(root, 'flows/a.flow.json'), join(root, 'flows/b.flow.json'));
  const workspace = open();
  assert.deepEqual([...workspace.flows.keys()], ['a', 'b']);
  assert.deepEqual(workspace.lookups, []);
  assert.deepEqual(new Set(workspace.refused), new Set(['flows/x.flow.json', 'flows/all', 'lookups', 'flows/dangling.flow.json', 'flows/loop']));
});

for (const name of ['../outside/codes', '../../etc/passwd', '/etc/passwd', 'codes\u0000', '..\\codes', 'C:\\codes', '\\\\host\\share\\codes', './codes', 'codes.csv', '%2e%2e/codes', '']) {
  test(`${JSON.stringify(name)} is neither a lookup nor a script`, async () => {
    const workspace = world({ 'lookups/codes.csv': 'a,b\n', 'scripts/codes.ts': '' }).open();
    await assert.rejects(workspace.lookup(name), { code: 'CONFIG_UNKNOWN_LOOKUP' });
    await assert.rejects(workspace.script(name), { code: 'CONFIG_UNKNOWN_SCRIPT' });
  });
}

test('a lookup is read once, by any of its columns, and anew when its file changes', async () => {
  const { root, open } = world({ 'lookups/codes.csv': '\uFEFFleft_value,right_value,note\nGB,GBR,"a, b"\nDE,DEU,\nGB,XXX,late\n' });
  const workspace = open();
  const lookup = await workspace.lookup('codes');
  assert.deepEqual([lookup.get('GB'), lookup.get('XX'), lookup.get(null), lookup.get('GBR', { from: 'right_value', to: 'note' }), lookup.get('DE', { to: 'note' })], ['GBR', undefined, undefined, 'a, b', '']);
  assert.throws(() => lookup.get('GB', { to: 'nope' }), { code: 'CONFIG_INVALID', message: /no column "nope"; there are "left_value", "right_value", "note"/ });
  assert.equal(await workspace.lookup('codes'), lookup);
  write(root, 'lookups/codes.csv', 'left_value,right_value\nGB,1\n');
  workspace.refresh();
  assert.equal((await workspace.lookup('codes')).get('GB'), '1');
  write(root, 'lookups/codes.csv', 'a,b\n1,"x\n');
  workspace.refresh();
  await assert.rejects(workspace.lookup('codes'), { code: 'DATA_INVALID', message: /lookups\/codes\.csv/ });
});

test('a run keeps the lookup that it began with; the next one has the new file, and the new settings', async () => {
  const { root, open } = world({ 'lookups/codes.csv': 'a,b\nGB,1\n' });
  const workspace = open();
  const before = workspace.view(undefined, noSecret);
  assert.equal((await before.lookup('codes')).get('GB'), '1');
  write(root, 'lookups/codes.csv', 'a,b\nGB,2\n');
  workspace.refresh();
  const after = workspace.view(undefined, noSecret);
  assert.equal((await after.lookup('codes')).get('GB'), '2');
  write(root, 'lookups/codes.lookup.json', '{"version":1,"columns":{"b":{"type":"number"}}}');
  workspace.refresh();
  const typed = workspace.view(undefined, noSecret);
  assert.deepEqual([(await before.lookup('codes')).get('GB'), (await after.lookup('codes')).get('GB'), (await typed.lookup('codes')).get('GB')], ['1', '2', 2]);
  write(root, 'lookups/codes.lookup.json', '{"version":1,"columns":{"b":{"type":"numbr"}}}');
  workspace.refresh();
  await assert.rejects(workspace.lookup('codes'), { code: 'CONFIG_INVALID', place: { file: 'lookups/codes.lookup.json', line: 1, column: 37, pointer: '/columns/b/type' } });
  rmSync(join(root, 'lookups/codes.csv'));
  assert.equal((await before.lookup('codes')).get('GB'), '1');
});

test('a script is compiled once per text, by file or by the name below its folder', async () => {
  const { root, open } = world({ 'scripts/t.ts': 'one' });
  const compiled: string[] = [];
  const workspace = open(compiled);
  const script = await workspace.script('scripts/t.ts');
  assert.equal(await workspace.script('t.ts'), script);
  write(root, 'scripts/t.ts', 'two');
  workspace.refresh();
  assert.notEqual(await workspace.script('scripts/t.ts'), script);
  assert.deepEqual(compiled, ['scripts/t.ts one', 'scripts/t.ts two']);
});

test('an environment overrides settings and credentials of instances', () => {
  const workspace = world({ 'instances/shop.instance.json': instance, 'environments/prod.env.json': environment }).open();
  const plain = workspace.view(undefined, noSecret);
  const prod = workspace.view('prod', noSecret);
  assert.deepEqual(plain.instance('shop'), { id: 'shop', connector: 'acme', settings: { url: 'https://a.test', depth: { a: 1 } }, credentials: { user: 'u', token: { $secret: 'acme/token' } } });
  assert.deepEqual(prod.instance('shop'), { id: 'shop', connector: 'acme', settings: { url: 'https://b.test', depth: { a: 1 } }, credentials: { user: 'u', token: { $secret: 'other/token' } }, changedIn: 'environments/prod.env.json' });
  assert.deepEqual([plain.env, prod.env, plain.instance('nope')], [{}, { region: 'eu' }, undefined]);
  assert.throws(() => workspace.view('dev', noSecret), { code: 'CONFIG_NOT_FOUND', message: 'There is no environment "dev"; there is "prod".' });
});

test('an environment overrides single credentials of a method under its name', () => {
  const { credentials } = resolveInstance('shop', { version: 1, connector: 'acme', credentials: { user: 'u', oauth: { clientId: 'c', clientSecret: { $secret: 'acme/client' } }, key: { key: { $secret: 'acme/key' } } } }, {
    version: 1, instances: { shop: { credentials: { oauth: { clientSecret: { $secret: 'mock' } }, key: { $secret: 'mock' }, basic: { user: 'a' } } } },
  });
  assert.deepEqual(credentials, { user: 'u', oauth: { clientId: 'c', clientSecret: { $secret: 'mock' } }, key: { $secret: 'mock' }, basic: { user: 'a' } });
});

test('an environment may have another auth method, with credentials of its own, and other limits', async () => {
  const environments = { 'environments/a.env.json': JSON.stringify({ version: 1, instances: { shop: { auth: 'key', credentials: { key: { $secret: 'k' } } } }, limits: { payloadBytes: 7, scriptMs: 5 } }), 'environments/b.env.json': JSON.stringify({ version: 1, instances: { shop: { auth: 'basic' } } }) };
  const limited = JSON.stringify({ version: 1, limits: { payloadBytes: 9, responseBytes: 8, runsPerFlow: 2 } });
  const compiled: string[] = [];
  const workspace = world({ 'patchbay.json': limited, 'instances/shop.instance.json': instance.replace('"connector"', '"auth":"basic","connector"'), ...environments, 'scripts/t.ts': 'x' }).open(compiled);
  const [plain, a, b] = [undefined, 'a', 'b'].map((id) => workspace.view(id, noSecret)) as [WorkspaceView, WorkspaceView, WorkspaceView];
  assert.deepEqual([a.instance('shop')?.auth, a.instance('shop')?.credentials], ['key', { key: { $secret: 'k' } }]);
  assert.deepEqual([b.instance('shop')?.auth, b.instance('shop')?.credentials], ['basic', { user: 'u', token: { $secret: 'acme/token' } }]);
  assert.deepEqual([plain.limits, a.limits], [{ payloadBytes: 9, responseBytes: 8, runsPerFlow: 2 }, { payloadBytes: 7, responseBytes: 8, runsPerFlow: 2 }]);
  // The time limit is the script's, so there are two of it; and each is kept.
  for (const view of [plain, a, b, a, plain]) await view.script('t.ts');
  assert.equal(compiled.length, 2);
});

test('a file that cannot be read as what it is says so, and the others are there', () => {
  const workspace = world({ 'flows/a.flow.json': '{"version":1,', 'flows/b.flow.json': flow, 'patchbay.json': '[]' }).open();
  assert.deepEqual([workspace.flows.get('a')?.read.value, workspace.flows.get('b')?.read.value?.title], [undefined, 'A']);
  assert.equal(workspace.flows.get('a')?.read.diagnostics[0]?.severity, 'error');
  assert.deepEqual(workspace.config, { version: 1 });
});

test('secrets are found at any depth', () => {
  assert.deepEqual(secretsIn({ a: [{ $secret: 'x' }], 'b/c': { $secret: 'y' }, d: '$secret' }), [{ name: 'x', pointer: '/a/0' }, { name: 'y', pointer: '/b~1c' }]);
});
