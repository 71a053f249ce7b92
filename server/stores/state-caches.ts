import { isUtf8 } from 'node:buffer';
import { FlowError, type CachedDocument } from '../../plugins/sdk/index.ts';
import type { CachedRow, CacheKeyRow, CacheSummary } from '../model/api.ts';
import { isTextType } from '../model/body-window.ts';
import type { StateConnection } from './state-connection.ts';
import { printDocument, readBody, type Printed, type StoredBody } from './state-documents.ts';
import type { CacheId, CacheOptions, CacheStore } from './state-store.ts';

/** Caches in SQLite. */
export function openCaches(connection: StateConnection): CacheStore {
  const { run, one, all, read, write, now } = connection;
  const numberOf = numbersOf(connection);
  const { put, append } = puttingInto(connection);
  return {
    ...listing(connection),
    get: (cache, key) => read(() => {
      const rows = all<StoredDocument>('SELECT media_type, meta, format, body FROM documents WHERE cache = ? AND key = ? AND expires_at > ? ORDER BY id', numberOf(cache), key, now());
      return rows.map((row): CachedDocument => ({ body: readBody(row), mediaType: row.media_type, meta: JSON.parse(row.meta) as Record<string, string> }));
    }),
    async put(cache, key, documents, options) {
      const printed = documents.map((document) => printDocument(key, document));
      await write('cache', () => put(cache, key, printed, options));
    },
    async append(cache, key, document, options) {
      const printed = printDocument(key, document);
      await write('cache', () => append(cache, key, printed, options));
    },
    delete: (cache, key) => write('cache', () => {
      const id = numberOf(cache);
      const found = one('SELECT id FROM documents WHERE cache = ? AND key = ? AND expires_at > ? LIMIT 1', id, key, now());
      run('DELETE FROM documents WHERE cache = ? AND key = ?', id, key);
      return found !== undefined;
    }),
    clear: (cache) => write('cache', () => {
      const id = numberOf(cache);
      const keys = one<{ n: number }>('SELECT COUNT(DISTINCT key) AS n FROM documents WHERE cache = ? AND expires_at > ?', id, now())!.n;
      run('DELETE FROM documents WHERE cache = ?', id);
      run('DELETE FROM caches WHERE id = ?', id);
      return keys;
    }),
  };
}

/** The row of a cache, 0 where there is none. */
const numbersOf = ({ one }: StateConnection) => ({ name, scope, owner }: CacheId): number => one<{ id: number }>('SELECT id FROM caches WHERE name = ? AND scope = ? AND owner = ?', name, scope, owner)?.id ?? 0;

/** What people see. */
function listing(connection: StateConnection): Pick<CacheStore, 'list' | 'keys' | 'documents'> {
  const { page, read, now } = connection;
  const numberOf = numbersOf(connection);
  return {
    list: ({ name, scope, owner, ...range }) => read(() => {
      const wanted = Object.entries({ name, scope, owner }).filter((entry): entry is [string, string] => entry[1] !== undefined);
      return page<CacheSummary>(range, {
        columns: 'name, scope, owner, COUNT(DISTINCT key) AS keys, COUNT(*) AS documents, SUM(size) AS bytes, MAX(at) AS lastAt',
        from: 'caches JOIN documents ON cache = caches.id', where: ['expires_at > ?', ...wanted.map(([column]) => `${column} = ?`)].join(' AND '),
        group: 'name, scope, owner', order: 'name, scope, owner', values: [now(), ...wanted.map(([, value]) => value)],
      });
    }),
    keys: (cache, { prefix = '', ...range }) => read(() => page<CacheKeyRow>(range, {
      columns: 'key, COUNT(*) AS documents, SUM(size) AS bytes, MAX(at) AS lastAt, MAX(expires_at) AS expiresAt',
      from: 'documents', where: 'cache = ? AND expires_at > ? AND substr(key, 1, length(?3)) = ?3', group: 'key', order: 'key', values: [numberOf(cache), now(), prefix],
    })),
    documents: (cache, key, range) => read(() => {
      const found = page<ListedDocument>(range, {
        columns: `ROW_NUMBER() OVER (ORDER BY id) - 1 AS place, size, at, expires_at, media_type, format, meta, CASE WHEN LENGTH(body) <= ${longestShown} THEN body END AS body`,
        from: 'documents', where: 'cache = ? AND key = ? AND expires_at > ?', order: 'id', values: [numberOf(cache), key, now()],
      });
      return { ...found, items: found.items.map(rowOf) };
    }),
  };
}

/** Both within a transaction. */
function puttingInto(connection: StateConnection) {
  const { run, one, now } = connection;
  const numberOf = numbersOf(connection);

  const made = (cache: CacheId): number => {
    const known = numberOf(cache);
    if (known > 0) return known;
    run('INSERT INTO caches (name, scope, owner) VALUES (?, ?, ?)', cache.name, cache.scope, cache.owner);
    return numberOf(cache);
  };

  /** `replaced`: bytes that go in the same change. */
  const checkRoom = (id: number, cache: CacheId, bytes: number, replaced: number, maxBytes: number): void => {
    const used = (): number => one<{ bytes: number }>('SELECT bytes FROM caches WHERE id = ?', id)?.bytes ?? 0;
    if (used() - replaced + bytes <= maxBytes) return;
    const live = one<{ bytes: number | null }>('SELECT SUM(size) AS bytes FROM documents WHERE cache = ? AND expires_at > ?', id, now())?.bytes ?? 0;
    if (live - replaced + bytes > maxBytes) throw cacheFull(cache, live - replaced + bytes, maxBytes);
  };

  const insert = (id: number, key: string, { mediaType, format, meta, body, bytes }: Printed, ttlMs: number, appendId: string | null): void => {
    const at = now();
    run('INSERT INTO documents (cache, key, append_id, size, at, expires_at, media_type, format, meta, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', id, key, appendId, bytes, at, at + ttlMs, mediaType, format, meta, body);
  };

  const put = (cache: CacheId, key: string, documents: readonly Printed[], { ttlMs, maxBytes }: CacheOptions): void => {
    const id = made(cache);
    const replaced = one<{ bytes: number | null }>('SELECT SUM(size) AS bytes FROM documents WHERE cache = ? AND key = ? AND expires_at > ?', id, key, now())?.bytes ?? 0;
    checkRoom(id, cache, documents.reduce((sum, { bytes }) => sum + bytes, 0), replaced, maxBytes);
    run('DELETE FROM documents WHERE cache = ? AND key = ?', id, key);
    for (const document of documents) insert(id, key, document, ttlMs, null);
  };

  const append = (cache: CacheId, key: string, document: Printed, { id: appendId, ttlMs, maxBytes }: CacheOptions & { readonly id: string }): void => {
    const id = made(cache);
    // One that has ended by time may come again.
    const known = one<{ id: number; expires_at: number }>('SELECT id, expires_at FROM documents WHERE cache = ? AND key = ? AND append_id = ?', id, key, appendId);
    if (known && known.expires_at > now()) return;
    checkRoom(id, cache, document.bytes, 0, maxBytes);
    if (known) run('DELETE FROM documents WHERE id = ?', known.id);
    insert(id, key, document, ttlMs, appendId);
  };

  return { put, append };
}

interface StoredDocument extends StoredBody {
  readonly media_type: string;
  readonly meta: string;
}

interface ListedDocument extends StoredDocument {
  readonly place: number;
  readonly size: number;
  readonly at: number;
  readonly expires_at: number;
}

const kinds = ['json', 'text', 'binary'] as const;

/** Of a document in a list. */
const longestShown = 64 * 1024;

const rowOf = (row: ListedDocument): CachedRow => ({
  index: row.place, mediaType: row.media_type, meta: JSON.parse(row.meta) as Record<string, string>, bytes: row.size, at: row.at, expiresAt: row.expires_at, ...shown(row),
});

/** Bytes of a type of texts are shown as the text that they are. */
function shown(row: StoredDocument): Pick<CachedRow, 'kind' | 'body'> {
  const kind = kinds[row.format]!;
  if (row.body === null) return { kind };
  const body = readBody(row);
  if (!(body instanceof Uint8Array)) return { kind, body };
  return isTextType(row.media_type) && isUtf8(body) ? { kind: 'text', body: Buffer.from(body).toString() } : { kind, body: Buffer.from(body).toString('base64') };
}

const cacheFull = ({ name }: CacheId, bytes: number, maxBytes: number): FlowError =>
  new FlowError('CACHE_FULL', `The cache ${JSON.stringify(name)} would be ${bytes.toLocaleString('en')} bytes long; ${maxBytes.toLocaleString('en')} are allowed.`, { details: { cache: name, bytes, maxBytes } });
