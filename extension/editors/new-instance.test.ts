import assert from 'node:assert/strict';
import { test } from 'node:test';
import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from '../../server/model/catalog.ts';
import type { ConnectorFile } from '../../server/model/connector.ts';
import { newInstance } from './new-instance.ts';

const http: ConnectorFile = { version: 1, title: 'Shop', baseUrl: '{{ instance.url }}', endpoints: {} };

function check(what: string, file: ConnectorFile | undefined, expected: object): void {
  test(what, () => assert.deepEqual(newInstance('shop-eu', 'shop', file, catalogFile as Catalog), { version: 1, connector: 'shop', ...expected }));
}

check('a connector that cannot be read', undefined, {});
check('settings without a default, and secrets by name', { ...http, variables: { url: { type: 'string' }, region: { type: 'string', default: 'eu' }, apiKey: { type: 'string', writeOnly: true } } }, { settings: { url: '', apiKey: { $secret: 'shop-eu/api-key' } } });
check('credentials of the first method', { ...http, auth: { client: { type: 'oauth2-client-credentials' }, key: { type: 'api-key' } } }, { credentials: { clientId: '', clientSecret: { $secret: 'shop-eu/client-secret' } } });
check('a method that nobody knows', { ...http, auth: { own: { type: 'teleport' } } }, {});
