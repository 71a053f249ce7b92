import type { LookupPage, LookupSummary, StateChange } from '../model/api.ts';
import type { Audit } from './audited.ts';
/** The lookups of a workspace: CSV files in `lookups/`, of which flows read the newest. Pages count from 1. */
export interface Lookups {
    list(): Promise<readonly LookupSummary[]>;
    /** Rows that hold the text in a column. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
    rows(name: string, filter: {
        readonly text?: string;
        readonly page?: number;
        readonly perPage?: number;
    }): Promise<LookupPage>;
    /** Changes and adds rows, by the first column; see `setRows`. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
    set(name: string, rows: readonly Readonly<Record<string, string>>[]): Promise<StateChange>;
    /** The same with the rows of a CSV text; where there is no such lookup, it is made. Fails with `DATA_INVALID`. */
    import(name: string, csv: string): Promise<StateChange>;
    /** Removes the rows with these values in the first column. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
    remove(name: string, values: readonly string[]): Promise<StateChange>;
    /** The text of the file. Fails with `CONFIG_UNKNOWN_LOOKUP`. */
    export(name: string): Promise<string>;
}
/** Where the texts of lookups are. */
export interface LookupTexts {
    names(): Promise<readonly string[]>;
    /** `undefined` where there is none. */
    read(name: string): Promise<string | undefined>;
    write(name: string, text: string): Promise<void>;
}
export declare function createLookups(texts: LookupTexts, audit: Audit): Lookups;
/** The files of a workspace. */
export declare function lookupTexts(root: string): LookupTexts;
