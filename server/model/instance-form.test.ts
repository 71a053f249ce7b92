import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Catalog } from './catalog.ts';
import type { ConnectorFile } from './connector.ts';
import { editValues, type FileChange } from './file-change.ts';
import { applyEdits } from './flow-edit-apply.ts';
import { instanceFormSchema, overrideFormSchema, shownValues } from './instance-form.ts';

const catalog = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'plugins', 'catalog.json'), 'utf8')) as Catalog;
const connector = {
  version: 1, title: 'Acme', baseUrl: '{{ instance.url }}/api', baseUrls: { files: 'https://files.test' }, endpoints: {},
  variables: { url: { type: 'string', title: 'Address', required: true }, size: { type: 'integer', default: 50 }, pin: { type: 'string', writeOnly: true } },
  auth: { key: { type: 'api-key', settings: { in: 'header', name: 'X-Key' } }, token: { type: 'bearer' } },
} as unknown as ConnectorFile;
const namesOf = (schema: object, ...path: string[]): readonly string[] => Object.keys(path.reduce<{ properties?: Record<string, object> }>((found, key) => found.properties![key]!, schema).properties ?? {});

test('the form of an instance has what its connector declares', () => {
  const schema = instanceFormSchema(connector, catalog, { auth: 'token' });
  assert.deepEqual([namesOf(schema), namesOf(schema, 'settings'), namesOf(schema, 'credentials')], [['$schema', 'version', 'title', 'connector', 'auth', 'settings', 'credentials'], ['url', 'size', 'pin'], ['token']]);
  assert.deepEqual(namesOf(instanceFormSchema(connector, catalog, {}), 'credentials'), ['key'], 'the first method where none is named');
  assert.deepEqual(namesOf(instanceFormSchema(undefined, catalog, {})), ['$schema', 'version', 'title', 'connector', 'auth', 'settings', 'credentials']);
  assert.ok(namesOf(instanceFormSchema({ version: 1, title: 'DB', protocol: 'postgresql', endpoints: {} } as unknown as ConnectorFile, catalog, {}), 'settings').includes('host'));
});

test('the form of an override needs nothing', () => {
  const schema = overrideFormSchema(connector, catalog, {}, { auth: 'token' });
  assert.deepEqual([namesOf(schema), namesOf(schema, 'baseUrls'), namesOf(schema, 'credentials')], [['baseUrl', 'baseUrls', 'auth', 'settings', 'credentials'], ['files'], ['token']]);
  assert.equal(JSON.stringify(schema).includes('"required":['), false);
});

describe('where values come from', () => {
  const instance = { settings: { url: 'https://a.test', pin: '1234' }, credentials: { key: { $secret: 'acme/key' }, other: 'plain' } };
  const check = (title: string, environment: object | undefined, expected: readonly (readonly unknown[])[]): void => {
    test(title, () => assert.deepEqual(shownValues(connector, catalog, 'acme', instance, environment as never).map(({ name, origin, value, secrets, isPlain }) => [name, origin, value, ...secrets, ...(isPlain ? ['hidden'] : [])]), expected));
  };
  check('no environment', undefined, [['baseUrl', 'connector', 'https://a.test/api'], ['auth', 'connector', 'key'], ['url', 'instance', 'https://a.test'], ['size', 'default', 50], ['pin', 'instance', undefined, 'hidden'], ['key', 'instance', undefined, 'acme/key'], ['other', 'instance', undefined, 'hidden']]);
  check('one that says otherwise', { version: 1, instances: { acme: { baseUrl: 'http://127.0.0.1:1', settings: { size: 5 } } } }, [['baseUrl', 'environment', 'http://127.0.0.1:1'], ['auth', 'connector', 'key'], ['url', 'instance', 'https://a.test'], ['size', 'environment', 5], ['pin', 'instance', undefined, 'hidden'], ['key', 'instance', undefined, 'acme/key'], ['other', 'instance', undefined, 'hidden']]);
  check('another auth method: the credentials of the instance do not count', { version: 1, instances: { acme: { auth: 'token' } } }, [['baseUrl', 'connector', 'https://a.test/api'], ['auth', 'environment', 'token'], ['url', 'instance', 'https://a.test'], ['size', 'default', 50], ['pin', 'instance', undefined, 'hidden'], ['token', undefined, undefined]]);
});

describe('edits of a file', () => {
  const check = (title: string, text: string, changes: readonly FileChange[], expected: string): void => { test(title, () => assert.equal(applyEdits(text, editValues('environment', text, changes)), expected)); };
  check('a value, with the comments around it', '{\n  // Mine.\n  "version": 1,\n  "variables": { "a": 1 } // One.\n}\n', [{ path: ['variables', 'a'], value: 2 }], '{\n  // Mine.\n  "version": 1,\n  "variables": { "a": 2 } // One.\n}\n');
  check('a new key where the schema has it', '{\n  "version": 1,\n  "instances": { "a": {} }\n}\n', [{ path: ['production'], value: true }], '{\n  "version": 1,\n  "production": true,\n  "instances": { "a": {} }\n}\n');
  check('what is left empty goes', '{\n  "version": 1,\n  "instances": { "a": { "settings": { "x": 1 } }, "b": {} }\n}\n', [{ path: ['instances', 'b'] }, { path: ['instances', 'a', 'settings', 'x'] }], '{\n  "version": 1\n}\n');
  check('a blank text', '', [{ path: ['title'], value: 'Live' }], '{\n  "version": 1,\n  "title": "Live"\n}\n');
  test('a text with a fault is left alone', () => assert.throws(() => editValues('instance', '{', [{ path: ['title'], value: 'x' }]), { code: 'CONFIG_INVALID' }));
});
