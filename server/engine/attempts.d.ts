import type { HttpResponse, PayloadContext } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';
import { type Failure } from './http-failure.ts';
import { type RetryPlan } from './retry.ts';
import type { Judge, Verdict } from './verdict.ts';
/** What an answer of success stands for, where that is not what it holds. */
export type Meaning = 'ignored' | 'no-page' | 'new-paging';
export interface Attempts<A extends Tried> {
    readonly plan: RetryPlan;
    readonly judge?: Judge | undefined;
    /** Milliseconds that an answer asks to wait, beside `Retry-After`. */
    waitOf?(response: HttpResponse): Promise<number | undefined>;
    /** For messages. */
    readonly about: Pick<Failure, 'instance' | 'endpoint' | 'method' | 'url'>;
    readonly context: Pick<PayloadContext, 'log' | 'random'>;
    readonly signal: AbortSignal;
    /** One attempt, from 1. `refused`: the answer to the one before, whose signature is not to be used again. */
    exchange(attempt: number, refused: A | undefined): Promise<A>;
    /** All requests of the connection wait until then. */
    pauseUntil(time: number): void;
    /** Errors after which no further attempt is made, whatever they are. */
    isFinal(error: unknown): boolean;
}
export interface Tried {
    readonly response: HttpResponse;
    readonly url: string;
    /** What it means, where that is known before any rule. */
    readonly verdict?: Verdict;
}
/**
 * Makes attempts until one is of success, as a rule or the status says. Only what the plan or a rule allows is attempted again; attempts and their time are
 * both limited. Fails with the error of the last one.
 */
export declare function attemptUntilSuccess<A extends Tried>(host: EngineHost, options: Attempts<A>): Promise<(A | Tried) & {
    readonly meaning?: Meaning;
}>;
