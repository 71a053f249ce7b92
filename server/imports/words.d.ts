/** The words of a name, in lower case: `listOrders`, `list_orders` and `List orders` are `['list', 'orders']`. */
export declare const wordsOf: (text: string) => string[];
export declare const slugOf: (text: string) => string;
/** The first sentence of a text, without markup, at most 200 characters. */
export declare function sentenceOf(text: unknown): string | undefined;
/** A text as a template that gives it: braces of others are no expression of ours. */
export declare const literal: (text: string) => string;
/** The expression of a param. */
export declare const paramExpression: (name: string) => string;
/** A name that a manifest takes for a param or variable, and that is not among those taken. */
export declare function freeName(wanted: string, taken: {
    has(name: string): boolean;
}): string;
