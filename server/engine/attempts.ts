import type { FlowError, HttpResponse, PayloadContext } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';
import { failureOf, type Failure } from './http-failure.ts';
import { backoff, retryAfter, type RetryPlan } from './retry.ts';
import { asFlowError, isRetryable } from './run-error.ts';
import type { Judge, Outcome, Verdict } from './verdict.ts';

/** What an answer of success stands for, where that is not what it holds. */
export type Meaning = 'ignored' | 'no-page' | 'new-paging';

export interface Attempts<A extends Tried> {
  readonly plan: RetryPlan;
  readonly judge?: Judge | undefined;
  /** Milliseconds that an answer asks to wait, beside `Retry-After`. */
  waitOf?(response: HttpResponse): Promise<number | undefined>;
  /** For messages. */
  readonly about: Pick<Failure, 'instance' | 'endpoint' | 'method' | 'url' | 'hasBody'>;
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

/** Of a wait that is told in the log. */
const TOLD_MS = 5_000;

const noAnswer: HttpResponse = { status: 204, headers: {}, body: undefined };

/**
 * Makes attempts until one is of success, as a rule or the status says. Only what the plan or a rule allows is attempted again; attempts and their time are
 * both limited. Fails with the error of the last one.
 */
export async function attemptUntilSuccess<A extends Tried>(host: EngineHost, options: Attempts<A>): Promise<(A | Tried) & { readonly meaning?: Meaning }> {
  const { plan, judge, about, context, signal, exchange, pauseUntil, isFinal } = options;
  const worked = (): number => host.clock.now() - (host.standing?.ms() ?? 0);
  const end = worked() + plan.maxTotalMs;
  let tries = 0, pauses = 0;
  let renewedAt: number | undefined;
  let isUncertain = false;
  let refused: A | undefined;
  for (let attempt = 1; ; attempt++) {
    const outcome = await outcomeOf(() => exchange(attempt, refused), { signal, isFinal });
    refused = undefined;
    const { answer, error } = outcome;
    const verdict = answer?.verdict ?? (await judge?.(outcome)) ?? usualVerdict(outcome, plan);
    const meaning = meanings[verdict.action];
    if (verdict.action === 'success' && answer) return answer;
    if (meaning) return tell(options, verdict, { ...(answer ?? { response: noAnswer, url: about.url }), meaning });
    // What an attempt before has deleted, though its answer never came, is not there any more.
    if (answer && isUncertain && verdict.action === 'fail' && !verdict.isTold && about.method === 'DELETE' && [404, 410].includes(answer.response.status)) {
      context.log.info(`The endpoint "${about.endpoint}" of "${about.instance}" answered ${answer.response.status} after an attempt without an answer: what was to be deleted is gone.`, { status: answer.response.status });
      return answer;
    }
    isUncertain ||= error !== undefined;
    const wanted = await wantedMs(host, options, outcome, verdict);
    const isWaitable = wanted !== undefined && wanted <= plan.maxRetryAfterMs;
    const fail = (): never => {
      throw failed(host, options, outcome, verdict, wanted);
    };
    if (isWaitable) pauseUntil(host.clock.now() + wanted);
    if (verdict.action === 'renew') {
      if (renewedAt !== undefined || !answer) fail();
      renewedAt = attempt;
      refused = answer;
      continue;
    }
    if (verdict.action !== 'retry' && verdict.action !== 'wait') fail();
    if (wanted !== undefined && !isWaitable) fail();
    const isWait = verdict.action === 'wait';
    const count = isWait ? ++pauses : ++tries;
    if (!isWait && count > (verdict.attempts ?? (verdict.isTold ? plan.whenTold : plan.attempts))) fail();
    // Beside the pause, which may be of no time at all: the longer of both counts.
    const delay = backoff(plan, count, context.random());
    if (worked() + Math.max(delay, wanted ?? 0) > end) fail();
    if (isWait && !isWaitable) pauseUntil(host.clock.now() + delay);
    if (answer && wanted !== undefined && wanted >= TOLD_MS) context.log.info(`The endpoint "${about.endpoint}" of "${about.instance}" answered ${answer.response.status} and asks for a pause of ${Math.ceil(wanted / 1000)} s: its requests wait until then.`, { status: answer.response.status, waitMs: wanted });
    if (error && verdict.title !== undefined) context.log.debug(`Tried again: ${verdict.title}.`);
    await host.clock.sleep(delay, signal);
  }
}

const meanings: Partial<Record<Verdict['action'], Meaning>> = { ignore: 'ignored', 'stop-paging': 'no-page', 'reset-paging': 'new-paging' };

interface TriedOutcome<A extends Tried> extends Outcome {
  readonly answer?: A;
}

async function outcomeOf<A extends Tried>(exchange: () => Promise<A>, { signal, isFinal }: Pick<Attempts<A>, 'signal' | 'isFinal'>): Promise<TriedOutcome<A>> {
  try {
    const answer = await exchange();
    return { answer, response: answer.response };
  } catch (thrown) {
    const error = asFlowError(thrown);
    if (signal.aborted || isFinal(thrown) || !isRetryable(error)) throw thrown;
    return { error };
  }
}

/** What holds where no rule says otherwise. */
function usualVerdict({ response, error }: Outcome, plan: RetryPlan): Verdict {
  if (error || plan.statuses.has(response!.status)) return { action: 'retry' };
  return { action: response!.status >= 200 && response!.status < 300 ? 'success' : 'fail' };
}

async function wantedMs<A extends Tried>(host: EngineHost, { waitOf }: Attempts<A>, { response }: Outcome, { waitMs }: Verdict): Promise<number | undefined> {
  const all = [response && retryAfter(response.headers['retry-after'], host.clock.now()), response && (await waitOf?.(response)), waitMs].filter((ms) => ms !== undefined);
  return all.length > 0 ? Math.max(...all) : undefined;
}

/** What no try-catch takes. */
const finalCodes = { 'fail-run': 'REMOTE_FINAL', 'retry-run': 'RUN_AGAIN' } as const;

function failed<A extends Tried>(host: EngineHost, { about, plan: { maxRetryAfterMs } }: Attempts<A>, { answer, error }: TriedOutcome<A>, { action, as, message, by }: Verdict, wanted: number | undefined): FlowError {
  const final = action === 'fail-run' || action === 'retry-run' ? finalCodes[action] : undefined;
  const said = by && { by: { ...by, action } };
  if (answer) return failureOf(host, { ...about, ...said, url: answer.url, response: answer.response, retryAfter: wanted, ...(wanted !== undefined && wanted > maxRetryAfterMs && { mostMs: maxRetryAfterMs }), as, message, final });
  if (as === undefined && message === undefined && !final) return error!;
  return failureOf(host, { ...about, ...said, final, response: undefined, retryAfter: wanted, as: as ?? 'remote', message: message ?? error!.message });
}

function tell<A extends Tried, T>({ about, context }: Attempts<A>, { action, title, message, by }: Verdict, given: T): T {
  const why = title ?? message;
  context.log.info(`The endpoint "${about.endpoint}" of "${about.instance}": ${action === 'ignore' ? 'a failure counts as none' : action === 'stop-paging' ? 'there are no more pages' : 'paging begins anew'}, as ${by ? `the script ${by.file}` : 'a rule of the connector'} says${why === undefined ? '' : ` (${why})`}.`);
  return given;
}
