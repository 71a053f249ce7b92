import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { createDiagnoser, type Diagnoser } from './diagnose.ts';
import { openPlugins } from './load-plugins.ts';
import { openRunner } from './runner.ts';
import { openWorkspace, type Entry, type Workspace } from './workspace.ts';

const wrong = [
  ['replace', { find: '(', regex: true }, '/find', /^The regular expression "\(" of the transform "replace" cannot be read/],
  ['format-date', { to: 'xyz' }, '/to', /^The date format "xyz" holds "x"/],
  ['format-date', { timeZone: 'Europe/Lodnon' }, '/timeZone', /^The time zone "Europe\/Lodnon" is not known/],
  ['template', { text: '{' }, '/text', /^The template "\{" has a brace that is not closed/],
  ['convert-unit', { from: 'm', to: 'kg' }, '/to', /^m cannot be converted to kg/],
] as const;

const rulesOf = (transforms: readonly (readonly [string, object, ...unknown[]])[]) => transforms.map(([type, settings], index) => ({ from: 'a', to: `to${index}`, transforms: [{ type, settings }] }));
/** Nothing is said of them, or by others alone. */
const others = [
  ['format-date', { to: 'Y' }], ['format-date', { to: '{{ payload.format }}' }], ['lookup', { lookup: 'cc' }], ['hmac', { key: { $secret: 'KEY' } }], ['convert-unit', { from: 'm' }], ['sort', { path: 'a[' }], ['unheard-of', {}], ['own', {}],
] as const;

const map = (rules: readonly object[]) => ({ version: 1, start: 'm', steps: { m: { shape: 'map', settings: { rules } } } });
const root = mkdtempSync(join(tmpdir(), 'patchbay-transform-faults-'));
const files = {
  'patchbay.json': { version: 1 }, 'lookups/cc.csv': 'a,b\n1,2\n', 'flows/wrong.flow.json': map(rulesOf(wrong)), 'flows/others.flow.json': map(rulesOf(others)), 'maps/wrong.map.json': { version: 1, rules: rulesOf(wrong) },
  'flows/pipes.flow.json': { version: 1, start: 'a', steps: { a: { shape: 'notify', settings: { message: 'At {{ payload.at | format-date(to: "xyz") }} and {{ payload.b | replace(find: "(", regex: true) }} {{ payload.c | pad(length: payload.n) | format-date }}' } }, b: { shape: 'manual-payload', settings: { document: { list: ['{{ payload.d ?? "x" | convert-unit(from: "m", to: "kg") }}', '{{ x | nope }}'] } } } } },
  'flows/brace.flow.json': { version: 1, start: 'a', steps: { a: { shape: 'notify', settings: { message: '{{ payload.at ?? "}" | format-date(to: "xyz") }}' } } } },
  'schemas/at.json': { type: 'object', properties: { at: { type: 'string' } } },
  'flows/checked.flow.json': { version: 1, start: 'm', steps: { m: { shape: 'map', settings: { source: 'at.json', rules: [{ from: 'at', to: 'at' }] }, next: { out: 'a' } }, a: { shape: 'notify', settings: { message: '{{ payload.at | format-date(to: "xyz") }}' } } } },
  'connectors/c.connector.json': { version: 1, title: 'C', baseUrl: 'https://c.test', endpoints: { get: { title: 'Get', direction: 'receive', path: '/a', query: { at: '{{ params.at | format-date(to: "xyz") }}' }, params: { properties: { at: { type: 'string' } } } } } },
  'plugins/own.ts': "export default { kind: 'transform', type: 'own', title: 'Own', summary: 'Own.', takes: ['string'], gives: ['string'], settings: { type: 'object', properties: {}, additionalProperties: false }, examples: [], compile() { throw new Error('opened'); } };\n",
};
for (const [file, content] of Object.entries(files)) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
}
const runner = await openRunner({ root, editorSecrets: new Map() });
after(async () => {
  await runner[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

const check = (found: readonly { readonly path: string; readonly severity: string; readonly code: string; readonly message: string }[], below: string): void => {
  assert.deepEqual(found.map(({ path, severity, code }) => [path, severity, code]), wrong.map(([, , place], index) => [`${below}/${index}/transforms/0/settings${place}`, 'error', 'CONFIG_INVALID']));
  for (const [index, { message }] of found.entries()) assert.match(message, wrong[index]![3]);
};

test('lint says what a run would fail with when it opens the transforms of a flow', async () => check(await runner.diagnostics(['flows/wrong.flow.json']), '/steps/m/settings/rules'));
test('the same of a mapping file', async () => check(await runner.diagnostics(['maps/wrong.map.json']), '/rules'));
test('the same of expressions, with the place in the text', async () => {
  const found = (await runner.diagnostics(['flows/pipes.flow.json', 'connectors/c.connector.json'])).filter(({ message }) => wrong.some(([, , , told]) => told.test(message)));
  assert.deepEqual(found.map(({ file, path, severity, code, line, column, endColumn = 0 }) => [path, severity, code, JSON.stringify(files[file as keyof typeof files]).slice(column - 1, endColumn - 1), line]), [
    ['/endpoints/get/query/at', 'error', 'CONFIG_INVALID', '\\"xyz\\"', 1],
    ['/steps/a/settings/message', 'error', 'CONFIG_INVALID', '\\"xyz\\"', 1], ['/steps/a/settings/message', 'error', 'CONFIG_INVALID', '\\"(\\"', 1], ['/steps/b/settings/document/list/0', 'error', 'CONFIG_INVALID', '\\"kg\\"', 1],
  ]);
});
test('a brace in a text of the expression hides none of them', async () => {
  assert.deepEqual((await runner.diagnostics(['flows/brace.flow.json'])).filter(({ message }) => wrong.some(([, , , told]) => told.test(message))).map(({ path }) => path), ['/steps/a/settings/message']);
});
test('lint gives the transforms of expressions with its findings: it goes through a file once', async () => {
  const plugins = await openPlugins({ root }, { files: [], packages: [] });
  const workspace = openWorkspace({ root, registry: () => plugins.registry });
  const looksOf = async (ask: (diagnoser: Diagnoser, entry: Entry) => unknown): Promise<number> => {
    let count = 0;
    const counted = Object.create(workspace, { schema: { value: (file: string) => (count++, workspace.schema(file)) } }) as Workspace;
    await ask(createDiagnoser(counted, plugins), workspace.flows.get('checked')!);
    return count;
  };
  const ofLint = await looksOf(({ ofEntry }, entry) => ofEntry(entry));
  assert.ok(ofLint > 0);
  assert.equal(await looksOf(({ ofOpened }, entry) => ofOpened(entry)), ofLint);
  await plugins.close();
});
test('the check of a map does', async () => {
  check((await runner.maps.check({ flow: 'wrong', step: 'm' })).faults, '/steps/m/settings/rules');
  check((await runner.maps.check({ map: 'wrong' })).faults, '/rules');
});
test('such a flow is not deployed', () => assert.rejects(runner.versions.deploy('wrong', { by: 'me' }), { code: 'CONFIG_INVALID', message: /^The flow cannot be deployed: The regular expression "\(" of the transform "replace" cannot be read.*\(4 more/ }));

test('what needs a run, is not of Patchbay, or was found already is not opened', async () => {
  const found = (await runner.diagnostics(['flows/others.flow.json'])).filter(({ severity }) => severity === 'error');
  assert.deepEqual(found.map(({ path, code }) => [path.replace('/steps/m/settings/rules/', ''), code]), [['4/transforms/0/settings', 'CONFIG_INVALID'], ['5/transforms/0/settings/path', 'CONFIG_PATH'], ['6/transforms/0/type', 'CONFIG_UNKNOWN_PLUGIN']]);
});
