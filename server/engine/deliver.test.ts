import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type HttpRequest } from '../../plugins/sdk/index.ts';
import { call, connectorHost, json, text, type Call, type Called } from '../../test/support/connector-host.ts';
import type { EndpointManifest } from '../model/connector.ts';
import type { RawResponse } from './host.ts';
import { createPayload } from './payload.ts';

interface Told extends Called {
  readonly seen: readonly HttpRequest[];
  /** Bodies that were sent. */
  readonly sent: readonly unknown[];
}

/** Sends a payload to a server; `answer` is given the number of the request, from 1. */
async function send(endpoint: Partial<EndpointManifest>, body: unknown, answer: (count: number, request: HttpRequest) => RawResponse | FlowError = () => json({ ok: true }), more: Omit<Call, 'body'> = {}): Promise<Told> {
  const seen: HttpRequest[] = [];
  const host = connectorHost({
    endpoint: { direction: 'send', method: 'POST', ...endpoint },
    send(request) {
      const given = answer(seen.push(request), request);
      if (given instanceof FlowError) throw given;
      return given;
    },
  });
  const called = await call(host, { body, ...more });
  return { ...called, seen, sent: seen.map(({ body: raw }) => (typeof raw === 'string' ? (JSON.parse(raw) as unknown) : raw)) };
}

const refused = json({ error: 'no' }, { status: 422 });
const reasons = ({ failed }: Called): unknown[] => failed.map(({ body, code, message }) => [body, code, /: (.*)$/.exec(message.replace(/^Records? [^:]*: /, ''))?.[1] ?? message]);

describe('what a request carries', () => {
  const cases: readonly (readonly [what: string, endpoint: Partial<EndpointManifest>, body: unknown, sent: readonly unknown[]])[] = [
    ['a payload', {}, [{ id: 1 }, { id: 2 }], [[{ id: 1 }, { id: 2 }]]],
    ['a payload in a template', { body: { format: 'json', template: { orders: '{{ payload }}', count: 2 } } }, [{ id: 1 }, { id: 2 }], [{ orders: [{ id: 1 }, { id: 2 }], count: 2 }]],
    ['a record', { per: 'record' }, [{ id: 1 }, { id: 2 }], [{ id: 1 }, { id: 2 }]],
    ['a record in a template', { per: 'record', body: { format: 'json', template: { order: '{{ payload.id }}' } } }, [{ id: 1 }, { id: 2 }], [{ order: 1 }, { order: 2 }]],
    ['what is no list is one record', { per: 'record' }, { id: 1 }, [{ id: 1 }]],
    ['of no record, nothing', { per: 'record' }, [], []],
    ['an empty list as a payload', {}, [], [[]]],
  ];
  for (const [what, endpoint, body, expected] of cases) {
    test(what, async () => {
      const told = await send(endpoint, body);
      assert.deepEqual([told.error, told.sent, told.bodies, told.failed], [undefined, expected, expected.map(() => ({ ok: true })), []]);
    });
  }

  test('each record has an address, a key and a place of its own', async () => {
    const { seen } = await send({ per: 'record', method: 'PUT', path: '/orders/{{ payload.id }}', idempotencyHeader: 'Key' }, [{ id: 'a/b' }, { id: 2 }]);
    assert.deepEqual(seen.map(({ url, headers }) => [new URL(url).pathname, headers['key']]), [['/api/orders/a%2Fb', 'run-1:s:p:0'], ['/api/orders/2', 'run-1:s:p:1']]);
  });
});

describe('one request per record', () => {
  const records = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }];

  test('records that are refused are given up, each with the reason; the others go', async () => {
    const told = await send({ per: 'record' }, records, (count) => (count % 2 === 1 ? refused : json({ taken: count })));
    assert.deepEqual([told.error, told.bodies, reasons(told)], [undefined, [{ taken: 2 }, { taken: 4 }], [[{ id: 1 }, 'REMOTE_REJECTED', '{"error":"no"}'], [{ id: 3 }, 'REMOTE_REJECTED', '{"error":"no"}']]]);
    assert.equal(new Set(told.failed.map(({ id }) => id)).size, 2);
  });

  test('a record that the request cannot be made of is given up like one that is refused', async () => {
    for (const broken of [0, 2, 3]) {
      const told = await send({ per: 'record', path: '/orders/{{ payload.id }}' }, records.map((record, index) => (index === broken ? { no: 'id' } : record)));
      assert.deepEqual([told.error, told.bodies.length, told.failed.map(({ body, code }) => [body, code])], [undefined, 3, [[{ no: 'id' }, 'DATA_MISSING']]], `record ${broken}`);
    }
  });

  for (const [what, error, code] of [['the server fails', text('', { status: 503 }), 'REMOTE_STATUS'], ['the server is gone', new FlowError('REMOTE_UNREACHABLE', 'Gone.'), 'REMOTE_UNREACHABLE'], ['the credentials are refused', text('', { status: 401 }), 'AUTH_REJECTED']] as const) {
    test(`${what} in the middle: the records before are through, the rest is left`, async () => {
      const told = await send({ per: 'record' }, records, (count) => (count >= 3 ? error : json({ taken: count })));
      assert.deepEqual([told.error?.code, told.seen.length, told.bodies, told.failed, told.rest], [code, 3, [{ taken: 1 }, { taken: 2 }], [], [{ id: 3 }, { id: 4 }]]);
    });

    test(`${what} at the first: nothing is through, the payload itself fails`, async () => {
      const told = await send({ per: 'record' }, records, () => error);
      assert.deepEqual([told.error?.code, told.seen.length, told.bodies, told.failed, told.rest], [code, 1, [], [], undefined]);
    });
  }

  for (const code of ['RUN_STOPPED', 'STEP_TIMEOUT'] as const) {
    test(`${code} in the middle ends it: no record is blamed, none is sent any more`, async () => {
      const stop = new AbortController();
      let seen = 0;
      const host = connectorHost({
        endpoint: { direction: 'send', method: 'POST', per: 'record' },
        send(_, signal) {
          if (++seen === 2) stop.abort(new FlowError(code, 'It ends.'));
          signal.throwIfAborted();
          return json({});
        },
      });
      const told = await call(host, { body: records, signal: stop.signal });
      assert.deepEqual([told.error?.code, seen, told.bodies.length, told.failed, told.rest], [code, 2, 1, [], [{ id: 2 }, { id: 3 }, { id: 4 }]]);
    });
  }

  test('a fault of ours in the middle is not laid on the records', async () => {
    const told = await send({ per: 'record' }, records, (count) => {
      if (count === 2) throw new TypeError('A bug.');
      return json({});
    });
    assert.deepEqual([told.error?.code, told.seen.length, told.failed, told.rest], ['INTERNAL', 2, [], [{ id: 2 }, { id: 3 }, { id: 4 }]]);
  });

  test('at the first after one that was refused, that one is not sent again', async () => {
    const told = await send({ per: 'record' }, records, (count) => (count === 1 ? refused : text('', { status: 503 })));
    assert.deepEqual([told.error?.code, told.failed.map(({ body, code }) => [body, code]), told.rest], ['REMOTE_STATUS', [[{ id: 1 }, 'REMOTE_REJECTED']], [{ id: 2 }, { id: 3 }, { id: 4 }]]);
  });
});

describe('items that an accepted answer refuses', () => {
  const itemErrors = { path: '$.errors', index: 'line', message: 'why' };
  const body = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
  const cases: readonly (readonly [what: string, answer: unknown, failed: readonly unknown[]])[] = [
    ['none', { errors: [] }, []],
    ['no list', {}, []],
    ['null', { errors: null }, []],
    ['one', { errors: [{ line: 1, why: 'no stock' }] }, [[{ id: 'b' }, 'REMOTE_REJECTED', 'no stock']]],
    ['several', { errors: [{ line: 2, why: 'x' }, { line: 0, why: 'y' }] }, [[{ id: 'c' }, 'REMOTE_REJECTED', 'x'], [{ id: 'a' }, 'REMOTE_REJECTED', 'y']]],
    ['a number in text', { errors: [{ line: '1', why: 'x' }] }, [[{ id: 'b' }, 'REMOTE_REJECTED', 'x']]],
    ['a reason that is no text', { errors: [{ line: 1, why: { code: 7 } }] }, [[{ id: 'b' }, 'REMOTE_REJECTED', '{"code":7}']]],
    ['no reason', { errors: [{ line: 1 }] }, [[{ id: 'b' }, 'REMOTE_REJECTED', '{"line":1}']]],
    ['two reasons for one item', { errors: [{ line: 1, why: 'no stock' }, { line: 0, why: 'x' }, { line: 1, why: 'no price' }] }, [[{ id: 'b' }, 'REMOTE_REJECTED', 'no stock; no price'], [{ id: 'a' }, 'REMOTE_REJECTED', 'x']]],
  ];
  for (const [what, answer, failed] of cases) {
    test(what, async () => {
      const told = await send({ itemErrors }, body, () => json(answer));
      assert.deepEqual([told.error, told.bodies, reasons(told)], [undefined, [answer], failed]);
      assert.equal(new Set([...told.failed.map(({ id }) => id), 'p']).size, failed.length + 1, 'each has an id of its own');
    });
  }

  const broken: readonly (readonly [what: string, answer: RawResponse])[] = [
    ['an item that was not sent', json({ errors: [{ line: 0, why: 'x' }, { line: 3, why: 'y' }] })],
    ['an item without a number', json({ errors: [{ why: 'x' }] })],
    ['an item whose number is null', json({ errors: [{ line: null, why: 'x' }] })],
    ['an item whose number is empty', json({ errors: [{ line: '', why: 'x' }] })],
    ['an item between two', json({ errors: [{ line: 0.5, why: 'x' }] })],
    ['JSON that is broken', text('{"errors":[{"line":1', { headers: { 'content-type': 'application/json' } })],
    ['a page instead of JSON', text('<h1>Please log in</h1>', { headers: { 'content-type': 'text/html' } })],
  ];
  for (const [what, answer] of broken) {
    test(`${what}: an error of the payload alone, since nobody knows what was taken`, async () => {
      const told = await send({ itemErrors }, body, () => answer);
      assert.deepEqual([told.error?.code, told.seen.length, told.bodies, told.failed], ['REMOTE_FORMAT', 1, [], []]);
    });
  }

  test('an answer without a body refuses nothing', async () => {
    for (const type of ['', 'application/json', 'application/octet-stream']) {
      const told = await send({ itemErrors }, body, () => text('', { headers: { 'content-type': type } }));
      assert.deepEqual([told.error, told.failed], [undefined, []]);
    }
  });

  test('a list of lists, as some paths give', async () => {
    const told = await send({ itemErrors: { path: '$.results[*].error', index: 'at', message: 'text' } }, body, () => json({ results: [{ error: null }, { error: { at: 1, text: 'x' } }, {}] }));
    assert.deepEqual(reasons(told), [[{ id: 'b' }, 'REMOTE_REJECTED', 'x']]);
  });

  test('of one record per request', async () => {
    const told = await send({ itemErrors, per: 'record' }, body, (count) => json({ errors: count === 2 ? [{ line: 0, why: 'x' }] : [] }));
    assert.deepEqual([told.seen.length, reasons(told)], [3, [[{ id: 'b' }, 'REMOTE_REJECTED', 'x']]]);
  });
});

test('a failure says which of the records it is about', async () => {
  const said = async (endpoint: Partial<EndpointManifest>, body: unknown, answer: (count: number) => RawResponse) => (await send(endpoint, body, answer)).failed.map(({ message }) => message.replace(/ \(POST.*$/, ''));
  const five = [1, 2, 3, 4, 5].map((id) => ({ id }));
  const itemErrors = { path: '$.errors', index: 'line', message: 'why' };
  assert.deepEqual(await said({ per: 'record' }, five, (count) => (count === 4 ? refused : json({}))), ['Record 4 of 5: The endpoint "it" of "shop" refused the request with 422']);
  assert.deepEqual(await said({ per: { batch: 2 } }, five, (count) => (count > 1 ? refused : json({}))), ['Records 3 to 4 of 5: The endpoint "it" of "shop" refused the request with 422', 'Record 5 of 5: The endpoint "it" of "shop" refused the request with 422']);
  assert.deepEqual(await said({ per: { batch: 2 }, itemErrors }, five, (count) => json({ errors: count === 2 ? [{ line: 1, why: 'x' }] : [] })), ['Record 4 of 5: "it" refused item 2 of 2: x']);
  assert.deepEqual(await said({ per: 'record' }, five.slice(0, 1), () => refused), ['The endpoint "it" of "shop" refused the request with 422']);
});

test('a record whose answer cannot be read was sent: it fails alone, and nothing is sent twice', async () => {
  const told = await send({ itemErrors: { path: '$.errors', index: 'line', message: 'why' }, per: 'record' }, [{ id: 'a' }, { id: 'b' }, { id: 'c' }], (count) => json({ errors: count === 2 ? [{ line: 7, why: 'x' }] : [] }));
  assert.deepEqual([told.error, told.seen.length, told.failed.map(({ body, code }) => [body, code])], [undefined, 3, [[{ id: 'b' }, 'REMOTE_FORMAT']]]);
});

describe('the answer as a payload', () => {
  const cases: readonly (readonly [what: string, answer: RawResponse, body: unknown, mediaType: string])[] = [
    ['JSON', json({ id: 1 }), { id: 1 }, 'application/json'],
    ['JSON of a type of its own', text('{"id":1}', { headers: { 'content-type': 'application/vnd.shop+json; charset=utf-8' } }), { id: 1 }, 'application/vnd.shop+json'],
    ['text', text('ok', { headers: { 'content-type': 'text/plain' } }), 'ok', 'text/plain'],
    ['nothing', text('', { status: 204 }), '', 'text/plain'],
    ['nothing that says it is JSON', text('', { headers: { 'content-type': 'application/json' } }), '', 'text/plain'],
    ['JSON that is broken', text('{', { headers: { 'content-type': 'application/json' } }), '{', 'text/plain'],
    ['bytes', { status: 200, headers: { 'content-type': 'application/pdf' }, body: new Uint8Array([37, 80]) }, new Uint8Array([37, 80]), 'application/pdf'],
  ];
  for (const [what, answer, body, mediaType] of cases) {
    test(what, async () => {
      const { bodies, payloads } = await send({}, { id: 1 }, () => answer);
      assert.deepEqual([bodies, payloads.map((payload) => [payload.id, payload.mediaType])], [[body], [['p', mediaType]]]);
    });
  }
});

test('bytes and text go as they are', async () => {
  const seen: HttpRequest[] = [];
  const host = connectorHost({ endpoint: { direction: 'send', method: 'POST' }, send: (request) => (seen.push(request), json(1)) });
  await call(host, { payload: createPayload({ id: 'p', body: new Uint8Array([1, 2]), mediaType: 'application/pdf' }) });
  await call(host, { payload: createPayload({ id: 'p', body: 'a,b', mediaType: 'text/csv' }) });
  assert.deepEqual(seen.map(({ body, headers }) => [body, headers['content-type']]), [[new Uint8Array([1, 2]), 'application/pdf'], ['a,b', 'text/csv; charset=utf-8']]);
});

describe('what goes on are the items that got through', () => {
  const itemErrors = { path: '$.errors', index: 'line', message: 'why' };
  const items = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }];
  const cases: readonly (readonly [what: string, endpoint: Partial<EndpointManifest>, body: unknown, lines: readonly number[], onward: readonly unknown[]])[] = [
    ['of a payload that is sent as one', {}, items, [1, 3], [[{ id: 1 }, { id: 3 }]]],
    ['of one of which nothing is refused, it itself', {}, items, [], [items]],
    ['of one of which all is refused, nothing', {}, items, [0, 1, 2, 3], []],
    ['of a single record that is refused, nothing', {}, { id: 1 }, [0], []],
    ['of batches', { per: { batch: 3 } }, items, [0], [[{ id: 2 }, { id: 3 }]]],
    ['of records one by one', { per: 'record' }, items, [0], []],
  ];
  for (const [what, endpoint, body, lines, onward] of cases) {
    test(what, async () => {
      const told = await send({ itemErrors, ...endpoint }, body, () => json({ errors: lines.map((line) => ({ line, why: 'x' })) }), { passesInput: true });
      assert.deepEqual([told.error, told.bodies], [undefined, onward]);
    });
  }

  test('an answer that has no place in a record is told of: what was sent is through', async () => {
    const told = await send({ per: 'record' }, [{ id: 1 }, { id: 2, to: 'x' }, { id: 3 }], () => json({ ok: 1 }), { mergeAt: '$.to.answer' });
    assert.deepEqual([told.error, told.bodies, told.checkpoint], [undefined, [{ id: 1, to: { answer: { ok: 1 } } }, { id: 2, to: 'x' }, { id: 3, to: { answer: { ok: 1 } } }], { next: 3, passed: 0 }]);
    const never = await send({ per: 'record' }, [{ id: 1 }], () => assert.fail('nothing is sent'), { mergeAt: '$.to[*].x' });
    assert.equal(never.error?.code, 'CONFIG_PATH');
  });

  test('with their answers, where these are put into them', async () => {
    const answer = json([{ ok: 1 }, { line: 1, why: 'x' }, { ok: 3 }, { ok: 4 }]);
    const told = await send({ itemErrors: { path: '$[?@.why]', index: 'line', message: 'why' } }, items, () => answer, { mergeAt: '$.to' });
    assert.deepEqual(told.bodies, [[{ id: 1, to: { ok: 1 } }, { id: 3, to: { ok: 3 } }, { id: 4, to: { ok: 4 } }]]);
  });
});
