import assert from 'node:assert/strict';
import { test } from 'node:test';
import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from '../../server/model/catalog.ts';
import type { ConnectorFile } from '../../server/model/connector.ts';
import { methodsOf, newInstance } from './new-instance.ts';

const http: ConnectorFile = { version: 1, title: 'Shop', baseUrl: '{{ instance.url }}', endpoints: {} };

function check(what: string, file: ConnectorFile | undefined, expected: object, method?: string): void {
  test(what, () => assert.deepEqual(newInstance('shop-eu', 'shop', { file, catalog: catalogFile as Catalog, ...(method !== undefined && { method }) }), { version: 1, connector: 'shop', ...expected }));
}

check('a connector that cannot be read', undefined, {});
check('settings without a default, and secrets by name', { ...http, variables: { url: { type: 'string' }, region: { type: 'string', default: 'eu' }, apiKey: { type: 'string', writeOnly: true } } }, { settings: { url: '', apiKey: { $secret: 'shop-eu/api-key' } } });
check('credentials of the first method', { ...http, auth: { client: { type: 'oauth2-client-credentials' }, key: { type: 'api-key' } } }, { credentials: { clientId: '', clientSecret: { $secret: 'shop-eu/client-secret' } } });
check('a method that nobody knows', { ...http, auth: { own: { type: 'teleport' } } }, {});
const several = { client: { type: 'oauth2-client-credentials' }, key: { type: 'api-key' }, signed: { type: 'basic', beside: ['key'] } } as const;
check('credentials of the method that was chosen', { ...http, auth: several }, { auth: 'key', credentials: { key: { $secret: 'shop-eu/key' } } }, 'key');
check('and of those that sign beside it', { ...http, auth: { ...several, key2: { type: 'api-key' }, signed: { type: 'basic', beside: ['key2'] } } }, { auth: 'signed', credentials: { user: '', password: { $secret: 'shop-eu/password' }, key2: { key: { $secret: 'shop-eu/key2-key' } } } }, 'signed');
check('the first one is not named', { ...http, auth: several }, { credentials: { clientId: '', clientSecret: { $secret: 'shop-eu/client-secret' } } }, 'client');

test('the methods to choose from: those that only help another are none', () => assert.deepEqual(methodsOf({ ...http, auth: several }, catalogFile as Catalog).map(({ label, description }) => [label, description]), [['client', 'OAuth 2 client credentials'], ['signed', 'User name and password']]));
test('a protocol has nothing to choose', () => assert.deepEqual(methodsOf({ version: 1, title: 'Store', protocol: 'postgresql', endpoints: {} }, catalogFile as Catalog), []));
