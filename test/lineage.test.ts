import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { erpKey } from '../samples/brook-and-co/mocks/erp.ts';
import { shopClient } from '../samples/brook-and-co/mocks/shop.ts';
import { startMocks, type Mocks } from '../samples/brook-and-co/mocks/start.ts';
import type { PayloadRow } from '../server/model/api.ts';
import type { Flow } from '../server/model/flow.ts';
import { isSame, pointerKeys, pointerOf } from '../server/model/json.ts';
import type { LineagePlace } from '../server/model/run-lineage.ts';
import { pathKeys } from '../server/model/path.ts';
import { valueAt, type Keys } from '../server/model/same-place.ts';
import type { Runner } from '../server/runner/contract.ts';
import { openRunner } from '../server/runner/runner.ts';
import { runFake } from './support/fake-terminal.ts';

const sample = join(import.meta.dirname, '..', 'samples', 'brook-and-co');
let root: string;
let mocks: Mocks;
let runner: Runner;
let run: string;
let flow: Flow;
/** The same flow with its rules in mapping files. */
let filed: string;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'patchbay-lineage-'));
  mocks = await startMocks({ shopPort: 0, erpPort: 0 });
  for (const name of ['patchbay.json', 'flows', 'connectors', 'instances', 'environments', 'lookups', 'scripts']) await cp(join(sample, name), join(root, name), { recursive: true });
  await writeFile(join(root, 'environments', 'test.env.json'), JSON.stringify({ version: 1, instances: { shop: { settings: { url: mocks.shop } }, erp: { settings: { url: mocks.erp } } } }));
  runner = await openRunner({ root, editorSecrets: new Map([['shop/client-secret', shopClient.secret], ['erp/api-key', erpKey], ['shop/webhook', 'any']]) });
  await mkdir(join(root, 'maps'));
  const text = await readFile(join(root, 'flows', 'import-orders.flow.json'), 'utf8');
  const { rules } = (JSON.parse(text) as Flow).steps['to-erp']!.settings as { rules: Rule[] };
  const part = rules.filter(({ to }) => to!.startsWith('customer.'));
  const below = (path: string): string => path.slice('customer.'.length);
  await writeFile(join(root, 'maps', 'customer.map.json'), JSON.stringify({ version: 1, rules: part.map((rule) => ({ ...rule, from: Array.isArray(rule.from) ? rule.from.map(below) : below(rule.from!), to: below(rule.to!), ...(rule.when && { when: rule.when.map((one) => ({ ...one, field: below(one.field) })) }) })) }));
  await writeFile(join(root, 'maps', 'erp-order.map.json'), JSON.stringify({ version: 1, rules: [...rules.filter((rule) => !part.includes(rule)), { from: 'customer', to: 'customer', map: 'customer' }] }));
  await writeFile(join(root, 'flows', 'filed.flow.json'), JSON.stringify({ ...(JSON.parse(text) as Flow), steps: { ...(JSON.parse(text) as Flow).steps, 'to-erp': { ...(JSON.parse(text) as Flow).steps['to-erp'], settings: { map: 'erp-order' } } } }));
  const started = async (name: string): Promise<string> => {
    const { head, done } = await runner.start({ flow: name, trigger: 'test', environment: 'test' });
    await done;
    return head.id;
  };
  run = await started('import-orders');
  filed = await started('filed');
  flow = JSON.parse(runner.archive.run(run)!.flowText) as Flow;
});
after(async () => {
  await runner[Symbol.asyncDispose]();
  await mocks.close();
  await rm(root, { recursive: true, force: true });
});

const bodies = new Map<string, unknown>();
async function bodyOf(hash: string): Promise<unknown> {
  if (!bodies.has(hash)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of runner.archive.body(run, hash)!.open()) chunks.push(chunk);
    bodies.set(hash, JSON.parse(Buffer.concat(chunks).toString('utf8')));
  }
  return bodies.get(hash);
}
const at = async ({ body, pointer }: LineagePlace): Promise<unknown> => {
  const whole = await bodyOf(body!);
  return valueAt(whole, pointerKeys(whole, pointer));
};

/** A random place that holds no list and no object. */
function leaf(value: unknown, random: () => number, keys: Keys = []): Keys {
  if (typeof value !== 'object' || value === null) return keys;
  const all = Object.keys(value);
  if (all.length === 0) return keys;
  const key = all[Math.floor(random() * all.length)]!;
  const own = Array.isArray(value) ? Number(key) : key;
  return leaf((value as Readonly<Record<string, unknown>>)[key], random, [...keys, own]);
}

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Rule = { readonly to?: string; readonly from?: string | string[]; readonly when?: readonly { readonly field: string }[]; readonly transforms?: readonly { readonly type: string; readonly settings?: unknown }[] };

/** Whether a value is what its way makes of the values that it came from. */
async function checkWay(place: LineagePlace, places: readonly LineagePlace[]): Promise<void> {
  const { how, from } = place;
  const value = await at(place);
  if (!how || how.by === 'opaque' || how.by === 'constant' || from.length === 0) return;
  const sources = await Promise.all(from.map((id) => at(places[id]!)));
  if (how.by === 'records') return assert.ok((value as unknown[]).every((record) => sources.some((source) => (source as unknown[]).some((one) => isSame(one, record)))), `${place.pointer} of ${place.step}`);
  // Several rules together.
  if (how.by === 'rule' && how.to === undefined) return assert.ok(!isSame(sources[0], value));
  if (how.by !== 'rule') return assert.ok(isSame(sources[0], value), `${how.by} ${place.pointer} of ${place.step}`);
  const { rules } = flow.steps['to-erp']!.settings as { rules: Rule[] };
  const { transforms = [], from: named } = how.rule === undefined || how.chain?.[0]?.startsWith('map ') ? rules.find(({ to }) => to === how.to)! : rules[how.rule]!;
  if (transforms.some(({ type }) => type === 'lookup')) return;
  let made: unknown = Array.isArray(named) || (named!.includes('[*]') && !how.to!.includes('[*]')) ? sources : sources[0];
  for (const { type, settings = {} } of transforms) made = await runner.transform(type, settings, made);
  // Within what the rule writes, too.
  made = valueAt(made, pointerKeys(made, place.pointer.split('/').slice(2 + pathKeys(how.to!)!.length).map((key) => `/${key}`).join('')));
  assert.ok(isSame(made, value), `rule ${how.rule} makes ${JSON.stringify(made)}, not ${JSON.stringify(value)}`);
}

describe('lineage of a run whose rules are in mapping files', () => {
  test('a random field leads to the field of the answer that it was made of, also through a file that another one calls', async () => {
    const [own, random] = [run, randomOf(11)];
    run = filed;
    try {
      const [row] = runner.archive.payloads(run, 'to-erp', 'out', 1, 1).items;
      const body = await bodyOf(row!.body);
      let called = 0;
      for (let n = 0; n < 60; n++) {
        const keys = n < 10 ? [n, 'customer', 'name'] : leaf(body, random);
        const { places } = await runner.lineage(run, { step: 'to-erp', payload: row!.id, pointer: pointerOf(keys) });
        for (const place of places) await checkWay(place, places);
        if (places[0]!.how!.chain?.includes('map customer')) called++;
        for (const end of places.filter(({ from }) => from.length === 0)) {
          if (end.how?.by === 'constant') continue;
          assert.match(`${end.kind} ${end.pointer}`, /^response \/orders\/\d+\/\w/, pointerOf(keys));
          if (keys[1] === 'customer') assert.match(end.pointer, /\/customer\/\w/);
        }
      }
      assert.ok(called >= 10);
    } finally {
      run = own;
    }
  });
});

describe('lineage of the sample run', () => {
  const random = randomOf(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const picked = async (step: string, side: PayloadRow['side'] = 'out'): Promise<{ readonly row: PayloadRow; readonly keys: Keys }> => {
    const row = pick(runner.archive.payloads(run, step, side, 1, 100).items.filter(({ port }) => port !== 'catch'));
    return { row, keys: leaf(await bodyOf(row.body), random) };
  };

  for (const [step, count] of [['get-orders', 20], ['only-paid', 20], ['guard', 10], ['to-erp', 120]] as const) {
    test(`values that left ${step} lead to the field of the answer that they were made of`, async () => {
      let answers = 0;
      for (let n = 0; n < count; n++) {
        const { row, keys } = await picked(step);
        const { places, isCut } = await runner.lineage(run, { step, payload: row.id, pointer: pointerOf(keys) });
        assert.equal(isCut, false);
        for (const place of places) await checkWay(place, places);
        const ends = places.filter(({ from }) => from.length === 0);
        const record = valueAt(await bodyOf(row.body), keys.slice(0, 1)) as { id?: number; reference?: string };
        for (const end of ends) {
          if (end.how?.by === 'constant') { assert.deepEqual(end.step, 'to-erp'); continue; }
          assert.equal(end.kind, 'response', `${step} ${pointerOf(keys)} ends at ${end.kind} of ${end.step}`);
          assert.match(end.pointer, /^\/orders\/\d+\/./);
          const order = valueAt(await bodyOf(end.body!), ['orders', Number(end.pointer.split('/')[2])]) as { id: number };
          assert.equal(order.id, record.id ?? Number(record.reference!.slice('WEB-'.length)), 'the very order');
          answers++;
        }
      }
      assert.ok(answers >= count * 0.7, `${answers} led to an answer`);
    });
  }

  test('a script is told as what nobody can look into, with what it was given; behind it the way goes on', async () => {
    const { row, keys } = await picked('batches');
    const { places } = await runner.lineage(run, { step: 'batches', payload: row.id, pointer: pointerOf(keys) });
    const script = places.find(({ step, side }) => step === 'totals' && side === 'out')!;
    assert.equal(script.how?.by, 'opaque');
    assert.ok(script.how.fields!.includes('reference'));
    for (const place of places) await checkWay(place, places);
    assert.ok(places.some(({ kind, pointer }) => kind === 'response' && pointer.startsWith('/orders/')));
  });

  test('what was caught leads to the step in which it failed, and from there to the answer', async () => {
    const caught = runner.archive.payloads(run, 'guard', 'out', 1, 500).items.filter(({ port }) => port === 'catch');
    assert.ok(caught.length > 0);
    for (const row of caught.slice(0, 10)) {
      const body = await bodyOf(row.body);
      const keys = leaf(body, random);
      const { places } = await runner.lineage(run, { step: 'guard', payload: row.id, pointer: pointerOf(keys) });
      for (const place of places) await checkWay(place, places);
      assert.deepEqual(places.slice(0, 3).map(({ side }) => side), ['out', 'failed', 'in']);
    }
  });

  test('a whole payload: what was made of it is not said to be passed on as it was', async () => {
    const ways: readonly (readonly [string, string, LineagePlace['kind'] | undefined])[] = [['get-orders', 'read', 'response'], ['only-paid', 'records', undefined], ['guard', 'same', undefined], ['to-erp', 'rule', undefined], ['totals', 'opaque', undefined], ['batches', 'records', undefined]];
    for (const [step, by, kind] of ways) {
      const { places } = await runner.lineage(run, { step, pointer: '' });
      assert.deepEqual([step, places[0]!.how?.by, places[0]!.from.length > 0], [step, by, true]);
      if (kind) assert.equal(places.at(-1)!.kind, kind);
      for (const place of places) await checkWay(place, places);
      assert.equal(places.at(-1)!.kind, 'response');
    }
  });

  test('the ends: what the run began with, a value that a rule makes, and what there is not', async () => {
    const [first] = runner.archive.payloads(run, 'to-erp', 'out', 1, 1).items;
    const made = await runner.lineage(run, { step: 'to-erp', payload: first!.id, pointer: '/0/channel' });
    assert.deepEqual(made.places.map(({ how, from }) => [how, from]), [[{ by: 'constant', shape: 'map', rule: 2, to: 'channel', chain: ['custom-string'] }, []]]);
    const begun = await runner.lineage(run, { step: 'get-orders', side: 'in', pointer: '' });
    assert.deepEqual(begun.places.map(({ kind }) => kind), ['payload', 'input']);
    await assert.rejects(runner.lineage(run, { step: 'to-erp', pointer: '/0/nothing' }), { code: 'DATA_MISSING' });
    await assert.rejects(runner.lineage(run, { step: 'to-erp', payload: 'nope', pointer: '' }), { code: 'API_NOT_FOUND' });
    await assert.rejects(runner.lineage('nope', { step: 'to-erp', pointer: '' }), { code: 'API_NOT_FOUND' });
  });

  test('the command prints the way, and takes a path or a pointer', async () => {
    const command = (...args: readonly string[]) => runFake(['runs', 'lineage', run, 'to-erp', ...args], { folder: root, open: (options) => openRunner(options) });
    const { out, code } = await command('[0].customer.name');
    assert.equal(code, 0);
    const lines = out.split('\n');
    assert.match(lines[0]!, /^to-erp out \/0\/customer\/name \(payload \w+\) = "/);
    assert.match(lines[1]!, /^ {2}rule 10, customer\.name by concatenate, of:$/);
    assert.match(out, /answer \/orders\/\d+\/customer\/first_name to get-orders: GET http:\S+\/api\/orders\S* \(200\) = "/);
    assert.equal((await command('/0/customer/name')).out, out);
    const { out: short } = await runFake(['runs', 'lineage', run, 'batches', '[0].lines'], { folder: root, open: (options) => openRunner(options) });
    assert.match(short, /\n( +)… and \d+ more of these: --all prints them\n/);
    assert.ok(short.split('\n').length < 60, short);
    const { out: all } = await runFake(['runs', 'lineage', run, 'batches', '[0].lines', '--all'], { folder: root, open: (options) => openRunner(options) });
    assert.ok(all.split('\n').length > 150 && !all.includes('more of these'), all);
    assert.match((await command('[*].id')).said, /names more than one place/);
    assert.equal((await command('[0].id', '--side', 'up')).code, 2);
  });
});
