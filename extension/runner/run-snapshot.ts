import type { RunDetail } from '../../server/model/api.ts';
import { countEvent, type NumberedRunEvent, type RunError } from '../../server/model/run-event.ts';
import type { FlowRun } from '../../webview/protocol/flow.ts';
import type { RunnerClient } from '../../webview/protocol/runner-client.ts';

/** The picture of a run before anything has happened in it. */
export const newRun = (id: string, startedAt: number): FlowRun => ({ id, status: 'queued', steps: {}, errors: {}, startedAt });

/** The picture of a run after one more event. Pure: gives the same object back where nothing changes. */
export function reduceRun(run: FlowRun, event: NumberedRunEvent['event']): FlowRun {
  const steps = countEvent(run.steps, event);
  const counted = steps === run.steps ? run : { ...run, steps };
  switch (event.type) {
    case 'run-queued': return { ...counted, startedAt: event.run.queuedAt };
    case 'run-started': return { ...counted, status: 'running', startedAt: event.at };
    // A step that succeeds at last is not shown as failed: only what no attempt could save is an error.
    case 'payload-failed': return { ...counted, errors: { ...counted.errors, [event.step]: event.error } };
    case 'run-finished': return { ...counted, status: event.status, durationMs: event.durationMs, ...(event.error && { error: event.error }) };
    default: return counted;
  }
}

export interface Follow {
  readonly signal: AbortSignal;
  /** Called at most every `everyMs`, and once at the end. Each snapshot is complete. */
  readonly show: (run: FlowRun) => void;
  readonly everyMs?: number;
}

/** Shows a run as it goes on. Resolves with the last picture: the run's end, or what was there when the signal or the runner ended it. */
export async function followRun(client: Pick<RunnerClient, 'events'>, start: FlowRun, { signal, show, everyMs = 100 }: Follow): Promise<FlowRun> {
  let run = start;
  let shown = run;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => { timer = undefined; if (shown !== run) show(shown = run); };
  try {
    for await (const { event } of client.events(run.id, signal)) {
      run = reduceRun(run, event);
      if (run !== shown) timer ??= setTimeout(flush, everyMs);
    }
  } finally {
    clearTimeout(timer);
    if (!signal.aborted) flush();
  }
  return run;
}

/** The picture of a run from its recording. */
export async function recordedRun(client: Pick<RunnerClient, 'run' | 'payloads'>, id: string): Promise<FlowRun> {
  const detail = await client.run(id);
  const failed = Object.entries(detail.steps).filter(([, counts]) => counts.failed > 0);
  const errors = await Promise.all(failed.map(async ([step]) => [step, await lastError(client, detail, step)] as const));
  return {
    id, status: detail.status, steps: detail.steps, startedAt: detail.startedAt ?? detail.queuedAt,
    errors: Object.fromEntries(errors.filter((entry): entry is readonly [string, RunError] => entry[1] !== undefined)),
    ...(detail.durationMs !== undefined && { durationMs: detail.durationMs }), ...(detail.error && { error: detail.error }),
  };
}

async function lastError(client: Pick<RunnerClient, 'payloads'>, { id }: RunDetail, step: string): Promise<RunError | undefined> {
  return (await client.payloads(id, step, 'failed', 1)).items.findLast(({ error }) => error)?.error;
}

export const isLive = ({ status }: Pick<FlowRun, 'status'>): boolean => status === 'queued' || status === 'running';
