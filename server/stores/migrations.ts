/**
 * The schema of the recordings; entry n brings version n to n + 1. Never change an entry that was released: add one.
 *
 * - `runs`: one row per run; `steps` holds the counts per step as JSON, `key` what makes a run unique within its trigger.
 *   It is the queue, too: what is `queued` and has no `owner` waits; `fence` grows whenever the owner changes. Runs of a `lane` that is not their flow begin one
 *   after the other; `flow_limit` is how many of the flow may be at work; `reserved` names the process that wants to do it itself. `request` says what was asked
 *   for, masked; `sealed` holds the whole of it, encrypted, where it could not be begun from what is masked, until the run is over.
 *   `deaths` counts the processes in a row that have died with the run at work, without its getting any further; `done_at_death` says how far it had got, `leased_at` since when it is at work, in milliseconds since the epoch.
 * - `run_counts`: kept by triggers, so that a page of runs need not count a million rows for its total.
 * - `events`: the stream of a run as JSON. `kind` is set for what is listed in pages (see `eventKinds`), 0 for the rest.
 * - `doomed`: runs that are gone, whose events and bodies still go, a little at a time.
 * - `insights`: sums per day; a row with an empty `step` counts the runs of the flow. A trigger keeps them, in the transaction that ends the run.
 * - `failed_runs`: automatic runs that have failed and that nobody was told of; `told`: when somebody was last told of a flow's.
 * - `outbox`: messages that are to be sent; `due` is empty where one was given up. `recipients` names a group.
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
  `
  ALTER TABLE runs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN error_code TEXT AS (CASE WHEN json_valid(error) THEN error ->> '$.code' END) VIRTUAL;
  CREATE INDEX runs_by_error ON runs (error_code, number) WHERE error IS NOT NULL;
  CREATE INDEX runs_pinned ON runs (number) WHERE pinned = 1;
  CREATE TABLE doomed (run INTEGER PRIMARY KEY, flow_version TEXT NOT NULL);
  CREATE TABLE insights (
    day TEXT NOT NULL, flow TEXT NOT NULL, step TEXT NOT NULL, connector TEXT NOT NULL,
    runs INTEGER NOT NULL, failed_runs INTEGER NOT NULL, operations INTEGER NOT NULL, failures INTEGER NOT NULL, records INTEGER NOT NULL, requests INTEGER NOT NULL, bytes INTEGER NOT NULL, duration_ms REAL NOT NULL,
    PRIMARY KEY (day, flow, step, connector)
  ) WITHOUT ROWID;
  CREATE TABLE failed_runs (run TEXT PRIMARY KEY, flow TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
  CREATE TABLE told (flow TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, recipients TEXT NOT NULL, channel TEXT NOT NULL, level TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
    at REAL NOT NULL, due REAL, attempts INTEGER NOT NULL DEFAULT 0, error TEXT
  );
  CREATE INDEX outbox_due ON outbox (due) WHERE due IS NOT NULL;
  CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL);
  CREATE INDEX audit_by_time ON audit (at);
  CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
  CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
  CREATE TRIGGER run_ended AFTER UPDATE OF status ON runs WHEN old.status IN ('queued', 'running') AND new.status NOT IN ('queued', 'running') BEGIN
    INSERT INTO insights SELECT
      date(COALESCE(new.started_at, new.queued_at) / 1000, 'unixepoch'), new.flow, '', '', 1, new.status IN ('failed', 'interrupted'), 0, 0, 0, 0, 0, CASE WHEN new.started_at IS NULL THEN 0 ELSE COALESCE(new.duration_ms, 0) END
      WHERE true ON CONFLICT DO UPDATE SET runs = runs + 1, failed_runs = failed_runs + excluded.failed_runs, duration_ms = duration_ms + excluded.duration_ms;
    INSERT INTO insights SELECT
      date(COALESCE(new.started_at, new.queued_at) / 1000, 'unixepoch'), new.flow, key, COALESCE(value ->> '$.connector', ''), 0, 0,
      COALESCE(value ->> '$.in', 0), COALESCE(value ->> '$.failed', 0), COALESCE(value ->> '$.records', 0), COALESCE(value ->> '$.requests', 0), COALESCE(value ->> '$.bytes', 0), COALESCE(value ->> '$.durationMs', 0)
      FROM json_each(CASE WHEN json_valid(new.steps) THEN new.steps ELSE '{}' END)
      WHERE true ON CONFLICT DO UPDATE SET
        operations = operations + excluded.operations, failures = failures + excluded.failures, records = records + excluded.records, requests = requests + excluded.requests,
        bytes = bytes + excluded.bytes, duration_ms = duration_ms + excluded.duration_ms;
    INSERT OR IGNORE INTO failed_runs SELECT new.id, new.flow, COALESCE(new.started_at, new.queued_at) + COALESCE(new.duration_ms, 0)
      WHERE new.status IN ('failed', 'interrupted') AND CASE WHEN json_valid(new.request) THEN new.request ->> '$.isAutomatic' END = 1;
  END;
  `,
  `
  ALTER TABLE runs ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN done_at_death INTEGER NOT NULL DEFAULT 0;
  `,
  'ALTER TABLE runs ADD COLUMN leased_at REAL',
];

/** Values of `events.kind`. Logs stand together by gravity, so that a level and the graver ones are one range. */
export const eventKinds = { in: 1, out: 2, failed: 3, exchange: 4, debug: 10, info: 11, warn: 12, error: 13 } as const;
