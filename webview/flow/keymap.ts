/** Everything that the canvas does by key. Commands of `FlowCommand` have the same names. */
export type CanvasCommand =
  | 'left' | 'right' | 'up' | 'down' | 'first' | 'last' | 'extend-left' | 'extend-right' | 'extend-up' | 'extend-down'
  | 'move-left' | 'move-right' | 'move-up' | 'move-down' | 'jump-left' | 'jump-right' | 'jump-up' | 'jump-down'
  | 'open' | 'edit-map' | 'data' | 'toggle-select' | 'add' | 'note' | 'group' | 'connect' | 'disable' | 'breakpoint' | 'rename' | 'delete' | 'duplicate' | 'select-all'
  | 'fit' | 'fit-selection' | 'zoom-in' | 'zoom-out' | 'zoom-reset' | 'tidy' | 'minimap' | 'find' | 'find-next' | 'find-previous' | 'help' | 'cancel' | 'menu';

export interface KeyInput {
  readonly key: string;
  readonly shift: boolean;
  /** Ctrl, or Cmd on a Mac. */
  readonly mod: boolean;
  readonly alt: boolean;
}

interface Binding {
  readonly key: string;
  readonly shift?: boolean;
  readonly mod?: boolean;
  readonly alt?: boolean;
  readonly command: CanvasCommand;
  /** A letter or digit alone: can be switched off. */
  readonly single?: boolean;
}

const arrows = [['ArrowLeft', 'left'], ['ArrowRight', 'right'], ['ArrowUp', 'up'], ['ArrowDown', 'down']] as const;

const bindings: readonly Binding[] = [
  ...arrows.flatMap(([key, way]): Binding[] => [
    { key, command: way }, { key, shift: true, command: `extend-${way}` },
    { key, alt: true, command: `move-${way}` }, { key, alt: true, shift: true, command: `jump-${way}` },
  ]),
  { key: 'Home', command: 'first' }, { key: 'End', command: 'last' },
  { key: 'Enter', command: 'open' }, { key: ' ', command: 'toggle-select' }, { key: 'Escape', command: 'cancel' },
  { key: 'Insert', command: 'add' }, { key: 'a', command: 'add', single: true },
  { key: 'n', command: 'note', single: true }, { key: 'g', command: 'group', single: true },
  { key: 'c', command: 'connect', single: true }, { key: 'd', command: 'disable', single: true }, { key: 'b', command: 'breakpoint', single: true }, { key: 't', command: 'tidy', single: true },
  { key: '.', command: 'data', single: true }, { key: 'e', command: 'edit-map', single: true }, { key: 'm', command: 'minimap', single: true },
  { key: '1', command: 'fit', single: true }, { key: '2', command: 'fit-selection', single: true },
  { key: '+', command: 'zoom-in', single: true }, { key: '+', shift: true, command: 'zoom-in', single: true }, { key: '=', command: 'zoom-in', single: true },
  { key: '-', command: 'zoom-out', single: true }, { key: '0', command: 'zoom-reset', single: true },
  { key: '?', command: 'help', single: true }, { key: '?', shift: true, command: 'help', single: true },
  { key: 'F2', command: 'rename' }, { key: 'Delete', command: 'delete' }, { key: 'Backspace', command: 'delete' },
  { key: 'd', mod: true, command: 'duplicate' }, { key: 'a', mod: true, command: 'select-all' },
  { key: 'f', mod: true, command: 'find' }, { key: 'F3', command: 'find-next' }, { key: 'F3', shift: true, command: 'find-previous' },
  { key: 'ContextMenu', command: 'menu' }, { key: 'F10', shift: true, command: 'menu' },
];

const byKey = new Map(bindings.map((binding) => [nameOf(binding.key, binding.shift === true, binding.mod === true, binding.alt === true), binding]));

/** The command of a key while the canvas has the focus. `undefined`: the key is not ours. */
export function commandOf({ key, shift, mod, alt }: KeyInput, options: { readonly singleKeys: boolean }): CanvasCommand | undefined {
  const binding = byKey.get(nameOf(key.length === 1 ? key.toLowerCase() : key, shift, mod, alt));
  return binding?.single && !options.singleKeys ? undefined : binding?.command;
}

/** For the sheet of keys. */
export const keySheet: readonly { readonly keys: string; readonly what: string }[] = [
  { keys: '← →', what: 'Step before, step after' },
  { keys: '↑ ↓', what: 'Step of the branch above, below' },
  { keys: 'Home  End', what: 'First trigger, last step' },
  { keys: 'Enter', what: 'Settings of the step' },
  { keys: '.', what: 'Payloads of the step' },
  { keys: 'E', what: 'Mapping of the step' },
  { keys: 'A  Insert', what: 'Add a step after this one' },
  { keys: 'N', what: 'Add a note' },
  { keys: 'G', what: 'Frame the selected steps as a group' },
  { keys: 'C', what: 'Link to another step: arrows or letters choose it, Tab the port' },
  { keys: 'D', what: 'Skip the step, or no longer' },
  { keys: 'B  F9', what: 'Breakpoint in front of the step' },
  { keys: 'F2', what: 'Title; text of a note' },
  { keys: 'Delete', what: 'Remove and close the gap' },
  { keys: 'Space', what: 'Add to the selection, or take out' },
  { keys: 'Shift + arrows', what: 'Extend the selection' },
  { keys: 'Alt + arrows', what: 'Move by 10; with Shift by 50' },
  { keys: 'Ctrl C  X  V', what: 'Copy, cut, paste' },
  { keys: 'Ctrl D', what: 'Duplicate' },
  { keys: 'Ctrl A', what: 'Select all' },
  { keys: 'Ctrl F  F3', what: 'Find, find next' },
  { keys: '1  2', what: 'Show all, show the selection' },
  { keys: '+  −  0', what: 'Zoom' },
  { keys: 'T', what: 'Tidy: give all steps back to the layout' },
  { keys: 'M', what: 'Map of the whole flow' },
  { keys: 'Ctrl Space', what: 'In a field: what may be written there' },
  { keys: 'Escape', what: 'In a field: takes back what was typed; once more: back to the canvas' },
  { keys: 'Alt 1 … 3', what: 'Tool bar, canvas, inspector' },
];

function nameOf(key: string, shift: boolean, mod: boolean, alt: boolean): string {
  return `${mod ? 'mod+' : ''}${alt ? 'alt+' : ''}${shift ? 'shift+' : ''}${key}`;
}
