import type { WindowUnit } from '../model/connector.ts';
import type { CursorKind, CursorValue } from '../model/cursor-order.ts';
/** How the values of a cursor are read and written. Times are milliseconds since the epoch in between. */
export interface CursorFormat {
    readonly kind: CursorKind;
    /** `date-time`, `date`, `seconds`, `milliseconds`, or a pattern of YYYY, MM, DD, HH, mm, ss, SSS. */
    readonly format: string;
}
/** `undefined` for what is none. */
export declare function readCursor(value: unknown, { kind, format }: CursorFormat): CursorValue | undefined;
/** As it stands in a request. */
export declare function writeCursor(value: CursorValue, { kind, format }: CursorFormat): string | number;
/** The smallest step that can be told apart; 0 where there is none. Numbers may have fractions, but ids do not, and the bounds of times are whole. */
export declare function grainOf({ kind, format }: CursorFormat): number;
/** The value of which a request can speak that is not after this one. */
export declare function floorCursor(value: CursorValue, format: CursorFormat): CursorValue;
/** Texts have no distance: they stay. */
export declare function cursorMinus(value: CursorValue, distance: number, { kind }: CursorFormat): CursorValue;
export declare function cursorPlus(value: CursorValue, { count, unit }: {
    readonly count: number;
    readonly unit?: WindowUnit;
}, kind: CursorKind): CursorValue;
