import type { NumberedRunEvent, PayloadHead, RunEvent, StateRead } from '../model/run-event.ts';

/** Where the events of a run are read. */
export interface EventSource {
  /** Behind a place of the stream; they are numbered without gaps, from 1. */
  events(run: string, afterSeq: number, limit: number): Promise<readonly NumberedRunEvent[]>;
}

export interface Output {
  readonly port: string;
  readonly payload: PayloadHead;
}

/** What has become of the whole run at a place of its stream. */
export interface Seen {
  readonly variables: Readonly<Record<string, unknown>>;
  /** The last things that a step has read. */
  reads(step: string): readonly StateRead[];
  /** The first payloads that a step has made of another one that it is not through with, or of none. */
  outputs(step: string, from: string | undefined): readonly Output[];
}

/** The events of a recording, read a chunk at a time; whoever goes through them, in either direction, reads each of them a few times. */
export class PastEvents {
  readonly #source: EventSource;
  readonly #run: string;
  /** Chunks by their numbers; those that were read last come last. */
  readonly #chunks = new Map<number, readonly NumberedRunEvent[]>();
  /** Where the first chunks begin, to go back to. */
  readonly #bases: State[] = [emptyState];
  #state: State = emptyState;

  constructor(source: EventSource, run: string) {
    this.#source = source;
    this.#run = run;
  }

  /** Some of those behind a place, in their order; none at the end of the run. */
  async after(seq: number): Promise<readonly NumberedRunEvent[]> {
    return (await this.#chunk(Math.floor(seq / chunkLength), seq + 1)).filter((one) => one.seq > seq);
  }

  /** Some of those before a place, in their order; none at the beginning. */
  async before(seq: number): Promise<readonly NumberedRunEvent[]> {
    return seq <= 1 ? [] : (await this.#chunk(Math.floor((seq - 2) / chunkLength), seq - 1)).filter((one) => one.seq < seq);
  }

  /** The number of the last one; 0 where there is none. */
  async last(): Promise<number> {
    for (let last = 0; ;) {
      const next = (await this.after(last)).at(-1)?.seq;
      if (next === undefined) return last;
      last = next;
    }
  }

  /** Up to a place, the event there included. */
  async seen(seq: number): Promise<Seen> {
    let state = this.#state.seq > seq ? this.#bases[Math.min(Math.floor(seq / chunkLength), this.#bases.length - 1)]! : this.#state;
    while (state.seq < seq) {
      const events = (await this.after(state.seq)).filter((one) => one.seq <= seq);
      if (events.length === 0) break;
      state = advanced(state, events);
      if (state.seq === this.#bases.length * chunkLength && this.#bases.length < mostBases) this.#bases.push(state);
    }
    this.#state = state;
    return seenOf(state);
  }

  /** `upTo`: what was read of a run that goes on is enough as far as there. */
  async #chunk(number: number, upTo: number): Promise<readonly NumberedRunEvent[]> {
    const known = this.#chunks.get(number);
    const isEnough = known !== undefined && (known.length === chunkLength || (known.at(-1)?.seq ?? 0) >= upTo);
    const chunk = isEnough ? known : await this.#source.events(this.#run, number * chunkLength, chunkLength);
    this.#chunks.delete(number);
    this.#chunks.set(number, chunk);
    if (this.#chunks.size > mostChunks) this.#chunks.delete(this.#chunks.keys().next().value!);
    return chunk;
  }
}

/** Is never changed: what goes on from it is another one. */
interface State {
  readonly seq: number;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly reads: ReadonlyMap<string, readonly StateRead[]>;
  /** By step and payload. */
  readonly outputs: ReadonlyMap<string, readonly Output[]>;
}

const emptyState: State = { seq: 0, variables: {}, reads: new Map(), outputs: new Map() };

function advanced(from: State, events: readonly NumberedRunEvent[]): State {
  const variables = { ...from.variables };
  const reads = new Map(from.reads);
  const outputs = new Map(from.outputs);
  for (const { event } of events) {
    if (event.type === 'variable') variables[event.name] = event.value;
    else if (event.type === 'state') reads.set(event.step, [...(reads.get(event.step) ?? []), event.read].slice(-kept));
    else if (event.type === 'payload-out') takeOutput(outputs, event);
    else if (event.type === 'payload-done') outputs.delete(keyOf(event.step, event.payload));
  }
  return { seq: events.at(-1)!.seq, variables, reads, outputs };
}

function takeOutput(outputs: Map<string, readonly Output[]>, { step, from, port, payload }: RunEvent & { type: 'payload-out' }): void {
  const known = outputs.get(keyOf(step, from)) ?? [];
  if (known.length < kept) outputs.set(keyOf(step, from), [...known, { port, payload }]);
}

const keyOf = (step: string, payload: string | undefined): string => (payload === undefined ? step : `${step} ${payload}`);

const seenOf = ({ variables, reads, outputs }: State): Seen => ({ variables, reads: (step) => reads.get(step) ?? [], outputs: (step, from) => outputs.get(keyOf(step, from)) ?? [] });

const chunkLength = 1_000;
/** In memory at a time. */
const mostChunks = 4;
/** Further to the back of a run one goes back to the last of them. */
const mostBases = 100;
const kept = 50;
