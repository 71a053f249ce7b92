import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../../server/model/run-event.ts';
import type { FlowRun } from '../../webview/protocol/flow.ts';
import type { RunnerClient } from '../../webview/protocol/runner-client.ts';
import { followRun, isLive, newRun, recordedRun } from './run-snapshot.ts';

/** The latest run of each flow, as the runner tells of it. */
export interface LiveRuns {
  /** The last run of a flow, as far as it is known. */
  latest(flow: string): FlowRun | undefined;
  /** Pictures of the flow's runs from now on, at most ten a second: the last run first, then each newer one. The runner is not started for it. */
  watch(flow: string, show: (run: FlowRun) => void): { dispose(): void };
  /** Called when a run of any flow is queued, starts or ends. */
  onHead(listener: (run: string, event: RunEvent) => void): { dispose(): void };
  /** Follows a run that was just started. Resolves when it has ended, with its last picture. */
  follow(flow: string, run: string): Promise<FlowRun>;
  /** The runner is there, for the first time or again. */
  connect(): void;
  dispose(): void;
}

const firstPauseMs = 500;
const longestPauseMs = 10_000;

type LiveClient = Pick<RunnerClient, 'heads' | 'events' | 'runs' | 'run' | 'payloads'>;

/** `pause` waits between a connection that failed and the next. */
export function liveRuns(client: LiveClient, isReady: () => boolean, note: (problem: string) => void, pause: (ms: number) => Promise<void> = sleep): LiveRuns {
  const known = new Map<string, FlowRun>();
  const watchers = new Map<string, Set<(run: FlowRun) => void>>();
  const headListeners = new Set<(run: string, event: RunEvent) => void>();
  const following = new Map<string, Promise<FlowRun>>();
  const closing = new AbortController();
  let connection = new AbortController();

  const show = (flow: string, run: FlowRun): void => {
    const old = known.get(flow);
    // A run that is older than the one on the canvas goes on unseen.
    if (old && old.id !== run.id && old.startedAt > run.startedAt) return;
    known.set(flow, run);
    for (const watcher of watchers.get(flow) ?? []) watcher(run);
  };

  async function followToEnd(flow: string, run: FlowRun): Promise<FlowRun> {
    show(flow, run);
    const last = await followRun(client, run, { signal: closing.signal, show: (next) => show(flow, next) }).catch((error: Error) => { note(`Run ${run.id}: ${error.message}`); return known.get(flow) ?? run; });
    if (!isLive(last) || closing.signal.aborted) return last;
    // The runner died or cut the connection: what the next one says of the run counts.
    const recorded = await recordedRun(client, run.id);
    if (isLive(recorded)) return followToEnd(flow, { ...newRun(run.id, recorded.startedAt) });
    show(flow, recorded);
    return recorded;
  }

  const follow = (flow: string, id: string, queuedAt = Date.now()): Promise<FlowRun> => {
    const running = following.get(id) ?? followToEnd(flow, newRun(id, queuedAt)).finally(() => following.delete(id));
    following.set(id, running);
    return running;
  };

  /** What is on the canvas of a flow that is just opened. */
  async function showLast(flow: string): Promise<void> {
    const [last] = (await client.runs({ flow, perPage: 1 })).items;
    if (!last) return;
    if (isLive(last)) void follow(flow, last.id, last.queuedAt).catch(() => {});
    else if (known.get(flow)?.id !== last.id || isLive(known.get(flow)!)) show(flow, await recordedRun(client, last.id));
  }

  async function listen({ signal }: AbortController): Promise<void> {
    for (let failures = 0; !signal.aborted && isReady();) {
      try {
        for await (const { run, event } of client.heads(signal)) {
          failures = 0;
          if (event.type === 'run-queued' && watchers.has(event.run.flow)) void follow(event.run.flow, run, event.run.queuedAt).catch(() => {});
          for (const listener of headListeners) listener(run, event);
        }
      } catch (error) {
        if (signal.aborted) return;
        note(`Events of the runner: ${(error as Error).message}`);
        await pause(Math.min(firstPauseMs * 2 ** failures++, longestPauseMs));
        // What began meanwhile was told to nobody.
        if (!signal.aborted) for (const flow of watchers.keys()) refresh(flow);
      }
    }
  }

  const refresh = (flow: string): void => { if (isReady()) void showLast(flow).catch((error: Error) => note(`Last run of ${flow}: ${error.message}`)); };

  return {
    latest: (flow) => known.get(flow),
    watch(flow, watcher) {
      const all = watchers.get(flow) ?? new Set();
      watchers.set(flow, all.add(watcher));
      refresh(flow);
      return { dispose: () => { all.delete(watcher); if (all.size === 0) watchers.delete(flow); } };
    },
    onHead(listener) { headListeners.add(listener); return { dispose: () => void headListeners.delete(listener) }; },
    follow,
    connect() {
      connection.abort();
      connection = new AbortController();
      void listen(connection);
      for (const flow of watchers.keys()) refresh(flow);
    },
    dispose() { closing.abort(); connection.abort(); watchers.clear(); headListeners.clear(); },
  };
}
