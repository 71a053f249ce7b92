import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { commandOf as commandOnCanvas } from '../webview/flow/keymap.ts';
import { commandOf as commandInMap } from '../webview/map/keymap.ts';

/** Keys of VS Code that mean the same wherever the focus is. */
const reserved = [
  'ctrl+p', 'ctrl+shift+p', 'f1', 'ctrl+b', 'ctrl+j', 'ctrl+`', 'ctrl+tab', 'ctrl+w', 'ctrl+s', 'ctrl+,', ...['e', 'f', 'g', 'd', 'x', 'm', 'u'].map((key) => `ctrl+shift+${key}`),
  'ctrl+=', 'ctrl+-', 'ctrl+0', 'f6', 'f7', 'f8', 'f10', 'f11', 'shift+f11',
];

interface Keybinding { readonly command: string; readonly key: string; readonly mac?: string; readonly when?: string }

const { contributes: { keybindings } } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as { readonly contributes: { readonly keybindings: readonly Keybinding[] } };

/** Where a binding holds: an editor or a view. */
const placesOf = ({ when = '' }: Keybinding): string[] => [...when.matchAll(/(?:activeCustomEditorId|focusedView|editorLangId) == '?([\w.-]+)/g)].map(([, place]) => place!);

describe('own shortcuts', () => {
  test('none of VS Code’s own keys is taken, by no command and on no page', () => {
    assert.deepEqual(keybindings.filter(({ key, mac }) => [key, mac?.replaceAll('cmd', 'ctrl')].some((one) => one !== undefined && reserved.includes(one))), []);
    const pages = [commandOnCanvas, ...(['tree', 'table', 'other'] as const).map((place) => (...[input, options]: Parameters<typeof commandOnCanvas>) => commandInMap(input, place, options))];
    const asPressed = (name: string) => {
      const key = name.split('+').at(-1)!;
      return { key: /^f\d/.test(key) ? key.toUpperCase() : key === 'tab' ? 'Tab' : key, shift: name.includes('shift+'), mod: name.includes('ctrl+'), alt: false };
    };
    for (const name of reserved) for (const commandOf of pages) assert.equal(commandOf(asPressed(name), { singleKeys: true }), undefined, name);
  });

  test('each holds in one of our editors or views, and not in text', () => {
    assert.deepEqual(keybindings.filter(({ when = '' }) => !/patchbay/.test(when) && !/resourcePath =~ .*lookups/.test(when)), []);
    assert.deepEqual(keybindings.filter((one) => /^(f2|delete|insert|ctrl\+[cdf])$/.test(one.key) && !one.when?.includes('!inputFocus')), []);
  });

  test('F5 and Ctrl+F5 are the debugger’s once it runs', () => {
    const starting = keybindings.filter(({ key }) => key.endsWith('f5'));
    assert.deepEqual(starting.map(({ key }) => key), ['f5', 'ctrl+f5']);
    assert.ok(starting.every(({ when = '' }) => when.includes('!inDebugMode')));
  });

  test('fewer than 24 are bound in any one place', () => {
    const counts = new Map<string, number>();
    for (const place of keybindings.flatMap(placesOf)) counts.set(place, (counts.get(place) ?? 0) + 1);
    assert.ok(counts.size >= 6, 'too few places were found');
    assert.deepEqual([...counts].filter(([, count]) => count >= 24), []);
  });
});
