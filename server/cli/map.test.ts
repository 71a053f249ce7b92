import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { runFake } from '../../test/support/fake-terminal.ts';
import { openRunner } from '../runner/runner.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-map-cli-'));
after(() => rmSync(root, { recursive: true, force: true }));
const text = { type: 'string' };
for (const folder of ['flows', 'maps', 'schemas']) mkdirSync(join(root, folder));
for (const [file, value] of Object.entries({
  'patchbay.json': { version: 1 },
  'flows/f.flow.json': { version: 1, start: 'm', steps: { m: { shape: 'map', settings: { rules: [{ from: 'n', to: 'a', transforms: [{ type: 'cast-to-number' }] }, { from: 'emal', to: 'b', default: 1 }] } } } },
  'maps/asks.map.json': { version: 1, source: 'order.json', rules: [{ from: 'n', to: 'a', default: 0, when: [{ field: 'email', is: 'exists' }] }] },
  'maps/never.map.json': { version: 1, source: 'order.json', rules: [{ from: 'n', to: 'a', when: [{ field: 'n', is: 'equals', value: 'a' }, { field: 'n', is: 'equals', value: 'b' }] }] },
  'maps/shared.map.json': { version: 1, title: 'Shared', source: 'order.json', rules: [{ from: 'n', to: 'a' }, { from: 'emal', to: 'b' }] },
  'schemas/order.json': { type: 'object', properties: { n: text, email: text }, required: ['n'], additionalProperties: false },
  'maps/round.map.json': { version: 1, rules: [{ from: 'x', to: 'y', map: 'about' }] },
  'maps/about.map.json': { version: 1, source: 'order.json', rules: [{ from: 'n', to: 'y', map: 'round' }] },
  'maps/wrong.map.json': { version: 1, source: 'none.json', rules: [{ from: 'x[', to: 'a' }, { from: 'n', to: 'b', map: 'nobody' }, { from: 'n', to: 'c', transforms: [{ type: 'nothing' }] }] },
  'flows/wrong.flow.json': { version: 1, start: 'm', steps: { m: { shape: 'map', settings: { rules: [{ from: 'n', to: 'v', map: 'nobody' }] } }, mm: { shape: 'map', settings: { rules: [{ from: 'n', to: 'a' }] } } } },
  'source.json': { type: 'object', properties: { n: text, email: text }, required: ['n'], additionalProperties: false },
  'target.json': { type: 'object', properties: { a: { type: 'number' }, b: {}, eMail: text } },
  'payload.json': [{ n: '1', emal: 'x' }, { n: 'one' }],
})) writeFileSync(join(root, file), JSON.stringify(value));
writeFileSync(join(root, 'bad.json'), '{\n  "n": 1,\n}\n');
writeFileSync(join(root, 'maps/comma.map.json'), '{"version": 1, "rules": [{"from": "x", "to": "y"},]}');

describe('patchbay map', () => {
  const check = (line: string, expected: { readonly code?: number; readonly out?: RegExp; readonly said?: RegExp }): void => void test(line, async () => {
    const { code, out, said } = await runFake(['map', ...line.split(' ')], { folder: root, open: openRunner });
    assert.equal(code, expected.code ?? 0, `${out}${said}`);
    assert.match(out, expected.out ?? /^$/);
    assert.match(said, expected.said ?? /^/);
  });
  check('check f m', { said: /^Source: not known\. Target: not known\.\nIt fits\.\n$/ });
  check('check f m --source source.json', { code: 3, out: /^flows\/f\.flow\.json:1:146: error CONFIG_PATH The source "emal" of "b" leads nowhere: the record has no field "emal"\. Did you mean "email"\?\n$/, said: /1 finding\n$/ });
  check('check f m --source source.json --json', { code: 3, out: /"quickFixes":\[\{"title":"Change it to email","set":\[\{"path":\["rules",1,"from"\],"value":"email"\}\]\}\]/ });
  check('check maps/round.map.json', { code: 3, out: /^maps\/round\.map\.json:\S+ error \S+ .*round/, said: /1 finding\n$/ });
  check('check maps/about.map.json', { code: 3, out: /^maps\/about\.map\.json:\S+ error \S+ .*round/, said: /1 finding\n$/ });
  check('check maps/wrong.map.json', { code: 3, out: /^maps\/wrong\.map\.json.*none\.json.*\n.*x\[.*\n.*nobody.*\n.*nothing.*\n$/, said: /4 findings\n$/ });
  check('check wrong m', { code: 3, out: /^flows\/wrong\.flow\.json:\S+ error \S+ .*nobody/, said: /1 finding\n$/ });
  check('check wrong mm', { said: /It fits\.\n$/ });
  for (const what of ['check', 'lineage', 'suggest', 'test', 'try --sample payload.json']) check(what.replace(/^\w+/, '$& maps/comma.map.json'), { code: 3, said: /CONFIG_INVALID.*comma.*\n.*maps\/comma\.map\.json:1:/ });
  check('lineage f m --source source.json', { out: /^target +from +through\na +n +cast-to-number\nb +emal +else 1\nNot used: email\n$/ });
  check('suggest f m --source source.json --target target.json', { out: /^score +from +to +why\n9\d % +email +eMail +the same name and path\n$/ });
  check('suggest f m', { said: /There is nothing to suggest\.\n$/ });
  check('try f m --sample payload.json', { out: /^target +value\na +1\nb +"x"\n$/ });
  check('try f m --sample payload.json --record 1', { code: 1, out: /^target +value\na +failed: a: .*\nb +1\nDATA_INVALID: a: .*"one".*\n$/ });
  for (const what of ['check f m --sample', 'check shared --target', 'suggest shared --source', 'try f m --sample']) check(`${what} bad.json`, { code: 1, said: /DATA_INVALID: bad\.json is not valid JSON: line 2, column 9: A comma stands after the last entry, before }\.\n {2}bad\.json:2:9\n {2}Remove the comma\.\n$/ });
  check('try f m', { code: 1, said: /DATA_MISSING/ });
  check('test f m --source source.json', { code: 1, out: /^\{\n {2}"n": ".*"\n\}\nDATA_INVALID: a: /, said: /Input 1 of 100 fails \(seed 1\)\. The smallest input that was found:\n$/ });
  check('test shared', { said: /100 inputs mapped, none failed \(seed 1\)\.\n$/ });
  check('test never', { said: /100 inputs mapped, none failed \(seed 1\)\.\nNot reached by any of them: 1 rule\.\n$/, out: /^maps\/never\.map\.json:1:45: a\n$/ });
  check('test never --json', { out: /"unreached":\[\{"to":"a","pointer":"\/rules\/0","at":\{"file":"maps\/never\.map\.json","line":1,"column":45\}\}\]/ });
  check('test shared --inputs 0', { code: 2, said: /'--inputs <number>' argument '0' is invalid\. At least 1 is needed\./ });
  check('test f m', { code: 1, said: /Nothing is known of what the mapping reads/ });
  check('check maps/shared.map.json', { code: 3, out: /^maps\/shared\.map\.json:1:92: error CONFIG_PATH The source "emal" of "b" leads nowhere/, said: /^Source: the schema order\.json\. Target: not known\.\n1 finding\n$/ });
  check('lineage shared', { out: /^target +from +through\na +n\nb +emal\nNot used: email\n$/ });
  check('explain shared', { out: /^target +from +through\na +n\nb +emal\nNot used: email\n$/ });
  check('lineage asks', { out: /^target +from +through\na +n +else 0 → if email\n$/ });
  check('try shared --sample payload.json', { out: /^target +value\na +"1"\nb +"x"\n$/ });
  check('check shard', { code: 3, said: /CONFIG_NOT_FOUND: There is no mapping "shard"/ });
  check('check f x', { code: 3, said: /CONFIG_UNKNOWN_STEP: .*\n {2}Its maps are "m"\.\n$/ });
});
