import { randomUUID } from 'node:crypto';
import { errors, FlowError, type Payload } from '../../plugins/sdk/index.ts';
import type { EngineHost } from '../engine/host.ts';
import { bodyOf, childId } from '../engine/payload.ts';
import { executeRun, type RunOutcome } from '../engine/run.ts';
import type { FailureNote, RunResult } from '../model/api.ts';
import type { RunError, RunEvent, RunHead } from '../model/run-event.ts';
import type { RunRecording } from '../stores/record-run.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { Lease } from '../stores/queue.ts';
import type { StartedRun, StartRun } from './contract.ts';
import type { PreparedFlow } from './flow-plans.ts';
import { inputPayload } from './input.ts';
import { collectOutputs } from './outputs.ts';
import type { SettleRun } from './settle-run.ts';
import type { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface RunStarter {
  start(request: StartRun): Promise<StartedRun>;
  /** Says whether the run was there to be stopped. */
  stop(run: string): boolean;
  /** Waits for the runs that are under way, and stops them when the time is over. Nothing starts any more. */
  drain(ms: number): Promise<void>;
}

export interface RunStarterOptions {
  readonly versions: Pick<Versions, 'prepare'>;
  readonly workspace: Workspace;
  readonly recordings: () => Recordings;
  readonly clock: EngineHost['clock'];
  /** Of runs that do not name one. */
  readonly environment: string | undefined;
  readonly settle: SettleRun;
  /** Runs that work at a time; the others wait, queued. */
  readonly concurrency?: number;
}

interface Active {
  readonly abort: AbortController;
  readonly done: Promise<RunResult>;
}

export function createRunStarter({ versions, workspace, recordings, clock, environment: usual, settle, concurrency = 64 }: RunStarterOptions): RunStarter {
  const active = new Map<string, Active>();
  const waiting = new Map<string, (lease: Lease) => void>();
  const slots = createSlots(concurrency);
  let isClosed = false;

  const start = async (request: StartRun): Promise<StartedRun> => {
    if (isClosed) throw new FlowError('RUN_STOPPED', 'The runner is closing: no run starts any more.');
    const environment = request.environment ?? usual;
    const { flow, version, from, until } = request;
    const prepared = await versions.prepare({ flow, ...(version !== undefined && { version }), ...(environment !== undefined && { environment }), ...(from !== undefined && { from }), ...(until !== undefined && { until }) });
    const queuedAt = clock.now();
    const id = runId(queuedAt);
    const payload = await inputPayload(childId(id, request.trigger, 0), request.payload, prepared.host.workspace.limits.payloadBytes);
    const abort = new AbortController();
    const seed = request.seed ?? Math.trunc(Math.random() * 2 ** 31);
    const { settings } = prepared.plan.flow;
    const kept = { recording: settings?.recording ?? 'full', redact: [...(workspace.config.redact ?? []), ...(settings?.redact ?? [])] } as const;
    const result = await recordings().accept({
      head: { id, flow, flowVersion: prepared.entry.hash, trigger: request.trigger, queuedAt, ...(environment !== undefined && { environment }) },
      payload, flowText: prepared.entry.text, seed, ...kept, isReserved: true, ...(prepared.version !== 'draft' && { version: String(prepared.version) }), ...(request.key !== undefined && { key: request.key }),
    });
    if ('duplicate' in result) return existing(result.duplicate);
    if ('skipped' in result) throw new FlowError('RUN_STOPPED', 'A run of the flow is under way.');
    const leased = Promise.withResolvers<RunRecording>();
    waiting.set(id, (lease) => leased.resolve(recordings().record(recordings().leased(lease), { ...kept, isAnew: true, lost: (error) => abort.abort(error) })));
    const done = leaseOwn().then(() => leased.promise).then((recording) => execute({ request, prepared, recording, payload, seed, abort })).finally(() => active.delete(id));
    active.set(id, { abort, done });
    return { head: result.accepted, isNew: true, done };
  };

  const leaseOwn = async (): Promise<void> => {
    await slots.enter();
    for (const lease of await recordings().queue.lease({ most: 1, now: clock.now(), isOwnOnly: true })) waiting.get(lease.run)?.(lease);
  };

  const execute = async ({ request, prepared, recording, payload, seed, abort }: Execution): Promise<RunResult> => {
    const { head } = recording;
    const outputs = collectOutputs();
    const failures: FailureNote[] = [];
    const emit = (event: RunEvent): void | Promise<void> => {
      if (event.type === 'payload-failed' && failures.length < mostFailures) failures.push(failureOf(event));
      return recording.emit(event);
    };
    let outcome: RunOutcome;
    try {
      const { onReply } = request;
      outcome = await executeRun({ ...prepared.host, bodies: recording.bodies }, prepared.plan, {
        run: head, seed, payload, variables: request.variables ?? {}, signal: abort.signal, emit, onOutput: outputs.add,
        ...(request.now !== undefined && { now: request.now }),
        ...(onReply && { onReply: (answer: Payload, options: ReplyOptions) => void reply(onReply, answer, options) }),
      });
    } catch (error) {
      outcome = crashed(recording, error, clock.now());
    } finally {
      slots.leave();
    }
    await recording.ended;
    // What cannot be decided now is decided when the runner looks for lost ones.
    await settle(head, recording.lost ? 'failed' : outcome.status).catch(() => undefined);
    const { steps, durationMs = 0 } = recording.state();
    const lost = recording.lost && storageError(recording.lost);
    const error = lost ?? outcome.error;
    return { run: head.id, status: lost ? 'failed' : outcome.status, durationMs, steps, outputs: outputs.bodies, failures, ...(error && { error }) };
  };

  /** The run that was there already. */
  const existing = (id: string): StartedRun => {
    const { archive } = recordings();
    const detail = archive.run(id);
    if (!detail) throw new FlowError('STORAGE_FAILED', `The run ${id} is in the index of keys, but not in the recordings.`);
    const { flow, flowVersion, trigger, environment, queuedAt, input } = detail;
    const head: RunHead = { id, flow, flowVersion, trigger, queuedAt, ...(environment !== undefined && { environment }), ...(input && { payload: input }) };
    const done = active.get(id)?.done ?? resultOf(recordings(), id, clock);
    // Not everybody waits for it.
    done.catch(() => undefined);
    return { head, isNew: false, done };
  };

  return {
    start,
    stop(run) {
      const found = active.get(run);
      found?.abort.abort(new FlowError('RUN_STOPPED', 'The run was stopped.'));
      return found !== undefined;
    },
    async drain(ms) {
      isClosed = true;
      const isOver = await within(ms, Promise.allSettled([...active.values()].map(({ done }) => done)));
      if (isOver) return;
      for (const { abort } of active.values()) abort.abort(new FlowError('RUN_STOPPED', 'The runner was stopped before the run had ended.'));
      await Promise.allSettled([...active.values()].map(({ done }) => done));
    },
  };
}

interface Execution {
  readonly request: StartRun;
  readonly prepared: PreparedFlow;
  readonly recording: RunRecording;
  readonly payload: Payload;
  readonly seed: number;
  readonly abort: AbortController;
}

interface ReplyOptions {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Runs in the order of time sort by id. */
const runId = (now: number): string => `${Math.trunc(now).toString(36).padStart(9, '0')}${randomUUID().slice(0, 8)}`;

async function reply(onReply: NonNullable<StartRun['onReply']>, payload: Payload, { status, headers }: ReplyOptions): Promise<void> {
  const body = bodyOf(payload);
  try {
    const bytes = body.kind === 'json' ? Buffer.from(JSON.stringify(body.value) ?? 'null') : body.kind === 'bytes' ? body.bytes : Buffer.from(await payload.text());
    onReply({ status, headers, body: bytes, mediaType: payload.mediaType });
  } catch (error) {
    const code = FlowError.is(error) ? error.code : 'INTERNAL';
    const problem = { type: 'about:blank', title: 'The answer cannot be sent.', status: 500, code, detail: 'The payload that was to be the answer cannot be read: see the run.' };
    onReply({ status: 500, headers: {}, body: Buffer.from(JSON.stringify(problem)), mediaType: 'application/problem+json' });
  }
}

/** The engine says that it never throws; where it does, the recording still gets an end. */
function crashed(recording: RunRecording, thrown: unknown, at: number): RunOutcome {
  const error: RunError = { code: 'INTERNAL', message: `The engine failed: ${(thrown as Error).message}.`, remedy: errors.INTERNAL.fix };
  void recording.emit({ type: 'run-finished', status: 'failed', error, at, durationMs: at - (recording.state().startedAt ?? recording.head.queuedAt) });
  return { status: 'failed', error };
}

const mostFailures = 100;

const failureOf = ({ step, payload, error, caughtBy }: RunEvent & { type: 'payload-failed' }): FailureNote => noteOf(step, payload.id, error, caughtBy);

function noteOf(step: string, payload: string, error: RunError | undefined, caughtBy: string | undefined): FailureNote {
  const { code = 'INTERNAL', message = '', remedy } = error ?? {};
  return { step, payload, code, message, ...(remedy !== undefined && { remedy }), ...(caughtBy !== undefined && { caughtBy }) };
}

const storageError = (error: FlowError): RunError => ({ code: error.code, message: error.message, remedy: errors[error.code].fix });

const pollMs = 100;

/** The result of a run of another process, when it is over. */
async function resultOf({ archive }: Recordings, id: string, clock: EngineHost['clock']): Promise<RunResult> {
  const never = new AbortController().signal;
  while (archive.isOpen(id)) await clock.sleep(pollMs, never);
  const { status, durationMs = 0, steps, error } = archive.run(id)!;
  const failures = Object.keys(steps).flatMap((step) => archive.payloads(id, step, 'failed', 1, mostFailures).items).slice(0, mostFailures);
  return { run: id, status, durationMs, steps, outputs: [], failures: failures.map((row) => noteOf(row.step, row.id, row.error, row.caughtBy)), ...(error && { error }) };
}

interface Slots {
  enter(): Promise<void> | undefined;
  leave(): void;
}

function createSlots(most: number): Slots {
  let taken = 0;
  const waiting: (() => void)[] = [];
  return {
    enter() {
      if (taken < most) return void taken++;
      return new Promise((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting.shift();
      if (next) next();
      else taken--;
    },
  };
}

async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => { timer = setTimeout(() => resolve(false), ms); });
  const isOver = await Promise.race([work.then(() => true as const), late]);
  clearTimeout(timer);
  return isOver;
}
