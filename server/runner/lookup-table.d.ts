/** A lookup file, as rows that can be changed: what is not changed keeps its very text. */
export interface LookupTable {
    readonly columns: readonly string[];
    /** Text of the header row. */
    readonly head: string;
    readonly rows: readonly LookupRow[];
}
export interface LookupRow {
    readonly cells: readonly string[];
    /** The line or lines of the file, without the line break. */
    readonly text: string;
}
/** Rows that were made, changed (or found as they should be) and the table with them. */
export interface LookupChange {
    readonly table: LookupTable;
    readonly added: number;
    readonly changed: number;
    readonly removed: number;
}
/** Fails with `DATA_INVALID`, naming file and line. */
export declare function parseLookup(file: string, text: string): LookupTable;
/** `before`: the text of the file, of which line breaks and byte order mark are kept. */
export declare function printLookup({ head, rows }: LookupTable, before?: string): string;
/** A row of one empty cell would be an empty line, which is no row. */
export declare const printRow: (cells: readonly string[]) => string;
/**
 * Rows whose first column is known change in place, the first of several; others come behind. A row gives values by column; columns that it leaves out keep
 * theirs. Fails with `CONFIG_INVALID` where there is no such column, with `DATA_MISSING` where the first one is not given.
 */
export declare function setRows(name: string, table: LookupTable, wanted: readonly Readonly<Record<string, string>>[]): LookupChange;
/** Removes all rows whose first column is one of the values. */
export declare function removeRows(table: LookupTable, values: readonly string[]): LookupChange;
/** Rows as objects, as `setRows` takes them. */
export declare const objectsOf: ({ columns, rows }: LookupTable) => Readonly<Record<string, string>>[];
