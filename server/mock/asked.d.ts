import type { IncomingMessage } from 'node:http';
/** A request as the mock looks at it. */
export interface Asked {
    readonly method: string;
    readonly url: URL;
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    readonly cookies: Readonly<Record<string, string>>;
    readonly text: string;
    /** The body where it is JSON, else `undefined`. */
    readonly json: unknown;
    readonly form: URLSearchParams;
}
/** Reads a request. Throws where its body is longer than 16 MB. */
export declare function readAsked(request: IncomingMessage, origin: string): Promise<Asked>;
export declare function decoded(text: string): string;
