import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { RunResult, RunSummary } from '../server/model/api.ts';
import type { RunOrigin } from '../server/model/run-event.ts';
import { openRunner } from '../server/runner/runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-response-scripts-'));
const asked: string[] = [];
const server = createServer((request, response) => {
  const count = asked.push(`${request.method} ${request.url}`);
  response.writeHead(200, { 'content-type': 'application/json', 'x-count': String(count) }).end(JSON.stringify(count === 1 ? { ok: false, items: [{ id: 0 }] } : { ok: true, items: [{ id: 1 }] }));
});
let origin: string;
before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Story {
  readonly script: string;
  readonly file?: string;
  /** Of the connector, before it. */
  readonly own?: string;
  readonly endpoint?: object;
  readonly settings?: object;
  /** The step behind it. */
  readonly behind?: object;
  readonly meta?: Readonly<Record<string, string>>;
  readonly payload?: object;
  /** Before it, with the name of the first. */
  readonly steps?: { readonly start: string; readonly [id: string]: unknown };
  /** By the name of the first run, as soon as that is over. */
  readonly stop?: boolean;
  /** As a server works: in threads, and whatever is in the queue. */
  readonly isServed?: boolean;
}

interface Told {
  readonly result: RunResult;
  readonly requests: number;
  readonly findings: readonly string[];
  /** All that there were, the first one first. */
  readonly runs: readonly (RunSummary & { readonly origin?: RunOrigin })[];
}

let last = 0;
async function tell({ script, file = 'r.js', own, endpoint = {}, settings = {}, behind = { shape: 'set-variables' }, meta = {}, isServed = false, stop = false, payload = {}, steps: { start, ...before } = { start: 'get' } }: Story): Promise<Told> {
  const root = join(folder, `${++last}`);
  const files: Readonly<Record<string, unknown>> = {
    'patchbay.json': { version: 1 }, [`scripts/${file}`]: script, ...(own !== undefined && { 'scripts/own.js': own }),
    'connectors/shop.connector.json': { version: 1, title: 'Shop', baseUrl: origin, endpoints: { list: { title: 'List', direction: 'receive', method: 'GET', path: '/list', records: 'items', retry: { baseMs: 1 }, ...(own !== undefined && { after: { script: 'own.js' } }), ...endpoint } } },
    'instances/shop.instance.json': { version: 1, connector: 'shop' },
    'flows/f.flow.json': { version: 1, variables: { seen: { default: 'none' } }, start, steps: { ...before, get: { shape: 'connector', settings: { instance: 'shop', endpoint: 'list', responseScript: file, ...settings }, next: { out: 'tell' } }, tell: behind } },
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  asked.length = 0;
  const runner = await openRunner({ root, editorSecrets: new Map(), ...(isServed && { executors: { threads: 1 } }) });
  try {
    if (isServed) await runner.listen();
    const findings = (await runner.diagnostics()).filter(({ severity }) => severity === 'error').map(({ code, path }) => `${code} ${path}`);
    const result = await runner.start({ flow: 'f', trigger: 'manual', payload: { body: payload, mediaType: 'application/json', meta }, isAwaited: true }).then(async ({ head, done }) => {
      if (stop) {
        const over = Promise.withResolvers<void>();
        runner.subscribe(head.id, ({ event }) => { if (event.type === 'run-finished') over.resolve(); }, { afterSeq: 0 });
        await over.promise;
        assert.ok(await runner.stop(head.id));
      }
      return done;
    });
    const runs = runner.archive.runs({}).items.toSorted((one, other) => one.queuedAt - other.queuedAt);
    return { result, requests: asked.length, findings, runs };
  } finally {
    await runner[Symbol.asyncDispose]();
  }
}

describe('the response script of a connector step', () => {
  const check = (title: string, story: Story, expected: { readonly outputs?: readonly unknown[]; readonly requests: number; readonly code?: string; readonly message?: RegExp; readonly line?: number; readonly remedy?: RegExp }): void => void test(title, async () => {
    const { result, requests, findings } = await tell(story);
    const failure = result.error ?? result.failures[0];
    assert.deepEqual({ outputs: result.outputs, requests, code: failure?.code, findings }, { outputs: expected.outputs ?? [], requests: expected.requests, code: expected.code, findings: [] }, failure?.message);
    if (expected.message) assert.match(failure?.message ?? '', expected.message);
    if (expected.line !== undefined) assert.deepEqual([result.error?.place?.file, result.error?.place?.line], ['scripts/r.js', expected.line]);
    if (expected.remedy) assert.match(failure?.remedy ?? '', expected.remedy);
  });
  check('that says nothing', { script: 'export default () => {}' }, { outputs: [[{ id: 0 }]], requests: 1 });
  check('that has a step made again', { script: 'export default ({ payload }) => (payload.ok ? "continue" : { action: "retry-step", message: "not yet" })' }, { outputs: [[{ id: 1 }]], requests: 2 });
  check('in TypeScript, that changes what was answered', { file: 'r.ts', script: 'interface In { payload: { items: { id: number }[] }; response: { status: number; headers: Record<string, string> }; request: { method: string; url: string } }\nexport default ({ payload, response, request }: In) => ({ payload: { items: [...payload.items, [response.status, response.headers["x-count"], request.method, request.url.replace(/^https?:\\/\\/[^/]+/, "")]] } });' }, { outputs: [[{ id: 0 }, [200, '1', 'GET', '/list']]], requests: 1 });
  check('by the hosted contract: the payload is text, the numbers are actions', { script: 'module.exports = async (data) => {\n  const body = JSON.parse(data.payload);\n  if (!body.ok) return { ...data, action: 1 };\n  return { ...data, payload: JSON.stringify({ items: [{ id: body.items[0].id, step: data.flow.step }] }), action: 0 };\n};' }, { outputs: [[{ id: 1, step: 'get' }]], requests: 2 });
  check('that fails the run', { script: 'export default () => ({ action: 3, message: "The shop is closed" })' }, { requests: 1, code: 'REMOTE_FINAL', message: /and the script scripts\/r\.js says "fail-run": The shop is closed/, line: 1, remedy: /^Look at the answer in the run, and at what scripts\/r\.js \(line 1\) makes of it: it gives the action "fail-run"\.$/ });
  check('that comes after the script of the connector', { own: 'export default ({ response }) => ({ body: { ...response.body, items: [{ own: true }] } })', script: 'export default ({ payload }) => ({ payload: { items: [...payload.items, { step: true }] } })' }, { outputs: [[{ own: true }, { step: true }]], requests: 1 });
  check('is not asked where that has said what the answer means', { own: 'export default () => ({ action: "success", body: { items: [{ own: 1 }] } })', script: 'export default () => "fail-run"' }, { outputs: [[{ own: 1 }]], requests: 1 });
  check('that throws', { script: 'export default () => {\n  throw new Error("No idea") }' }, { requests: 1, code: 'SCRIPT_THREW', message: /No idea/ });
  check('that gives what it may not', { script: 'export default () => ({ boby: 1 })' }, { requests: 1, code: 'DATA_INVALID', message: /^The script scripts\/r\.js must give what is to change, or nothing: there is no "boby"\.$/, line: 1, remedy: /^What can be given is payload, status, / });
  check('with an action that there is not', { script: '\nexport default () => "retyr"' }, { requests: 1, code: 'DATA_INVALID', message: /: the action is "retyr"\.$/, line: 2, remedy: /^Give one of the actions success, ignore, retry, .* continue \(0\), retry-step \(1\)/ });
  check('that has the payload rejected', { script: '\n\nexport default () => ({ action: "fail", as: "data", message: "no stock" })' }, { requests: 1, code: 'REMOTE_REJECTED', message: /, and the script scripts\/r\.js says "fail": no stock$/, line: 3, remedy: /scripts\/r\.js \(line 3\)/ });

  test('variables that it sets are those of the run', async () => {
    const { result } = await tell({ behind: { shape: 'assert', settings: { expressions: ["{{ flow.seen == 'none 1' }}"] } }, script: 'export default ({ variables, payload }) => ({ variables: { ...variables, seen: `${variables.seen} ${payload.items.length}` } })' });
    assert.equal(result.status, 'success', result.error?.message);
  });

  test('one that there is not is found before a run', async () => {
    await assert.rejects(tell({ script: 'export default () => {}', settings: { responseScript: 'other.js' } }), { code: 'CONFIG_UNKNOWN_SCRIPT' });
  });
});

describe('a response script that has the run done again', () => {
  const once = 'export default ({ payload }) => (payload.ok ? "continue" : { action: "retry-run", message: "half of it", waitMs: 1 })';
  for (const isServed of [false, true]) {
    test(`as a whole, once it is over, ${isServed ? 'by a server' : 'by the one that waits for it'}`, async () => {
      const { result, requests, runs } = await tell({ script: once, isServed });
      const [first, second] = runs;
      assert.deepEqual([result.status, result.run, result.outputs, requests, runs.length], ['success', second?.id, [[{ id: 1 }]], 2, 2], result.error?.message);
      assert.deepEqual([first?.status, first?.error?.code, first?.error?.details?.['again'], second?.origin], ['failed', 'RUN_AGAIN', second?.id, { kind: 'retry', run: first?.id, times: 1 }]);
      assert.match(first?.error?.message ?? '', /half of it\. The run \S+ does it again\.$/);
    });
  }

  test('three times at most, and no try-catch takes it', async () => {
    const catching = { shape: 'try-catch', next: { try: 'get', catch: 'tell' } };
    const { result, requests, runs } = await tell({ script: 'export default () => ({ action: 2, waitMs: 1 })', steps: { start: 'guard', guard: catching } });
    assert.deepEqual([result.status, result.error?.code, result.outputs, requests, runs.map(({ origin }) => origin?.times)], ['failed', 'RUN_AGAIN', [], 4, [undefined, 1, 2, 3]]);
    assert.match(result.error?.message ?? '', /It was done again 3 times already\.$/);
  });

  test('and can be stopped by the name of the first', async () => {
    const { result, requests, runs } = await tell({ script: 'export default () => ({ action: "retry-run", waitMs: 60_000 })', stop: true });
    assert.deepEqual([result.status, requests, runs.map(({ status }) => status)], ['stopped', 1, ['failed', 'stopped']]);
  });

  test('at once: what is still to do is not done', async () => {
    const each = { shape: 'split', settings: { path: 'n', each: true }, next: { out: 'get' } };
    const { requests, runs } = await tell({ script: once, steps: { start: 'each', each }, payload: { n: [1, 2, 3] } });
    assert.deepEqual([requests, runs.map(({ status }) => status)], [4, ['failed', 'success']]);
  });
});

test('a response script knows the metadata of the payload', async () => {
  const { result } = await tell({ meta: { shop: 'eu' }, script: 'export default (input) => ({ ...input, payload: { items: [input.meta] } })' });
  assert.deepEqual(result.outputs, [[{ shop: 'eu' }]], result.error?.message);
});
