import type { RunEvent } from '../model/run-event.ts';

/**
 * Which payloads of a run stand for which of another, where the two differ in one payload that somebody has changed: of what is made of it, the n-th that a step
 * gives now stands for the n-th that it gave then. All others have the same ids in both.
 */
export class Counterparts {
  /** Here → there. What is made here alone stands for itself. */
  readonly #then = new Map<string, string>();
  /** There: ids of the changed payload and of all that was made of it. */
  readonly #made = new Set<string>();
  /** Step and payload, there → what was made of it, in order. */
  readonly #children = new Map<string, string[]>();
  readonly #counts = new Map<string, number>();

  /** `later`: payloads that are changed in a run that goes on from this one. */
  constructor(changed: { readonly from: string; readonly to: string } | undefined, later: readonly string[] = []) {
    for (const id of later) this.#made.add(id);
    if (!changed) return;
    this.#then.set(changed.to, changed.from);
    this.#made.add(changed.from);
  }

  /** Something that was made there. */
  noteThere(made: MadeOf): void {
    if (!this.#made.has(made.of) || this.#made.has(made.id)) return;
    const key = keyOf(made);
    const known = this.#children.get(key) ?? [];
    this.#children.set(key, known);
    known.push(made.id);
    this.#made.add(made.id);
  }

  /** Something that is made here. Gives it as it would have been made there, where nothing was. */
  noteHere(made: MadeOf): MadeOf | undefined {
    if (!this.isOfChanged(made.of)) return made;
    const of = this.of(made.of);
    if (this.#then.has(made.id)) return undefined;
    const there = { ...made, of };
    const key = keyOf(there);
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    const id = this.#children.get(key)?.[count];
    this.#then.set(made.id, id ?? made.id);
    return id === undefined ? there : undefined;
  }

  /** The one there. */
  of<T extends string | undefined>(payload: T): T | string {
    return (payload === undefined ? undefined : this.#then.get(payload)) ?? payload;
  }

  /** Here: it is the changed payload, or made of it. */
  isOfChanged(payload: string | undefined): boolean {
    return payload !== undefined && (this.#then.has(payload) || this.#made.has(payload));
  }

  /** There: all that the changed payload and what was made of it are. */
  allOfChanged(): readonly string[] {
    return [...this.#made];
  }

  /** The same there. */
  wasOfChanged(payload: string | undefined): boolean {
    return payload !== undefined && this.#made.has(payload);
  }
}

export interface MadeOf {
  readonly step: string;
  readonly of: string;
  readonly id: string;
  readonly isPart: boolean;
}

export function madeBy(event: RunEvent): MadeOf | undefined {
  if ((event.type !== 'payload-out' && event.type !== 'payload-failed') || event.from === undefined) return undefined;
  return { step: event.step, of: event.from, id: event.payload.id, isPart: event.type === 'payload-failed' };
}

const keyOf = ({ step, of, isPart }: MadeOf): string => JSON.stringify([step, of, isPart]);
