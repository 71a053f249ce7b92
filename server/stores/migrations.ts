/**
 * The schema of the recordings; entry n brings version n to n + 1. Never change an entry that was released: add one.
 *
 * - `runs`: one row per run; `steps` holds the counts per step as JSON, `key` what makes a run unique within its trigger.
 *   It is the queue, too: what is `queued` and has no `owner` waits; `fence` grows whenever the owner changes. Runs of a `lane` that is not their flow begin one
 *   after the other; `flow_limit` is how many of the flow may be at work; `reserved` names the process that wants to do it itself. `request` says what was asked
 *   for, masked; `sealed` holds the whole of it, encrypted, where it could not be begun from what is masked, until the run is over.
 * - `run_counts`: kept by triggers, so that a page of runs need not count a million rows for its total.
 * - `events`: the stream of a run as JSON. `kind` is set for what is listed in pages (see `eventKinds`), 0 for the rest.
 * - `bodies`: once per content; `data` is null where the body lies in a file of `blobs/`. `body_refs`: which run refers to which.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE flow_texts (version TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    flow TEXT NOT NULL,
    flow_version TEXT NOT NULL,
    trigger TEXT NOT NULL,
    key TEXT,
    environment TEXT,
    owner TEXT NOT NULL,
    status TEXT NOT NULL,
    queued_at REAL NOT NULL,
    started_at REAL,
    duration_ms REAL,
    failed_payloads INTEGER NOT NULL DEFAULT 0,
    seed INTEGER,
    input TEXT,
    error TEXT,
    steps TEXT
  );
  CREATE UNIQUE INDEX runs_by_key ON runs (flow, trigger, key) WHERE key IS NOT NULL;
  CREATE INDEX runs_by_flow ON runs (flow, number);
  CREATE INDEX runs_by_status ON runs (status, number);
  CREATE TABLE run_counts (flow TEXT NOT NULL, status TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (flow, status)) WITHOUT ROWID;
  CREATE TRIGGER run_added AFTER INSERT ON runs BEGIN
    INSERT INTO run_counts VALUES (new.flow, new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  END;
  CREATE TRIGGER run_changed AFTER UPDATE OF status ON runs WHEN old.status <> new.status BEGIN
    UPDATE run_counts SET n = n - 1 WHERE flow = old.flow AND status = old.status;
    INSERT INTO run_counts VALUES (new.flow, new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  END;
  CREATE TRIGGER run_removed AFTER DELETE ON runs BEGIN
    UPDATE run_counts SET n = n - 1 WHERE flow = old.flow AND status = old.status;
  END;
  CREATE TABLE events (
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    step TEXT,
    duration_ms REAL,
    json TEXT NOT NULL,
    PRIMARY KEY (run, seq)
  ) WITHOUT ROWID;
  CREATE INDEX events_by_kind ON events (run, kind, step, seq) WHERE kind > 0;
  CREATE TABLE bodies (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    data BLOB
  );
  CREATE TABLE body_refs (run INTEGER NOT NULL, body INTEGER NOT NULL, media_type TEXT NOT NULL, PRIMARY KEY (run, body)) WITHOUT ROWID;
  CREATE INDEX refs_by_body ON body_refs (body);
  `,
  `
  ALTER TABLE runs ADD COLUMN priority INTEGER NOT NULL DEFAULT 2;
  ALTER TABLE runs ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN lane TEXT NOT NULL DEFAULT '';
  ALTER TABLE runs ADD COLUMN flow_limit INTEGER;
  ALTER TABLE runs ADD COLUMN not_before REAL;
  ALTER TABLE runs ADD COLUMN reserved TEXT;
  ALTER TABLE runs ADD COLUMN stop_at REAL;
  ALTER TABLE runs ADD COLUMN strikes INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN version TEXT;
  ALTER TABLE runs ADD COLUMN origin TEXT;
  ALTER TABLE runs ADD COLUMN request TEXT;
  ALTER TABLE runs ADD COLUMN sealed BLOB;
  UPDATE runs SET owner = '' WHERE status NOT IN ('queued', 'running');
  CREATE INDEX runs_waiting ON runs (lane, priority, number) WHERE status = 'queued' AND owner = '';
  CREATE INDEX runs_at_work ON runs (flow, owner) WHERE owner <> '';
  CREATE INDEX runs_open ON runs (flow, trigger) WHERE status IN ('queued', 'running');
  `,
];

/** Values of `events.kind`. Logs stand together by gravity, so that a level and the graver ones are one range. */
export const eventKinds = { in: 1, out: 2, failed: 3, exchange: 4, debug: 10, info: 11, warn: 12, error: 13 } as const;
