import type { RunError, RunEvent } from '../model/run-event.ts';
export declare const maskedSecret = "[secret]";
export declare const maskedField = "[redacted]";
/** Every secret value that was handed out. Masking is by these, wherever they turn up. */
export interface SecretValues {
    /**
     * `owner`: whose value it is, where it is one that changes, as a token does. The value before it is still looked for during a day, as long as there are
     * no more than 1,000 of such.
     */
    add(value: string, owner?: string): void;
    /** Grows with each new value: what was masked before may be masked anew. */
    readonly epoch: number;
    /** Whether one of them is in the text, in any of its spellings. */
    test(text: string): boolean;
    replace(text: string): string;
}
export declare function secretValues(now?: () => number): SecretValues;
/** Masks secrets and the values of redacted fields, in values and in texts of any format. */
export interface Masker {
    readonly secrets: SecretValues;
    /** A JSON value; the same object where nothing had to be masked. */
    value<T>(value: T): T;
    /** What is said of an error: rules for fields must not hide its code. */
    error(error: RunError): RunError;
    /** The text of a document. `heard` is given what stood under a redacted name, in JSON and CSV. */
    text(text: string, mediaType: string, heard?: Heard): string;
    bytes(bytes: Uint8Array, mediaType: string, heard?: Heard): Uint8Array;
    /** Gives what stands under a redacted name in a JSON value. */
    listen(value: unknown, heard: Heard): void;
    /** Quick: false means that there is nothing to mask in this text of a JSON value. */
    test(json: string): boolean;
    /** An event as it may be recorded: `json` is its text. */
    event(event: RunEvent, json: string): RunEvent;
}
type Heard = (value: unknown) => void;
/** `fields`: names whose values are masked at any depth, whatever their case; added to those that always are. */
export declare function createMasker(secrets: SecretValues, fields: readonly string[]): Masker;
export {};
