export type Json = Readonly<Record<string, unknown>>;
/** The object of a JSON or YAML text. Fails with `DATA_INVALID`, whose place names the line. `what`: the kind of text, for messages. */
export declare function readText(text: string, what: string): Json;
