import type { RunEvent } from '../model/run-event.ts';
import { mayBeDoneTwice } from '../model/sent-again.ts';

/** Which steps have sent what would be done twice: for the payloads that are under way, and for those that they were made of. */
export class Sent {
  readonly #byPayload = new Map<string, ReadonlySet<string>>();
  /** Step → of all payloads that it is through with. */
  readonly #through = new Map<string, Set<string>>();

  take(event: RunEvent): void {
    if (event.type === 'exchange' && event.step !== undefined && event.payload !== undefined && mayBeDoneTwice(event.exchange)) this.#add(event.payload, [event.step]);
    else if (event.type === 'payload-done') {
      for (const step of this.#byPayload.get(event.payload) ?? []) this.#through.set(event.step, (this.#through.get(event.step) ?? new Set()).add(step));
      this.#byPayload.delete(event.payload);
    }
  }

  /** A step has made a payload: of another, or of all that it has gathered. */
  gave(step: string, payload: string, from: string | undefined): void {
    this.#add(payload, from === undefined ? (this.#through.get(step) ?? []) : this.of(from));
  }

  of(payload: string): ReadonlySet<string> {
    return this.#byPayload.get(payload) ?? new Set();
  }

  /** Whatever happens to it meanwhile. */
  keeping(payload: string, work: () => void): void {
    const steps = this.of(payload);
    work();
    this.#add(payload, steps);
  }

  #add(payload: string, steps: Iterable<string>): void {
    const all = new Set([...this.of(payload), ...steps]);
    if (all.size > 0) this.#byPayload.set(payload, all);
  }
}
