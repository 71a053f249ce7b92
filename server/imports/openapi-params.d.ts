import type { EndpointParam } from '../model/connector.ts';
import { type SchemaSource } from './plain-schema.ts';
export interface ReadParams {
    readonly path: string;
    readonly params: Readonly<Record<string, EndpointParam>>;
    /** Values of the params that must be given, for the example. */
    readonly sample: Readonly<Record<string, unknown>>;
    /** Names in the query, for what pages are recognised by. */
    readonly query: readonly string[];
}
/** The params of an operation and its path with their expressions. `given`: of the path first, then of the operation, which override them. */
export declare function readParams(source: SchemaSource, path: string, given: readonly unknown[], where: string): ReadParams;
