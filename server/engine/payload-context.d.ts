import type { CheckpointOptions, Clock, Http, Log, Payload, PayloadContext, PayloadSource } from '../../plugins/sdk/index.ts';
import type { RunScope } from './run-scope.ts';
/** What an attempt belongs to. */
export interface AttemptPlace {
    readonly run: RunScope;
    readonly step: string;
    /** Id of the payload in work; that of the step where there is none (`end`). */
    readonly payload: string;
    readonly hasPayload: boolean;
    readonly attempt: number;
    readonly from?: PayloadSource | undefined;
    readonly variables: PayloadContext['variables'];
    /** See `PayloadContext`. */
    readonly resumed: unknown;
    onCheckpoint(state: unknown, options?: CheckpointOptions): void;
    onFail(payload: Payload, error: Error): void;
}
/**
 * What a shape is lent for one attempt. Millions are made, so that everything a shape may not need is made when it is asked for; and since
 * shapes take it apart (`{ log, reply }`), what is asked for is a function that needs no `this`.
 */
export declare class AttemptContext implements PayloadContext {
    #private;
    settings: unknown;
    readonly now: number;
    readonly startedAt: number;
    constructor(place: AttemptPlace, startedAt: number);
    get from(): PayloadSource | undefined;
    get attempt(): number;
    get variables(): PayloadContext['variables'];
    get resumed(): unknown;
    get checkpoint(): PayloadContext['checkpoint'];
    get signal(): AbortSignal;
    get log(): Log;
    get http(): Http;
    get clock(): Clock;
    /** The same on every attempt, so that an attempt after a failure makes the same payloads. */
    get random(): () => number;
    get create(): PayloadContext['create'];
    get reply(): PayloadContext['reply'];
    get fail(): PayloadContext['fail'];
    get track(): PayloadContext['track'];
    get notify(): PayloadContext['notify'];
    abort(error: Error): void;
    /** The attempt is over: what a shape that goes on in secret still says counts for nothing. */
    close(): void;
}
