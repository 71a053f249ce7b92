import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutSecrets } from './secret-values.ts';

const hidden = '•••';
const check = (name: string, value: unknown, expected: unknown): Promise<void> => test(name, () => assert.deepEqual(withoutSecrets(value), expected)) as Promise<void>;

const names = ['pass', 'pin', 'passphrase', 'password', 'sessionId', 'session_id', 'X-Session-Id', 'jwt', 'bearer', 'userToken', 'access_token', 'apikey_v2', 'api-key', 'clientSecret', 'x-csrf', 'sid', 'Authentication'];
for (const name of names) void check(`${name} is secret`, { data: [{ [name]: 'abc', id: 1 }] }, { data: [{ [name]: hidden, id: 1 }] });
for (const name of ['nextPageToken', 'page_token', 'cursor', 'tokenType', 'expires_in', 'passenger', 'countryCode', 'keyboard', 'spin', 'compass']) void check(`${name} is none`, { [name]: 'abc' }, { [name]: 'abc' });
void check('lists and objects below such a name', { tokens: ['a', { value: 'b', isOld: true }], secrets: { one: 1 } }, { tokens: [hidden, { value: hidden, isOld: true }], secrets: { one: hidden } });
void check('a web token, wherever it stands', ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'], [hidden]);
