import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { deepest, mostCharacters, readFile } from './read.ts';

const step = '{ "version": 1, "steps": {} }';
const check = (name: string, text: string, expected: readonly string[], options: { readonly isUsable?: boolean; readonly kind?: 'flow' | 'connector' | 'instance' | 'environment' | 'workspace' } = {}) =>
  test(name, () => {
    const { value, diagnostics } = readFile(options.kind ?? 'flow', 'a.json', text);
    assert.deepEqual(diagnostics.map(({ line, column, endLine, endColumn, severity, code, message }) => `${line}:${column}-${endLine === line ? '' : `${endLine}:`}${endColumn} ${severity} ${code} ${message}`), expected);
    assert.equal(value !== undefined, options.isUsable ?? expected.length === 0);
    assert.ok(diagnostics.every(({ fix }) => fix !== undefined && fix !== ''), 'each has a remedy');
  });

describe('syntax', () => {
  check('a sound file', step, []);
  check('comments', `// head\n{ /* a */ "version": 1, "steps": {} } // tail`, []);
  check('a byte order mark', `\uFEFF${step}`, []);
  check('UTF-16, read as UTF-8', `\uFFFD\uFFFD{\0"\0`, ['1:1-1 error CONFIG_INVALID The file is no UTF-8 text; it seems to be UTF-16.']);
  check('nothing', ' \n', ['1:1-1 error CONFIG_INVALID The file is empty.']);
  check('a trailing comma', '{\n  "a": 1,\n}', ['2:9-10 error CONFIG_INVALID A comma stands after the last entry, before }.']);
  check('a trailing comma in a list', '{"a": [1,]}', ['1:9-10 error CONFIG_INVALID A comma stands after the last entry, before ].']);
  check('a missing comma', '{\n  "a": 1\n  "b": 2\n}', ['2:9-9 error CONFIG_INVALID A comma is missing after 1.']);
  check('a missing colon', '{ "a" 1 }', ['1:6-6 error CONFIG_INVALID A colon is missing after "a".']);
  check('a missing brace', '{ "a": { "b": 1 }', ['1:18-18 error CONFIG_INVALID The object is not closed.']);
  check('a key without quotes', '{ a: 1 }', ['1:3-4 error CONFIG_INVALID a is not JSON.']);
  check('a value that is none', '{ "a": yes }', ['1:8-11 error CONFIG_INVALID yes is not JSON.']);
  check('a text that is not closed', '{ "a": "b\n}', ['1:8-10 error CONFIG_INVALID The text is not closed before the end of the line.']);
  check('something after the end', '{} {}', ['1:4-5 error CONFIG_INVALID The document has ended before {.']);
  check('both versions of a merge', '{\n<<<<<<< HEAD\n  "a": 1\n=======\n  "a": 2\n>>>>>>> theirs\n}', ['2:1-13 error CONFIG_INVALID A merge has left both versions here.']);
  check('the same with the line ends of Windows', '{\r\n<<<<<<< HEAD\r\n  "a": 1\r\n=======\r\n  "a": 2\r\n>>>>>>> theirs\r\n}', ['2:1-13 error CONFIG_INVALID A merge has left both versions here.']);
  check('what only looks like one', '{\n<<<<<<<< x\n}', ['2:1-9 error CONFIG_INVALID <<<<<<<< is not JSON.']);
  check('no object', '[1]', ['1:1-2 error CONFIG_INVALID The file must hold an object, not a list.']);
  check('numbers that would be others', '{ "version": 1, "steps": {}, "variables": { "a": { "default": 9007199254740993 }, "b": { "default": 19.99999999999999999999 }, "c": { "default": 1e999 }, "d": { "default": [1000000000000000000, 1e18] } } }', [
    '1:63-79 error CONFIG_INVALID The number 9007199254740993 is beyond 9007199254740991, up to which whole numbers are held: it would be 9007199254740992.',
    '1:101-124 error CONFIG_INVALID The number 19.99999999999999999999 has more digits than a number holds: it would be 20.',
    '1:146-151 error CONFIG_INVALID The number 1e999 is too large for a number.',
    '1:174-193 error CONFIG_INVALID The number 1000000000000000000 is beyond 9007199254740991, up to which whole numbers are held.',
    '1:195-199 error CONFIG_INVALID The number 1e18 is beyond 9007199254740991, up to which whole numbers are held.',
  ]);
  check('numbers as programs print them, ends of ranges, texts', '{ "version": 1, "steps": {}, "variables": { "a": { "default": [1e21, 0.1, 1.0, 9007199254740991, "9007199254740993"] }, "b": { "default": { "maximum": 9223372036854775807, "minimum": -1e18, "multipleOf": 9223372036854776000 } } } }', [], { isUsable: true });
  check('a key twice', '{ "version": 1, "steps": {}, "version": 1 }', ['1:30-39 error CONFIG_INVALID The key "version" is there twice; only the last one would count.']);
  check('too deep', `{"a":${'['.repeat(deepest)}`, [`1:${5 + deepest}-${6 + deepest} error CONFIG_INVALID The file is nested more than ${deepest} levels deep.`]);
  test('a connector that is too large is told how to take a part', () => assert.match(readFile('connector', 'a', ' '.repeat(mostCharacters + 1)).diagnostics[0]!.fix ?? '', /import --only/));
  test('too large', () => assert.match(readFile('flow', 'a', ' '.repeat(mostCharacters + 1)).diagnostics[0]!.message, /larger than 10 MB/));
  test('any text is read without failing', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', '//', '/*', '"', '\n', 'x')).map((parts) => parts.join(''))), (text) => {
      const { diagnostics } = readFile('flow', 'a', text);
      assert.ok(diagnostics.every(({ line, column }) => line >= 1 && column >= 1));
    }), { seed: 7, numRuns: 1_000 });
  });
});

describe('structure', () => {
  check('an unknown key is kept', '{ "version": 1, "steps": { "a": { "shape": "map", "titel": "A" } } }', ['1:51-58 warning CONFIG_INVALID The key "titel" is not known here. It is kept, but means nothing.'], { isUsable: true });
  check('a wrong type', '{ "version": "1", "steps": {} }', ['1:14-17 error CONFIG_INVALID "version" must be a whole number; it is "1" (string).']);
  check('something missing', '{ "version": 1, "steps": { "a": {} } }', ['1:28-31 error CONFIG_INVALID "shape" is missing in "a".']);
  check('an id that is none', '{ "version": 1, "steps": { "A b": { "shape": "map" } } }', ['1:28-33 error CONFIG_INVALID "A b" cannot be a name here.']);
  check('a value that is not allowed', '{ "version": 1, "steps": {}, "settings": { "recording": "error" } }', ['1:57-64 error CONFIG_INVALID "recording" must be one of "full", "errors", "none"; it is "error" (string).']);
  check('a place that is none', '{ "version": 1, "steps": {}, "layout": { "a": [1.5, 0] } }', ['1:48-51 error CONFIG_INVALID Item 1 of "a" must be a whole number; it is 1.5 (number).']);
  check('two faults of a connector', '{ "version": 1, "title": "", "baseUrl": "https://a.test", "endpoints": { "x": { "title": "X", "direction": "receive", "method": "get", "path": "/" } } }', [
    '1:26-28 error CONFIG_INVALID "title" must not be empty; it is "" (string).', '1:129-134 error CONFIG_INVALID "method" must be one of "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"; it is "get" (string).',
  ], { kind: 'connector' });
  check('a newer version', '{ "version": 7, "anything": true }', ['1:14-15 error CONFIG_VERSION The file has format version 7, and this version of Patchbay reads up to 1.']);
});

test('an older file is migrated in memory', () => {
  const migrations = { workspace: {}, connector: {}, instance: {}, environment: {}, map: {}, lookup: {}, test: {}, flow: { 1: ({ name, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, title: name }) } };
  const { value, diagnostics, raw } = readFile('flow', 'a', '{ "version": 1, "name": "Old", "steps": {} }', migrations);
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(value, { version: 2, title: 'Old', steps: {} });
  assert.deepEqual(raw, { version: 1, name: 'Old', steps: {} });
});

test('places are found by pointer', () => {
  const { locate, mark } = readFile('flow', 'a', '{\n  "version": 1,\n  "steps": {\n    "a/b": { "shape": "m\\"ap" }\n  }\n}');
  const at = ({ line, column, endColumn }: { line: number; column: number; endColumn: number }) => [line, column, endColumn];
  assert.deepEqual(at(locate('/steps/a~1b')), [4, 12, 32]);
  assert.deepEqual(at(mark('/steps/a~1b')), [4, 5, 10]);
  assert.deepEqual(at(locate('/steps/a~1b/shape')), [4, 23, 30]);
  assert.deepEqual(at(mark('/steps/a~1b/shape', { span: [1, 3] })), [4, 25, 28]);
  assert.deepEqual(at(locate('/steps/a~1b/nothing')), [4, 12, 32], 'the nearest around it');
});
