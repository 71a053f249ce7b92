import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { GoneOnFrom } from '../engine/done-then.ts';
import { forkHost, type Fork } from '../engine/fork-host.ts';
import type { EngineHost } from '../engine/host.ts';
import type { Journal } from '../engine/resume.ts';
import type { NumberedRunEvent, RunEvent } from '../model/run-event.ts';
import type { LeasedRun, Recordings } from '../stores/recordings.ts';
import type { PreparedFlow } from './flow-plans.ts';
import { changedId } from './go-on.ts';
import { isSameCall } from './same-call.ts';

type Forked = Pick<LeasedRun, 'head' | 'request'>;

interface Found {
  readonly request: { readonly fork: NonNullable<Forked['request']['fork']> };
  readonly head: { readonly id: string; readonly origin: NonNullable<Forked['head']['origin']> };
  readonly since: readonly string[];
}

/**
 * What another run has done since this one goes on from its middle is not done again, nor by whoever goes on with what this one has left. Who goes on with a
 * payload that was refused, since it would be done twice, confirms it by that.
 */
export async function forkOf(run: Forked, host: EngineHost, { entry, plan }: PreparedFlow, recordings: Pick<Recordings, 'archive' | 'journal' | 'past' | 'bytes'>): Promise<Fork | undefined> {
  const { forks, since, gone } = await forksBehind(run, recordings);
  const [nearest] = forks;
  if (!nearest && gone === undefined) return undefined;
  const runs = forks.map(({ request: { fork }, head: { id, origin }, since: after }): GoneOnFrom => ({
    events: (last) => eventsOf(recordings.archive, origin.run, last), after: fork.seq, since: after.map((one) => eventsOf(recordings.archive, one, 0)),
    exchange: (seq) => (recordings.archive.events(origin.run, seq - 1, 1)[0]!.event as RunEvent & { type: 'exchange' }).exchange,
    changed: fork.payload && { from: fork.payload.id, to: changedId(fork.payload.id, id) },
    stepsNow: recordings.past(origin.run)?.head.flowVersion === entry.hash ? undefined : new Set(plan.steps.map((step) => step.id)),
  }));
  const forked = await forkHost(host, {
    run: (nearest ?? run).head.id, digest: (text) => hash('sha256', text, 'base64url'), eventsOf: (one) => (recordings.past(one) ? eventsOf(recordings.archive, one, 0) : undefined),
    async calledWith(one, ...call) {
      const past = recordings.past(one);
      return past && { ...(past.key !== undefined && { key: past.key }), isSame: await isSameCall(past, ...call) };
    },
    runs, gone, isConfirmed: nearest?.request.fork.isWriteConfirmed,
    recorded: { body: async ({ responseBody, responseSealed }) => (responseBody === undefined ? new Uint8Array() : recordings.bytes(responseBody, responseSealed)) },
  });
  for (const one of since.slice(0, -1)) for (const { step, payload } of refusedIn(recordings.journal(one))) forked.host.transport.confirm?.(step, payload);
  return forked;
}

interface Behind {
  /** The nearest first. */
  readonly forks: readonly Found[];
  /** The runs from the nearest fork, or from the first that there still is, to this one. */
  readonly since: readonly string[];
  /** A run that it comes of as well, or may come of: its recording is gone, and with it what it has sent. */
  readonly gone?: string;
}

/** The forks that a run comes of: itself, one that it goes on with, and those that each of them goes on from. */
async function forksBehind(run: Forked, recordings: Pick<Recordings, 'past'>): Promise<Behind> {
  const since: string[] = [];
  for (let at = run; ;) {
    const { request: { fork }, head: { id, origin } } = at;
    since.unshift(id);
    if (origin?.kind !== 'resume') return { forks: [], since };
    const past = recordings.past(origin.run);
    const before = past && { head: past.head, request: await past.request() };
    if (fork) {
      const { forks, gone } = before ? await forksBehind(before, recordings) : { forks: [], gone: origin.run };
      return { forks: [{ request: { fork }, head: { id, origin }, since }, ...forks], since, ...(gone !== undefined && { gone }) };
    }
    // The first of all began at the beginning.
    if (!before) return { forks: [], since, ...(origin.root !== origin.run && { gone: origin.run }) };
    at = before;
  }
}

const perRead = 200;

/** Others have their turn meanwhile. */
async function* eventsOf({ events }: Pick<Recordings['archive'], 'events'>, run: string, after: number): AsyncGenerator<NumberedRunEvent> {
  for (let last = after; ;) {
    const rows = events(run, last, perRead);
    yield* rows;
    if (rows.length < perRead) return;
    last = rows.at(-1)!.seq;
    await setImmediate();
  }
}

function* refusedIn(journal: Journal): Generator<{ readonly step: string; readonly payload: string }> {
  for (const { event } of journal.rows()) if (event.type === 'payload-failed' && event.error.code === 'WRITE_UNCONFIRMED') yield { step: event.step, payload: event.payload.id };
}
