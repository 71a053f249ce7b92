import type { RunEvent } from '../model/run-event.ts';
/**
 * What stood under a redacted name in the payloads of a run. In words — logs, errors, addresses — its name is lost, so there it is looked for by itself. Values
 * in other fields, variables and metadata stay what they are: they have names of their own, and runs go on with them.
 */
export interface HeardValues {
    add(value: unknown): void;
    /** The texts of a JSON value without them; the same object where there was nothing. */
    hide<T>(value: T): T;
    /** A document of any format. */
    body(data: string | Uint8Array, mediaType: string): string | Uint8Array;
    /** What an event says in words. */
    event(event: RunEvent): RunEvent;
}
export declare function heardValues(mask: string): HeardValues;
