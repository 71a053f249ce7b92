import type { RunError } from '../model/run-event.ts';
import type { LeasedRun, Recordings } from '../stores/recordings.ts';
import { acceptRun, type AcceptOptions } from './accept-run.ts';
import type { StartRun } from './contract.ts';
import { plainOf } from './plain-payload.ts';

export interface AgainOptions {
  readonly workbench: AcceptOptions['workbench'];
  readonly recordings: Recordings;
  /** Somebody here waits for the run, so whoever works on it is this process. */
  readonly isReserved: boolean;
}

/** How often a run is done again because of its answers. */
const mostTimes = 3;
/** Before the first time, where the answer asks for no other pause; each further one waits twice as long. */
const firstPauseMs = 1_000;

/**
 * Accepts a run that does this one again as a whole, which ends with `RUN_AGAIN`: with the same payload, variables and version; relative dates count from when the
 * first one was queued. It is on the disk before the end of this one is, and there is one however often this is asked for. Gives the error of the end, which names it
 * (`details.again`), or says why there is none. Never fails.
 */
export async function runAgain(run: LeasedRun, error: RunError, { workbench, recordings, isReserved }: AgainOptions): Promise<RunError> {
  const { id, origin, trigger } = run.head;
  const times = (origin?.times ?? 0) + 1;
  if (times > mostTimes) return said(error, `It was done again ${mostTimes} times already`);
  const waitMs = typeof error.details?.['waitMs'] === 'number' ? error.details['waitMs'] : firstPauseMs * 2 ** (times - 1);
  try {
    const { head } = await acceptRun({ ...(await requestOf(run)), trigger, key: `again ${id}`, waitMs, origin: { kind: 'retry', run: id, times } }, { workbench, recordings: () => recordings, isReserved });
    return { ...said(error, `The run ${head.id} does it again`), details: { ...error.details, again: head.id } };
  } catch (cause) {
    return said(error, `It could not be begun anew: ${(cause as Error).message.replace(/\.$/, '')}`);
  }
}

/** The run that does again what ended with this error. */
export const againOf = (error: RunError | undefined): string | undefined => (error?.code === 'RUN_AGAIN' && typeof error.details?.['again'] === 'string' ? error.details['again'] : undefined);

const said = (error: RunError, more: string): RunError => ({ ...error, message: `${error.message.replace(/\.$/, '')}. ${more}.` });

async function requestOf(run: LeasedRun): Promise<Omit<StartRun, 'trigger'>> {
  const { flow, environment, queuedAt } = run.head;
  const { variables, from, until, now, relativeTo, isAutomatic, file, redact } = run.request;
  const parts = { environment, variables, from, until, now, isAutomatic, redact, version: run.version === undefined ? 'draft' : Number(run.version) };
  const input = await run.input();
  const payload = input ? plainOf(input) : file && { file: file.path, ...(file.mediaType !== undefined && { mediaType: file.mediaType }), ...(file.isOwn && { isOwn: file.isOwn }) };
  return { flow, at: relativeTo ?? queuedAt, ...(payload && { payload }), ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) };
}
