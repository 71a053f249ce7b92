import { type Path, type Payload, type PayloadContext } from '../../plugins/sdk/index.ts';
import type { CursorValue } from '../model/cursor-order.ts';
import { type EndpointLink } from './endpoint-link.ts';
import type { Cursor } from './host.ts';
import { type Bounds, type Incremental, type ReadRange } from './incremental.ts';
import type { OpenPagination } from './open-pagination.ts';
import { type PagePlace, type WalkedPage } from './paginate.ts';
import { type Document } from './receive-document.ts';
import type { ShapeRecords } from './shape-records.ts';
import { type Slice, type SliceLevel, type SlicePlace } from './slices.ts';
/** An endpoint that gives records, compiled. */
export interface ReadOptions extends EndpointLink, OpenPagination {
    readonly testPages?: number | undefined;
    /** Told of each page, in order. */
    readonly onPage?: ((page: WalkedPage) => void) | undefined;
    /** Paths of the records in the answer. */
    readonly records: readonly Path[];
    readonly shape: ShapeRecords;
    readonly slices: readonly SliceLevel[];
    /** The endpoints that the slices name. */
    readonly parents: ReadonlyMap<string, ReadOptions>;
    readonly incremental?: Incremental | undefined;
    /** Where there is none, everything is read, and nothing is remembered. */
    readonly cursorOf?: ((slice: string) => Cursor) | undefined;
}
export interface ReadCall {
    readonly payload: Payload;
    readonly params: unknown;
    readonly context: PayloadContext;
    /** It goes by that instead of by the cursor, which stays where it is. */
    readonly range?: ReadRange | undefined;
    /** See `ReadPage.state`. */
    readonly from?: unknown;
    /** Its records are not given but asked further with: no cursor counts, and nothing is a payload. */
    readonly isParent?: true;
}
export interface ReadPage {
    readonly index: number;
    /** What the answer holds, where it is given as it stands. */
    readonly document: Document;
    readonly records: readonly unknown[];
    readonly isWhole: boolean;
    /** From where reading goes on after this page, as plain JSON; absent where it is the last. */
    readonly state?: PagePlace | SlicedState;
}
/** The state of what has slices or a cursor; that of other endpoints is the place of a page. */
interface SlicedState {
    /** Payloads so far. */
    readonly given: number;
    /** The slice in work; without it, the next of `rest` is. */
    readonly slice?: Slice;
    readonly rest?: SlicePlace;
    readonly page?: PagePlace;
    readonly reading?: Reading;
}
/** How far a slice has been read. */
interface Reading {
    readonly bounds: Bounds;
    readonly version: number;
    /** Of the next mark. */
    readonly seq: number;
    /** Where the window in work begins. */
    readonly window?: CursorValue;
    readonly newest?: CursorValue;
}
/**
 * The pages of an endpoint, of one slice after the other. What is remembered of them is so before they are given: a mark counts only where everything before
 * it got through, so that a crash in between loses nothing.
 */
export declare function readPages(options: ReadOptions, call: ReadCall): AsyncGenerator<ReadPage>;
export {};
