import { FlowError, type HttpResponse } from '../../plugins/sdk/index.ts';
import type { ErrorAction, ErrorRule, WaitSource } from '../model/connector-rules.ts';
import { type AnswerEnv } from './answer-value.ts';
/** What becomes of a request that was sent: there is an answer, or an error of the network. */
export interface Outcome {
    readonly response?: HttpResponse | undefined;
    readonly error?: FlowError | undefined;
}
export interface Verdict {
    readonly action: ErrorAction;
    readonly as?: ErrorRule['as'];
    readonly message?: string;
    /** Milliseconds. */
    readonly waitMs?: number;
    readonly attempts?: number;
    readonly title?: string;
}
/** What an outcome means, where somebody says so. */
export type Judge = (outcome: Outcome) => Promise<Verdict | undefined>;
/** Fails with `CONFIG_EXPRESSION`, whose pointer is relative to the rules. */
export declare function compileRules(rules: readonly ErrorRule[], env: AnswerEnv): Promise<Judge>;
/** The first that says something. */
export declare const firstOf: (judges: readonly Judge[]) => Judge;
/** The longest pause that an answer asks for, in milliseconds. */
export declare function compileWaits(waits: readonly WaitSource[], env: AnswerEnv): Promise<(response: HttpResponse) => Promise<number | undefined>>;
