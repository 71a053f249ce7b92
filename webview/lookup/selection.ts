import type { CellPlace, CellRange } from '../protocol/lookup.ts';

/** What is selected: all between two cells, of which one has the focus. */
export interface Selection {
  readonly anchor: CellPlace;
  readonly active: CellPlace;
}

/** Of what can be selected. */
export interface Extent {
  /** Counts the line for a new row, too. */
  readonly rows: number;
  /** Whether there is such a line: 1, else 0. */
  readonly spare: number;
  readonly columns: number;
  /** Rows that a page key leads over. */
  readonly page: number;
}

export interface Key {
  readonly key: string;
  readonly isControl: boolean;
  readonly isShift: boolean;
}

export const single = (row: number, column: number): Selection => ({ anchor: { row, column }, active: { row, column } });

export const rangeOf = ({ anchor, active }: Selection): CellRange => ({ top: Math.min(anchor.row, active.row), bottom: Math.max(anchor.row, active.row), left: Math.min(anchor.column, active.column), right: Math.max(anchor.column, active.column) });

export const holds = ({ top, bottom, left, right }: CellRange, row: number, column: number): boolean => row >= top && row <= bottom && column >= left && column <= right;

export function clamped({ anchor, active }: Selection, { rows, columns }: Extent): Selection {
  const inside = ({ row, column }: CellPlace): CellPlace => ({ row: Math.max(0, Math.min(row, rows - 1)), column: Math.max(0, Math.min(column, columns - 1)) });
  return { anchor: inside(anchor), active: inside(active) };
}

/** Where a key of a spreadsheet leads; `undefined`: it is none. */
export function moved(selection: Selection, key: Key, extent: Extent): Selection | undefined {
  const { active } = selection;
  const last = Math.max(0, extent.rows - extent.spare - 1);
  if (key.key === ' ' && key.isControl) return { anchor: { row: 0, column: rangeOf(selection).left }, active: { row: last, column: rangeOf(selection).right } };
  if (key.key === ' ' && key.isShift) return { anchor: { row: selection.anchor.row, column: 0 }, active: { row: active.row, column: extent.columns - 1 } };
  if (key.key.toLowerCase() === 'a' && key.isControl && !key.isShift) return { anchor: { row: 0, column: 0 }, active: { row: last, column: extent.columns - 1 } };
  const to = placeOf(active, key, extent);
  if (!to) return undefined;
  return clamped({ anchor: key.isShift ? selection.anchor : to, active: to }, extent);
}

function placeOf({ row, column }: CellPlace, { key, isControl }: Key, { rows, columns, page }: Extent): CellPlace | undefined {
  switch (key) {
    case 'ArrowDown': return { row: isControl ? rows - 1 : row + 1, column };
    case 'ArrowUp': return { row: isControl ? 0 : row - 1, column };
    case 'ArrowRight': return { row, column: isControl ? columns - 1 : column + 1 };
    case 'ArrowLeft': return { row, column: isControl ? 0 : column - 1 };
    // With Ctrl they lead to other editors.
    case 'PageDown': return isControl ? undefined : { row: row + page, column };
    case 'PageUp': return isControl ? undefined : { row: row - page, column };
    case 'Home': return { row: isControl ? 0 : row, column: 0 };
    case 'End': return { row: isControl ? rows - 1 : row, column: columns - 1 };
    default: return undefined;
  }
}

/** The next cell of a row, then the first of the next one; `undefined` at the end of all. */
export function nextInOrder({ row, column }: CellPlace, step: 1 | -1, { rows, columns }: Extent): CellPlace | undefined {
  const at = row * columns + column + step;
  return at < 0 || at >= rows * columns ? undefined : { row: Math.floor(at / columns), column: at % columns };
}
