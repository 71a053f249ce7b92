import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalogJson from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from './catalog.ts';
import type { ConnectorManifest } from './connector.ts';
import { completeFlow, completeSetting, hoverFlow } from './flow-completion.ts';
import type { LastPayload } from './flow-place.ts';
import type { LintWorld } from './lint-world.ts';

const text = { type: 'string' } as const;
const line = { type: 'object', properties: { sku: text, count: { type: 'integer' } }, required: ['sku'] };
const order = { type: 'object', properties: { id: { type: 'integer', description: 'Its number.' }, email: { type: ['string', 'null'] }, 'ship to': { type: 'object', properties: { city: text } }, lines: { type: 'array', items: line } }, required: ['id', 'lines'] };
const get = { direction: 'receive', method: 'GET', path: '/' } as const;
const shop = { version: 1, title: 'Shop', baseUrl: 'https://shop.test', endpoints: { orders: { ...get, title: 'Orders', record: order }, silent: { ...get, title: 'Silent' }, send: { direction: 'send', method: 'POST', path: '/', title: 'Send' } } } as unknown as ConnectorManifest;
const world: LintWorld = {
  catalog: catalogJson as unknown as Catalog, connectors: { shop }, instances: { shop: { version: 1, connector: 'shop' } }, environments: { dev: { version: 1, variables: { limit: 5, region: 'eu' } }, prod: { version: 1, variables: { limit: 'none' } } },
  scripts: [], schemas: [], lookups: [], maps: {}, flows: [], groups: [],
};
const last: LastPayload = { body: { id: 7, 'gift note': 'Hi', lines: [{ sku: 'A', price: 2.5 }] }, meta: { 'header.x-id': '9' }, from: 'r1' };

/** A flow with `▮` where the cursor stands in the settings of the last step. */
const fileOf = (shape: string, settings: string, endpoint = 'orders'): string => `{"version": 1, "start": "get",
  "variables": {"since": {"type": "string", "default": "2024-01-01", "description": "First day."}, "odd name": {}},
  "steps": {
    "get": {"shape": "connector", "settings": {"instance": "shop", "endpoint": "${endpoint}"}, "next": {"out": "set"}},
    "set": {"shape": "set-variables", "settings": {"flow": [{"name": "count", "value": 3}], "meta": [{"name": "source", "value": "shop"}]}, "next": {"out": "each"}},
    "each": {"shape": "for-each", "next": {"each": "last"}},
    "last": {"shape": "${shape}", "settings": ${settings}}
  }}`;

interface Case {
  readonly shape?: string;
  readonly endpoint?: string;
  readonly last?: LastPayload;
  /** Labels, with type and last value, of the first candidates; all of them without `…` at the end. */
  readonly offers: readonly string[];
  /** What the text becomes with the first candidate. */
  readonly becomes?: string;
}

const check = (title: string, settings: string, { shape = 'notify', endpoint, last: payload, offers, becomes }: Case): void => void test(title, async () => {
  const marked = fileOf(shape, settings, endpoint);
  const offset = marked.indexOf('▮');
  const file = marked.replace('▮', '');
  const found = await completeFlow(file, offset, world, async (step) => (step === 'last' ? payload : undefined));
  const typed = (start: number): string => file.slice(start, offset).replace(/^[.[]?\\?['"]?/, '').toLowerCase();
  const lines = found.filter(({ label, start }) => label.toLowerCase().startsWith(typed(start).replace(/^\[/, ''))).map(({ label, detail, last: value }) => `${label}${detail === undefined ? '' : `: ${detail}`}${value === undefined ? '' : ` = ${value}`}`);
  const isOpen = offers.at(-1) === '…';
  assert.deepEqual(isOpen ? [...lines.slice(0, offers.length - 1), '…'] : lines, offers);
  if (becomes === undefined) return;
  const first = found.find(({ label, start }) => label.toLowerCase().startsWith(typed(start).replace(/^\[/, '')))!;
  const at = first.start + (first.caret ?? first.insert.length);
  const made = file.slice(0, first.start) + first.insert + file.slice(first.end);
  const shown = made.slice(0, at) + '▮' + made.slice(at);
  assert.ok(shown.includes(`"settings": ${becomes}`), `${shown.slice(shown.indexOf('"last"'))}\ninstead of ${becomes}`);
  JSON.parse(made);
});

describe('what may be written in an expression', () => {
  check('at its beginning', '{"message": "Order {{ ▮ }}"}', { offers: ['payload: an object', 'meta: an object', 'flow: an object = {"since":"2024-01-01"}', 'env: an object', 'run: an object', 'now: a text', 'true', 'false', 'null'], becomes: '{"message": "Order {{ payload▮ }}"}' });
  check('of a word that is begun', '{"message": "{{ pay▮load }}"}', { offers: ['payload: an object'], becomes: '{"message": "{{ payload▮ }}"}' });
  check('without an end', '{"message": "{{ ru▮"}', { offers: ['run: an object'], becomes: '{"message": "{{ run▮"}' });
  check('behind an operator', '{"message": "{{ payload.id > 3 && r▮ }}"}', { offers: ['run: an object'] });
  check('behind a value', '{"message": "{{ payload.id ▮ }}"}', { offers: [] });
  check('before and behind expressions', '{"message": "a {{ payload }} pay▮ {{ payload }}"}', { offers: [] });
  check('in the second of two', `{"message": "{{ '}}' }} {{ no▮ }}"}`, { offers: ['now: a text'] });
  check('in a text of it', `{"message": "{{ 'pay▮' }}"}`, { offers: [] });
  check('in a number', '{"message": "{{ 1▮ }}"}', { offers: [] });
  check('where expressions are not read', '{"group": "{{ pay▮ }}"}', { offers: [] });
  check('in a key', '{"mess▮age": "{{ payload }}"}', { offers: [] });
});

describe('fields', () => {
  check('of the payload', '{"message": "{{ payload.▮ }}"}', { offers: ['id: a number', 'email: a text, or null; may be missing', "['ship to']: an object; may be missing", 'lines: a list of objects'], becomes: '{"message": "{{ payload.id▮ }}"}' });
  check('with the values of the last payload, and what only that has', '{"message": "{{ payload.▮ }}"}', { last, offers: ['id: a number = 7', 'email: a text, or null; may be missing', "['ship to']: an object; may be missing", 'lines: a list of objects = [{"sku":"A","price":2.5}]', `['gift note']: a text = "Hi"`] });
  check('that are no plain names take a bracket instead of the dot', '{"message": "{{ payload.[▮ }}"}', { offers: [] });
  check('in a bracket', String.raw`{"message": "{{ payload['sh▮'] }}"}`, { offers: ['ship to: an object; may be missing'], becomes: String.raw`{"message": "{{ payload['ship to']▮ }}"}` });
  check('in a bracket with double quotes', String.raw`{"message": "{{ payload[\"sh▮\"] }}"}`, { offers: ['ship to: an object; may be missing'], becomes: String.raw`{"message": "{{ payload['ship to']▮ }}"}` });
  check('below', String.raw`{"message": "{{ payload['ship to'].c▮ | trim }}"}`, { offers: ['city: a text; may be missing'], becomes: String.raw`{"message": "{{ payload['ship to'].city▮ | trim }}"}` });
  check('of a list', '{"message": "{{ payload.lines.▮ }}"}', { offers: ['[*]: an object', '[*].sku: a text', '[*].count: a number; may be missing', '[0]: an object', '[0].sku: a text', '[0].count: a number; may be missing'], becomes: '{"message": "{{ payload.lines[*]▮ }}"}' });
  check('of items', '{"message": "{{ payload.lines[*].▮ }}"}', { last, offers: ['sku: a text = "A"', 'count: a number; may be missing', 'price: a number = 2.5'] });
  check('of a payload that only a run shows', '{"message": "{{ payload.▮ }}"}', { endpoint: 'silent', last, offers: ['id: a number; may be missing = 7', `['gift note']: a text; may be missing = "Hi"`, 'lines: a list of objects; may be missing = [{"sku":"A","price":2.5}]'] });
  check('of a payload that nothing shows', '{"message": "{{ payload.▮ }}"}', { endpoint: 'silent', offers: [] });
  check('of variables, declared and set', '{"message": "{{ flow.▮ }}"}', { offers: ['count: a number; may be missing', 'since: a text; may be missing = "2024-01-01"', "['odd name']"] });
  check('of metadata', '{"message": "{{ meta.▮ }}"}', { last, offers: ['source: a text; may be missing', `['header.x-id']: a text = "9"`] });
  check('of the environments', '{"message": "{{ env.▮ }}"}', { offers: ['limit: a number or a text; may be missing', 'region: a text; may be missing'] });
  check('of the run', '{"message": "{{ run.f▮ }}"}', { offers: ['flow: a text; may be missing'] });
  check('of a text', '{"message": "{{ payload.email.▮ }}"}', { offers: [] });
  check('behind escapes', String.raw`{"message": "\u00fc\n\"{{ payload.i▮x }}\""}`, { offers: ['id: a number'], becomes: String.raw`{"message": "\u00fc\n\"{{ payload.id▮ }}\""}` });
});

describe('transforms', () => {
  check('that take what is there', '{"message": "{{ payload.lines | ▮ }}"}', { offers: ['array-join: gives a text', 'average: gives a number', '…'] });
  check('not others', '{"message": "{{ payload.id | arr▮ }}"}', { offers: [] });
  check('with what they need', '{"message": "{{ payload.email | pa▮ }}"}', { offers: ['pad: gives a text', 'parse-csv: gives a list', 'parse-date: gives a text', 'parse-json', 'parse-number: gives a number', 'parse-xml: gives an object'], becomes: '{"message": "{{ payload.email | pad(length: ▮) }}"}' });
  check('behind another', '{"message": "{{ payload.lines | count | tr▮ }}"}', { offers: ['trim: gives a text', 'truncate: gives a text'], becomes: '{"message": "{{ payload.lines | count | trim▮ }}"}' });
  check('their settings, the needed first', '{"message": "{{ payload.email | pad(▮) }}"}', { offers: ['length: a number', 'with: a text', 'side: a text'], becomes: '{"message": "{{ payload.email | pad(length: ▮) }}"}' });
  check('those that are left', '{"message": "{{ payload.email | pad(length: 3, s▮) }}"}', { offers: ['side: a text'] });
  check('the values of a setting', '{"message": "{{ payload.email | pad(side: ▮) }}"}', { offers: ['start: default', 'end'], becomes: `{"message": "{{ payload.email | pad(side: 'start'▮) }}"}` });
  check('in a quote', `{"message": "{{ payload.email | pad(side: 'e▮', length: 2) }}"}`, { offers: ['end'], becomes: `{"message": "{{ payload.email | pad(side: 'end'▮, length: 2) }}"}` });
  check('a path as a setting', '{"message": "{{ payload.email | pad(length: payload.i▮) }}"}', { offers: ['id: a number'] });
});

describe('paths that stand alone', () => {
  check('fields of the record', '{"conditions": [{"field": "▮"}]}', { shape: 'filter', last, offers: ['id: a number = 7', 'email: a text, or null; may be missing', "['ship to']: an object; may be missing", 'lines: a list of objects = [{"sku":"A","price":2.5}]', `['gift note']: a text = "Hi"`], becomes: '{"conditions": [{"field": "id▮"}]}' });
  check('with the dollar', '{"conditions": [{"field": "$.li▮"}]}', { shape: 'filter', offers: ['lines: a list of objects'], becomes: '{"conditions": [{"field": "$.lines▮"}]}' });
  check('of the records that a setting names', '{"records": "lines", "conditions": [{"any": [{"field": "s▮"}]}]}', { shape: 'filter', last, offers: ['sku: a text = "A"'] });
  check('the records', '{"records": "l▮"}', { shape: 'for-each', offers: ['lines: a list of objects'] });
  check('the value beside it is a template', '{"conditions": [{"field": "id", "value": "{{ flow.c▮ }}"}]}', { shape: 'filter', offers: ['count: a number; may be missing'] });
  check('a template in the settings of a transform', '{"rules": [{"from": "id", "to": "x", "transforms": [{"type": "prefix", "settings": {"prefix": "{{ flow.c▮ }}"}}]}]}', { shape: 'map', offers: ['count: a number; may be missing'] });
});

const typedInForm = (title: string, marked: string, { shape = 'notify', keys = ['message'], settings = '{}', last: payload, offers, becomes }: Case & { readonly keys?: readonly (string | number)[]; readonly settings?: string }): void => void test(title, async () => {
  const text = marked.replace('▮', '');
  const offset = marked.indexOf('▮');
  const found = await completeSetting(fileOf(shape, settings), { step: 'last', keys, text, offset }, world, async () => payload);
  const labels = found.map(({ label, last: value }) => `${label}${value === undefined ? '' : ` = ${value}`}`);
  assert.deepEqual(offers.at(-1) === '…' ? [...labels.slice(0, offers.length - 1), '…'] : labels, offers);
  if (becomes === undefined) return;
  const { start, end, insert, caret = insert.length } = found[0]!;
  assert.equal(`${text.slice(0, start)}${insert.slice(0, caret)}▮${insert.slice(caret)}${text.slice(end)}`, becomes);
});

describe('what a form holds and the file does not have yet', () => {
  typedInForm('an empty field offers whole expressions', '▮', { offers: ['payload', 'meta', 'flow = {"since":"2024-01-01"}', 'env', 'run', 'now'], becomes: '{{ payload▮ }}' });
  typedInForm('so does the text around one', '{{ payload.id }} of ▮', { offers: ['payload', '…'], becomes: '{{ payload.id }} of {{ payload▮ }}' });
  typedInForm('fields with the values of the last payload', 'Order "{{ payload.▮ }}"', { last, offers: ['id = 7', 'email', "['ship to']", 'lines = [{"sku":"A","price":2.5}]', `['gift note'] = "Hi"`], becomes: 'Order "{{ payload.id▮ }}"' });
  typedInForm('transforms', '{{ payload.email | ▮', { offers: ['base64', '…'] });
  typedInForm('behind a value', '{{ payload.id ▮ }}', { offers: [] });
  typedInForm('a path that stands alone', 'l▮', { shape: 'filter', keys: ['conditions', 0, 'field'], settings: '{"conditions": [{"field": ""}]}', offers: ['id', 'email', "['ship to']", 'lines'], becomes: 'id▮' });
  typedInForm('where expressions are not read', '{{ ▮', { keys: ['group'], offers: [] });
  typedInForm('a step that is not there any more', '{{ ▮', { shape: 'gone', offers: [] });
});

const hover = (title: string, settings: string, expected: string | undefined, { shape = 'notify' } = {}): void => void test(title, async () => {
  const marked = fileOf(shape, settings);
  const file = marked.replace('▮', '');
  const found = await hoverFlow(file, marked.indexOf('▮'), world, async () => last);
  assert.equal(found && [`${file.slice(found.start, found.end)}`, found.type, found.description, found.from, found.last].map((part) => part ?? '-').join(' / '), expected);
});

describe('what stands at a place', () => {
  hover('a field', '{"message": "{{ payload.i▮d }}"}', 'payload.id / a number / Its number. / the endpoint orders of shop / 7');
  hover('a part of a path', '{"message": "{{ payload.li▮nes[0].sku }}"}', 'payload.lines / a list of objects / - / the endpoint orders of shop / [{"sku":"A","price":2.5}]');
  hover('all of it', '{"message": "{{ payload.lines[*].pri▮ce }}"}', 'payload.lines[*].price / a list of numbers / - / the endpoint orders of shop / [2.5]');
  hover('a root', '{"message": "{{ pay▮load.id }}"}', 'payload / an object / What arrives at the step. / the endpoint orders of shop / {"id":7,"gift note":"Hi","lines":[{"sku":"A","price":2.5}]}');
  hover('a variable', '{"message": "{{ flow.since▮ }}"}', 'flow.since / a text / First day. / - / "2024-01-01"');
  hover('a transform', '{"message": "{{ payload.email | tr▮im }}"}', 'trim / - / Removes white space around a text. / - / -');
  hover('behind escapes', String.raw`{"message": "\"\u00e4{{ payload[\"ship ▮to\"] }}"}`, String.raw`payload[\"ship to\"] / an object / - / the endpoint orders of shop / -`);
  hover('a path that stands alone', '{"conditions": [{"field": "li▮nes[0].sku"}]}', 'lines / a list of objects / - / the endpoint orders of shop / [{"sku":"A","price":2.5}]', { shape: 'filter' });
  hover('nothing', '{"message": "{{ payload.id }} ▮ "}', undefined);
  hover('what cannot be read', '{"message": "{{ payload.i▮d | }}"}', undefined);
});

test('any offset of any beginning of a flow can be asked', async () => {
  const file = fileOf('notify', '{"message": "{{ payload.lines[*].sku | pad(side: \'end\') ?? flow[\\"odd name\\"] }}"}');
  for (let end = file.indexOf('"last"'); end <= file.length; end++) {
    await completeFlow(file.slice(0, end), end, world, async () => last);
    await hoverFlow(file, end, world, async () => last);
  }
});
