import { rm } from 'node:fs/promises';
import { errors, FlowError, type Payload } from '../../plugins/sdk/index.ts';
import { bytesOf, createPayload } from '../engine/payload.ts';
import type { Debugger } from '../engine/debugger.ts';
import { planFlow, type Plan } from '../engine/plan.ts';
import { executeRun, type RunOutcome } from '../engine/run.ts';
import { toRunError } from '../engine/run-error.ts';
import type { FailureNote, RunResult } from '../model/api.ts';
import { readFile } from '../model/read.ts';
import type { FinalStatus, RunError, RunEvent, RunHead } from '../model/run-event.ts';
import { faultPoint } from '../stores/fault-point.ts';
import type { RunRecording } from '../stores/record-run.ts';
import type { LeasedRun, Recordings } from '../stores/recordings.ts';
import type { PastRun } from '../stores/past-run.ts';
import type { Lease } from '../stores/queue.ts';
import { systemClock } from './clock.ts';
import type { Outcome, Reply, RunWants } from './executors.ts';
import { noBodies, type PreparedFlow } from './flow-plans.ts';
import { forkOf } from './fork-of.ts';
import { goOn } from './go-on.ts';
import { inputPayload } from './input.ts';
import { openOutputFile } from './output-file.ts';
import { collectOutputs, collectPayloads } from './outputs.ts';
import { redactedNames } from './redacted-names.ts';
import { runAgain } from './run-again.ts';
import type { SettleRun } from './settle-run.ts';
import type { Workbench } from './workbench.ts';
import { asFlowError } from './unexpected.ts';

export interface RunLeasedOptions {
  readonly workbench: Pick<Workbench, 'root' | 'versions' | 'workspace'>;
  readonly recordings: Recordings;
  readonly settle: SettleRun;
  /** Stops the run. With `releaseReason` it is no end. */
  readonly signal: AbortSignal;
  readonly wants: RunWants;
  readonly debug?: Debugger;
}

/** Why a run stops that goes on later. */
export const releaseReason = new FlowError('RUN_STOPPED', 'The runner is closing; the run goes on later.', { details: { goesOn: true } });

/** Runs a leased run in this thread, from its acceptance or from where it was, to its end. Never fails. */
export async function runLeased(lease: Pick<Lease, 'run' | 'fence'>, options: RunLeasedOptions): Promise<Outcome> {
  faultPoint('executor-received');
  let run: LeasedRun;
  try {
    run = options.recordings.leased(lease);
  } catch (error) {
    return { type: FlowError.is(error, 'RUN_STOPPED') ? 'fenced' : 'unrecorded' };
  }
  try {
    const begun = await begin(run, options);
    return await execute(run, begun, options);
  } catch (error) {
    return endEarly(run, run.lastSeq > 1 && isOfFiles(error) ? 'interrupted' : 'failed', toRunError(asFlowError(error)), { ...options, redact: redactedNames(options.workbench.workspace.config, undefined, run.request) });
  }
}

interface Begun {
  readonly prepared: PreparedFlow;
  readonly head: RunHead;
  readonly payload: Payload;
  readonly recording: RunRecording;
  readonly how: ReturnType<typeof goOn>;
  readonly abort: AbortController;
}

async function begin(run: LeasedRun, { workbench, recordings, signal }: RunLeasedOptions): Promise<Begun> {
  const { flow, environment } = run.head;
  const { from, until, file } = run.request;
  const version = run.version === undefined ? 'draft' : Number(run.version);
  const prepared = await workbench.versions.prepare({ flow, version, ...(environment !== undefined && { environment }), ...(from !== undefined && { from }), ...(until !== undefined && { until }) });
  const input = await run.input();
  const id = run.head.payload?.id ?? run.head.id;
  const payload = input ?? (file ? await inputPayload(id, { file: file.path, ...(file.mediaType !== undefined && { mediaType: file.mediaType }) }, prepared.host.workspace.limits.payloadBytes) : createPayload({ id, body: {} }));
  const { settings } = prepared.plan.flow;
  const kept = { recording: settings?.recording ?? 'full', redact: redactedNames(workbench.workspace.config, settings, run.request) } as const;
  const how = goOn(run, prepared.plan, payload, { recordings, recording: kept.recording, planThen: (earlier) => planOf(earlier, prepared, recordings), inputThen: async (earlier) => inputThen(recordings.past(earlier), prepared.host.workspace.limits.payloadBytes) });
  const isChanged = prepared.entry.hash !== run.head.flowVersion;
  if (isChanged && !how.isAnew) throw new FlowError('RUN_INTERRUPTED', `The runner ended before the run did, and the flow ${JSON.stringify(flow)} was changed since: the run cannot go on.`, { details: { flow } });
  const abort = new AbortController();
  const flowNow = isChanged ? { version: prepared.entry.hash, text: prepared.entry.text } : undefined;
  const recording = recordings.record(run, { ...kept, isAnew: how.isAnew, ...(flowNow && { flow: flowNow }), lost: (error) => abort.abort(error) });
  signal.addEventListener('abort', () => abort.abort(signal.reason), { once: true });
  if (signal.aborted) abort.abort(signal.reason);
  return { prepared, payload, recording, how, abort, head: flowNow ? { ...run.head, flowVersion: flowNow.version } : run.head };
}

/** What an earlier run began with, under the name that it had there; of one that read a file, what stands in that now. */
async function inputThen(past: PastRun | undefined, maxBytes: number): Promise<Payload | undefined> {
  const input = await past?.input();
  const { file } = (await past?.request()) ?? {};
  const id = past?.head.payload?.id;
  if (input || !file || id === undefined) return input;
  return inputPayload(id, { file: file.path, ...(file.mediaType !== undefined && { mediaType: file.mediaType }) }, maxBytes).catch(() => undefined);
}

/** The events of a recording are to be read by the flow that they are of. */
async function planOf(run: string, { entry, plan, host }: PreparedFlow, recordings: Recordings): Promise<Plan> {
  const past = recordings.past(run);
  if (!past) throw new FlowError('RUN_INTERRUPTED', `The recording of the run ${run}, with which this one goes on, is gone.`, { details: { run } });
  if (past.head.flowVersion === entry.hash) return plan;
  const flow = readFile('flow', plan.file, past.flowText).value;
  if (!flow) throw new FlowError('RUN_INTERRUPTED', `The flow of the run ${run}, as it was, cannot be read any more.`, { details: { run } });
  const { from, until } = await past.request();
  return planFlow({ ...host, bodies: noBodies }, { flow, flowId: plan.flowId, file: plan.file, ...(from !== undefined && { from }), ...(until !== undefined && { until }) });
}

async function execute(run: LeasedRun, { prepared, head, payload, recording, how, abort }: Begun, options: RunLeasedOptions): Promise<Outcome> {
  const { wants, debug } = options;
  const { origin } = head;
  const outputs = collectOutputs(recording.bodies.masker);
  const file = wants.outputsTo === undefined ? undefined : openOutputFile(wants.outputsTo, recording.bodies.masker, { signal: abort.signal, ...(how.resume?.isNewRun === false && { before: goesOn(head) }) });
  const payloads = collectPayloads();
  const failures: FailureNote[] = [];
  const note = (event: RunEvent): void => {
    if (event.type === 'payload-failed') failures.push(noteOf(event.step, event.payload.id, event.error, event.caughtBy));
  };
  const isReleased = (): boolean => abort.signal.reason === releaseReason;
  const emit = (event: RunEvent): void | Promise<void> => {
    // What happens from now on happens again when the run goes on.
    if (isReleased()) return;
    if (event.type === 'payload-failed' && failures.length < mostFailures) note(recording.bodies.shown(event).event);
    if (event.type === 'run-finished') faultPoint('before-finish');
    if (event.type === 'run-finished' && event.error?.code === 'RUN_AGAIN') {
      return runAgain(run, event.error, { ...options, isReserved: wants.outputs !== undefined }).then((error) => recording.emit({ ...event, error }));
    }
    forked?.take(event);
    const waiting = recording.emit(event);
    if (event.type === 'run-started') faultPoint('run-started-written');
    return waiting;
  };
  const host = { ...prepared.host, bodies: recording.bodies };
  const forked = await forkOf(run, host, prepared, options.recordings);
  let outcome: RunOutcome;
  try {
    const { request, seed } = run;
    outcome = await executeRun(forked?.host ?? host, prepared.plan, {
      run: head, seed, payload, variables: request.variables ?? {}, signal: abort.signal, emit,
      onOutput(output, step) {
        if (file) return file.add(output, step);
        if (wants.outputs === 'payloads') payloads.add(output);
        else if (wants.outputs) outputs.add(output, step);
      },
      ...(request.now !== undefined && { now: request.now }), ...(request.relativeTo !== undefined && { relativeTo: request.relativeTo }), ...(how.resume && { resume: how.resume }),
      ...(debug && { debug: debug.of(head.id, origin?.kind === 'flow' ? origin.run : undefined) }),
      ...(wants.reply && { onReply: (answer: Payload, given: Pick<Reply, 'status' | 'headers'>) => void reply(wants.reply!, answer, given) }),
    });
  } catch (error) {
    outcome = crashed(recording, error);
  }
  const outputError = await file?.close();
  if (isReleased()) {
    await recording.abandon();
    return { type: 'released' };
  }
  const ended = await endOf(run, recording, outcome, options);
  if (ended) return ended;
  const { steps, durationMs = 0, error: shown } = recording.state();
  const lost = recording.lost && storageError(recording.lost);
  const error = lost ?? shown;
  const result: RunResult = { run: head.id, status: lost ? 'failed' : outcome.status, durationMs, steps, outputs: outputs.bodies, ...(outputs.more > 0 && { moreOutputs: outputs.more }), ...(outputError && { outputError }), failures, ...(error && { error }) };
  return { type: 'ended', result, ...(wants.outputs === 'payloads' && payloads.all && { payloads: payloads.all }) };
}

/** What left the flow before is not handed over again. */
const goesOn = ({ id, flow }: RunHead): RunError => toRunError(new FlowError('RUN_INTERRUPTED', `The run ${id} was interrupted, and has gone on: what left the flow ${JSON.stringify(flow)} before that is not listed.`, { remedy: `The recording has it: \`patchbay runs show ${id}\`.` }));

/** Waits until the end is recorded. Gives what else became of the run. */
async function endOf(run: LeasedRun, recording: RunRecording, { status }: Pick<RunOutcome, 'status'>, { recordings, settle }: RunLeasedOptions): Promise<Outcome | undefined> {
  await recording.ended;
  const { lost } = recording;
  if (lost?.code === 'RUN_STOPPED') return { type: 'fenced' };
  if (lost && recordings.archive.isOpen(run.head.id)) return { type: 'unrecorded' };
  // What cannot be decided now is decided when the runner looks for what was left undecided.
  await settle(run.head, lost ? 'failed' : status).catch(() => undefined);
  if (run.request.file?.isOwn) await rm(run.request.file.path, { force: true }).catch(() => undefined);
  faultPoint('finish-before-answer');
  return undefined;
}

/** The end of a run that cannot be begun, or that ended otherwise than by itself. */
export async function endEarly(run: LeasedRun, status: FinalStatus, error: RunError, options: Pick<RunLeasedOptions, 'recordings' | 'settle'> & { /** Names of redacted fields. */ readonly redact?: readonly string[] }): Promise<Outcome> {
  const recording = options.recordings.record(run, { recording: 'full', redact: options.redact ?? [], isAnew: false, lost: () => undefined });
  const at = systemClock.now();
  void Promise.resolve(recording.emit({ type: 'run-finished', status, error, at, durationMs: at - (recording.state().startedAt ?? at) })).catch(() => undefined);
  const ended = await endOf(run, recording, { status }, options as RunLeasedOptions);
  const { steps, durationMs = 0, error: shown = error } = recording.state();
  return ended ?? { type: 'ended', result: { run: run.head.id, status, durationMs, steps, outputs: [], failures: [], error: shown } };
}

async function reply(onReply: (reply: Reply) => void, payload: Payload, { status, headers }: Pick<Reply, 'status' | 'headers'>): Promise<void> {
  try {
    onReply({ status, headers, body: await bytesOf(payload), mediaType: payload.mediaType });
    faultPoint('reply-sent');
  } catch (error) {
    const code = FlowError.is(error) ? error.code : 'INTERNAL';
    const problem = { type: 'about:blank', title: 'The answer cannot be sent.', status: 500, code, detail: 'The payload that was to be the answer cannot be read: see the run.' };
    onReply({ status: 500, headers: {}, body: Buffer.from(JSON.stringify(problem)), mediaType: 'application/problem+json' });
  }
}

/** The engine says that it never throws; where it does, the recording still gets an end. */
function crashed(recording: RunRecording, thrown: unknown): RunOutcome {
  const error: RunError = { code: 'INTERNAL', message: `The engine failed: ${(thrown as Error).message}.`, remedy: errors.INTERNAL.fix };
  const at = systemClock.now();
  void recording.emit({ type: 'run-finished', status: 'failed', error, at, durationMs: at - (recording.state().startedAt ?? recording.head.queuedAt) });
  return { status: 'failed', error };
}

export const mostFailures = 100;

export function noteOf(step: string, payload: string, error: RunError | undefined, caughtBy: string | undefined): FailureNote {
  const { code = 'INTERNAL', message = '', remedy, place, details } = error ?? {};
  return { step, payload, code, message, ...(remedy !== undefined && { remedy }), ...(place && { place }), ...(details && { details }), ...(caughtBy !== undefined && { caughtBy }) };
}

const storageError = (error: FlowError): RunError => ({ code: error.code, message: error.message, remedy: errors[error.code].fix });

/** The files are not what they were when the run was begun. */
const isOfFiles = (error: unknown): boolean => FlowError.is(error) && (errors[error.code].kind === 'config' || error.code === 'SECRET_MISSING') && error.code !== 'STORAGE_FAILED';
