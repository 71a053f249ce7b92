import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaveChords } from './chords.ts';

interface Pressed {
  readonly key: string;
  readonly ctrlKey?: boolean;
  readonly shiftKey?: boolean;
  /** In milliseconds, since the page is there. */
  readonly at?: number;
}

const ctrl = (key: string): Pressed => ({ key, ctrlKey: true });
const rows: readonly (readonly [what: string, pressed: readonly Pressed[], seen: readonly string[]])[] = [
  ['the second key behind Ctrl+K is none', [ctrl('k'), ctrl('h')], ['k', 'Unidentified']],
  ['also a letter alone', [ctrl('k'), { key: 'd' }, { key: 'd' }], ['k', 'Unidentified', 'd']],
  ['with the keys that are held', [{ key: 'Control', ctrlKey: true }, ctrl('k'), { key: 'Control', ctrlKey: true }, ctrl('s')], ['Control', 'k', 'Control', 'Unidentified']],
  ['Ctrl+K twice are one', [ctrl('k'), ctrl('k'), ctrl('h')], ['k', 'Unidentified', 'h']],
  ['VS Code does not wait for ever', [ctrl('k'), { ...ctrl('h'), at: 5_000 }], ['k', 'h']],
  ['K alone begins nothing', [{ key: 'k' }, ctrl('h')], ['k', 'h']],
  ['nor does Ctrl+Shift+K', [{ key: 'K', ctrlKey: true, shiftKey: true }, ctrl('h')], ['K', 'h']],
];

function press(page: EventTarget, { key, ctrlKey = false, shiftKey = false, at = 0 }: Pressed): void {
  page.dispatchEvent(Object.defineProperties(new Event('keydown', { cancelable: true }), Object.fromEntries(Object.entries({ key, ctrlKey, shiftKey, timeStamp: at }).map(([name, value]) => [name, { value, configurable: true }]))));
}

for (const [what, pressed, seen] of rows) {
  test(`keys of two strokes: ${what}`, () => {
    const page = new EventTarget();
    leaveChords(page);
    const keys: string[] = [];
    page.addEventListener('keydown', (event) => keys.push((event as KeyboardEvent).key));
    for (const one of pressed) press(page, one);
    assert.deepEqual(keys, seen);
  });
}

test('keys of two strokes: a click begins anew', () => {
  const page = new EventTarget();
  leaveChords(page);
  const keys: string[] = [];
  page.addEventListener('keydown', (event) => keys.push((event as KeyboardEvent).key));
  press(page, ctrl('k'));
  page.dispatchEvent(new Event('pointerdown'));
  press(page, ctrl('h'));
  assert.deepEqual(keys, ['k', 'h']);
});
