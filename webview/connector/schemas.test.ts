import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from '../../server/model/catalog.ts';
import { connectorSchema } from '../../server/model/connector-schema.ts';
import { branchOf } from '../form/schema.ts';
import type { Json } from './document.ts';
import { endpointSchema, sectionOf, type EndpointPart } from './schemas.ts';

const catalog = catalogFile as Catalog;
const http = { baseUrl: 'https://a.test' };
const parts = ['request', 'params', 'response', 'paging', 'rules', 'examples'] as const satisfies readonly EndpointPart[];
const fieldsOf = (connector: Json, endpoint: Json): string[] => parts.flatMap((part) => Object.keys(endpointSchema(part, connector, endpoint, catalog).properties ?? {}));

describe('every field of an endpoint that is there is shown', () => {
  const all = Object.keys(connectorSchema.properties.endpoints.additionalProperties.properties);
  test('the schema has fields', () => assert.ok(all.length > 20));
  for (const [what, connector, direction] of [['receives by HTTP', http, 'receive'], ['sends by HTTP', http, 'send'], ['of a protocol', { protocol: 'sql' }, 'receive']] as const) {
    // The record has a control of its own.
    test(what, () => assert.deepEqual(fieldsOf(connector, { ...Object.fromEntries(all.map((name) => [name, {}])), direction }).sort(), all.filter((name) => name !== 'record').sort()));
  }
});

for (const [what, connector, endpoint, field, isShown] of [
  ['pages of what sends', http, { direction: 'send' }, 'pagination', false], ['pages of what receives', http, { direction: 'receive' }, 'pagination', true],
  ['upserts of what receives', http, { direction: 'receive' }, 'upsert', false], ['a path of a protocol', { protocol: 'sql' }, { direction: 'receive' }, 'path', false], ['a call of HTTP', http, { direction: 'receive' }, 'call', false],
] as const) test(`${what}: ${isShown ? 'shown' : 'not shown'}`, () => assert.equal(fieldsOf(connector, endpoint).includes(field), isShown));

test('every field of a connector stands in a section', () => {
  const connector: Json = { ...http, ...Object.fromEntries(Object.keys(connectorSchema.properties).filter((name) => name !== 'protocol').map((name) => [name, {}])) };
  const shown = (['overview', 'variables', 'auth'] as const).flatMap((id) => Object.keys(sectionOf(id, connector, catalog).schema.properties ?? {}));
  assert.deepEqual(Object.keys(connectorSchema.properties).filter((name) => !shown.includes(name)), ['$schema', 'version', 'protocol', 'defaults', 'endpoints']);
});

describe('the use of a plugin', () => {
  const branch = (pagination: Json) => branchOf(endpointSchema('paging', http, { direction: 'receive', pagination }, catalog).properties!['pagination']!.oneOf!, pagination)!;
  test('has the form of its settings, and what the slot adds', () => {
    const { settings, maxPages } = branch({ type: 'cursor' }).properties!;
    assert.deepEqual([settings?.properties?.['path']?.default, maxPages?.default], ['$.next_cursor', 100_000]);
  });
  test('that is not known is shown as it stands', () => assert.deepEqual([branch({ type: 'teleport' }).title, branch({ type: 'teleport' }).properties!['settings']?.['x-ui']], ['teleport (not known)', { widget: 'code' }]));
});
