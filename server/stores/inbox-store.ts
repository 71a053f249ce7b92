import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { DatabaseSync } from 'node:sqlite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Inspection } from '../../plugins/sdk/index.ts';
import type { PageOf } from '../model/api.ts';
import type { InboxRow, InboxRule } from '../model/inbox.ts';
import { longestInline, openBlobs } from './blobs.ts';
import { openForWriting, prepareStateFolder, stateFolder, storageFailed, type Schema } from './database.ts';
import { firstPage, pageSize, statement } from './statements.ts';

/**
 * Requests to webhooks, the newest ones, with how their addresses answer. A file of its own beside the recordings: the control process keeps it by itself, and
 * what goes in it is what anybody may send, so it must not stand in the way of runs. A process that dies loses nothing that was added; a power cut may take the
 * last few requests away whose runs are in the recordings all the same, and none that was only captured.
 */
export interface InboxStore extends Disposable {
  /** Adds in one transaction, and takes the oldest that are not pinned away. Gives the rows in the same order; of those that were too many, nothing. */
  add(requests: readonly NewRequest[]): (InboxRow | undefined)[];
  list(filter: InboxFilter): PageOf<InboxRow>;
  get(id: number): StoredRequest | undefined;
  body(id: number): Promise<Uint8Array>;
  unread(): number;
  /** All of them without ids. */
  markRead(ids?: readonly number[]): void;
  pin(id: number, isPinned: boolean): boolean;
  /** All that are not pinned without an id. Gives how many. */
  remove(id?: number): number;
  rules(): readonly InboxRule[];
  setRules(rules: readonly InboxRule[]): void;
  isPaused(): boolean;
  setPaused(isPaused: boolean): void;
}

export interface InboxFilter {
  readonly flow?: string;
  readonly unread?: boolean;
  readonly page?: number;
  readonly perPage?: number;
}

type Answered = Pick<InboxRow, 'at' | 'flow' | 'method' | 'url' | 'mediaType' | 'answeredBy'> & Partial<Pick<InboxRow, 'trigger' | 'status' | 'tookMs' | 'run' | 'origin'>>;

export interface NewRequest extends Answered {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly inspection?: Inspection;
  readonly answer?: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** The request as it was, encrypted, where what is kept is masked. */
  readonly sealed?: Uint8Array;
}

export interface StoredRequest extends InboxRow {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly inspection?: Inspection;
  readonly answer?: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  readonly sealed?: Uint8Array;
}

/** How many are kept that are not pinned. */
export const keptRequests = 200;

const schema: Schema = {
  what: 'The webhook inbox',
  migrations: [
    `
    CREATE TABLE requests (
      id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, flow TEXT NOT NULL, trigger TEXT, method TEXT NOT NULL, url TEXT NOT NULL, media_type TEXT NOT NULL, size INTEGER NOT NULL,
      is_read INTEGER NOT NULL DEFAULT 0, is_pinned INTEGER NOT NULL DEFAULT 0, is_valid INTEGER, delivery TEXT, duplicate_of INTEGER,
      status INTEGER, took_ms REAL, answered_by TEXT NOT NULL, run TEXT, origin TEXT, headers TEXT NOT NULL, query TEXT NOT NULL, inspection TEXT, answer TEXT,
      hash TEXT NOT NULL, sealed BLOB, body BLOB
    );
    CREATE INDEX requests_unpinned ON requests (id) WHERE is_pinned = 0;
    CREATE INDEX requests_by_delivery ON requests (flow, trigger, delivery) WHERE delivery IS NOT NULL;
    CREATE INDEX requests_by_hash ON requests (hash);
    CREATE TABLE settings (name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
    `,
  ],
};

const databaseName = 'inbox.db';

export const hasInbox = (root: string): boolean => existsSync(join(stateFolder(root), databaseName));

/** Fails with `STORAGE_FAILED`. */
export function openInboxStore(root: string): InboxStore {
  const folder = prepareStateFolder(root);
  const file = join(folder, databaseName);
  const database = openForWriting(file, schema);
  database.exec('PRAGMA synchronous = NORMAL');
  const blobs = openBlobs(join(folder, 'inbox'));
  const all = <T>(sql: string, ...values: (string | number)[]): T[] => statement(database, sql).all(...values) as T[];
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storageFailed(error, file, schema.what);
    }
  };
  /** `isFlushed`: it is on the disk when it is done. */
  const safely = <T>(isFlushed: boolean, work: () => T): T => {
    if (!isFlushed) return work();
    database.exec('PRAGMA synchronous = FULL');
    try {
      return work();
    } finally {
      database.exec('PRAGMA synchronous = NORMAL');
    }
  };
  const dropBodies = (rows: readonly { readonly hash: string; readonly size: number }[]): void => {
    for (const { hash, size } of rows) if (size > longestInline && all('SELECT 1 FROM requests WHERE hash = ? LIMIT 1', hash).length === 0) blobs.remove(hash);
  };
  const setting = <T>(name: string, usual: T): T => {
    const [row] = all<{ json: string }>('SELECT json FROM settings WHERE name = ?', name);
    return row ? (JSON.parse(row.json) as T) : usual;
  };
  const set = (name: string, value: unknown): void => { statement(database, 'INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET json = excluded.json').run(name, JSON.stringify(value)); };
  const readBody = async (id: number): Promise<Uint8Array> => {
    const [row] = all<{ hash: string; size: number; body: Uint8Array | null }>('SELECT hash, size, body FROM requests WHERE id = ?', id);
    if (!row) return new Uint8Array();
    return row.body ?? buffer(blobs.read(row.hash));
  };

  return {
    add: (requests) => guarded(() => safely(requests.some(({ answeredBy }) => answeredBy === 'capture'), () => transact(database, () => {
      const rows = requests.map((request) => insert(database, request, (hash, bytes) => blobs.write(hash, bytes, request.answeredBy === 'capture')));
      dropBodies(all(`DELETE FROM requests WHERE is_pinned = 0 AND id <= (SELECT id FROM requests WHERE is_pinned = 0 ORDER BY id DESC LIMIT 1 OFFSET ${keptRequests}) RETURNING hash, size`));
      return rows.map((id) => rowOf(all<Row>(`SELECT ${columns} FROM requests WHERE id = ?`, id)[0]));
    }))),
    list: ({ flow, unread, page = 1, perPage }) => guarded(() => {
      const size = pageSize(perPage);
      const at = firstPage(page);
      const where = [...(flow === undefined ? [] : ['flow = ?']), ...(unread ? ['is_read = 0'] : [])].join(' AND ') || 'true';
      const values = flow === undefined ? [] : [flow];
      const [count] = all<{ n: number }>(`SELECT COUNT(*) AS n FROM requests WHERE ${where}`, ...values);
      return { items: all<Row>(`SELECT ${columns} FROM requests WHERE ${where} ORDER BY id DESC LIMIT ? OFFSET ?`, ...values, size, (at - 1) * size).map((row) => rowOf(row)!), page: at, perPage: size, total: count?.n ?? 0 };
    }),
    get: (id) => guarded(() => storedOf(all<Row>(`SELECT ${columns}, headers, query, inspection, answer, sealed FROM requests WHERE id = ?`, id)[0])),
    body: readBody,
    unread: () => guarded(() => all<{ n: number }>('SELECT COUNT(*) AS n FROM requests WHERE is_read = 0')[0]?.n ?? 0),
    markRead: (ids) => guarded(() => {
      if (!ids) statement(database, 'UPDATE requests SET is_read = 1 WHERE is_read = 0').run();
      for (const id of ids ?? []) statement(database, 'UPDATE requests SET is_read = 1 WHERE id = ?').run(id);
    }),
    pin: (id, isPinned) => guarded(() => Number(statement(database, 'UPDATE requests SET is_pinned = ? WHERE id = ?').run(isPinned ? 1 : 0, id).changes) > 0),
    remove: (id) => guarded(() => transact(database, () => {
      const gone = id === undefined ? all<{ hash: string; size: number }>('DELETE FROM requests WHERE is_pinned = 0 RETURNING hash, size') : all<{ hash: string; size: number }>('DELETE FROM requests WHERE id = ? RETURNING hash, size', id);
      dropBodies(gone);
      return gone.length;
    })),
    rules: () => guarded(() => setting<readonly InboxRule[]>('rules', [])),
    setRules: (rules) => guarded(() => set('rules', rules)),
    isPaused: () => guarded(() => setting('paused', false)),
    setPaused: (isPaused) => guarded(() => set('paused', isPaused)),
    [Symbol.dispose]: () => database.close(),
  };
}

const columns = 'id, at, flow, trigger, method, url, media_type, size, is_read, is_pinned, is_valid, delivery, duplicate_of, status, took_ms, answered_by, run, origin';

interface Row {
  readonly id: number; readonly at: number; readonly flow: string; readonly trigger: string | null; readonly method: string; readonly url: string; readonly media_type: string; readonly size: number;
  readonly is_read: number; readonly is_pinned: number; readonly is_valid: number | null; readonly delivery: string | null; readonly duplicate_of: number | null;
  readonly status: number | null; readonly took_ms: number | null; readonly answered_by: InboxRow['answeredBy']; readonly run: string | null; readonly origin: string | null;
  readonly headers?: string; readonly query?: string; readonly inspection?: string | null; readonly answer?: string | null; readonly sealed?: Uint8Array | null;
}

function rowOf(row: Row | undefined): InboxRow | undefined {
  if (!row) return undefined;
  const { id, at, flow, trigger, method, url, media_type: mediaType, size, is_read: isRead, is_pinned: isPinned, is_valid: isValid, delivery, duplicate_of: duplicateOf, status, took_ms: tookMs, answered_by: answeredBy, run, origin } = row;
  return {
    id, at, flow, ...(trigger !== null && { trigger }), method, url, mediaType, size, isRead: isRead === 1, isPinned: isPinned === 1, ...(isValid !== null && { isValid: isValid === 1 }), ...(delivery !== null && { delivery }), ...(duplicateOf !== null && { duplicateOf }),
    ...(status !== null && { status }), ...(tookMs !== null && { tookMs }), answeredBy, ...(run !== null && { run }), ...(origin !== null && { origin: JSON.parse(origin) as NonNullable<InboxRow['origin']> }),
  };
}

function storedOf(row: Row | undefined): StoredRequest | undefined {
  const head = rowOf(row);
  if (!row || !head) return undefined;
  const { headers = '{}', query = '{}', inspection, answer, sealed } = row;
  return { ...head, headers: JSON.parse(headers) as StoredRequest['headers'], query: JSON.parse(query) as StoredRequest['query'], ...(inspection && { inspection: JSON.parse(inspection) as Inspection }), ...(answer && { answer: JSON.parse(answer) as NonNullable<StoredRequest['answer']> }), ...(sealed && { sealed }) };
}

function insert(database: DatabaseSync, request: NewRequest, write: (hash: string, bytes: Uint8Array) => void): number {
  const { at, flow, trigger = null, method, url, mediaType, status = null, tookMs = null, answeredBy, run = null, origin, headers, query, body, inspection, answer, sealed = null } = request;
  const hash = createHash('sha256').update(body).digest('hex');
  const isLong = body.length > longestInline;
  if (isLong) write(hash, body);
  const delivery = inspection?.delivery ?? null;
  // One that failed, or was only captured, has taken no run from those that come after it.
  const [first] = delivery === null ? [] : (statement(database, 'SELECT id FROM requests WHERE flow = ? AND trigger IS ? AND delivery = ? AND run IS ? AND duplicate_of IS NULL ORDER BY id LIMIT 1').all(flow, trigger, delivery, run) as { id: number }[]);
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  return Number(statement(database, `INSERT INTO requests (at, flow, trigger, method, url, media_type, size, is_valid, delivery, duplicate_of, status, took_ms, answered_by, run, origin, headers, query, inspection, answer, hash, sealed, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    at, flow, trigger, method, url, mediaType, body.length, inspection?.isValid === undefined ? null : Number(inspection.isValid), delivery, first?.id ?? null, status, tookMs, answeredBy, run, json(origin),
    JSON.stringify(headers), JSON.stringify(query), json(inspection), json(answer), hash, sealed, isLong ? null : body,
  ).lastInsertRowid);
}

function transact<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
