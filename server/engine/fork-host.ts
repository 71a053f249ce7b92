import type { Payload } from '../../plugins/sdk/index.ts';
import { maybeSentAgain, mayBeDoneTwice, sentAgain } from '../model/sent-again.ts';
import type { ExchangeHead, RunEvent } from '../model/run-event.ts';
import { DoneThen, type GoneOnFrom } from './done-then.ts';
import type { EngineHost, FlowsHost, Transport } from './host.ts';
import { responseOf, type Recorded } from './replay.ts';
import type { Journal, JournalRow } from './resume.ts';
import { printsOf } from './same-request.ts';

export interface ForkHostOptions {
  /** The run that begins so. */
  readonly run: string;
  /** Of a run, by its id, in their order; others have their turn meanwhile. `undefined`: its recording is gone. */
  readonly eventsOf: (run: string) => AsyncIterable<{ readonly event: RunEvent }> | undefined;
  /** The run that this one goes on from, and those that each goes on from itself, the nearest first. */
  readonly runs: readonly GoneOnFrom[];
  /** One more behind those, whose recording is gone: it may have sent whatever they have not. */
  readonly gone?: string | undefined;
  /** A short name for a text, of which no other has the same. */
  readonly digest: (text: string) => string;
  readonly recorded: Recorded;
  /** Of a run that was called: its key, and whether it began with just that. `undefined`: its recording is gone. */
  readonly calledWith: (run: string, flow: string, payload: Payload, variables: Readonly<Record<string, unknown>>) => Promise<{ readonly key?: string; readonly isSame: boolean } | undefined>;
  /** Whatever would be done twice is sent again. */
  readonly isConfirmed?: boolean | undefined;
}

export interface Fork {
  readonly host: EngineHost;
  /** Is told what happens in the run. */
  take(event: RunEvent): void;
}

/**
 * The host of a run that goes on from the middle of another: what that one has sent since, this one does not send again. A request that is the same in every way,
 * from the same step for the same payload, gets the answer of then; what is new is sent. One that stands for another of then, which would be done twice, fails with
 * `WRITE_UNCONFIRMED`, and so does whatever a run may have sent whose recording is gone. Who was told something then is not told again.
 */
export async function forkHost(host: EngineHost, { run, eventsOf, runs, gone, digest, recorded, calledWith, isConfirmed = false }: ForkHostOptions): Promise<Fork> {
  const done = await DoneThen.of(runs, digest);
  const confirmed = new Set<string>();
  const mayBeAsked = (step: string | undefined, payload: string | undefined): boolean => isConfirmed || confirmed.has(keyOf(step, payload));

  const send: Transport['send'] = async (request, options) => {
    const { step, payload, changes = false } = options;
    let prints: readonly string[] | undefined;
    const same = options.said && done?.same(step, payload, () => (prints ??= printsOf(options.said!(), step).map(digest)));
    if (done && same) {
      done.use(same, step, payload);
      return responseOf(same.exchange(), recorded);
    }
    if (changes && !mayBeAsked(step, payload)) {
      const then = done?.unrepeatable(step, payload);
      if (then) throw sentAgain([then.step ?? ''], toldOf(then.exchange()));
      if (gone !== undefined) throw maybeSentAgain(step ?? '', gone);
    }
    return host.transport.send(request, options);
  };

  /** By the key that it would have if nothing had been called before. */
  const keys = new Map<string, string>();
  /** The key of the run that stands for this call: of one of then, or of one that nobody has started yet. Fails with `WRITE_UNCONFIRMED`. */
  const keyFor = async (flow: string, step: string, payload: Payload, { key, variables = {} }: { readonly key: string; readonly variables?: Readonly<Record<string, unknown>> }): Promise<string> => {
    let isNew = true;
    let refusal: string | undefined;
    for (const one of done?.called(step, payload.id, key) ?? []) {
      const called = await calledWith(one.run, flow, payload, variables);
      if (called?.isSame && !one.isUsed) {
        one.isUsed = true;
        return called.key ?? key;
      }
      if (!called || (await hasSent(eventsOf, one.run))) refusal ??= `the run ${one.run} of ${JSON.stringify(flow)}, ${called ? 'which did so' : 'of which nobody knows any more what it did'}, would be followed by another`;
      isNew = false;
    }
    if (!mayBeAsked(step, payload.id)) {
      if (refusal !== undefined) throw sentAgain([step], refusal);
      if (gone !== undefined) throw maybeSentAgain(step, gone);
    }
    return isNew && gone === undefined ? key : `${key}/${run}`;
  };
  const open: FlowsHost['open'] = async (flow, caller, step) => {
    const call = await host.flows.open(flow, caller, step);
    return {
      async start(payload, options) {
        const key = keys.get(options.key) ?? (await keyFor(flow, step, payload, options));
        // A further attempt starts no other run.
        keys.set(options.key, key);
        return call.start(payload, { ...options, key });
      },
    };
  };

  return {
    take: (event) => done?.take(event),
    host: {
      ...host,
      transport: { send, confirm: (step, payload) => void confirmed.add(keyOf(step, payload)) },
      flows: { open },
      state: { ...host.state, notify: async (group, message, place) => (done?.hasEnded(place.step, place.payload) ? undefined : host.state.notify(group, message, place)) },
    },
  };
}

/** Whether a run, or one that it has called, has sent what would be done twice. One whose recording is gone may have. */
async function hasSent(eventsOf: ForkHostOptions['eventsOf'], run: string): Promise<boolean> {
  const events = eventsOf(run);
  if (!events) return true;
  for await (const { event } of events) {
    if (event.type === 'exchange' && mayBeDoneTwice(event.exchange)) return true;
    if (event.type === 'state' && event.read.op === 'flow-start' && (await hasSent(eventsOf, String(event.read.answer)))) return true;
  }
  return false;
}

const toldOf = ({ method, url, status, error }: ExchangeHead): string =>
  `${method} ${url.split('?', 1)[0]}${status === undefined ? (error ? `, of which no answer came (${error.code})` : '') : `, answered ${status}`}. What would be sent now is not the same`;

/** A recording as it was at one of its events. */
export function journalUntil(journal: Journal, last: number): Journal {
  return {
    ...journal,
    *rows(): Generator<JournalRow> {
      const done = new Set<string>();
      for (const { seq, event } of journal.rows()) if (seq <= last && event.type === 'payload-done') done.add(`${event.step} ${event.payload}`);
      for (const row of journal.rows()) {
        if (row.seq > last) return;
        yield row.event.type === 'payload-in' ? { ...row, isDone: done.has(`${row.event.step} ${row.event.payload.id}`) } : row;
      }
    },
  };
}

const keyOf = (step: string | undefined, payload: string | undefined): string => JSON.stringify([step, payload]);
