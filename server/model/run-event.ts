/**
 * What happens in a run, as one stream: the recorder, the command line, the API (SSE), the canvas and the debugger all read it and nothing else.
 * Events are plain JSON; bodies are not in them: a payload is named by its hash, and its body is read from the recording.
 */
export type RunEvent =
  | { readonly type: 'run-queued'; readonly run: RunHead }
  | { readonly type: 'run-started'; readonly at: number; readonly seed: number }
  /** The run goes on after its runner ended, or has taken up what another run left. */
  | { readonly type: 'run-resumed'; readonly at: number }
  /** A payload begins an attempt at a step. */
  | { readonly type: 'payload-in'; readonly step: string; readonly payload: PayloadHead; readonly attempt: number; readonly at: number }
  /** A step gave a payload; `from` is the payload it was made of, if any. */
  | { readonly type: 'payload-out'; readonly step: string; readonly port: string; readonly payload: PayloadHead; readonly from?: string; readonly at: number }
  /** The step is through with a payload. */
  | { readonly type: 'payload-done'; readonly step: string; readonly payload: string; readonly at: number; readonly durationMs: number }
  | { readonly type: 'attempt-failed'; readonly step: string; readonly payload: string; readonly attempt: number; readonly error: RunError; readonly retryInMs: number; readonly at: number }
  /** No attempt is left. `caughtBy`: the try-catch step that takes it; without it the run fails. */
  | { readonly type: 'payload-failed'; readonly step: string; readonly payload: PayloadHead; /** The payload in work, where a part of it was given up. */ readonly from?: string; /** The part is all that was left of it. */ readonly isRest?: true; readonly error: RunError; readonly caughtBy?: string; readonly at: number }
  /** A payload of an earlier run was put in front of a step: this run goes on with it. `outputs`: what the step had made of it and passed on; `fails`: the parts that it had given up. */
  | { readonly type: 'payload-given'; readonly step: string; readonly payload: PayloadHead; readonly outputs: number; readonly fails?: number; /** Of a step that gathers. */ readonly from?: { readonly step: string; readonly port: string }; readonly at: number }
  /** Where the work on a payload may go on after a failure or a crash; `outputs` had been made and `fails` given up by then. */
  | { readonly type: 'checkpoint'; readonly step: string; readonly payload: string; readonly outputs: number; readonly fails?: number; readonly state: unknown; readonly at: number }
  | { readonly type: 'exchange'; readonly step?: string; readonly payload?: string; readonly exchange: ExchangeHead; readonly at: number }
  | { readonly type: 'page'; readonly step: string; readonly index: number; readonly records: number; readonly stop?: string; readonly byGuess?: boolean; /** Of several, each of which has pages of its own. */ readonly slice?: string; /** Another than that of the step: its records are the parents of slices. */ readonly endpoint?: string; readonly at: number }
  | { readonly type: 'state'; readonly step: string; readonly read: StateRead; readonly at: number }
  | { readonly type: 'log'; readonly step?: string; readonly payload?: string; readonly level: LogLevel; readonly message: string; readonly fields?: Readonly<Record<string, unknown>>; readonly at: number }
  | { readonly type: 'variable'; readonly step: string; readonly name: string; readonly value: unknown; /** Name of the true value, sealed, where this one is masked. */ readonly sealed?: string; readonly at: number }
  | { readonly type: 'reply'; readonly step?: string; readonly status: number; readonly payload?: PayloadHead; readonly at: number }
  | { readonly type: 'run-finished'; readonly status: FinalStatus; readonly error?: RunError; readonly at: number; readonly durationMs: number };

/** What a step read of caches, pools, cursors and other flows. `args` stands for the arguments; `answer`: heads of payloads, a text, or one digit for each value of a pool. */
export interface StateRead {
  readonly op: 'cache-get' | 'cache-delete' | 'pool-has' | 'pool-add' | 'cursor-begin' | 'flow-start' | 'flow-done';
  readonly name: string;
  readonly args: string;
  readonly answer: unknown;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type FinalStatus = 'success' | 'partial-success' | 'failed' | 'stopped' | 'interrupted';
export const runStatuses = ['queued', 'running', 'success', 'partial-success', 'failed', 'stopped', 'interrupted'] as const;
export type RunStatus = (typeof runStatuses)[number];

export interface RunHead {
  readonly id: string;
  readonly flow: string;
  /** SHA-256 of the flow's text. */
  readonly flowVersion: string;
  readonly trigger: string;
  readonly environment?: string;
  readonly queuedAt: number;
  readonly payload?: PayloadHead;
  /** The run that this one repeats or goes on with, or that started it. */
  readonly origin?: RunOrigin;
}

/** `retry`: the whole run again; `resume`: with what did not get through; `replay`: offline, from its recording; `flow`: a step of that run started this one. */
export interface RunOrigin {
  readonly kind: 'retry' | 'resume' | 'replay' | 'flow';
  readonly run: string;
  /** The run whose id stands in idempotency keys: of a resumed run the first one, since what it sends is the same. */
  readonly root?: string;
  /** Of a run that is done again because of an answer (`RUN_AGAIN`): how often by now. */
  readonly times?: number;
}

export interface PayloadHead {
  readonly id: string;
  readonly mediaType: string;
  readonly meta?: Readonly<Record<string, string>>;
  /** Name of the body in the recording: SHA-256, or `''` where it was not kept. */
  readonly body: string;
  /** Name of the true body, sealed, where the one in the recording is masked: what goes on or begins again goes by it. */
  readonly sealed?: string;
  /** The same for metadata. */
  readonly sealedMeta?: string;
  /** Bytes; -1 where it is a stream of unknown length. */
  readonly size: number;
  /** Number of records, where the body is a JSON array. */
  readonly records?: number;
  /** The body is a text and no JSON: it was read already, so that nobody reads its bytes in another encoding when a run goes on. */
  readonly isText?: true;
}

export interface ExchangeHead {
  readonly id: string;
  readonly method: string;
  /** Secrets masked. */
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** Name of the body in the recording. */
  readonly requestBody?: string;
  /** Whoever has the key of the secrets can tell by it whether another asks for the same, whatever of it is masked. Absent where nobody has the key. */
  readonly fingerprint?: string;
  readonly status?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: string;
  /** Name of the true body of the answer, sealed, where the one in the recording is masked. */
  readonly responseSealed?: string;
  readonly error?: RunError;
  readonly attempt: number;
  /** Of the exchange itself: waiting for a connection is no part of it. */
  readonly durationMs: number;
  /** For a connection, before. */
  readonly waitedMs?: number;
  /** Of the instance that was asked; absent where a plugin asked by itself. */
  readonly connector?: string;
  /** What it asks for is done twice where it is made twice. */
  readonly isUnrepeatable?: true;
}

export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly step?: string;
  readonly remedy?: string;
  readonly place?: { readonly file?: string; readonly line?: number; readonly column?: number; readonly pointer?: string };
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Media type of a run as a file. */
export const runFileType = 'application/vnd.patchbay.run';

/** An event with its place in the run's stream, from 1. */
export interface NumberedRunEvent {
  readonly run: string;
  readonly seq: number;
  readonly event: RunEvent;
}

export interface StepCounts {
  readonly in: number;
  readonly out: number;
  readonly failed: number;
  /** Records in payloads that went out. */
  readonly records: number;
  readonly durationMs: number;
  /** Port → payloads. */
  readonly ports: Readonly<Record<string, number>>;
  readonly retries: number;
  /** Of payloads that came and went, as far as their size is known. */
  readonly bytes?: number;
  /** To other systems, and by which connector. */
  readonly requests?: number;
  readonly connector?: string;
  /** When the first payload came and when something last happened, in milliseconds since the epoch. */
  readonly firstAt?: number;
  readonly lastAt?: number;
  /** Pages that were read, of steps that page. */
  readonly pages?: number;
  /** The newest of them, at most `pagesKept`. */
  readonly lastPages?: readonly PageNote[];
  /** Payloads that are in work; absent where there are none. */
  readonly working?: number;
  /** Since when, where that is known: the time of the work that is not in `durationMs` yet. */
  readonly workingSince?: number;
  /** Payloads that were in work when the run ended. */
  readonly stopped?: number;
}

/** A page that a step has read, and why paging ended with it, if it did. */
export interface PageNote {
  readonly index: number;
  readonly records: number;
  readonly stop?: string;
  readonly byGuess?: boolean;
  readonly slice?: string;
  readonly endpoint?: string;
  readonly at: number;
}

export const pagesKept = 100;

/** Adds an event to the counts per step. Pure: gives the same object back where nothing changes. */
export function countEvent(counts: Readonly<Record<string, StepCounts>>, event: RunEvent): Readonly<Record<string, StepCounts>> {
  const add = (step: string, at: number, change: (old: StepCounts) => Partial<StepCounts>) => {
    const old = counts[step] ?? { in: 0, out: 0, failed: 0, records: 0, durationMs: 0, ports: {}, retries: 0, firstAt: at };
    return { ...counts, [step]: { ...old, lastAt: at, ...change(old) } };
  };
  switch (event.type) {
    case 'payload-in':
      return event.attempt > 1 ? counts : add(event.step, event.at, (old) => ({ in: old.in + 1, working: (old.working ?? 0) + 1, workingSince: old.workingSince ?? event.at, ...bytesWith(old, event.payload) }));
    case 'payload-out':
      return add(event.step, event.at, (old) => ({ out: old.out + 1, records: old.records + (event.payload.records ?? 1), ports: { ...old.ports, [event.port]: (old.ports[event.port] ?? 0) + 1 }, ...bytesWith(old, event.payload) }));
    case 'payload-done':
      return through(add(event.step, event.at, (old) => ({ durationMs: old.durationMs + event.durationMs })), event);
    case 'attempt-failed':
      return add(event.step, event.at, (old) => ({ retries: old.retries + 1 }));
    case 'payload-failed':
      return add(event.step, event.at, (old) => ({ failed: old.failed + 1 }));
    case 'exchange': {
      const { step, exchange: { connector }, at } = event;
      return step === undefined ? counts : add(step, at, (old) => ({ requests: (old.requests ?? 0) + 1, ...(connector !== undefined && { connector }) }));
    }
    case 'page': {
      const { step, index, records, stop, byGuess, slice, endpoint, at } = event;
      const page: PageNote = { index, records, at, ...(stop !== undefined && { stop }), ...(byGuess && { byGuess }), ...(slice !== undefined && { slice }), ...(endpoint !== undefined && { endpoint }) };
      return add(step, at, (old) => ({ pages: (old.pages ?? 0) + 1, lastPages: [...(old.lastPages ?? []).slice(1 - pagesKept), page] }));
    }
    case 'run-resumed':
      // What was in work comes again.
      return ofWorking(counts, (_, old) => old);
    case 'run-finished':
      return ofWorking(counts, ({ payloads, since = event.at }, old) => ({ ...old, durationMs: old.durationMs + Math.max(0, event.at - since), stopped: payloads }));
    default:
      return counts;
  }
}

type Counts = Readonly<Record<string, StepCounts>>;

/** One payload less is in work. */
function through(counts: Counts, { step, at }: { readonly step: string; readonly at: number }): Counts {
  const { working = 0, workingSince: _, ...old } = counts[step]!;
  return { ...counts, [step]: working > 1 ? { ...old, working: working - 1, workingSince: at } : old };
}

/** Changes the counts of steps that have payloads in work, now that they have not. */
function ofWorking(counts: Counts, change: (work: { readonly payloads: number; readonly since: number | undefined }, old: StepCounts) => StepCounts): Counts {
  const changed = Object.entries(counts).flatMap(([step, { working: payloads, workingSince: since, ...old }]) => (payloads === undefined ? [] : [[step, change({ payloads, since }, old)] as const]));
  return changed.length === 0 ? counts : { ...counts, ...Object.fromEntries(changed) };
}

const bytesWith = ({ bytes = 0 }: StepCounts, { size }: PayloadHead): Pick<StepCounts, 'bytes'> => (size > 0 ? { bytes: bytes + size } : {});
