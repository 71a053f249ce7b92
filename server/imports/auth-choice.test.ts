import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseAuth, createAuthBook, type Needs } from './auth-choice.ts';

const key = { type: 'api-key', settings: { name: 'X-Key' } };
const app = { type: 'api-key', settings: { name: 'X-App' } };
const bearer = { type: 'bearer' };
const methods = { key, app, bearer };

const cases: readonly (readonly [title: string, standard: Needs | undefined, operations: readonly (Needs | undefined)[], auth: object, ofEndpoints: readonly (string | undefined)[]])[] = [
  ['where nobody says anything, the first is the default', undefined, [undefined, undefined], methods, [undefined, undefined]],
  ['the default of all', [['bearer']], [undefined, [['bearer']]], { bearer, key, app }, [undefined, undefined]],
  ['a method of its own', [['bearer']], [undefined, [['app']]], { bearer, app, 'key-auth': key }, [undefined, 'app']],
  ['nothing signs', [['bearer']], [[], [[]]], { bearer, key, app }, ['none', 'none']],
  ['signing is chosen where it is left free', [['bearer']], [[[], ['bearer']]], { bearer, key, app }, [undefined]],
  ['any of several that has the default', [['bearer'], ['app']], [[['app'], ['bearer']]], { bearer, key, app }, [undefined]],
  ['the most used is the default', undefined, [[['app']], [['app']], [['bearer']]], { app, bearer, 'key-auth': key }, [undefined, undefined, 'bearer']],
  ['what says nothing where others do is not signed', undefined, [[['app']], undefined], { app, key, bearer }, [undefined, 'none']],
  ['two together', [['app', 'bearer']], [undefined], { app: { ...app, beside: ['bearer'] }, 'key-auth': key, bearer }, [undefined]],
  ['two together beside one of them alone', [['app']], [undefined, [['app', 'bearer']]], { app, 'app-and-bearer': { ...app, beside: ['bearer'] }, 'key-auth': key, bearer }, [undefined, 'app-and-bearer']],
  ['the name of a credential is no name of a method then', [['app', 'key']], [undefined], { app: { ...app, beside: ['key-auth'] }, 'key-auth': key, bearer }, [undefined]],
  ['two together that are the other choice', [['bearer'], ['app', 'key']], [undefined], { bearer, app: { ...app, beside: ['key-auth'] }, 'key-auth': key }, [undefined]],
  ['two together that are the other choice of one operation', [['bearer']], [undefined, [['bearer'], ['app', 'bearer']]], { bearer, app: { ...app, beside: ['bearer'] }, 'key-auth': key }, [undefined, undefined]],
  ['two together and one of them alone as other choices', [['bearer'], ['app', 'bearer'], ['app']], [undefined], { bearer, 'app-and-bearer': { ...app, beside: ['bearer'] }, app, 'key-auth': key }, [undefined]],
  ['what there is no method for is as if it said nothing', [['bearer']], [[['saml?']], [['saml?'], ['app']]], { bearer, app, 'key-auth': key }, [undefined, 'app']],
];
for (const [title, standard, operations, auth, ofEndpoints] of cases) test(title, () => {
  const choice = chooseAuth(methods, standard, operations);
  assert.deepEqual({ auth: choice.auth, ofEndpoints: choice.ofEndpoints }, { auth, ofEndpoints });
  assert.equal(Object.keys(choice.auth)[0], Object.keys(auth)[0]);
});

test('the same method has one name, another of that name another', () => {
  const book = createAuthBook();
  assert.deepEqual([book.add('key', key), book.add('other', key), book.add('key', app), book.add('none', bearer)], ['key', 'key', 'key-2', 'none-2']);
});
