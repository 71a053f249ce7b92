import { type HttpResponse } from '../../plugins/sdk/index.ts';
import type { WaitSource } from '../model/connector-rules.ts';
import { type ExpressionEnv, type Scope } from '../model/expression.ts';
/** Gives the value of a template over an answer; `undefined` where something in it is not there. */
export type AnswerValue = (answer: HttpResponse) => Promise<unknown>;
export interface AnswerEnv extends ExpressionEnv {
    /** What is the same for all answers: `instance`, `env`. */
    readonly scope: Scope;
    now(): number;
}
/** Fails with `CONFIG_EXPRESSION`. */
export declare function compileAnswer(text: string, env: AnswerEnv): Promise<AnswerValue>;
/** Milliseconds until the time that an answer names; `undefined` where it names none that can be read. */
export declare function compileWait({ value, pattern, as }: WaitSource, env: AnswerEnv): Promise<(answer: HttpResponse) => Promise<number | undefined>>;
