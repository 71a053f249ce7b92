import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commandOf, type KeyPlace } from './keymap.ts';
import { fitting } from './pick.ts';

describe('keys', () => {
  const check = (keys: string, place: KeyPlace, command: string | undefined, singleKeys = true): void => void test(`${keys} in ${place}${singleKeys ? '' : ', letters off'}`, () => {
    const parts = keys.split('+');
    const key = keys.endsWith('+') ? '+' : parts.at(-1)!;
    assert.equal(commandOf({ key, shift: parts.includes('Shift'), mod: parts.includes('Ctrl'), alt: parts.includes('Alt') }, place, { singleKeys }), command);
  });
  check('m', 'tree', 'map-to');
  check('M', 'tree', 'map-to');
  check('m', 'other', undefined);
  check('Shift++', 'tree', 'add-transform');
  check('Shift+?', 'table', 'help');
  check('ArrowDown', 'tree', 'down');
  check('ArrowDown', 'table', undefined);
  check('Alt+ArrowDown', 'tree', 'move-down');
  check('Ctrl+Enter', 'other', 'try');
  check('Delete', 'table', 'unmap');
  for (const keys of ['m', 'n', 'g', '+', '=', 't', 's', '[', ']', '?']) check(keys, 'tree', undefined, false);
  for (const [keys, command] of [['Insert', 'add'], ['Delete', 'unmap'], [' ', 'open'], ['Ctrl+d', 'duplicate'], ['Ctrl+f', 'find']] as const) check(keys, 'tree', command, false);
  // Those of VS Code.
  for (const keys of ['Ctrl+p', 'Ctrl+Shift+p', 'F1', 'Ctrl+b', 'Ctrl+j', 'Ctrl+s', 'Ctrl+w', 'Ctrl+Shift+e', 'Ctrl+Shift+m', 'Ctrl+=', 'Ctrl+0', 'F5', 'F9', 'Ctrl+z']) check(keys, 'tree', undefined);
});

test('typing narrows a list: all words must fit, names that begin so come first', () => {
  const items = ['customer.email', 'email', 'total', 'line_items[*].total_email'].map((id) => ({ id, label: id, detail: 'text' }));
  assert.deepEqual(fitting(items, 'email').map(({ id }) => id), ['email', 'customer.email', 'line_items[*].total_email']);
  assert.deepEqual(fitting(items, 'total text').map(({ id }) => id), ['total', 'line_items[*].total_email']);
  assert.deepEqual(fitting(items, 'zebra'), []);
  const transforms = [{ id: 'regex-replace', label: 'Replace by a pattern', detail: 'Like split-string with words.' }, { id: 'split-string', label: 'Split text' }, { id: 'cast-to-number', label: 'Cast to number' }];
  assert.deepEqual(fitting(transforms, 'split-string').map(({ id }) => id), ['split-string', 'regex-replace']);
  assert.deepEqual(fitting(transforms, 'cast-to-num').map(({ id }) => id), ['cast-to-number']);
});
