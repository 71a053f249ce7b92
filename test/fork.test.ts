import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { mayBeDoneTwice } from '../server/model/sent-again.ts';
import type { Runner } from '../server/runner/contract.ts';
import type { ForkOptions } from '../server/runner/past-runs.ts';
import { openRunner } from '../server/runner/runner.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-fork-'));
const sent: string[] = [];
const keys: unknown[] = [];
/** So often the flaky one is busy. */
let busy = 0;
let shop: Server;

before(async () => {
  shop = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes: Buffer) => { body += bytes.toString('utf8'); }).on('end', () => {
      sent.push(`${request.url!.split('?')[0]} ${body}`);
      keys.push(request.headers['x-key']);
      response.writeHead(request.url!.startsWith('/flaky') && busy-- > 0 ? 503 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ taken: sent.length }));
    });
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const post = (title: string, more: object = {}): object => ({ title, direction: 'send', method: 'POST', path: `/${title}`, ...more });
  write({
    'patchbay.json': { version: 1, redact: ['card'], scripts: { hosts: [address()] } },
    'connectors/shop.connector.json': {
      version: 1, title: 'Shop', baseUrl: address(), auth: { key: { type: 'api-key', settings: { in: 'query', name: 'key' } } },
      endpoints: { first: post('first'), second: post('second'), headed: post('headed', { params: { round: { title: 'Round', in: 'header', name: 'x-round' } } }), keyed: post('keyed', { idempotencyHeader: 'x-key' }), flaky: post('flaky', { idempotencyHeader: 'x-key', retry: { attempts: 2, delayMs: 1, jitter: 0 } }), told: post('told', { params: { round: { title: 'Round' } }, body: { format: 'json', template: { round: '{{ params.round }}' } } }) },
    },
    'instances/shop.instance.json': { version: 1, connector: 'shop', credentials: { key: { $secret: 'shop/key' } } },
    'flows/two.flow.json': two(),
    'flows/some.flow.json': flow({ all: { ...passing, next: { out: 'some' } }, some: { shape: 'filter', settings: { conditions: [{ field: 'n', is: 'greater-than', value: 5 }] }, next: { out: 'send' } }, send: send('first') }),
    'flows/last.flow.json': flow({ each, remember: { shape: 'set-variables', settings: { flow: [{ name: 'round', value: '{{ payload.n }}' }] }, next: { out: 'send' } }, send: { ...send('told', undefined, { round: '{{ flow.round }}' }), waitForAll: true } }),
    'flows/calling.flow.json': flow({ call: { shape: 'run-flow', settings: { flow: 'called', wait: 'done' } } }),
    'flows/called.flow.json': flow({ send: send('first') }),
    'flows/flaky.flow.json': flow({ each: { ...each, next: { out: 'flaky' } }, flaky: send('flaky', 'double'), double: { ...doubled(2), next: { out: 'second' } }, second: send('second') }),
    'flows/scripted.flow.json': flow({ ask: { shape: 'script', settings: { script: 'scripts/ask.ts' } } }),
    'flows/catching.flow.json': flow({ ask: { shape: 'script', settings: { script: 'scripts/catch.ts' } } }),
    'flows/mapped.flow.json': flow({ ask: { shape: 'map', settings: { passThrough: true, rules: [{ from: 'n', to: 'sent', transforms: [{ type: 'script', settings: { script: 'scripts/column.ts' } }] }] } } }),
    'scripts/ask.ts': `export default async function ({ payload }, context) {\n  await context.http({ method: 'POST', url: '${address()}/first', body: payload });\n  return { payload };\n}`,
    'scripts/catch.ts': `export default async function ({ payload }, context) {\n  await context.http({ method: 'POST', url: '${address()}/first', body: payload }).catch((error) => { throw new Error(payload.n === 6 ? error.message[0] : 'Caught: ' + error.code); });\n  return { payload };\n}`,
    'scripts/column.ts': `export default async function ({ values }, context) {\n  for (const n of values) await context.http({ method: 'POST', url: '${address()}/first', body: { n } });\n  return values;\n}`,
    'flows/keyed.flow.json': flow({ send: send('keyed', 'keep'), keep: { shape: 'add-to-cache', settings: { cache: 'kept', scope: 'workspace', key: 'all', mode: 'append' }, next: { out: 'load' } }, load: { shape: 'load-from-cache', settings: { cache: 'kept', scope: 'workspace', keys: ['all'] } } }),
  });
});
after(() => {
  shop.close();
  shop.closeAllConnections();
  rmSync(root, { recursive: true, force: true });
});

function address(): string {
  return `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
}

function write(files: Readonly<Record<string, object | string>>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

const passing = { shape: 'map', settings: { passThrough: true } };
const each = { shape: 'split', settings: { each: true }, next: { out: 'remember' } };
const flow = (steps: object): object => ({ version: 1, start: Object.keys(steps)[0], variables: { round: { type: 'number', default: 1 } }, steps });
const send = (endpoint: string, next?: string, params?: object): object => ({ shape: 'connector', settings: { instance: 'shop', endpoint, saveResponse: false, ...(params && { params }) }, ...(next !== undefined && { next: { out: next } }) });
const doubled = (by: number): object => ({ shape: 'map', settings: { passThrough: true, rules: [{ from: 'n', to: 'twice', transforms: [{ type: 'math', settings: { operation: 'multiply', with: by } }] }] } });
const two = (by = 2): object => flow({ each: { ...each, next: { out: 'first' } }, first: send('first', 'double'), double: { ...doubled(by), next: { out: 'second' } }, second: send('second') });

type How = Omit<ForkOptions, 'seq'> & {
  /** Of the payload that begins at the step; default the first. */
  readonly nth?: number;
  /** Where it is refused, somebody confirms it. */
  readonly confirms?: true;
  /** There, the run is stopped. */
  readonly stops?: true;
};

/** What is sent by a run that goes on where a payload began at a step. Where it stops by itself it goes on. */
async function fork(runner: Runner, run: string, step: string, { nth = 0, confirms, stops: isStopped, ...options }: How = {}): Promise<{ readonly run: string; readonly status: string; readonly sent: readonly string[]; readonly stops: readonly string[]; readonly outputs: readonly unknown[] }> {
  const events = await runner.debug.events(run, 0, 1_000);
  const { seq } = events.filter(({ event }) => event.type === 'payload-in' && event.step === step)[nth]!;
  sent.length = keys.length = 0;
  const stops: string[] = [];
  await using debugged = runner.debug.open({}, (event) => {
    if (event.type !== 'stopped') return;
    stops.push(event.text ?? '');
    void (isStopped ? runner.stop(event.place.run) : confirms ? debugged.target.restart({ isConfirmed: true }) : debugged.target.resume({ how: 'continue' }));
  });
  const { status, outputs, run: id } = await (await debugged.fork(run, { seq, ...options })).done;
  return { run: id, status, sent: [...sent], stops, outputs };
}

const open = (): Promise<Runner> => openRunner({ root, editorSecrets: new Map([['shop/key', 'canary-key']]) });

async function begin(runner: Runner, name: string, body: unknown): Promise<string> {
  sent.length = keys.length = 0;
  const { run, status, error } = await (await runner.start({ flow: name, trigger: 'manual', payload: { body, mediaType: 'application/json' } })).done;
  assert.equal(status, 'success', JSON.stringify(error));
  return run;
}

const changing = (n: number): How => ({ changes: [{ of: 'payload', path: ['n'], value: n }] });
const refusal = (step: string): RegExp => new RegExp(`^WRITE_UNCONFIRMED: The step "${step}" has sent something already that would be done twice if it were sent again: POST http://127`);

test('a run that goes on from the middle of another sends nothing twice, and what is different where that is confirmed', async () => {
  await using runner = await open();
  const run = await begin(runner, 'two', [{ n: 1, card: '4111' }, { n: 2, card: '4222' }]);
  assert.equal(sent.length, 4, sent.join('\n'));

  const same = await fork(runner, run, 'double');
  assert.deepEqual([same.status, same.sent], ['success', []]);

  const refused = await fork(runner, run, 'double', changing(50));
  assert.deepEqual([refused.status, refused.sent], ['failed', []]);
  assert.match(refused.stops.join(), refusal('second'));
  const tried = (await runner.debug.events(refused.run, 0, 1_000)).flatMap(({ event }) => (event.type === 'exchange' && event.exchange.error ? [event.exchange] : []));
  assert.deepEqual(tried.map((exchange) => [exchange.isUnrepeatable, mayBeDoneTwice(exchange)]), [[true, false]]);
  for (const how of [{ isWriteConfirmed: true }, { confirms: true }] as const) {
    const changed = await fork(runner, run, 'double', { ...changing(50), ...how });
    assert.deepEqual([changed.status, changed.sent], ['success', ['/second {"card":"4111","twice":100}']]);
  }

  const earlier = await fork(runner, run, 'first', { ...changing(7), confirms: true });
  assert.deepEqual([earlier.stops.length, earlier.sent.map((line) => line.slice(0, 7))], [2, ['/first ', '/second']]);
  await assert.rejects(runner.debug.open({}, () => undefined).fork(run, { seq: 1 }), { code: 'API_INVALID' });
});

test('whatever made a request another one than it was, it is not sent again unasked', async (t) => {
  await using runner = await open();
  const edits: readonly (readonly [string, object])[] = [
    ['another body', two(3)],
    ['a step more', flow({ each: { ...each, next: { out: 'first' } }, first: send('first', 'double'), double: { ...doubled(2), next: { out: 'more' } }, more: { ...passing, next: { out: 'second' } }, second: send('second') })],
    ['the step under another name', flow({ each: { ...each, next: { out: 'first' } }, first: send('first', 'double'), double: { ...doubled(3), next: { out: 'other' } }, other: send('second') })],
  ];
  const run = await begin(runner, 'two', [{ n: 1 }, { n: 2 }]);
  for (const [title, edited] of edits) {
    await t.test(`the flow: ${title}`, async () => {
      write({ 'flows/two.flow.json': edited });
      const { status, sent: again, stops } = await fork(runner, run, 'double');
      assert.deepEqual([status, again], ['failed', []]);
      assert.match(stops[0]!, /^WRITE_UNCONFIRMED/);
    });
  }
  await t.test('a flow variable that another payload has set', async () => {
    const last = await begin(runner, 'last', [{ n: 1 }, { n: 2 }]);
    assert.deepEqual(sent, Array.from({ length: 2 }, () => '/told {"round":2}'));
    const { status, sent: again, stops } = await fork(runner, last, 'remember', { nth: 1, ...changing(7) });
    assert.deepEqual([status, again], ['failed', []]);
    assert.match(stops[0]!, refusal('send'));
  });
  await t.test('a flow that is called', async () => {
    const calling = await begin(runner, 'calling', { n: 1 });
    const refused = await fork(runner, calling, 'call', changing(7));
    assert.deepEqual([refused.status, refused.sent], ['failed', []]);
    assert.match(refused.stops[0]!, /^WRITE_UNCONFIRMED: The step "call" has sent something already .*: the run \w+ of "called"/);
    assert.deepEqual((await fork(runner, calling, 'call', { ...changing(7), confirms: true })).sent, ['/first {"n":7}']);
    assert.deepEqual((await fork(runner, calling, 'call')).sent, []);
  });
});

test('what never was sent is sent at once', async () => {
  await using runner = await open();
  const run = await begin(runner, 'some', { n: 1 });
  const { status, stops, sent: now } = await fork(runner, run, 'all', changing(7));
  assert.deepEqual([status, stops, now], ['success', [], ['/first {"n":7}']]);
});

test('a changed payload is another one: for systems that know it by a key, for caches, and for who does it all again', async () => {
  await using runner = await open();
  const run = await begin(runner, 'keyed', { n: 1 });
  const [then] = keys;
  const changed = await fork(runner, run, 'send', changing(7));
  assert.deepEqual([changed.status, changed.sent], ['success', ['/keyed {"n":7}']]);
  assert.notEqual(keys[0], then);
  assert.deepEqual(changed.outputs, [{ n: 1 }, { n: 7 }]);
  sent.length = 0;
  assert.equal((await (await runner.past.retry((await fork(runner, run, 'keep', changing(8))).run)).done).status, 'success');
  assert.deepEqual(sent, ['/keyed {"n":1}']);
});

test('what such a run has left is gone on with as it would have gone on: what was refused is sent, all else is not sent again', async () => {
  await using runner = await open();
  write({ 'flows/two.flow.json': two() });
  const run = await begin(runner, 'two', [{ n: 1 }, { n: 2 }, { n: 3 }]);
  for (const ends of ['failed', 'stopped'] as const) {
    const { run: left, status, sent: nothing } = await fork(runner, run, 'double', { ...changing(50), ...(ends === 'stopped' && { stops: true }) });
    assert.deepEqual([status, nothing], [ends, []]);
    const resumed = await (await runner.past.resume(left)).done;
    // Where it was stopped in front of the question, that comes again.
    assert.deepEqual([resumed.status, resumed.error?.code, [...sent]], ends === 'failed' ? ['success', undefined, ['/second {"twice":100}']] : ['failed', 'WRITE_UNCONFIRMED', []]);
  }
});

test('done again, a run that went on in the middle begins at the beginning, or not at all', async () => {
  write({ 'flows/two.flow.json': two() });
  await using runner = await open();
  const run = await begin(runner, 'two', [{ n: 1 }, { n: 2 }]);
  const changed = await fork(runner, run, 'double', { ...changing(8), isWriteConfirmed: true });
  const further = await fork(runner, changed.run, 'second', { isWriteConfirmed: true });
  for (const one of [changed, further]) {
    sent.length = 0;
    await (await runner.past.retry(one.run)).done;
    assert.equal(sent.length, 4, sent.join('\n'));
  }
  await runner.act('delete', [run]);
  for (const one of [changed, further]) await assert.rejects(runner.past.retry(one.run), { code: 'RUN_INTERRUPTED' });
});

test('what runs have sent that a run comes of is not sent again, however many they are', async () => {
  await using runner = await open();
  write({ 'flows/two.flow.json': two() });
  const run = await begin(runner, 'two', [{ n: 1 }, { n: 2 }]);
  const refused = await fork(runner, run, 'double', changing(50));
  const again = await fork(runner, refused.run, 'double', changing(60));
  assert.deepEqual([refused.status, again.status, again.sent], ['failed', 'failed', []]);
  assert.match(again.stops.join(), new RegExp(`${refusal('second').source}\\S+/second, answered 200`));
  const back = await fork(runner, again.run, 'double', changing(1));
  assert.deepEqual([back.status, back.sent], ['success', []]);

  const stopped = await fork(runner, run, 'double', { ...changing(50), stops: true });
  const whole = await fork(runner, stopped.run, 'double', { ...changing(70), confirms: true });
  assert.deepEqual([whole.stops.length, whole.sent], [1, ['/second {"twice":140}']]);
  const unchanged = await fork(runner, whole.run, 'double');
  assert.deepEqual([unchanged.status, unchanged.sent], ['success', []]);
});

test('what was put into a list is asked for, all behind it is not sent again', async () => {
  await using runner = await open();
  write({ 'flows/two.flow.json': two() });
  const run = await begin(runner, 'two', [{ n: 1 }, { n: 2 }]);
  const list = (...numbers: readonly number[]): How => ({ changes: [{ of: 'payload', path: [], value: numbers.map((n) => ({ n })) }] });
  const rows: readonly (readonly [How, readonly string[]])[] = [
    [list(0, 1, 2), ['/first {"n":0}', '/second {"twice":0}']],
    [list(1, 2, 3), ['/first {"n":3}', '/second {"twice":6}']],
    [list(2, 1), []],
    [list(2), []],
  ];
  for (const [how, expected] of rows) {
    const { status, sent: now } = await fork(runner, run, 'each', { ...how, confirms: true });
    assert.deepEqual([status, now], ['success', expected]);
  }
  const refused = await fork(runner, run, 'each', list(0, 1, 2));
  assert.deepEqual(refused.sent, []);
});

test('a flow that is called gets what has become of the payload, where somebody confirms it', async () => {
  await using runner = await open();
  const calling = (by: number, round = 1): object => flow({ double: { ...doubled(by), next: { out: 'call' } }, call: { shape: 'run-flow', settings: { flow: 'called', wait: 'result', variables: { round } } } });
  write({ 'flows/edited.flow.json': calling(2) });
  const run = await begin(runner, 'edited', { n: 1 });
  assert.deepEqual((await fork(runner, run, 'double')).sent, []);
  for (const edited of [calling(3), calling(2, 2)]) {
    write({ 'flows/edited.flow.json': edited });
    const refused = await fork(runner, run, 'double');
    assert.deepEqual([refused.status, refused.sent], ['failed', []]);
    assert.match(refused.stops.join(), /^WRITE_UNCONFIRMED: The step "call" has sent something already .*: the run \w+ of "called", which did so/);
  }
  write({ 'flows/edited.flow.json': calling(3) });
  const confirmed = await fork(runner, run, 'double', { confirms: true });
  assert.deepEqual([confirmed.status, confirmed.sent, confirmed.outputs], ['success', ['/first {"twice":3}'], [{ twice: 3 }]]);
  const again = await fork(runner, confirmed.run, 'double');
  assert.deepEqual([again.status, again.sent, again.outputs], ['success', [], [{ twice: 3 }]]);
});

test('a run that began in the middle of another becomes no case', async () => {
  await using runner = await open();
  write({ 'flows/two.flow.json': two() });
  const run = await begin(runner, 'two', [{ n: 1 }, { n: 2 }]);
  for (const how of [{}, { ...changing(9), isWriteConfirmed: true }]) {
    const { run: middle } = await fork(runner, run, 'first', how);
    await assert.rejects(runner.tests.save({ run: middle, name: 'forked', signal: new AbortController().signal }), { code: 'RUN_INTERRUPTED', remedy: new RegExp(`^Save the run ${run}, `) });
  }
  assert.equal(existsSync(join(root, 'flows/two.test.json')), false);
});

test('what only a header says, or what is masked in the recording, makes another request all the same', async () => {
  await using runner = await open();
  write({
    'flows/two.flow.json': two(),
    'flows/headed.flow.json': flow({ all: { shape: 'set-variables', settings: { flow: [{ name: 'round', value: '{{ payload.n }}' }] }, next: { out: 'cut' } }, cut: { shape: 'map', settings: { rules: [{ from: 'id', to: 'id' }] }, next: { out: 'send' } }, send: send('headed', undefined, { round: '{{ flow.round }}' }) }),
  });
  const cards = await begin(runner, 'two', [{ n: 1, card: '4111' }]);
  const headed = await begin(runner, 'headed', { n: 1, id: 7 });
  const marked = async (run: string): Promise<readonly boolean[]> => (await runner.debug.events(run, 0, 1_000)).flatMap(({ event }) => (event.type === 'exchange' ? [event.exchange.fingerprint !== undefined] : []));
  assert.deepEqual([await marked(cards), await marked(headed)], [[true, true], [true]]);
  const card = (value: string): How => ({ changes: [{ of: 'payload', path: ['card'], value }] });
  for (const [run, step, changed, same, asked] of [[cards, 'first', card('4999'), card('4111'), 'first'], [headed, 'all', changing(9), changing(1), 'send']] as const) {
    const refused = await fork(runner, run, step, changed);
    assert.deepEqual([refused.status, refused.sent], ['failed', []]);
    assert.match(refused.stops.join(), refusal(asked));
    const again = await fork(runner, run, step, same);
    assert.deepEqual([again.status, again.sent], ['success', []]);
  }
});

test('what is masked only in the recording, or only then, makes no other request', async () => {
  await using runner = await open();
  write({
    'connectors/proof.connector.json': { version: 1, title: 'Proof', baseUrl: address(), auth: { key: { type: 'api-key', settings: { name: 'x-api-key' } } }, endpoints: { first: { title: 'First', direction: 'send', method: 'POST', path: '/first' }, named: { title: 'Named', direction: 'send', method: 'POST', path: '/named/{{ payload.card }}' } } },
    'instances/proof.instance.json': { version: 1, connector: 'proof', credentials: { key: { $secret: 'shop/key' } } },
    'flows/proof.flow.json': flow({ all: { ...passing, next: { out: 'send' } }, send: { shape: 'connector', settings: { instance: 'proof', endpoint: 'first' } } }),
    'flows/named.flow.json': flow({ all: { ...passing, next: { out: 'send' } }, send: { shape: 'connector', settings: { instance: 'proof', endpoint: 'named' } } }),
    // What it is called is known only by the payload that comes later.
    'flows/late.flow.json': flow({ each: { ...each, next: { out: 'cut' } }, cut: { shape: 'map', settings: { rules: [{ from: 'n', to: 'n' }, { from: 'late', to: 'number' }, { from: 'card', to: 'card' }] }, next: { out: 'send' } }, send: { ...send('first'), concurrency: 1 } }),
  });
  for (const [name, body] of [['proof', { n: 1 }], ['named', { n: 1, card: '4111222' }], ['late', [{ n: 1, late: '4111222' }, { n: 2, card: '4111222' }]]] as const) {
    const run = await begin(runner, name, body);
    const again = await fork(runner, run, name === 'late' ? 'send' : 'all');
    assert.deepEqual([name, again.status, again.stops, again.sent], [name, 'success', [], []]);
  }
});

test('where a run came from elsewhere, what is not masked in its recording tells what it has sent', async () => {
  await using runner = await open();
  write({ 'flows/two.flow.json': two() });
  const file = await buffer(runner.exportRun(await begin(runner, 'two', [{ n: 1 }])));
  const there = mkdtempSync(join(tmpdir(), 'patchbay-fork-there-'));
  cpSync(root, there, { recursive: true, filter: (path) => !path.endsWith('.patchbay') });
  try {
    await using other = await openRunner({ root: there, editorSecrets: new Map([['shop/key', 'canary-key']]) });
    const { run } = await other.importRun(file);
    const again = await fork(other, run, 'first');
    assert.deepEqual([again.status, again.stops, again.sent], ['success', [], []]);
  } finally {
    rmSync(there, { recursive: true, force: true });
  }
});

test('a flow that is called for each of a list, or by a step under another name, is not called again unasked', async () => {
  await using runner = await open();
  const call = { shape: 'run-flow', settings: { flow: 'called', wait: 'done' } };
  const calling = (name: string, by: number): object => flow({ each: { ...each, next: { out: 'double' } }, double: { ...doubled(by), next: { out: name } }, [name]: call });
  write({ 'flows/listed.flow.json': calling('call', 2) });
  const run = await begin(runner, 'listed', [{ n: 1 }, { n: 2 }]);
  const list = (...numbers: readonly number[]): How => ({ changes: [{ of: 'payload', path: [], value: numbers.map((n) => ({ n })) }] });
  const refused = await fork(runner, run, 'each', list(0, 1, 2));
  assert.deepEqual(refused.sent, []);
  const confirmed = await fork(runner, run, 'each', { ...list(0, 1, 2), confirms: true });
  assert.deepEqual([confirmed.status, confirmed.sent], ['success', ['/first {"twice":0}']]);
  write({ 'flows/listed.flow.json': calling('other', 3) });
  const renamed = await fork(runner, run, 'double');
  assert.deepEqual([renamed.status, renamed.sent], ['failed', []]);
  assert.match(renamed.stops.join(), /WRITE_UNCONFIRMED/);
});

test('what a run has sent whose recording is gone is not known: nothing is sent unasked that it may have sent', async () => {
  await using runner = await open();
  write({ 'flows/two.flow.json': two(), 'flows/calling.flow.json': flow({ double: { ...doubled(2), next: { out: 'call' } }, call: { shape: 'run-flow', settings: { flow: 'called', wait: 'done' } } }) });
  const run = await begin(runner, 'two', [{ n: 1 }, { n: 2 }]);
  const same = await fork(runner, run, 'double');
  const refused = await fork(runner, run, 'double', changing(50));
  const calling = await begin(runner, 'calling', { n: 1 });
  const called = await fork(runner, calling, 'double', changing(50));
  assert.deepEqual([same.status, refused.status, called.status], ['success', 'failed', 'failed']);
  await runner.act('delete', [run, calling]);
  for (const [id, step, then, expected] of [[refused.run, 'second', run, '/second {"twice":120}'], [called.run, 'call', calling, '/first {"twice":120}']] as const) {
    const asked = await fork(runner, id, 'double', changing(60));
    assert.deepEqual([asked.status, asked.sent], ['failed', []]);
    assert.match(asked.stops.join(), new RegExp(`^WRITE_UNCONFIRMED: The step "${step}" may have sent something already .* the run ${then}, whose recording is gone`));
    const confirmed = await fork(runner, id, 'double', { ...changing(60), confirms: true });
    assert.deepEqual([confirmed.status, confirmed.sent], ['success', [expected]]);
    sent.length = 0;
    assert.equal((await (await runner.past.resume(asked.run)).done).status, 'success');
    assert.deepEqual(sent, [expected]);
  }
  // All that this one has not sent since is in its own recording.
  const known = await fork(runner, same.run, 'double');
  assert.deepEqual([known.status, known.sent], ['success', []]);
});

for (const [name, rule] of [['scripted', ''], ['mapped', 'sent: ']] as const) {
  test(`what a script has sent is asked about as what a step has sent is: ${name}`, async () => {
    await using runner = await open();
    const run = await begin(runner, name, { n: 1 });
    assert.equal(sent.length, 1);
    const same = await fork(runner, run, 'ask');
    assert.deepEqual([same.status, same.sent, same.stops], ['success', [], []]);
    const refused = await fork(runner, run, 'ask', changing(5));
    assert.deepEqual([refused.status, refused.sent], ['failed', []]);
    assert.match(refused.stops.join().replace(`: ${rule}`, ': '), refusal('ask'));
    const failed = (await runner.debug.events(refused.run, 0, 1_000)).flatMap(({ event }) => (event.type === 'payload-failed' ? [event.error] : []));
    assert.deepEqual(failed.map(({ code, remedy, place }) => [code, /Restart Frame/.test(remedy ?? ''), place?.file?.startsWith('scripts/')]), [['WRITE_UNCONFIRMED', true, true]]);
    const confirmed = await fork(runner, run, 'ask', { ...changing(5), confirms: true });
    assert.deepEqual([confirmed.status, confirmed.sent], ['success', ['/first {"n":5}']]);
    sent.length = 0;
    assert.deepEqual([(await (await runner.past.resume(refused.run)).done).status, sent], ['success', ['/first {"n":5}']]);
  });
}

test('a script that catches what it is refused fails with what it says itself', async () => {
  await using runner = await open();
  const run = await begin(runner, 'catching', { n: 1 });
  const refused = await fork(runner, run, 'ask', changing(5));
  assert.deepEqual([refused.status, refused.sent, refused.stops], ['failed', [], []]);
  const short = await fork(runner, run, 'ask', changing(6));
  assert.deepEqual((await runner.debug.events(short.run, 0, 1_000)).flatMap(({ event }) => (event.type === 'payload-failed' ? [event.error.code] : [])), ['SCRIPT_THREW']);
  assert.deepEqual((await runner.debug.events(refused.run, 0, 1_000)).flatMap(({ event }) => (event.type === 'payload-failed' ? [`${event.error.code} ${event.error.message}`] : [])), ['SCRIPT_THREW Caught: WRITE_UNCONFIRMED']);
});

test('a request that got through at a later attempt is not made again, in whichever attempt it stands', async () => {
  await using runner = await open();
  busy = 2;
  const run = await begin(runner, 'flaky', [{ n: 1 }, { n: 2 }]);
  assert.deepEqual(sent.map((line) => line.split(' ')[0]).toSorted(), ['/flaky', '/flaky', '/flaky', '/flaky', '/second', '/second'], 'two were refused');
  for (const step of ['each', 'flaky', 'double', 'second']) {
    busy = 2;
    const { status, sent: again, stops } = await fork(runner, run, step);
    assert.deepEqual([status, again, stops], ['success', [], []], step);
  }
  busy = 0;
  const changed = await fork(runner, run, 'flaky', { ...changing(9), confirms: true });
  assert.deepEqual([changed.status, changed.sent.toSorted()], ['success', ['/flaky {"n":9}', '/second {"twice":18}']]);
});
