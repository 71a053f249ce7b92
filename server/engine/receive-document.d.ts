import { type HttpResponse, type Path } from '../../plugins/sdk/index.ts';
/** What an answer holds. */
export interface Document {
    readonly body: unknown;
    readonly mediaType: string;
    readonly records: readonly unknown[];
}
/** The list at the path of the records, or the value there as it is; the text of an answer that is not JSON. Of several paths, what all of them have. */
export declare function readDocument(response: HttpResponse, { records: paths, name }: {
    readonly records: readonly Path[];
    readonly name: string;
}): Document;
