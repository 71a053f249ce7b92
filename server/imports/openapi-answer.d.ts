import type { EndpointExample } from '../model/connector.ts';
import { type SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
export interface ReadAnswer {
    readonly response: EndpointExample['response'];
    /** Path of the records, where they are not the whole answer. */
    readonly records?: string;
    /** Schema of one record, with its references. */
    readonly record?: unknown;
    readonly givesList: boolean;
    /** Fields of the answer beside the records, with two levels, for what pages are recognised by: `meta.next_cursor`. */
    readonly fields: ReadonlyMap<string, Json>;
    readonly headers: readonly string[];
}
/** What an operation answers when all goes well. */
export declare function readAnswer(source: SchemaSource, responses: unknown, entity: string): ReadAnswer;
