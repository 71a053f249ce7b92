export interface Operation {
    readonly method: string;
    /** With `{name}` for what varies. */
    readonly path: string;
    readonly id?: string;
    /** Whether the answer is a list of records, where that is known. */
    readonly givesList?: boolean;
    /** Methods of the same path. */
    readonly siblings?: readonly string[];
}
/** What an operation is about: the last part of its path that does not vary. */
export interface Naming {
    readonly entity: string;
    readonly verb: string;
    /** What stands before the entity in the path, the nearest first. */
    readonly above: readonly string[];
}
/**
 * Names of endpoints, `orders.list`, in the order of the operations. A name depends on the operations alone, never on their order. All operations on one part of
 * the API begin alike; where two would have the same name, both end in their own ids.
 */
export declare function endpointNames(operations: readonly Operation[]): string[];
export declare function namingOf({ method, path, givesList, siblings }: Operation): Naming;
