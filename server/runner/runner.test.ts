import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { HttpResponse, IncomingRequest } from '../../plugins/sdk/index.ts';
import { formsOf } from '../stores/secret-forms.ts';
import type { Runner } from './contract.ts';
import { silentLog } from './log.ts';
import { openRunner, type RunnerOptions } from './runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-runner-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

type Files = Readonly<Record<string, unknown>>;

function makeWorkspace(files: Files): string {
  const root = join(folder, `${++last}`);
  writeFiles(root, { 'patchbay.json': { version: 1 }, ...files });
  return root;
}

function writeFiles(root: string, files: Files): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

async function withRunner<T>(files: Files, work: (runner: Runner) => Promise<T>, options: Partial<RunnerOptions> = {}): Promise<T> {
  const runner = await openRunner({ root: makeWorkspace(files), editorSecrets: new Map(), ...options });
  try {
    return await work(runner);
  } finally {
    await runner[Symbol.asyncDispose]();
  }
}

const steps = (all: object, more: object = {}): object => ({ version: 1, start: Object.keys(all)[0], steps: all, ...more });
/** Gives each item of a list as a payload. */
const each = steps({ each: { shape: 'split', settings: { each: true } } });
const webhook = (settings: object, all: object, more: object = {}): object => steps(all, { triggers: { shop: { trigger: 'webhook', settings } }, ...more });

test('a run gives its result when it is recorded', async () => {
  await withRunner({ 'flows/each.flow.json': each }, async (runner) => {
    const { head, isNew, done } = await runner.start({ flow: 'each', trigger: 'manual', payload: { body: [{ n: 1 }, { n: 2 }], mediaType: 'application/json' }, seed: 7 });
    assert.ok(isNew);
    const { steps: counts, durationMs: _, ...result } = await done;
    assert.deepEqual(result, { run: head.id, status: 'success', outputs: [{ n: 1 }, { n: 2 }], failures: [] });
    assert.deepEqual([counts['each']?.in, counts['each']?.out], [1, 2]);
    const detail = runner.archive.run(head.id);
    assert.deepEqual([detail?.status, detail?.seed, detail?.steps], ['success', 7, counts]);
    assert.equal(detail?.flowText, JSON.stringify(each));
    assert.deepEqual((await runner.flows())[0]?.lastRun?.id, head.id);
  });
});

test('files: a short one is a document, a long one a stream, and what is not there is said', async () => {
  await withRunner({ 'flows/each.flow.json': each, 'in.json': [1, 2], 'bad.json': '{', 'long.json': `[${'"x",'.repeat(400_000)}"x"]` }, async (runner) => {
    const run = async (file: string) => (await (await runner.start({ flow: 'each', trigger: 'manual', payload: { file: join(runner.root, file) } })).done);
    assert.deepEqual((await run('in.json')).outputs, [1, 2]);
    const long = await run('long.json');
    assert.deepEqual([long.steps['each']?.out, long.outputs.length, runner.archive.run(long.run)?.input?.body], [400_001, 100, '']);
    await assert.rejects(run('nope.json'), { code: 'CONFIG_NOT_FOUND' });
    await assert.rejects(run('bad.json'), { code: 'DATA_INVALID' });
    await assert.rejects(runner.start({ flow: 'each', trigger: 'manual', payload: { file: join(runner.root, 'bad.json'), name: 'stdin' } }), { message: /^stdin is not valid JSON/ });
  });
});

describe('a payload that is longer than a step can take fails there with all of its records, and goes on in batches where it is caught', () => {
  const takers: Readonly<Record<string, object>> = {
    map: { rules: [{ from: 'n', to: 'n' }] }, script: { script: 'same.ts' }, validate: { schema: {} }, 'run-flow': { flow: 'other' }, assert: { expected: [] }, 'de-dupe': { pool: 'seen', entity: 'order', key: 'n' }, 'add-to-cache': { cache: 'c', key: 'k' },
  };
  const records = Array.from({ length: 60_000 }, (_, n) => ({ n, text: 'twenty letters long..' }));
  for (const [shape, settings] of Object.entries(takers)) {
    const flow = steps({
      guard: { shape: 'try-catch', next: { try: 'take', catch: 'batches' } }, take: { shape, settings },
      batches: { shape: 'flow-control', settings: { size: 20_000 }, next: { out: 'counted' } }, counted: { shape: 'map', settings: { wrapInput: true, rules: [{ from: '[*].n', to: 'count', transforms: [{ type: 'count' }] }] } },
    });
    test(shape, () => withRunner({ 'patchbay.json': { version: 1, limits: { payloadBytes: 1_000_000 } }, 'flows/f.flow.json': flow, 'flows/other.flow.json': each, 'scripts/same.ts': 'export default (input) => input;', 'in.json': records }, async (runner) => {
      const { outputs, failures, status } = await (await runner.start({ flow: 'f', trigger: 'manual', payload: { file: join(runner.root, 'in.json') } })).done;
      assert.deepEqual([status, outputs], ['partial-success', [{ count: 20_000 }, { count: 20_000 }, { count: 20_000 }]]);
      assert.deepEqual(failures.map(({ step, code }) => [step, code]), [['take', 'DATA_TOO_LARGE']]);
      assert.match(failures[0]!.message, /^The payload is longer than 1000000 bytes, and (this step needs|another flow takes) it as a whole\.$/);
    }));
  }
});

test('a lookup whose rows have errors is used as far as it goes, and the run says so', async () => {
  const flow = steps({ to: { shape: 'map', settings: { rules: [{ from: 'c', to: 'vat', transforms: [{ type: 'lookup', settings: { lookup: 'vat' } }] }] } } });
  const settings = { version: 1, key: ['country'], columns: { rate: { type: 'number' } } };
  await withRunner({ 'flows/f.flow.json': flow, 'lookups/vat.csv': 'country,rate\nDE,19\nDE,7\nFR,x\n', 'lookups/vat.lookup.json': settings }, async (runner) => {
    const run = async (body: unknown) => {
      const { head, done } = await runner.start({ flow: 'f', trigger: 'manual', payload: { body, mediaType: 'application/json' } });
      const { outputs, failures } = await done;
      return [outputs, failures.map(({ message }) => message), runner.archive.logs(head.id, { level: 'warn' }).items.map(({ message }) => message)];
    };
    const told = 'The lookup "vat" has 2 errors. lookups/vat.csv, line 3: Line 2 has "country" "DE" already; that row counts, and this one is never found. `patchbay lookups check vat` shows them all.';
    assert.deepEqual(await run({ c: 'DE' }), [[{ vat: 19 }], [], [told]]);
    assert.deepEqual(await run({ c: 'FR' }), [[], ['vat: The row in line 4 of the lookup "vat" cannot be used. In the column "rate": "x" is no number.'], [told]]);
    writeFiles(runner.root, { 'lookups/vat.csv': 'country,rate\nDE,19\n' });
    assert.deepEqual(await run({ c: 'DE' }), [[{ vat: 19 }], [], []]);
  });
});

describe('a run says once what is wrong with the rows of a lookup, whoever asks it', () => {
  const script = { 'scripts/ask.ts': 'export default async ({ payload }, context) => ({ payload: [await context.lookup("vat", payload), await context.lookup("vat", payload)] });' };
  const askers: readonly (readonly [who: string, step: object, files?: object])[] = [
    ['a script', { shape: 'script', settings: { script: 'ask.ts' } }, script],
    ['an expression', { shape: 'set-variables', settings: { meta: [{ name: 'rate', value: '{{ payload | lookup(lookup: "vat") }}' }] } }],
    ['a rule of a map', { shape: 'map', settings: { rules: [{ from: '', to: 'vat', transforms: [{ type: 'lookup', settings: { lookup: 'vat' } }] }] } }],
  ];
  for (const [who, ask, files] of askers) {
    test(who, () => withRunner({ 'flows/f.flow.json': steps({ each: { shape: 'split', settings: { path: '', each: true }, next: { out: 'ask' } }, ask }), 'lookups/vat.csv': 'country,rate\nDE,19\nDE,7\nFR,20\n', 'lookups/vat.lookup.json': { version: 1, key: ['country'] }, ...files }, async (runner) => {
      const { head, done } = await runner.start({ flow: 'f', trigger: 'manual', payload: { body: ['DE', 'FR', 'DE'], mediaType: 'application/json' } });
      assert.deepEqual((await done).failures, []);
      assert.deepEqual(runner.archive.logs(head.id, { level: 'warn' }).items.map(({ message }) => message), ['The lookup "vat" has an error. lookups/vat.csv, line 3: Line 2 has "country" "DE" already; that row counts, and this one is never found. `patchbay lookups check vat` shows it.']);
    }));
  }
});

describe('where a flow cannot run, it says why and records nothing', () => {
  const instance = { 'instances/shop.instance.json': { version: 1, connector: 'acme', credentials: { token: { $secret: 'shop/token' } } } };
  const connector = { 'connectors/acme.connector.json': { version: 1, title: 'Acme', baseUrl: 'http://127.0.0.1:9', auth: { token: { type: 'bearer' } }, endpoints: { list: { title: 'List', direction: 'receive', method: 'GET', path: '/' } } } };
  const uses = steps({ get: { shape: 'connector', settings: { instance: 'shop', endpoint: 'list' } } });
  for (const [title, files, expected] of [
    ['no such flow', {}, { code: 'CONFIG_NOT_FOUND', message: /"f"/ }],
    ['an unknown step', { 'flows/f.flow.json': steps({ a: { shape: 'split', next: { out: 'nowhere' } } }) }, { code: 'CONFIG_UNKNOWN_STEP' }],
    ['an unknown shape', { 'flows/f.flow.json': steps({ a: { shape: 'magic' } }) }, { code: 'CONFIG_UNKNOWN_PLUGIN' }],
    ['a shape that may be in a plugin which did not load', { 'flows/f.flow.json': steps({ a: { shape: 'magic' } }), 'plugins/magic.ts': 'throw new Error("kaput");' }, { code: 'PLUGIN_FAILED', message: /"magic".*plugins\/magic\.ts: Error: kaput\./ }],
    ['a slip, whatever else did not load', { 'flows/f.flow.json': steps({ a: { shape: 'spilt' } }), 'plugins/magic.ts': 'throw new Error("kaput");' }, { code: 'CONFIG_UNKNOWN_PLUGIN', remedy: /^Did you mean "split"\? Correct the type/ }],
    ['several errors', { 'flows/f.flow.json': steps({ a: { shape: 'split', next: { out: 'x' } }, b: { shape: 'split', next: { out: 'y' } } }) }, { code: 'CONFIG_UNKNOWN_STEP', remedy: /`patchbay lint flows\/f\.flow\.json` shows another error\./ }],
    ['a bad path', { 'flows/f.flow.json': steps({ a: { shape: 'split', settings: { path: 'a[' } } }) }, { code: 'CONFIG_PATH' }],
    ['a broken script', { 'flows/f.flow.json': steps({ a: { shape: 'script', settings: { script: 'scripts/s.ts' } } }), 'scripts/s.ts': 'export default (\n' }, { code: 'SCRIPT_INVALID' }],
    ['a missing script', { 'flows/f.flow.json': steps({ a: { shape: 'script', settings: { script: 'scripts/s.ts' } } }) }, { code: 'CONFIG_UNKNOWN_SCRIPT' }],
    ['a missing secret', { 'flows/f.flow.json': uses, ...instance, ...connector }, { code: 'SECRET_MISSING', message: /"shop\/token" is missing\.$/, remedy: /secrets set shop\/token.*PATCHBAY_SECRET_SHOP_TOKEN/ }],
    ['a missing instance', { 'flows/f.flow.json': uses, ...connector }, { code: 'CONFIG_UNKNOWN_INSTANCE' }],
    ['a file that is no JSON', { 'flows/f.flow.json': '{' }, { code: 'CONFIG_INVALID' }],
    ['a file of a newer version', { 'flows/f.flow.json': { version: 99, steps: {} } }, { code: 'CONFIG_VERSION' }],
  ] as const) {
    test(title, () => withRunner(files, async (runner) => {
      await assert.rejects(runner.start({ flow: 'f', trigger: 'manual' }), (error: Error & { code: string; remedy: string; place?: { file?: string } }) => {
        assert.partialDeepStrictEqual({ code: error.code }, { code: expected.code }, error.message);
        if ('message' in expected) assert.match(error.message, expected.message);
        if ('remedy' in expected) assert.match(error.remedy, expected.remedy);
        if (Object.keys(files).length > 0) assert.ok(error.place?.file, 'it names the file');
        return true;
      });
      assert.ok(!existsSync(join(runner.root, '.patchbay')), 'nothing is written');
    }));
  }
  test('an unknown environment', () => withRunner({ 'flows/f.flow.json': each }, (runner) => assert.rejects(runner.start({ flow: 'f', trigger: 'manual', environment: 'nope' }), { code: 'CONFIG_NOT_FOUND' })));
  test('where nothing can be written', () => withRunner({ 'flows/f.flow.json': each, '.patchbay': 'a file' }, (runner) => assert.rejects(runner.start({ flow: 'f', trigger: 'manual' }), { code: 'STORAGE_FAILED' })));
});

test('who serves files that change is told what is wrong with them, once', async () => {
  const log = queueOfLines();
  await withRunner({ 'flows/f.flow.json': steps({ a: { shape: 'magic' } }) }, async (runner) => {
    await runner.listen();
    assert.match(await log.next(), /^flows\/f\.flow\.json:1:\d+ There is no shape "magic"\.$/);
    writeFiles(runner.root, { 'plugins/p.ts': 'export default {' });
    assert.match(await log.next(), /^plugins\/p\.ts:1:1 The plugin plugins\/p\.ts cannot be used\. SyntaxError/);
  }, { dev: true, log: { ...silentLog, error: log.add } });
});

function queueOfLines(): { add(line: string): void; next(): Promise<string> } {
  const lines: string[] = [];
  let wake = (): void => {};
  return {
    add: (line) => { lines.push(line); wake(); },
    async next() {
      while (lines.length === 0) await new Promise<void>((resolve) => { wake = resolve; });
      return lines.shift()!;
    },
  };
}

test('a changed file counts from the next run on', async () => {
  await withRunner({ 'flows/f.flow.json': steps({ set: { shape: 'split', settings: { path: 'a' } } }) }, async (runner) => {
    const outputs = async () => (await (await runner.start({ flow: 'f', trigger: 'manual', payload: { body: { a: 1, other: 2 }, mediaType: 'application/json' } })).done).outputs;
    assert.deepEqual(await outputs(), [1]);
    writeFiles(runner.root, { 'flows/f.flow.json': steps({ set: { shape: 'split', settings: { path: 'other' } } }) });
    assert.deepEqual(await outputs(), [2]);
  });
});

test('events with the same key start one run', async () => {
  await withRunner({ 'flows/each.flow.json': each }, async (runner) => {
    const request = { flow: 'each', trigger: 'hook', key: 'k', payload: { body: [1], mediaType: 'application/json' } };
    const [one, two] = await Promise.all([runner.start(request), runner.start(request)]);
    assert.deepEqual([one.isNew, two.isNew, two.head.id], [true, false, one.head.id]);
    assert.deepEqual([(await one.done).status, (await two.done).run], ['success', one.head.id]);
    assert.equal(runner.archive.runs({}).total, 1);
  });
});

describe('a run that works', () => {
  const slow = { 'flows/slow.flow.json': steps({ s: { shape: 'wait', settings: { forMs: 600_000 } } }) };
  test('is stopped when asked', () => withRunner(slow, async (runner) => {
    const { head, done } = await runner.start({ flow: 'slow', trigger: 'manual' });
    assert.equal(await runner.stop(head.id), true);
    assert.equal((await done).status, 'stopped');
    assert.equal(await runner.stop(head.id), false);
    assert.equal(runner.archive.run(head.id)?.status, 'stopped');
  }));
  test('is stopped where it does not end in time when the runner closes, and no run starts then', async () => {
    const runner = await openRunner({ root: makeWorkspace(slow), drainMs: 1 });
    const { done } = await runner.start({ flow: 'slow', trigger: 'manual' });
    const closed = runner[Symbol.asyncDispose]();
    assert.equal((await done).status, 'stopped');
    await closed;
    await assert.rejects(runner.start({ flow: 'slow', trigger: 'manual' }), { code: 'RUN_STOPPED' });
  });
});

describe('webhooks', () => {
  async function send(runner: Runner, flow: string, changes: Partial<IncomingRequest> = {}): Promise<HttpResponse | undefined> {
    const { promise, resolve } = Promise.withResolvers<HttpResponse>();
    const body = Buffer.from('{"n":1}');
    const found = await runner.hook(flow, 'shop', { method: 'POST', url: '/', query: {}, headers: { 'content-type': 'application/json' }, body, receivedAt: Date.now(), respond: resolve, ...changes });
    return found && promise;
  }
  const files = {
    'flows/accepted.flow.json': webhook({ deliveryHeader: 'x-id' }, { a: { shape: 'split' } }),
    'flows/answer.flow.json': webhook({ answer: 'callback' }, { a: { shape: 'callback', settings: { status: 201 } } }),
    'flows/silent.flow.json': webhook({ answer: 'callback' }, { a: { shape: 'split' } }),
    'flows/broken.flow.json': webhook({ answer: 'callback' }, { a: { shape: 'assert', settings: { expected: 1 } } }),
    'flows/off.flow.json': steps({ a: { shape: 'split' } }, { triggers: { shop: { trigger: 'webhook', disabled: true } } }),
    'flows/later.flow.json': steps({ a: { shape: 'split' } }, { triggers: { shop: { trigger: 'schedule', settings: { cron: '0 0 1 1 *' } } } }),
  };
  test('are accepted when the run is recorded, each delivery once', () => withRunner(files, async (runner) => {
    const headers = { 'content-type': 'application/json', 'x-id': 'd1' };
    const answers = await Promise.all([send(runner, 'accepted', { headers }), send(runner, 'accepted', { headers }), send(runner, 'accepted')]);
    assert.deepEqual(answers.map((answer) => answer?.status), [200, 200, 200]);
    assert.equal(runner.archive.runs({}).total, 2);
  }));
  for (const [flow, status, body] of [['answer', 201, '{"n":1}'], ['silent', 204, ''], ['broken', 500, 'ASSERT_FAILED']] as const) {
    test(`an answer of ${flow}`, () => withRunner(files, async (runner) => {
      const answer = await send(runner, flow);
      assert.equal(answer?.status, status);
      const text = answer?.body instanceof Uint8Array ? Buffer.from(answer.body).toString() : JSON.stringify(answer?.body ?? '');
      assert.ok(text.includes(body), text);
    }));
  }
  test('a flow with one webhook needs no name of it', () => withRunner({ ...files, 'flows/shop/stock.flow.json': webhook({}, { a: { shape: 'split' } }), 'flows/two.flow.json': steps({ a: { shape: 'split' } }, { triggers: { one: { trigger: 'webhook' }, two: { trigger: 'webhook' }, hand: { trigger: 'manual' } } }) }, async (runner) => {
    const ask = async (flow: string, trigger?: string): Promise<number | undefined> => {
      const { promise, resolve } = Promise.withResolvers<HttpResponse>();
      const found = await runner.hook(flow, trigger, { method: 'POST', url: '/', query: {}, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"n":1}'), receivedAt: Date.now(), respond: resolve });
      return found && (await promise).status;
    };
    assert.deepEqual([await ask('answer'), await ask('shop', 'stock'), await ask('shop/stock'), await ask('two'), await ask('two', 'two'), await ask('off'), await ask('later'), await ask('nope')], [201, 200, 200, undefined, 200, undefined, undefined, undefined]);
  }));
  test('there is none for what takes no requests, is disabled, or is not there', () => withRunner(files, async (runner) => {
    for (const flow of ['off', 'later', 'nope', '__proto__']) assert.equal(await send(runner, flow), undefined, flow);
    await runner.setEnabled('answer', false);
    assert.equal(await send(runner, 'answer'), undefined);
    await runner.setEnabled('answer', true);
    assert.equal((await send(runner, 'answer'))?.status, 201);
    await assert.rejects(runner.setEnabled('nope', true), { code: 'CONFIG_NOT_FOUND' });
  }));
  test('what is enabled stays so', async () => {
    const root = makeWorkspace(files);
    const first = await openRunner({ root });
    await first.setEnabled('answer', false);
    await first[Symbol.asyncDispose]();
    const second = await openRunner({ root });
    assert.deepEqual((await second.flows()).filter(({ enabled }) => !enabled).map(({ id }) => id), ['answer']);
    await second[Symbol.asyncDispose]();
  });
});

test('what the runner says of its workspace', async () => {
  const files = {
    'patchbay.json': { version: 1, title: 'Shop', plugins: ['not-installed'] },
    'flows/f.flow.json': webhook({}, { a: { shape: 'add-one' } }), 'flows/bad.flow.json': steps({ a: { shape: 'split', next: { out: 'b' } } }), 'lookups/codes.csv': 'a,b\n1,"x', 'scripts/s.ts': 'export default 1 +',
    'plugins/add-one.ts': "export default { kind: 'shape', type: 'add-one', title: 'Add', summary: 'Adds.', group: 'data', ports: ['out'], settings: { type: 'object', properties: {}, additionalProperties: false }, examples: [], open: () => async (payload) => [{ port: 'out', payload: payload.with({ body: (await payload.json()) + 1 }) }] };",
  };
  await withRunner(files, async (runner) => {
    const { title, plugins, scripts, lookups, version } = await runner.info();
    assert.deepEqual([title, plugins.map(({ state }) => state), scripts, lookups], ['Shop', ['loaded', 'failed'], ['scripts/s.ts'], ['codes']]);
    assert.match(version, /^\d+\.\d+\.\d+/);
    assert.ok(runner.catalog().some(({ type, source }) => type === 'add-one' && source === 'plugins/add-one.ts'));
    const { outputs } = await (await runner.start({ flow: 'f', trigger: 'manual', payload: { body: 1, mediaType: 'application/json' } })).done;
    assert.deepEqual(outputs, [2]);
    const found = new Map((await runner.diagnostics()).filter(({ severity }) => severity === 'error').map(({ file, code }) => [file, code]));
    assert.deepEqual(Object.fromEntries(found), { 'flows/bad.flow.json': 'CONFIG_UNKNOWN_STEP', 'lookups/codes.csv': 'DATA_INVALID', 'patchbay.json': 'PLUGIN_FAILED', 'scripts/s.ts': 'SCRIPT_INVALID' });
    assert.deepEqual((await runner.diagnostics(['flows/f.flow.json'])).filter(({ severity }) => severity === 'error'), []);
    const [bad, good] = await runner.flows();
    assert.deepEqual([bad?.errors, good?.errors, good?.triggers], [1, 0, [{ id: 'shop', type: 'webhook', url: '/hooks/f/shop' }]]);
  });
});

test('single values: expressions and transforms', async () => {
  await withRunner({}, async (runner) => {
    assert.equal(await runner.evaluate('payload.n + 1', { payload: { n: 1 } }), 2);
    assert.equal(await runner.evaluate('n = {{ payload.n }}', { payload: { n: 1 } }), 'n = 1');
    assert.equal(await runner.transform('case', { to: 'upper' }, 'a'), 'A');
    await assert.rejects(runner.evaluate('payload.', {}), { code: 'CONFIG_EXPRESSION' });
    await assert.rejects(runner.evaluate('payload.n | tirm', {}), { code: 'CONFIG_UNKNOWN_PLUGIN', remedy: /^Did you mean "trim"\?/ });
    await assert.rejects(runner.transform('nope', {}, 1), { code: 'CONFIG_UNKNOWN_PLUGIN' });
    await assert.rejects(runner.transform('tirm', {}, 1), { remedy: /^Did you mean "trim"\?/ });
    await assert.rejects(runner.transform('case', { to: 'x' }, 1), { code: 'CONFIG_INVALID' });
    await runner.flows();
    await runner.diagnostics();
    assert.ok(!existsSync(join(runner.root, '.patchbay')), 'looking leaves no trace');
  });
});

describe('secrets and redacted fields never reach the disk', () => {
  const secret = 'canary/S3cr3t+"ü"&4711';
  const values = { iban: 'DE00CANARY0001', password: 'canary-password-1', cardNumber: '4111-CANARY' };
  let server: Server;
  let url = '';
  const seen: string[] = [];
  before(async () => {
    // It gives back whatever it was sent, in every way that a server can, and fails every other time.
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
      response.writeHead(request.url?.startsWith('/fail') ? 422 : 200, { 'content-type': 'application/json', 'x-echo': encodeURIComponent(secret), 'set-cookie': `sid=${encodeURIComponent(secret)}` });
      response.end(JSON.stringify([{ url: request.url, authorization: request.headers.authorization, body, secret, nested: { ...values }, message: `iban=${values.iban}, "cardNumber": "${values.cardNumber}"` }]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  test('whatever payloads, headers, addresses, logs, variables and errors hold', async () => {
    const files = {
      'patchbay.json': { version: 1, redact: ['iban'] },
      'connectors/echo.connector.json': {
        version: 1, title: 'Echo', baseUrl: '{{ instance.url }}', variables: { url: { type: 'string', title: 'U', description: 'U.' } },
        auth: { basic: { type: 'basic' } },
        endpoints: {
          ok: { title: 'Ok', direction: 'receive', method: 'GET', path: '/ok', query: { key: '{{ params.key }}', iban: values.iban }, params: { key: { type: 'string', title: 'K', description: 'K.' } }, records: '$' },
          fail: { title: 'Fail', direction: 'send', method: 'POST', path: '/fail', body: { format: 'json' } },
        },
      },
      'instances/echo.instance.json': { version: 1, connector: 'echo', settings: { url }, credentials: { user: 'user', password: { $secret: 'echo/password' } } },
      'scripts/leak.ts': `export default ({ payload, meta, variables }, context) => { context.log.info('got ' + JSON.stringify(payload), { payload }); return { payload: { again: payload, text: JSON.stringify(payload) }, meta: { leak: JSON.stringify(payload).slice(0, 200) }, variables: { password: 'canary-password-1', all: payload } }; };`,
      'flows/leak.flow.json': steps({
        get: { shape: 'connector', settings: { instance: 'echo', endpoint: 'ok', params: { key: '{{ payload.secret }}' } }, next: { out: 'log' } },
        log: { shape: 'notify', settings: { message: 'All of it: {{ payload }} and {{ payload[0].secret }}', level: 'warning' }, next: { out: 'leak' } },
        leak: { shape: 'script', settings: { script: 'scripts/leak.ts' }, next: { out: 'set' } },
        set: { shape: 'set-variables', settings: { flow: [{ name: 'iban', value: '{{ payload.again[0].nested.iban }}' }, { name: 'copy', value: '{{ payload }}' }], meta: [{ name: 'cardNumber', value: '{{ payload.again[0].nested.cardNumber }}' }] }, next: { out: 'try' } },
        try: { shape: 'try-catch', next: { try: 'send', catch: 'assert' } },
        send: { shape: 'connector', settings: { instance: 'echo', endpoint: 'fail' } },
        assert: { shape: 'assert', settings: { expected: { secret: '{{ payload.text }}' } } },
      }, { settings: { redact: ['CARDNUMBER'] }, variables: { iban: { type: 'string' }, copy: {}, password: {}, all: {} } }),
    };
    const logged: string[] = [];
    const toLog = (message: string, fields?: object): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
    const root = makeWorkspace(files);
    const runner = await openRunner({ root, editorSecrets: new Map([['echo/password', secret]]), log: { debug: toLog, info: toLog, warn: toLog, error: toLog } });
    const events: string[] = [];
    runner.subscribe(undefined, (event) => events.push(JSON.stringify(event)));
    const { head, done } = await runner.start({ flow: 'leak', trigger: 'manual', key: secret, payload: { body: { secret, ...values, Authorization: `Basic ${Buffer.from(`user:${secret}`).toString('base64')}` }, mediaType: 'application/json', meta: { iban: values.iban, note: secret } } });
    const result = await done;
    assert.equal(result.status, 'failed', JSON.stringify(result.error));
    assert.equal(seen.length, 2, 'the flow went all the way');
    assert.ok(seen.every((line) => line.includes(Buffer.from(`user:${secret}`).toString('base64'))), 'and sent the secret');
    assert.equal(runner.archive.logs(head.id, {}).total > 1, true);
    await runner[Symbol.asyncDispose]();

    const texts = filesBelow(join(root, '.patchbay')).map((file) => ({ file, text: readFileSync(file).toString('latin1') }));
    assert.ok(texts.length > 1);
    const wanted = [...formsOf(secret).filter((form) => form.length > 6), ...Object.values(values)].flatMap((value) => [value, Buffer.from(value).toString('latin1')]);
    for (const value of new Set(wanted)) {
      for (const { file, text } of [...texts, { file: 'the log', text: logged.join('\n') }, { file: 'the events', text: events.join('\n') }]) {
        const at = text.indexOf(value);
        assert.ok(at < 0, `${value} is in ${file}: …${text.slice(Math.max(0, at - 100), at + 100)}…`);
      }
    }
    assert.ok(texts.some(({ text }) => text.includes('[secret]')) && texts.some(({ text }) => text.includes('[redacted]')));
  });
});

const filesBelow = (root: string): string[] => readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));

test('a run that read a long file goes on with it where the file is still there', async () => {
  const fits = (most: number): object => steps({ check: { shape: 'assert', settings: { schema: { type: 'array', maxItems: most } }, next: { out: 'count' } }, count: { shape: 'manual-payload', settings: { document: { count: '{{ payload | count }}' } } } });
  await withRunner({ 'flows/count.flow.json': fits(1), 'big.json': Array.from({ length: 20_000 }, (_, id) => ({ id, text: 'x'.repeat(60) })) }, async (runner) => {
    const file = join(runner.root, 'big.json');
    const { head, done } = await runner.start({ flow: 'count', trigger: 'manual', payload: { file } });
    assert.equal((await done).error?.code, 'ASSERT_FAILED');
    writeFiles(runner.root, { 'flows/count.flow.json': fits(20_000) });
    const { done: resumed } = await runner.past.resume(head.id);
    assert.deepEqual([(await resumed).status, (await resumed).outputs], ['success', [{ count: 20_000 }]]);
    writeFiles(runner.root, { 'flows/count.flow.json': fits(1) });
    const again = await runner.start({ flow: 'count', trigger: 'manual', payload: { file } });
    await again.done;
    rmSync(file);
    assert.equal((await (await runner.past.resume(again.head.id)).done).error?.code, 'RUN_INTERRUPTED');
  });
});
