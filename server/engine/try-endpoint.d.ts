import { type Payload } from '../../plugins/sdk/index.ts';
import type { ExchangeHead } from '../model/run-event.ts';
import type { TrialNote } from '../model/trial.ts';
import type { EngineHost } from './host.ts';
import type { WalkedPage } from './paginate.ts';
export interface TryOptions {
    readonly instance: string;
    readonly endpoint: string;
    readonly params: unknown;
    readonly payload: Payload;
    /** Pages asked for at most. */
    readonly pages: number;
    /** Stands in idempotency keys, so that two trials are two things. */
    readonly run: string;
    readonly signal: AbortSignal;
}
/** What was asked, as it comes about. Bodies are named as `host.bodies` names them. */
export interface TrySteps {
    exchange(exchange: ExchangeHead, waitedMs: number): void;
    /** The last exchange gave a page, or the answer to what was sent. */
    page(page: Pick<WalkedPage, 'records' | 'stop' | 'byGuess' | 'next'>): void;
    refused(error: Error): void;
    note(note: TrialNote): void;
}
/**
 * Calls an endpoint as a step of a flow would, without a flow: one page after the other, so that what is told comes in order. Nothing that a step leaves behind
 * is left. Fails as opening and calling an endpoint does; what was told before stands.
 */
export declare function tryEndpoint(given: EngineHost, options: TryOptions, steps: TrySteps): Promise<void>;
