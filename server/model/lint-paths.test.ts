import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalogJson from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from './catalog.ts';
import type { ConnectorManifest } from './connector.ts';
import { applyEdits } from './flow-edit-apply.ts';
import { lint } from './lint.ts';
import type { LintWorld } from './lint-world.ts';
import { quickFixEdits } from './quick-fix.ts';

const text = { type: 'string' } as const;
const line = { type: 'object', properties: { sku: text }, required: ['sku'], additionalProperties: false };
const order = { type: 'object', properties: { id: { type: 'integer' }, email: text, 'ship to': { type: 'object', properties: { city: text }, additionalProperties: false }, lines: { type: 'array', items: line } }, required: ['id'], additionalProperties: false };
const get = { direction: 'receive', method: 'GET', path: '/' } as const;
const shop = {
  version: 1, title: 'Shop', baseUrl: 'https://shop.test',
  endpoints: {
    orders: { ...get, title: 'Orders', record: order }, open: { ...get, title: 'Open', record: { type: 'object', properties: { id: text, name: text } } }, silent: { ...get, title: 'Silent' },
    send: { direction: 'send', method: 'POST', path: '/', title: 'Send', params: { to: { type: 'string', in: 'query' } } },
  },
} as ConnectorManifest;
const world: LintWorld = {
  catalog: catalogJson as unknown as Catalog, connectors: { shop }, instances: { shop: { version: 1, connector: 'shop' } }, environments: {}, scripts: [], schemas: [], lookups: [], maps: {}, flows: [], groups: [],
};

interface Case {
  readonly endpoint?: string;
  /** Text of the step that is looked at, as it stands in the file. */
  readonly step: string;
  /** `marked text: message`, and behind `→` what the quick fixes make of the value. */
  readonly found: readonly string[];
}

const fileOf = (endpoint: string, step: string): string => `{"version": 1, "start": "get", "steps": {
  "get": {"shape": "connector", "settings": {"instance": "shop", "endpoint": "${endpoint}"}, "next": {"out": "each"}},
  "each": {"shape": "for-each", "next": {"each": "item", "done": "all"}},
  "item": ${step},
  "all": {"shape": "wait", "settings": {"ms": 1}}
}}`;

const check = (title: string, { endpoint = 'orders', step, found }: Case): void => void test(title, () => {
  const file = fileOf(endpoint, step);
  const lines = file.split('\n');
  const actual = lint('flow', 'flows/x.flow.json', file, world).filter(({ code }) => code === 'CONFIG_PATH').map(({ line, column, endLine, endColumn, severity, message, fix, quickFixes = [] }) => {
    assert.equal(line, endLine);
    assert.equal(severity, 'warning');
    const fixed = quickFixes.map((quick) => {
      const made = applyEdits(file, quickFixEdits('flow', file, quick, world.catalog));
      assert.deepEqual(lint('flow', 'flows/x.flow.json', made, world).filter(({ code }) => code === 'CONFIG_PATH').length, found.length - 1, `${quick.title} leaves nothing of it`);
      return quick.title.replace('Change it to ', '');
    });
    assert.ok(fix);
    return `${lines[line! - 1]!.slice(column! - 1, endColumn! - 1)}: ${message.replace(/, which comes from .*$/, '').replace(/^The path .* leads nowhere: /, '')}${fixed.length > 0 ? ` → ${fixed.join(', ')}` : ` (${fix})`}`;
  });
  assert.deepEqual(actual, found);
});
const notify = (message: string): string => `{"shape": "notify", "settings": {"group": "ops", "message": ${JSON.stringify(message)}}}`;
const connect = (to: string): string => `{"shape": "connector", "settings": {"instance": "shop", "endpoint": "send", "params": {"to": ${to}}}}`;

describe('paths of expressions into what arrives', () => {
  check('a field that there is', { step: notify('{{ payload.email }} {{ payload["ship to"].city }} {{ payload.lines[0].sku }} {{ payload.lines[*].sku }} {{ payload }}'), found: [] });
  check('a field that there is not', { step: notify('Order {{ payload.emial }} came'), found: ['payload.emial: the payload has no field "emial" → payload.email'] });
  check('far from any name', { step: notify('{{ payload.zzz }}'), found: ['payload.zzz: the payload has no field "zzz" (There are "id", "email", "ship to", "lines".)'] });
  check('below', { step: notify("{{ payload['ship to'].cty }}"), found: [String.raw`payload['ship to'].cty: "['ship to']" has no field "cty" → payload['ship to'].city`] });
  check('behind escapes, to the letter', { step: connect(String.raw`"\u0041\n\"{{ payload[\"ship to\"].cty | trim }}\"/"`), found: [String.raw`payload[\"ship to\"].cty: "['ship to']" has no field "cty" → payload['ship to'].city`] });
  check('a name of a list', { step: notify('{{ payload.lines.sku }}'), found: ['payload.lines.sku: "lines" is a list, whose items are reached by [*] or an index → payload.lines[*].sku'] });
  check('an index of no list', { step: notify('{{ payload[0].id }}'), found: ['payload[0].id: the payload is no list → payload.id'] });
  check('below a text', { step: notify('{{ payload.email.host }}'), found: ['payload.email.host: "email" is no object (Correct the path.)'] });
  check('in the settings of a pipe', { step: notify('{{ payload.email | pad(length: payload.idd) }}'), found: ['payload.idd: the payload has no field "idd" → payload.id'] });
  check('two in one text', { step: notify('{{ payload.emial }} {{ payload.idd }}'), found: ['payload.emial: the payload has no field "emial" → payload.email', 'payload.idd: the payload has no field "idd" → payload.id'] });
  check('with a default, where it is certain', { step: notify("{{ payload.emial ?? 'none' }}"), found: ['payload.emial: the payload has no field "emial" → payload.email'] });
  check('a field that the schema does not name', { endpoint: 'open', step: notify('{{ payload.nam }}'), found: ['payload.nam: the payload has no field "nam" → payload.name'] });
  check('the same with a default', { endpoint: 'open', step: notify("{{ payload.nam ?? '' }}"), found: [] });
  check('the same, asked whether it is there', { endpoint: 'open', step: `{"shape": "assert", "settings": {"expressions": ["{{ payload.nam == null }}", "{{ null != payload.nam }}"]}}`, found: [] });
  check('fields of an object by a wildcard', { step: notify('{{ payload[*].city }}'), found: [] });
  check('a filter, and a descent', { step: notify('{{ payload.lines[?@.x == 1].y }} {{ payload..z }}'), found: [] });
  check('where nothing is known', { endpoint: 'silent', step: notify('{{ payload.emial }}'), found: [] });
});

describe('paths that stand alone', () => {
  check('the field of a condition', { step: '{"shape": "filter", "settings": {"conditions": [{"field": "$.emial", "value": 1}, {"any": [{"field": "lines.sku"}, {"field": "email"}, {"field": ""}]}]}}', found: ['$.emial: the record has no field "emial" → $.email', 'lines.sku: "lines" is a list, whose items are reached by [*] or an index → lines[*].sku'] });
  check('of the records that a setting names', { step: '{"shape": "route", "settings": {"records": "lines", "routes": [{"name": "a", "when": [{"field": "skuu"}, {"field": "sku"}]}]}}', found: ['skuu: the record has no field "skuu" → sku'] });
  check('the records themselves', { step: '{"shape": "for-each", "settings": {"records": "line"}}', found: ['line: the payload has no field "line" → lines'] });
  check('the element of a split', { step: '{"shape": "split", "settings": {"path": "$.lines[*].skuu"}}', found: ['$.lines[*].skuu: "lines[*]" has no field "skuu" → $.lines[*].sku'] });
  check('what an answer is put at is a place to write to', { step: '{"shape": "connector", "settings": {"instance": "shop", "endpoint": "send", "mergeResponse": "$.remote"}}', found: [] });
  check('the settings of a transform lead into its value', { step: '{"shape": "map", "settings": {"rules": [{"from": "lines", "to": "n", "transforms": [{"type": "count", "settings": {"path": "any"}}]}]}}', found: [] });
});
