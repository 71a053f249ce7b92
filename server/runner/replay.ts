import { FlowError, type Payload } from '../../plugins/sdk/index.ts';
import type { EngineHost } from '../engine/host.ts';
import { planFlow, type Plan } from '../engine/plan.ts';
import { replayHost } from '../engine/replay.ts';
import type { Journal, ResumedItem, StepResume } from '../engine/resume.ts';
import { executeRun } from '../engine/run.ts';
import type { RunResume } from '../engine/run-scope.ts';
import type { FailureNote, ReplayResult } from '../model/api.ts';
import { countEvent, type PayloadHead, type RunError, type StepCounts } from '../model/run-event.ts';
import { readFile } from '../model/read.ts';
import { suggestion } from '../model/suggest.ts';
import { keepBodies } from '../stores/keep-bodies.ts';
import type { PastRun } from '../stores/past-run.ts';
import { maskedSecret, type Masker } from '../stores/redact.ts';
import type { PreparedFlow } from './flow-plans.ts';
import { inputGone } from './input-gone.ts';
import { Comparison } from './replay-compare.ts';
import { replayedBodies } from './replay-content.ts';
import { openOutputFile } from './output-file.ts';
import { collectOutputs } from './outputs.ts';
import { noteOf } from './run-leased.ts';

export interface ReplayOptions {
  readonly past: PastRun;
  readonly journal: Journal;
  /** The flow, in the version that is to be replayed. */
  readonly prepared: PreparedFlow;
  readonly masker: Masker;
  /** Bytes of a recorded body by its name. */
  readonly body: (hash: string, sealed: string | undefined) => Promise<Uint8Array>;
  /** Begins at this step, with what came to it. */
  readonly from?: string;
  /** Another payload than it began with; with `from`, at that step. */
  readonly payload?: Payload;
  /** The flow as it was, where its file is another now. */
  readonly flowText?: string;
  /** As in `RunWants`. */
  readonly outputsTo?: string;
  readonly signal: AbortSignal;
}

/** Runs a flow again from its recording: nothing goes out, and what comes out is compared with what came out then. */
export async function replayRun(options: ReplayOptions): Promise<ReplayResult> {
  const { past, journal, prepared, masker, signal } = options;
  const made = replayedBodies(journal);
  const bodies = keepBodies({ recording: 'full', masker, store: (hash, _mediaType, _size, data) => made.keep(hash, data) });
  const base: EngineHost = { ...prepared.host, bodies };
  const plan = await planOf(base, options);
  const { host, attemptAt } = replayHost(base, journal, { body: (exchange) => (exchange.responseBody === undefined ? Promise.resolve(new Uint8Array()) : options.body(exchange.responseBody, exchange.responseSealed)) });
  const comparison = new Comparison(journal, new Set(plan.steps.map(({ id }) => id)));
  const outputs = collectOutputs(masker);
  const failures: FailureNote[] = [];
  const file = options.outputsTo === undefined ? undefined : openOutputFile(options.outputsTo, masker, { signal });
  let steps: Readonly<Record<string, StepCounts>> = {};
  let error: RunError | undefined;
  const input = options.payload ?? (await past.input());
  if (!input && options.from === undefined) throw inputGone(past.head.id, (await past.request()).file);
  const request = await past.request();
  const resume = options.payload ? undefined : options.from !== undefined ? arrivals(journal, options.from) : past.head.origin?.kind === 'resume' ? arrivals(journal, undefined) : undefined;
  const outcome = await executeRun({ ...host, workspace: { ...host.workspace, secret: (name) => base.workspace.secret(name).catch(() => maskedSecret) } }, plan, {
    run: past.head, seed: past.seed, payload: input!, variables: request.variables ?? {}, signal, attemptAt, relativeTo: past.head.queuedAt, onOutput: (output, step) => (file ?? outputs).add(output, step),
    ...(request.now !== undefined && { now: request.now }),
    ...(resume && { resume }),
    emit(given) {
      const { event } = bodies.shown(given);
      if (event.type === 'run-finished') ({ error } = event);
      steps = countEvent(steps, event);
      comparison.take(event);
      if (event.type === 'payload-failed' && failures.length < mostShown) failures.push(noteOf(event.step, event.payload.id, event.error, event.caughtBy));
    },
  });
  const outputError = await file?.close();
  signal.throwIfAborted();
  const differences = comparison.differences(outcome.status, mostShown);
  return {
    run: past.head.id, status: outcome.status, durationMs: 0, steps, outputs: outputs.bodies, ...(outputs.more > 0 && { moreOutputs: outputs.more }), ...(outputError && { outputError }), failures, ...(error && { error }),
    identical: differences.length === 0, differences: await made.explain(differences, (hash) => options.body(hash, undefined)),
  };
}

const mostShown = 100;

async function planOf(host: EngineHost, { prepared, flowText, from, past }: ReplayOptions): Promise<Plan> {
  const request = await past.request();
  const begin = from ?? request.from;
  if (flowText === undefined && begin === undefined && request.until === undefined) return prepared.plan;
  const { file } = prepared.plan;
  const flow = flowText === undefined ? prepared.plan.flow : readFile('flow', file, flowText).value;
  if (!flow) throw new FlowError('RUN_INTERRUPTED', 'The flow as it was cannot be read any more.');
  if (from !== undefined && !Object.hasOwn(flow.steps, from)) throw new FlowError('API_INVALID', `The flow ${JSON.stringify(past.head.flow)} has no step ${JSON.stringify(from)} to begin at.`, { details: { step: from }, remedy: suggestion(from, Object.keys(flow.steps)) ?? 'Name a step of the flow.' });
  return planFlow(host, { flow, flowId: past.head.flow, file, ...(begin !== undefined && { from: begin }), ...(request.until !== undefined && { until: request.until }) });
}

/** Everything that came to a step; without one, what a run has taken up from another. */
function arrivals(journal: Journal, step: string | undefined): RunResume {
  const heads: { readonly step: string; readonly head: PayloadHead; readonly outputs: number }[] = [];
  for (const { event } of journal.rows()) {
    if (step === undefined && event.type === 'payload-given') heads.push({ step: event.step, head: event.payload, outputs: event.outputs });
    else if (step !== undefined && event.type === 'payload-in' && event.step === step && event.attempt === 1) heads.push({ step, head: event.payload, outputs: 0 });
  }
  if (step !== undefined && heads.length === 0) throw new FlowError('API_INVALID', `Nothing came to the step ${JSON.stringify(step)} in this run.`, { details: { step }, remedy: 'Name a step that something came to, or give it a payload: `--input FILE`, in the API `payload`.' });
  const load = async (head: PayloadHead): Promise<Payload> => {
    const payload = await journal.load(head);
    if (!payload) throw new FlowError('REPLAY_UNKNOWN', `The recording does not hold the body of the payload ${head.id}.`, { details: { payload: head.id } });
    return payload;
  };
  return {
    isNewRun: false, load,
    async read() {
      const steps = new Map<string, StepResume & { readonly todo: ResumedItem[] }>();
      for (const { step: id, head, outputs } of heads) {
        const known = steps.get(id) ?? { had: [], todo: [], awaited: new Map<string, never>(), endOutputs: 0, hasFailed: false };
        steps.set(id, known);
        known.todo.push({ payload: await load(head), head, attempts: 0, outputs, fails: 0, again: new Set(), hasFailed: false, uncaught: [] });
      }
      return { variables: {}, isPartial: false, isReplied: false, steps };
    },
  };
}
