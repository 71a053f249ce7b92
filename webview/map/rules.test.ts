import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parse, type ParseError } from 'jsonc-parser';
import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from '../../server/model/catalog.ts';
import { applyEdits, invertEdits } from '../../server/model/flow-edit-apply.ts';
import { editMap, type MapChange } from '../../server/model/map-edit.ts';
import { addRule, addRules, addTransform, chipsOf, connect, duplicateRule, moveRule, readRules, removeRule, rulesOf, setSource, unmap, type Rule, type RuleEdit } from './rules.ts';

const catalog = catalogFile as Catalog;
type Json = Record<string, unknown>;

/** What changes make of settings, by the plainest way there is. */
function made(settings: unknown, changes: readonly MapChange[]): Json {
  const copy = structuredClone(settings) as Json;
  for (const change of changes) {
    const list = change.op !== 'set' ? [...change.path] : change.path.slice(0, -1);
    let here: unknown = copy;
    for (const [at, key] of list.entries()) {
      const holder = here as Record<string | number, unknown>;
      holder[key] ??= change.op !== 'set' && at === list.length - 1 ? [] : {};
      here = holder[key];
    }
    const place = here as unknown[] & Record<string | number, unknown>;
    if (change.op === 'insert') place.splice(change.index, 0, structuredClone(change.value));
    else if (change.op === 'move') place.splice(change.to, 0, ...place.splice(change.from, 1));
    else if (change.value === undefined && Array.isArray(place)) place.splice(change.path.at(-1) as number, 1);
    else if (change.value === undefined) delete place[change.path.at(-1)!];
    else place[change.path.at(-1)!] = structuredClone(change.value);
  }
  return copy;
}

describe('a gesture', () => {
  const rules = [{ from: 'id', to: 'reference' }, { from: ['a', 'b'], to: 'name', transforms: [{ type: 'concatenate' }] }, { to: 'channel', transforms: [{ type: 'custom-string' }] }, { from: 'c', to: 'twice' }, { from: 'd', to: 'twice' }, { from: 'e', to: 'address', map: 'address' }];
  const check = (what: string, gesture: (all: readonly Rule[]) => RuleEdit, expected: (before: readonly Json[]) => readonly unknown[], select?: number): void => void test(what, () => {
    const edit = gesture(readRules(rules));
    assert.deepEqual(made({ rules }, edit.changes)['rules'], expected(structuredClone(rules) as Json[]));
    if (select !== undefined) assert.equal(edit.select, select);
  });
  check('a new line', (all) => connect(all, 'x', 'fresh'), (all) => [...all, { from: 'x', to: 'fresh' }], 6);
  check('a second source', (all) => connect(all, 'x', 'reference'), (all) => all.with(0, { from: ['id', 'x'], to: 'reference' }), 0);
  check('a third source', (all) => connect(all, 'x', 'name'), (all) => all.with(1, { ...all[1], from: ['a', 'b', 'x'] }), 1);
  check('the same source again', (all) => connect(all, 'a', 'name'), (all) => all, 1);
  check('what was made comes from a source', (all) => connect(all, 'x', 'channel'), (all) => all.with(2, { ...all[2], from: 'x' }), 2);
  check('a target of two rules gets a third', (all) => connect(all, 'x', 'twice'), (all) => [...all, { from: 'x', to: 'twice' }]);
  check('a target of a mapping file gets a second', (all) => connect(all, 'x', 'address'), (all) => [...all, { from: 'x', to: 'address' }]);
  check('a target is unmapped: all of its rules go', (all) => unmap(all, 'target', 'twice'), (all) => all.filter(({ to }) => to !== 'twice'));
  check('a source is unmapped: its rule goes', (all) => unmap(all, 'source', 'id'), (all) => all.slice(1));
  check('one source of two is unmapped: the other stays', (all) => unmap(all, 'source', 'a'), (all) => all.with(1, { ...all[1], from: 'b' }));
  check('the last rule is removed, and the one before it is looked at', (all) => removeRule(all, 5), (all) => all.slice(0, -1), 4);
  check('a copy stands behind', (all) => duplicateRule(all[1]!), (all) => all.toSpliced(2, 0, all[1]!), 2);
  check('down', (all) => moveRule(all, 0, 1), (all) => [all[1], all[0], ...all.slice(2)], 1);
  check('up from the top', (all) => moveRule(all, 0, -1), (all) => all);
  check('another source in the place of one of two', (all) => setSource(all[1]!, 1, 'z'), (all) => all.with(1, { ...all[1], from: ['a', 'z'] }));
  check('another in the place of the only one', (all) => setSource(all[0]!, 0, 'z'), (all) => all.with(0, { from: 'z', to: 'reference' }));
  check('a transform at the end of the chain', (all) => addTransform(all[1]!, 'trim'), (all) => all.with(1, { ...all[1], transforms: [{ type: 'concatenate' }, { type: 'trim' }] }));
  check('a first transform', (all) => addTransform(all[0]!, 'trim'), (all) => all.with(0, { ...all[0], transforms: [{ type: 'trim' }] }));
  check('several at once', (all) => addRules(all, [{ from: 'x', to: 'y' }, { from: 'p', to: 'q' }]), (all) => [...all, { from: 'x', to: 'y' }, { from: 'p', to: 'q' }], 6);
});

test('what is no rule has a row all the same', () => {
  const rules = readRules([{ from: 'a', to: 'b' }, 'text', { from: 7, transforms: [3, { type: 'trim' }] }, null]);
  assert.deepEqual(rules.map(({ index, from, to, transforms }) => [index, from, to, transforms.length]), [[0, ['a'], 'b', 0], [1, [], '', 0], [2, [], '', 2], [3, [], '', 0]]);
  assert.deepEqual(rulesOf(rules, 'source', 'a').map(({ index }) => index), [0]);
});

test('chips say what a value goes through', () => {
  const [rule] = readRules([{ from: 'a', to: 'b', transforms: [{ type: 'prefix', settings: { prefix: 'WEB-' } }, { type: 'teleport' }], map: 'address', when: [{ field: 'a' }], default: 'none' }]);
  assert.deepEqual(chipsOf(rule!, catalog).map(({ text, kind }) => [text, kind]), [['Prefix WEB-', 'transform'], ['teleport ?', 'unknown'], ['map address', 'map'], ['if', 'note'], ['else none', 'note']]);
});

const source = fc.constantFrom('id', 'total', 'customer.email', 'lines[*].sku', "['odd name']", '$..sku');
const target = fc.constantFrom('reference', 'amount', 'customer.mail', 'lines[*].code', 'new');
const plainRule = fc.record({ from: fc.oneof(source, fc.array(source, { minLength: 2, maxLength: 3 })), to: target, transforms: fc.array(fc.constantFrom({ type: 'trim' }, { type: 'teleport', settings: { x: [1] } }), { maxLength: 2 }), default: fc.constantFrom('', 0, { a: 1 }), later: fc.constant([1, { b: 2 }]) }, { requiredKeys: ['to'], noNullPrototype: true });

/** A gesture of a user, on any of the rules that there are. */
const gesture = (rules: readonly Rule[]): fc.Arbitrary<RuleEdit> => {
  const always = [
    fc.tuple(source, target).map(([from, to]) => connect(rules, from, to)),
    fc.tuple(source, target).map(([from, to]) => addRule(rules, { from, to })),
    fc.array(plainRule, { minLength: 1, maxLength: 3 }).map((added) => addRules(rules, added)),
    target.map((to) => unmap(rules, 'target', to)), source.map((from) => unmap(rules, 'source', from)),
  ];
  if (rules.length === 0) return fc.oneof(...always);
  const rule = fc.constantFrom(...rules);
  return fc.oneof(
    ...always, rule.map(({ index }) => removeRule(rules, index)), rule.map(duplicateRule), rule.map((one) => addTransform(one, 'trim')),
    fc.tuple(rule, fc.constantFrom(1 as const, -1 as const)).map(([{ index }, by]) => moveRule(rules, index, by)),
    fc.tuple(rule, source).map(([one, path]) => (one.from.length > 0 ? setSource(one, 0, path) : { changes: [] })),
    fc.tuple(rule, fc.constantFrom('default', 'to', 'notes'), fc.constantFrom('x', undefined, 12)).map(([{ index }, key, value]): RuleEdit => ({ changes: [{ op: 'set', path: ['rules', index, key], value }] })),
  );
};

/** Files with comments and ways of writing of their own: a mapping file, and a flow. */
const files = fc.tuple(fc.array(plainRule, { maxLength: 5 }), fc.constantFrom(2, 4, '\t', undefined), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean()).map(([rules, indent, end, isFlow, isCommented]) => {
  const settings = { rules, future: { kept: [1, 2] } };
  const plain = JSON.stringify(isFlow ? { version: 1, start: 'm', steps: { m: { shape: 'map', settings }, n: { shape: 'map' } } } : { version: 1, ...settings }, undefined, indent);
  return { text: `// head\n${isCommented ? plain.replaceAll(/\{\n/g, '{ // here\n').replaceAll(/\},\n/g, '}, /* there */\n') : plain}\n// tail\n`.replaceAll('\n', end), step: isFlow ? 'm' : undefined };
});

test('50 gestures and 50 undos give the same bytes; each makes of the rules what it means, and leaves all else', () => {
  let changed = 0;
  fc.assert(fc.property(files, fc.gen(), ({ text: given, step }, gen) => {
    const settingsOf = (text: string): Json => {
      const faults: ParseError[] = [];
      const value = parse(text, faults) as { steps?: Record<string, { settings: Json }> } & Json;
      assert.deepEqual(faults, [], text);
      return step === undefined ? value : value.steps![step]!.settings;
    };
    const undo: (() => void)[] = [];
    let text = given;
    for (let round = 0; round < 50; round++) {
      const before = text;
      const settings = settingsOf(text);
      const { changes } = gen(gesture as never, readRules(settings['rules']) as never) as RuleEdit;
      const edits = editMap(before, changes, step, catalog);
      text = applyEdits(before, edits);
      assert.deepEqual(settingsOf(text)['rules'] ?? [], made(settings, changes)['rules'] ?? [], JSON.stringify(changes));
      assert.ok(text.startsWith('// head') && text.trimEnd().endsWith('// tail'));
      assert.deepEqual(settingsOf(text)['future'], { kept: [1, 2] });
      const inverse = invertEdits(before, edits);
      undo.push(() => { text = applyEdits(text, inverse); });
      if (text !== before) changed++;
    }
    for (const back of undo.toReversed()) back();
    assert.equal(text, given);
  }), { numRuns: 25, seed: 3 });
  assert.ok(changed > 500, `only ${changed} gestures changed anything`);
});
