import { type SchemaSource } from './plain-schema.ts';
/** A value that fits a schema: its own example where it has one, else one that is made up, so many levels deep. */
export declare function sampleValue(source: SchemaSource, given: unknown, depth: number): unknown;
