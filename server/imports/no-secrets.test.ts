import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findingsOf } from '../../test/support/imported.ts';
import type { ImportKind } from './about.ts';
import { importText } from './import.ts';

/** Secrets of many looks. Those of `plain` are known by the names before them alone. */
const looks = { stripe: 'sk_live_4eC39HqLyjWDarjtT1zdp7dc', web: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', hex: 'b64f1c8e2d3a4f5b6c7d8e9fa0b1c2d3', random: 'Zx8Qw2Lr9Tm4Kp7Vn3Bs6Hd', pair: 'YWRhOmh1c2gtaHVzaA==', aws: 'AKIAIOSFODNN7EXAMPLE' };
const plain = 'Hush-4711';

/** All secrets of a kind, one after the other, in a place of a source: the result may hold them in no writing. */
function check(kind: ImportKind, place: string, source: (secret: string) => string, secrets: readonly string[]): void {
  test(`${kind}: ${place}`, () => {
    for (const secret of secrets) {
      const result = importText(kind, source(secret));
      const written = JSON.stringify(result).toLowerCase();
      for (const text of [secret, encodeURIComponent(secret), secret.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/-$/, ''), btoa(secret)]) assert.ok(!written.includes(text.toLowerCase()), `${secret} stands in ${written.slice(Math.max(0, written.indexOf(text.toLowerCase()) - 200), written.indexOf(text.toLowerCase()) + 80)}`);
      assert.match(JSON.stringify(result.skipped), /[Ss]ecret|[Cc]ookie|made anew/, `${secret}: the report says so`);
      assert.deepEqual(findingsOf(result), []);
    }
  });
}

const all = [plain, ...Object.values(looks)];
const byLooks = Object.values(looks);
const names = ['sid', 'code', 'hmac', 'signature', 'apikey', 'api_key', 'X-Auth', 'X-Shop-Token', 'X-Shop-Hmac-Sha256', 'session', 'access_token', 'auth[token]', 'client_secret', 'pass', 'otp', 'PHPSESSID', 'AWSAccessKeyId', 'oauth_signature'];

interface Parts { readonly url?: string; readonly headers?: readonly (readonly [string, string])[]; readonly query?: readonly (readonly [string, string])[]; readonly body?: { readonly type: string; readonly text: string }; readonly answer?: { readonly type: string; readonly text: string } }

const har = ({ url = 'https://a.test/orders', headers = [], query, body, answer = { type: 'application/json', text: '[{"id":1}]' } }: Parts): string => JSON.stringify({ log: { entries: [{
  request: { method: body ? 'POST' : 'GET', url: query ? `${url}?${new URLSearchParams(query as [string, string][]).toString()}` : url, headers: headers.map(([name, value]) => ({ name, value })), ...(body && { postData: { mimeType: body.type, text: body.text } }) },
  response: { status: 200, headers: [{ name: 'Set-Cookie', value: `sid=${plain}` }], content: { mimeType: answer.type, text: answer.text } },
}] } });
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const curl = ({ url = 'https://a.test/orders', headers = [], query, body }: Parts): string => ['curl', quoted(query ? `${url}?${new URLSearchParams(query as [string, string][]).toString()}` : url), ...headers.flatMap(([name, value]) => ['-H', quoted(`${name}: ${value}`)]), ...(body ? ['-H', quoted(`content-type: ${body.type}`), '--data-raw', quoted(body.text)] : [])].join(' ');
const postman = ({ url = 'https://a.test/orders', headers = [], query = [], body, answer }: Parts, more: object = {}): string => JSON.stringify({ info: { name: 'Shop' }, item: [{
  name: 'Orders', request: { method: body ? 'POST' : 'GET', url: { raw: url, query: query.map(([key, value]) => ({ key, value })) }, header: headers.map(([key, value]) => ({ key, value })), ...(body && { body: { mode: 'raw', raw: body.text } }), ...(body && { header: [...headers.map(([key, value]) => ({ key, value })), { key: 'Content-Type', value: body.type }] }) },
  ...(answer && { response: [{ code: 200, header: [{ key: 'Content-Type', value: answer.type }], body: answer.text }] }),
}], ...more });
const captured = [['har', har], ['curl', curl], ['postman', postman]] as const;

describe('no secret of a request gets into a connector', () => {
  for (const [kind, write] of captured) {
    for (const name of names) {
      check(kind, `the parameter ${name}`, (secret) => write({ query: [['page', '1'], [name, secret]] }), all);
      check(kind, `the form field ${name}`, (secret) => write({ body: { type: 'application/x-www-form-urlencoded', text: new URLSearchParams({ a: 'b', [name]: secret }).toString() } }), all);
      if (/^[\w-]+$/.test(name)) check(kind, `the header ${name}`, (secret) => write({ headers: [[name, secret]] }), all);
      if (/^\w+$/.test(name) && name !== 'code') {
        check(kind, `the JSON field ${name}`, (secret) => write({ body: { type: 'application/json', text: JSON.stringify({ a: [{ b: { [name]: secret } }] }) } }), all);
        check(kind, `the element ${name}`, (secret) => write({ body: { type: 'text/xml', text: `<a xmlns:w="w"><w:${name} kind="x">${secret}</w:${name}></a>` } }), all);
        check(kind, `the attribute ${name}`, (secret) => write({ body: { type: 'application/soap+xml', text: `<a ${name}="${secret}"/>` } }), all);
        check(kind, `the line ${name} of a text`, (secret) => write({ body: { type: 'text/plain', text: `a: b\n${name}: ${secret}\n` } }), all);
        check(kind, `${name} in JSON in a text`, (secret) => write({ body: { type: 'application/json', text: JSON.stringify({ inner: JSON.stringify({ [name]: secret }) }) } }), all);
      }
    }
    check(kind, 'cookies', (secret) => write({ headers: [['Cookie', `a=${secret}; b=${secret}`]] }), all);
    check(kind, 'authorization', (secret) => write({ headers: [['Authorization', `Bearer ${secret}`]] }), all);
    check(kind, 'authorization in some other header', (secret) => write({ headers: [['X-Original', `Bearer ${secret}`]] }), all);
    check(kind, 'a header of no telling name', (secret) => write({ headers: [['X-Shop', secret]] }), byLooks);
    check(kind, 'a parameter of no telling name', (secret) => write({ query: [['q', secret]] }), byLooks);
    check(kind, 'an address in a parameter', (secret) => write({ query: [['back', `https://u:${secret}@b.test/?token=${secret}`]] }), all);
    check(kind, 'the name of a parameter', (secret) => write({ query: [[secret, '']] }), byLooks.filter((secret) => !secret.includes('.')));
    check(kind, 'a part of the path', (secret) => write({ url: `https://a.test/hooks/${secret}/orders` }), byLooks);
    check(kind, 'the part of the path behind a name', (secret) => write({ url: `https://a.test/token/${secret}/orders` }), all);
    check(kind, 'a part of the path with its name', (secret) => write({ url: `https://a.test/orders;jsessionid=${secret}/x` }), all);
    check(kind, 'user and password of the address', (secret) => write({ url: `https://ada:${secret}@a.test/orders`, headers: [['X-Api-Key', secret]] }), [plain, looks.stripe, looks.hex]);
    check(kind, 'a web hook of a chat', (secret) => write({ url: `https://a.test/services/T00000000/B00000000/${secret}` }), byLooks);
    check(kind, 'a bot', (secret) => write({ url: `https://a.test/bot123456789:${secret}${secret}/send` }), [looks.hex, looks.random]);
    check(kind, 'rows with names of columns', (secret) => write({ body: { type: 'text/csv', text: `user,password\nada,${secret}\n` } }), all);
    check(kind, 'a part of a multipart body', (secret) => write({ body: { type: 'multipart/form-data; boundary=b', text: `--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${secret}\r\n--b--` } }), all);
    check(kind, 'a GraphQL query', (secret) => write({ body: { type: 'application/json', text: JSON.stringify({ query: `mutation { login(user: "ada", password: "${secret}") { id } }`, variables: { token: secret } }) } }), all);
    check(kind, 'what is known from elsewhere', (secret) => write({ headers: [['X-Api-Key', secret]], body: { type: 'application/json', text: JSON.stringify({ note: `for ${secret} only`, [`at ${secret}`]: 1 }) } }), all);
    check(kind, 'a name and its value', (secret) => write({ body: { type: 'application/json', text: JSON.stringify([{ name: 'password', value: secret }, ['X-Token', secret]]) } }), all);
  }
  for (const [kind, write] of [['har', har], ['postman', postman]] as const) {
    check(kind, 'a field of the answer', (secret) => write({ answer: { type: 'application/json', text: JSON.stringify({ data: [{ id: 1, access_token: secret, tokens: [secret] }] }) } }), all);
    check(kind, 'the answer as a text', (secret) => write({ answer: { type: 'application/xml', text: `<a><SessionId>${secret}</SessionId></a>` } }), all);
    check(kind, 'a text of the answer', (secret) => write({ answer: { type: 'application/json', text: JSON.stringify({ note: `use ${secret}` }) } }), byLooks);
    check(kind, 'keys of the answer', (secret) => write({ answer: { type: 'application/json', text: JSON.stringify({ [secret]: { a: 1 } }) } }), byLooks);
  }
});

describe('no secret of a collection, a command line or an archive besides', () => {
  check('postman', 'a variable', (secret) => postman({ url: 'https://a.test/{{shopToken}}/orders', headers: [['X-Shop', '{{shopToken}}']], body: { type: 'application/json', text: '{"a":"{{shopToken}}"}' } }, { variable: [{ key: 'shopToken', value: secret }] }), all);
  check('postman', 'a variable of the type secret', (secret) => postman({ headers: [['X-Shop', '{{shop}}']] }, { variable: [{ key: 'shop', value: secret, type: 'secret' }] }), all);
  check('postman', 'names and descriptions', (secret) => JSON.stringify({ info: { name: `Shop ${secret}`, description: `Key ${secret}` }, auth: { type: 'apikey', apikey: [{ key: 'key', value: 'X-Key' }, { key: 'value', value: secret }] }, item: [{ name: `Orders ${secret}`, request: { method: 'GET', url: 'https://a.test/orders', header: [{ key: 'X-Key', value: secret }], description: `With ${secret}` } }] }), all);
  check('postman', 'the address of a token server', (secret) => postman({}, { auth: { type: 'oauth2', oauth2: [{ key: 'accessTokenUrl', value: `https://l.test/t?client_secret=${secret}` }, { key: 'grant_type', value: 'client_credentials' }, { key: 'clientSecret', value: secret }] } }), all);
  check('postman', 'a path variable', (secret) => JSON.stringify({ info: {}, item: [{ name: 'A', request: { method: 'GET', url: { raw: 'https://a.test/x/:token/y', variable: [{ key: 'token', value: secret }] } } }] }), all);
  check('postman', 'a parameter that is off', (secret) => JSON.stringify({ info: {}, item: [{ name: 'A', request: { method: 'GET', url: { raw: 'https://a.test/x', query: [{ key: 'api_key', value: secret, disabled: true }] } } }] }), all);
  check('curl', 'user and password', (secret) => `curl -u 'ada:${secret}' https://a.test/x -d '{"note":"${secret}"}'`, all);
  check('curl', 'a variable of the shell', (secret) => `TOKEN=${secret} curl https://a.test/x -H 'X-Api-Key: ${secret}'\nexport TOKEN=${secret}\nTOKEN=${secret}\n`, all);
  check('curl', 'a form', (secret) => `curl https://a.test/x -F 'password=${secret}' -F 'a=b'`, all);
  check('curl', 'a password of a certificate', (secret) => `curl --pass ${secret} --proxy-user u:${secret} -u u:${secret} https://a.test/x`, all);
  check('curl', 'data of a query', (secret) => `curl -G https://a.test/x -d 'api_key=${secret}' --data-urlencode 'sid=${secret}' --url-query 'token=${secret}'`, all);
  check('har', 'what is no request for data', (secret) => JSON.stringify({ log: { entries: [
    { request: { method: 'GET', url: `wss://u:${secret}@a.test/x?token=${secret}` }, response: {} }, { request: { method: 'GET', url: `https://a.test/token/${secret}/app.js?token=${secret}` }, response: { status: 200, content: { mimeType: 'text/javascript' } } },
    { request: { method: 'GET', url: 'https://a.test/x', headers: [{ name: 'X-Api-Key', value: secret }] }, response: { status: 200, content: { mimeType: 'application/json', text: '[]' } } }, { request: { method: 'GET', url: `https://b.test/token/${secret}` }, response: { status: 200, content: { mimeType: 'application/json', text: '[]' } } },
  ] } }), all);
});

describe('no secret of a description', () => {
  const openapi = (parts: { readonly server?: object; readonly path?: string; readonly operation?: object; readonly more?: object }): string => JSON.stringify({ openapi: '3.0.3', info: { title: 'Shop', version: '1' }, servers: [parts.server ?? { url: 'https://a.test' }], paths: { [parts.path ?? '/orders']: { post: { responses: {}, ...parts.operation } } }, ...parts.more });
  const json = (value: unknown): object => ({ content: { 'application/json': { example: value } } });
  check('openapi', 'an example of a body', (secret) => openapi({ operation: { requestBody: json({ api_key: secret, deep: [{ password: secret }] }), description: `Send the key ${secret} along.` } }), all);
  check('openapi', 'an example of an answer', (secret) => openapi({ operation: { responses: { 200: { description: '', ...json({ access_token: secret }) } }, summary: `Answers ${secret}` } }), all);
  check('openapi', 'a default of a parameter', (secret) => openapi({ operation: { parameters: [{ name: 'api_key', in: 'query', required: true, schema: { type: 'string', default: secret }, example: secret }], description: `As ${secret}` } }), all);
  check('openapi', 'a note of a default', (secret) => openapi({ operation: { parameters: [{ name: 'api_key', in: 'query', schema: { type: 'string', default: secret }, example: secret }], description: `As ${secret}` } }), all);
  check('openapi', 'the address', (secret) => openapi({ server: { url: `https://u:${secret}@a.test/token/${secret}/v1?api_key=${secret}` } }), all);
  check('openapi', 'a variable of the address', (secret) => openapi({ server: { url: 'https://a.test/{key}', variables: { key: { default: secret } } }, operation: { description: `As ${secret}` } }), all);
  check('openapi', 'a path', (secret) => openapi({ path: `/hooks/${secret}/x` }), byLooks.filter((secret) => secret !== looks.random && secret !== looks.hex));
  check('openapi', 'texts', (secret) => openapi({ operation: { description: `Send \`Authorization: Bearer ${secret}\` with it.`, summary: `Key ${secret}` }, more: { externalDocs: { url: `https://d.test/?token=${secret}` } } }), byLooks);
  check('openapi', 'an address of tokens', (secret) => openapi({ more: { components: { securitySchemes: { a: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: `https://l.test/t?client_secret=${secret}`, scopes: {} } } } } }, security: [{ a: [] }] } }), all);
});
