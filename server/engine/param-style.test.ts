import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { EndpointManifest, EndpointParam } from '../model/connector.ts';
import { createPayload } from './payload.ts';
import { compileRequest } from './request-template.ts';
import { converterOf } from '../../test/support/converters.ts';

async function build(endpoint: Partial<EndpointManifest>, params: unknown, payload: unknown = {}) {
  const template = await compileRequest({ converter: converterOf,
    endpoint: { title: 'It', direction: 'receive', method: 'GET', path: '/it', ...endpoint }, headers: {}, base: new URL('https://shop.test'), timeoutMs: 5, name: 'it',
    env: { transform: async () => assert.fail('no transform here'), roots: ['params', 'payload'] },
  });
  return template.build({ scope: { params, payload }, context: { now: 0, random: () => 0 }, payload: createPayload({ id: 'p', body: payload }) });
}

const list = ['blue', 'black', 'a b,c'];
const object = { R: 100, G: 'x&y' };

describe('the query', () => {
  const cases: readonly (readonly [param: EndpointParam, value: unknown, expected: string])[] = [
    [{}, list, '?color=blue&color=black&color=a%20b%2Cc'],
    [{}, object, '?color=%7B%22R%22%3A100%2C%22G%22%3A%22x%26y%22%7D'],
    [{ style: 'form' }, 'blue', '?color=blue'],
    [{ style: 'form' }, list, '?color=blue&color=black&color=a%20b%2Cc'],
    [{ style: 'form', explode: false }, list, '?color=blue,black,a%20b%2Cc'],
    [{ style: 'form' }, object, '?R=100&G=x%26y'],
    [{ style: 'form', explode: false }, object, '?color=R,100,G,x%26y'],
    [{ style: 'spaceDelimited', explode: false }, list, '?color=blue%20black%20a%20b%2Cc'],
    [{ style: 'pipeDelimited', explode: false }, list, '?color=blue%7Cblack%7Ca%20b%2Cc'],
    [{ style: 'spaceDelimited', explode: true }, ['a', 'b'], '?color=a&color=b'],
    [{ style: 'deepObject' }, object, '?color%5BR%5D=100&color%5BG%5D=x%26y'],
    [{ style: 'deepObject' }, { a: { b: 1 }, c: [2, 3], d: null }, '?color%5Ba%5D%5Bb%5D=1&color%5Bc%5D%5B%5D=2&color%5Bc%5D%5B%5D=3'],
    [{ style: 'json' }, ['a'], '?color=%5B%22a%22%5D'],
    [{ style: 'json' }, 'a', '?color=%22a%22'],
    [{ style: 'form', explode: false }, [], ''],
    [{ style: 'form' }, {}, ''],
    [{ style: 'form' }, null, ''],
    [{ style: 'form', explode: false, name: 'filter[in]' } as EndpointParam, ['a', 'b'], '?filter%5Bin%5D=a,b'],
  ];
  for (const [param, value, expected] of cases) {
    test(`${JSON.stringify(param)} ${JSON.stringify(value)}`, async () => assert.equal((await build({ params: { color: { in: 'query', ...param } as EndpointParam } }, { color: value })).url, `https://shop.test/it${expected}`));
  }
  test('a param that is not given makes nothing', async () => assert.equal((await build({ params: { color: { in: 'query', style: 'form' } as EndpointParam } }, {})).url, 'https://shop.test/it'));
  test('a template of the same name takes its place', async () => assert.equal((await build({ query: { color: '{{ params.color }}' }, params: { color: { in: 'query', style: 'form', explode: false } as EndpointParam } }, { color: ['a', 'b'] })).url, 'https://shop.test/it?color=a&color=b'));
});

describe('the path', () => {
  const cases: readonly (readonly [param: EndpointParam, value: unknown, expected: string])[] = [
    [{ style: 'simple' }, 'a/b', 'a%2Fb'],
    [{ style: 'simple' }, list, 'blue,black,a%20b%2Cc'],
    [{ style: 'simple' }, object, 'R,100,G,x%26y'],
    [{ style: 'simple', explode: true }, object, 'R=100,G=x%26y'],
    [{ style: 'path' }, 'a/b c/d?e#f%', 'a/b%20c/d%3Fe%23f%25'],
    [{ style: 'path' }, '/a/b', 'a/b'],
    [{ style: 'path' }, ['a/b', 'c d'], 'a/b/c%20d'],
    [{ style: 'path' }, 7, '7'],
    [{}, 'a b', 'a%20b'],
    [{ style: 'label' }, 'blue', '.blue'],
    [{ style: 'label' }, ['a', 'b'], '.a,b'],
    [{ style: 'label', explode: true }, ['a', 'b'], '.a.b'],
    [{ style: 'label', explode: true }, object, '.R=100.G=x%26y'],
    [{ style: 'label' }, object, '.R,100,G,x%26y'],
    [{ style: 'matrix' }, 'blue', ';color=blue'],
    [{ style: 'matrix' }, ['a', 'b'], ';color=a,b'],
    [{ style: 'matrix', explode: true }, ['a', 'b'], ';color=a;color=b'],
    [{ style: 'matrix' }, object, ';color=R,100,G,x%26y'],
    [{ style: 'matrix', explode: true }, object, ';R=100;G=x%26y'],
  ];
  for (const [param, value, expected] of cases) {
    for (const path of ['/it/{{ params.color }}/x', '/it/{{ params["color"] }}/x']) {
      test(`${path} ${JSON.stringify(param)} ${JSON.stringify(value)}`, async () => assert.equal((await build({ path, params: { color: { in: 'path', ...param } as EndpointParam } }, { color: value })).url, `https://shop.test/it/${expected}/x`));
    }
  }
  for (const value of ['../secret', 'a/../../b', 'a//b', 'a/./b', '', '/', 'a/']) {
    test(`with its slashes, but nowhere else: ${JSON.stringify(value)}`, () => assert.rejects(build({ path: '/it/{{ params.color }}', params: { color: { in: 'path', style: 'path' } as EndpointParam } }, { color: value }), (error) => FlowError.is(error, 'DATA_INVALID')));
  }
  for (const [value, kind] of [[list, 'a list'], [object, 'an object']] as const) {
    test(`without a style there is no place for ${kind}`, async () => {
      for (const [path, expression] of [['/it/{{ params.color }}', '{{ params.color }}'], ['/it/{{ payload.color }}/x', '{{ payload.color }}']] as const) {
        await assert.rejects(build({ path, params: { color: { in: 'path' } as EndpointParam } }, { color: value }, { color: value }), (error) => {
          assert.ok(FlowError.is(error, 'DATA_INVALID'));
          assert.ok(error.message.includes(`${expression} gives ${kind}`), error.message);
          assert.match(error.remedy, /"style": "simple"/);
          return true;
        });
      }
    });
    test(`behind the question mark of a path ${kind} is JSON, as in the query`, async () => assert.equal((await build({ path: '/it?c={{ payload.color }}' }, {}, { color: value })).url, `https://shop.test/it?c=${encodeURIComponent(JSON.stringify(value))}`));
  }
  test('an empty list would be another address', () => assert.rejects(build({ path: '/it/{{ params.color }}', params: { color: { in: 'path', style: 'simple' } as EndpointParam } }, { color: [] }), (error) => FlowError.is(error, 'DATA_INVALID')));
});

describe('headers', () => {
  const cases: readonly (readonly [param: EndpointParam, value: unknown, expected: string])[] = [
    [{}, list, '["blue","black","a b,c"]'],
    [{ style: 'simple' }, list, 'blue,black,a b,c'],
    [{ style: 'simple' }, object, 'R,100,G,x&y'],
    [{ style: 'simple', explode: true }, object, 'R=100,G=x&y'],
    [{ style: 'json' }, ['a'], '["a"]'],
  ];
  for (const [param, value, expected] of cases) {
    test(`${JSON.stringify(param)} ${JSON.stringify(value)}`, async () => assert.equal((await build({ params: { color: { in: 'header', name: 'X-Color', ...param } as EndpointParam } }, { color: value })).headers['x-color'], expected));
  }
});

test('no body', async () => {
  const { headers, body } = await build({ direction: 'send', method: 'POST', body: { format: 'none' } }, {}, { a: 1 });
  assert.deepEqual([headers['content-type'], body], [undefined, undefined]);
});

describe('a multipart body', () => {
  const send = async (payload: unknown) => {
    const { headers, body } = await build({ direction: 'send', method: 'POST', body: { format: 'multipart' } }, {}, payload);
    return { type: headers['content-type']!, text: typeof body === 'string' ? body : new TextDecoder().decode(body) };
  };
  test('fields, a list, an object and a file', async () => {
    const { type, text } = await send({ a: 'é', n: [1, 2], o: { x: 1 }, none: null, f: { fileName: 'a"\n.csv', mediaType: 'text/csv', text: 'x\r\ny' }, g: { fileName: 'g', base64: 'aGk=' } });
    const boundary = type.replace('multipart/form-data; boundary=', '');
    assert.equal(text, [
      `--${boundary}`, 'content-disposition: form-data; name="a"', '', 'é',
      `--${boundary}`, 'content-disposition: form-data; name="n"', '', '1',
      `--${boundary}`, 'content-disposition: form-data; name="n"', '', '2',
      `--${boundary}`, 'content-disposition: form-data; name="o"', 'content-type: application/json', '', '{"x":1}',
      `--${boundary}`, 'content-disposition: form-data; name="f"; filename="a%22%0A.csv"', 'content-type: text/csv', '', 'x\r\ny',
      `--${boundary}`, 'content-disposition: form-data; name="g"; filename="g"', 'content-type: application/octet-stream', '', 'hi',
      `--${boundary}--`, '',
    ].join('\r\n'));
  });
  test('no content can end its part', async () => {
    const first = (await send({ a: '' })).type.split('=')[1]!;
    assert.notEqual((await send({ a: `x\r\n--${first}--\r\n` })).type.split('=')[1], first);
  });
  test('what is no object is refused', () => assert.rejects(send([1]), (error) => FlowError.is(error, 'DATA_INVALID')));
  test('so is what is no base64', () => assert.rejects(send({ f: { fileName: 'a', base64: '%' } }), (error) => FlowError.is(error, 'DATA_INVALID')));
});
