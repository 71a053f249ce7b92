import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHits } from './debug.ts';
import { debugLines } from './debug-lines.ts';

const text = `{
  "version": 1,
  "start": "a",
  "steps": {
    "a": {
      "shape": "route",
      "next": { "x": "b", "else": "b" }
    },
    "b": {
      "shape": "map",
      "settings": {
        "rules": [
          { "from": "x", "to": "y" },
          {
            "from": "z",
            "to": "w"
          }
        ]
      }
    }
  }
}
`;

const places: readonly (readonly [what: string, line: number, column: number | undefined, expected: string])[] = [
  ['nothing stands above the steps', 3, undefined, ''],
  ['the line of a step', 5, undefined, 'a before 5:5'],
  ['any line of a step', 6, undefined, 'a before 5:5'],
  ['its last line', 8, undefined, 'a before 5:5'],
  ['the ports of a step, without a column', 7, undefined, 'a before 5:5'],
  ['its brace', 5, 10, 'a after 5:10'],
  ['its name', 5, 6, 'a before 5:5'],
  ['a column before everything', 5, 1, 'a before 5:5'],
  ['a port', 7, 18, 'a after x 7:17'],
  ['another port', 7, 30, 'a after else 7:27'],
  ['a rule on one line', 13, undefined, 'b rule 0 13:11'],
  ['a line of a rule', 16, undefined, 'b rule 1 14:11'],
  ['a line of a map that is no rule', 11, undefined, 'b before 9:5'],
  ['below the steps', 22, undefined, ''],
];

for (const [what, line, column, expected] of places) {
  test(`places of a flow: ${what}`, () => {
    const found = debugLines(text).locate(line, column);
    assert.equal(found ? [found.step, found.at, ...(found.port === undefined ? [] : [found.port]), ...(found.rule === undefined ? [] : [found.rule]), `${found.line}:${found.column}`].join(' ') : '', expected);
  });
}

test('places of a flow: text that is no JSON has those that can be read', () => assert.deepEqual(debugLines('{"steps": {"a": {"shape": "pass"}, "b": ').all.map(({ step, at }) => [step, at]).slice(0, 2), [['a', 'before'], ['a', 'after']]));

const hits: readonly (readonly [rule: string, counted: readonly number[] | undefined])[] = [
  ['3', [3]], ['=3', [3]], ['>3', [4, 5, 6]], ['>= 3', [3, 4, 5, 6]], ['<3', [1, 2]], ['<=3', [1, 2, 3]], ['%2', [2, 4, 6]], ['%0', undefined], ['', undefined], ['many', undefined], ['-1', undefined],
];

for (const [rule, counted] of hits) test(`hits: ${rule}`, () => assert.deepEqual(parseHits(rule) && [1, 2, 3, 4, 5, 6].filter(parseHits(rule)!), counted));
