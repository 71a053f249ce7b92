import { FlowError, parseTime, type HttpResponse, type ValueContext } from '../../plugins/sdk/index.ts';
import type { WaitSource } from '../model/connector-rules.ts';
import { compileTemplate, type ExpressionEnv, type Scope } from '../model/expression.ts';
import { answerRoots } from '../model/expression-roots.ts';
import { firstGroup } from '../model/pattern.ts';
import { readable, type Decode } from './answer-decoder.ts';

/** Gives the value of a template over an answer; `undefined` where something in it is not there. */
export type AnswerValue = (answer: HttpResponse) => Promise<unknown>;

export interface AnswerEnv extends ExpressionEnv {
  /** What is the same for all answers: `instance`, `env`. */
  readonly scope: Scope;
  now(): number;
  readonly decode: Decode;
}

/** Fails with `CONFIG_EXPRESSION`. */
export async function compileAnswer(text: string, env: AnswerEnv): Promise<AnswerValue> {
  const compiled = await compileTemplate(text, { ...env, roots: answerRoots });
  return async (answer) => {
    const { status, headers } = answer;
    const { body } = compiled.roots.has('response') ? await readable(answer, env.decode) : answer;
    const context: ValueContext = { now: env.now(), random: () => 0.5 };
    try {
      return await compiled.evaluate({ ...env.scope, status, headers, response: body }, context);
    } catch (error) {
      // An answer may be anything: what cannot be worked with is not there.
      if (FlowError.is(error, 'DATA_MISSING') || FlowError.is(error, 'DATA_INVALID')) return undefined;
      throw error;
    }
  };
}

/** Milliseconds until the time that an answer names; `undefined` where it names none that can be read. */
export async function compileWait({ value, pattern, as = 'seconds' }: WaitSource, env: AnswerEnv): Promise<(answer: HttpResponse) => Promise<number | undefined>> {
  const read = await compileAnswer(value, env);
  return async (answer) => {
    const found = await read(answer);
    const whole = typeof found === 'string' || typeof found === 'number' ? String(found).trim() : undefined;
    const text = whole === undefined || pattern === undefined ? whole : firstGroup(pattern, whole);
    if (text === undefined || text === '') return undefined;
    const ms = as === 'date' ? parseTime(text) - env.now() : millisecondsOf(Number(text), as, env.now());
    return Number.isFinite(ms) ? Math.max(0, Math.ceil(ms)) : undefined;
  };
}

function millisecondsOf(number: number, as: Exclude<WaitSource['as'], 'date' | undefined>, now: number): number {
  switch (as) {
    case 'seconds': return number * 1000;
    case 'milliseconds': return number;
    case 'epoch-seconds': return number * 1000 - now;
    case 'epoch-milliseconds': return number - now;
  }
}
