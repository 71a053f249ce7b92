import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutSecrets } from './secret-values.ts';

const hidden = '•••';
const check = (name: string, value: unknown, expected: unknown): Promise<void> => test(name, () => assert.deepEqual(withoutSecrets(value), expected)) as Promise<void>;

const names = ['pass', 'pin', 'account_token', 'homepagePassword', 'hmac', 'X-Shop-Hmac-Sha256', 'accesstoken', 'AWSAccessKeyId', 'Ocp-Apim-Subscription-Key', 'oauth_signature', 'SAMLResponse', 'client_assertion', 'PHPSESSID', 'X-Auth', 'passphrase', 'password', 'sessionId', 'session_id', 'X-Session-Id', 'jwt', 'bearer', 'userToken', 'access_token', 'apikey_v2', 'api-key', 'clientSecret', 'x-csrf', 'sid', 'Authentication'];
for (const name of names) void check(`${name} is secret`, { data: [{ [name]: 'abc', id: 1 }] }, { data: [{ [name]: hidden, id: 1 }] });
for (const name of ['token_count', 'passwordPolicy', 'X-Author', 'nextPageToken', 'page_token', 'pagetoken', 'nextpagetoken', 'cursor', 'tokenType', 'expires_in', 'passenger', 'countryCode', 'keyboard', 'spin', 'compass']) void check(`${name} is none`, { [name]: 'abc' }, { [name]: 'abc' });
void check('lists and objects below such a name', { tokens: ['a', { value: 'b', isOld: true }], secrets: { one: 1 } }, { tokens: [hidden, { value: hidden, isOld: true }], secrets: { one: 0 } });
void check('a web token, wherever it stands', ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'], [hidden]);

const shapes: readonly (readonly [text: string, name?: string, left?: string])[] = [
  ['sk_live_4eC39HqLyjWDarjtT1zdp7dc'], ['ghp_16C7e42F292c6912E7710c838347Ae178B4a', 'id'], ['AKIAIOSFODNN7EXAMPLE', 'id'], ['kQ3v+9ZsX1mB7rTy2W/LpD8nH4gJ6cFa0eUiSoVx'], ['b64f1c8e2d3a4f5b6c7d8e9fa0b1c2d3'], ['dXNlcjpodXNoLWh1c2g='], ['Basic dTpw', '', 'Basic •••'],
  ['123456789:AAF-x9Xq3mPzR7tYvW2bN5kL8jH4gD6sA1c'], ['https://me:hush@a.test/x', '', 'https://•••@a.test/x'], ['-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----'],
];
for (const [text, name = '', left = hidden] of shapes) void check(`${text} is secret by its looks`, { [name]: text }, { [name]: left });
const plain: readonly (readonly [text: string, name?: string])[] = [
  ['1b4e28ba-2fa1-11d2-883f-0016d3cca427'], ['b64f1c8e2d3a4f5b6c7d8e9fa0b1c2d3', 'id'], ['2024-01-31T12:00:00.000Z'], ['a-long-name-of-a-product-2024'], ['getOrderLineItemsOfCustomer2'], ['T3JkZXI6MTIz'], ['Basic authentication'], ['https://a.test/api/orders/10001?page=2'], ['ABC-1234-DEFG-5678-HIJK'], ['12345678901234567890'], ['eyJwYWdlIjoyLCJsYXN0IjoiMTIzNCJ9', 'next_cursor'],
];
for (const [text, name = 'note'] of plain) void check(`${text} is none by its looks`, { [name]: text }, { [name]: text });

const texts: readonly (readonly [text: string, left: string])[] = [
  ['<a><ws:Password type="x">hush</ws:Password><Id>1</Id></a>', '<a><ws:Password type="x">•••</ws:Password><Id>1</Id></a>'], ['<login user="u" password="hush"/>', '<login user="u" password="•••"/>'], ['<Token><![CDATA[hush]]></Token>', '<Token>•••</Token>'],
  ['user=u&password=hush&x=1', 'user=u&password=•••&x=1'], ['Authorization: Basic hush\nA: b', 'Authorization: •••\nA: b'], ['{"note": "{\\"secret\\": \\"hush\\"}"}', '{"note": "{\\"secret\\": \\"•••\\"}"}'], ['mutation { login(name: "u", password: "hush") { id } }', 'mutation { login(name: "u", password: "•••") { id } }'],
  ['user;password\nu;hush', 'user;password\n'], ['--b\r\nContent-Disposition: form-data; name="pin"\r\n\r\nhush\r\n--b--', '--b\r\nContent-Disposition: form-data; name="pin"\r\n\r\n•••\n--b--'], ['{{token}}={{token}}', '{{token}}={{token}}'], ['Server=a;Password=hush,1;', 'Server=a;Password=•••'],
];
for (const [text, left] of texts) void check(`${text} as a text`, text, left);
void check('a pair of a name and a value', [['X-Token', 'hush'], { name: 'password', value: 'hush' }, { key: 'color', value: 'red' }], [['X-Token', hidden], { name: 'password', value: hidden }, { key: 'color', value: 'red' }]);
void check('a number of tokens, a name and a key', { max_tokens: 5, key: 'favoriteShop' }, { max_tokens: 5, key: 'favoriteShop' });
void check('a key', { key: 'a1b2' }, { key: hidden });
void check('the code of a login, and another', [{ grant_type: 'authorization_code', code: 'hush' }, { code: 'SUMMER' }], [{ grant_type: 'authorization_code', code: hidden }, { code: 'SUMMER' }]);
void check('tokens beside tokens, and other things of their names', [{ jwt: 'hush', refresh: 'hushhush' }, { access: 'hushhush', refresh: 'hushhush' }, { token: 'hush', access: 'all' }, { refresh: 'every-minute' }], [{ jwt: hidden, refresh: hidden }, { access: hidden, refresh: hidden }, { token: hidden, access: 'all' }, { refresh: 'every-minute' }]);
void check('where a login comes from', { authSource: 'APP', auth: 'hush' }, { authSource: 'APP', auth: hidden });
// Where time grew with the square of the length, each of these would take an hour.
const long = ['a'.repeat(300_000), `${'a, b '.repeat(60_000)}!`, 'a:'.repeat(100_000), '<w:a>'.repeat(60_000), 'http://'.repeat(40_000), 'Basic '.repeat(50_000), 'a.'.repeat(150_000), 'a='.repeat(150_000), '<a '.repeat(100_000), '"\\'.repeat(150_000), '\n--name="'.repeat(30_000)];
for (const text of long) test(`a long text: ${JSON.stringify(text.slice(0, 12))}…`, () => assert.ok(withoutSecrets(text) === text));
for (const key of ['eyJaaaaaaaaa.a.'.repeat(20_000), 'pat-1'.repeat(60_000)]) test(`a long key: ${key.slice(0, 12)}…`, () => assert.equal(withoutSecrets(key), hidden));
