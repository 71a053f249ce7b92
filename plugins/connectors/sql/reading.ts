import { FlowError, withoutQuotes, writingWord } from '../../sdk/index.ts';
import type { Dialect, SqlClient } from './dialect.ts';

/** Fails with `CONFIG_INVALID` where a statement does more than read: what stands behind its end could leave the transaction in which nothing can be written. */
export function checkReading(dialect: Dialect, text: string): void {
  const bare = withoutQuotes(text, dialect);
  if (bare.split(';').filter((part) => part.trim() !== '').length > 1) throw new FlowError('CONFIG_INVALID', 'A query is one statement, and behind a semicolon there is more.', { remedy: 'Make an endpoint of each statement; those that write call `execute`, with the direction `send`.' });
  const first = writingWord(bare);
  const word = first ?? dialect.writing?.exec(bare)?.[0] ?? dialect.writingNames?.exec(text)?.[0];
  if (word === undefined) return;
  if (word.startsWith('/*')) throw new FlowError('CONFIG_INVALID', 'The server runs what stands within the comment /*! of a query, whatever it says.', { remedy: 'Write it without the comment around it.' });
  throw new FlowError('CONFIG_INVALID', `A query only reads, and its statement ${first === undefined ? 'says' : 'begins with'} ${word}.`, { remedy: 'Let the endpoint call `execute`, with the direction `send`.' });
}

/** Of an instance that is read only: the first word says what the server lets through though it reads nothing. */
export function checkReadOnly(dialect: Dialect, { isReadOnly }: SqlClient, text: string): void {
  if (isReadOnly !== true || !dialect.reading || dialect.reading.test(withoutQuotes(text, dialect))) return;
  throw new FlowError('CONFIG_INVALID', 'The instance is read only, and the statement of the query is none that only reads.', { remedy: 'Begin it with select, with, values, table, show, describe or explain, or call it by an instance without `readOnly`.' });
}

/** Nothing is begun that would write. */
export function checkWriting({ isReadOnly }: SqlClient): void {
  if (isReadOnly === true) throw new FlowError('CONFIG_INVALID', 'The instance is read only: nothing is written over its connections.', { remedy: 'Call the endpoint by an instance without `readOnly`.' });
}
