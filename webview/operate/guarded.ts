import { RunnerProblem } from '../protocol/runner-client.ts';

type Asks = Readonly<Record<string, unknown>>;

/**
 * The functions of a client, so that each failure is one for the user to read. The token may be taken no more: then it is the form to sign in that counts, and
 * `signedOut` leads there.
 */
export function guarded<Client extends object>(client: Client, signedOut: () => void): Client {
  return Object.fromEntries(Object.entries(client as Asks).map(([name, ask]) => [name, typeof ask === 'function' ? guard(ask as (...args: unknown[]) => unknown, signedOut) : ask])) as Client;
}

const guard = (ask: (...args: unknown[]) => unknown, signedOut: () => void) => async (...args: unknown[]): Promise<unknown> => {
  try {
    return await ask(...args);
  } catch (error) {
    if (error instanceof RunnerProblem && error.status === 401) signedOut();
    throw error instanceof TypeError ? new Error('The runner cannot be reached. Check that it runs.') : error;
  }
};

/** What went wrong, and what to do about it. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof RunnerProblem) return error.remedy ? `${error.message} ${error.remedy}` : error.message;
  return error instanceof Error ? error.message : String(error);
};
