import { errors, FlowError, unasked } from '../../sdk/index.ts';
import { ofRecord } from './failures.ts';
import { isPassing, type Dialect, type SqlClient } from './dialect.ts';

export interface Refused {
  /** Among the items. */
  readonly index: number;
  readonly error: FlowError;
}

export interface Written<R> {
  /** Of what went through, in order. */
  readonly results: readonly R[];
  readonly refused: readonly Refused[];
}

/**
 * Writes items in one transaction. Where their data are at fault, halves are tried, and halves of those, until the items that cannot be written are alone;
 * the others are written, in their order. `isWhole`: then nothing is written instead, and it fails with what the first of them is refused for.
 */
export async function writeAll<T, R>(client: SqlClient, dialect: Dialect, items: readonly T[], write: (items: readonly T[]) => Promise<R>, { isWhole = false } = {}): Promise<Written<R>> {
  if (items.length === 0) return { results: [], refused: [] };
  try {
    return await transaction(client, dialect, async () => ({ results: [await write(items)], refused: [] }));
  } catch (error) {
    if (!isAtFault(error) || (isWhole && items.length === 1)) throw error;
    if (items.length === 1) return { results: [], refused: [{ index: 0, error }] };
  }
  return transaction(client, dialect, async () => {
    const results: R[] = [];
    const refused: Refused[] = [];
    const halves = async (from: number, to: number): Promise<void> => {
      const middle = (from + to) >> 1;
      await part(from, middle);
      await part(middle, to);
    };
    const part = async (from: number, to: number): Promise<void> => {
      await command(client, dialect.save);
      try {
        results.push(await write(items.slice(from, to)));
        await command(client, dialect.release);
      } catch (error) {
        if (!isAtFault(error)) throw error;
        if (isWhole && to - from === 1) throw ofRecord(error, from, items.length);
        await command(client, dialect.rollbackToSave);
        await command(client, dialect.release);
        if (to - from === 1) refused.push({ index: from, error });
        else await halves(from, to);
      }
    };
    await halves(0, items.length);
    return { results, refused };
  });
}

/** What comes before anything is written: where the connection is broken by then, nothing was. */
export const before = async (work: Promise<void>): Promise<void> => work.catch((error: unknown) => { throw unasked(error); });

const tries = 4;

/** Made again where it failed for the time being only. */
async function transaction<T>(client: SqlClient, dialect: Dialect, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    await before(command(client, dialect.begin));
    try {
      const result = await work();
      await command(client, dialect.commit);
      return result;
    } catch (error) {
      // The first error is the one that counts.
      await command(client, dialect.rollback).catch(() => undefined);
      if (attempt >= tries || !FlowError.is(error) || !isPassing(error)) throw error;
    }
  }
}

async function command(client: SqlClient, text: string): Promise<void> {
  if (text !== '') await client.run({ text, values: [] });
}

const isAtFault = (error: unknown): error is FlowError => FlowError.is(error) && errors[error.code].kind === 'data';
