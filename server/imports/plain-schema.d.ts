import type { Report } from './import-result.ts';
import type { Json } from './read-text.ts';
import type { Resolve } from './references.ts';
export interface SchemaSource {
    readonly resolve: Resolve;
    readonly report: Report;
}
/**
 * A schema of a description as a JSON Schema that stands by itself: references are written out, so many levels deep; what lies below is open. Words of OpenAPI
 * that JSON Schema does not have become those that it has, or are left out.
 */
export declare function plainSchema(source: SchemaSource, given: unknown, depth: number): Json;
/** With all that `allOf` says in one schema, so that its fields can be seen. */
export declare function merged(source: SchemaSource, schema: Json, depth: number): Json;
