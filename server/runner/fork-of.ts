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
  const forks = await forksBehind(run, recordings);
  const [nearest] = forks;
  if (!nearest) return undefined;
  const runs = forks.map(({ request: { fork }, head: { id, origin }, since }): GoneOnFrom => ({
    events: (after) => eventsOf(recordings.archive, origin.run, after), after: fork.seq, since: since.map((one) => eventsOf(recordings.archive, one, 0)),
    exchange: (seq) => (recordings.archive.events(origin.run, seq - 1, 1)[0]!.event as RunEvent & { type: 'exchange' }).exchange,
    changed: fork.payload && { from: fork.payload.id, to: changedId(fork.payload.id, id) },
    stepsNow: recordings.past(origin.run)?.head.flowVersion === entry.hash ? undefined : new Set(plan.steps.map((step) => step.id)),
  }));
  const forked = await forkHost(host, {
    run: nearest.head.id, digest: (text) => hash('sha256', text, 'base64url'), journalOf: (one) => recordings.journal(one),
    async calledWith(one, ...call) {
      const past = recordings.past(one);
      return past && { ...(past.key !== undefined && { key: past.key }), isSame: await isSameCall(past, ...call) };
    },
    runs: runs as [GoneOnFrom, ...GoneOnFrom[]], isConfirmed: nearest.request.fork.isWriteConfirmed,
    recorded: { body: async ({ responseBody, responseSealed }) => (responseBody === undefined ? new Uint8Array() : recordings.bytes(responseBody, responseSealed)) },
  });
  for (const one of nearest.since.slice(0, -1)) for (const { step, payload } of refusedIn(recordings.journal(one))) forked.host.transport.confirm?.(step, payload);
  return forked;
}

/** The forks that a run comes of, the nearest first. */
async function forksBehind(run: Forked, recordings: Pick<Recordings, 'past'>): Promise<readonly Found[]> {
  const found = await forkBehind(run, recordings);
  if (!found) return [];
  const past = recordings.past(found.head.origin.run);
  return [found, ...(past ? await forksBehind({ head: past.head, request: await past.request() }, recordings) : [])];
}

/** The run that goes on from the middle of another, this one or one that it goes on with; `since`: the runs from that one to this. */
async function forkBehind(run: Forked, recordings: Pick<Recordings, 'past'>): Promise<Found | undefined> {
  let at: Forked | undefined = run;
  const since: string[] = [];
  while (at) {
    since.unshift(at.head.id);
    const { request, head } = at;
    if (request.fork && head.origin) return { request: { fork: request.fork }, head: { id: head.id, origin: head.origin }, since };
    const past: Awaited<ReturnType<Recordings['past']>> = at.head.origin?.kind === 'resume' ? recordings.past(at.head.origin.run) : undefined;
    at = past && { head: past.head, request: await past.request() };
  }
  return undefined;
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
