import type { IncomingMessage, ServerResponse } from 'node:http';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Runner } from '../runner/contract.ts';
import type { SchemaName } from './schemas.ts';
/** A row of the table that the API is made of and described from. */
export interface Route {
    readonly method: 'get' | 'post' | 'put' | 'delete';
    /** Below `/api/v1`, as OpenAPI writes it: `/runs/{run}`. An id may hold slashes, written `%2F`. */
    readonly path: string;
    readonly summary: string;
    readonly query?: Readonly<Record<string, QueryParam>>;
    /** What the request carries; `any` is the raw body of any media type. */
    readonly body?: {
        readonly summary: string;
        readonly schema: object;
    } | {
        readonly summary: string;
        readonly schema: 'any';
    };
    readonly answer: Answer;
    /** Further statuses, with what they say. */
    readonly also?: Readonly<Record<number, string>>;
    /** Gives what is answered as JSON; `undefined` where it has answered by itself or where there is nothing to say. */
    handle(call: Call): unknown;
}
export interface Answer {
    readonly summary: string;
    readonly status?: number;
    readonly schema?: SchemaName;
    /** Default `application/json`. */
    readonly mediaType?: string;
}
export interface QueryParam {
    readonly summary: string;
    /** Default a text. */
    readonly type?: 'text' | 'integer' | 'flag' | 'texts';
    readonly values?: readonly string[];
    readonly default?: string | number | boolean;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly isRequired?: boolean;
    /** `var.` stands for `var.a`, `var.b` and so on; the values arrive as an object. */
    readonly isPrefix?: boolean;
}
/** One call. `query` holds what the route's table says, checked, with defaults. */
export interface Call {
    readonly runner: Runner;
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly path: Readonly<Record<string, string>>;
    readonly query: Query;
    readonly limits: Limits;
    /** Aborts when the server closes. */
    readonly closing: AbortSignal;
}
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | Readonly<Record<string, string>> | undefined>>;
export interface Limits {
    /** Decoded bytes of a webhook's body. */
    readonly hookBytes: number;
    /** Decoded bytes of the payload of a run. */
    readonly payloadBytes: number;
    /** Of those, how many may be in memory; the rest goes to a file. */
    readonly memoryBytes: number;
    /** Decoded bytes of a JSON document that asks for something. */
    readonly jsonBytes: number;
}
/** What the address asks for. Anything that the table does not know is refused: a misspelt filter would look like a wrong answer. */
export declare function readQuery(table: Readonly<Record<string, QueryParam>>, search: URLSearchParams): Query;
/** Parameters of every list that comes in pages. */
export declare const paging: Readonly<Record<string, QueryParam>>;
/** Without what is undefined. The tables have checked the types. */
export declare const given: <T>(filter: T) => never;
/** The JSON object of a request that asks for something. */
export declare function readJson({ request, limits }: Call): Promise<Readonly<Record<string, unknown>>>;
export declare const rangeOf: ({ page, per_page: perPage }: Query) => {
    readonly page: number;
    readonly perPage: number;
};
export declare const invalid: (message: string) => FlowError;
export declare const notFound: (message: string) => FlowError;
