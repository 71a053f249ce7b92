import { type Lookup } from '../../plugins/sdk/index.ts';
/** Reads a lookup file: a header row and values. Fails with `DATA_INVALID`, naming file and line. */
export declare function readLookup(name: string, file: string, path: string): Lookup;
