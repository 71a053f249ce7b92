import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Catalog } from './catalog.ts';
import { applyEdits } from './flow-edit-apply.ts';
import { editMap, type MapChange } from './map-edit.ts';
import { extractMap } from './map-extract.ts';

const catalog = catalogFile as Catalog;

const file = `{
    // Kept by hand.
    "version": 1,
    "rules": [
        { "to": "a", "from": "x" }, // first
        { "from": "y",   "to": "b" },
        { "from": "z", "to": "c" }
    ],
    "future": [1,  2]
}
`;

const flow = `{
  "version": 1,
  "start": "m",
  "steps": {
    "m": { "shape": "map", "settings": {
      "rules": [{ "from": "x", "to": "a" }, // one
        { "from": "y", "to": "b" }] } },
    "n": { "shape": "map" }
  }
}
`;

interface Case {
  readonly changes: readonly MapChange[];
  readonly step?: string;
  readonly text?: string;
}

function check(what: string, { changes, step, text = step === undefined ? file : flow }: Case, expected: readonly string[]): void {
  test(what, () => assert.deepEqual(diff(text, applyEdits(text, editMap(text, changes, step, catalog))), expected));
}

/** The lines that are gone and those that are new. */
function diff(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < old.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return [...old.slice(head, old.length - tail).map((line) => `-${line}`), ...now.slice(head, now.length - tail).map((line) => `+${line}`)];
}

const set = (path: readonly (string | number)[], value?: unknown): MapChange => ({ op: 'set', path, value });

describe('a mapping file', () => {
  check('a value in its place', { changes: [set(['rules', 1, 'from'], 'w')] }, ['-        { "from": "y",   "to": "b" },', '+        { "from": "w",   "to": "b" },']);
  check('a new key where the schema has it', { changes: [set(['rules', 1, 'transforms'], [{ type: 'trim' }])] }, ['-        { "from": "y",   "to": "b" },', '+        { "from": "y",   "to": "b", "transforms": [{ "type": "trim" }] },']);
  check('a rule in between', { changes: [{ op: 'insert', path: ['rules'], index: 1, value: { from: 'n', to: 'm' } }] }, ['+        { "from": "n", "to": "m" },']);
  check('a rule at the end', { changes: [{ op: 'insert', path: ['rules'], index: 3, value: { to: 'm' } }] }, ['-        { "from": "z", "to": "c" }', '+        { "from": "z", "to": "c" },', '+        { "to": "m" }']);
  check('a rule goes down', { changes: [{ op: 'move', path: ['rules'], from: 1, to: 2 }] }, ['-        { "from": "y",   "to": "b" },', '-        { "from": "z", "to": "c" }', '+        { "from": "z",   "to": "c" },', '+        { "from": "y", "to": "b" }']);
  check('a rule is taken out', { changes: [set(['rules', 1])] }, ['-        { "from": "y",   "to": "b" },']);
  check('a title', { changes: [set(['title'], 'T')] }, ['+    "title": "T",']);
  check('nothing at all', { changes: [set(['rules', 0, 'to'], 'a')] }, []);
});

describe('a step of a flow', () => {
  check('a value in its place, with the comment', { step: 'm', changes: [set(['rules', 0, 'from'], 'w')] }, ['-      "rules": [{ "from": "x", "to": "a" }, // one', '+      "rules": [{ "from": "w", "to": "a" }, // one']);
  check('the first rule of a step without settings', { step: 'n', changes: [{ op: 'insert', path: ['rules'], index: 0, value: { from: 'x', to: 'a' } }] }, ['-    "n": { "shape": "map" }', '+    "n": { "shape": "map", "settings": { "rules": [{ "from": "x", "to": "a" }] } }']);
  check('several changes, one after the other', { step: 'm', changes: [{ op: 'insert', path: ['rules'], index: 0, value: { to: 'n' } }, set(['rules', 0, 'from'], 'q'), set(['rules', 2])] }, [
    '-      "rules": [{ "from": "x", "to": "a" }, // one', '-        { "from": "y", "to": "b" }] } },', '+      "rules": [{ "from": "q", "to": "n" }, // one', '+        { "from": "x", "to": "a" }] } },',
  ]);
});

describe('what cannot be changed', () => {
  const refuse = (what: string, code: string, changes: readonly MapChange[], step?: string, text = step === undefined ? file : flow): void => void test(what, () => {
    assert.throws(() => editMap(text, changes, step, catalog), (error) => FlowError.is(error) && error.code === code);
  });
  refuse('a place behind the end', 'CONFIG_INVALID', [{ op: 'insert', path: ['rules'], index: 9, value: {} }]);
  refuse('an item that there is not', 'CONFIG_INVALID', [{ op: 'move', path: ['rules'], from: 0, to: 3 }]);
  refuse('what is no list', 'CONFIG_INVALID', [{ op: 'insert', path: ['future2'], index: 0, value: 1 }], undefined, file.replace('"future": [1,  2]', '"future2": 1'));
  refuse('the whole file', 'CONFIG_INVALID', [set([], {})]);
  refuse('a step that there is not', 'CONFIG_UNKNOWN_STEP', [set(['rules', 0, 'to'], 'n')], 'gone');
  refuse('a text with a fault', 'CONFIG_INVALID', [set(['rules', 0, 'to'], 'n')], undefined, file.replace('"version": 1,', '"version": 1'));
  refuse('a file of a later version', 'CONFIG_VERSION', [set(['rules', 0, 'to'], 'n')], undefined, file.replace('"version": 1', '"version": 99'));
});

describe('rules that become a file', () => {
  const rules = [{ from: 'x', to: 'a' }];
  test('the step names it', () => assert.deepEqual(extractMap({ rules, passThrough: true, records: 'r' }, 'address', 'Address'), {
    file: { version: 1, title: 'Address', rules, passThrough: true },
    changes: [{ op: 'set', path: ['map'], value: 'address' }, { op: 'set', path: ['rules'], value: undefined }, { op: 'set', path: ['passThrough'], value: undefined }],
  }));
  test('its schemas go with the rules', () => assert.deepEqual(extractMap({ rules, source: 'order.json', target: 'erp.json' }, 'address'), {
    file: { version: 1, rules, source: 'order.json', target: 'erp.json' },
    changes: [{ op: 'set', path: ['map'], value: 'address' }, ...['rules', 'source', 'target'].map((key) => ({ op: 'set', path: [key], value: undefined }))],
  }));
  const refuse = (what: string, settings: unknown, name: string, message: RegExp): void => void test(what, () => {
    assert.throws(() => extractMap(settings, name), (error) => FlowError.is(error) && message.test(error.message));
  });
  refuse('no rules', { rules: [] }, 'a', /no rules/);
  refuse('another file is there', { rules, map: 'b' }, 'a', /takes rules from "b"/);
  refuse('an expression', { rules: [...rules, { to: 'b', default: '{{ flow.x }}' }] }, 'a', /Rule 2 has an expression/);
  refuse('a name that is none', { rules }, '../a', /cannot be called/);
});
