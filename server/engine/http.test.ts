import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type HttpRequest } from '../../plugins/sdk/index.ts';
import { connectorHost } from '../../test/support/connector-host.ts';
import type { RunEvent } from '../model/run-event.ts';
import type { EngineHost, RawResponse } from './host.ts';
import { scopedHttp, unsignedView, type SendOptions } from './http.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function exchange(request: Partial<HttpRequest>, answer: Partial<RawResponse> | FlowError = {}, options?: SendOptions) {
  const events: RunEvent[] = [];
  const sent: HttpRequest[] = [];
  const heard: string[] = [];
  const plain = connectorHost({
    send(given) {
      sent.push(given);
      if (answer instanceof FlowError) throw answer;
      return { status: 200, headers: {}, body: new Uint8Array(), ...answer };
    },
  });
  const host = { ...plain, bodies: { ...plain.bodies, hear: (text: string) => void heard.push(text) } };
  const http = scopedHttp(host, { step: 's', payload: 'p', attempt: 2, signal: new AbortController().signal, emit: (event) => void events.push(event) });
  const told = await http.send({ method: 'GET', url: 'https://shop.test/', headers: {}, ...request }, options).then((response) => ({ response, error: undefined }), (error: unknown) => ({ response: undefined, error }));
  return { ...told, sent, events, heard, host };
}

describe('the body of an answer', () => {
  const cases: readonly (readonly [type: string | undefined, body: string | Uint8Array, expected: unknown])[] = [
    ['application/json', '{"a":1}', { a: 1 }],
    ['Application/JSON; charset=utf-8', '[1]', [1]],
    ['application/vnd.shop.v2+json', 'null', null],
    ['application/json', '\ufeff{"a":1}', { a: 1 }],
    ['application/json', '', ''],
    ['application/json', '{"a":', '{"a":'],
    ['text/csv', 'a,é', 'a,é'],
    ['text/plain; charset=iso-8859-1', new Uint8Array([0xe9]), 'é'],
    ['text/plain; charset="utf-16le"', new Uint8Array([0x41, 0]), 'A'],
    ['text/plain; charset=nonsense', 'é', 'é'],
    ['text/csv', 'é', 'é'],
    ['text/csv', new Uint8Array([0xe9]), new Uint8Array([0xe9])],
    ['text/csv; charset=utf-8', new Uint8Array([0xe9]), new Uint8Array([0xe9])],
    ['text/csv; charset=nonsense', new Uint8Array([0xe9]), new Uint8Array([0xe9])],
    ['application/json', new Uint8Array([0x22, 0xe9, 0x22]), new Uint8Array([0x22, 0xe9, 0x22])],
    ['application/json; charset=iso-8859-1', new Uint8Array([0x22, 0xe9, 0x22]), 'é'],
    ['application/json; charset=iso-8859-1', '"é"', 'é'],
    ['application/xml', '<a/>', '<a/>'],
    ['application/atom+xml', '<a/>', '<a/>'],
    ['application/x-ndjson', '{}\n{}', '{}\n{}'],
    ['application/pdf', new Uint8Array([37]), new Uint8Array([37])],
    ['application/octet-stream', 'text', bytes('text')],
    [undefined, '{"a":1}', '{"a":1}'],
    [undefined, new Uint8Array([255]), new Uint8Array([255])],
    [undefined, '', ''],
  ];
  for (const [type, body, expected] of cases) {
    test(`${type}: ${JSON.stringify(body)}`, async () => {
      const { response } = await exchange({}, { headers: type === undefined ? {} : { 'content-type': type }, body: typeof body === 'string' ? bytes(body) : body });
      assert.deepEqual(response?.body, expected);
    });
  }
});

test('numbers that are too long stay whole, and the log of the run says so once', async () => {
  const events: RunEvent[] = [];
  const emit = (event: RunEvent): void => void events.push(event);
  const host = connectorHost({ send: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: bytes('{"id":9007199254740993,"n":1}') }) });
  for (let attempt = 1; attempt < 3; attempt++) {
    const { body } = await scopedHttp(host, { step: 's', attempt, signal: new AbortController().signal, emit }).send({ method: 'GET', url: 'https://shop.test/', headers: {} });
    assert.deepEqual(body, { id: '9007199254740993', n: 1 });
  }
  const logs = events.filter((event) => event.type === 'log');
  assert.deepEqual(logs.map(({ level, fields, step }) => ({ level, fields, step })), [{ level: 'warn', fields: { number: '9007199254740993' }, step: 's' }]);
});

describe('a request that cannot be sent is not', () => {
  const cases: readonly (readonly [what: string, request: Partial<HttpRequest>])[] = [
    ['no address', { url: '' }], ['a relative one', { url: '/orders' }], ['a file', { url: 'file:///etc/passwd' }], ['another protocol', { url: 'ftp://shop.test/' }],
    ['a line break in a header', { headers: { 'x-a': 'b\r\nx-c: d' } }], ['a letter beyond Latin-1', { headers: { 'x-a': '€' } }], ['a null', { headers: { 'x-a': '\0' } }],
    ['a header without a name', { headers: { '': 'x' } }], ['a name that is none', { headers: { 'x a': 'x' } }], ['a name with a line break', { headers: { 'x\n': 'x' } }],
    ['a header that belongs to the protocol', { headers: { host: 'other.test' } }], ['and another', { headers: { 'content-length': '1' } }], ['and one more', { headers: { 'transfer-encoding': 'chunked' } }],
  ];
  for (const [what, request] of cases) {
    test(what, async () => {
      const { error, sent, events } = await exchange(request);
      assert.ok(FlowError.is(error, 'DATA_INVALID'), String(error));
      assert.deepEqual([sent, events], [[], []]);
    });
  }

  test('one without a time limit gets one', async () => {
    assert.deepEqual([(await exchange({})).sent[0]!.timeoutMs, (await exchange({ timeoutMs: 5 })).sent[0]!.timeoutMs], [30_000, 5]);
  });

  test('tabs, spaces and Latin-1 may stand in headers', async () => {
    const { sent } = await exchange({ headers: { 'x-a': 'a\tb é' } });
    assert.equal(sent[0]!.headers['x-a'], 'a\tb é');
  });
});

describe('what is recorded', () => {
  test('the time without the waiting for a connection', async () => {
    const events: RunEvent[] = [];
    const host: EngineHost = connectorHost({ transport: { async send(_request, { onTurn, signal }) {
      await host.clock.sleep(700, signal);
      onTurn?.();
      await host.clock.sleep(30, signal);
      return { status: 200, headers: {}, body: new Uint8Array() };
    } } });
    await scopedHttp(host, { attempt: 1, signal: new AbortController().signal, emit: (event) => void events.push(event) }).send({ method: 'GET', url: 'https://shop.test/', headers: {} });
    assert.deepEqual(events.flatMap((event) => (event.type === 'exchange' ? [[event.exchange.waitedMs, event.exchange.durationMs]] : [])), [[700, 30]]);
  });
  test('the exchange, with its place; the request first, so that what is hidden in it is hidden in the answer', async () => {
    const { events, host } = await exchange({ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' }, { status: 201, headers: { 'content-type': 'text/plain', 'set-cookie': 'sid=1' }, body: bytes('made') });
    const [event] = events;
    assert.ok(event?.type === 'exchange' && events.length === 1);
    const { id, ...told } = event.exchange;
    assert.deepEqual([event.step, event.payload, told], ['s', 'p', {
      method: 'POST', url: 'https://shop.test/', requestHeaders: { 'content-type': 'application/json' }, requestBody: 'body-1', attempt: 2, durationMs: 0,
      status: 201, responseHeaders: { 'content-type': 'text/plain', 'set-cookie': '•••' }, responseBody: 'body-2',
    }]);
    assert.deepEqual([id.length > 0, host.recorded], [true, ['{"a":1}', 'made']]);
  });

  test('an exchange that fails, with its error', async () => {
    const { events, error } = await exchange({}, new FlowError('REMOTE_TIMEOUT', 'Too late.'));
    const [event] = events;
    assert.ok(FlowError.is(error, 'REMOTE_TIMEOUT') && event?.type === 'exchange');
    assert.deepEqual([event.exchange.error?.code, event.exchange.status], ['REMOTE_TIMEOUT', undefined]);
  });

  test('each request of an attempt has an id of its own, the same on a replay', async () => {
    const idsOf = async (): Promise<unknown[]> => {
      const events: RunEvent[] = [];
      const http = scopedHttp(connectorHost({}), { step: 's', payload: 'p', attempt: 1, signal: new AbortController().signal, emit: (event) => void events.push(event) });
      for (let count = 0; count < 3; count++) await http.send({ method: 'GET', url: 'https://shop.test/', headers: {} });
      return events.map((event) => event.type === 'exchange' && event.exchange.id);
    };
    const ids = await idsOf();
    assert.deepEqual([new Set(ids).size, await idsOf()], [3, ids]);
  });

  const views: readonly (readonly [signed: readonly [url: string, headers: Record<string, string>], unsigned: readonly [url: string, headers: Record<string, string>] | undefined, url: string, headers: Record<string, string>])[] = [
    [['https://a.test/?b=c', { 'x-a': '1' }], undefined, 'https://a.test/?b=c', { 'x-a': '1' }],
    [['https://a.test/', { authorization: 'Bearer t', cookie: 'a=b' }], undefined, 'https://a.test/', { authorization: 'Bearer •••', cookie: '•••' }],
    [['https://a.test/', { 'x-key': 'k', 'x-a': '1' }], ['https://a.test/', { 'x-a': '1' }], 'https://a.test/', { 'x-key': '•••', 'x-a': '1' }],
    [['https://a.test/', { 'x-key': 'k' }], ['https://a.test/', { 'x-key': 'of the manifest' }], 'https://a.test/', { 'x-key': '•••' }],
    [['https://a.test/?b=c&key=k', {}], ['https://a.test/?b=c', {}], 'https://a.test/?b=c&key=•••', {}],
    [['https://a.test/?key=k', {}], ['https://a.test/?key=old', {}], 'https://a.test/?key=•••', {}],
    [['https://a.test/of/k', {}], ['https://a.test/', {}], 'https://a.test/', {}],
  ];
  for (const [[url, headers], unsigned, expected, shown] of views) {
    test(`signed: ${url} ${JSON.stringify(headers)}`, () => {
      assert.deepEqual(unsignedView({ method: 'GET', url, headers }, unsigned && { method: 'GET', url: unsigned[0], headers: unsigned[1] }), { url: expected, headers: shown });
    });
  }
});

const hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const signedBy: readonly (readonly [title: string, headers: Readonly<Record<string, string>>, heard: readonly string[]])[] = [
  ['AWS', { 'x-amz-content-sha256': hash, 'x-amz-date': '20150830T123600Z', authorization: `AWS4-HMAC-SHA256 Credential=AKID/20150830/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-customer-number-of-shop, Signature=${hash.slice(2)}` }, [hash, 'AKID/20150830/eu-west-1/s3/aws4_request', hash.slice(2)]],
  ['OAuth 1', { authorization: `OAuth oauth_signature_method="HMAC-SHA256", oauth_signature="tnnArxj06cWHq44gCs1OSKk/jLY=", oauth_version="1.0"` }, ['tnnArxj06cWHq44gCs1OSKk/jLY=', 'tnnArxj06cWHq44gCs1OSKk/jLY']],
];
for (const [title, headers, expected] of signedBy) {
  test(`of what is signed the signatures are heard, and no names of headers and parameters: ${title}`, async () => {
    const unsigned: HttpRequest = { method: 'GET', url: 'https://shop.test/', headers: { 'x-customer-number-of-shop': '7' } };
    const { heard } = await exchange({ headers: { ...unsigned.headers, ...headers } }, {}, { unsigned });
    assert.deepEqual([...new Set(heard)], expected);
  });
}

test('signatures of signed addresses are hidden, in the address and in the headers that lead on; nothing of it is sent otherwise', async () => {
  const url = 'https://files.test/a?X-Amz-Date=1&X-Amz-Signature=abc&x=1&sig=d%2Fe';
  const { sent, events } = await exchange({ url }, { status: 200, headers: { location: '/b?Signature=geheim&y=2', link: '<https://files.test/c?X-Goog-Signature=hush>; rel="next"' } });
  const { exchange: seen } = events.find((event) => event.type === 'exchange') as RunEvent & { readonly type: 'exchange' };
  assert.deepEqual([sent[0]!.url, seen.url, seen.responseHeaders], [url, 'https://files.test/a?X-Amz-Date=1&X-Amz-Signature=•••&x=1&sig=•••', { location: '/b?Signature=•••&y=2', link: '<https://files.test/c?X-Goog-Signature=•••>; rel="next"' }]);
});
