import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type HttpRequest } from '../../plugins/sdk/index.ts';
import { call, connectorHost, json, text, type Call, type Called, type ConnectorHost, type ConnectorHostOptions } from '../../test/support/connector-host.ts';
import type { EndpointManifest } from '../model/connector.ts';
import type { RawResponse } from './host.ts';

type Answer = RawResponse | FlowError;
type More = Omit<Call, 'endpoint'> & Omit<ConnectorHostOptions, 'endpoint' | 'send'>;

interface Told extends Called {
  readonly host: ConnectorHost;
  readonly seen: readonly HttpRequest[];
  /** Milliseconds from the call to each request. */
  readonly times: readonly number[];
}

/** Calls an endpoint of a server that gives these answers one after the other, the last of them for ever. */
async function ask(answers: readonly Answer[], endpoint: Partial<EndpointManifest> = {}, more: More = {}): Promise<Told> {
  const seen: HttpRequest[] = [];
  const times: number[] = [];
  const host = connectorHost({
    ...more, endpoint,
    send(request) {
      times.push(host.clock.now() - start);
      const answer = answers[Math.min(seen.push(request), answers.length) - 1]!;
      if (answer instanceof FlowError) throw answer;
      return answer;
    },
  });
  const start = host.clock.now();
  const called = await call(host, more);
  return { ...called, host, seen, times };
}

const ok = json([1]);
const late = new FlowError('REMOTE_TIMEOUT', 'Too late.');
const unreachable = new FlowError('REMOTE_UNREACHABLE', 'Nobody there.');
const tooLarge = new FlowError('REMOTE_TOO_LARGE', 'Too long.');
const limited = (header: string): RawResponse => text('', { status: 429, headers: { 'retry-after': header } });
const status = (number: number): RawResponse => text('', { status: number });

describe('further attempts', () => {
  const cases: readonly (readonly [what: string, answers: readonly Answer[], endpoint: Partial<EndpointManifest>, requests: number, code: string | undefined])[] = [
    ['a status that passes', [status(503), ok], {}, 2, undefined],
    ['each of those that may pass', [status(408), status(425), status(429), status(500), status(502), status(503), status(504), ok], { retry: { attempts: 7 } }, 8, undefined],
    ['one that stays', [status(503)], {}, 3, 'REMOTE_STATUS'],
    ['a refusal is final', [status(400), ok], {}, 1, 'REMOTE_REJECTED'],
    ['OPTIONS, which changes nothing', [late, ok], { method: 'OPTIONS' }, 2, undefined],
    ['a status that the connector names', [status(423), ok], { retry: { statuses: [423] } }, 2, undefined],
    ['and one that it does not name', [status(503), ok], { retry: { statuses: [423] } }, 1, 'REMOTE_STATUS'],
    ['a time-out', [late, ok], {}, 2, undefined],
    ['time-outs', [late], {}, 3, 'REMOTE_TIMEOUT'],
    ['no connection', [unreachable, late, ok], {}, 3, undefined],
    ['an answer that is too long stays so', [tooLarge, ok], {}, 1, 'REMOTE_TOO_LARGE'],
    ['POST, which may have come through', [status(503), ok], { method: 'POST' }, 1, 'REMOTE_STATUS'],
    ['POST that was late, which may have come through', [late, ok], { method: 'POST' }, 1, 'REMOTE_TIMEOUT'],
    ['PATCH', [unreachable, ok], { method: 'PATCH' }, 1, 'REMOTE_UNREACHABLE'],
    ['POST that the connector says may be repeated', [late, status(500), ok], { method: 'POST', idempotent: true }, 3, undefined],
    ['sending POST', [status(503), ok], { method: 'POST', direction: 'send' }, 1, 'REMOTE_STATUS'],
    ['DELETE of what the attempt before has deleted', [late, status(404)], { method: 'DELETE', direction: 'send' }, 2, undefined],
    ['DELETE of what was never there', [status(404)], { method: 'DELETE', direction: 'send' }, 1, 'REMOTE_REJECTED'],
    ['DELETE of what a refused attempt cannot have deleted', [status(503), status(404)], { method: 'DELETE', direction: 'send' }, 2, 'REMOTE_REJECTED'],
    ['sending PUT', [status(503), ok], { method: 'PUT', direction: 'send' }, 2, undefined],
    ['sending POST with a key', [status(503), late, ok], { method: 'POST', direction: 'send', idempotencyHeader: 'Idempotency-Key' }, 3, undefined],
  ];
  for (const [what, answers, endpoint, requests, code] of cases) {
    test(what, async () => {
      const told = await ask(answers, endpoint);
      assert.deepEqual([told.seen.length, told.error?.code], [requests, code]);
      const attempts = told.events.filter((event) => event.type === 'exchange').map(({ exchange }) => exchange.attempt);
      assert.deepEqual(attempts, attempts.map((_, index) => index + 1), 'each is recorded with its number');
    });
  }

  test('the key is the same on every attempt, also of the step, and another for another payload', async () => {
    const endpoint: Partial<EndpointManifest> = { method: 'POST', direction: 'send', idempotencyHeader: 'Idempotency-Key' };
    const keysOf = async (more: More): Promise<unknown[]> => (await ask([late, status(500), ok], endpoint, more)).seen.map(({ headers }) => headers['idempotency-key']);
    assert.deepEqual(await keysOf({}), ['run-1:s:p', 'run-1:s:p', 'run-1:s:p']);
    assert.deepEqual(await keysOf({ attempt: 2 }), ['run-1:s:p', 'run-1:s:p', 'run-1:s:p']);
  });

  test('every attempt has the time limit of the endpoint, else of the connector, else 30 s', async () => {
    const limitsOf = async (endpoint: Partial<EndpointManifest>, more: More = {}): Promise<unknown> => [...new Set((await ask([late, ok], endpoint, more)).seen.map(({ timeoutMs }) => timeoutMs))];
    assert.deepEqual([await limitsOf({}), await limitsOf({}, { connector: { defaults: { timeoutMs: 7 } } }), await limitsOf({ timeoutMs: 9 }, { connector: { defaults: { timeoutMs: 7 } } })], [[30_000], [7], [9]]);
  });
});

describe('waits', () => {
  const at = (ms: number): string => new Date(Date.parse('2024-01-31T12:00:00Z') + ms).toUTCString();
  const cases: readonly (readonly [what: string, answers: readonly Answer[], endpoint: Partial<EndpointManifest>, from: number, to: number])[] = [
    ['the first', [status(503), ok], {}, 400, 600],
    ['the second is longer', [status(503), status(503), ok], {}, 1_200, 1_800],
    ['that of the connector', [late, ok], { retry: { delayMs: 10_000 } }, 8_000, 12_000],
    ['Retry-After in seconds', [limited('7'), ok], {}, 7_000, 7_000],
    ['Retry-After as a date', [limited(at(9_000)), ok], {}, 9_000, 9_000],
    ['Retry-After that cannot be read', [limited('soon'), ok], {}, 400, 600],
    ['Retry-After that is shorter than the wait', [limited('1'), ok], { retry: { delayMs: 20_000 } }, 16_000, 24_000],
    ['Retry-After that is longer than the longest wait', [limited('60'), ok], {}, 60_000, 60_000],
    ['Retry-After of ten minutes', [limited('600'), ok], {}, 600_000, 600_000],
    ['Retry-After that is no longer than the connector allows', [limited('1200'), ok], { retry: { maxRetryAfterMs: 1_200_000 } }, 1_200_000, 1_200_000],
    ['Retry-After of none', [limited('0'), ok], {}, 400, 600],
    ['Retry-After in the past', [limited(at(-60_000)), ok], {}, 400, 600],
  ];
  for (const [what, answers, endpoint, from, to] of cases) {
    test(what, async () => {
      const { times, error } = await ask(answers, endpoint);
      assert.equal(error, undefined);
      assert.ok(times.at(-1)! >= from && times.at(-1)! <= to, times.join());
    });
  }

  test('the same seed gives the same', async () => {
    const timesOf = async (seed: number): Promise<readonly number[]> => (await ask([late, status(503), ok], {}, { seed })).times;
    assert.deepEqual(await timesOf(3), await timesOf(3));
    assert.notDeepEqual(await timesOf(3), await timesOf(4));
  });

  for (const [header, endpoint, wanted] of [['601', {}, 601_000], ['31', { retry: { maxRetryAfterMs: 30_000 } }, 31_000]] as const) {
    test(`one of ${header} s that is too long is not waited for: the error says how long it would be`, async () => {
      const { error, times, logs } = await ask([limited(header), ok], endpoint);
      assert.deepEqual([error?.code, error?.retryAfter, times, logs], ['REMOTE_STATUS', wanted, [0], []]);
    });
  }

  const longs: readonly (readonly [header: string, answer: number, endpoint: Partial<EndpointManifest>, message: RegExp])[] = [
    ['86400', 429, {}, /answered 429 \(GET shop\.test\/api\/it\) and asks to wait until 2024-02-01T12:00:00Z, which is longer than the 10 minutes that its connector waits\.$/],
    ['Sun, 03 Mar 2024 00:00:00 GMT', 503, { retry: { maxRetryAfterMs: 90_000 } }, /answered 503 .* and asks to wait until 2024-03-03T00:00:00Z, which is longer than the 90 seconds that/],
    ['3600', 400, { method: 'POST' }, /refused the request with 400 .* and asks to wait until 2024-01-31T13:00:00Z/],
  ];
  for (const [header, answer, endpoint, message] of longs) {
    test(`it names the time, and what to do: ${header}`, async () => {
      const { error } = await ask([text('', { status: answer, headers: { 'retry-after': header } })], endpoint);
      assert.match(error!.message, message);
      assert.match(error!.remedy, /^Run again after 2024-\S+Z\. Where runs are to wait that long, raise `retry\.maxRetryAfterMs` in the connector/);
    });
  }

  test('a pause that was waited for is no reason to name it', async () => {
    const { error } = await ask([limited('60')]);
    assert.equal(error?.message, 'The endpoint "it" of "shop" answered 429 (GET shop.test/api/it).');
  });

  test('a long one is told in the log before it begins', async () => {
    const { logs } = await ask([limited('60'), limited('2'), ok]);
    assert.deepEqual(logs, ['The endpoint "it" of "shop" answered 429 and asks for a pause of 60 s: its requests wait until then.']);
  });

  test('the time limit of the step ends it', async () => {
    const stop = new AbortController();
    const host = connectorHost({ send: () => limited('500') });
    const start = host.clock.now();
    void host.clock.sleep(90_000, new AbortController().signal).then(() => stop.abort(new FlowError('STEP_TIMEOUT', 'It has taken too long.')));
    const { error } = await call(host, { signal: stop.signal });
    assert.deepEqual([error?.code, host.clock.now() - start], ['STEP_TIMEOUT', 90_000]);
  });

  test('all requests of the connection pause', async () => {
    let count = 0;
    const host = connectorHost({ send: () => (times.push(host.clock.now() - start), count++ === 0 ? limited('5') : ok) });
    const times: number[] = [];
    const start = host.clock.now();
    await Promise.all([call(host), host.clock.sleep(2_000, new AbortController().signal).then(() => call(host))]);
    assert.deepEqual(times, [0, 5_000, 5_000]);
  });

  for (const [what, answer] of [['after an error', late], ['after a status', status(503)], ['for a pause', limited('20')]] as const) {
    test(`${what} it ends at once when the run is stopped`, async () => {
      const stop = new AbortController();
      const host = connectorHost({
        send() {
          seen++;
          setImmediate(() => stop.abort(new FlowError('RUN_STOPPED', 'Stopped.')));
          if (answer instanceof FlowError) throw answer;
          return answer;
        },
      });
      let seen = 0;
      const start = host.clock.now();
      const { error } = await call(host, { signal: stop.signal });
      assert.deepEqual([error?.code, seen, host.clock.now() - start], ['RUN_STOPPED', 1, 0]);
    });
  }

  test('a request that is on its way ends when the run is stopped, and is not made again', async () => {
    const stop = new AbortController();
    let seen = 0;
    const host = connectorHost({
      send: (_, signal) => new Promise((_resolve, reject) => {
        seen++;
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        stop.abort(new FlowError('REMOTE_TIMEOUT', 'The step has taken too long.'));
      }),
    });
    assert.deepEqual([(await call(host, { signal: stop.signal })).error?.code, seen], ['REMOTE_TIMEOUT', 1]);
  });
});

describe('redirects', () => {
  const to = (number: number, location = '/api/there'): RawResponse => text('', { status: number, headers: { location } });
  const post: Partial<EndpointManifest> = { method: 'POST', direction: 'send' };
  const cases: readonly (readonly [what: string, answers: readonly Answer[], endpoint: Partial<EndpointManifest>, requests: readonly string[], code: string | undefined])[] = [
    ['GET goes on', [to(301), ok], {}, ['GET /api/it', 'GET /api/there'], undefined],
    ['relative to the address asked for', [to(302, 'there?x=1'), ok], {}, ['GET /api/it', 'GET /api/there?x=1'], undefined],
    ['POST goes on as it is', [to(308), ok], post, ['POST /api/it {"a":1}', 'POST /api/there {"a":1}'], undefined],
    ['the answer to a POST is elsewhere', [to(303), ok], post, ['POST /api/it {"a":1}', 'GET /api/there'], undefined],
    ['OPTIONS goes on as it is', [to(301), ok], { method: 'OPTIONS' }, ['OPTIONS /api/it', 'OPTIONS /api/there'], undefined],
    ['POST must not become a GET', [to(302), ok], post, ['POST /api/it {"a":1}'], 'REMOTE_REJECTED'],
    ['in a circle', [to(302, '/api/it')], {}, Array.from({ length: 6 }, () => 'GET /api/it'), 'REMOTE_REJECTED'],
    ['to nowhere', [to(302, 'http://'), ok], {}, ['GET /api/it'], 'REMOTE_ORIGIN'],
    ['to another protocol', [to(302, 'file:///etc/passwd'), ok], {}, ['GET /api/it'], 'REMOTE_ORIGIN'],
    ['without an address', [status(302), ok], {}, ['GET /api/it'], 'REMOTE_STATUS'],
  ];
  for (const [what, answers, endpoint, requests, code] of cases) {
    test(what, async () => {
      const { seen, error } = await ask(answers, endpoint, { body: { a: 1 } });
      const sent = seen.map(({ method, url, body }) => `${method} ${url.slice('https://shop.test'.length)}${body === undefined ? '' : ` ${String(body)}`}`);
      assert.deepEqual([sent, error?.code], [requests, code]);
    });
  }

  test('a body that is left behind leaves its type behind', async () => {
    const { seen } = await ask([to(303), ok], post, { body: { a: 1 } });
    assert.deepEqual(seen.map(({ headers }) => headers['content-type']), ['application/json', undefined]);
  });
});

describe('an answer that is no success', () => {
  const cases: readonly (readonly [answer: RawResponse, code: string, message: string])[] = [
    [json({ error: 'no such order' }, { status: 404 }), 'REMOTE_REJECTED', 'The endpoint "it" of "shop" refused the request with 404 (GET shop.test/api/it): {"error":"no such order"}'],
    [text('<h1>\n  Bad\n</h1>', { status: 502 }), 'REMOTE_STATUS', 'The endpoint "it" of "shop" answered 502 (GET shop.test/api/it): <h1> Bad </h1>'],
    [text('', { status: 418 }), 'REMOTE_REJECTED', 'The endpoint "it" of "shop" refused the request with 418 (GET shop.test/api/it).'],
    [text('x'.repeat(400), { status: 500 }), 'REMOTE_STATUS', `The endpoint "it" of "shop" answered 500 (GET shop.test/api/it): ${'x'.repeat(299)}…`],
    [{ status: 500, headers: {}, body: new Uint8Array([255, 0]) }, 'REMOTE_STATUS', 'The endpoint "it" of "shop" answered 500 (GET shop.test/api/it): 2 bytes'],
    [text('', { status: 304 }), 'REMOTE_STATUS', 'The endpoint "it" of "shop" answered 304 (GET shop.test/api/it).'],
    [text('', { status: 401 }), 'AUTH_REJECTED', 'The credentials of the instance "shop" were refused (status 401 of GET shop.test/api/it).'],
  ];
  for (const [answer, code, message] of cases) {
    test(message.slice(0, 100), async () => {
      const { error } = await ask([answer], { retry: { attempts: 0 } });
      assert.deepEqual([error?.code, error?.message, error?.details['status']], [code, message, answer.status]);
    });
  }
});

for (const [method, body, remedy, direction = 'receive'] of [['GET', undefined, /^The other system refused what was asked for: .* the params of the step/], ['DELETE', undefined, /^The other system refused what was asked for/], ['POST', { format: 'json' }, /^The other system refused the payload/, 'send'], ['POST', { format: 'json' }, /^The other system refused what was asked for/], ['POST', { format: 'none' }, /^The other system refused what was asked for/]] as const) {
  test(`what is to be done about a refusal speaks of a payload only where one was sent: ${direction} ${method} ${JSON.stringify(body)}`, async () => {
    const { error } = await ask([status(400)], { method, direction, ...(body && { body }) });
    assert.match(error!.remedy, remedy);
  });
}
