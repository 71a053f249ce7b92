import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { fakeRunner } from '../../test/support/fake-runner.ts';
import type { TrackedRow } from '../model/api.ts';
import type { Runner } from '../runner/contract.ts';
import { runFake } from '../../test/support/fake-terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-state-cli-'));
writeFileSync(join(root, 'patchbay.json'), '{"version":1}');
after(() => rmSync(root, { recursive: true, force: true }));

interface Said { readonly code: number; readonly out: string; readonly said: string }
type Run = (line: string, input?: string | Uint8Array) => Promise<Said>;

/** Commands, one after the other, on one runner. */
async function story(check: (run: Run) => Promise<void>, runner: Runner = fakeRunner({ root })): Promise<void> {
  await check(async (line, input) => {
    const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
    const { code, out, said } = await runFake(args, { folder: root, open: async () => runner, ...(input !== undefined && { stream: Readable.from([Buffer.from(input as string)]) }) });
    return { code, out, said };
  });
}

const check = async (said: Promise<Said>, expected: { readonly code?: number; readonly out?: string | RegExp; readonly said?: RegExp | string }): Promise<void> => {
  const { code, out, said: words } = await said;
  assert.equal(code, expected.code ?? 0, words);
  for (const [text, wanted] of [[out, expected.out ?? ''], [words, expected.said ?? '']] as const) {
    if (typeof wanted === 'string') assert.equal(text, wanted, words);
    else assert.match(text, wanted);
  }
};

test('caches: set, list, show, get, delete, clear', () => story(async (run) => {
  writeFileSync(join(root, 'customer.json'), '{"name":"Zoë"}');
  writeFileSync(join(root, 'notes.txt'), 'a note');
  await check(run('caches list'), { said: 'No cache holds anything.\n' });
  await check(run('caches set customers DE-7 --input customer.json'), { said: '1 changed.\n' });
  await check(run('caches set customers notes -i notes.txt --ttl-ms 60000'), { said: '1 changed.\n' });
  await check(run('caches list'), { out: /^cache +scope +of +keys +documents +bytes +last\ncustomers +workspace +2 +2 +\d\d +\d{4}-.*Z\n$/ });
  await check(run('caches show customers --prefix DE'), { out: /^key[^\n]*\nDE-7[^\n]*\n$/ });
  await check(run('caches show customers --limit 1'), { out: /DE-7/, said: '1 more: --page 2.\n' });
  await check(run('caches get customers DE-7'), { out: '{\n  "name": "Zoë"\n}\n' });
  await check(run('caches get customers DE-7 --json'), { out: '[{"mediaType":"application/json","meta":{},"body":{"name":"Zoë"}}]\n' });
  await check(run('caches get customers notes'), { out: 'a note\n' });
  await check(run('caches set customers bytes -i notes.txt --type application/csv'), { said: '1 changed.\n' });
  await check(run('caches get customers bytes'), { out: 'a note\n' });
  await check(run('caches delete customers bytes'), { said: '1 removed.\n' });
  await check(run('caches set customers DE-7 -i - --flow f --json', '[1]'), { out: '{"added":0,"changed":1,"removed":0}\n' });
  await check(run('caches get customers DE-7'), { code: 2, said: /^error: There are 2 caches of the name "customers": that of the flow f, the workspace’s\.\n {2}Say which one with --scope workspace, --flow or --run\.\n$/ });
  await check(run('caches get customers DE-7 --scope flow'), { out: '[\n  1\n]\n' });
  await check(run('caches get customers DE-7 --scope workspace --json'), { out: /Zoë/ });
  await check(run('caches delete customers DE-7 --scope workspace'), { said: '1 removed.\n' });
  await check(run('caches delete customers DE-7 --scope workspace'), { code: 1, said: 'There was nothing to remove.\n' });
  await check(run('caches get customers DE-7 --scope workspace'), { code: 1, said: /^error CACHE_MISS: The cache "customers" has nothing under the key "DE-7"\.\n {2}Check the key; `patchbay caches show` lists those of a cache\.\n$/ });
  await check(run('caches clear customers --flow f --json'), { out: '{"added":0,"changed":0,"removed":1}\n' });
  await check(run('caches clear customers --flow f'), { code: 1, said: /nothing to remove/ });
}));

test('pools: add, list, show, export, import, remove, clear', () => story(async (run) => {
  await check(run('pools'), { said: 'No pool holds anything.\n' });
  await check(run("pools add orders 1001 '1,2' --entity order"), { said: '2 added.\n' });
  await check(run("pools add orders 1001 --entity order"), { said: 'Nothing was new.\n' });
  await check(run('pools add orders 7'), { said: '1 added.\n' });
  await check(run('pools list'), { out: 'pool    entity  values\norders  order        2\norders  record       1\n' });
  await check(run('pools show orders --entity order --prefix 10'), { out: /^value[^\n]*\n1001 {3}order[^\n]*\n$/ });
  await check(run('pools export orders'), { out: 'value,entity_type\n"1,2",order\n1001,order\n7,record\n' });
  await check(run('pools import copy - --json', 'value,entity_type\n"1,2",order\n'), { out: '{"added":1,"changed":0,"removed":0}\n' });
  await check(run("pools remove orders '1,2' 99 --entity order"), { said: '1 removed.\n' });
  await check(run('pools remove orders 99'), { code: 1, said: 'There was nothing to remove.\n' });
  await check(run('pools clear orders --json'), { out: '{"added":0,"changed":0,"removed":2}\n' });
  await check(run('pools show orders --json'), { out: '{"items":[],"page":1,"perPage":50,"total":0}\n' });
}));

test('cursors: set, list, reset', () => story(async (run) => {
  await check(run('cursors'), { said: 'No run has read anything incrementally.\n' });
  await check(run('cursors set 2024-01-31 --flow f'), { code: 1, said: /^error: There is no such cursor\.\n {2}`patchbay cursors list`[^]*--kind\.\n$/ });
  const orders = '--flow f --step read --instance shop --endpoint orders.list';
  await check(run(`cursors set 2024-01-31 ${orders} --kind datetime`), { said: '1 added.\n' });
  await check(run(`cursors set 7 ${orders} --slice shop=1 --kind number --json`), { out: '{"added":1,"changed":0,"removed":0}\n' });
  await check(run('cursors set 8 --flow f --slice shop=1'), { said: '1 changed.\n' });
  await check(run('cursors set soon --flow f --slice shop=1'), { code: 1, said: /^error DATA_INVALID: "soon" is no number\./ });
  await check(run('cursors set 8 --flow f'), { code: 2, said: /There are 2 such cursors/ });
  await check(run('cursors list'), { out: /^environment +flow +step +instance +endpoint +slice +up to +since +pending for\n +f +read +shop +orders\.list +2024-01-31T00:00:00\.000Z[^\n]*\n +f +read +shop +orders\.list +shop=1 +8 [^\n]*\n$/ });
  await check(run('cursors list --slice shop=1 --json'), { out: /^\{"items":\[\{"environment":"","flow":"f".*"value":"8","seen":0,"at":\d+\}\],.*"total":1\}\n$/ });
  await check(run('cursors reset'), { code: 2, said: /not said which cursors[^]*--all/ });
  await check(run('cursors reset --flow f --slice shop=1'), { said: '1 removed.\n' });
  await check(run('cursors list --slice shop=1'), { out: /\(the beginning\)/ });
  await check(run('cursors reset --all'), { said: '1 removed.\n' });
  await check(run('cursors reset --all'), { code: 1, said: 'There was nothing to remove.\n' });
}));

test('tracked: search and list ask for what the options say', async () => {
  const asked: object[] = [];
  const row: TrackedRow = { value: '1001', entity: 'order', direction: 'in', flow: 'f', run: 'r1', step: 's', payload: 'p', at: 0 };
  const runner = fakeRunner({ root });
  const search: Runner['state']['tracked']['search'] = async (filter) => {
    asked.push(filter);
    return { items: filter.value === '1001' ? [row] : [], page: 1, perPage: 50, total: filter.value === '1001' ? 3 : 0 };
  };
  await story(async (run) => {
    await check(run('tracked search 1001'), { out: 'value  entity  direction  flow  run  step  at\n1001   order   in         f     r1   s     1970-01-01T00:00:00.000Z\n', said: '2 more: --page 2.\n' });
    await check(run('tracked search 10 --prefix --since 2024-01-01 --until 1704067200001 --direction in --limit 5 --page 2'), { said: 'Nothing of that was tracked.\n' });
    await check(run('tracked list --flow f --entity order --run r --json'), { out: '{"items":[],"page":1,"perPage":50,"total":0}\n' });
  }, { ...runner, state: { ...runner.state, tracked: { search } } });
  assert.deepEqual(asked, [{ value: '1001', page: 1, perPage: 50 }, { prefix: '10', since: 1_704_067_200_000, until: 1_704_067_200_001, direction: 'in', page: 2, perPage: 5 }, { flow: 'f', entity: 'order', run: 'r', page: 1, perPage: 50 }]);
});

test('lookups: list, show, set, import, export, remove', () => story(async (run) => {
  await check(run('lookups list'), { out: 'lookup     columns                  rows\ncountries  left_value, right_value     2\n' });
  await check(run('lookups set countries CH Switzerland'), { said: '1 added.\n' });
  await check(run('lookups set countries CH Schweiz --json'), { out: '{"added":0,"changed":1,"removed":0}\n' });
  await check(run('lookups show countries --text Sch'), { out: 'left_value  right_value\nCH          Schweiz\n' });
  await check(run('lookups show countries --limit 1 --page 3 --json'), { out: '{"columns":["left_value","right_value"],"items":[["CH","Schweiz"]],"numbers":[3],"stamp":"25b220696ea4aa7f","page":3,"perPage":1,"total":3}\n' });
  await check(run('lookups show countries --sort -right_value --limit 1'), { out: 'left_value  right_value\nCH          Schweiz\n', said: '2 more: --page 2.\n' });
  await check(run('lookups find countries CH'), { out: 'Schweiz\n' });
  await check(run('lookups find countries Schweiz --reverse'), { out: 'CH\n' });
  await check(run('lookups find countries XX --json'), { code: 1, out: '{"found":false,"value":null}\n' });
  await check(run('lookups import gaps -', 'code,name\n,nobody\n'), { said: '1 added.\n' });
  await check(run("lookups find gaps ''"), { code: 1, out: 'null\n', said: 'The lookup gaps has no such row.\n' });
  await check(run('lookups check countries'), { said: 'No findings.\n' });
  await check(run('lookups import taxes -', 'code,rate\nA,19\n'), { said: '1 added.\n' });
  await check(run('lookups export taxes'), { out: 'code,rate\nA,19\n' });
  await check(run('lookups remove countries CH'), { said: '1 removed.\n' });
  await check(run('lookups remove countries CH'), { code: 1, said: 'There was nothing to remove.\n' });
}));

test('what cannot be done is said, with what to do', () => story(async (run) => {
  for (const [line, code, said] of [
    ['caches get customers a --flow f --run r', 2, /--flow or --run, not both/],
    ['caches get customers a --scope flow', 1, /No flow has a cache "customers"[^]*--flow/],
    ['caches set customers a', 2, /required option '-i, --input/],
    ['caches set customers a -i nope.json', 2, /no file nope\.json/],
    ['caches show customers --scope mine', 2, /Allowed choices/],
    ['caches show customers --limit x', 2, /whole number/],
    ['pools add orders', 2, /missing required argument 'value'/],
    ['pools import orders nope.csv', 2, /no file nope\.csv/],
    ['tracked search', 2, /missing required argument 'value'/],
    ['tracked list --since soon', 2, /A time is needed/],
    ['lookups show nope', 3, /CONFIG_UNKNOWN_LOOKUP: There is no lookup "nope"; there is "countries"\.\n {2}Create the CSV file/],
    ['lookups set countries a b c', 2, /has 2 columns \(left_value, right_value\), and 3 cells/],
    ['lookups import ../x -', 3, /CONFIG_INVALID[^]*cannot be the name/],
  ] as const) await check(run(line, 'a\n1\n'), { code, said });
  await check(run('caches set customers a -i -', 'no json'), { code: 1, said: /DATA_INVALID: stdin is not valid JSON[^]*--type/ });
  await check(run('pools import orders -', '1\n2\n'), { code: 1, said: /DATA_INVALID: The CSV needs a header row/ });
}));

test('texts are read as UTF-8 or not at all, from files and from stdin; bytes stay what they are', () => story(async (run) => {
  const latin = Buffer.from('{"a":"\u00e9"}', 'latin1');
  writeFileSync(join(root, 'latin.json'), latin);
  writeFileSync(join(root, 'latin.csv'), Buffer.from('left_value,right_value\n\u00e9,x\n', 'latin1'));
  for (const [line, input, said] of [
    ['eval payload.a --payload latin.json', undefined, /latin\.json is not UTF-8: byte 6 begins no character\.\n {2}Save it as UTF-8/], ['eval payload.a --payload -', latin, /stdin is not UTF-8: byte 6/], ['path $.a -', latin, /stdin is not UTF-8/],
    ['caches set customers a -i latin.json', undefined, /latin\.json is not UTF-8: byte 6/], ['caches set customers a -i - --type text/plain', latin, /stdin is not UTF-8/], ['detect -', latin, /stdin is not UTF-8/],
    ['lookups import countries latin.csv', undefined, /latin\.csv is not UTF-8: byte 23/], ['pools import orders -', Buffer.from('value,entity_type\n\u00e9,x\n', 'latin1'), /stdin is not UTF-8: byte 18/], ['secrets set a', latin, /stdin is not UTF-8/],
  ] as const) await check(run(line, input), { code: 1, said });
  await check(run('caches set customers picture -i - --type image/png', Buffer.from([0x89, 0x50, 0xff, 0])), { said: '1 changed.\n' });
  await check(run('caches get customers picture --json'), { out: /"body":"iVD\/AA=="/ });
  await check(run('path $.a -', '\uFEFF{"a":1}'), { out: /1/ });
}));
