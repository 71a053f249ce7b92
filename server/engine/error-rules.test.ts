import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type HttpRequest } from '../../plugins/sdk/index.ts';
import { call, connectorHost, json, text, type Called, type ConnectorHostOptions } from '../../test/support/connector-host.ts';
import type { EndpointManifest } from '../model/connector.ts';
import type { ErrorRule } from '../model/connector-rules.ts';
import type { RawResponse } from './host.ts';

type Answer = RawResponse | FlowError;

interface Told extends Called {
  readonly seen: readonly HttpRequest[];
  /** Milliseconds from the call to each request. */
  readonly times: readonly number[];
}

/** Calls an endpoint of a server that gives these answers one after the other, the last of them for ever. */
async function ask(answers: readonly Answer[], endpoint: Partial<EndpointManifest>, more: Omit<ConnectorHostOptions, 'endpoint' | 'send'> = {}): Promise<Told> {
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
  return { ...(await call(host, { body: { id: 1 } })), seen, times };
}

const ok = json([1]);
const status = (number: number, headers: Readonly<Record<string, string>> = {}): RawResponse => text('', { status: number, headers });
const answered = (body: string, type: string, number = 200): RawResponse => text(body, { status: number, headers: { 'content-type': type } });
const late = new FlowError('REMOTE_TIMEOUT', 'Too late.');
const unreachable = new FlowError('REMOTE_UNREACHABLE', 'Nobody there.');
const post: Partial<EndpointManifest> = { method: 'POST', direction: 'send' };

describe('which answers a rule is about', () => {
  const cases: readonly (readonly [what: string, when: ErrorRule['when'], answer: Answer, fits: boolean])[] = [
    ['a status', { status: [409] }, status(409), true],
    ['another', { status: [409] }, status(410), false],
    ['one of several', { status: [409, 410] }, status(410), true],
    ['a hundred', { status: ['4xx'] }, status(499), true],
    ['another hundred', { status: ['4xx'] }, status(500), false],
    ['a range', { status: ['520-526'] }, status(526), true],
    ['beyond a range', { status: ['520-526'] }, status(527), false],
    ['a text', { text: 'duplicate key' }, text('Error: duplicate key 7', { status: 400 }), true],
    ['a text in JSON', { text: 'E17' }, json({ error: { code: 'E17' } }, { status: 400 }), true],
    ['another text', { text: 'duplicate key' }, text('Error', { status: 400 }), false],
    ['a header', { headers: { 'X-Error': 'late' } }, status(400, { 'x-error': 'too late' }), true],
    ['a header of any value', { headers: { 'X-Error': '' } }, status(400, { 'x-error': '1' }), true],
    ['another value of it', { headers: { 'x-error': 'late' } }, status(400, { 'x-error': 'early' }), false],
    ['a header that is not there', { headers: { 'x-error': '' } }, status(400), false],
    ['an expression over the body', { expression: '{{ response.ok == false }}' }, json({ ok: false }), true],
    ['one that is not true', { expression: '{{ response.ok == false }}' }, json({ ok: true }), false],
    ['one over what is not there', { expression: '{{ response.error.code == 7 }}' }, json({}), false],
    ['one over headers and status', { expression: '{{ status == 400 && headers["x-a"] == "b" }}' }, status(400, { 'x-a': 'b' }), true],
    ['one over the settings of the instance', { expression: '{{ response.shop != instance.shop }}' }, json({ shop: 'us' }), true],
    ['an expression over XML', { expression: "{{ response.r.status == 'ERR' }}" }, answered('<r><status>ERR</status></r>', 'text/xml'), true],
    ['one over other XML', { expression: "{{ response.r.status == 'ERR' }}" }, answered('<r><status>OK</status></r>', 'text/xml'), false],
    ['one over XML of an error', { status: ['4xx'], expression: "{{ response.r['@code'] == '7' }}" }, answered('<r code="7"/>', 'application/problem+xml', 422), true],
    ['one over JSON of no type', { expression: '{{ response.ok == false }}' }, answered('{"ok":false}', 'text/plain'), true],
    ['one over what cannot be read', { expression: "{{ response.r.status == 'ERR' }}" }, answered('<r><status>ERR', 'text/xml', 400), false],
    ['one over the page of a proxy', { expression: "{{ response.html.body == 'Busy' }}" }, answered('<html><body>Busy</body></html>', 'text/html', 502), false],
    ['one over a text', { expression: "{{ response == 'ERR' }}" }, answered('ERR', 'text/plain'), true],
    ['all of several', { status: [400], text: 'x', headers: { a: 'b' } }, text('x', { status: 400, headers: { a: 'b' } }), true],
    ['not all of several', { status: [400], text: 'y' }, text('x', { status: 400 }), false],
    ['no answer in time', { network: ['timeout'] }, late, true],
    ['no answer at all', { network: ['timeout', 'unreachable'] }, unreachable, true],
    ['another fault of the network', { network: ['timeout'] }, unreachable, false],
    ['an answer is no fault of the network', { network: ['timeout'] }, status(504), false],
    ['a fault of the network is no status', { status: ['5xx'] }, late, false],
  ];
  for (const [what, when, answer, fits] of cases) {
    test(what, async () => {
      const rule: ErrorRule = { when, action: 'fail', as: 'config', message: 'It fits.' };
      const told = await ask([answer], { errors: [rule], retry: { attempts: 0 } }, { connector: { variables: { shop: { type: 'string' } } }, instance: { settings: { shop: 'eu' } } });
      assert.equal(told.error?.code === 'REMOTE_MISUSED' && told.error.message.endsWith(': It fits.'), fits, told.error?.message);
    });
  }
});

describe('what a rule does', () => {
  const on = (code: number, rule: Omit<ErrorRule, 'when'>): Partial<EndpointManifest> => ({ errors: [{ when: { status: [code] }, ...rule }] });
  const cases: readonly (readonly [what: string, answers: readonly Answer[], endpoint: Partial<EndpointManifest>, requests: number, code: string | undefined, bodies: readonly unknown[]])[] = [
    ['a refusal is a success', [json([7], { status: 404 })], on(404, { action: 'success' }), 1, undefined, [[7]]],
    ['a refusal is no failure', [json([7], { status: 404 })], on(404, { action: 'ignore' }), 1, undefined, []],
    ['a refusal is no failure of what is sent', [status(409)], { ...post, ...on(409, { action: 'ignore' }) }, 1, undefined, []],
    ['a refusal is worth another attempt', [status(409), status(409), ok], on(409, { action: 'retry' }), 3, undefined, [[1]]],
    ['whatever the method is', [status(409), ok], { ...post, ...on(409, { action: 'retry', attempts: 1 }) }, 2, undefined, [[1]]],
    ['also where it says nothing of attempts, as often as `retry` says', [status(409)], { ...post, ...on(409, { action: 'retry' }), retry: { attempts: 1 } }, 2, 'REMOTE_REJECTED', []],
    ['and else twice', [status(409)], { ...post, ...on(409, { action: 'retry' }) }, 3, 'REMOTE_REJECTED', []],
    ['not at all where `retry` wants none', [status(409)], { ...post, ...on(409, { action: 'retry' }), retry: { attempts: 0 } }, 1, 'REMOTE_REJECTED', []],
    ['for a time-out, too', [late, ok], { ...post, errors: [{ when: { network: ['timeout'] }, action: 'retry' }] }, 2, undefined, [[1]]],
    ['what no rule is about is not sent again', [status(503)], { ...post, ...on(409, { action: 'retry' }) }, 1, 'REMOTE_STATUS', []],
    ['nor what only GraphQL itself calls worth it', [json({ errors: [{ message: 'Oops.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] })], { ...post, body: { format: 'graphql', query: 'mutation { pay }' } }, 1, 'REMOTE_STATUS', []],
    ['nor SOAP', [text('<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Server</faultcode><faultstring>Oops.</faultstring></e:Fault></e:Body></e:Envelope>', { status: 500, headers: { 'content-type': 'text/xml' } })], { ...post, body: { format: 'soap', template: { Pay: {} } } }, 1, 'REMOTE_STATUS', []],
    ['but not for ever', [status(409)], on(409, { action: 'retry' }), 3, 'REMOTE_REJECTED', []],
    ['as often as the rule says', [status(409)], on(409, { action: 'retry', attempts: 4 }), 5, 'REMOTE_REJECTED', []],
    ['no attempt where the status would be worth one', [status(503), ok], on(503, { action: 'fail' }), 1, 'REMOTE_STATUS', []],
    ['a failure inside of a success', [json({ ok: false, why: 'no stock' })], { errors: [{ when: { expression: '{{ !response.ok }}' }, action: 'fail', as: 'data', message: '{{ response.why }}' }] }, 1, 'REMOTE_REJECTED', []],
    ['no run may go on', [status(402)], { ...on(402, { action: 'fail-run' }), retry: { statuses: [402] } }, 1, 'REMOTE_FINAL', []],
    ['the whole run again', [status(409)], on(409, { action: 'retry-run' }), 1, 'RUN_AGAIN', []],
    ['it fails as what the rule says', [status(400)], on(400, { action: 'fail', as: 'auth' }), 1, 'AUTH_REJECTED', []],
    ['a pause of all requests', [status(420), ok], on(420, { action: 'wait' }), 2, undefined, [[1]]],
    ['no more pages', [status(404)], on(404, { action: 'stop-paging' }), 1, undefined, []],
    ['a time-out that counts as none', [late], { errors: [{ when: { network: ['timeout'] }, action: 'ignore' }] }, 1, undefined, []],
    ['the first rule that fits', [status(404)], { errors: [{ when: { status: ['4xx'] }, action: 'fail', as: 'remote' }, { when: { status: [404] }, action: 'ignore' }] }, 1, 'REMOTE_STATUS', []],
  ];
  for (const [what, answers, endpoint, requests, code, bodies] of cases) {
    test(what, async () => {
      const told = await ask(answers, endpoint);
      assert.deepEqual([told.seen.length, told.error?.code, told.bodies], [requests, code, bodies]);
    });
  }

  const inXml: Partial<EndpointManifest> = { errors: [{ when: { expression: "{{ response.r.status == 'ERR' }}" }, action: 'fail', as: 'data', message: '{{ response.r.why }}' }] };
  const refused = answered('<r><status>ERR</status><why>no stock</why></r>', 'text/plain');
  for (const [what, endpoint] of Object.entries({ received: { records: 'r' }, sent: post } as Readonly<Record<string, Partial<EndpointManifest>>>)) {
    test(`a failure inside of a success that is XML, where something is ${what}`, async () => {
      const told = await ask([refused], { ...inXml, ...endpoint, decoder: { type: 'xml' } });
      assert.deepEqual([told.error?.code, told.bodies, told.seen.length], ['REMOTE_REJECTED', [], 1]);
      assert.match(told.error?.message ?? '', /: no stock$/);
    });
  }

  test('rules of the endpoint come before those of the connector', async () => {
    const told = await ask([status(404)], on(404, { action: 'ignore' }), { connector: { defaults: { errors: [{ when: { status: [404] }, action: 'fail', as: 'auth' }, { when: { status: [418] }, action: 'ignore' }] } } });
    assert.equal(told.error, undefined);
    assert.match(told.logs.join(), /a failure counts as none, as a rule of the connector says/);
  });

  test('the message of a rule is what is said', async () => {
    const told = await ask([json({ error: { message: 'Unknown  sku', id: 'A' } }, { status: 422 })], on(422, { action: 'fail', message: '{{ response.error.message }} {{ response.error.id }}' }));
    assert.equal(told.error?.message, 'The endpoint "it" of "shop" refused the request with 422 (GET shop.test/api/it): Unknown sku A');
  });

  test('one that is not there is the beginning of the answer', async () => {
    const told = await ask([json({ a: 1 }, { status: 422 })], on(422, { action: 'fail', message: '{{ response.error.message }}' }));
    assert.match(told.error?.message ?? '', /: \{"a":1\}$/);
  });

  test('paging begins anew', async () => {
    const paged: Partial<EndpointManifest> = { ...on(410, { action: 'reset-paging' }), pagination: { type: 'cursor', settings: { path: 'next', in: 'query', param: 'after' } }, records: 'items' };
    const page = (id: number, next: string | null): RawResponse => json({ items: [{ id }], next });
    const told = await ask([page(1, 'a'), status(410), page(2, 'b'), page(3, null)], paged);
    assert.deepEqual([told.error?.message, told.bodies, told.seen.map(({ url }) => new URL(url).search)], [undefined, [[{ id: 1 }], [{ id: 2 }], [{ id: 3 }]], ['', '?after=a', '', '?after=b']]);
    const endless = await ask([page(1, 'a'), status(410)], { ...paged, checkRepeats: false } as Partial<EndpointManifest>);
    assert.equal(endless.error?.code, 'PAGE_REPEATED');
    assert.match(endless.error?.remedy ?? '', /`reset-paging`/);
  });

  test('an expression that cannot be read names its rule', async () => {
    const told = await ask([ok], { errors: [{ when: { status: [400] }, action: 'ignore' }, { when: { expression: '{{ payload.x }}' }, action: 'ignore' }] });
    assert.deepEqual([told.error?.code, told.error?.place], ['CONFIG_EXPRESSION', { file: 'connectors/shop.connector.json', pointer: '/endpoints/it/errors/1' }]);
  });
});

describe('a new token', () => {
  const bearer: Partial<Omit<ConnectorHostOptions, 'endpoint'>> = {
    connector: { auth: { main: { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://shop.test/token' } } } },
    instance: { credentials: { clientId: 'a', clientSecret: 'b' } },
  };
  const token = (name: string): RawResponse => json({ access_token: name, token_type: 'Bearer', expires_in: 3600 });
  const renew: Partial<EndpointManifest> = { errors: [{ when: { text: 'expired' }, action: 'renew' }] };

  test('is got where the rule says so, once', async () => {
    const told = await ask([token('one'), json({ error: 'expired' }), token('two'), ok], renew, bearer as never);
    assert.deepEqual([told.error?.message, told.bodies, told.seen.map(({ headers }) => headers['authorization'])], [undefined, [[1]], [told.seen[0]!.headers['authorization'], 'Bearer one', told.seen[2]!.headers['authorization'], 'Bearer two']]);
    const refused = await ask([token('one'), json({ error: 'expired' }), token('two'), json({ error: 'expired' })], renew, bearer as never);
    assert.deepEqual([refused.error?.code, refused.seen.length], ['REMOTE_STATUS', 4]);
  });
});

describe('how long it waits', () => {
  const start = Date.parse('2024-01-31T12:00:00Z');
  const busy = (headers: Readonly<Record<string, string>>, body: unknown = {}): RawResponse => json(body, { status: 429, headers });
  const cases: readonly (readonly [what: string, wait: NonNullable<NonNullable<EndpointManifest['retry']>['waits']>[number], answer: RawResponse, ms: number | undefined])[] = [
    ['seconds in a header', { value: '{{ headers["x-wait"] }}' }, busy({ 'x-wait': '7' }), 7_000],
    ['milliseconds', { value: '{{ headers["x-wait"] }}', as: 'milliseconds' }, busy({ 'x-wait': '7500' }), 7_500],
    ['a time', { value: '{{ headers["x-reset"] }}', as: 'epoch-seconds' }, busy({ 'x-reset': String(start / 1000 + 9) }), 9_000],
    ['a time in milliseconds', { value: '{{ headers["x-reset"] }}', as: 'epoch-milliseconds' }, busy({ 'x-reset': String(start + 9_000) }), 9_000],
    ['a date', { value: '{{ headers["x-reset"] }}', as: 'date' }, busy({ 'x-reset': '2024-01-31T12:00:11Z' }), 11_000],
    ['a part of a header', { value: '{{ headers["x-limit"] }}', pattern: 'reset=(\\d+)' }, busy({ 'x-limit': 'left=0; reset=13' }), 13_000],
    ['the body', { value: '{{ response.retry_in }}' }, busy({}, { retry_in: 14 }), 14_000],
    ['the longest of it and Retry-After', { value: '{{ response.retry_in }}' }, busy({ 'retry-after': '20' }, { retry_in: 14 }), 20_000],
    ['the other way round', { value: '{{ response.retry_in }}' }, busy({ 'retry-after': '2' }, { retry_in: 14 }), 14_000],
    ['the body, in XML', { value: '{{ response.r.retry_in }}' }, answered('<r><retry_in>15</retry_in></r>', 'text/xml', 429), 15_000],
    ['what cannot be read', { value: '{{ response.retry_in }}' }, busy({}, { retry_in: 'soon' }), undefined],
    ['what is not there', { value: '{{ response.retry_in }}' }, busy({}), undefined],
    ['a time in the past', { value: '{{ headers["x-reset"] }}', as: 'epoch-seconds' }, busy({ 'x-reset': '5' }), undefined],
  ];
  for (const [what, wait, answer, ms] of cases) {
    test(what, async () => {
      const { times, error } = await ask([answer, ok], { retry: { waits: [wait] } });
      assert.equal(error, undefined);
      if (ms !== undefined) assert.equal(times.at(-1), ms);
      else assert.ok(times.at(-1)! >= 400 && times.at(-1)! <= 600, times.join());
    });
  }

  test('backoff: constant, linear, exponential, without jitter', async () => {
    const timesOf = async (backoff: 'constant' | 'linear' | 'exponential'): Promise<readonly number[]> => (await ask([status(503)], { retry: { attempts: 4, delayMs: 100, jitter: 0, backoff, maxDelayMs: 300 } })).times;
    assert.deepEqual([await timesOf('constant'), await timesOf('linear'), await timesOf('exponential')], [[0, 100, 200, 300, 400], [0, 100, 300, 600, 900], [0, 100, 300, 600, 900]]);
  });

  test('all attempts together take no longer than they may', async () => {
    const { times, error } = await ask([status(503)], { retry: { attempts: 50, delayMs: 1_000, jitter: 0, backoff: 'constant', maxTotalMs: 3_500 } });
    assert.deepEqual([times, error?.code], [[0, 1_000, 2_000, 3_000], 'REMOTE_STATUS']);
    const waits = await ask([busy({ 'retry-after': '10' })], { errors: [{ when: { status: [429] }, action: 'wait' }], retry: { maxTotalMs: 35_000 } });
    assert.deepEqual([waits.times, waits.error?.code], [[0, 10_000, 20_000, 30_000], 'REMOTE_STATUS']);
  });

  test('a pause that a rule asks for holds all requests of the connection', async () => {
    const times: number[] = [];
    const host = connectorHost({
      endpoint: { errors: [{ when: { status: [420] }, action: 'wait' }], retry: { delayMs: 5_000, jitter: 0 } },
      send: () => (times.push(host.clock.now() - begin), times.length === 1 ? status(420) : ok),
    });
    const begin = host.clock.now();
    await Promise.all([call(host), host.clock.sleep(1_000, new AbortController().signal).then(() => call(host))]);
    assert.deepEqual(times, [0, 5_000, 5_000]);
  });
});

test('who receives has no payload that could be refused', async () => {
  const refused = async (direction: 'receive' | 'send'): Promise<string | undefined> => (await call(connectorHost({ endpoint: { direction, method: 'POST', body: { format: 'graphql', query: '{ orders { id } }' } }, send: () => json({ errors: [{ message: 'No.' }] }) }), {})).error?.remedy;
  assert.match((await refused('receive')) ?? '', /refused what was asked for/);
  assert.match((await refused('send')) ?? '', /refused the payload/);
});
