import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HttpRequest } from '../sdk/index.ts';
import { respond, responseOf, strongest, type Challenge } from './digest.ts';

const get = (url: string): HttpRequest => ({ method: 'GET', url, headers: {} });
const rfc = { realm: 'http-auth@example.org', nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v', opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS', qop: 'auth, auth-int' };
const mufasa = { user: 'Mufasa', password: 'Circle of Life', request: get('http://www.example.org/dir/index.html'), count: 1, cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' };
const old = { realm: 'testrealm@host.com', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093', opaque: '5ccc069c403ebaf9f0171e9517f40e41' };

describe('published answers', () => {
  const cases: readonly (readonly [what: string, challenge: Challenge, given: Parameters<typeof respond>[1], response: string])[] = [
    ['RFC 7616, 3.9.1 with MD5', { ...rfc, algorithm: 'MD5' }, mufasa, '8ca523f5e9506fed4657c9700eebdbec'],
    ['RFC 7616, 3.9.1 with SHA-256', { ...rfc, algorithm: 'SHA-256' }, mufasa, '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
    ['RFC 2617, 3.5', { ...old, qop: 'auth,auth-int' }, { user: 'Mufasa', password: 'Circle Of Life', request: get('http://host.com/dir/index.html'), count: 1, cnonce: '0a4f113b' }, '6629fae49393a05397450978507c4ef1'],
    ['RFC 2069, as corrected: no quality', old, { user: 'Mufasa', password: 'CircleOfLife', request: get('http://host.com/dir/index.html'), count: 1, cnonce: '' }, '1949323746fe6a43ef61f9606e7febea'],
  ];
  for (const [what, challenge, given, response] of cases) {
    test(what, () => assert.equal(/response="([^"]+)"/.exec(respond(challenge, given))?.[1], response));
  }
});

describe('published answers to SIP servers, which count as those of HTTP do (draft-smith-sipping-auth-examples)', () => {
  const bob = { user: 'bob', realm: 'biloxi.com', password: 'zanzibar', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093', cnonce: '0a4f113b', nc: '00000001', method: 'INVITE', uri: 'sip:bob@biloxi.com', bodyHash: 'c1ed018b8ec4a3b170c0921f5b564e48' };
  for (const [what, algorithm, qop, response] of [
    ['3.1: no quality', 'MD5', undefined, 'bf57e4e0d0bffc0fbaedce64d59add5e'], ['3.3: MD5', 'MD5', 'auth', '89eb0059246c02b2f6ee02c7961d5ea3'], ['3.4: MD5-sess', 'MD5-sess', 'auth', 'e4e4ea61d186d07a92c9e1f6919902e9'],
    ['3.5: MD5 with integrity', 'MD5', 'auth-int', 'bdbeebb2da6adb6bca02599c2239e192'], ['3.6: MD5-sess with integrity', 'MD5-sess', 'auth-int', '91984da2d8663716e91554859c22ca70'],
  ] as const) test(what, () => assert.equal(responseOf({ ...bob, algorithm, qop }), response));
});

describe('the rest of RFC 7616', () => {
  const fieldsOf = (challenge: Partial<Challenge>, more: Partial<typeof mufasa> = {}): string => respond({ ...rfc, ...challenge }, { ...mufasa, ...more });
  test('3.9.2, as corrected by erratum 4897: a user name as a hash, or as it is', () => {
    const challenge = { realm: 'api@example.org', nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK', opaque: 'HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS', qop: 'auth', algorithm: 'SHA-512-256' };
    const given = { user: 'J\u{e4}s\u{f8}n Doe', password: 'Secret, or not?', request: get('http://api.example.org/doe.json'), count: 1, cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v' };
    const response = 'response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"';
    const hashed = respond({ ...challenge, userhash: 'true' }, given);
    assert.ok(hashed.startsWith('Digest username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b", ') && hashed.includes(response) && hashed.endsWith(', userhash=true'), hashed);
    const plain = respond(challenge, given);
    assert.ok(plain.startsWith("Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, ") && plain.includes(response) && !plain.includes('userhash'), plain);
  });
  test('each use of a challenge has its number', () => assert.match(fieldsOf({}, { count: 171 }), /qop=auth, nc=000000ab, /));
  test('integrity counts the body', () => {
    const request = { method: 'POST', url: 'http://www.example.org/', headers: {} };
    const answers = ['a', 'b'].map((body) => fieldsOf({ qop: 'auth-int' }, { request: { ...request, body } }));
    assert.notEqual(answers[0], answers[1]);
    assert.match(answers[0]!, /qop=auth-int/);
  });
  test('a session depends on the nonce of the client', () => assert.notEqual(fieldsOf({ algorithm: 'SHA-512-256-sess' }), fieldsOf({ algorithm: 'SHA-512-256-sess' }, { cnonce: 'x' })));
  test('texts with quotes', () => assert.match(fieldsOf({ realm: 'a "b"' }), /realm="a \\"b\\""/));
});

describe('which challenge is answered', () => {
  for (const [what, header, nonce] of [
    ['the only one', 'Digest realm="r", nonce="1"', '1'],
    ['without spaces', 'Digest realm="r",nonce="1",qop="auth,auth-int",stale=true', '1'],
    ['beside others', 'Negotiate, Basic realm="Digest realm=\\"x\\", nonce=\\"y\\"", Digest realm="r", nonce="1"', '1'],
    ['before another', 'Digest realm="r", nonce="1", Bearer error="e"', '1'],
    ['the strongest', 'Digest realm="r", nonce="1", algorithm=SHA-512-256, Digest realm="r", nonce="2", algorithm=MD5', '1'],
    ['the strongest, wherever it stands', 'Digest realm="r", nonce="1", algorithm=MD5, Digest realm="r", nonce="2", algorithm=SHA-512-256, Digest realm="r", nonce="3", algorithm=SHA-256', '2'],
    ['one of a hash that is not known is left out', 'Digest realm="r", nonce="1", algorithm=token, Digest realm="r", nonce="2", algorithm=md5-SESS', '2'],
    ['after a token of another scheme', 'Negotiate YIIJvwYGKwYBBQUCoIIJszCC==, Digest realm="r", nonce="1"', '1'],
    ['with spaces around the signs', '  Digest  realm = "r" ,, nonce = 1 ', '1'],
    ['with signs of a quote in a quote', 'Digest realm="a \\"b\\", nonce=\\"2\\"", nonce="1"', '1'],
    ['one whose quote does not end', 'Digest realm="r", nonce="1', '1'],
    ['none', 'Basic realm="r"', undefined],
    ['none without a nonce', 'Digest realm="r"', undefined],
    ['nothing', '', undefined],
  ] as const) test(what, () => assert.equal(strongest(header)?.nonce, nonce));
});

// Each takes hours where a header is read again from every place in it.
describe('a header of any length is read once', () => {
  const many = 2_000_000;
  for (const [what, header] of [
    ['spaces', `Digest${' '.repeat(many)}`], ['words', 'a '.repeat(many)], ['one word', 'a'.repeat(many)], ['equals signs', '='.repeat(many)], ['commas', ','.repeat(many)], ['quotes', '"'.repeat(many)],
    ['names without values', 'a= '.repeat(many)], ['a quote that does not end', `Digest realm="${'\\"'.repeat(many)}`], ['quotes without an end', 'a="'.repeat(many)],
  ] as const) test(what, () => assert.equal(strongest(`${header}, Digest realm="r", nonce="1"`)?.nonce, what === 'a quote that does not end' ? undefined : '1'));
});
