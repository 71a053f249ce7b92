import mysql, { type Connection as Driver, type ConnectionOptions, type FieldPacket, type QueryError, type QueryOptions, type ResultSetHeader } from 'mysql2';
import { FlowError, type Connection } from '../../sdk/index.ts';
import { checkColumns } from '../sql/columns.ts';
import type { Result, Row, Rows, SqlClient, Statement } from '../sql/dialect.ts';
import { failureOfConnecting } from '../sql/failures.ts';
import { dialect } from './dialect.ts';
import { mysqlFailure } from './failures.ts';
import { cast } from './types.ts';

/** Makes a connection whose session does not depend on the settings of the server. */
export async function connectTo(options: ConnectionOptions, readOnly: boolean, signal: AbortSignal): Promise<Connection<SqlClient>> {
  const driver = mysql.createConnection({
    ...options, charset: 'utf8mb4', supportBigNumbers: true, bigNumberStrings: false, dateStrings: true, jsonStrings: true, enableKeepAlive: true, maxPreparedStatements: 100,
    // Nothing of a statement is compiled to code.
    disableEval: true,
  });
  const abort = (): void => driver.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => driver.connect((error) => (error ? reject(error) : resolve())));
    const { rows: [server] } = await run(driver, { text: 'select version() as version', values: [] });
    const isMariaDb = /mariadb/i.test(String(server?.['version']));
    // A flow may take its time between two pages.
    await run(driver, { text: `set time_zone = '+00:00', net_write_timeout = 3600, sql_mode = concat_ws(',', nullif(replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', 'STRICT_ALL_TABLES'), ''), 'STRICT_ALL_TABLES')`, values: [] });
    if (readOnly) await run(driver, { text: 'set session transaction read only', values: [] });
    signal.throwIfAborted();
    return clientOf(driver, options, { isMariaDb, isReadOnly: readOnly });
  } catch (error) {
    driver.destroy();
    signal.throwIfAborted();
    throw failureOfConnecting(FlowError.is(error) ? error : mysqlFailure(error), { host: String(options.host), port: Number(options.port) }, 'MySQL or MariaDB');
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function clientOf(driver: Driver, options: ConnectionOptions, { isMariaDb, isReadOnly }: { readonly isMariaDb: boolean; readonly isReadOnly: boolean }): Connection<SqlClient> {
  let isOpen = true;
  let busy = 0;
  let limitMs: number | undefined;
  driver.on('error', () => { isOpen = false; });
  driver.on('end', () => { isOpen = false; });
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    busy++;
    try {
      return await work();
    } catch (error) {
      throw FlowError.is(error) ? error : mysqlFailure(error);
    } finally {
      busy--;
    }
  };
  const kept: SqlClient['kept'] = { tables: new Map() };
  const ask = (statement: Statement): Promise<Result> => asked(() => run(driver, statement));
  const limit: SqlClient['limit'] = async (ms) => {
    if (ms !== limitMs) await ask({ text: isMariaDb ? `set session max_statement_time = ${Math.trunc(ms) / 1_000}` : `set session max_execution_time = ${Math.trunc(ms)}`, values: [] });
    limitMs = ms;
  };
  return {
    client: {
      kept, run: ask, isReadOnly,
      limit,
      async open(statement) {
        // It would be that of the whole reading; each page has one of its own.
        await limit(0);
        await ask({ text: 'start transaction read only', values: [] });
        busy++;
        return rowsOf(driver, statement, asked, async () => {
          busy--;
          await ask({ text: dialect.commit, values: [] });
        });
      },
    },
    isOpen: () => isOpen,
    async close() {
      if (busy > 0) await endStatement(driver, options);
      else await new Promise<void>((resolve) => driver.end(() => resolve()));
    },
  };
}

/** The server does not notice that nobody waits any more: it is told, over another connection. */
async function endStatement(driver: Driver, options: ConnectionOptions): Promise<void> {
  const { threadId } = driver;
  driver.destroy();
  const other = mysql.createConnection(options);
  other.on('error', () => undefined);
  // It may have ended by itself, or the server is gone.
  await run(other, { text: `kill ${Math.trunc(threadId)}`, values: [] }).catch(() => undefined);
  other.destroy();
}

/** With values as a prepared statement, which binds them in the server; without, as a text, since not every command can be prepared. */
function run(driver: Driver, { text, values }: Statement): Promise<Result> {
  return new Promise<{ result: unknown; fields: Fields }>((resolve, reject) => {
    const done = (error: QueryError | null, result: unknown, fields: Fields): void => (error ? reject(error) : resolve({ result, fields }));
    const options: QueryOptions = { sql: text, typeCast: cast };
    if (values.length > 0) driver.execute({ ...options, values: [...values] as never }, done as never);
    else driver.query(options, done as never);
  }).then(({ result, fields }) => {
    // A procedure gives several lists.
    const [first] = fields ?? [];
    checkColumns(namesOf(Array.isArray(first) ? first : (fields as readonly FieldPacket[] | undefined)));
    return resultOf(result);
  });
}

type Fields = readonly (FieldPacket | FieldPacket[] | undefined)[] | undefined;

const namesOf = (fields: readonly FieldPacket[] | undefined): readonly string[] => (fields ?? []).map(({ name }) => name);

function resultOf(result: unknown): Result {
  if (!Array.isArray(result)) return { rows: [], affected: (result as ResultSetHeader).affectedRows };
  // A procedure gives several lists, and a header at the end.
  const rows = (Array.isArray(result[0]) ? result[0] : result) as readonly Row[];
  return { rows, affected: rows.length };
}

function rowsOf(driver: Driver, { text, values }: Statement, asked: <T>(work: () => Promise<T>) => Promise<T>, end: () => Promise<void>): Rows {
  const options: QueryOptions = { sql: text, typeCast: cast };
  const query = values.length > 0 ? driver.execute({ ...options, values: [...values] as never }) : driver.query(options);
  let names: readonly string[] = [];
  query.on('fields', (fields: FieldPacket[] | undefined) => { if (fields) names = namesOf(fields); });
  const rows = query.stream({ highWaterMark: 100 })[Symbol.asyncIterator]() as AsyncIterator<Row>;
  return {
    next: (most) => asked(async () => {
      const page: Row[] = [];
      while (page.length < most) {
        const { done, value } = await rows.next();
        if (done) break;
        page.push(value);
      }
      checkColumns(names);
      return page;
    }),
    close: end,
  };
}
