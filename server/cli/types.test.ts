import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runFake } from '../../test/support/fake-terminal.ts';
import { openRunner } from '../runner/runner.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-types-'));
const compiler = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
after(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

before(async () => {
  write('connectors/shop.connector.json', JSON.stringify({ version: 1, title: 'Shop', baseUrl: 'https://shop.test', endpoints: { 'orders.list': { title: 'Orders', direction: 'receive', method: 'GET', path: '/orders', record: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'], additionalProperties: false } } } }));
  write('instances/shop.instance.json', JSON.stringify({ version: 1, connector: 'shop' }));
  const script = (name: string): object => ({ shape: 'script', settings: { script: name } });
  write('flows/a.flow.json', JSON.stringify({ version: 1, start: 'get', steps: { get: { shape: 'connector', settings: { instance: 'shop', endpoint: 'orders.list' }, next: { out: 'each' } }, each: { shape: 'for-each', next: { each: 'one', done: 'all' } }, one: script('p.ts'), all: script('scripts/q.ts') } }));
  write('flows/b.flow.json', JSON.stringify({ version: 1, start: 'get', steps: { get: { shape: 'manual-payload', settings: { document: { id: 'A1', lines: [] } }, next: { out: 'one' } }, one: script('p.ts') } }));
  for (const name of ['p', 'q', 'r']) write(`scripts/${name}.ts`, '');
  write('patchbay.json', '{"version":1,"scripts":{"hosts":["api.shop.test"]}}');
  write('lookups/countries.csv', 'a,b\n');
  write('lookups/erp/codes.csv', 'a,b\n');
  const { code, out, said } = await runFake(['types'], { folder: root, open: openRunner });
  assert.deepEqual([code, out.split('\n'), said], [0, ['.patchbay/types/scripts.d.ts', 'scripts/tsconfig.json', ''], '']);
});

test('what the workspace has is in the declarations, and what a person wrote stays', async () => {
  const text = readFileSync(join(root, '.patchbay/types/scripts.d.ts'), 'utf8');
  assert.match(text, /type LookupName = "countries" \| "erp\/codes";/);
  assert.match(text, /Hosts: api\.shop\.test\./);
  assert.match(text, /interface Payloads \{\n    "p\.ts": \{ "id": number \} \| \{ "id": string; "lines": Array<any>; \[name: string\]: any \};\n    "q\.ts": Array<\{ "id": number \}>;\n    "r\.ts": any;\n  \}/);
  const own = readFileSync(join(root, 'scripts/tsconfig.json'), 'utf8');
  write('scripts/tsconfig.json', `// mine\n${own}`);
  const { out } = await runFake(['types', '--json'], { folder: root, open: openRunner });
  assert.deepEqual(JSON.parse(out), { files: ['.patchbay/types/scripts.d.ts'] });
  assert.ok(readFileSync(join(root, 'scripts/tsconfig.json'), 'utf8').startsWith('// mine'));
});

describe('an editor knows', () => {
  const typed = (body: string, kind = 'PayloadScript'): string => `export default (async (input, context) => { ${body} }) satisfies Patchbay.${kind};\n`;
  const cases: readonly (readonly [what: string, file: string, text: string, error?: RegExp])[] = [
    ['a script without a fault', 'a.ts', `interface Order { id: number }\nexport default (async ({ payload, meta, variables }, context) => {\n  context.log.info('got', payload.id.toFixed());\n  const { status, body } = await context.http({ url: 'https://api.shop.test/', method: 'PUT', body: payload });\n  const name = await context.lookup('countries', 'DE', { to: 'b' });\n  const [last] = await context.cache('c').get(payload.id);\n  const isNew = await context.pool('p').add([payload.id], { entity: 'order' });\n  variables['n'] = await context.hmac('sha256', 'k', context.base64.encode(context.uuid()), 'base64');\n  return [{ payload: { status, body, name, last, isNew }, meta }];\n}) satisfies Patchbay.PayloadScript<Order>;\n`],
    ['the input', 'b.ts', typed('return { payload: input.payloads };'), /Property 'payloads' does not exist/],
    ['what comes to a script', 'p.ts', typed('return { payload: input.payload.ip };', "PayloadScript<Patchbay.Payloads['p.ts']>"), /Property 'ip' does not exist/],
    ['what comes to a script, and finds no fault in it', 'q.ts', typed('return { payload: input.payload.map(({ id }) => id.toFixed()) };', "PayloadScript<Patchbay.Payloads['q.ts']>")],
    ['a script of another name', 'r.ts', typed('return input;', "PayloadScript<Patchbay.Payloads['s.ts']>"), /Property 's\.ts' does not exist/],
    ['the context', 'c.ts', typed('context.logs.info("x");'), /Property 'logs' does not exist/],
    ['the name of a lookup', 'd.ts', typed('await context.lookup("contries", 1);'), /"contries"' is not assignable/],
    ['what is returned', 'e.ts', typed('return { body: 1 };'), /does not satisfy|not assignable|'payload' is missing/],
    ['a column', 'f.ts', typed('return input.values.map(String);', 'FieldScript')],
    ['a column that is no list', 'g.ts', typed('return input.values.length;', 'FieldScript'), /not assignable|does not satisfy/],
    ['an action', 'h.ts', typed('return input.response.status === 409 ? "retry-step" : { action: "explode" };', 'AfterScript'), /does not satisfy the expected type 'AfterScript/],
    ['a response script', 'n.ts', typed('return input.meta["shop"] === "eu" && input.response.status === 200 ? { payload: { ...input.payload, seen: input.request.url, step: input.flow.step } } : { action: "retry-run", waitMs: 1000 };', 'ResponseScript')],
    ['what a response script sees', 'o.ts', typed('return input.headers ? 2 : undefined;', 'ResponseScript'), /Property 'headers' does not exist/],
    ['a request', 'i.ts', typed('return { headers: { "x-sum": String(input.request.body?.length), accept: null } };', 'BeforeScript')],
    ['JavaScript', 'j.js', '// @ts-check\n/** @type {Patchbay.PayloadScript} */\nconst script = async (input, context) => ({ payload: context.uid() });\nexport default script;\n', /Property 'uid' does not exist/],
    ['a hosted script', 'k.js', '// @ts-check\n/** @type {Patchbay.HostedScript} */\nconst script = async (data) => ({ payload: JSON.parse(data.payload) });\nmodule.exports = script;\n'],
    ['that there is no file system', 'l.ts', typed('return { payload: process.env };'), /Cannot find name 'process'/],
    ['that there are no timers', 'm.ts', typed('setTimeout(() => {}, 1);'), /Cannot find name 'setTimeout'/],
  ];
  let findings = '';
  before(() => {
    for (const [, file, text] of cases) write(`scripts/${file}`, text);
    findings = spawnSync(process.execPath, [compiler, '--pretty', 'false', '-p', 'scripts/tsconfig.json'], { cwd: root, encoding: 'utf8' }).stdout;
  });
  for (const [what, file, , error] of cases) {
    test(what, () => {
      const own = findings.split('\n').filter((line) => line.includes(`${file}(`) || line.startsWith(`scripts/${file}(`)).join('\n');
      if (error) assert.match(own, error);
      else assert.equal(own, '');
    });
  }
});
