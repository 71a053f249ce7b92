import type { PoolSummary, PoolValueRow } from '../model/api.ts';
import type { StateConnection } from './state-connection.ts';
import { poolStates } from './state-schema.ts';
import type { PoolStore } from './state-store.ts';

const { counts, pending, givenUp } = poolStates;

/**
 * A value counts: it is there, its time is not over, and its run has not given it up. One statement takes a free value and recognises the own one, so that
 * a value costs one look into the tree; a value that counts already never becomes pending again.
 */
const take = `
  INSERT INTO pool_values (pool, entity, value, run, payload, state, at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
  ON CONFLICT DO UPDATE SET run = excluded.run, payload = excluded.payload, at = excluded.at, expires_at = excluded.expires_at,
    state = CASE WHEN expires_at > ?7 AND state = ${counts} THEN ${counts} ELSE excluded.state END
  WHERE expires_at <= ?7 OR state = ${givenUp} OR (run = excluded.run AND payload = excluded.payload)`;

/** Pools in SQLite. */
export function openPools(connection: StateConnection): PoolStore {
  const { run, one, read, write, now } = connection;
  const numberOf = numbersOf(connection);
  const made = (pool: string): number => {
    const known = numberOf(pool);
    if (known > 0) return known;
    run('INSERT INTO pools (name) VALUES (?)', pool);
    return numberOf(pool);
  };
  return {
    ...listing(connection),
    has: (pool, values, entity) => read(() => {
      const id = numberOf(pool);
      return values.map((value) => one(`SELECT 1 FROM pool_values WHERE pool = ? AND entity = ? AND value = ? AND ${live}`, id, entity, value, now()) !== undefined);
    }),
    add: (pool, values, { entity, owner, ttlMs, pending: isPending }) => write('pool', () => {
      const id = made(pool);
      const at = now();
      return values.map((value) => run(take, id, entity, value, owner.run, owner.payload, isPending ? pending : counts, at, at + ttlMs) === 1);
    }),
    remove: (pool, values, entity) => write('pool', () => {
      const id = numberOf(pool);
      return values.reduce((sum, value) => sum + run(`DELETE FROM pool_values WHERE pool = ? AND entity = ? AND value = ? AND ${live}`, id, entity, value, now()), 0);
    }),
    clear: (pool, entity) => write('pool', () => {
      const id = numberOf(pool);
      const [where, values] = entity === undefined ? ['pool = ?', [id]] as const : ['pool = ? AND entity = ?', [id, entity]] as const;
      const { n } = one<{ n: number }>(`SELECT COUNT(*) AS n FROM pool_values WHERE ${where} AND ${live}`, ...values, now())!;
      run(`DELETE FROM pool_values WHERE ${where}`, ...values);
      if (entity === undefined) run('DELETE FROM pools WHERE id = ?', id);
      return n;
    }),
  };
}

/** What counts; needs the time. */
const live = `expires_at > ? AND state < ${givenUp}`;

/** The row of a pool, 0 where there is none. */
const numbersOf = ({ one }: StateConnection) => (pool: string): number => one<{ id: number }>('SELECT id FROM pools WHERE name = ?', pool)?.id ?? 0;

/** What people see. */
function listing(connection: StateConnection): Pick<PoolStore, 'list' | 'values' | 'all'> {
  const { all, page, read, now } = connection;
  const numberOf = numbersOf(connection);
  const rowsAfter = (id: number, { entity, value }: { readonly entity: string; readonly value: string }): PoolValueRow[] =>
    all<StoredValue>(`SELECT ${columns} FROM pool_values WHERE pool = ? AND ${live} AND (entity, value) > (?, ?) ORDER BY entity, value LIMIT ${chunk}`, id, now(), entity, value).map(rowOf);

  return {
    list: ({ name, ...range }) => read(() => {
      const source = { from: 'pools JOIN pool_values ON pool = pools.id', where: `${live}${name === undefined ? '' : ' AND name = ?'}`, values: [now(), ...(name === undefined ? [] : [name])] };
      const found = page<{ readonly id: number; readonly name: string; readonly n: number }>(range, { ...source, columns: 'pools.id, name, COUNT(*) AS n', group: 'name', order: 'name' });
      const entities = (id: number): PoolSummary['entities'] => all(`SELECT entity, COUNT(*) AS "values" FROM pool_values WHERE pool = ? AND ${live} GROUP BY entity ORDER BY entity`, id, now());
      return { ...found, items: found.items.map((row): PoolSummary => ({ name: row.name, values: row.n, entities: entities(row.id) })) };
    }),
    values: (pool, { entity, prefix = '', ...range }) => read(() => {
      const found = page<StoredValue>(range, {
        columns, from: 'pool_values', where: `pool = ? AND ${live} AND substr(value, 1, length(?3)) = ?3${entity === undefined ? '' : ' AND entity = ?'}`, order: 'entity, value',
        values: [numberOf(pool), now(), prefix, ...(entity === undefined ? [] : [entity])],
      });
      return { ...found, items: found.items.map(rowOf) };
    }),
    async *all(pool) {
      const id = await read(() => numberOf(pool));
      // Before everything: no text is smaller than the empty one, and the empty value of the empty type is read on its own.
      yield* await read(() => all<StoredValue>(`SELECT ${columns} FROM pool_values WHERE pool = ? AND ${live} AND entity = '' AND value = ''`, id, now()).map(rowOf));
      for (let last: { readonly entity: string; readonly value: string } | undefined = { entity: '', value: '' }; last;) {
        const from: { readonly entity: string; readonly value: string } = last;
        const rows = await read(() => rowsAfter(id, from));
        yield* rows;
        last = rows.at(-1);
      }
    },
  };
}

const columns = 'entity, value, at, expires_at, state, run';
const chunk = 1_000;

interface StoredValue {
  readonly entity: string;
  readonly value: string;
  readonly at: number;
  readonly expires_at: number;
  readonly state: number;
  readonly run: string;
}

const rowOf = ({ entity, value, at, expires_at: expiresAt, state, run }: StoredValue): PoolValueRow => ({ entity, value, at, expiresAt, ...(state === pending && { pendingFor: run }) });
