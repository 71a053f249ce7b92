import { FlowError } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';
import { backoff, type RetryPlan } from './retry.ts';
import { isRetryable } from './run-error.ts';

export interface Repeating {
  readonly plan: RetryPlan;
  /** Made twice, the question comes to the same. */
  readonly isRepeatable: boolean;
  readonly signal: AbortSignal;
  random(): number;
  /** Before it is asked again. */
  renew(): void;
}

/** Asks again, as the plan says, where the other system failed and that may be done. Fails with the last error. */
export async function askRepeatedly<T>(host: EngineHost, { plan, isRepeatable, signal, random, renew }: Repeating, ask: (attempt: number) => Promise<T>): Promise<T> {
  const worked = (): number => host.clock.now() - (host.standing?.ms() ?? 0);
  const end = worked() + plan.maxTotalMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask(attempt);
    } catch (error) {
      // Who has waited for a connection in vain does not wait again.
      if (signal.aborted || attempt > plan.attempts || !FlowError.is(error) || !isRetryable(error) || error.details['waitedMs'] !== undefined || !(isRepeatable || error.details['isUnasked'] === true)) throw error;
      const delay = Math.max(backoff(plan, attempt, random()), error.retryAfter ?? 0);
      if ((error.retryAfter ?? 0) > plan.maxRetryAfterMs || worked() + delay > end) throw error;
      renew();
      await host.clock.sleep(delay, signal);
    }
  }
}
