export declare const faultKinds: readonly ['rate-limit', 'error', 'unauthorized', 'time-out', 'slow', 'broken-json', 'cut', 'reset', 'repeated-token', 'schema-drift'];
export type FaultKind = (typeof faultKinds)[number];
/** Something that goes wrong on request. */
export interface Fault {
    readonly kind: FaultKind;
    /** Only of this endpoint. */
    readonly endpoint?: string;
    /** Only of this page, from 1. */
    readonly page?: number;
    /** How often; default once, and always for those that another attempt does not mend: `repeated-token`, `schema-drift`. */
    readonly times?: number;
    /** `rate-limit`: seconds of `Retry-After`; default 1. */
    readonly retryAfter?: number;
    /** `slow`: milliseconds; default 3,000. */
    readonly ms?: number;
    /** `error`: the status; default 500. */
    readonly status?: number;
}
export interface Faults {
    readonly all: readonly Fault[];
    set(faults: readonly Fault[]): void;
    /** The fault that strikes a request, if any; it is used up. `asked`: what the request itself wants to go wrong. */
    take(endpoint: string, page: number, asked: string | undefined): Fault | undefined;
}
export declare function createFaults(first: readonly Fault[]): Faults;
/** `rate-limit; retryAfter=2`. Fails with `DATA_INVALID`. */
export declare function parseFault(text: string): Fault;
/** A list of faults: `[{"kind": "rate-limit", "endpoint": "orders.list", "page": 2}]`, or one. Fails with `DATA_INVALID`. */
export declare const readFaults: (value: unknown) => readonly Fault[];
/** Records as another version of the other system might give them: numbers as texts, the last field gone, another one new. What tells them apart stays. */
export declare function drifted(body: unknown): unknown;
