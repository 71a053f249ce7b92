import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { FlowError } from '../../../plugins/sdk/index.ts';
import type { TestFile } from '../../model/test-file.ts';
import type { SavedCase } from '../../model/test-report.ts';
import type { Runner } from '../contract.ts';
import { openRunner } from '../runner.ts';

// Runs that become cases: what stands in the files, and where these may lie.

const base = mkdtempSync(join(tmpdir(), 'patchbay-save-run-'));
after(() => rmSync(base, { recursive: true, force: true }));

function workspace(name: string, files: Readonly<Record<string, unknown>>): string {
  const root = join(base, name);
  for (const [file, value] of Object.entries({ 'patchbay.json': { version: 1 }, ...files })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof value === 'string' ? value : JSON.stringify(value));
  }
  return root;
}

const { signal } = new AbortController();
const runOf = async (runner: Runner, flow: string, { body, ...more }: { readonly body?: unknown; readonly variables?: Readonly<Record<string, unknown>> } = {}): Promise<string> => {
  const started = await runner.start({ flow, trigger: 'manual', ...more, ...(body !== undefined && { payload: { body, mediaType: 'application/json' } }) });
  await started.done;
  return started.head.id;
};
const save = (runner: Runner, run: string, name = 'it'): Promise<SavedCase> => runner.tests.save({ run, name, signal });
const textsOf = (root: string, { written }: SavedCase): string => written.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
const casesOf = (root: string, { file }: SavedCase): TestFile['cases'] => (JSON.parse(readFileSync(join(root, file), 'utf8')) as TestFile).cases;

const echo = { version: 1, start: 'map', variables: { apiKey: { type: 'string' }, login: { type: 'object' } }, steps: { map: { shape: 'map', settings: { rules: [{ from: 'id', to: 'number' }] } } } };

test('what is masked in the recording is masked in the case, and the case says what it is', async () => {
  const root = workspace('masked', { 'patchbay.json': { version: 1, redact: ['email'] }, 'flows/f.flow.json': echo });
  await using runner = await openRunner({ root, editorSecrets: new Map([['key', 'marker-secret']]) });
  await runner.secrets.get('key');
  const run = await runOf(runner, 'f', { body: [{ id: 1, email: 'marker-mail' }, { id: 2, email: 'marker-mail' }], variables: { apiKey: 'marker-secret', login: { password: 'marker-password', user: 'ada' } } });
  const saved = await save(runner, run);
  const text = textsOf(root, saved);
  for (const marker of ['marker-secret', 'marker-password', 'marker-mail']) assert.ok(!text.includes(marker), `${marker} stands in ${text}`);
  const { given, description } = casesOf(root, saved)['it']!;
  assert.deepEqual(given!.variables, { apiKey: '[secret]', login: { password: '[redacted]', user: 'ada' } });
  const words = 'Masked in the recording: given.payload.json[*].email, given.variables.apiKey, given.variables.login.password. Where the flow needs them, write values for the test there.';
  assert.deepEqual([saved.notes, description], [[words], words]);
});

const withFlow = (file: Uint8Array, flow: string): Uint8Array => {
  const [head, ...lines] = gunzipSync(file).toString().split('\n');
  const { run, ...rest } = JSON.parse(head!) as { run: { id: string } };
  return gzipSync([JSON.stringify({ ...rest, run: { ...run, id: `${run.id}-x`, flow } }), ...lines].join('\n'));
};

test('a run that came as a file is saved with its masks; one whose flow is no name of a flow does not come in', async () => {
  const there = workspace('there', { 'flows/sub/f.flow.json': echo });
  const here = workspace('here', { 'flows/sub/f.flow.json': echo });
  await using runner = await openRunner({ root: there });
  const file = await buffer(runner.exportRun(await runOf(runner, 'sub/f', { variables: { login: { password: 'marker-password' } } })));
  await using other = await openRunner({ root: here });
  const { run } = await other.importRun(file);
  const saved = await save(other, run);
  assert.deepEqual([saved.file, casesOf(here, saved)['it']!.given!.variables], ['flows/sub/f.test.json', { login: { password: '[redacted]' } }]);
  for (const flow of ['../../outside/evil', '/etc/evil', 'a/../../b', 'a//b', '', '.', String.raw`..\..\evil`, 'a\u0000b']) {
    await assert.rejects(other.importRun(withFlow(file, flow)), (error) => FlowError.is(error, 'DATA_INVALID') && error.place?.pointer === '/run/flow' && error.message.includes(JSON.stringify(flow)), JSON.stringify(flow));
  }
});

test('nothing is written out of the workspace, wherever links lead', async () => {
  const root = workspace('links', { 'flows/f.flow.json': echo });
  const outside = join(base, 'outside');
  mkdirSync(outside);
  symlinkSync(outside, join(root, 'fixtures'));
  await using runner = await openRunner({ root });
  const run = await runOf(runner, 'f', { body: { id: 'x'.repeat(5_000) } });
  await assert.rejects(save(runner, run), (error) => FlowError.is(error, 'CONFIG_INVALID') && /lies outside of the workspace/.test(error.message) && error.place?.file === 'fixtures/f/it.payload.json');
  assert.deepEqual([existsSync(join(outside, 'f')), existsSync(join(root, 'flows/f.test.json'))], [false, false]);
});

const files = {
  'connectors/folder.connector.json': { version: 1, title: 'Folder', protocol: 'local-files', endpoints: { get: { title: 'Get', direction: 'receive', call: 'get', with: { path: '{{ params.path }}' }, params: { path: { type: 'string' } } }, put: { title: 'Put', direction: 'send', call: 'put', with: { path: 'out/a.json' } } } },
  'instances/folder.instance.json': { version: 1, connector: 'folder' },
};
const get = (path: string) => ({ shape: 'connector', settings: { instance: 'folder', endpoint: 'get', params: { path } } });

test('files that a run has read and written are answered as they were, and the case holds without them', async () => {
  const flow = { version: 1, start: 'get', steps: { get: { ...get('in/a.json'), next: { out: 'put' } }, put: { shape: 'connector', settings: { instance: 'folder', endpoint: 'put' } } } };
  const root = workspace('files', { ...files, 'flows/f.flow.json': flow, 'files/in/a.json': { id: 7 } });
  await using runner = await openRunner({ root });
  const run = await runOf(runner, 'f');
  assert.equal(runner.archive.run(run)!.status, 'success', JSON.stringify(runner.archive.run(run)!.error));
  rmSync(join(root, 'files'), { recursive: true });
  const saved = await save(runner, run);
  assert.deepEqual([saved.notes, casesOf(root, saved)['it']!.expect], [[], { snapshot: true, steps: { get: { in: 1, out: 1 }, put: { in: 1, out: 1 } } }]);
  assert.match(textsOf(root, saved), /"url": "file:\/\/\/files\/in\/a\.json"/);
  const byHand = { request: { url: 'file:///files/in/*' }, answer: { json: { id: 8 } } };
  const { cases, passed } = await runner.tests.run({ signal });
  assert.deepEqual([passed, cases.flatMap(({ failures }) => failures)], [1, []]);
  writeFileSync(join(root, 'flows/f.test.json'), JSON.stringify({ version: 1, cases: { it: { mocks: [byHand, { request: { method: 'PUT', url: 'file:///files/out/a.json', json: { id: 8 } }, answer: { json: {} } }, { request: { url: '/files/*' }, answer: { json: {} } }] } } }));
  assert.deepEqual((await runner.tests.run({ signal })).cases.flatMap(({ failures }) => failures), []);
});

test('what failed in the run fails in the case, in the same way; what the run ended as is expected', async () => {
  const flow = { version: 1, start: 'guard', steps: { guard: { shape: 'try-catch', next: { try: 'get', catch: 'told' } }, get: get('in/gone.json'), told: { shape: 'notify', settings: { level: 'warning', message: 'It is gone.' } } } };
  const root = workspace('failed', { ...files, 'flows/f.flow.json': flow, 'flows/g.flow.json': { version: 1, start: 'get', steps: { get: get('in/gone.json') } }, 'files/in/a.json': {} });
  await using runner = await openRunner({ root });
  const [caught, failed] = [await runOf(runner, 'f'), await runOf(runner, 'g')];
  const [one, other] = [await save(runner, caught), await save(runner, failed)];
  assert.deepEqual([one.notes, casesOf(root, one)['it']!.expect!.status, other.notes, casesOf(root, other)['it']!.expect!.status], [[], 'partial-success', [], 'failed']);
  const { cases } = await runner.tests.run({ signal });
  assert.deepEqual(cases.map(({ failures, run }) => [failures, run?.status]), [[[], 'partial-success'], [[], 'failed']]);
});

test('a payload that is too long to be recorded is read where it lies; one of bytes becomes a file', async () => {
  const root = workspace('long', { 'flows/f.flow.json': { version: 1, start: 'note', steps: { note: { shape: 'set-variables' } } }, 'fixtures/long.json': Array.from({ length: 30_000 }, (_, id) => ({ id, text: 'x'.repeat(30) })) });
  const outside = join(base, 'long-outside.json');
  writeFileSync(outside, readFileSync(join(root, 'fixtures/long.json')));
  await using runner = await openRunner({ root });
  const ofFile = async (file: string): Promise<string> => {
    const { head, done } = await runner.start({ flow: 'f', trigger: 'manual', payload: { file } });
    await done;
    return head.id;
  };
  const saved = await save(runner, await ofFile(join(root, 'fixtures/long.json')), 'long');
  assert.deepEqual([casesOf(root, saved)['long']!.given!.payload, saved.notes], [{ file: 'fixtures/long.json' }, ['The payload is too long to be in the recording: the case reads fixtures/long.json as it is now.']]);
  await assert.rejects(save(runner, await ofFile(outside), 'elsewhere'), (error) => FlowError.is(error, 'RUN_INTERRUPTED') && error.remedy === `Copy ${outside} into the workspace, and begin a run with it there.`);
  const bytes = Buffer.from([0xff, 0x00, 0xfe]);
  const binary = await runner.start({ flow: 'f', trigger: 'manual', payload: { body: bytes, mediaType: 'image/png' } });
  await binary.done;
  const kept = await save(runner, binary.head.id, 'bytes');
  assert.deepEqual([casesOf(root, kept)['bytes']!.given!.payload, kept.notes], [{ file: 'fixtures/f/bytes.payload.bin', mediaType: 'image/png' }, []]);
  assert.deepEqual(readFileSync(join(root, 'fixtures/f/bytes.payload.bin')), bytes);
  // A text stays a text, and bytes stay bytes, also where they could be one.
  for (const [name, body, mediaType] of [['text', 'a,é', 'text/csv'], ['file', Buffer.from('a,é'), 'text/csv']] as const) {
    const { head, done } = await runner.start({ flow: 'f', trigger: 'manual', payload: { body, mediaType } });
    await done;
    await save(runner, head.id, name);
  }
  assert.deepEqual(['text', 'file'].map((name) => casesOf(root, kept)[name]!.given!.payload), [{ text: 'a,é', mediaType: 'text/csv' }, { file: 'fixtures/f/file.payload.txt', mediaType: 'text/csv' }]);
  assert.deepEqual((await runner.tests.run({ signal })).cases.map(({ name, failures }) => [name, failures]), [['long', []], ['bytes', []], ['text', []], ['file', []]]);
});

test('nothing is left where a run cannot be saved', async () => {
  const flow = { version: 1, start: 'get', settings: { recording: 'errors' }, steps: { get: get('in/gone.json') } };
  const root = workspace('nothing', { ...files, 'flows/f.flow.json': flow, 'files/in/a.json': {} });
  await using runner = await openRunner({ root });
  const run = await runOf(runner, 'f', { body: { id: 1 } });
  writeFileSync(join(root, 'flows/f.test.json'), '{ "version": 1, "cases": { ');
  await assert.rejects(save(runner, run), (error) => FlowError.is(error, 'CONFIG_INVALID') && error.place?.file === 'flows/f.test.json' && /flows\/f\.test\.json/.test(error.message));
  assert.deepEqual([existsSync(join(root, 'fixtures')), readFileSync(join(root, 'flows/f.test.json'), 'utf8')], [false, '{ "version": 1, "cases": { ']);
});

test('a run that ended before it began makes no case, nor does one that went on with it: both say what to do', async () => {
  const root = workspace('waited', { 'flows/f.flow.json': echo });
  await using runner = await openRunner({ root });
  const { head: { id }, done } = await runner.start({ flow: 'f', trigger: 'manual', waitMs: 3_600_000, payload: { body: [{ id: 1 }], mediaType: 'application/json' } });
  await runner.stop(id);
  await done;
  const resumed = await runner.past.resume(id);
  assert.equal((await resumed.done).status, 'success');
  const again = (run: string): string => `Do this one again as a whole (\`patchbay runs retry ${run}\`) and save that one.`;
  for (const [run, words] of [[id, /ended \(stopped\) before anything had come to a step/], [resumed.head.id, /began in the middle of/]] as const) {
    await assert.rejects(save(runner, run), (error) => FlowError.is(error, 'RUN_INTERRUPTED') && words.test(error.message) && error.remedy === again(run));
  }
  assert.equal(existsSync(join(root, 'flows/f.test.json')), false);
  const retried = await runner.past.retry(resumed.head.id);
  await retried.done;
  assert.deepEqual((await save(runner, retried.head.id)).notes, []);
});
