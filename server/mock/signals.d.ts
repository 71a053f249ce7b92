/** What a page tells of the others. */
export interface PageFacts {
    /** From 0. */
    readonly index: number;
    readonly isLast: boolean;
    readonly pages: number;
    readonly total: number;
    readonly size: number;
    readonly records: readonly unknown[];
    /** Of the next page; `undefined` on the last one. */
    readonly token: string | undefined;
    /** Its address. */
    readonly link: string | undefined;
}
export interface Answer {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** A JSON value, or a text. */
    readonly body: unknown;
}
export type Settings = Readonly<Record<string, unknown>>;
/** The answer with all that a strategy of this type and these settings reads in it. Strategies that nobody knows get what their settings name: totals, flags. */
export declare function withSignals(type: string, settings: Settings, answer: Answer, facts: PageFacts): Answer;
/** The document with records at the path where the endpoint has them. One wildcard may stand in it: `$.edges[*].node`. */
export declare function withRecords(document: unknown, path: string, records: readonly unknown[]): unknown;
