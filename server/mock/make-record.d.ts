export interface RecordSource {
    /** Records of examples: the first ones are given as they are. */
    readonly examples: readonly unknown[];
    /** JSON Schema of a record. */
    readonly schema: object | undefined;
    /** Path of what no two records have in common, such as the key by which pages are asked for. */
    readonly key: string | undefined;
}
/** A record of a collection, by its number from 0. The same for the same seed. */
export declare function makeRecord({ examples, schema, key }: RecordSource, index: number, seed: number): unknown;
