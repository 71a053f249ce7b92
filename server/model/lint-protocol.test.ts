import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalog from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog, CatalogEntry } from './catalog.ts';
import { lint, type LintWorld } from './lint.ts';
import type { ProtocolManifest } from './protocol.ts';
import type { FileKind } from './workspace.ts';

const shelf: CatalogEntry = {
  kind: 'connector', type: 'shelf', title: 'Shelf', summary: 'Keeps records.', source: 'built-in', examples: [],
  settings: { type: 'object', properties: { host: { type: 'string', title: 'Host' }, port: { type: 'integer', default: 99, title: 'Port' } }, required: ['host'], additionalProperties: false },
  credentials: { type: 'object', properties: { password: { type: 'string', writeOnly: true, title: 'Password' } }, required: ['password'], additionalProperties: false },
  endpoints: {
    find: { title: 'Find', summary: 'Finds.', direction: 'receive', params: { type: 'object', properties: { statement: { type: 'string', 'x-expression': 'bound', 'x-quotes': { hasBackslash: false } }, size: { type: 'integer' } }, required: ['statement'], additionalProperties: false } },
    keep: { title: 'Keep', summary: 'Keeps.', direction: 'send', params: { type: 'object', properties: { place: { type: 'string' } }, additionalProperties: false } },
    take: { title: 'Take', summary: 'Takes.', direction: 'receive', takesAway: { param: 'after', unless: 'keep' }, params: { type: 'object', properties: { after: { enum: ['keep', 'drop'], default: 'keep' } }, additionalProperties: false } },
    watch: { title: 'Watch', summary: 'Watches.', direction: 'listen', params: { type: 'object', properties: {}, additionalProperties: false } },
  },
};

const stock: ProtocolManifest = {
  version: 1, title: 'Stock', protocol: 'shelf', settings: { host: '{{ instance.region }}.test' }, variables: { region: { type: 'string', required: true } as object },
  endpoints: {
    'stock.take': { title: 'Take', direction: 'receive', call: 'take', with: { after: 'drop' } },
    'stock.find': { title: 'Find', direction: 'receive', call: 'find', with: { statement: 'sku = {{ params.sku }}' }, params: { sku: { type: 'string', required: true } as object } },
  },
};

const world: LintWorld = {
  catalog: { plugins: [...(catalog as Catalog).plugins, shelf] }, connectors: { stock },
  instances: { eu: { version: 1, connector: 'stock', settings: { region: 'eu' } }, direct: { version: 1, connector: 'shelf', settings: { host: 'a.test' } } },
  environments: {}, scripts: [], schemas: [], lookups: [], maps: {}, flows: [], groups: [], hasSecret: () => true,
};

const check = (name: string, kind: FileKind, value: unknown, expected: readonly string[]) =>
  test(name, () => {
    const found = lint(kind, `x.${kind}.json`, JSON.stringify(value), world);
    assert.deepEqual(found.map(({ severity, path, message }) => `${severity} ${path} ${message}`), expected);
    for (const { fix } of found) assert.ok(fix);
  });

describe('a manifest of a protocol', () => {
  const manifest = (more: object = {}, endpoint: object = {}) => ({ ...stock, ...more, endpoints: { it: { ...stock.endpoints['stock.find'], ...endpoint } } });
  check('is sound', 'connector', stock, []);
  check('an icon is the name of a codicon', 'connector', manifest({ icon: 'cloud-download' }), []);
  check('an icon that is a file, which nothing would show', 'connector', manifest({ icon: 'icon.svg' }), ['error /icon "icon" must match the pattern ^[a-z][a-z0-9]*(-[a-z0-9]+)*$; it is "icon.svg" (string).']);
  check('needs either an address or a protocol', 'connector', { version: 1, title: 'X', endpoints: {} }, ['error  "baseUrl" is missing.']);
  check('one that speaks HTTP still needs method and path', 'connector', { version: 1, title: 'X', baseUrl: 'https://a.test', endpoints: { it: { title: 'It', direction: 'receive' } } }, ['error /endpoints/it "method" is missing in "it".', 'error /endpoints/it "path" is missing in "it".', 'info /endpoints/it The endpoint "it" has no example.']);
  check('one that speaks HTTP brings no events', 'connector', { version: 1, title: 'X', baseUrl: 'https://a.test', endpoints: { it: { title: 'It', direction: 'listen', method: 'GET', path: '/', examples: [{ title: 'a', response: { status: 200 } }] } } }, ['error /endpoints/it/direction "direction" must be one of "receive", "send"; it is "listen" (string).']);
  check('a protocol that is not there', 'connector', manifest({ protocol: 'shelv' }), ['error /protocol There is no protocol "shelv".']);
  check('an endpoint without a call', 'connector', manifest({}, { call: undefined }), ['error /endpoints/it "call" is missing in "it".']);
  check('a call that is not there', 'connector', manifest({}, { call: 'fnd' }), ['error /endpoints/it/call The protocol "shelf" has no endpoint "fnd".']);
  check('another direction', 'connector', manifest({}, { direction: 'send' }), ['error /endpoints/it/direction The endpoint "find" of "shelf" has the direction "receive".']);
  check('a param of the protocol is missing', 'connector', manifest({}, { with: {}, params: {} }), ['error /endpoints/it/with "statement" is missing in "with".']);
  check('a param that the protocol does not have', 'connector', manifest({}, { with: { statement: 'all', sizes: 5 }, params: {} }), ['error /endpoints/it/with/sizes "sizes" is not allowed in "with".']);
  check('a statement that writes where rows are read', 'connector', manifest({}, { with: { statement: ' DELETE from goods where sku = {{ params.sku }}' } }), ['error /endpoints/it/with/statement A query only reads, and this statement begins with DELETE.']);
  check('an expression in a statement that names an unknown param', 'connector', manifest({}, { with: { statement: 'sku = {{ params.sku }} or n = {{ params.n }}' } }), ['error /endpoints/it/with/statement The endpoint "it" has no parameter "n".']);
  check('a record may be named in a statement, and nowhere else', 'connector', manifest({}, { with: { statement: 'sku = {{ record.sku }} {{ params.sku }}', size: '{{ record.n }}' } }), ['error /endpoints/it/with/size "record" is nothing that an expression may begin with here.']);
  for (const [what, statement] of [['the quotation marks \'', "sku = '{{ params.sku }}'"], ['the quotation marks $q$', 'sku = $q$a {{ params.sku }}$q$'], ['a comment', 'sku = 1 -- {{ params.sku }}'], ['a comment', 'sku = /* {{ params.sku }} */ 1']] as const) {
    check(`an expression within ${what}: ${statement}`, 'connector', manifest({}, { with: { statement } }), [`error /endpoints/it/with/statement An expression stands within ${what}: its value is bound, and there it would be lost.`]);
  }
  check('an expression behind what was quoted', 'connector', manifest({}, { with: { statement: "a = 'x' and b = /* y */ {{ params.sku }} -- z" } }), []);
  for (const [key, value] of Object.entries({ pagination: { type: 'cursor', settings: { path: '$.x' } }, method: 'GET', path: '/it', query: { a: 'b' }, slices: [{ name: 's', values: [1] }] })) {
    check(`${key} is nothing for a protocol`, 'connector', manifest({}, { [key]: value }), [`error /endpoints/it/${key} An endpoint of the protocol "shelf" has no "${key}": only endpoints of HTTP have.`]);
  }
  check('what is new is asked for', 'connector', manifest({}, { with: { statement: 'sku = {{ params.sku }} and changed > {{ cursor.from }}' }, incremental: { path: 'changed', key: 'sku', start: '2020-01-01' } }), []);
  check('what is new is not asked for', 'connector', manifest({}, { incremental: { path: 'changed' } }), ['warning /endpoints/it/incremental The request does not name {{ cursor.from }}: every run reads everything, and only leaves out what is known by its key.']);
  check('what is new has no beginning', 'connector', manifest({}, { with: { statement: 'sku = {{ params.sku }} and changed > {{ cursor.from }}' }, incremental: { path: 'changed' } }), ['error /endpoints/it/incremental The first run knows no {{ cursor.from }}, so that its statement could not be asked.']);
  check('a beginning in the statement', 'connector', manifest({}, { with: { statement: 'sku = {{ params.sku }} and changed > {{ cursor.from ?? "2020-01-01" }}' }, incremental: { path: 'changed' } }), []);
  check('a cursor of nothing', 'connector', manifest({}, { with: { statement: 'sku = {{ params.sku }} and changed > {{ cursor.from }}' } }), ['error /endpoints/it/with/statement The endpoint "it" is not read incrementally, so it has no cursor.']);
  check('a parameter that is not used', 'connector', manifest({}, { with: { statement: 'all' } }), ['warning /endpoints/it/params/sku The parameter "sku" of "it" is not used.']);
  check('a setting that the protocol does not have', 'connector', manifest({ settings: { hots: 'x' } }), ['error /settings/hots "hots" is not allowed in "settings".']);
  check('a variable that is not there', 'connector', manifest({ settings: { host: '{{ instance.zone }}' } }), ['error /settings/host The connector has no variable "zone".']);
});

describe('an instance of a protocol', () => {
  const instance = (more: object = {}) => ({ version: 1, connector: 'stock', settings: { region: 'eu' }, credentials: { password: { $secret: 'p' } }, ...more });
  check('is sound', 'instance', instance(), []);
  check('of the plugin itself is sound', 'instance', instance({ connector: 'shelf', settings: { host: 'a.test' } }), []);
  check('settings of the protocol beside those of the connector', 'instance', instance({ settings: { region: 'eu', port: 5 } }), []);
  check('a setting that is missing', 'instance', instance({ settings: {} }), ['error /settings "region" is missing in "settings".']);
  check('a setting of the plugin that is missing', 'instance', instance({ connector: 'shelf', settings: {} }), ['error /settings "host" is missing in "settings".']);
  check('a setting of another type', 'instance', instance({ settings: { region: 'eu', port: 'five' } }), ['error /settings/port "port" must be a whole number; it is "five" (string).']);
  check('a secret that stands there', 'instance', instance({ credentials: { password: 'x' } }), ['error /credentials/password "password" is secret and must not stand in a file.']);
  check('without credentials', 'instance', instance({ credentials: {} }), ['error /credentials "password" is missing in "credentials".']);
});

describe('a flow with a protocol', () => {
  const flow = (settings: object) => ({ version: 1, start: 'a', steps: { a: { shape: 'connector', settings } } });
  check('is sound', 'flow', flow({ instance: 'eu', endpoint: 'stock.find', params: { sku: 'A' } }), []);
  check('a param that is missing', 'flow', flow({ instance: 'eu', endpoint: 'stock.find' }), ['error /steps/a/settings The endpoint "stock.find" needs the parameter "sku".']);
  check('an endpoint of the plugin itself', 'flow', flow({ instance: 'direct', endpoint: 'keep', params: { place: 'top' } }), []);
  check('an endpoint with a statement stands in a manifest only', 'flow', flow({ instance: 'direct', endpoint: 'find' }), ['error /steps/a/settings/endpoint The connector "shelf" has no endpoint "find".']);
  check('a trigger of events', 'flow', { version: 1, triggers: { t: { trigger: 'event', settings: { instance: 'direct', endpoint: 'watch' } } }, start: 'a', steps: { a: { shape: 'split' } } }, []);
});

describe('what is taken away must be kept with the run', () => {
  const flow = (recording: string | undefined, settings: object, more: object = {}) => ({ version: 1, ...(recording && { settings: { recording } }), start: 'a', steps: { a: { shape: 'connector', settings, ...more } } });
  const drop = { instance: 'direct', endpoint: 'take', params: { after: 'drop' } };
  const told = (place: string, severity = 'error') => [`${severity} /steps/a/settings/${place} The step "a" takes away what it has read ("after" is "drop"), but the flow keeps no payloads ("recording" is "errors"): after a crash they would be lost.`];
  check('as it is by default', 'flow', flow(undefined, drop), []);
  check('as it is where everything is recorded', 'flow', flow('full', drop), []);
  check('by the step', 'flow', flow('errors', drop), told('params/after'));
  check('by the connector', 'flow', flow('errors', { instance: 'eu', endpoint: 'stock.take' }), told('endpoint'));
  check('in a step that does nothing', 'flow', flow('errors', drop, { disabled: true }), told('params/after', 'warning'));
  check('what is left there needs no recording', 'flow', flow('none', { ...drop, params: { after: 'keep' } }), []);
  check('by default it is left there', 'flow', flow('none', { ...drop, params: {} }), []);
});
