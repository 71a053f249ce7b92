import type { FlowError } from '../../plugins/sdk/index.ts';
import type { PlannedStep } from './plan.ts';
import { placeSeed, seededRandom } from './random.ts';
import { LONGEST_SLEEP_MS } from './watchdog.ts';

export interface RetryPlace {
  readonly seed: number;
  readonly step: string;
  readonly payload: string;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
}

/**
 * Milliseconds until a step's next attempt: doubled each time, ± 20 % from the run's seed, so that many payloads do not come back at once.
 * What the other system asks for wins where it is longer.
 */
export function stepDelay(retry: PlannedStep['retry'], error: FlowError, { seed, step, payload, attempt }: RetryPlace): number {
  const jitter = 0.8 + 0.4 * seededRandom(placeSeed(seed, 'retry', step, payload, String(attempt)))();
  const delay = Math.min(retry.maxDelayMs, retry.delayMs * 2 ** (attempt - 1) * jitter);
  return Math.min(LONGEST_SLEEP_MS, Math.round(Math.max(delay, error.retryAfter ?? 0)));
}
