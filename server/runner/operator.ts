import { FlowError } from '../../plugins/sdk/index.ts';
import type { InsightsBy, RunAction, RunActionOutcome } from '../model/api.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { Audit } from './audited.ts';
import type { Runner } from './contract.ts';
import type { StateAccess } from './state-access.ts';

export interface OperatorOptions {
  /** Whether anything was ever recorded: looking must not make recordings. */
  readonly hasRecordings: () => boolean;
  readonly recordings: () => Recordings;
  readonly tracked: StateAccess['tracked'];
  /** What stops and repeats runs, with its own entries in the audit log. */
  readonly runner: () => Pick<Runner, 'past' | 'stop'>;
  readonly audit: Audit;
  /** Resolves when all entries so far can be read. */
  readonly audited: () => Promise<unknown>;
  readonly now: () => number;
}

type Options = NonNullable<Parameters<Runner['act']>[2]>;

/** What operators do with many runs, and what they look through. */
export function createOperator({ hasRecordings, recordings, tracked, runner, audit, audited, now }: OperatorOptions): Pick<Runner, 'act' | 'search' | 'insights' | 'auditLog'> {
  const actions: Readonly<Record<RunAction, (run: string, options: Options) => Promise<{ readonly started?: string }>>> = {
    retry: async (run, options) => ({ started: (await runner().past.retry(run, options)).head.id }),
    resume: async (run, options) => ({ started: (await runner().past.resume(run, options)).head.id }),
    async stop(run) {
      if (!recordings().archive.run(run)) throw noRun(run);
      if (!(await runner().stop(run))) throw new FlowError('RUN_STOPPED', `The run ${run} has already ended.`, { details: { run } });
      return {};
    },
    pin: (run) => pin(run, true),
    unpin: (run) => pin(run, false),
    async delete(run) {
      const what = await recordings().operations.delete(run);
      if (what === 'unknown') throw noRun(run);
      if (what === 'pinned') throw new FlowError('RUN_PINNED', `The run ${run} is pinned.`, { details: { run } });
      if (what === 'open') throw new FlowError('RUN_STOPPED', `The run ${run} is not over.`, { details: { run }, remedy: 'Stop it first: `patchbay runs stop RUN`.' });
      audit('run.delete', `run ${run}`, {});
      return {};
    },
  };
  const pin = async (run: string, isPinned: boolean): Promise<{}> => {
    if (!(await recordings().operations.pin(run, isPinned))) throw noRun(run);
    audit(isPinned ? 'run.pin' : 'run.unpin', `run ${run}`, {});
    return {};
  };

  return {
    async act(action, runs, options = {}) {
      const outcomes: RunActionOutcome[] = [];
      for (const run of new Set(runs)) {
        try {
          outcomes.push({ run, isDone: true, ...(await actions[action](run, options)) });
        } catch (error) {
          // What was done to the runs before must be told in any case.
          const failure = FlowError.is(error) ? error : new FlowError('INTERNAL', `${(error as Error).message}.`, { cause: error });
          outcomes.push({ run, isDone: false, error: { code: failure.code, message: failure.message, remedy: failure.remedy } });
        }
      }
      const done = outcomes.filter(({ isDone }) => isDone).length;
      return { outcomes, done, failed: outcomes.length - done };
    },
    async search(query) {
      const value = query.value ?? query.text;
      const places = query.cursor === undefined && value !== undefined ? tracked.search({ value, ...(query.flow !== undefined && { flow: query.flow }), page: 1, perPage: mostTracked }) : undefined;
      const found = hasRecordings() ? await recordings().search(query) : { items: [], runs: 0, skipped: 0 };
      return { ...found, tracked: (await places)?.items ?? [] };
    },
    async insights({ by, to = dayOf(now()), from = dayOf(Date.parse(to) - usualDays * dayMs), flow }: { by: InsightsBy; to?: string; from?: string; flow?: string }) {
      const none = { items: [], total: { runs: 0, failedRuns: 0, operations: 0, failures: 0, records: 0, requests: 0, bytes: 0, durationMs: 0 } };
      return { from, to, by, ...(hasRecordings() ? recordings().operations.insights({ by, from, to, ...(flow !== undefined && { flow }) }) : none) };
    },
    async auditLog(filter) {
      await audited();
      return hasRecordings() ? recordings().operations.audit(filter) : { items: [], page: 1, perPage: filter.perPage ?? 50, total: 0 };
    },
  };
}

const mostTracked = 20;
const usualDays = 30;
const dayMs = 86_400_000;

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

const noRun = (run: string): FlowError => new FlowError('API_NOT_FOUND', `There is no run ${JSON.stringify(run)}.`, { details: { run }, remedy: '`patchbay runs list` shows those that there are.' });
