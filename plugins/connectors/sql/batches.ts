import { FlowError, type CallContext, type ErrorCode, type Payload } from '../../sdk/index.ts';
import type { SqlClient } from './dialect.ts';
import { ofRecord } from './failures.ts';
import type { Refused } from './transaction.ts';

/** What came of a batch, and the payload that goes on. */
export interface Answer {
  readonly records: number;
  /** Those that went through. */
  readonly written: number;
  readonly refused?: readonly { readonly index: number; readonly code: ErrorCode; readonly message: string }[];
  /** Rows, as the database counts them. */
  readonly affected?: number;
  /** What statements gave back (`returning`). */
  readonly rows?: readonly unknown[];
}

export const answerOf = (records: number, refused: readonly Refused[], more: Partial<Answer> = {}): Answer => ({
  records, written: records - refused.length, ...more,
  ...(refused.length > 0 && { refused: refused.map(({ index, error: { code, message } }) => ({ index, code, message })).sort((a, b) => a.index - b.index) }),
});

export interface BatchOptions {
  readonly size: number;
  readonly isWhole: boolean;
  /** What is written is the payload itself, not its records. */
  readonly isOne?: boolean;
}

/**
 * Writes batches one after the other, each by one exchange that is done as a whole or not at all, and gives a payload with the answer to each. Records that are
 * refused are given up alone. A further attempt, also one after a crash, begins with the batch that was not done with.
 */
export async function* inBatches(payload: Payload, records: readonly unknown[], { size, isWhole, isOne = false }: BatchOptions, context: CallContext<SqlClient>, write: (batch: readonly unknown[]) => Promise<unknown>): AsyncGenerator<Payload> {
  const step = isWhole ? Math.max(1, records.length) : size;
  let next = (context.resumed as { readonly next: number } | undefined)?.next ?? 0;
  const checkpoint = (withNext: boolean): void => {
    const from = next;
    context.checkpoint({ next: from }, { withNext, done: from, rest: () => (from >= records.length ? undefined : from === 0 ? payload : payload.with({ body: records.slice(from) })) });
  };
  if (next > 0) checkpoint(false);
  while (next < records.length) {
    const batch = records.slice(next, next + step);
    const answer = (await write(batch)) as Answer;
    for (const { index, code, message } of answer.refused ?? []) context.fail(isOne ? payload : payload.with({ body: batch[index] }), ofRecord(new FlowError(code, message), next + index, records.length), { record: next + index });
    next += batch.length;
    checkpoint(true);
    yield payload.with({ body: answer, mediaType: 'application/json' });
  }
}
