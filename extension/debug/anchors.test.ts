import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits, editFlow } from '../../server/model/flow-edit-apply.ts';
import type { FlowChange } from '../../server/model/flow-edit.ts';
import { anchorOf, pathOfSource, placeOf, type Place } from './anchors.ts';

const text = `{
  "version": 1,
  "start": "a",
  "steps": {
    "a": {
      "shape": "split",
      "next": { "out": "b" }
    },
    "b": {
      "shape": "map",
      "settings": {
        "rules": [
          { "from": "x", "to": "y" },
          { "from": "z", "to": "w" }
        ]
      }
    }
  }
}
`;

const stories: readonly (readonly [what: string, place: Place, changes: readonly FlowChange[], moved: string])[] = [
  ['nothing', { line: 8, character: 0 }, [], '8:0'],
  ['a step comes before it', { line: 8, character: 0 }, [{ op: 'add-step', id: 'c', step: { shape: 'split' }, after: { step: 'a', port: 'out' } }], '12:0'],
  ['a step before it goes', { line: 8, character: 0 }, [{ op: 'remove-steps', ids: ['a'] }], '4:0'],
  ['its own step goes', { line: 8, character: 0 }, [{ op: 'remove-steps', ids: ['b'] }], 'gone'],
  ['a line of the step that is not its first', { line: 9, character: 0 }, [], '8:0'],
  ['a rule keeps its number', { line: 13, character: 10 }, [{ op: 'set', step: 'a', path: ['title'], value: 'A' }], '14:0'],
  ['a port', { line: 6, character: 17 }, [{ op: 'set', step: 'a', path: ['title'], value: 'A' }], '7:16'],
  ['steps are moved on the canvas', { line: 8, character: 0 }, [{ op: 'move', positions: { a: [10, 20], b: [30, 40] } }], '8:0'],
];

for (const [what, place, changes, moved] of stories) {
  test(`anchors of breakpoints: ${what}`, () => {
    const anchor = anchorOf(text, place);
    assert.ok(anchor);
    const after = applyEdits(text, editFlow(text, changes, { plugins: [] }));
    const found = placeOf(after, anchor);
    assert.equal(found ? `${found.line}:${found.character}` : 'gone', moved, after);
  });
}

test('anchors of breakpoints: above the steps there is nothing to stop at', () => assert.equal(anchorOf(text, { line: 1, character: 0 }), undefined));

const sources: readonly (readonly [source: string, path: string])[] = [
  ['/home/ada/flows/a.flow.json', '/home/ada/flows/a.flow.json'],
  ['file:///home/ada/my%20flows/a.flow.json', '/home/ada/my flows/a.flow.json'],
  ['vscode-remote://ssh-remote%2Bhost/home/ada/flows/a.flow.json', '/home/ada/flows/a.flow.json'],
  ['C:\\flows\\a.flow.json', 'C:\\flows\\a.flow.json'],
];

for (const [source, path] of sources) test(`sources of stack frames: ${source}`, () => assert.equal(pathOfSource(source), path));
