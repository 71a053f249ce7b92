import type { Schema } from './database.ts';

/**
 * The schema of `state.db`. Never change an entry that was released: add one.
 *
 * - `caches`: one row per cache; `bytes` is kept by triggers. `documents`: their order under a key is that of their ids; the body stands last, so that lists
 *   need not read it. `append_id`: what the document is made of, so that it is appended once.
 * - `cursors`: where incremental readings have got to; `seen`: versions of records that would come again, as `[name, value]`; `version`: of what people made of it.
 *   `cursor_marks`: what a run has read, in the order of `seq`, per payload that asked (`input`); `payload`: the page, `value`: the cursor up to it.
 * - `pool_values.state`: 0 counts, 1 counts until its run is settled, 2 is given up (see `poolStates`).
 * - `expires_at`, `at`: milliseconds since the epoch.
 */
export const stateSchema: Schema = {
  what: 'Caches, pools and tracked data',
  migrations: [
    `
    CREATE TABLE caches (id INTEGER PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL, owner TEXT NOT NULL, bytes INTEGER NOT NULL DEFAULT 0, UNIQUE (name, scope, owner));
    CREATE INDEX caches_by_owner ON caches (owner);
    CREATE TABLE documents (
      id INTEGER PRIMARY KEY,
      cache INTEGER NOT NULL,
      key TEXT NOT NULL,
      append_id TEXT,
      size INTEGER NOT NULL,
      at REAL NOT NULL,
      expires_at REAL NOT NULL,
      media_type TEXT NOT NULL,
      format INTEGER NOT NULL,
      meta TEXT NOT NULL,
      body NOT NULL
    );
    CREATE INDEX documents_by_key ON documents (cache, key, id);
    CREATE UNIQUE INDEX documents_by_append ON documents (cache, key, append_id) WHERE append_id IS NOT NULL;
    CREATE INDEX documents_by_end ON documents (expires_at);
    CREATE TRIGGER document_added AFTER INSERT ON documents BEGIN UPDATE caches SET bytes = bytes + new.size WHERE id = new.cache; END;
    CREATE TRIGGER document_removed AFTER DELETE ON documents BEGIN UPDATE caches SET bytes = bytes - old.size WHERE id = old.cache; END;
    CREATE TABLE pools (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE pool_values (
      pool INTEGER NOT NULL,
      entity TEXT NOT NULL,
      value TEXT NOT NULL,
      run TEXT NOT NULL,
      payload TEXT NOT NULL,
      state INTEGER NOT NULL,
      at REAL NOT NULL,
      expires_at REAL NOT NULL,
      PRIMARY KEY (pool, entity, value)
    ) WITHOUT ROWID;
    CREATE INDEX pool_values_by_end ON pool_values (expires_at);
    CREATE INDEX pool_values_unsettled ON pool_values (run) WHERE state > 0;
    CREATE TABLE tracked (
      id INTEGER PRIMARY KEY,
      value TEXT NOT NULL,
      entity TEXT NOT NULL,
      direction TEXT NOT NULL,
      flow TEXT NOT NULL,
      run TEXT NOT NULL,
      step TEXT NOT NULL,
      payload TEXT NOT NULL,
      at REAL NOT NULL,
      expires_at REAL NOT NULL
    );
    CREATE UNIQUE INDEX tracked_once ON tracked (value, entity, direction, run, step, payload);
    CREATE INDEX tracked_by_run ON tracked (run);
    CREATE INDEX tracked_by_end ON tracked (expires_at);
    CREATE TABLE trigger_memory (flow TEXT NOT NULL, trigger TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (flow, trigger)) WITHOUT ROWID;
    `,
    `
    CREATE TABLE cursors (
      id INTEGER PRIMARY KEY,
      environment TEXT NOT NULL,
      flow TEXT NOT NULL,
      step TEXT NOT NULL,
      instance TEXT NOT NULL,
      endpoint TEXT NOT NULL,
      slice TEXT NOT NULL,
      kind TEXT NOT NULL,
      version INTEGER NOT NULL DEFAULT 0,
      run TEXT NOT NULL DEFAULT '',
      at REAL NOT NULL,
      value,
      keep_from,
      seen TEXT NOT NULL DEFAULT '[]',
      UNIQUE (environment, flow, step, instance, endpoint, slice)
    );
    CREATE TABLE cursor_marks (
      run TEXT NOT NULL,
      cursor INTEGER NOT NULL,
      input TEXT NOT NULL,
      seq INTEGER NOT NULL,
      version INTEGER NOT NULL,
      state INTEGER NOT NULL,
      at REAL NOT NULL,
      payload TEXT,
      value,
      keep_from,
      seen TEXT NOT NULL,
      PRIMARY KEY (run, cursor, input, seq)
    ) WITHOUT ROWID;
    CREATE INDEX cursor_marks_unsettled ON cursor_marks (at) WHERE state = 1;
    `,
  ],
};

/** Values of `pool_values.state` and `cursor_marks.state`. */
export const poolStates = { counts: 0, pending: 1, givenUp: 2 } as const;
