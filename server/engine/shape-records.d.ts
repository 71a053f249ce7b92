import type { Path } from '../../plugins/sdk/index.ts';
import type { RecordExpansion } from '../model/connector.ts';
/** Fields that are copied from one record into another. */
export type Included = Readonly<Record<string, unknown>>;
type Fields = readonly (readonly [name: string, path: Path])[];
/** Makes of the records of an answer what the endpoint gives. */
export type ShapeRecords = (records: readonly unknown[], included: Included) => readonly unknown[];
/** Fails with `CONFIG_INVALID` where a path cannot be read. */
export declare function compileShape(expand: RecordExpansion | undefined): ShapeRecords;
export declare const compileFields: (fields?: Readonly<Record<string, string>>) => Fields;
/** What is not there is left out. */
export declare const valuesAt: (fields: Fields, record: unknown) => Included;
export {};
