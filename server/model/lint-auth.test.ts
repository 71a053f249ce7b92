import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalog from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from './catalog.ts';
import type { ConnectorManifest } from './connector.ts';
import { lint } from './lint.ts';
import type { LintWorld } from './lint-world.ts';
import type { FileKind } from './workspace.ts';

const example = [{ title: 'One', response: { status: 200 } }];
const bank = {
  version: 1, title: 'Bank', baseUrl: 'https://bank.test',
  auth: {
    login: { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://bank.test/token' }, beside: ['certificate'], tokenAuth: 'certificate' },
    certificate: { type: 'mtls' }, key: { type: 'api-key' },
  },
  endpoints: {
    accounts: { title: 'Accounts', direction: 'receive', method: 'GET', path: '/accounts', examples: example },
    status: { title: 'Status', direction: 'receive', method: 'GET', path: '/status', auth: 'none', examples: example },
    admin: { title: 'Admin', direction: 'receive', method: 'GET', path: '/admin', auth: 'key', examples: example },
  },
} satisfies ConnectorManifest;
const world: LintWorld = { catalog: catalog as Catalog, connectors: { bank }, instances: { main: { version: 1, connector: 'bank' } }, environments: {}, scripts: [], schemas: [], lookups: [], maps: {}, flows: [], groups: [] };

const check = (what: string, kind: FileKind, value: unknown, expected: readonly string[]) =>
  test(what, () => {
    const name = kind === 'environment' ? 'environments/x.env.json' : `${kind}s/x.${kind}.json`;
    const found = lint(kind, name, JSON.stringify(value), world).map(({ severity, code, path, message }) => `${severity} ${code} ${path} ${message}`);
    assert.deepEqual(found.map((line, index) => (expected[index] !== undefined && line.startsWith(expected[index]) ? expected[index] : line)), expected);
  });

const withAuth = (auth: object, endpoint: object = {}) => ({ ...bank, auth: { ...bank.auth, ...auth }, endpoints: { accounts: { ...bank.endpoints.accounts, ...endpoint } } });

describe('auth methods that others name', () => {
  check('that are sound', 'connector', bank, []);
  check('that there are not', 'connector', withAuth({ login: { ...bank.auth.login, beside: ['certificat'], tokenAuth: 'nobody' } }, { auth: 'keys' }), [
    'error CONFIG_INVALID /auth/login/beside/0 The connector has no auth method "certificat".', 'error CONFIG_INVALID /auth/login/tokenAuth The connector has no auth method "nobody".', 'error CONFIG_INVALID /endpoints/accounts/auth The connector has no auth method "keys".',
  ]);
  check('that need themselves', 'connector', withAuth({ key: { type: 'api-key', beside: ['key'] } }), ['error CONFIG_INVALID /auth/key The auth method "key" needs itself.']);
  check('that need each other', 'connector', withAuth({ a: { type: 'none', beside: ['b'] }, b: { type: 'none', beside: ['a'] } }), ['error CONFIG_INVALID /auth/a The auth method "a" needs itself.', 'error CONFIG_INVALID /auth/b The auth method "b" needs itself.']);
  check('that are named as a credential', 'connector', withAuth({ clientId: { type: 'api-key' }, login: { ...bank.auth.login, beside: ['clientId'], tokenAuth: 'certificate' } }), ['error CONFIG_INVALID /auth/login The method "login" has a credential "clientId"']);
});

const client = { clientId: 'c', clientSecret: { $secret: 's' } };
const certificate = { certificate: 'PEM', key: { $secret: 'k' } };
const instance = (change: object) => ({ version: 1, connector: 'bank', ...change });

describe('credentials of several methods', () => {
  check('that are sound', 'instance', instance({ credentials: { ...client, certificate } }), []);
  check('with those of an endpoint', 'instance', instance({ credentials: { ...client, certificate, key: { key: { $secret: 'a' } } } }), []);
  check('of a method that needs no other', 'instance', instance({ auth: 'certificate', credentials: certificate }), []);
  check('that are missing', 'instance', instance({ credentials: client }), ['error CONFIG_INVALID /credentials "certificate" is missing']);
  check('that do not fit', 'instance', instance({ credentials: { ...client, certificate: { certificate: 'PEM' }, key: { kee: 1 } } }), [
    'error CONFIG_INVALID /credentials/certificate "key" is missing', 'error CONFIG_INVALID /credentials/key', 'error CONFIG_INVALID /credentials/key/kee',
  ]);
  check('that stand there as they are', 'instance', instance({ credentials: { ...client, certificate: { certificate: 'PEM', key: 'hush' } } }), ['error CONFIG_SECRET_LITERAL /credentials/certificate/key']);
  check('of an environment', 'environment', { version: 1, instances: { main: { credentials: { certificate: { certificate: 'PEM', key: 'hush' }, kee: {} } } } }, [
    'error CONFIG_SECRET_LITERAL /instances/main/credentials/certificate/key', 'error CONFIG_INVALID /instances/main/credentials/kee',
  ]);
});
