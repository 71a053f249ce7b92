import { mayBeDoneTwice } from '../model/sent-again.ts';
import type { ExchangeHead, RunEvent } from '../model/run-event.ts';
import { Counterparts, madeBy, type MadeOf } from './counterparts.ts';
import { argsKey } from './recorded-state.ts';
import { isFree, Lines } from './lines.ts';
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
  /** By step and payload. */
  readonly #sent = new Lines<Sent>();
  /** By step, payload and print. */
  readonly #prints = new Lines<Sent>();
  /** What would be done twice: by step; and by step, and by step and print, as far as it was for the payload that was changed, or for what was made of it. */
  readonly #done = new Lines<Sent>();
  readonly #doneOfChanged = new Lines<Sent>();
  readonly #sameOfChanged = new Lines<Sent>();
  readonly #called = new Map<string, Called>();
  /** By step, as far as it was called for the payload that was changed, or for what was made of it; made when somebody asks. */
  readonly #calledOfChanged = new Lines<Called>();
  /** Step and payload → what stood for the requests of the attempt that is under way, and for those of attempts before it. */
  readonly #attempt = new Map<string, Sent[]>();
  readonly #before = new Map<string, Sent[]>();
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
        done.#beginAttempt(event);
        if (event.type === 'state' && event.read.op === 'flow-start') done.#takeCalled(event.read.answer, (one) => { one.isUsed = true; });
      }
      if (done) done.#forgetAttempts();
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
    else this.#beginAttempt(event);
  }

  /** It stands for a request of the step for the payload: for another one of them only in a further attempt. */
  use(one: Sent, step: string | undefined, payload: string | undefined): void {
    const key = keyOf(step, payload);
    one.isUsed = true;
    const before = this.#before.get(key);
    if (before?.includes(one)) this.#before.set(key, before.filter((other) => other !== one));
    const attempt = this.#attempt.get(key);
    if (attempt) attempt.push(one);
    else this.#attempt.set(key, [one]);
  }

  /** What was sent then just so; in a further attempt of the step what stood for it in one before, where nothing else is left. `said`: the names of its prints. */
  same(step: string | undefined, payload: string | undefined, said: () => readonly string[]): Sent | undefined {
    const by = keyOf(step, payload);
    return this.#same(step, payload, said, by) ?? this.#before.get(by)?.find(({ print }) => said().includes(print));
  }

  #same(step: string | undefined, payload: string | undefined, said: () => readonly string[], by: string): Sent | undefined {
    const there = this.#counterparts.of(payload);
    const key = keyOf(step, there);
    const own = this.#sent.first(key, by) && firstOf(said(), (print) => this.#prints.first(key + print, by));
    // Where something was put in front, all behind it has another place.
    const moved = own ?? (this.#counterparts.isOfChanged(payload) ? this.#moved(step, said, by) : undefined);
    return moved ?? (this.#earlier && this.#earlier.#same(step, there, said, by));
  }

  #moved(step: string | undefined, said: () => readonly string[], by: string): Sent | undefined {
    return this.#doneOfChanged.first(stepKey(step), by) && firstOf(said(), (print) => this.#sameOfChanged.first(keyOf(step, print), by));
  }

  /** What was sent then, and would be done twice if something were sent now. */
  unrepeatable(step: string | undefined, payload: string | undefined): Sent | undefined {
    const by = keyOf(step, payload);
    return this.#unrepeatable(step, payload, by) ?? this.#before.get(by)?.find(({ isDone }) => isDone);
  }

  #unrepeatable(step: string | undefined, payload: string | undefined, by: string): Sent | undefined {
    const there = this.#counterparts.of(payload);
    const key = keyOf(step, there);
    const own = this.#sent.first(key, by, ({ isDone }) => isDone) ?? (this.#counterparts.isOfChanged(payload) ? this.#doneOfChanged.first(stepKey(step), by) : undefined);
    // In another flow a payload of then may go by any name.
    const renamed = own || this.#come.has(key) ? undefined : this.#renamed(step, by);
    return own ?? renamed ?? (this.#earlier && this.#earlier.#unrepeatable(step, there, by));
  }

  #renamed(step: string | undefined, by: string): Sent | undefined {
    const stepsNow = this.#stepsNow;
    if (!stepsNow) return undefined;
    return firstOf(this.#done.keys(), (key) => (key === stepKey(step) || !stepsNow.has(key) ? this.#done.first(key, by) : undefined));
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
      this.#listCalled(step, prefix);
      for (const one of this.#calledOfChanged.all(step, by)) if (one !== own) yield one;
    } else if (this.#stepsNow && !own && !this.#come.has(keyOf(step, there))) {
      for (const one of this.#called.values()) if (isFree(one, by) && (one.step === step || !this.#stepsNow.has(one.step))) yield one;
    }
    if (this.#earlier) yield* this.#earlier.called(step, there, keyThere, by);
  }

  #listCalled(step: string, prefix: string): void {
    if (this.#calledOfChanged.has(step)) return;
    const keys = new Set(this.#counterparts.allOfChanged().map((id) => argsKey(prefix + id)));
    for (const one of this.#called.values()) if (one.step === step && keys.has(one.args)) this.#calledOfChanged.add(step, one);
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
    this.#forgetAttempts();
    this.#rewind();
  }

  #rewind(): void {
    for (const lines of [this.#sent, this.#prints, this.#done, this.#doneOfChanged, this.#sameOfChanged]) lines.rewind();
    if (this.#earlier) this.#earlier.#rewind();
  }

  /** What an attempt was answered, a further one is answered as well: after a failure, or where a debugger begins the step anew. */
  #beginAttempt(event: RunEvent): void {
    // The end of a gathering step has no payload that comes in, but attempts.
    if (event.type !== 'payload-in' && event.type !== 'attempt-failed' && event.type !== 'payload-done') return;
    const key = keyOf(event.step, event.type === 'payload-in' ? event.payload.id : event.payload);
    const before = this.#attempt.get(key);
    if (event.type === 'payload-done') this.#before.delete(key);
    else if (before) this.#before.set(key, [...before, ...(this.#before.get(key) ?? [])]);
    this.#attempt.delete(key);
  }

  #forgetAttempts(): void {
    this.#attempt.clear();
    this.#before.clear();
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
    this.#sent.add(key, one);
    if (!one.hasFailed) this.#prints.add(key + one.print, one);
    if (!one.isDone) return;
    this.#done.add(stepKey(one.step), one);
    // What it was made of came before it.
    if (!this.#counterparts.wasOfChanged(one.payload)) return;
    this.#doneOfChanged.add(stepKey(one.step), one);
    if (!one.hasFailed) this.#sameOfChanged.add(keyOf(one.step, one.print), one);
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
    if (same) this.use(same, event.step, event.payload);
    return same;
  }
}

function firstOf<A, B>(all: Iterable<A>, find: (one: A) => B | undefined): B | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

const keyOf = (step: string | undefined, payload: string | undefined): string => JSON.stringify([step, payload]);

const stepKey = (step: string | undefined): string => step ?? '';
