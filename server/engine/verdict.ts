import { FlowError, type HttpResponse, withChanges } from '../../plugins/sdk/index.ts';
import type { ErrorAction, ErrorMatch, ErrorRule, WaitSource } from '../model/connector-rules.ts';
import { compileAnswer, compileWait, type AnswerEnv } from './answer-value.ts';

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
  /** Whoever made the connector says so, and knows whether the request may be made again, whatever its method is. */
  readonly isTold?: boolean;
  readonly title?: string;
  /** The script that says so. */
  readonly by?: { readonly file: string; readonly line?: number };
}

/** What an outcome means, where somebody says so. */
export type Judge = (outcome: Outcome) => Promise<Verdict | undefined>;

/** Fails with `CONFIG_EXPRESSION`, whose pointer is relative to the rules. */
export async function compileRules(rules: readonly ErrorRule[], env: AnswerEnv): Promise<Judge> {
  const compiled = await Promise.all(rules.map((rule, index) => compileRule(rule, env).catch((error: unknown) => {
    throw FlowError.is(error) ? withChanges(error, { place: { pointer: `/${index}` } }) : error;
  })));
  return firstOf(compiled);
}

/** The first that says something. */
export const firstOf = (judges: readonly Judge[]): Judge => async (outcome) => {
  for (const judge of judges) {
    const verdict = await judge(outcome);
    if (verdict) return verdict;
  }
  return undefined;
};

/** The longest pause that an answer asks for, in milliseconds. */
export async function compileWaits(waits: readonly WaitSource[], env: AnswerEnv): Promise<(response: HttpResponse) => Promise<number | undefined>> {
  const compiled = await Promise.all(waits.map((wait) => compileWait(wait, env)));
  return async (response) => {
    const found = (await Promise.all(compiled.map((read) => read(response)))).filter((ms) => ms !== undefined);
    return found.length > 0 ? Math.max(...found) : undefined;
  };
}

async function compileRule({ when, action, as, message, attempts, title }: ErrorRule, env: AnswerEnv): Promise<Judge> {
  const fits = await compileMatch(when, env);
  const said = message === undefined ? undefined : await compileAnswer(message, env);
  return async (outcome) => {
    if (!(await fits(outcome))) return undefined;
    const value = said && (await said(outcome.response ?? { status: 0, headers: {}, body: undefined }));
    return {
      action, isTold: true, ...(as !== undefined && { as }), ...(attempts !== undefined && { attempts }), ...(title !== undefined && { title }),
      ...(value !== undefined && value !== '' && { message: typeof value === 'string' ? value : JSON.stringify(value) }),
    };
  };
}

async function compileMatch({ status, text, headers, expression, network }: ErrorMatch, env: AnswerEnv): Promise<(outcome: Outcome) => Promise<boolean>> {
  const value = expression === undefined ? undefined : await compileAnswer(expression, env);
  const ranges = status?.map(rangeOf);
  const wanted = Object.entries(headers ?? {}).map(([name, part]) => [name.toLowerCase(), part] as const);
  return async ({ response, error }) => {
    if (network && !network.some((kind) => error?.code === networkCodes[kind])) return false;
    if (!response) return network !== undefined && !ranges && text === undefined && !value && wanted.length === 0;
    if (ranges && !ranges.some(([from, to]) => response.status >= from && response.status <= to)) return false;
    if (text !== undefined && !textOf(response.body).includes(text)) return false;
    if (!wanted.every(([name, part]) => response.headers[name]?.includes(part))) return false;
    const result = value && (await value(response));
    return !value || result === true || result === 'true';
  };
}

const networkCodes = { unreachable: 'REMOTE_UNREACHABLE', timeout: 'REMOTE_TIMEOUT' } as const;

function rangeOf(status: number | string): readonly [from: number, to: number] {
  if (typeof status === 'number') return [status, status];
  const [from = '', to = from] = status.split('-');
  return from.endsWith('xx') ? [Number(from[0]) * 100, Number(from[0]) * 100 + 99] : [Number(from), Number(to)];
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : body instanceof Uint8Array ? new TextDecoder().decode(body) : (JSON.stringify(body) ?? ''));
