import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { serve } from '../server/api/serve.ts';
import { noStops, type DebugRef } from '../server/model/debug.ts';
import type { Runner } from '../server/runner/contract.ts';
import { openRunner } from '../server/runner/runner.ts';
import { checkFiles, foundIn } from './support/canaries.ts';

// What proves who sends a request, in each way in which it can be said, is looked for in every file that a run leaves: recordings with their write-ahead logs,
// the inbox, saved cases, exports. The runs that do it again or go on with it still have it.

interface Sent {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const canaries = {
  query: 'q-canary-1f83d9', encoded: 'e canary/+&=ö-2', base64: Buffer.from('b-canary-3-long-enough').toString('base64'), named: 'n-canary-4c1a', capitals: 'C-canary-5d2b', nested: 'x-canary-6e3c',
  bearer: 'Bearer h-canary-7f4d', basic: `Basic ${Buffer.from('ada:canary-8').toString('base64')}`, ownHeader: 'o-canary-9a5e', cookie: 'sid=k-canary-10bc',
  onlyQuery: 'p-canary-11cd', onlyKey: 'y canary/12', form: 'f-canary-13 &ö', json: 'j-canary-14"ö',
};
const ways: Readonly<Record<keyof typeof canaries, Sent>> = {
  query: { path: `?token=${canaries.query}&id=1`, headers: json, body: '{"id":1}' },
  encoded: { path: `?api_key=${encodeURIComponent(canaries.encoded)}`, headers: json, body: '{"id":2}' },
  base64: { path: `?access_token=${encodeURIComponent(canaries.base64)}`, headers: { 'content-type': 'text/plain' }, body: 'a text' },
  named: { path: `?%74%6Fken=${canaries.named}`, headers: json, body: '[{"id":3}]' },
  capitals: { path: `?AuthToken=${canaries.capitals}`, headers: json, body: '{"id":4}' },
  nested: { path: `?user%5Bpassword%5D=${canaries.nested}`, headers: { 'content-type': 'application/xml' }, body: '<a/>' },
  bearer: { headers: { ...json, authorization: canaries.bearer }, body: '{"id":5}' },
  basic: { headers: { ...json, authorization: canaries.basic }, body: '{"id":6}' },
  ownHeader: { headers: { ...json, 'x-shop-token': canaries.ownHeader }, body: '{"id":7}' },
  cookie: { headers: { ...json, cookie: canaries.cookie }, body: '{"id":8}' },
  onlyQuery: { path: `?token=${canaries.onlyQuery}&id=9` },
  onlyKey: { path: `?api-key=${encodeURIComponent(canaries.onlyKey)}&id=10` },
  form: { headers: form, body: new URLSearchParams({ password: canaries.form, id: '11' }).toString() },
  json: { headers: json, body: JSON.stringify({ client_secret: canaries.json, id: 12 }) },
};

const others = { signed: 's-canary-15', signedOddly: '-canary-23', signedForm: 't canary-16', refused: 'u-canary-17', refusedHeader: 'v-canary-18', deadLetter: 'w-canary-19', thrown: 'z-canary-20', echoed: 'a-canary-21', nobody: 'b-canary-22' };
const signedForm = { ...form, 'x-twilio-signature': Buffer.alloc(20).toString('base64') };
/** Requests that are refused, and flows that say in words what they have got. */
const otherWays: Readonly<Record<keyof typeof others, readonly [path: string, Sent]>> = {
  signed: ['twilio/in', { path: `?token=${others.signed}`, headers: signedForm, body: 'id=1' }],
  signedOddly: ['twilio/in', { path: `?token=%73${others.signedOddly}`, headers: signedForm, body: 'id=1' }],
  signedForm: ['twilio/in', { headers: signedForm, body: new URLSearchParams({ password: others.signedForm }).toString() }],
  refused: ['parameter/in', { path: `?key=${others.refused}&id=1` }],
  refusedHeader: ['header/in', { headers: { ...json, 'x-gitlab-token': others.refusedHeader }, body: '{}' }],
  deadLetter: ['kept/in', { path: `?token=${others.deadLetter}`, headers: json, body: '{}' }],
  thrown: ['broken/in', { path: `?token=${others.thrown}` }],
  echoed: ['echo/in', { path: `?token=${others.echoed}` }],
  nobody: ['nobody/in', { path: `?token=${others.nobody}` }],
};
const hook = (settings: object): object => ({ in: { trigger: 'webhook', settings } });
const secret = { $secret: 'hook' };
const otherFlows: Readonly<Record<string, (recording: string) => object>> = {
  twilio: () => ({ version: 1, triggers: hook({ signature: { scheme: 'twilio', secret, publicUrl: 'https://shop.test' } }), start: 'all', steps: { all: { shape: 'set-variables', settings: {} } } }),
  parameter: () => ({ version: 1, triggers: hook({ signature: { scheme: 'token', parameter: 'key', secret } }), start: 'all', steps: { all: { shape: 'set-variables', settings: {} } } }),
  header: () => ({ version: 1, triggers: hook({ signature: { scheme: 'token', header: 'X-Gitlab-Token', secret } }), start: 'all', steps: { all: { shape: 'set-variables', settings: {} } } }),
  kept: (recording) => ({ version: 1, settings: { recording }, triggers: hook({}), start: 'keep', steps: { keep: { shape: 'dead-letter', settings: { reason: '{{ meta["query.token"] }} is known to nobody', action: 'fail' } } } }),
  broken: (recording) => ({ version: 1, settings: { recording, notify: ['ops'] }, triggers: hook({}), start: 'throw', steps: { throw: { shape: 'script', settings: { script: 'scripts/throw.ts' }, retry: { attempts: 1, waitMs: 1 } } } }),
  // What a field of another name holds stays what it is: such a recording is not kept.
  echo: () => ({ version: 1, settings: { recording: 'none' }, triggers: hook({ answer: 'callback' }), start: 'say', steps: { say: { shape: 'script', settings: { script: 'scripts/say.ts' }, next: { out: 'answer' } }, answer: { shape: 'callback', settings: {} } } }),
};

const look = `const names = ['query.token', 'query.api_key', 'query.access_token', 'query.AuthToken', 'query.user[password]', 'header.authorization', 'header.x-shop-token', 'header.cookie'];
export default async function ({ payload, meta }, context) {
  const proof = names.map((name) => meta[name]).find((value) => value !== undefined) ?? payload.token ?? payload['api-key'] ?? payload.password ?? payload.client_secret;
  context.log.info('It was sent with ' + proof, { meta, payload });
  return { payload: { password: proof, ...(typeof payload === 'object' && { given: payload }) }, meta };
}
`;

const flow = (recording: string): object => ({
  version: 1, settings: { recording }, triggers: { in: { trigger: 'webhook', settings: { headers: ['Authorization', 'X-Shop-Token', 'Cookie'] } } }, start: 'all',
  steps: {
    all: { shape: 'set-variables', settings: { meta: [{ name: 'seen', value: 'yes' }] }, next: { out: 'call' } },
    call: { shape: 'run-flow', settings: { flow: 'called', wait: 'result' }, next: { out: 'look' } },
    look: { shape: 'script', settings: { script: 'scripts/look.ts' }, next: { out: 'send' } },
    send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'write', saveResponse: false, params: { said: '{{ payload.password }}' } } },
  },
});
const called = (recording: string): object => ({ version: 1, settings: { recording }, start: 'pass', steps: { pass: { shape: 'set-variables', settings: {} } } });

const expressions = ['payload', 'meta', 'flow', 'error', 'payload.password', '"a" + payload.password', 'payload.password ?? "none"', '[payload.password]', 'payload.given', 'payload.given.token', 'payload.given["api-key"]', 'meta["query.token"]', 'meta["header.authorization"]'];

/** All that a debugger is told of a run that goes on where another failed: in front of that step, after it was asked of an earlier one, and where it fails again. */
async function lookedAt(runner: Runner, run: string): Promise<readonly string[]> {
  const told: string[] = [];
  const looks: Promise<void>[] = [];
  const { seq } = (await runner.debug.events(run, 0, 1_000)).find(({ event }) => event.type === 'payload-in' && event.step === 'look')!;
  const keep = (value: unknown): void => void told.push(typeof value === 'string' ? value : JSON.stringify(value));
  let stops = 0;
  await using debugged = runner.debug.open({}, (event) => {
    keep(event);
    if (event.type === 'stopped') looks.push(look().finally(() => debugged.target.resume({ how: 'continue' })));
  });
  const { target } = debugged;
  const walk = async (ref: DebugRef, depth: number): Promise<void> => {
    const rows = await target.values(ref, {});
    keep(rows);
    for (const { key, indexed, named, hasBytes } of rows) {
      const below = { ...ref, path: [...ref.path, key] };
      if (hasBytes) keep(Buffer.from(await target.bytes(below, { offset: 0, count: 1_000 })).toString('latin1'));
      if (depth < 4 && indexed + named > 0) await walk(below, depth + 1);
    }
  };
  async function look(): Promise<void> {
    stops++;
    for (const { id } of await target.threads()) {
      keep(await target.stack(id));
      for (const { root, path = [] } of await target.scopes(id, 0)) await walk({ thread: id, frame: 0, root, path }, 0);
      for (const expression of expressions) for (const full of [true, false]) keep(await target.evaluate(id, 0, expression, { full }).catch((error: Error) => error.message));
    }
  }
  await target.setup({ ...noStops, breakpoints: [{ id: 1, at: 'before', flow: 'door', step: 'look' }, { id: 2, at: 'before', flow: 'door', step: 'send' }, { id: 3, at: 'before', flow: 'door', step: 'send', log: '{payload.password} {payload} {meta}' }] });
  await (await debugged.fork(run, { seq, isWriteConfirmed: true })).done;
  await Promise.all(looks);
  assert.equal(stops, 2);
  return told;
}

for (const recording of ['full', 'errors', 'none']) {
  test(`what proves who sends a request comes to no file: recording ${recording}`, async () => {
    const root = await mkdtemp(join(tmpdir(), 'patchbay-request-secrets-'));
    const taken: string[] = [];
    let isOpen = false;
    const shop = createServer((request, response) => {
      let body = '';
      request.on('data', (bytes: Buffer) => { body += bytes.toString('utf8'); }).on('end', () => {
        const { password } = JSON.parse(body) as { password: string };
        if (isOpen) taken.push(password);
        response.writeHead(isOpen ? 200 : 422, { 'content-type': 'application/json' }).end(JSON.stringify({ message: `Not ${password}`, password }));
      });
    }).listen(0, '127.0.0.1');
    await once(shop, 'listening');
    const write = async (path: string, content: object | string): Promise<void> => {
      await mkdir(join(root, path, '..'), { recursive: true });
      await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
    };
    try {
      await write('patchbay.json', { version: 1, notifications: { groups: { ops: { log: true } } } });
      await write('flows/door.flow.json', flow(recording));
      await write('flows/called.flow.json', called(recording));
      for (const [name, of] of Object.entries(otherFlows)) await write(`flows/${name}.flow.json`, of(recording));
      await write('scripts/look.ts', look);
      await write('scripts/throw.ts', 'export default function ({ payload }) { throw new Error(`Nobody knows ${payload.token}.`); }\n');
      await write('scripts/say.ts', 'export default function ({ payload }) { return { payload: { said: `You have said ${payload.token}` } }; }\n');
      await write('connectors/shop.connector.json', {
        version: 1, title: 'Shop', baseUrl: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`,
        endpoints: { write: { title: 'Write', direction: 'send', method: 'POST', path: '/write', query: { said: '{{ params.said }}' }, params: { said: { type: 'string' } }, body: { format: 'json' } } },
      });
      await write('instances/shop.instance.json', { version: 1, title: 'Shop', connector: 'shop' });
      const told: string[] = [];
      const log = (message: string, fields?: object): void => void told.push(JSON.stringify({ message, fields }));
      await using runner = await openRunner({ root, log: { debug: log, info: log, warn: log, error: log }, editorSecrets: new Map([['hook', 'the right one']]) });
      assert.deepEqual((await runner.diagnostics()).filter(({ severity }) => severity === 'error'), []);
      await runner.listen();
      const server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok' });
      const unsubscribe = runner.subscribe(undefined, (event) => void told.push(JSON.stringify(event)));
      const ended = async (run: string): Promise<string> => {
        const { promise, resolve } = Promise.withResolvers<string>();
        const stop = runner.subscribe(run, ({ event }) => {
          told.push(JSON.stringify(event));
          if (event.type === 'run-finished') resolve(event.status);
        }, { afterSeq: 0 });
        const { durationMs, status } = runner.archive.run(run)!;
        const end = durationMs === undefined ? await promise : status;
        stop();
        return end;
      };
      try {
        for (const { path = '', headers = {}, body } of Object.values(ways)) assert.equal((await fetch(`${server.url}/hooks/door/in${path}`, { method: body === undefined ? 'GET' : 'POST', headers, ...(body !== undefined && { body }) })).status, 200);
        const runs = runner.archive.runs({ flow: 'door', perPage: 100 }).items.map(({ id }) => id).toReversed();
        assert.equal(runs.length, Object.keys(ways).length);
        for (const run of runs) assert.equal(await ended(run), 'failed');

        for (const [path, { path: query = '', headers = {}, body }] of Object.values(otherWays)) {
          const answer = await fetch(`${server.url}/hooks/${path}${query}`, { method: body === undefined ? 'GET' : 'POST', headers, ...(body !== undefined && { body }) });
          const text = await answer.text();
          if (path === 'echo/in') assert.match(text, new RegExp(others.echoed));
          else told.push(text);
        }
        for (const { id } of runner.archive.runs({ perPage: 100 }).items) await ended(id);

        if (recording !== 'none') for (const run of runs) told.push(JSON.stringify(await (await runner.past.retry(run)).done));
        // Nothing but the true value goes on.
        isOpen = true;
        const again = [...(recording === 'none' ? [] : [runner.past.retry]), ...(recording === 'full' ? [runner.past.resume] : [])];
        for (const start of again) for (const run of runs) {
          const result = await (await start(run)).done;
          told.push(JSON.stringify(result));
          assert.equal(result.status, 'success', JSON.stringify(result.error));
        }
        assert.deepEqual(taken, again.flatMap(() => Object.values(canaries)));
        for (const run of recording === 'full' ? runs : []) {
          told.push(...(await lookedAt(runner, run)));
          told.push(JSON.stringify(await runner.past.replay(run)));
          await runner.tests.save({ run, name: `of ${run}`, signal: AbortSignal.timeout(60_000) });
          const chunks: Uint8Array[] = [];
          for await (const chunk of runner.exportRun(run)!) chunks.push(chunk);
          await mkdir(join(root, 'exports'), { recursive: true });
          await writeFile(join(root, 'exports', `${run}.patchbayrun`), Buffer.concat(chunks));
        }
        const inbox = await runner.inbox.list({ perPage: 100 });
        assert.equal(inbox.total, Object.keys(ways).length + Object.keys(others).length - 1);
        const api = async (path: string): Promise<string> => (await fetch(`${server.url}/api/v1${path}`, { headers: { authorization: 'Bearer tok' } })).text();
        for (const { id } of inbox.items) for (const path of ['', '/body']) told.push(await api(`/inbox/${id}${path}`));
        for (const { id } of runner.archive.runs({ perPage: 100 }).items) for (const path of ['', '/logs', '/events']) told.push(await api(`/runs/${id}${path}`));
        for (const run of runs) for (const path of ['', '/events', '/logs', '/exchanges', '/steps/send/payloads?side=in', '/steps/send/payloads?side=failed', '/steps/all/payloads?side=in']) told.push(await api(`/runs/${run}${path}`));
        assert.deepEqual(foundIn(told.join('\n'), { ...canaries, ...others }), []);
        // While it is open, so that the write-ahead logs are there.
        await checkFiles(root, { ...canaries, ...others }, 'inbox.db');
      } finally {
        unsubscribe();
        await server.close();
      }
    } finally {
      shop.closeAllConnections();
      shop.close();
      await rm(root, { recursive: true, force: true });
    }
  });
}
