import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalog from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from './catalog.ts';
import { lint } from './lint.ts';
import type { LintWorld } from './lint-world.ts';

const world: LintWorld = { catalog: catalog as Catalog, connectors: {}, instances: {}, environments: {}, scripts: ['scripts/sign.ts'], schemas: [], lookups: [], maps: {}, flows: [], groups: [] };
const examples = [{ title: 'One', response: { status: 200 } }];
const read = { title: 'Find', direction: 'receive', method: 'GET', path: '/find', params: { email: { type: 'string', in: 'query' } }, examples };
const send = { title: 'Send', direction: 'send', method: 'POST', path: '/send', examples };

/** Of an endpoint `it`, which sends where nothing else is said. */
const check = (what: string, endpoint: object, expected: readonly string[], defaults: object = {}) =>
  test(what, () => {
    const manifest = { version: 1, title: 'Shop', baseUrl: 'https://{{ instance.shop }}.test', variables: { shop: { type: 'string' } }, defaults, endpoints: { it: { ...send, ...endpoint }, find: read, update: { ...send, method: 'PUT' } } };
    const found = lint('connector', 'connectors/x.connector.json', JSON.stringify(manifest), world);
    assert.deepEqual(found.map(({ severity, path, message }) => `${severity} ${path.replace('/endpoints/it', '')} ${message}`), expected);
    for (const { fix } of found) assert.ok(fix);
  });

describe('rules of errors', () => {
  check('that are sound', { errors: [{ when: { status: [409, '5xx', '520-526'] }, action: 'retry', attempts: 3 }, { when: { expression: '{{ response.ok == false && headers["x-a"] != instance.shop && status == 200 }}' }, action: 'fail', as: 'data', message: '{{ response.why }}' }] }, []);
  check('what cannot be known of an answer', { errors: [{ when: { expression: '{{ payload.x }}' }, action: 'fail' }] }, ['error /errors/0/when/expression "payload" is nothing that an expression may begin with here.']);
  check('a variable that there is not', { errors: [{ when: { status: [400] }, action: 'fail', message: '{{ instance.shopp }}' }] }, ['error /errors/0/message The connector has no variable "shopp".']);
  check('a status that is none', { errors: [{ when: { status: ['6xx'] }, action: 'fail' }] }, ['error /errors/0/when/status/0 Item 1 of "status" must match the pattern ^[1-5](xx|\\d\\d(-[1-5]\\d\\d)?)$; it is "6xx" (string).']);
  check('pages of what is sent', { errors: [{ when: { status: [404] }, action: 'stop-paging' }] }, ['error /errors/0/action A sending endpoint has no pages, so that "stop-paging" says nothing.']);
  check('pages of what is read', { direction: 'receive', errors: [{ when: { status: [404] }, action: 'stop-paging' }] }, []);
  check('who must act where nothing fails', { errors: [{ when: { status: [404] }, action: 'ignore', as: 'data' }] }, ['warning /errors/0/as Nothing fails with the action "ignore".']);
  check('attempts of no retry', { errors: [{ when: { status: [404] }, action: 'wait', attempts: 3 }] }, ['warning /errors/0/attempts There are no further attempts to count with the action "wait".']);
  check('a rule that never fits', { errors: [{ when: { network: ['timeout'], status: [504] }, action: 'retry' }] }, ['error /errors/0/when/network Where there was no answer, it has neither a status nor anything else: this rule never fits.']);
  check('those of the connector', {}, ['error /defaults/errors/0/message The connector has no variable "x".'], { errors: [{ when: { status: [404] }, action: 'fail', message: '{{ instance.x }}' }] });
});

describe('limits, pauses and scripts', () => {
  check('that are sound', {
    rateLimits: [{ requests: 2, perMs: 1000, match: { path: '/api/*' }, weights: [{ match: { methods: ['POST'] }, weight: 2 }] }, { concurrency: 2, pool: 'erp' }, { budget: { remaining: '{{ headers["x-left"] }}', reset: { value: '{{ headers["x-reset"] }}', pattern: '(\\d+)', as: 'epoch-seconds' } } }],
    retry: { backoff: 'linear', jitter: 0, waits: [{ value: '{{ response.wait }}' }] }, before: { script: 'scripts/sign.ts', settings: { shop: '{{ instance.shop }}' } },
  }, []);
  check('a limit that limits nothing', { rateLimits: [{ pool: 'erp' }] }, ['warning /rateLimits/0 This limit limits nothing.']);
  check('a limit by half', { rateLimits: [{ requests: 5 }] }, ['error /rateLimits/0/requests "requests" says nothing without "perMs".']);
  check('a pattern that could run for ever', { retry: { waits: [{ value: '{{ headers.a }}', pattern: '(?=a)' }] } }, ['error /retry/waits/0/pattern The pattern "(?=a)" cannot be read: error parsing regexp: invalid or unsupported Perl syntax: `(?=`.']);
  check('a script that there is not', { after: { script: 'scripts/sing.ts' } }, ['error /after/script There is no script "scripts/sing.ts".']);
  check('a request that a script knows nothing of', { before: { script: 'scripts/sign.ts', settings: { a: '{{ params.x }}' } } }, ['error /before/settings/a "params" is nothing that an expression may begin with here.']);
});

describe('bodies and answers', () => {
  check('that are sound', { body: { format: 'graphql', query: 'mutation ($order: New!) { add(order: $order) { id } }', template: { order: '{{ payload }}' } }, decoder: { type: 'csv', settings: { delimiter: ';' } }, per: { batch: 100 } }, []);
  check('no query', { body: { format: 'graphql' } }, ['error /body A GraphQL body needs a query.']);
  check('an expression in a query', { body: { format: 'graphql', query: '{ order(id: "{{ payload.id }}") { id } }' } }, ['error /body/query No expression may stand in a query: its value could change what is asked.']);
  check('a variable that the query has not', { body: { format: 'graphql', query: 'query ($ids: [ID]) { orders(ids: $ids) { id } }', template: { id: 1, ids: [] } } }, ['error /body/template/id The query has no variable $id.']);
  check('what belongs to another format', { body: { format: 'json', soap: { action: 'a' } } }, ['warning /body/soap "soap" says nothing of a body of the format "json".']);
  check('a decoder that there is not', { decoder: { type: 'cvs' } }, ['error /decoder/type There is no converter "cvs".']);
  check('a setting that it has not', { decoder: { type: 'csv', settings: { separator: ';' } } }, ['error /decoder/settings/separator "separator" is not allowed in "settings" of "decoder".']);
  check('batches of none', { per: { batch: 0 } }, ['error /per/batch "batch" must be at least 1; it is 0 (number).']);
  check('what is sent by what is read', { direction: 'receive', per: 'record' }, ['warning /per "per" says nothing of a receiving endpoint.']);
});

describe('upserts', () => {
  const upsert = { find: 'find', params: { email: '{{ payload.email }}' }, update: 'update', with: { id: '{{ record.id }}' } };
  check('that are sound', { per: 'record', upsert }, []);
  check('endpoints that there are not, or of another kind', { upsert: { ...upsert, find: 'fnd', update: 'find' } }, ['error /upsert/find The connector has no endpoint "fnd".', 'error /upsert/update "find" is not a sending endpoint.']);
  check('itself', { upsert: { ...upsert, update: 'it' } }, ['error /upsert/update "it" is not a sending endpoint that looks for no record itself.']);
  check('of batches', { per: { batch: 5 }, upsert }, ['error /per A batch cannot be looked for: each of its records may be there or not.']);
  check('a record before it is found', { upsert: { ...upsert, params: { id: '{{ record.id }}' } } }, ['error /upsert/params/id "record" is nothing that an expression may begin with here.']);
});
