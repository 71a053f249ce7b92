import type { MapCommand } from '../protocol/map.ts';

export type MapKeyCommand = MapCommand | 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last' | 'open-branch' | 'close-branch' | 'open' | 'move-up' | 'move-down';

export interface KeyInput {
  readonly key: string;
  readonly shift: boolean;
  /** Ctrl, or Cmd on a Mac. */
  readonly mod: boolean;
  readonly alt: boolean;
}

/** Where the focus is: in a tree, in the table of rules, or anywhere else but in a text. */
export type KeyPlace = 'tree' | 'table' | 'other';

const inTree: Readonly<Record<string, MapKeyCommand>> = {
  ArrowUp: 'up', ArrowDown: 'down', PageUp: 'page-up', PageDown: 'page-down', Home: 'first', End: 'last', ArrowRight: 'open-branch', ArrowLeft: 'close-branch', Enter: 'open', ' ': 'open',
};
const inBoth: Readonly<Record<string, MapKeyCommand>> = { 'm': 'map-to', 'n': 'add', Insert: 'add', 'g': 'make', '+': 'add-transform', '=': 'add-transform', Delete: 'unmap', Backspace: 'unmap', 't': 'table', 's': 'suggest', '[': 'previous-record', ']': 'next-record', '?': 'help', 'mod+d': 'duplicate', 'alt+ArrowUp': 'move-up', 'alt+ArrowDown': 'move-down' };
const anywhere: Readonly<Record<string, MapKeyCommand>> = { 'mod+Enter': 'try', 'mod+f': 'find' };

/** The command of a key. `undefined`: the key is not ours, or is a letter or sign alone where these are switched off. */
export function commandOf({ key, shift, mod, alt }: KeyInput, place: KeyPlace, options: { readonly singleKeys: boolean }): MapKeyCommand | undefined {
  const plain = key.length === 1 ? key.toLowerCase() : key;
  // Of signs such as + the shift key is a part.
  const name = `${mod ? 'mod+' : ''}${alt ? 'alt+' : ''}${shift && (key.length > 1 || /[a-z]/.test(plain)) ? 'shift+' : ''}${plain}`;
  if (place === 'other') return anywhere[name];
  return anywhere[name] ?? (name.length === 1 && !options.singleKeys ? undefined : inBoth[name]) ?? (place === 'tree' ? inTree[name] : undefined);
}

/** For the sheet of keys. */
export const keySheet: readonly { readonly keys: string; readonly what: string }[] = [
  { keys: '↑ ↓  Home  End', what: 'Field above, below, first, last' },
  { keys: '→ ←', what: 'Open, close; to the first field below, to the one around' },
  { keys: 'Tab', what: 'Source, target, rule' },
  { keys: 'Enter', what: 'Rule of the field' },
  { keys: 'M', what: 'Map to another field: type a part of its name' },
  { keys: 'N  Insert', what: 'New rule: for any target' },
  { keys: 'G', what: 'Make a value for the target without a source' },
  { keys: '+', what: 'Add a transform' },
  { keys: 'Delete', what: 'Unmap: remove the rules of the field' },
  { keys: 'Alt ↑ ↓', what: 'Move the rule among the rules; in a transform: that in its chain' },
  { keys: 'Ctrl D', what: 'Duplicate the rule' },
  { keys: 'S', what: 'Suggestions' },
  { keys: 'T', what: 'Rules as a table, or both trees' },
  { keys: '[  ]', what: 'Record before, record after' },
  { keys: 'Ctrl Enter', what: 'Try again' },
  { keys: 'Ctrl F', what: 'Filter the fields, or the rules of the table' },
  { keys: 'Alt 1 … 4', what: 'Tool bar, source, target or table, rule' },
  { keys: 'Escape', what: 'Back to the fields; from there to the flow' },
];
