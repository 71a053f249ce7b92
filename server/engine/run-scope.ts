import type { CoveredOutcome, FlowError, Lookup, Payload, Script } from '../../plugins/sdk/index.ts';
import type { PayloadHead, RunError, RunHead } from '../model/run-event.ts';
import type { Debug } from './debug.ts';
import type { EngineHost, EventSink } from './host.ts';
import type { Loop } from './loop.ts';
import type { CatchAction, Plan } from './plan.ts';
import type { Recorder } from './recorder.ts';
import type { Resume } from './resume.ts';
import type { Watchdog } from './watchdog.ts';

export interface RunOptions {
  readonly run: RunHead;
  readonly seed: number;
  /** The time that payloads see, instead of the clock's. */
  readonly now?: number;
  /** The time from which relative dates count, instead of that at which the run was queued: for a run that is repeated. */
  readonly relativeTo?: number;
  readonly payload: Payload;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Stops the run. */
  readonly signal: AbortSignal;
  readonly emit: EventSink;
  readonly resume?: RunResume;
  /** The time at which an attempt began, where it is known from an earlier run. */
  attemptAt?(step: string, payload: string, attempt: number): number | undefined;
  readonly debug?: Debug;
  /** Gets the first answer of a callback step. */
  onReply?(payload: Payload, options: { readonly status: number; readonly headers: Readonly<Record<string, string>> }): void;
  /** Gets what leaves the flow: payloads at ports that lead nowhere. A promise, which never fails, where it reads them: nothing new starts until it is kept. */
  onOutput?(payload: Payload, step: string, port: string): void | Promise<void>;
  /** Gets the outcomes of conditions and rules: a place in the settings of a step, or in a mapping file. */
  onCovered?(step: string, pointer: string, outcome: CoveredOutcome, file?: string): void;
}

/** How a run goes on where it, or an earlier one, was interrupted. */
export interface RunResume {
  /** An earlier run, whose payloads this one takes up. */
  readonly isNewRun: boolean;
  /** `gathers`: the steps that gather. Fails with `RUN_INTERRUPTED` where there is no going on. */
  read(gathers: ReadonlySet<string>): Promise<Resume>;
  /** The same. */
  load(head: PayloadHead): Promise<Payload>;
}

/** What the steps of a run share. */
export interface RunScope {
  readonly host: EngineHost;
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly recorder: Recorder;
  readonly loop: Loop;
  readonly watchdog: Watchdog;
  /** Of the flow, by name: the root `flow` of expressions. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Aborts when the run is over before its steps are. */
  readonly signal: AbortSignal;
  /** Stopped, out of time or broken: nothing new starts, and what is still in work counts for nothing. */
  readonly isOver: boolean;
  /** Work of plugins that has not settled. */
  pending: number;
  onPendingSettled(): void;
  /** A script of the run, which ends it. Fails with `CONFIG_UNKNOWN_SCRIPT`, `SCRIPT_INVALID`. */
  script(file: string): Promise<Script>;
  /** A lookup that is asked for while the run goes on; what is wrong with its rows is logged once. Fails with `CONFIG_UNKNOWN_LOOKUP`, and as it cannot be read. */
  lookup(name: string): Promise<Lookup>;
  reply(step: string, payload: Payload, options?: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> }): boolean;
  onCaught(action: CatchAction, error: RunError): void;
  onUncaught(error: RunError): void;
  /** The run ends with it at once: what is still to do is not worth while. */
  endFor(error: FlowError, step: string): void;
  /** A payload leaves the flow. */
  output(payload: Payload, step: string, port: string): void;
  onStepEnded(): void;
  /** A fault of the engine or of its host: the run is over. */
  crash(error: unknown): void;
}

