import type { EndpointManifest } from '../model/connector.ts';
import { type SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
/** An operation, in the words of OpenAPI 3. */
export interface Found {
    readonly method: string;
    readonly path: string;
    readonly item: Json;
    readonly operation: Json;
}
/** The endpoints of a connector, one for each operation whose method a manifest knows. */
export declare function readEndpoints(source: SchemaSource, operations: readonly Found[]): Readonly<Record<string, EndpointManifest>>;
