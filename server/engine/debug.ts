import type { FlowError, ScriptDebug } from '../../plugins/sdk/index.ts';
import type { RunEvent } from '../model/run-event.ts';
import type { FlowsHost, StateHost } from './host.ts';
import type { Item } from './recorder.ts';
import type { RunScope } from './run-scope.ts';
import type { StepWork } from './step.ts';

/**
 * Sees a run from inside, and may hold it. Absent in normal runs. `before`, `after`, `failing` and `event` are called as things happen and never wait: who wants to
 * stop lets the loop of the run be held, so that nothing new begins and the order of all other payloads stays as it is.
 */
export interface Debug {
  /** The steps are open, and nothing has begun. */
  opened(run: DebuggedRun): void;
  /**
   * A payload is about to begin at a step: gives what it begins with. `held`: not now; the loop is held, and it is asked again. `moved`: it was put in front of
   * another step.
   */
  before(step: StepWork, item: Item): Item | 'held' | 'moved';
  /** A payload was passed on. `from`: the one it was made of. */
  after(step: StepWork, port: string, item: Item, from: string | undefined): void;
  /** No attempt is left. A promise holds the failure back: it gives the payload for another attempt, or nothing. */
  failing(step: StepWork, item: Item | undefined, error: FlowError): Promise<Item | undefined> | undefined;
  /** Everything else that happens. Who waits for the event to be recorded waits for this promise as well. */
  event(event: RunEvent): Promise<void> | undefined;
  /** A step has written something. */
  wrote(kind: 'cache' | 'pool', name: string, keys: readonly string[], step: string): Promise<void> | undefined;
  /** A run of another flow is about to begin with what a step has in work. */
  starts(run: string, payload: string): void;
  /** How the scripts of a step are debugged that work on a payload. */
  script(step: string, payload: string): ScriptDebug;
  /** Whether a payload stands anywhere in the session. */
  readonly isStanding: boolean;
  /** Resolves when none does. Fails with the reason of the signal. */
  stood(signal: AbortSignal): Promise<void>;
  ended(): void;
}

/** What a debugger may look at and change. */
export interface DebuggedRun {
  readonly scope: RunScope;
  readonly steps: ReadonlyMap<string, StepWork>;
  /** Fails with `DATA_INVALID` where the variable is of another type. */
  setVariable(name: string, value: unknown): void;
}

/** The state with every write told. */
export function watchedState(state: StateHost, debug: Debug): StateHost {
  return {
    ...state,
    cache(name, scope, place) {
      const cache = state.cache(name, scope, place);
      const told = (key: string): Promise<void> | undefined => debug.wrote('cache', name, [key], place.step);
      return {
        ...cache,
        async put(key, ...rest) {
          await cache.put(key, ...rest);
          await told(key);
        },
        async append(key, ...rest) {
          await cache.append(key, ...rest);
          await told(key);
        },
        async delete(key) {
          const was = await cache.delete(key);
          await told(key);
          return was;
        },
      };
    },
    pool(name, place) {
      const pool = state.pool(name, place);
      return {
        ...pool,
        async add(values, options) {
          const fresh = await pool.add(values, options);
          const added = values.filter((_, index) => fresh[index]);
          if (added.length > 0) await debug.wrote('pool', name, added, place.step);
          return fresh;
        },
      };
    },
  };
}

/** Flows with every run told that begins. */
export const watchedFlows = (flows: FlowsHost, debug: Debug): FlowsHost => ({
  async open(...of) {
    const call = await flows.open(...of);
    return { start: (payload, options) => call.start(payload, { ...options, named: (run) => debug.starts(run, payload.id) }) };
  },
});
