import type { Payload } from '../../plugins/sdk/index.ts';
import type { PlainPayload } from './executors.ts';
/** Collects what leaves a flow, for its result: the first bodies, none of them long. */
export declare function collectOutputs(): {
    add(payload: Payload): void;
    readonly bodies: readonly unknown[];
};
/** Collects what leaves a flow, for another flow that waits for it: whole, or not at all where it is more than a little. */
export declare function collectPayloads(): {
    add(payload: Payload): void;
    readonly all: readonly PlainPayload[] | undefined;
};
