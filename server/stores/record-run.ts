import type { FlowError } from '../../plugins/sdk/index.ts';
import { countEvent, type RunError, type NumberedRunEvent, type RunEvent, type RunHead, type RunStatus, type StepCounts } from '../model/run-event.ts';
import type { Keeper, Recording } from './keep-bodies.ts';
import { arrivalKey, type Past } from './leased-run.ts';
import { eventKinds } from './migrations.ts';
import type { EventOp, RunState, WriteOp } from './write-ops.ts';
import type { Writer } from './writer.ts';

/** A run that is being recorded. */
export interface RunRecording {
  readonly head: RunHead;
  readonly bodies: Keeper;
  /** Numbers, masks, counts, records and hands on an event. A promise where the disk is behind: wait for it. It fails with `STORAGE_FAILED` once something was lost. */
  emit(event: RunEvent): void | Promise<void>;
  /** A snapshot. */
  state(): LiveState;
  /** Resolves when the end of the run is recorded; also where that failed (`lost` says so). */
  readonly ended: Promise<void>;
  /** Nothing more is recorded here: the run goes on later, maybe elsewhere. Resolves when what was recorded can be read. */
  abandon(): Promise<void>;
  /** Why the recording has a hole, if it has. */
  readonly lost: FlowError | undefined;
}

export interface LiveState {
  readonly status: RunStatus;
  readonly startedAt?: number;
  readonly durationMs?: number;
  readonly failedPayloads: number;
  readonly error?: RunError;
  readonly steps: Readonly<Record<string, StepCounts>>;
}

export interface RecordRunOptions {
  /** The recorder's number of the run. */
  readonly number: number;
  readonly head: RunHead;
  readonly recording: Recording;
  readonly bodies: Keeper;
  readonly writer: Writer;
  /** Told of each event, masked. */
  readonly listener: (event: NumberedRunEvent) => void;
  /** The number of the last event that was recorded before. */
  readonly lastSeq: number;
  /** Its state by then, where it was at work before and goes on. */
  readonly before?: Past;
}

/** How often the counts of a running run are written, so that other processes and threads see them. */
const checkpointMs = 1_000;

export interface OwnRunRecording extends RunRecording {
  lose(error: FlowError): void;
  /** The recordings are closed: nothing is written by itself any more. */
  rest(): void;
}

export function recordRun({ number, head, recording, bodies, writer, listener, lastSeq, before }: RecordRunOptions): OwnRunRecording {
  // One object per step, so that an event costs the same in a flow of 5 steps and of 500.
  // The time in which nobody was at work is no part of a step's.
  const counts = new Map<string, StepCounts>();
  for (const [step, { workingSince: _, ...old }] of Object.entries(before?.steps ?? {})) counts.set(step, old);
  /** Step and payload → the event with which the payload came, while the step works on it. */
  const arrivals = new Map<string, { readonly op?: EventOp; readonly seq: number; readonly generation: number }>();
  for (const [key, at] of before?.arrivals ?? []) arrivals.set(key, { seq: at, generation: -1 });
  const ended = Promise.withResolvers<void>();
  let state: Omit<LiveState, 'steps'> = { status: 'queued', failedPayloads: before?.failedPayloads ?? 0, ...(before?.startedAt !== undefined && { startedAt: before.startedAt }) };
  let seq = lastSeq;
  let checkpointAt = 0;
  /** For what happened after the last checkpoint: nothing more may happen for a long time. */
  let later: NodeJS.Timeout | undefined;
  let lost: FlowError | undefined;
  const keepsEvents = recording !== 'none';

  const push = (op: WriteOp, bytes = 0): void => writer.push(op, bytes);
  const snapshot = (): LiveState => ({ ...state, steps: Object.fromEntries(counts) });

  const checkpoint = (): void => {
    clearTimeout(later);
    later = undefined;
    checkpointAt = performance.now() + checkpointMs;
    const { steps, error, ...rest } = snapshot();
    const row: RunState = { ...rest, steps: JSON.stringify(steps), ...(error && { error: JSON.stringify(error) }) };
    push(['state', number, row], row.steps.length);
  };

  const record = (event: RunEvent, json: string): void => {
    seq++;
    if (!keepsEvents) return;
    const op: EventOp = ['event', number, seq, kindOf(event), 'step' in event ? (event.step ?? null) : null, json, null];
    const { generation } = writer;
    push(op, json.length);
    if (event.type === 'payload-in' && !arrivals.has(arrivalKey(event.step, event.payload.id))) arrivals.set(arrivalKey(event.step, event.payload.id), { op, seq, generation });
    else if (event.type === 'payload-done') settle(event);
  };

  const settle = (event: RunEvent & { type: 'payload-done' }): void => {
    const key = arrivalKey(event.step, event.payload);
    const arrival = arrivals.get(key);
    arrivals.delete(key);
    if (!arrival) return;
    if (arrival.op && arrival.generation === writer.generation) arrival.op[6] = event.durationMs;
    else push(['done', number, arrival.seq, event.durationMs]);
  };

  const follow = (event: RunEvent): void => {
    if (event.type === 'run-started' || event.type === 'run-resumed') state = { ...state, status: 'running', startedAt: state.startedAt ?? event.at };
    else if (event.type === 'payload-failed') state = { ...state, failedPayloads: state.failedPayloads + 1 };
    else if (event.type === 'run-finished') state = { ...state, status: event.status, durationMs: event.durationMs, ...(event.error && { error: event.error }) };
    if ('step' in event && event.step !== undefined) {
      const old = counts.get(event.step);
      const next = countEvent(old ? { [event.step]: old } : {}, event)[event.step];
      if (next && next !== old) counts.set(event.step, next);
    } else if (event.type === 'run-resumed' || event.type === 'run-finished') {
      for (const [step, next] of Object.entries(countEvent(Object.fromEntries(counts), event))) counts.set(step, next);
    }
  };

  const finish = async (): Promise<void> => {
    checkpoint();
    await close();
  };

  const close = async (): Promise<void> => {
    clearTimeout(later);
    push(['end', number]);
    try {
      await writer.flush();
    } catch (error) {
      lost ??= error as FlowError;
    }
    bodies.clear();
    arrivals.clear();
    ended.resolve();
  };

  return {
    head,
    bodies,
    emit(given) {
      const { event, json } = bodies.shown(given.type === 'payload-failed' ? withKeptBody(given, bodies) : given);
      record(event, json);
      follow(event);
      if (event.type !== 'run-finished') {
        if (keepsEvents ? event.type === 'run-started' || event.type === 'run-resumed' || performance.now() > checkpointAt : event.type === 'run-started') checkpoint();
        else if (keepsEvents) later ??= setTimeout(checkpoint, checkpointMs).unref();
      }
      // What begins now may be a loop without an end: others must see that it has begun.
      if (event.type === 'run-started') writer.post();
      if (event.type === 'run-finished') void finish();
      listener({ run: head.id, seq, event });
      // The engine ends the run with it: what is not recorded must not go on as if it were.
      if (lost && event.type !== 'run-finished') return Promise.reject(lost);
      return writer.room();
    },
    state: snapshot,
    abandon: close,
    ended: ended.promise,
    get lost() {
      return lost;
    },
    lose: (error) => void (lost ??= error),
    rest: () => clearTimeout(later),
  };
}

export function kindOf(event: RunEvent): number {
  switch (event.type) {
    case 'payload-in':
      return event.attempt === 1 ? eventKinds.in : 0;
    case 'payload-out':
      return eventKinds.out;
    case 'payload-failed':
      return eventKinds.failed;
    case 'exchange':
      return eventKinds.exchange;
    case 'log':
      return eventKinds[event.level];
    default:
      return 0;
  }
}

function withKeptBody(event: RunEvent & { type: 'payload-failed' }, bodies: Keeper): RunEvent {
  const kept = bodies.keepFailed(event.payload.id);
  if (!kept) return event;
  const { hash: body, size, sealed, sealedMeta } = kept;
  return { ...event, payload: { ...event.payload, body, size, ...(sealed !== undefined && { sealed }), ...(sealedMeta !== undefined && { sealedMeta }) } };
}
