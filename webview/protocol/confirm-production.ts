import { RunnerProblem } from './runner-client.ts';

/** What starts a run against an environment that is marked as production must send. */
export type Confirmation = 'production';

/**
 * Does what the runner refuses against production where nobody has confirmed it; then asks, and does it once more. `ask` gets the runner's sentence.
 * `undefined`: the answer was no.
 */
export async function confirmProduction<T>(ask: (message: string) => boolean | Promise<boolean>, work: (confirm?: Confirmation) => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RunnerProblem) || error.code !== 'PRODUCTION_UNCONFIRMED') throw error;
    return (await ask(error.message)) ? work('production') : undefined;
  }
}
