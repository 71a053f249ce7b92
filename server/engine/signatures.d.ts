import type { HttpResponse, Quota, SignContext } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';
/** Signatures of one method with its credentials, in the order in which they are made. */
export interface Signatures {
    next(now: number): Signature;
}
export interface Signature {
    readonly context: SignContext;
    /** Takes the answer to what was signed. Gives whether another signature may be answered otherwise. */
    answered(answer: HttpResponse, now: number): boolean;
}
export interface SignatureOptions {
    /** A refusal is answered by another signature. */
    readonly takesChallenge: boolean;
    /** Of a method that signs with several identities by turns. */
    readonly pool?: {
        readonly size: number;
        quota(answer: HttpResponse, now: number): Quota | undefined;
    };
}
export declare function signaturesOf({ connections }: EngineHost, key: string, options: SignatureOptions): Signatures;
