import mssql, { type config as Config, type ConnectionPool, type IColumnMetadata, type IResult, type Request } from 'mssql';
import { FlowError, type Connection } from '../../sdk/index.ts';
import type { Result, Row, Rows, SqlClient, Statement } from '../sql/dialect.ts';
import { base64Of, numberOf } from '../sql/values.ts';
import { dialect } from './dialect.ts';
import { sqlServerFailure } from './failures.ts';

/** Makes a connection: a pool of one, since the engine has its own. */
export async function connectTo(config: Config, signal: AbortSignal): Promise<Connection<SqlClient>> {
  const pool = new mssql.ConnectionPool({ ...config, pool: { min: 1, max: 1 } });
  const abort = (): void => void pool.close().catch(() => undefined);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await pool.connect();
    signal.throwIfAborted();
    return clientOf(pool);
  } catch (error) {
    abort();
    signal.throwIfAborted();
    throw sqlServerFailure(error);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** What is used of a request of the driver. */
export type Asked = Pick<Request, 'input' | 'query' | 'batch' | 'toReadableStream'> & { on(event: 'recordset', listener: (columns: IColumnMetadata) => void): unknown };

const asked = (pool: ConnectionPool, requestTimeout: number | undefined): Asked =>
  // Not in the declared shape yet: what it overrides of the pool.
  new (mssql.Request as unknown as new (pool: ConnectionPool, overrides: { readonly requestTimeout?: number }) => Request)(pool, requestTimeout === undefined ? {} : { requestTimeout });

/** A connection of the driver as the endpoints use it. */
export function clientOf(pool: ConnectionPool, ask: typeof asked = asked): Connection<SqlClient> {
  let limitMs: number | undefined;
  const requestOf = ({ values }: Statement, requestTimeout = limitMs): Asked => {
    const request = ask(pool, requestTimeout);
    for (const [index, value] of values.entries()) request.input(`p${index + 1}`, given(value));
    return request;
  };
  const run = async (statement: Statement): Promise<Result> => {
    try {
      const request = requestOf(statement);
      // What begins and ends a transaction must not run inside of a procedure, as statements with values do.
      return resultOf(await (statement.values.length > 0 ? request.query(statement.text) : request.batch(statement.text)));
    } catch (error) {
      throw sqlServerFailure(error);
    }
  };
  return {
    client: {
      kept: { tables: new Map() },
      run,
      async limit(ms) { limitMs = ms; },
      // There are no transactions in which nothing can be written: what is written is taken back.
      async open(statement) {
        await run({ text: 'begin transaction', values: [] });
        // Its time limit would be that of the whole reading; each page has one of its own.
        return rowsOf(requestOf(statement, 0), statement.text, async () => {
          const { rows: [state] } = await run({ text: 'select @@trancount as depth', values: [] });
          await run({ text: dialect.rollback, values: [] });
          return Number(state?.['depth']);
        });
      },
    },
    isOpen: () => pool.connected && pool.healthy,
    close: () => pool.close().catch(() => undefined),
  };
}

/** What the driver takes for a value that is bound freely. */
function given(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  return JSON.stringify(value);
}

function resultOf({ recordset, rowsAffected }: IResult<Row>): Result {
  return { rows: recordset ? [...recordset].map((row) => jsonRow(row, recordset.columns)) : [], affected: rowsAffected.reduce((sum, count) => sum + count, 0) };
}

/** `end`: ends the transaction, and gives how many there were. */
function rowsOf(request: Asked, text: string, end: () => Promise<number>): Rows {
  let columns: IColumnMetadata | undefined;
  request.on('recordset', (metadata) => { columns = metadata; });
  const stream = request.toReadableStream({ highWaterMark: 100 });
  // Its failure comes through the stream.
  void Promise.resolve(request.query(text)).catch(() => undefined);
  const rows = stream[Symbol.asyncIterator]() as AsyncIterator<Row>;
  return {
    async next(most) {
      const page: Row[] = [];
      try {
        while (page.length < most) {
          const { done, value } = await rows.next();
          if (done) break;
          page.push(jsonRow(value, columns ?? {}));
        }
      } catch (error) {
        throw sqlServerFailure(error);
      }
      return page;
    },
    async close() {
      stream.destroy();
      const depth = await end();
      if (columns === undefined) throw new FlowError('CONFIG_INVALID', 'The statement gives no rows.', { remedy: writes });
      if (depth !== 1) throw new FlowError('CONFIG_INVALID', 'The statement begins or ends a transaction.', { remedy: writes });
    },
  };
}

const writes = 'A statement that writes belongs to the endpoint "execute".';

const jsonRow = (row: Row, columns: IColumnMetadata): Row => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, jsonValue(value, columns[name]?.type)]));

function jsonValue(value: unknown, type: unknown): unknown {
  if (value instanceof Uint8Array) return base64Of(value);
  if (value instanceof Date) return timeOf(value, type);
  return typeof value === 'string' && type === mssql.BigInt ? numberOf(value) : value;
}

function timeOf(value: Date, type: unknown): string {
  // The driver keeps what is finer than a millisecond beside the date, in seconds.
  const { nanosecondsDelta: finer = 0 } = value as { readonly nanosecondsDelta?: number };
  const digits = String(Math.round(finer * 1e7)).padStart(4, '0').slice(0, 4);
  const text = value.toISOString().replace('Z', `${type === mssql.DateTime ? '' : digits}Z`).replace(/\.?0*Z$/, 'Z');
  if (type === mssql.Date) return text.slice(0, 10);
  if (type === mssql.Time) return text.slice(11, -1);
  return type === mssql.DateTimeOffset ? text : text.slice(0, -1);
}
