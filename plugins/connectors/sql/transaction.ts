import { errors, FlowError, unasked } from '../../sdk/index.ts';
import { ofRecord } from './failures.ts';
import { checkWriting } from './reading.ts';
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
  const refused: Refused[] = [];
  for (;;) {
    const left = [...items.keys()].filter((index) => !refused.some((one) => one.index === index));
    const rest = left.map((index) => items[index]!);
    try {
      const written = await transaction(client, dialect, () => inParts(client, dialect, rest, write, isWhole));
      return { results: written.results, refused: [...written.refused.map(({ index, error }) => ({ index: left[index]!, error })), ...refused] };
    } catch (error) {
      if (!(error instanceof TransactionEnded)) throw error;
      const found = await findEnding(client, dialect, rest, write);
      if (found.length === 0) throw error.cause;
      if (isWhole) throw ofRecord(found[0]!.error, left[found[0]!.index]!, items.length);
      refused.push(...found.map((one) => ({ index: left[one.index]!, error: one.error })));
    }
  }
}

/** A statement failed, and the database took back all of its transaction. */
class TransactionEnded extends Error {}

const hasEnded = async (client: SqlClient, { alive }: Dialect): Promise<boolean> => alive !== undefined && (await client.run({ text: alive, values: [] })).rows[0]?.['alive'] !== 1;

/** Within a transaction. */
async function inParts<T, R>(client: SqlClient, dialect: Dialect, items: readonly T[], write: (items: readonly T[]) => Promise<R>, isWhole: boolean): Promise<Written<R>> {
  const results: R[] = [];
  const refused: Refused[] = [];
  const halves = async (from: number, to: number): Promise<void> => {
    const middle = (from + to) >> 1;
    await part(from, middle);
    await part(middle, to);
  };
  const part = async (from: number, to: number): Promise<void> => {
    if (from === to) return;
    await command(client, dialect.save);
    try {
      results.push(await write(items.slice(from, to)));
      await command(client, dialect.release);
    } catch (error) {
      if (!isAtFault(error)) throw error;
      if (await hasEnded(client, dialect)) throw new TransactionEnded(error.message, { cause: error });
      if (isWhole && to - from === 1) throw ofRecord(error, from, items.length);
      await command(client, dialect.rollbackToSave);
      await command(client, dialect.release);
      if (to - from === 1) refused.push({ index: from, error });
      else await halves(from, to);
    }
  };
  await halves(0, items.length);
  return { results, refused };
}

/** Items that alone end a transaction. Nothing is written: each part is tried in a transaction of its own, which is taken back. */
async function findEnding<T>(client: SqlClient, dialect: Dialect, items: readonly T[], write: (items: readonly T[]) => Promise<unknown>): Promise<Refused[]> {
  const found: Refused[] = [];
  const look = async (from: number, to: number): Promise<void> => {
    const failed = await transaction(client, dialect, async () => {
      try {
        await write(items.slice(from, to));
        return undefined;
      } catch (error) {
        if (!isAtFault(error)) throw error;
        return { error, isEnd: await hasEnded(client, dialect) };
      }
    }, dialect.rollback);
    if (!failed) return;
    const middle = (from + to) >> 1;
    if (to - from > 1) {
      await look(from, middle);
      await look(middle, to);
    } else if (failed.isEnd) found.push({ index: from, error: failed.error });
  };
  await look(0, items.length);
  return found;
}

/** What comes before anything is written: where the connection is broken by then, nothing was. */
export const before = async (work: Promise<void>): Promise<void> => work.catch((error: unknown) => { throw unasked(error); });

const tries = 4;

/** Made again where it failed for the time being only. */
async function transaction<T>(client: SqlClient, dialect: Dialect, work: () => Promise<T>, end = dialect.commit): Promise<T> {
  checkWriting(client);
  for (let attempt = 1; ; attempt++) {
    await before(command(client, dialect.begin));
    try {
      const result = await work();
      await command(client, end);
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
