import { mayBeDoneTwice } from '../model/sent-again.ts';
import type { ExchangeHead, RunEvent } from '../model/run-event.ts';
import { Counterparts, madeBy, type MadeOf } from './counterparts.ts';
import { argsKey } from './recorded-state.ts';
import { printOf } from './same-request.ts';

/** A run that another goes on from, in its middle. */
export interface GoneOnFrom {
  /** In their order. */
  events(after: number): RunEvents;
  exchange(seq: number): ExchangeHead;
  /** The event after which the other goes on. */
  readonly after: number;
  /** The payload that somebody has changed: its id there, and here. */
  readonly changed?: { readonly from: string; readonly to: string } | undefined;
  /** Steps of the flow as it is now, where that is not what it was. */
  readonly stepsNow?: ReadonlySet<string> | undefined;
  /** Those that have gone on from it so far, in their order. */
  readonly since: readonly RunEvents[];
}

type RunEvents = AsyncIterable<{ readonly seq: number; readonly event: RunEvent }>;

export interface Sent {
  readonly step: string | undefined;
  readonly payload: string | undefined;
  /** Read when somebody asks: there may be very many. */
  exchange(): ExchangeHead;
  readonly print: string;
  readonly hasFailed: boolean;
  readonly isDone: boolean;
  isUsed: boolean;
  /** The step and payload that it stood for before the run was interrupted: it may stand for those again, but for no others. */
  takenBy?: string;
}

export interface Called {
  readonly step: string;
  /** Of its key. */
  readonly args: string;
  readonly run: string;
  isUsed: boolean;
  /** As of what was sent: of the key. */
  takenBy?: string;
}

/**
 * What a run has done since another goes on from its middle, and what those have done that it went on from itself. Who asks does so with the payloads of the run that
 * is at work.
 */
export class DoneThen {
  readonly #digest: (text: string) => string;
  readonly #earlier: DoneThen | undefined;
  readonly #counterparts: Counterparts;
  readonly #stepsNow: ReadonlySet<string> | undefined;
  readonly #sent = new Map<string, Sent[]>();
  readonly #unrepeatable: Sent[] = [];
  readonly #called = new Map<string, Called>();
  /** Step → keys of what it was asked to call for the payload that was changed, and for what was made of it. */
  readonly #ofChanged = new Map<string, ReadonlySet<string>>();
  readonly #ended = new Set<string>();
  /** Payloads that have come to their steps. */
  readonly #come = new Set<string>();

  private constructor({ changed, stepsNow }: GoneOnFrom, earlier: DoneThen | undefined, later: readonly string[], digest: (text: string) => string) {
    this.#digest = digest;
    this.#earlier = earlier;
    this.#counterparts = new Counterparts(changed, later);
    this.#stepsNow = stepsNow;
  }

  /** The runs that each other goes on from, the nearest first; of none, nothing is known. `digest`: names a text. */
  static async of(runs: readonly GoneOnFrom[], digest: (text: string) => string): Promise<DoneThen | undefined> {
    let done: DoneThen | undefined;
    for (const [index, run] of [...runs.entries()].toReversed()) {
      // What it was answered from an earlier one stands in its own recording.
      if (done) for await (const { event } of run.events(0)) {
        done.#use(event);
        if (event.type === 'state' && event.read.op === 'flow-start') done.#takeCalled(event.read.answer, (one) => { one.isUsed = true; });
      }
      done = new DoneThen(run, done, runs.slice(0, index).flatMap(({ changed }) => changed?.from ?? []), digest);
      for await (const { seq, event } of run.events(run.after)) done.#note(event, () => run.exchange(seq));
      for (const one of run.since) await done.#takeUp(one);
    }
    return done;
  }

  /** Something that happens in the run that goes on. */
  take(event: RunEvent): void {
    const made = madeBy(event);
    if (made) this.#takeMade(made);
  }

  /** What was sent then just so. `said`: the names of its prints. */
  same(step: string | undefined, payload: string | undefined, said: () => readonly string[], by = keyOf(step, payload)): Sent | undefined {
    const there = this.#counterparts.of(payload);
    const isSame = (one: Sent): boolean => isFree(one, by) && !one.hasFailed && said().includes(one.print);
    const own = this.#sent.get(keyOf(step, there))?.find(isSame);
    // Where something was put in front, all behind it has another place.
    const moved = own || !this.#counterparts.isOfChanged(payload) ? undefined : this.#unrepeatable.find((one) => one.step === step && isSame(one) && this.#counterparts.wasOfChanged(one.payload));
    return own ?? moved ?? this.#earlier?.same(step, there, said, by);
  }

  /** What was sent then, and would be done twice if something were sent now. */
  unrepeatable(step: string | undefined, payload: string | undefined, by = keyOf(step, payload)): Sent | undefined {
    const there = this.#counterparts.of(payload);
    const key = keyOf(step, there);
    const own = this.#sent.get(key)?.find((one) => isFree(one, by) && one.isDone);
    const ofChanged = own || !this.#counterparts.isOfChanged(payload) ? undefined : this.#unrepeatable.find((one) => isFree(one, by) && one.step === step && this.#counterparts.wasOfChanged(one.payload));
    // In another flow a payload of then may go by any name.
    const stepsNow = own || ofChanged || this.#come.has(key) ? undefined : this.#stepsNow;
    const renamed = stepsNow && this.#unrepeatable.find((one) => isFree(one, by) && (one.step === step || !stepsNow.has(one.step ?? '')));
    return own ?? ofChanged ?? renamed ?? this.#earlier?.unrepeatable(step, there, by);
  }

  /** The runs that were called then and may stand for the one that is called now; that with the same key, but for the payload's id, comes first. */
  *called(step: string, payload: string, key: string, by = argsKey(key)): Generator<Called> {
    const there = this.#counterparts.of(payload);
    const isKeyOf = key.endsWith(payload);
    const prefix = isKeyOf ? key.slice(0, -payload.length) : key;
    const keyThere = isKeyOf ? prefix + there : key;
    const own = this.#called.get(keyOf(step, argsKey(keyThere)));
    if (own && isFree(own, by)) yield own;
    if (isKeyOf && this.#counterparts.isOfChanged(payload)) {
      const keys = this.#ofChanged.get(step) ?? new Set(this.#counterparts.allOfChanged().map((id) => argsKey(prefix + id)));
      this.#ofChanged.set(step, keys);
      for (const one of this.#called.values()) if (isFree(one, by) && one !== own && one.step === step && keys.has(one.args)) yield one;
    } else if (this.#stepsNow && !own && !this.#come.has(keyOf(step, there))) {
      for (const one of this.#called.values()) if (isFree(one, by) && (one.step === step || !this.#stepsNow.has(one.step))) yield one;
    }
    if (this.#earlier) yield* this.#earlier.called(step, there, keyThere, by);
  }

  /** The step came to its end with the payload. */
  hasEnded(step: string, payload: string): boolean {
    const there = this.#counterparts.of(payload);
    return this.#ended.has(keyOf(step, there)) || this.#earlier?.hasEnded(step, there) === true;
  }

  /** A run that has gone on from it: a payload that it was not through with comes again, and with it what it was answered. */
  async #takeUp(events: RunEvents): Promise<void> {
    const taken: Sent[] = [];
    for await (const { event } of events) {
      this.take(event);
      if (event.type === 'state' && event.read.op === 'flow-start') this.#takeCalled(event.read.answer, (one) => { one.takenBy = event.read.args; });
      const same = event.type === 'exchange' ? this.#use(event) : undefined;
      if (event.type !== 'exchange' || !same) continue;
      same.takenBy = keyOf(event.step, event.payload);
      taken.push(same);
    }
    for (const one of taken) one.isUsed = false;
  }

  #takeCalled(run: unknown, take: (one: Called) => void): void {
    for (const one of this.#called.values()) if (one.run === run) take(one);
    if (this.#earlier) this.#earlier.#takeCalled(run, take);
  }

  #note(event: RunEvent, exchange: Sent['exchange']): void {
    const made = madeBy(event);
    if (made) this.#counterparts.noteThere(made);
    else if (event.type === 'payload-done') this.#ended.add(keyOf(event.step, event.payload));
    else if (event.type === 'payload-in' && this.#stepsNow) this.#come.add(keyOf(event.step, event.payload.id));
    else if (event.type === 'state' && event.read.op === 'flow-start') this.#called.set(keyOf(event.step, event.read.args), { step: event.step, args: event.read.args, run: String(event.read.answer), isUsed: false });
    else if (event.type === 'exchange') this.#noteSent({ step: event.step, payload: event.payload, exchange, print: this.#digest(printOf(event.exchange, event.step)), hasFailed: event.exchange.error !== undefined, isDone: mayBeDoneTwice(event.exchange), isUsed: false });
  }

  #noteSent(one: Sent): void {
    const key = keyOf(one.step, one.payload);
    const known = this.#sent.get(key) ?? [];
    this.#sent.set(key, known);
    known.push(one);
    if (one.isDone) this.#unrepeatable.push(one);
  }

  #takeMade(made: MadeOf): void {
    const there = this.#counterparts.noteHere(made);
    if (there && this.#earlier) this.#earlier.#takeMade(there);
  }

  /** Gives what the request was answered with. */
  #use(event: RunEvent): Sent | undefined {
    if (event.type !== 'exchange' || event.exchange.error) return undefined;
    const { exchange } = event;
    const same = this.same(event.step, event.payload, () => [this.#digest(printOf(exchange, event.step))]);
    if (same) same.isUsed = true;
    return same;
  }
}

const isFree = ({ isUsed, takenBy }: Pick<Sent, 'isUsed' | 'takenBy'>, by: string): boolean => !isUsed && (takenBy === undefined || takenBy === by);

const keyOf = (step: string | undefined, payload: string | undefined): string => JSON.stringify([step, payload]);
