import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseJson } from '../../plugins/sdk/index.ts';
import type { RunEvent } from '../model/run-event.ts';
import { createMasker, secretValues, type Masker } from './redact.ts';
import { formsOf } from './secret-forms.ts';

function maskerFor(secrets: readonly string[], fields: readonly string[] = []): Masker {
  const values = secretValues();
  for (const secret of secrets) values.add(secret);
  return createMasker(values, fields);
}

const secret = 'p@ss/w"ö+rd&<1>\\';

describe('a secret in a text', () => {
  const spellings: Readonly<Record<string, string>> = {
    'as it is': secret,
    'in JSON': JSON.stringify(secret),
    'in JSON within JSON': JSON.stringify({ body: JSON.stringify({ secret }) }),
    'in JSON with escaped slashes': JSON.stringify(secret).replaceAll('/', '\\/'),
    'in JSON of ASCII letters': JSON.stringify(secret).replaceAll('ö', '\\u00f6'),
    'in an address': `https://x.test/?key=${encodeURIComponent(secret)}&a=1`,
    'in an address with small letters': `/?key=${encodeURIComponent(secret).toLowerCase()}`,
    'in a form': new URLSearchParams({ key: secret }).toString(),
    'in XML': `<key>${secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</key>`,
    'in XML with quotation marks': `<a b="${secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')}"/>`,
    'in XML with numbers': `<key>${secret.replaceAll(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)}</key>`,
    'in XML with hexadecimal numbers': `<key>${secret.replaceAll(/[&<>"ö]/g, (letter) => `&#x${letter.charCodeAt(0).toString(16)};`)}</key>`,
    'in XML with large hexadecimal numbers': `<key>${secret.replaceAll(/[&<>"ö]/g, (letter) => `&#x${letter.charCodeAt(0).toString(16).toUpperCase()};`)}</key>`,
    'in XML with names and numbers': `<key>${secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&#34;')}</key>`,
    'in XML with names, and numbers of what is no ASCII': `<key>${secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('ö', '&#xF6;')}</key>`,
    'in XML with each letter as a number': `<key>${Array.from(secret, (letter) => `&#${letter.codePointAt(0)};`).join('')}</key>`,
    'in XML with each letter as a hexadecimal number': `<key>${Array.from(secret, (letter) => `&#x${letter.codePointAt(0)!.toString(16).toUpperCase()};`).join('')}</key>`,
    'in hexadecimal': Buffer.from(secret).toString('hex'),
    'in Base64': Buffer.from(secret).toString('base64'),
    'in Base64 for addresses': Buffer.from(secret).toString('base64url'),
    'in Basic credentials': `Basic ${Buffer.from(`shop:${secret}`).toString('base64')}`,
    'in Base64 after one byte and before more': Buffer.from(`a${secret}zz`).toString('base64'),
    'in Base64 after two bytes': Buffer.from(`ab${secret}`).toString('base64'),
  };
  const masker = maskerFor([secret]);
  for (const [title, text] of Object.entries(spellings)) {
    test(title, () => {
      const masked = masker.text(`before ${text} after`, 'text/plain');
      assert.ok(masked.includes('[secret]'), masked);
      for (const form of formsOf(secret)) assert.ok(!masked.includes(form), `${form} in ${masked}`);
    });
  }
});

test('whatever the secret and wherever it stands in a document, it is gone, and the rest is as it was', () => {
  const secrets = fc.string({ minLength: 6, maxLength: 30, unit: 'grapheme' });
  fc.assert(fc.property(secrets, fc.jsonValue(), fc.string(), fc.constantFrom('application/json', 'text/plain'), (value, other, around, mediaType) => {
    const masker = maskerFor([value]);
    const text = JSON.stringify({ other, [`${around}${value}`]: 1, list: [value, `${around}${value}${around}`, { value }] });
    const masked = masker.text(text, mediaType);
    assert.ok(!masked.includes(value) && !masked.includes(JSON.stringify(value).slice(1, -1)));
    if (mediaType === 'application/json' && !masker.test(JSON.stringify(other))) assert.deepEqual((parseJson(masked) as { other: unknown }).other, parseJson(JSON.stringify(other)));
  }), { seed: 7, numRuns: 300 });
});

test('what stands around a secret that is written in references of XML stays as it was written', () => {
  const { text } = maskerFor(['a<b"c😀d']);
  assert.equal(text('<a>&#65;&amp; a&lt;b&#34;c&#x1F600;d &#x00042;a&#60;b&quot;c&#128512;d&#9999999;&#38</a>', 'application/xml'), '<a>&#65;&amp; [secret] &#x00042;[secret]&#9999999;&#38</a>');
});

test('a secret that is a number is masked as a number, and the document stays JSON', () => {
  assert.deepEqual(JSON.parse(maskerFor(['4711471']).text('{"pin":4711471,"other":1}', 'application/json')), { pin: '[secret]', other: 1 });
});

test('a secret in bytes', () => {
  const masked = maskerFor(['geheimnis']).bytes(Buffer.from([0, 255, ...Buffer.from('geheimnis'), 1]), 'application/octet-stream');
  assert.deepEqual([...masked], [0, 255, ...Buffer.from('[secret]'), 1]);
});

test('texts of one to three letters are not looked for: they would hit everything', () => {
  assert.equal(maskerFor(['abc']).text('abcabc', 'text/plain'), 'abcabc');
});

describe('tokens', () => {
  const day = 24 * 3_600_000;
  test('one that took the place of another is masked, and for a day the other as well', () => {
    let now = 0;
    const values = secretValues(() => now);
    const seen = (): string => values.replace('token-1 token-2 token-3 password');
    values.add('password');
    values.add('token-1', 'shop');
    values.add('token-1', 'shop');
    values.add('token-2', 'shop');
    assert.equal(seen(), '[secret] [secret] token-3 [secret]');
    now = day;
    values.add('token-3', 'shop');
    assert.equal(seen(), 'token-1 [secret] [secret] [secret]');
    now = 3 * day;
    values.add('x-token', 'other');
    assert.equal(seen(), 'token-1 token-2 [secret] [secret]');
  });
  test('what another has as well stays, and what comes back', () => {
    let now = 0;
    const values = secretValues(() => now);
    for (const [value, owner] of [['token-1', 'a'], ['token-1', 'b'], ['token-2', 'a'], ['token-3', undefined], ['token-3', 'c'], ['token-4', 'c'], ['token-5', 'd'], ['token-6', 'd'], ['token-5', 'd']] as const) values.add(value, owner);
    now = 2 * day;
    values.add('token-9', 'e');
    values.add('token-8', 'e');
    assert.equal(values.replace('token-1 token-2 token-3 token-4 token-5 token-6'), '[secret] [secret] [secret] [secret] [secret] token-6');
  });
  test('a thousand of them at most', () => {
    const values = secretValues(() => 0);
    for (let number = 0; number < 1_500; number++) values.add(`token-${number}-end`, 'shop');
    assert.deepEqual([values.test('token-498-end'), values.test('token-499-end'), values.test('token-1499-end')], [false, true, true]);
    for (let number = 0; number < 2_500; number++) values.add(`owner-${number}-end`, `${number}`);
    assert.deepEqual([values.test('token-1499-end'), values.test('owner-499-end'), values.test('owner-500-end'), values.test('owner-2499-end')], [false, false, true, true]);
  });
});

test('a value without anything to mask is the same object', () => {
  const value = { a: [{ b: 'c' }] };
  assert.equal(maskerFor([secret], ['x']).value(value), value);
});

for (const [title, mediaType, text, expected] of [
  ['JSON at any depth, whatever the case', 'application/json', '{"a":[{"CardNumber":"4111","x":1}],"cardnumber":{"deep":1},"iban":null}', '{"a":[{"CardNumber":"[redacted]","x":1}],"cardnumber":"[redacted]","iban":null}'],
  ['only whole names', 'application/json', '{"ibans":"1","myiban":"2"}', '{"ibans":"1","myiban":"2"}'],
  ['JSON with an escaped key', 'application/json', String.raw`{"ib\u0061n":"DE1"}`, '{"iban":"[redacted]"}'],
  ['JSON in a text of JSON', 'application/json', '{"body":"{\\"iban\\": \\"DE1\\", \\"x\\": 1}"}', '{"body":"{\\"iban\\": \\"[redacted]\\", \\"x\\": 1}"}'],
  ['JSON that is cut', 'application/json', '{"iban": "DE12', '{"iban": "[redacted]"'],
  ['lines of JSON', 'application/x-ndjson', '{"iban":"DE1","x":1}\n{"iban":{"a":[1,"}"]},"x":2}\n', '{"iban":"[redacted]","x":1}\n{"iban":"[redacted]","x":2}\n'],
  ['a form', 'application/x-www-form-urlencoded', 'a=1&iban=DE1&b=2', 'a=1&iban=[redacted]&b=2'],
  ['an address', 'text/plain', 'GET /x?IBAN=DE1&b=2 HTTP/1.1', 'GET /x?IBAN=[redacted]&b=2 HTTP/1.1'],
  ['pairs in a text of JSON in a text', 'text/plain', 'got {"m":"iban=DE1, x","p":"a?iban=DE2"}', 'got {"m":"iban=[redacted] x","p":"a?iban=[redacted]"}'],
  ['not within a longer name', 'text/plain', 'myiban=DE1 x.iban=DE2', 'myiban=DE1 x.iban=DE2'],
  ['a header in a text', 'text/plain', 'iban: DE1\nother: 2', 'iban: [redacted]\nother: 2'],
  ['XML elements and attributes', 'application/xml', '<o><x:iban type="a">DE1</x:iban><p iban="DE2">1</p></o>', '<o><x:iban type="a">[redacted]</x:iban><p iban="[redacted]">1</p></o>'],
  ['a CSV column', 'text/csv', 'id,IBAN,name\n1,DE1,"a, b"\n2,,c\n', 'id,IBAN,name\n1,[redacted],"a, b"\n2,,c\n'],
  ['a CSV with a quotation mark that has no end', 'text/csv', 'id,iban\n1,DE1\n"2,DE2\n3,DE3', 'id,iban\n1,[redacted]\n[redacted]'],
  ['a CSV whose last cell has no end', 'text/csv', 'id,iban\r\n1,"DE1\r\nDE2', 'id,iban\r\n1,[redacted]'],
  ['a CSV without such columns, whatever its marks', 'text/csv', 'id,name\n1,"a\n2', 'id,name\n1,"a\n2'],
  ['a CSV with names in quotation marks, over lines', 'text/csv', '"the\nid","iban"\n1,"D""E1"', '"the\nid","iban"\n1,[redacted]'],
  ['a CSV column of the metadata of a request', 'text/csv', 'query.token,query.page\nabc,2\n', 'query.token,query.page\n[redacted],2\n'],
  ['a form of the metadata of a request', 'application/x-www-form-urlencoded', 'header.authorization=abc&header.accept=x', 'header.authorization=[redacted]&header.accept=x'],
  ['a CSV with more cells than names', 'text/csv', 'iban,id\nDE1,x,y', 'iban,id\n[redacted],x,[redacted]'],
  ['a CSV with marks within cells', 'text/csv', 'id,iban\n1"x,DE"1\n"2"x,DE2', 'id,iban\n1"x,[redacted]\n"2"x,[redacted]'],
  ['lines of JSON with an escaped key', 'application/x-ndjson', String.raw`{"ib\u0061n":"DE1"}` + '\n{"x": 1}\n', '{"iban":"[redacted]"}\n{"x": 1}\n'],
  ['cut JSON with an escaped key', 'application/json', String.raw`{"\u0069ban":"DE1","x\u0022":"`, String.raw`{"iban":"[redacted]","x\u0022":"`],
  ['cut JSON with escaped backslashes', 'application/json', '{"iban":["a\\\\","]","b"],"x":["', '{"iban":"[redacted]","x":["'],
  ['a form with a name in percents', 'application/x-www-form-urlencoded', 'i%62an=DE1&x=1&iban', 'i%62an=[redacted]&x=1&iban'],
  ['an XML element without an end', 'application/xml', '<o><iban>DE1<p>x</p>', '<o><iban>[redacted]'],
  ['an XML element that is empty', 'application/xml', '<o><iban /><p>x</p><iban a="1"/><iban>DE1</iban></o>', '<o><iban /><p>x</p><iban a="1"/><iban>[redacted]</iban></o>'],
  ['an XML attribute that is cut', 'application/xml', '<p iban="DE1', '<p iban="[redacted]"'],
  ['a CSV with semicolons', 'text/csv; charset=utf-8', 'id;iban\n1;DE1', 'id;iban\n1;[redacted]'],
  ['what is always masked', 'application/json', '{"access_token":"t","refresh_token":"r","id_token":"i","client_secret":"c","password":"p","token_type":"bearer"}', '{"access_token":"[redacted]","refresh_token":"[redacted]","id_token":"[redacted]","client_secret":"[redacted]","password":"[redacted]","token_type":"bearer"}'],
  ['words that only sound like it', 'text/plain', 'The password was reset; ibans are long.', 'The password was reset; ibans are long.'],
] as const) {
  test(`fields: ${title}`, () => assert.equal(maskerFor([], ['cardNumber', 'iban']).text(text, mediaType), expected));
}

describe('whatever comes, the time grows with its length only', { timeout: 60_000 }, () => {
  const megabytes = 4;
  for (const part of ['<password>', 'password:\\', '\\', '"password":{', '"password":"', '\\"password\\":\\"', 'password=', ' password="', " password='", '<a1:password x', '</password ', '"password" ', 'password ', '{"password":', '\\u0070assword":', '<password><', '"']) {
    test(`${JSON.stringify(part)}, over and over`, () => {
      const text = `x,password\npassword:${part.repeat(megabytes * 1024 * 1024 / part.length)}`;
      for (const mediaType of ['text/plain', 'application/json', 'text/csv']) assert.ok(maskerFor(['a-secret-value']).text(text, mediaType).length > 0);
    });
  }
  test('a document as long as they may be', () => {
    const line = JSON.stringify({ password: 'x"\\', list: [{ a: '<password>1</password>' }], more: 'password=1&a=2 password: 3' });
    const masked = maskerFor([]).text(`[${line},`.padEnd(16 * 1024 * 1024, `${line},`), 'application/json');
    assert.ok(!/[13]|x"/.test(masked.slice(0, -line.length)));
  });
  test('elements of many names', () => {
    const text = Array.from({ length: 500_000 }, (_, number) => `<a${number}:password>`).join('');
    assert.ok(maskerFor([]).text(text, 'text/xml').startsWith('<a0:password>[redacted]'));
  });
});

describe('events', () => {
  const masker = maskerFor([secret], ['iban', 'id', 'body']);
  const check = (event: RunEvent): RunEvent => masker.event(event, JSON.stringify(event));
  const payload = { id: 'p1', mediaType: 'application/json', body: 'abc', size: 3 };

  test('rules for fields do not touch what names payloads and bodies', () => {
    const event: RunEvent = { type: 'payload-in', step: 's', payload: { ...payload, meta: { iban: 'DE1', other: 'x' } }, attempt: 1, at: 1 };
    assert.deepEqual(check(event), { ...event, payload: { ...payload, meta: { iban: '[redacted]', other: 'x' } } });
  });
  test('headers that carry credentials, secrets in addresses, fields in addresses', () => {
    const exchange = { id: 'e', method: 'GET', url: `https://x.test/?iban=1&k=${encodeURIComponent(secret)}`, requestHeaders: { authorization: 'Bearer x', accept: 'a' }, responseHeaders: { 'set-cookie': 'sid=1', iban: 'DE1' }, attempt: 1, durationMs: 1 };
    assert.deepEqual(check({ type: 'exchange', exchange, at: 1 }), {
      type: 'exchange', at: 1, exchange: { ...exchange, url: 'https://x.test/?iban=[redacted]&k=[secret]', requestHeaders: { authorization: '[redacted]', accept: 'a' }, responseHeaders: { 'set-cookie': '[redacted]', iban: '[redacted]' } },
    });
  });
  test('log messages and fields', () => {
    assert.deepEqual(check({ type: 'log', level: 'info', message: `iban=DE1 ${secret}`, fields: { iban: 'DE1', n: 1 }, at: 1 }), { type: 'log', level: 'info', message: 'iban=[redacted] [secret]', fields: { iban: '[redacted]', n: 1 }, at: 1 });
  });
  test('a variable by its name', () => {
    assert.deepEqual(check({ type: 'variable', step: 's', name: 'IBAN', value: 'DE1', at: 1 }), { type: 'variable', step: 's', name: 'IBAN', value: '[redacted]', at: 1 });
  });
  test('errors', () => {
    const error = { code: 'REMOTE_STATUS', message: `It said ${JSON.stringify(secret)}.`, details: { iban: 'DE1' } };
    assert.deepEqual(check({ type: 'run-finished', status: 'failed', error, at: 1, durationMs: 1 }), { type: 'run-finished', status: 'failed', error: { ...error, message: 'It said "[secret]".', details: { iban: '[redacted]' } }, at: 1, durationMs: 1 });
  });
});

test('metadata of a request are masked where their names say that they prove who sent it', () => {
  const masker = maskerFor([], ['email']);
  const kept = { 'query.page': '2', 'query.next_page_token': 'abc', 'query.signature': 'abc', 'header.x-github-event': 'push', 'header.x-hub-signature-256': 'abc', 'file.token': 'abc', 'query.': 'a' };
  const hidden = ['query.token', 'query.api_key', 'query.ApiKey', 'query.user[password]', 'query.email', 'header.authorization', 'header.cookie', 'header.x-shop-token'];
  const payload = { id: 'p', mediaType: 'application/json', body: '', size: 0 };
  for (const name of hidden) {
    const meta = { ...kept, [name]: 'canary' };
    const event: RunEvent = { type: 'payload-in', step: 's', payload: { ...payload, meta }, at: 1, attempt: 1 };
    const masked = { ...kept, [name]: '[redacted]' };
    assert.deepEqual([masker.value(meta), masker.text(JSON.stringify({ meta }), 'application/json'), masker.event(event, JSON.stringify(event))], [masked, JSON.stringify({ meta: masked }), { ...event, payload: { ...payload, meta: masked } }], name);
  }
  assert.equal(masker.value(kept), kept);
});

test('a rule for a field does not hide what a payload is described by', () => {
  const event: RunEvent = { type: 'run-queued', run: { id: 'r', flow: 'f', flowVersion: 'v', trigger: 't', queuedAt: 1, payload: { id: 'p', mediaType: 'text/plain', body: 'hash', size: 3, meta: { id: 'canary' } } } };
  assert.deepEqual(maskerFor([], ['id', 'body']).event(event, JSON.stringify(event)), { ...event, run: { ...event.run, payload: { ...event.run.payload, meta: { id: '[redacted]' } } } });
});
