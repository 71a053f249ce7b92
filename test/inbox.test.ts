import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { checkSchema } from '../server/model/validate.ts';
import { schemas } from '../server/api/schemas.ts';
import { serve, type Server } from '../server/api/serve.ts';
import type { PageOf } from '../server/model/api.ts';
import { curlOf, type InboxDetail, type InboxRow, type InboxSent, type InboxState } from '../server/model/inbox.ts';
import type { Runner } from '../server/runner/contract.ts';
import { openRunner } from '../server/runner/runner.ts';

// Real requests over a socket, and what the inbox says of them through the API.

const root = mkdtempSync(join(tmpdir(), 'patchbay-inbox-'));
const secret = "It's a Secret to Everybody";
const standardKey = Buffer.from('a key of twenty-four byte').toString('base64');
const hook = (signature?: object) => ({ trigger: 'webhook', settings: { ...(signature && { signature }) } });
const flow = {
  version: 1,
  triggers: {
    github: hook({ scheme: 'github', secret: { $secret: 'hook' } }), stripe: hook({ scheme: 'stripe', secret: { $secret: 'hook' } }), token: hook({ scheme: 'token', parameter: 'key', secret: { $secret: 'hook' } }), open: hook(), counted: { trigger: 'webhook', settings: { deliveryHeader: 'x-delivery' } }, cut: hook({ scheme: 'standard-webhooks', secret: { $secret: 'cut' } }), standard: hook({ scheme: 'standard-webhooks', secret: { $secret: 'standard' } }),
  },
  start: 'pass', steps: { pass: { shape: 'split' } },
};

let runner: Runner;
let server: Server;
const open = async (): Promise<void> => {
  runner = await openRunner({ root, editorSecrets: new Map([['hook', secret], ['standard', `whsec_${standardKey}`], ['cut', 'whsec_a']]) });
  await runner.listen();
  server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok' });
};
const close = async (): Promise<void> => {
  await server.close();
  await runner[Symbol.asyncDispose]();
};

before(async () => {
  mkdirSync(join(root, 'flows'));
  writeFileSync(join(root, 'patchbay.json'), JSON.stringify({ version: 1, redact: ['iban'] }));
  writeFileSync(join(root, 'flows', 'orders.flow.json'), JSON.stringify(flow));
  await open();
});
after(async () => {
  await close();
  rmSync(root, { recursive: true, force: true });
});

const send = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${server.url}/hooks/${path}`, { method: 'POST', ...init });
async function api<T>(method: string, path: string, body?: object, status = 200): Promise<T> {
  const response = await fetch(`${server.url}/api/v1/inbox${path}`, { method, headers: { authorization: 'Bearer tok', ...(body && { 'content-type': 'application/json' }) }, ...(body && { body: JSON.stringify(body) }) });
  const answer = (await response.json()) as T;
  assert.equal(response.status, status, JSON.stringify(answer));
  return answer;
}
const last = async (): Promise<InboxDetail> => {
  const page = await api<PageOf<InboxRow>>('GET', '');
  assert.deepEqual(checkSchema(schemas.InboxPage, page), []);
  const detail = await api<InboxDetail>('GET', `/${page.items[0]!.id}`);
  assert.deepEqual(checkSchema(schemas.InboxDetail, detail), []);
  return detail;
};
const stepsOf = ({ inspection }: InboxDetail): [string, boolean][] => inspection!.steps.map(({ name, isPassed }) => [name, isPassed]);
const factOf = ({ inspection }: InboxDetail, step: string, name: string): string | undefined => inspection!.steps.find((one) => one.name === step)?.facts?.find((fact) => fact.name === name)?.value;
/** GitHub's own example: "Validating webhook deliveries". */
const github = { 'content-type': 'text/plain', 'x-github-delivery': 'd1', 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' };
const json = { 'content-type': 'application/json' };

test('the example of a provider is right, and leads to its run', async () => {
  assert.equal((await send('orders/github', { body: 'Hello, World!', headers: github })).status, 200);
  const request = await last();
  assert.deepEqual(stepsOf(request), [['signature', true], ['digest', true], ['delivery', true]]);
  assert.deepEqual([request.flow, request.trigger, request.method, request.isValid, request.delivery, request.status, request.body, request.isRead, request.answeredBy], ['orders', 'github', 'POST', true, 'd1', 200, 'Hello, World!', false, 'flow']);
  assert.equal(factOf(request, 'digest', 'secret'), 'hook');
  assert.equal(runner.archive.run(request.run!)?.trigger, 'github');
});

test('a body that was changed: the last step says what was expected and what came', async () => {
  assert.equal((await send('orders/github', { body: 'Hello, World?', headers: { ...github, 'x-github-delivery': 'd2' } })).status, 401);
  const request = await last();
  assert.deepEqual(stepsOf(request), [['signature', true], ['digest', false]]);
  const right = createHmac('sha256', secret).update('Hello, World?').digest('hex');
  assert.equal(factOf(request, 'digest', 'expected with hook'), `sha256=${right.slice(0, 6)}…`);
  assert.equal(factOf(request, 'digest', 'got'), 'sha256=757107…');
  assert.ok(!JSON.stringify(request).includes(right));
  assert.equal(request.run, undefined);
});

test('a time of sending that is too old', async () => {
  const time = 1_600_000_000;
  const body = '{"id":"evt_1"}';
  assert.equal((await send('orders/stripe', { body, headers: { ...json, 'stripe-signature': `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}` } })).status, 401);
  const request = await last();
  assert.deepEqual(stepsOf(request), [['signature', true], ['timestamp', false]]);
  assert.equal(factOf(request, 'timestamp', 'sent'), '2020-09-13T12:26:40.000Z');
});

function standard(names: 'webhook' | 'svix', id: string, others: Readonly<Record<string, string>> = {}): RequestInit {
  const time = String(Math.floor(Date.now() / 1000));
  const body = '{"id":1}';
  const signature = createHmac('sha256', Buffer.from(standardKey, 'base64')).update(`${id}.${time}.${body}`).digest('base64');
  return { body, headers: { ...json, [`${names}-id`]: id, [`${names}-timestamp`]: time, [`${names}-signature`]: `v1,${signature}`, ...others } };
}

test('a delivery is told from others by the names that were signed, not by others beside them', async () => {
  assert.equal((await send('orders/standard', standard('svix', 'msg_1'))).status, 200);
  const first = await last();
  assert.equal((await send('orders/standard', standard('svix', 'msg_1', { 'webhook-id': 'another' }))).status, 200);
  const again = await last();
  assert.deepEqual([again.delivery, again.duplicateOf, again.run], ['msg_1', first.id, first.run]);
  assert.deepEqual(again.inspection!.steps.at(-1), { name: 'delivery', isPassed: true, detail: 'It is told from others by the header svix-id, which is signed.' });
});

test('a request that is not accepted takes no delivery away', async () => {
  assert.equal((await send('orders/github', { body: 'Hello, World?', headers: { ...github, 'x-github-delivery': 'taken' } })).status, 401);
  assert.equal((await last()).delivery, undefined);
  await send('orders/github', { body: 'Hello, World!', headers: { ...github, 'x-github-delivery': 'taken' } });
  const right = await last();
  assert.deepEqual([right.delivery, right.duplicateOf], ['taken', undefined]);
  assert.match(right.inspection!.steps.at(-1)!.detail, /^It is told from others by the header X-GitHub-Delivery, which is not signed: /);
});

test('of a secret that is cut off it is said what is wrong with it, whatever came', async () => {
  const key = Buffer.alloc(0);
  const time = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', key).update(`msg_1.${time}.{}`).digest('base64');
  assert.equal((await send('orders/cut', { body: '{}', headers: { ...json, 'webhook-id': 'msg_1', 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` } })).status, 503);
  const { isValid, inspection, run } = await last();
  assert.deepEqual([isValid, run, inspection!.steps.length], [false, undefined, 1]);
  assert.match(inspection!.steps[0]!.detail, /^The key is not whole base64\. Keep the secret whole, as the sender shows it: `whsec_`/);
});

test('without a signature, too, a delivery that comes again is said to be one', async () => {
  const twice = { body: '{"id":1}', headers: { ...json, 'x-delivery': 'n1' } };
  await send('orders/counted', twice);
  const first = await last();
  await send('orders/counted', twice);
  const again = await last();
  assert.deepEqual([again.duplicateOf, again.run, again.isValid, again.inspection?.isValid], [first.id, first.run, undefined, undefined]);
  assert.deepEqual(again.inspection!.steps.map(({ name, detail }) => [name, detail]), [['delivery', 'It is told from others by the header x-delivery, which is not signed: whoever has a request can send it again under another id, and a second run starts.']]);
  await send('orders/open', { body: '{}', headers: json });
  assert.equal((await last()).inspection, undefined);
});

test('a delivery that comes again after a failure, or after it was only captured, starts its run, and is no second one', async () => {
  const signed = { body: 'Hello, World!', headers: { ...github, 'x-github-delivery': 'tried' } };
  await api('PUT', '/rules', { flow: 'orders', trigger: 'github', mode: 'capture', fail: { first: 1, status: 503 } });
  assert.equal((await send('orders/github', signed)).status, 503);
  await send('orders/github', signed);
  assert.equal((await last()).answeredBy, 'capture');
  await api('DELETE', '/rules?flow=orders&trigger=github');
  await send('orders/github', signed);
  const started = await last();
  assert.equal(started.duplicateOf, undefined);
  await send('orders/github', signed);
  const again = await last();
  assert.deepEqual([again.duplicateOf, again.run], [started.id, started.run]);
});

test('a delivery that comes again is said to be one, and leads to the run of the first', async () => {
  await send('orders/github', { body: 'Hello, World!', headers: github });
  const again = await last();
  const first = await api<InboxDetail>('GET', `/${again.duplicateOf}`);
  assert.deepEqual([first.delivery, first.run], ['d1', again.run]);
});

test('secrets and redacted fields stand nowhere, and a replay has them all the same', async () => {
  const body = JSON.stringify({ iban: 'GB33BUKB20201555555555', key: secret });
  assert.equal((await send(`orders/token?key=${encodeURIComponent(secret)}&page=1`, { body, headers: { ...json, authorization: 'Bearer s3cret-of-mine', 'x-note': secret } })).status, 200);
  const request = await last();
  assert.equal(request.isMasked, true);
  const seen = JSON.stringify(request);
  const files = readdirSync(join(root, '.patchbay')).filter((name) => name.startsWith('inbox.db')).map((name) => readFileSync(join(root, '.patchbay', name)).toString('latin1')).join('');
  for (const hidden of [secret, encodeURIComponent(secret), 'GB33BUKB20201555555555', 's3cret-of-mine']) {
    assert.ok(!seen.includes(hidden), `${hidden} is shown`);
    assert.ok(!files.includes(hidden), `${hidden} is on the disk`);
  }
  assert.ok(files.includes('orders'));
  const { items: [sent] } = await api<InboxSent>('POST', `/${request.id}/replay`, {});
  const replayed = await api<InboxDetail>('GET', `/${sent!.request}`);
  assert.deepEqual([sent!.status, replayed.isValid, replayed.origin, replayed.isMasked, replayed.size], [200, true, { type: 'replay', of: request.id }, true, body.length - secret.length + '[secret]'.length - 'GB33BUKB20201555555555'.length + '[redacted]'.length]);
});

test('a request that is sent once more has the signature it came with: what was forged stays so, unless it is signed anew', async () => {
  const replay = async (id: number, how: object): Promise<InboxDetail> => {
    const { items: [sent] } = await api<InboxSent>('POST', `/${id}/replay`, how);
    return api('GET', `/${sent!.request}`);
  };
  await send('orders/github', { body: 'Forged', headers: { ...github, 'x-github-delivery': 'f1' } });
  const forged = await last();
  const again = await replay(forged.id, {});
  assert.deepEqual([again.isValid, again.status, again.run, again.origin], [false, 401, undefined, { type: 'replay', of: forged.id }]);
  assert.equal(again.headers['x-hub-signature-256'], forged.headers['x-hub-signature-256']);
  const signed = await replay(forged.id, { sign: true });
  assert.deepEqual([signed.isValid, signed.status, signed.origin], [true, 200, { type: 'replay', of: forged.id, isSigned: true }]);

  await send('orders/github', { body: 'Hello, World!', headers: { ...github, 'x-github-delivery': 'r1' } });
  const right = await last();
  const once = await replay(right.id, {});
  assert.deepEqual([once.isValid, once.duplicateOf, once.run === right.run], [true, undefined, false], 'the id of the delivery is not signed, so it is another one');
  assert.equal((await replay(right.id, { sameDelivery: true })).run, right.run);

  await send('orders/standard', standard('webhook', 'msg_once'));
  const named = await last();
  assert.equal((await replay(named.id, {})).run, named.run, 'the id of the delivery is signed, so it stays');
  assert.notEqual((await replay(named.id, { sign: true })).run, named.run);
  assert.deepEqual((await api<InboxSent>('POST', `/${named.id}/replay`, {})).items.map(({ duplicateOf, run }) => [duplicateOf, run]), [[named.id, named.run]]);
  await assert.rejects(runner.inbox.replay(named.id, { delivery: 'msg_other' }), /The id of the delivery cannot be another one here: it is signed/);
  assert.equal((await replay(named.id, { delivery: 'msg_other', sign: true })).delivery, 'msg_other');
  const stripe = await api<InboxSent>('POST', '/send', { flow: 'orders', trigger: 'stripe', body: '{"id":"evt_named"}' });
  const refused = { code: 'API_INVALID', message: 'The id of the delivery cannot be another one here: no header holds it.', remedy: /in the body.*`--body FILE`/ };
  await assert.rejects(runner.inbox.replay(stripe.items[0]!.request!, { delivery: 'evt_other', sign: true }), refused);
  await assert.rejects(runner.inbox.send('orders', 'stripe', { body: '{}', delivery: 'evt_other', sign: true }), refused);
  assert.equal((await replay(right.id, { delivery: 'r2' })).delivery, 'r2');
});

test('an edited request is signed anew; several go out, each with a run', async () => {
  const { items } = await api<PageOf<InboxRow>>('GET', '?filter[flow]=orders');
  const old = items.find(({ trigger }) => trigger === 'stripe')!;
  const sent = await api<InboxSent>('POST', `/${old.id}/replay`, { body: '{"id":"evt_2"}', times: 3, headers: json, sign: true });
  assert.deepEqual(checkSchema(schemas.InboxSent, sent), []);
  assert.deepEqual(sent.items.map(({ status }) => status), [200, 200, 200]);
  assert.equal(new Set(sent.items.map(({ run }) => run)).size, 1, 'the id of the event is the delivery, and it is the same');
  const open = await api<InboxSent>('POST', '/send', { flow: 'orders', trigger: 'github', body: '{"a":1}' });
  const replays = await api<InboxSent>('POST', `/${open.items[0]!.request}/replay`, { times: 3 });
  assert.equal(new Set([...open.items, ...replays.items].map(({ run }) => run)).size, 4);
  const same = await api<InboxSent>('POST', `/${open.items[0]!.request}/replay`, { sameDelivery: true });
  assert.equal(same.items[0]!.run, open.items[0]!.run);
  const unsigned = await api<InboxSent>('POST', '/send', { flow: 'orders', trigger: 'github', body: '{"a":1}', sign: false });
  assert.equal(unsigned.items[0]!.status, 401);
});

test('an address without a flow captures, answers by its rule, and fails the first requests', async () => {
  assert.equal((await send('new-shop')).status, 404);
  await api('PUT', '/rules', { flow: 'new-shop', mode: 'capture', answer: { status: 202, headers: { 'X-Shop': 'a' }, body: '{"got":{{ payload.id }}}' }, fail: { first: 2, status: 503 } });
  const answers = [];
  for (let turn = 0; turn < 3; turn++) answers.push(await send('new-shop', { body: '{"id":7}', headers: json }));
  assert.deepEqual(answers.map(({ status }) => status), [503, 503, 202]);
  assert.deepEqual([answers[2]!.headers.get('x-shop'), await answers[2]!.json()], ['a', { got: 7 }]);
  const { items } = await api<PageOf<InboxRow>>('GET', '?filter[flow]=new-shop');
  assert.deepEqual(items.map(({ answeredBy, status, run }) => [answeredBy, status, run]), [['capture', 202, undefined], ['failure', 503, undefined], ['failure', 503, undefined]]);
  const state = await api<InboxState>('GET', '/state');
  assert.deepEqual(checkSchema(schemas.InboxState, state), []);
  assert.equal(state.rules[0]!.failing, 0);
  await api('DELETE', '/rules?flow=new-shop');
  assert.equal((await send('new-shop')).status, 404);
  for (const [rule, status] of [[{ flow: 'a', mode: 'flow', answer: { status: 99 } }, 422], [{ flow: 'a', mode: 'other' }, 400], [{ flow: 'a', mode: 'capture', answer: { status: 200, body: '{{ payload. }}' } }, 422], [{ flow: 'a', mode: 'capture', answer: { status: 200, headers: { 'a b': 'c' } } }, 422]] as const) await api('PUT', '/rules', rule, status);
});

test('expressions of a rule stand in headers too, and within JSON as JSON writes them', async () => {
  const payload = { name: 'O"Neil\\ & \nSons', id: 7, none: null, list: [1, 'a'] };
  const said = async (answer: object): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> => {
    await api('PUT', '/rules', { flow: 'new-shop', mode: 'capture', answer: { status: 200, ...answer } });
    const response = await send('new-shop?page=2', { body: JSON.stringify(payload), headers: json });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const body = '{"hello":"Dear {{ payload.name }}, {{ payload.list }}{{ payload.none }}","escaped \\" {{ payload.id }}":{{ payload.name }},"id":{{ payload.id }},"none":{{ payload.none }},"page":{{ params.page }},"all":{{ payload.list }}}';
  const inJson = { hello: `Dear ${payload.name}, [1,"a"]`, 'escaped " 7': payload.name, id: 7, none: null, page: '2', all: [1, 'a'] };
  const rows: readonly (readonly [answer: { readonly headers?: object; readonly body: string }, type: string, text: string | object])[] = [
    [{ body }, 'application/json', inJson],
    [{ headers: { 'Content-Type': 'application/problem+json; charset=utf-8' }, body }, 'application/problem+json; charset=utf-8', inJson],
    [{ headers: { 'Content-Type': 'application/{{ "json" }}' }, body: '{{ payload.name }}' }, 'application/json', payload.name],
    [{ headers: { 'Content-Type': 'text/plain' }, body: '{ {{ payload.name }} }' }, 'text/plain', `{ ${payload.name} }`],
    [{ body: 'Dear {{ payload.name }}' }, 'text/plain; charset=utf-8', `Dear ${payload.name}`],
    [{ body: '{{ payload.list }}' }, 'application/json', [1, 'a']],
    [{ body: '[test] "{{ payload.name }}"' }, 'text/plain; charset=utf-8', `[test] "${payload.name}"`],
    [{ body: '{ {{ payload.name }} }' }, 'text/plain; charset=utf-8', `{ ${payload.name} }`],
  ];
  for (const [answer, type, text] of rows) {
    const { headers, text: got } = await said(answer);
    assert.deepEqual([headers.get('content-type'), typeof text === 'string' && !type.includes('json') ? got : JSON.parse(got)], [type, text], JSON.stringify(answer));
  }
  const { headers } = await said({ headers: { 'X-Order': 'order-{{ payload.id }}', location: '/orders/{{ payload.id }}?page={{ params.page }}' } });
  assert.deepEqual([headers.get('x-order'), headers.get('location')], ['order-7', '/orders/7?page=2']);
  for (const [header, message] of [['{{ payload.name }}', 'The answer of the rule cannot be made: "x-name" with this value cannot be a header.'], ['{{ payload.gone }}', 'The answer of the rule cannot be made: The expression {{ payload.gone }} has no value: payload.gone is missing.']] as const) {
    const { status, text } = await said({ headers: { 'X-Name': header } });
    assert.deepEqual([status, (JSON.parse(text) as { detail: string }).detail], [500, message]);
  }
  await api('PUT', '/rules', { flow: 'new-shop', mode: 'capture', answer: { status: 200, headers: { 'x-a': '{{ payload. }}' } } }, 422);
  await api('DELETE', '/rules?flow=new-shop');
});

test('what is only captured is answered when it is kept, and is not taken where it cannot be', async () => {
  const body = '{"id":"kept"}';
  const keptNow = async (): Promise<number> => (await api<PageOf<InboxRow>>('GET', '?filter[flow]=full-disk')).items.length;
  await api('PUT', '/rules', { flow: 'full-disk', mode: 'capture' });
  using disk = new DatabaseSync(join(root, '.patchbay', 'inbox.db'));
  const here = (): unknown => disk.prepare("SELECT COUNT(*) AS n FROM requests WHERE flow = 'full-disk'").get()!['n'];
  assert.deepEqual([(await send('full-disk', { body, headers: json })).status, here()], [200, 1]);
  disk.exec("CREATE TRIGGER full BEFORE INSERT ON requests WHEN NEW.flow = 'full-disk' BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
  const refused = await send('full-disk', { body, headers: json });
  const { code, detail } = (await refused.json()) as { code: string; detail: string };
  assert.deepEqual([refused.status, code, detail], [503, 'STORAGE_FAILED', 'The request could not be kept, so it is not taken: send it again.']);
  // A flow that has accepted its run answers all the same.
  assert.equal((await send('orders/open', { body, headers: json })).status, 200);
  disk.exec('DROP TRIGGER full');
  assert.deepEqual([await keptNow(), (await send('full-disk', { body, headers: json })).status, here(), await keptNow()], [1, 200, 2, 2]);
  await api('PUT', '/state', { isPaused: true });
  assert.deepEqual([(await send('full-disk', { body, headers: json })).status, here()], [200, 2]);
  await api('PUT', '/state', { isPaused: false });
  await api('DELETE', '/rules?flow=full-disk');
});

test('capture-only holds for a flow that is on, and what was captured is replayed through it later', async () => {
  await api('PUT', '/rules', { flow: 'orders', trigger: 'open', mode: 'capture' });
  await send('orders/open', { body: '{"id":1}', headers: json });
  const captured = await last();
  assert.deepEqual([captured.answeredBy, captured.run], ['capture', undefined]);
  await api('POST', `/${captured.id}/case`, {}, 422);
  await api('DELETE', '/rules?flow=orders&trigger=open');
  const { items: [sent] } = await api<InboxSent>('POST', `/${captured.id}/replay`, {});
  assert.ok(sent!.run);
  const ended = Promise.withResolvers<void>();
  const stop = runner.subscribe(sent!.run, ({ event }) => { if (event.type === 'run-finished') ended.resolve(); }, { afterSeq: 0 });
  await ended.promise;
  stop();
  const saved = await api<{ file: string; name: string }>('POST', `/${sent!.request}/case`, { name: 'as the shop sends it' });
  assert.deepEqual([saved.file, saved.name], ['flows/orders.test.json', 'as the shop sends it']);
  assert.ok(existsSync(join(root, saved.file)));
});

test('while it is paused nothing is kept, and flows run', async () => {
  const before = (await api<PageOf<InboxRow>>('GET', '')).total;
  await api('PUT', '/state', { isPaused: true });
  assert.equal((await send('orders/open', { body: '{}', headers: json })).status, 200);
  await api('PUT', '/state', { isPaused: false });
  assert.equal((await api<PageOf<InboxRow>>('GET', '')).total, before);
});

test('a big body is kept beside the database, its beginning is shown, and the whole of it can be had', async () => {
  const body = JSON.stringify({ text: 'ä'.repeat(700_000) });
  await send('orders/open', { body, headers: json });
  const request = await last();
  assert.deepEqual([request.size, request.isCut, request.encoding], [Buffer.byteLength(body), true, 'text']);
  assert.ok(body.startsWith(request.body));
  const whole = await fetch(`${server.url}/api/v1/inbox/${request.id}/body`, { headers: { authorization: 'Bearer tok' } });
  assert.equal(await whole.text(), body);
  await api('DELETE', `/${request.id}`);
  assert.deepEqual(readdirSync(join(root, '.patchbay', 'inbox'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()), []);
});

test('a packed body is kept unpacked: the command for it does not say that it is packed', async () => {
  const body = '{"id":"packed"}';
  assert.equal((await send('orders/open', { body: gzipSync(body), headers: { ...json, 'content-encoding': 'gzip' } })).status, 200);
  const request = await last();
  assert.equal(request.body, body);
  assert.equal(request.headers['content-encoding'], 'gzip');
  assert.ok(!curlOf(request, 'http://127.0.0.1:7341').includes('content-encoding'));
  const { items: [sent] } = await api<InboxSent>('POST', `/${request.id}/replay`, {});
  assert.equal((await api<InboxDetail>('GET', `/${sent!.request}`)).body, body);
});

test('the signature of a packed body is of what was packed', async () => {
  const body = Buffer.from('Hello, World!');
  const signed = (bytes: Buffer, delivery: string) => ({ 'content-type': 'text/plain', 'content-encoding': 'gzip', 'x-github-delivery': delivery, 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}` });
  const packed = gzipSync(body);
  assert.deepEqual([(await send('orders/github', { body: packed, headers: signed(body, 'packed-1') })).status, (await send('orders/github', { body: packed, headers: signed(packed, 'packed-2') })).status], [200, 401]);
});

test('what cannot be done says what to do instead', async () => {
  await send('orders/open', { body: '{}', headers: json });
  const { id } = await last();
  for (const [method, path, body, status, expected] of [
    ['POST', `/${id}/replay`, { times: 1_001 }, 400, ['API_INVALID', 'A request is replayed from 1 to 1000 times, not 1001.', 'Say a whole number from 1 to 1000; for more, replay it again.']],
    ['PUT', '/rules', { flow: 'orders', mode: 'capture', answer: { status: 200, delayMs: 60_001 } }, 422, ['CONFIG_INVALID', 'The answer may wait for up to 60,000 milliseconds.', 'Correct the rule, and set it again: the one before still holds.']],
  ] as const) {
    const { code, detail, remedy } = await api<{ code: string; detail: string; remedy: string }>(method, path, body, status);
    assert.deepEqual([code, detail, remedy], expected);
  }
});

test('a body that is too long says what to do', async () => {
  const response = await send('orders/open', { body: Buffer.alloc(17 * 1024 * 1024, ' '), headers: json });
  const problem = (await response.json()) as { code: string; remedy: string };
  assert.deepEqual([response.status, problem.code, problem.remedy], [413, 'DATA_TOO_LARGE', 'Send less at once: no more is taken at this address.']);
});

test('events tell of new requests as they come', async () => {
  const stop = new AbortController();
  const response = await fetch(`${server.url}/api/v1/inbox/events`, { headers: { authorization: 'Bearer tok' }, signal: stop.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  await send('orders/open', { body: '{}', headers: json });
  const { value } = await reader.read();
  const event = JSON.parse(value!.replace(/^data: /, '')) as { rows: InboxRow[]; unread: number };
  assert.deepEqual([event.rows[0]?.trigger, event.unread > 0], ['open', true]);
  assert.match((await reader.read()).value!, /"rows":\[\]/, 'the run has ended');
  assert.equal((await last()).runStatus, 'success');
  stop.abort();
  await reader.cancel().catch(() => {});
});

test('the newest 200 are kept, and those that are pinned, also by the next runner', async () => {
  const { items: [first] } = await api<PageOf<InboxRow>>('GET', '?page=5&per_page=1');
  await api('POST', `/${first!.id}/pin`, { isPinned: true });
  for (let round = 0; round < 21; round++) await Promise.all(Array.from({ length: 10 }, () => send('orders/open', { body: `{"round":${round}}`, headers: json })));
  await close();
  await open();
  const page = await api<PageOf<InboxRow>>('GET', '?per_page=500');
  assert.equal(page.total, 201);
  assert.equal(page.items.at(-1)!.id, first!.id);
  await api('POST', '/read', {});
  assert.equal((await api<InboxState>('GET', '/state')).unread, 0);
  await api('DELETE', '');
  assert.equal((await api<PageOf<InboxRow>>('GET', '')).total, 1);
  await api('GET', '/999999', undefined, 404);
});

test('an inbox that is damaged keeps no request from its flow', async () => {
  await close();
  const file = join(root, '.patchbay', 'inbox.db');
  const before = readFileSync(file);
  writeFileSync(file, 'this is no database, and it is long enough to be taken for the head of one '.repeat(20));
  for (const more of ['-wal', '-shm']) rmSync(file + more, { force: true });
  await open();
  const response = await send('orders/open', { body: '{}', headers: json });
  assert.deepEqual([response.status, await response.json()], [200, { message: 'Flow initialised.' }]);
  const problem = await api<{ code: string }>('GET', '', undefined, 503);
  assert.equal(problem.code, 'STORAGE_FAILED');
  writeFileSync(file, before);
});

test('headers whose names say that they prove who somebody is are masked, though nobody knows their values; signatures stay', async () => {
  await api('PUT', '/rules', { flow: 'unknown', mode: 'capture', answer: { status: 200, headers: { 'x-session-token': 'canary-answer' } } });
  const shown = { 'x-gitlab-event': 'Push Hook', 'idempotency-key': 'd7', 'x-hub-signature-256': 'sha256=00', 'x-page-token': '2' };
  await send('unknown', { body: '{}', headers: { ...json, 'x-gitlab-token': 'canary-gitlab', 'x-functions-key': 'canary-key', 'x-client-secret': 'canary-client', ...shown } });
  const request = await last();
  const of = (names: readonly string[]): Readonly<Record<string, string | undefined>> => Object.fromEntries(names.map((name) => [name, request.headers[name]]));
  assert.deepEqual(of(['x-gitlab-token', 'x-functions-key', 'x-client-secret']), { 'x-gitlab-token': '[redacted]', 'x-functions-key': '[redacted]', 'x-client-secret': '[redacted]' });
  assert.deepEqual([of(Object.keys(shown)), request.isMasked, request.answer?.headers['x-session-token']], [shown, true, '[redacted]']);
  assert.ok(!JSON.stringify(request).includes('canary'));
  await api('DELETE', '/rules?flow=unknown');
});

test('parameters of an address whose names say so are masked, too; they are sent again as they came', async () => {
  await send('orders/open?token=canary-token&page_token=2&sig=00&id=1&api%5Fkey=canary%2Dkey', { body: '{}', headers: json });
  const { id, url, query, isMasked } = await last();
  assert.deepEqual([url, query, isMasked], ['/hooks/orders/open?token=[redacted]&page_token=2&sig=00&id=1&api%5Fkey=[redacted]', { token: '[redacted]', page_token: '2', sig: '00', id: '1', api_key: '[redacted]' }, true]);
  const { items: [again] } = await api<InboxSent>('POST', `/${id}/replay`, {});
  assert.equal(again?.status, 200);
  const replayed = await runner.inbox.get(again.request!);
  assert.deepEqual([replayed.url, replayed.query], [url, query]);
  const read = (folder: string): string => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.startsWith('inbox.db')).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('');
  assert.ok(!read(join(root, '.patchbay')).includes('canary-token'));
});
