import { type ConnectorManifest, type EndpointManifest } from '../model/connector.ts';
/** What the mock holds: records by entity, made when the mock starts, changed by what is written. */
export interface Collections {
    /** The records that an endpoint is about. */
    of(endpoint: string): Collection;
    /** All as they were at first. */
    reset(): void;
    summary(): Readonly<Record<string, number>>;
}
export interface Collection {
    readonly name: string;
    /** Grows with each change. */
    readonly version: number;
    readonly records: readonly unknown[];
    find(id: string): unknown;
    /** With an id where it has none. An id that is there already is replaced. */
    add(record: unknown): unknown;
    /** `undefined` where there is no such record. */
    change(id: string, fields: Readonly<Record<string, unknown>>): unknown;
    remove(id: string): boolean;
}
export interface CollectionsOptions {
    readonly manifest: ConnectorManifest;
    /** Records of a collection at first. */
    readonly count: number;
    readonly seed: number;
}
export declare function createCollections({ manifest, count, seed }: CollectionsOptions): Collections;
export declare const idField: (record: unknown) => string | undefined;
export declare function idOf(record: unknown): string | undefined;
export declare const entityOf: ({ entity, path }: EndpointManifest) => string;
/** Records of the examples that went well, in their order. */
export declare function exampleRecords(endpoint: EndpointManifest): readonly unknown[];
