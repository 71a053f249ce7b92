import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CachedDocument, CacheScope } from '../../plugins/sdk/index.ts';
import type { CursorKind, CursorValue } from '../model/cursor-order.ts';
import { openForWriting, prepareStateFolder, stateFolder } from './database.ts';
import { openCaches } from './state-caches.ts';
import { connectState, type StateConnection } from './state-connection.ts';
import { markedPayloads, openCursors, ownsMarks, pruneMarks, runsWithMarks, settleCursors } from './state-cursors.ts';
import { openMemory } from './state-memory.ts';
import { openPools } from './state-pools.ts';
import { poolStates, stateSchema } from './state-schema.ts';
import type { CursorId, StateStore, StuckRecords, Through } from './state-store.ts';
import { openTracked } from './state-tracked.ts';

/** Whether anything was ever kept in a workspace. Opening its state would make it. */
export const hasState = (root: string): boolean => existsSync(join(stateFolder(root), databaseName));

/** The state of a workspace, in `.patchbay/state.db`, on a connection of its own: each thread and process opens it for itself. `now`: milliseconds since the epoch. Fails with `STORAGE_FAILED`. */
export const openStateDatabase = (root: string, now: () => number): StateStore => openAt(join(prepareStateFolder(root), databaseName), now);

/** A state that nobody else sees and that ends when it is closed. */
export const openEmptyState = (now: () => number): StateStore => openAt(':memory:', now);

/** The same, with what a test run is to find in it. */
export async function openSeededState({ caches = [], pools = [], cursors = [] }: StateSeed, now: () => number): Promise<StateStore> {
  const store = openEmptyState(now);
  for (const { name, scope = 'workspace', owner = '', key, documents } of caches) await store.caches.put({ name, scope, owner }, key, documents, { ttlMs: foreverMs, maxBytes: Infinity });
  for (const { name, entity, values } of pools) await store.pools.add(name, values, { entity, owner: { run: '', payload: 'seed' }, ttlMs: foreverMs });
  for (const { id, kind, value } of cursors) await store.cursors.set(id, kind, value);
  return store;
}

export interface StateSeed {
  readonly caches?: readonly { readonly name: string; readonly scope?: CacheScope; readonly owner?: string; readonly key: string; readonly documents: readonly CachedDocument[] }[];
  readonly pools?: readonly { readonly name: string; readonly entity: string; readonly values: readonly string[] }[];
  readonly cursors?: readonly { readonly id: CursorId; readonly kind: CursorKind; readonly value: CursorValue }[];
}

const databaseName = 'state.db';
const foreverMs = 100 * 365 * 86_400_000;

function openAt(file: string, now: () => number): StateStore {
  // Every commit is synced (`synchronous = FULL` of `openForWriting`): a run goes on when a key is in its pool, and what it does next, such as the checkpoint
  // of the payload in the recordings, is synced too. If the key could get lost behind that, a power cut would let a payload through twice.
  const connection = connectState(openForWriting(file, stateSchema), file, now);
  return {
    caches: openCaches(connection),
    pools: openPools(connection),
    cursors: openCursors(connection),
    tracked: openTracked(connection),
    memory: openMemory(connection),
    async settle(run, through, stuck) {
      // Most runs keep nothing: they need not wait for the disk.
      if (await connection.read(() => connection.one(ownsSomething, run, run, run))) await connection.write('settle', () => settle(connection, run, through, stuck));
    },
    undecided: (run) => connection.read(() => [...new Set([...payloadsOf(connection, run), ...markedPayloads(connection, run)])]),
    unsettled: (forMs) => connection.read(() => [...new Set([...runsWithValues(connection, now() - forMs), ...runsWithMarks(connection, now() - forMs)])]),
    prune: (most = 10_000) => connection.write('prune', () => prune(connection, most)),
    async [Symbol.asyncDispose]() {
      connection.close();
    },
  };
}

const ownsSomething = "SELECT 1 FROM pool_values WHERE run = ? AND state > 0 UNION ALL SELECT 1 FROM caches WHERE owner = ? AND scope = 'run' UNION ALL " + ownsMarks + ' LIMIT 1';

const payloadsOf = ({ all }: StateConnection, run: string): string[] => all<{ payload: string }>('SELECT DISTINCT payload FROM pool_values WHERE run = ? AND state > 0', run).map(({ payload }) => payload);

/** Runs whose values have been pending since then. */
const runsWithValues = ({ all }: StateConnection, since: number): string[] => all<{ run: string }>(`SELECT DISTINCT run FROM pool_values WHERE state > 0 AND state = ${poolStates.pending} AND at <= ?`, since).map(({ run }) => run);

function settle(connection: StateConnection, run: string, through: Through, stuck?: StuckRecords): void {
  const { run: change } = connection;
  const { counts, givenUp } = poolStates;
  settleCursors(connection, run, through, stuck);
  if (through === 'all') {
    change(`UPDATE pool_values SET state = ${counts} WHERE run = ? AND state > 0`, run);
    change("DELETE FROM documents WHERE cache IN (SELECT id FROM caches WHERE scope = 'run' AND owner = ?)", run);
    change("DELETE FROM caches WHERE scope = 'run' AND owner = ?", run);
    return;
  }
  for (const payload of payloadsOf(connection, run)) {
    change(`UPDATE pool_values SET state = ? WHERE run = ? AND payload = ? AND state > 0`, through.has(payload) ? counts : givenUp, run, payload);
  }
}

function prune(connection: StateConnection, most: number): number {
  const { run, now } = connection;
  const ended = now();
  const tables = [['documents', 'id'], ['tracked', 'id']] as const;
  const rows = tables.reduce((sum, [table, key]) => sum + run(`DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE expires_at <= ? LIMIT ?)`, ended, most), 0);
  const values = run('DELETE FROM pool_values WHERE (pool, entity, value) IN (SELECT pool, entity, value FROM pool_values WHERE expires_at <= ? LIMIT ?)', ended, most);
  run('DELETE FROM caches WHERE bytes = 0 AND NOT EXISTS (SELECT 1 FROM documents WHERE cache = caches.id)');
  run('DELETE FROM pools WHERE NOT EXISTS (SELECT 1 FROM pool_values WHERE pool = pools.id)');
  return rows + values + pruneMarks(connection, most);
}
