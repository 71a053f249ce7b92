import type { Suggestion } from './import-result.ts';
import type { Json } from './read-text.ts';
/** What is known of an endpoint that gives a list. */
export interface ListEndpoint {
    readonly endpoint: string;
    /** Names of the parameters in the query. */
    readonly query: readonly string[];
    /** Fields of the answer, `meta.next_cursor`, with their schemas. */
    readonly fields: ReadonlyMap<string, Json>;
    /** Headers of the answer, in lower case. */
    readonly headers: readonly string[];
}
/** How an endpoint seems to page, by the names in its description; the likeliest way only. */
export declare function suggestPagination(list: ListEndpoint): Suggestion | undefined;
