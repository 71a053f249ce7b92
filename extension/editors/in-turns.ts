import { setImmediate as others } from 'node:timers/promises';

/** Does work that yields now and then, so that it keeps nobody waiting. Ends early, with `undefined`, where it is not wanted any more. */
export async function inTurns<T>(work: Generator<undefined, T>, isWanted: () => boolean): Promise<T | undefined>;
export async function inTurns<T>(work: Generator<undefined, T>): Promise<T>;
export async function inTurns<T>(work: Generator<undefined, T>, isWanted = (): boolean => true): Promise<T | undefined> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await others();
    if (!isWanted()) return undefined;
  }
}
