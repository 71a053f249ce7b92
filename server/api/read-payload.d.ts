/** The media type without parameters, in lower case, and the charset. */
export declare function contentTypeOf(header: string | undefined): {
    readonly mediaType: string;
    readonly charset: string;
};
/** A body as its content type says: JSON as a document, text as text, the rest as bytes. Never guessed from the body. */
export declare function readDocument(bytes: Uint8Array, header: string | undefined): {
    readonly body: unknown;
    readonly mediaType: string;
};
export declare const isJson: (mediaType: string) => boolean;
export declare const deepest = 1000;
/** Documents nested deeper than this are an attack on whatever walks them. Looks at brackets outside of texts, and at nothing in short bodies. */
export declare function refuseDepth(bytes: Uint8Array): void;
