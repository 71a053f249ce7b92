import type { EndpointBody } from '../model/connector.ts';
import { type SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
export interface ReadBody {
    readonly body: EndpointBody;
    /** Where the format alone does not say it. */
    readonly contentType?: string;
    readonly sample?: unknown;
    /** JSON Schema of what is sent. */
    readonly record?: object;
}
/** The body of an operation, in the first media type that a manifest can write. */
export declare function readBody(source: SchemaSource, given: unknown, method: string, where: string): ReadBody | undefined;
export declare const isJsonType: (mediaType: string) => boolean;
/** The example of a media type, else a value that fits its schema. `undefined`: there is neither. */
export declare function exampleOf(source: SchemaSource, mediaType: Json, depth: number): unknown;
