import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareJson, compareLines, type JsonChange } from './json-compare.ts';

describe('two JSON values', () => {
  const cases: readonly (readonly [title: string, before: unknown, after: unknown, changes: readonly JsonChange[]])[] = [
    ['the same', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
    ['another order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ['a value', { steps: { a: { settings: { size: 1 } } } }, { steps: { a: { settings: { size: 2 } } } }, [{ pointer: '/steps/a/settings/size', before: 1, after: 2 }]],
    ['a step more and one less', { steps: { a: { shape: 'x' } } }, { steps: { 'b/c': { shape: 'y' } } }, [{ pointer: '/steps/a', before: { shape: 'x' } }, { pointer: '/steps/b~1c', after: { shape: 'y' } }]],
    ['another type', { a: [1] }, { a: { 0: 1 } }, [{ pointer: '/a', before: [1], after: { 0: 1 } }]],
    ['null is a value', { a: null }, {}, [{ pointer: '/a', before: null }]],
    ['an item put in between', [1, 2, 3], [1, 9, 2, 3], [{ pointer: '/1', after: 9 }]],
    ['an item removed at the front', [{ a: 1 }, { a: 2 }], [{ a: 2 }], [{ pointer: '/0', before: { a: 1 } }]],
    ['an item changed within', [{ a: 1, b: 1 }, 2], [{ a: 1, b: 3 }, 2], [{ pointer: '/0/b', before: 1, after: 3 }]],
    ['repeated items', [1, 1], [1, 1, 1], [{ pointer: '/2', after: 1 }]],
    ['names of the prototype', {}, JSON.parse('{"__proto__":1,"toString":2}'), [{ pointer: '/__proto__', after: 1 }, { pointer: '/toString', after: 2 }]],
    ['the whole', 1, 'a', [{ pointer: '', before: 1, after: 'a' }]],
  ];
  for (const [title, before, after, changes] of cases) test(title, () => assert.deepEqual(compareJson(before, after), changes));
});

describe('two texts', () => {
  const cases: readonly (readonly [title: string, before: string, after: string, lines: readonly string[]])[] = [
    ['the same', 'a\nb\n', 'a\nb\n', []],
    ['a line in between', 'a\nb\nc\n', 'a\nx\nc\n', ['-b', '+x']],
    ['a line more', 'a\n', 'a\nb\n', ['+b']],
    ['everything', '', 'a\nb', ['+a', '+b']],
    ['repeated lines', 'a\na\n', 'a\n', ['-a']],
    ['a line that stays between two that do not', 'a\nb\nc\n', 'x\nb\ny\n', ['-a', '+x', '-c', '+y']],
    ['a line that is put in at the front, and one at the end', 'GET /a\nhost: a\nbody\n', 'POST /a\naccept: b\nhost: a\nbody\nmore\n', ['-GET /a', '+POST /a', '+accept: b', '+more']],
  ];
  for (const [title, before, after, lines] of cases) test(title, () => assert.deepEqual(compareLines(before, after), lines));
  test('two that have little in common are told as a whole', () => {
    const lines = (word: string): string[] => Array.from({ length: 2_000 }, (_, index) => (index % 1_000 === 0 ? 'both' : `${word} ${index}`));
    const told = compareLines(lines('old').join('\n'), lines('new').join('\n'), 10_000);
    assert.deepEqual([told.length, told[0], told[1_999], told[3_997]], [3_998, '-old 1', '+new 1', '+new 1999']);
  });
  test('long ones are cut', () => assert.deepEqual(compareLines('', 'a\nb\nc\nd', 2), ['+a', '+b', '… 2 more lines']));
});
