import { FlowError, type HttpResponse } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';
export interface Failure {
    readonly instance: string;
    readonly endpoint: string;
    readonly method: string;
    readonly url: string;
    /** Absent where there was none. */
    readonly response: HttpResponse | undefined;
    /** Milliseconds that the answer asks to wait. */
    readonly retryAfter: number | undefined;
    /** Who must act; default by the status. */
    readonly as?: 'config' | 'auth' | 'remote' | 'data' | undefined;
    /** What the answer says; default its beginning. */
    readonly message?: string | undefined;
}
/** The error for an answer that is no success: the connector, the credentials, the other system or the payload is at fault. */
export declare function failureOf(host: EngineHost, failure: Failure): FlowError;
