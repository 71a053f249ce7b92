import mssql, { type config as Config, type ConnectionPool, type IColumnMetadata, type IResult, type Request } from 'mssql';
import { FlowError, type Connection } from '../../sdk/index.ts';
import { twoColumns } from '../sql/columns.ts';
import type { Result, Row, Rows, SqlClient, Statement } from '../sql/dialect.ts';
import { base64Of, numberOf, plain } from '../sql/values.ts';
import { dialect } from './dialect.ts';
import { sqlServerFailure } from './failures.ts';

/** The connection of the driver below its pool. */
interface Link {
  readonly closed: boolean;
  close(): void;
  on(event: 'errorMessage', listener: (said: Said) => void): unknown;
}

/** An error of the server. */
interface Said { readonly number: number; readonly message: string }

/** Makes a connection: a pool of one, since the engine has its own. */
export async function connectTo(config: Config, signal: AbortSignal): Promise<Connection<SqlClient>> {
  const links: Link[] = [];
  const said: Said[] = [];
  const pool = new mssql.ConnectionPool({
    ...config, pool: { min: 1, max: 1 }, validateConnection: false,
    // The first is the pool's trial. Where the second is lost, its transaction is, so there is no third on which the rest would be written.
    beforeConnect(made) {
      const link = made as unknown as Link;
      link.on('errorMessage', (error) => { if (links.length === 1) said.push(error); });
      if (links.push(link) > 2) link.close();
    },
  });
  // What fails is told to who asks.
  pool.on('error', () => undefined);
  const abort = (): void => void pool.close().catch(() => undefined);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await pool.connect();
    signal.throwIfAborted();
    const connection = clientOf(pool, { isOpen: () => links[1]?.closed !== true });
    await connection.client.run({ text: 'select 1 as one', values: [] });
    signal.throwIfAborted();
    return connection;
  } catch (error) {
    abort();
    signal.throwIfAborted();
    throw sqlServerFailure(error, said);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** What is used of a request of the driver. */
export type Asked = Pick<Request, 'input' | 'query' | 'batch' | 'cancel' | 'toReadableStream'> & { on(event: 'recordset', listener: (columns: IColumnMetadata) => void): unknown };

const asked = (pool: ConnectionPool, requestTimeout: number | undefined): Asked =>
  // Not in the declared shape yet: what it overrides of the pool.
  new (mssql.Request as unknown as new (pool: ConnectionPool, overrides: { readonly requestTimeout?: number }) => Request)(pool, requestTimeout === undefined ? {} : { requestTimeout });

/** A connection of the driver as the endpoints use it. */
export function clientOf(pool: ConnectionPool, { isOpen, ask = asked }: { isOpen(): boolean; readonly ask?: typeof asked }): Connection<SqlClient> {
  let limitMs: number | undefined;
  const running = new Set<Asked>();
  const requestOf = ({ values }: Statement, requestTimeout = limitMs): Asked => {
    if (!isOpen()) throw new FlowError('REMOTE_UNREACHABLE', 'The connection is closed.');
    const request = ask(pool, requestTimeout);
    for (const [index, value] of values.entries()) bind(request, `p${index + 1}`, value);
    running.add(request);
    return request;
  };
  const run = async (statement: Statement): Promise<Result> => {
    let request: Asked | undefined;
    try {
      request = requestOf(statement);
      // What begins and ends a transaction must not run inside of a procedure, as statements with values do.
      return resultOf(await (statement.values.length > 0 ? request.query(statement.text) : request.batch(statement.text)));
    } catch (error) {
      throw FlowError.is(error) ? error : sqlServerFailure(error);
    } finally {
      if (request) running.delete(request);
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
        const request = requestOf(statement, 0);
        return rowsOf(request, statement.text, async () => {
          running.delete(request);
          const { rows: [state] } = await run({ text: 'select @@trancount as depth', values: [] });
          await run({ text: dialect.rollback, values: [] });
          return Number(state?.['depth']);
        });
      },
    },
    isOpen,
    async close() {
      // The pool waits for what runs, be it that nobody takes its rows any more.
      for (const request of running) request.cancel();
      await pool.close().catch(() => undefined);
    },
  };
}

/** As the driver guesses the type by the value, but for whole numbers that no integer holds, and for bytes, of which there may be none. */
function bind(request: Asked, name: string, value: unknown): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) request.input(name, mssql.Float, value);
  else if (value instanceof Uint8Array) request.input(name, mssql.VarBinary(mssql.MAX), value);
  else request.input(name, plain(value));
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
        throw FlowError.is(error) ? error : sqlServerFailure(error);
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

const jsonRow = (row: Row, columns: IColumnMetadata): Row => Object.fromEntries(Object.entries(row).map(([name, value]) => {
  // The driver puts the values of all columns of a name into a list.
  if (Array.isArray(value)) throw twoColumns(name);
  return [name, jsonValue(value, columns[name]?.type)];
}));

function jsonValue(value: unknown, type: unknown): unknown {
  if (value instanceof Uint8Array) return base64Of(value);
  if (value instanceof Date) return timeOf(value, type);
  if (typeof value === 'number' && type === mssql.Real) return shortOf(value);
  return typeof value === 'string' && type === mssql.BigInt ? numberOf(value) : value;
}

/** The fewest digits that are this number of four bytes: 0.1, not 0.10000000149011612. */
const shortOf = (value: number): number => [6, 7, 8].map((digits) => Number(value.toPrecision(digits))).find((short) => Math.fround(short) === value) ?? value;

function timeOf(value: Date, type: unknown): string {
  // The driver keeps what is finer than a millisecond beside the date, in seconds.
  const { nanosecondsDelta: finer = 0 } = value as { readonly nanosecondsDelta?: number };
  const digits = String(Math.round(finer * 1e7)).padStart(4, '0').slice(0, 4);
  const text = value.toISOString().replace('Z', `${type === mssql.DateTime ? '' : digits}Z`).replace(/\.?0*Z$/, 'Z');
  if (type === mssql.Date) return text.slice(0, 10);
  if (type === mssql.Time) return text.slice(11, -1);
  return type === mssql.DateTimeOffset ? text : text.slice(0, -1);
}
