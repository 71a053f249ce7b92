import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndpointManifest } from './connector.ts';
import { payloadNeed } from './payload-need.ts';
import type { ProtocolEndpoint } from './protocol.ts';

const cases: readonly (readonly [title: string, endpoint: Partial<EndpointManifest> | Partial<ProtocolEndpoint>, need: ReturnType<typeof payloadNeed>])[] = [
  ['one that reads', { method: 'GET', path: '/a' }, 'none'],
  ['one that reads by the payload', { method: 'GET', path: '/a/{{ payload.id }}' }, 'needed'],
  ['one that has a default', { method: 'GET', path: '/a', query: { id: '{{ payload.id ?? 1 }}' } }, 'taken'],
  ['one that has a default by a transform', { method: 'GET', path: '/a', query: { id: '{{ payload.id | trim | default(value: 1) }}' } }, 'taken'],
  ['one that asks for two, of which one has a default', { method: 'GET', path: '/a/{{ payload.id }}', query: { id: '{{ payload.no ?? 1 }}' } }, 'needed'],
  ['a text and a setting of a transform', { method: 'GET', path: '/a', query: { a: '{{ params.kind | prefix(prefix: "record-") }}', b: '{{ params.a ?? "payload" }}' } }, 'none'],
  ['an expression that is none', { method: 'GET', path: '/a/{{ payload. }}' }, 'none'],
  ['a word that only looks like it', { method: 'GET', path: '/a', query: { a: '{{ params.payload }}', b: 'payload' } }, 'none'],
  ['a body of its own', { direction: 'send', method: 'POST', path: '/a', body: { format: 'json' } }, 'needed'],
  ['a body by a template', { direction: 'send', method: 'POST', path: '/a', body: { format: 'json', template: { a: ['{{ payload }}'] } } }, 'needed'],
  ['a body of params', { direction: 'send', method: 'POST', path: '/a', body: { format: 'json' }, params: { a: { in: 'body' } } }, 'none'],
  ['a fixed body', { direction: 'send', method: 'POST', path: '/a', body: { format: 'json', template: { a: 1 } } }, 'none'],
  ['no body', { direction: 'send', method: 'POST', path: '/a', body: { format: 'none' } }, 'none'],
  ['a deletion', { direction: 'send', method: 'DELETE', path: '/a/{{ params.id }}' }, 'none'],
  ['nothing said of the body', { direction: 'send', method: 'POST', path: '/a' }, 'taken'],
  ['a query of GraphQL', { direction: 'receive', method: 'POST', path: '/a', body: { format: 'graphql', query: '{ a }' } }, 'none'],
  ['a protocol that reads', { direction: 'receive', call: 'query', with: { statement: 'select 1' } }, 'none'],
  ['a protocol with the payload', { direction: 'send', call: 'execute', with: { statement: 'insert into t values ({{ record.id }})' } }, 'needed'],
  ['a protocol that sends', { direction: 'send', call: 'publish', with: { queue: 'a' } }, 'taken'],
];
for (const [title, endpoint, need] of cases) test(title, () => assert.equal(payloadNeed({ title: 'A', direction: 'receive', ...endpoint } as EndpointManifest), need));
