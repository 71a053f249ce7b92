import { FlowError, type Payload } from '../../plugins/sdk/index.ts';
import { bodyOf } from '../engine/payload.ts';
import type { ReplayResult } from '../model/api.ts';
import { withValueAt } from '../model/debug-values.ts';
import type { PastRun } from '../stores/past-run.ts';
import type { Recordings } from '../stores/recordings.ts';
import { systemClock } from './clock.ts';
import type { StartedRun, StartRun } from './contract.ts';
import type { Executors, PlainPayload } from './executors.ts';
import { gitFiles } from './git-files.ts';
import { inputGone } from './input-gone.ts';
import { plainOf } from './plain-payload.ts';
import type { VersionName } from './versions.ts';

/** Whether a run is done again as its flow was then, or as it is now. */
export type Age = 'then' | 'now';

export interface PastRuns {
  /**
   * Starts the run again as a whole, with the same payload, metadata, variables and environment; relative dates count from when the old one was queued.
   * Fails with `API_NOT_FOUND`, `RUN_INTERRUPTED` where the recording does not hold what it began with.
   */
  retry(run: string, options?: { readonly version?: Age; readonly payload?: StartRun['payload']; readonly isProductionConfirmed?: boolean; readonly outputsTo?: string }): Promise<StartedRun>;
  /**
   * Starts a run with what did not get through in another that is over: payloads that failed, and those still on their way when it ended, each at its step.
   * What it sends has the keys that the first run would have given it. `payloads`: only these of those that failed; the others can be gone on with later.
   * Fails as `retry` does, with `API_NOT_FOUND` where one of the payloads did not fail, and with `RUN_STOPPED` where the run is at work, everything got
   * through, or another run has gone on with it.
   */
  resume(run: string, options?: { readonly version?: Age; readonly payloads?: readonly string[]; readonly isProductionConfirmed?: boolean; readonly outputsTo?: string }): Promise<StartedRun>;
  /**
   * Runs it again from its recording: nothing goes out. Nothing of it is recorded. `revision`: of the repository, whose files count in place of those that there are now.
   * Fails as `retry` does, and with `API_INVALID` where there is no such revision, no such step (`from`), or nothing came to that.
   */
  replay(run: string, options?: { readonly version?: Age; readonly revision?: string; readonly from?: string; readonly payload?: PlainPayload; readonly outputsTo?: string; readonly signal?: AbortSignal }): Promise<ReplayResult>;
}

/** For debuggers. */
export interface Forks {
  /**
   * Starts a run that goes on from the middle of another that is over: as all stood before the event `seq`, with which a payload began at a step. What that run has
   * sent since is not sent again; only what is different is. `changes` are made in the payload first. Fails as `retry` does, with `API_INVALID` where no payload
   * began there, and with `RUN_INTERRUPTED` where the recording does not hold what stood there.
   */
  fork(run: string, options: ForkOptions): Promise<StartedRun>;
}

export interface ForkOptions {
  readonly seq: number;
  readonly changes?: readonly { readonly of: 'payload' | 'meta'; readonly path: readonly (string | number)[]; readonly value: unknown }[];
  readonly variables?: Readonly<Record<string, unknown>>;
  /** See `StartRun`. */
  readonly debug?: string;
  readonly isProductionConfirmed?: boolean;
  /** What would be done twice is sent again. Otherwise the run fails with `WRITE_UNCONFIRMED` there. */
  readonly isWriteConfirmed?: boolean;
  /** Ends the other run, where it is still at work. Awaited when nothing of all this can be refused any more. */
  readonly end?: () => Promise<void>;
}

export interface PastRunsOptions {
  readonly root: string;
  readonly recordings: () => Recordings;
  readonly start: (request: StartRun) => Promise<StartedRun>;
  readonly executors: Pick<Executors, 'replay'>;
}

export function createPastRuns({ root, recordings, start, executors }: PastRunsOptions): PastRuns & Forks {
  const find = (run: string): PastRun => {
    const past = recordings().past(run);
    if (!past) throw new FlowError('API_NOT_FOUND', `There is no run ${JSON.stringify(run)}.`, { details: { run } });
    return past;
  };
  const checkOver = (run: string): void => {
    const { archive } = recordings();
    if (archive.isOpen(run)) throw new FlowError('RUN_STOPPED', archive.run(run)?.startedAt === undefined ? `The run ${run} waits and has not begun.` : `The run ${run} is still at work.`, { details: { run }, remedy: `Wait for its end, or end it with \`patchbay runs stop ${run}\`.` });
  };
  /** A run whose process has died waits for a runner to take it up. Whoever wants to go on with it now does so in its place. */
  const endAbandoned = async (run: string): Promise<void> => {
    const { archive, queue } = recordings();
    if (!archive.isOpen(run)) return;
    const now = systemClock.now();
    await queue.requeue(now);
    if (archive.run(run)?.startedAt !== undefined) await queue.stop(run, now, { onlyWaiting: true });
  };
  const checkFailed = (run: string, payloads: readonly string[]): void => {
    const failed = recordings().failed(run, payloads);
    const other = payloads.find((id) => !failed.has(id));
    if (other !== undefined) throw new FlowError('API_NOT_FOUND', `The payload ${JSON.stringify(other)} did not fail in the run ${run}.`, { details: { run, payload: other } });
  };
  const common = async (past: PastRun, version: Age): Promise<Omit<StartRun, 'payload'>> => {
    const { variables, from, until, now, relativeTo, redact } = await past.request();
    const { flow, trigger, environment, queuedAt } = past.head;
    return {
      flow, trigger, at: relativeTo ?? queuedAt, ...versionOf(past, version), ...(environment !== undefined && { environment }), ...(variables && { variables }),
      ...(from !== undefined && { from }), ...(until !== undefined && { until }), ...(now !== undefined && { now }), ...(redact && { redact }),
    };
  };
  /** The run that began with what the flow began with: with a changed payload a fork begins in the middle. `undefined`: it is gone. */
  const beginningOf = async (past: PastRun): Promise<PastRun | undefined> => {
    const { origin } = past.head;
    const before = origin?.kind === 'resume' ? recordings().past(origin.run) : undefined;
    if (before) return beginningOf(before);
    return (await past.request()).fork?.payload ? undefined : past;
  };
  const inputOf = async (past: PastRun): Promise<StartRun['payload']> => {
    const { id } = past.head;
    const first = await beginningOf(past);
    if (!first) throw new FlowError('RUN_INTERRUPTED', `The run ${id} began in the middle of another, whose recording is gone, and with it the payload that the flow began with.`, { details: { run: id }, remedy: 'Start the flow with a payload of its own.' });
    const { file } = await first.request();
    if (file && !file.isOwn) return { file: file.path, ...(file.mediaType !== undefined && { mediaType: file.mediaType }) };
    const payload = await first.input();
    if (!payload) throw inputGone(first.head.id, file);
    return plainOf(payload);
  };

  return {
    async retry(run, { version = 'now', payload, isProductionConfirmed, outputsTo } = {}) {
      const past = find(run);
      return start({ ...(await common(past, version)), payload: payload ?? (await inputOf(past)), origin: { kind: 'retry', run }, ...(outputsTo !== undefined && { outputsTo }), ...(isProductionConfirmed && { isProductionConfirmed }) });
    },
    async resume(run, { version = 'now', payloads: only, isProductionConfirmed, outputsTo } = {}) {
      const past = find(run);
      await endAbandoned(run);
      checkOver(run);
      const { status, failedPayloads } = recordings().archive.run(run)!;
      if (failedPayloads === 0 && (status === 'success' || status === 'partial-success')) throw new FlowError('RUN_STOPPED', `Everything of the run ${run} got through: there is nothing to go on with.`, { details: { run } });
      const before = recordings().resumptions(past.head);
      const counting = before.filter(({ counts }) => counts);
      const taken = counting.find((one) => one.only === undefined || only?.some((id) => one.only!.includes(id)));
      if (only) checkFailed(run, only);
      if (taken) throw new FlowError('RUN_STOPPED', `The run ${taken.id} (${taken.status}) has gone on with what was left of the run ${run}. Go on with that one, if anything of it did not get through.`, { details: { run, resumption: taken.id } });
      const input = await ((await beginningOf(past)) ?? past).input();
      // The same key for whoever asks at the same moment: what is left is taken up once.
      const without = counting.flatMap((one) => one.only ?? []);
      return start({
        key: `resume ${run} ${before.length}`, ...(await common(past, version)), ...(only ? { only } : without.length > 0 && { without }), ...(input && { payload: plainOf(input) }), origin: { kind: 'resume', run, root: past.head.origin?.root ?? run }, ...(outputsTo !== undefined && { outputsTo }), ...(isProductionConfirmed && { isProductionConfirmed }),
      });
    },
    async fork(run, { seq, changes = [], variables = {}, debug, isProductionConfirmed, isWriteConfirmed, end }) {
      const past = find(run);
      const [row] = recordings().archive.events(run, seq - 1, 1);
      if (row?.seq !== seq || row.event.type !== 'payload-in') throw new FlowError('API_INVALID', `No payload began at the event ${seq} of the run ${run}.`, { details: { run, seq } });
      const { step, payload: head } = row.event;
      const asked = await common(past, 'now');
      const payload = changes.length > 0 ? changedBy(await recordings().journal(run).load(head), changes, run) : await ((await beginningOf(past)) ?? past).input();
      const names = Object.keys(variables);
      return start({
        ...asked, ...(payload && { payload: plainOf(payload) }), ...((asked.variables || names.length > 0) && { variables: { ...asked.variables, ...variables } }),
        fork: { seq: seq - 1, ...(changes.length > 0 && { payload: { step, id: head.id } }), ...(names.length > 0 && { variables: names }), ...(isWriteConfirmed && { isWriteConfirmed }) },
        origin: { kind: 'resume', run, root: past.head.origin?.root ?? run }, ...(debug !== undefined && { debug }), ...(isProductionConfirmed && { isProductionConfirmed }),
        async ready() {
          await end?.();
          await endAbandoned(run);
          checkOver(run);
        },
      });
    },
    async replay(run, { version = 'then', revision, from, payload, outputsTo, signal = new AbortController().signal } = {}) {
      find(run);
      checkOver(run);
      await using files = revision === undefined ? undefined : await gitFiles(root, revision);
      return await executors.replay({ run, version: files ? 'now' : version, ...(files && { files: files.folder, revision: revision! }), ...(from !== undefined && { from }), ...(payload && { payload }), ...(outputsTo !== undefined && { outputsTo }) }, signal);
    },
  };
}

function changedBy(payload: Payload | undefined, changes: NonNullable<ForkOptions['changes']>, run: string): Payload {
  if (!payload) throw new FlowError('RUN_INTERRUPTED', `The recording of the run ${run} does not hold the payload that is to be changed.`, { details: { run } });
  let changed = payload;
  for (const { of, path, value } of changes) {
    const body = bodyOf(changed);
    if (of === 'payload' && path.length > 0 && body.kind !== 'json') throw new FlowError('DATA_INVALID', `The payload is ${changed.mediaType}: it has no fields that could be changed.`, { remedy: 'Change the payload as a whole.' });
    changed = of === 'meta' ? changed.with({ meta: { [String(path[0])]: String(value) } }) : changed.with({ body: path.length === 0 ? value : withValueAt((body as { readonly value: unknown }).value, path, value) });
  }
  return changed;
}

/** Of a run of the files as they were, the files as they are: nobody has the others. */
export const versionOf = (past: PastRun, version: Age): { readonly version?: VersionName } => (version === 'now' ? {} : { version: past.version === undefined ? 'draft' : Number(past.version) });
