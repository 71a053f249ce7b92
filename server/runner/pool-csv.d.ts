import type { PoolValue } from './state-access.ts';
export declare const poolColumns: readonly ['value', 'entity_type'];
/** The values of a CSV text with the columns `value` and, unless all are of the usual type, `entity_type`. Fails with `DATA_INVALID`. */
export declare function parsePoolCsv(text: string): PoolValue[];
/** The same text of values, line by line. */
export declare function printPoolCsv(values: AsyncIterable<PoolValue>): AsyncIterable<string>;
/** That of the shape `de-dupe` where nobody says otherwise. */
export declare const usualEntity = "record";
