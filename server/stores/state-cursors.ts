import type { CursorRow } from '../model/api.ts';
import { compareCursors, cursorParts, type CursorKind, type CursorValue } from '../model/cursor-order.ts';
import type { SqlValue, StateConnection } from './state-connection.ts';
import { poolStates } from './state-schema.ts';
import type { SeenRecord } from '../engine/host.ts';
import type { CursorId, CursorStore, StuckRecords, Through } from './state-store.ts';

const { counts, pending, givenUp } = poolStates;
/** Of known versions of records per cursor; of more the ones that come first in the order are forgotten, and come again. */
const mostSeen = 100_000;
const forgottenMs = 90 * 86_400_000;

/** Cursors in SQLite. */
export function openCursors(connection: StateConnection): CursorStore {
  const { run, one, page, read, write, now } = connection;
  const find = (id: CursorId): StoredCursor | undefined => one(`SELECT * FROM cursors WHERE ${isCursor}`, ...valuesOf(id));
  const made = (id: CursorId, kind: CursorKind): StoredCursor => {
    run(`INSERT INTO cursors (${columns}, kind, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, ...valuesOf(id), kind, now());
    return find(id)!;
  };
  return {
    async begin(id, { run: owner, input, seq }) {
      const found = await read(() => find(id));
      if (!found) return { version: 0, seen: [] };
      const last = await read(() => one<{ seq: number | null }>(`SELECT MAX(seq) AS seq FROM cursor_marks WHERE ${isReading}`, owner, found.id, input)!);
      if (last.seq !== null && last.seq >= seq) await write('cursor', () => run(`DELETE FROM cursor_marks WHERE ${isReading} AND seq >= ?`, owner, found.id, input, seq));
      // The last ones, of which some may come again.
      const before: SeenRecord[][] = [];
      for (let at = seq, count = 0; last.seq !== null && count < mostSeen;) {
        const mark = await read(() => one<{ readonly seq: number; readonly seen: string }>(`SELECT seq, seen FROM cursor_marks WHERE ${isReading} AND seq < ? ORDER BY seq DESC LIMIT 1`, owner, found.id, input, at));
        if (!mark) break;
        at = mark.seq;
        count += before[before.push(seenOf(mark.seen)) - 1]!.length;
      }
      return { ...(found.value !== null && { value: found.value }), version: found.version, seen: [...seenOf(found.seen), ...before.toReversed().flat()] };
    },
    mark: (id, { run: owner, input, seq, version, kind, payload, value, keepFrom, seen }) => write('cursor', () => {
      run(
        'INSERT INTO cursor_marks (run, cursor, input, seq, version, state, at, payload, value, keep_from, seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
        owner, made(id, kind).id, input, seq, version, pending, now(), payload ?? null, value ?? null, keepFrom ?? null, JSON.stringify(seen),
      );
    }),
    list: (filter) => read(() => {
      const { where, values } = conditionsOf(filter);
      const found = page<StoredCursor & { readonly count: number; readonly owner: string | null }>(filter, {
        columns: `${columns}, kind, value, run, at, json_array_length(seen) AS count, (SELECT run FROM cursor_marks WHERE cursor = cursors.id AND state = ${pending} LIMIT 1) AS owner`,
        from: 'cursors', where, order: columns, values,
      });
      return { ...found, items: found.items.map(rowOf) };
    }),
    set: (id, kind, value) => write('cursor', () => {
      const was = find(id);
      run("UPDATE cursors SET kind = ?, value = ?, keep_from = NULL, seen = '[]', version = version + 1, run = '', at = ? WHERE id = ?", kind, value, now(), made(id, kind).id);
      return was !== undefined;
    }),
    reset: (filter) => write('cursor', () => {
      const { where, values } = conditionsOf(filter);
      // The row stays: a run that is at work must not move it to where it has got meanwhile.
      return run(`UPDATE cursors SET value = NULL, keep_from = NULL, seen = '[]', version = version + 1, run = '', at = ? WHERE ${where} AND (value IS NOT NULL OR seen <> '[]')`, now(), ...values);
    }),
  };
}

/** The pages of a run that are not known to have got through. */
export const markedPayloads = ({ all }: StateConnection, run: string): string[] =>
  all<{ payload: string }>('SELECT DISTINCT payload FROM cursor_marks WHERE run = ? AND state > 0 AND payload IS NOT NULL', run).map(({ payload }) => payload);

/** Runs whose marks have been pending since then. */
export const runsWithMarks = ({ all }: StateConnection, since: number): string[] => all<{ run: string }>(`SELECT DISTINCT run FROM cursor_marks WHERE state = ${pending} AND at <= ?`, since).map(({ run }) => run);

export const ownsMarks = 'SELECT 1 FROM cursor_marks WHERE run = ?';

/** Marks that nobody has taken up for long: their run is not resumed any more. */
export const pruneMarks = ({ run, now }: StateConnection, most: number): number =>
  run(`DELETE FROM cursor_marks WHERE (run, cursor, input, seq) IN (SELECT run, cursor, input, seq FROM cursor_marks WHERE state <> ${pending} AND at <= ? LIMIT ?)`, now() - forgottenMs, most);

/** Moves the cursors of a run as far as everything before got through. Belongs into a transaction. */
export function settleCursors({ run: change, one, all, now }: StateConnection, run: string, through: Through, stuck?: StuckRecords): void {
  if (through === 'all') change('UPDATE cursor_marks SET state = ? WHERE run = ?', counts, run);
  else {
    for (const { payload } of all<{ payload: string | null }>('SELECT DISTINCT payload FROM cursor_marks WHERE run = ? AND state > 0', run)) {
      change('UPDATE cursor_marks SET state = ? WHERE run = ? AND payload IS ?', payload === null || through.has(payload) ? counts : givenUp, run, payload);
    }
  }
  for (const { cursor } of all<{ cursor: number }>('SELECT DISTINCT cursor FROM cursor_marks WHERE run = ?', run)) {
    const stored = one<StoredCursor>('SELECT * FROM cursors WHERE id = ?', cursor)!;
    const marks = all<StoredMark>('SELECT input, seq, state, payload, value, keep_from FROM cursor_marks WHERE run = ? AND cursor = ? AND version = ? ORDER BY input, seq', run, cursor, stored.version);
    const seenBy = ({ input, seq }: StoredMark): readonly SeenRecord[] => seenOf(one<{ seen: string }>('SELECT seen FROM cursor_marks WHERE run = ? AND cursor = ? AND input = ? AND seq = ?', run, cursor, input, seq)!.seen);
    const moved = move(stored, marks, (mark) => (mark.state === counts ? seenBy(mark) : throughIn(mark, stuck, seenBy)));
    if (moved) change('UPDATE cursors SET value = ?, keep_from = ?, seen = ?, run = ?, at = ? WHERE id = ?', moved.value, moved.keep_from, JSON.stringify(moved.seen), run, now(), cursor);
    // What did not get through may still do so, in a run that goes on with it.
    if (marks.every(({ state }) => state === counts)) change('DELETE FROM cursor_marks WHERE run = ? AND cursor = ?', run, cursor);
  }
}

interface StoredCursor extends CursorId {
  readonly id: number;
  readonly kind: CursorKind;
  readonly version: number;
  readonly run: string;
  readonly at: number;
  readonly value: CursorValue | null;
  readonly keep_from: CursorValue | null;
  readonly seen: string;
}

interface StoredMark extends Pick<StoredCursor, 'value' | 'keep_from'> {
  readonly input: string;
  readonly seq: number;
  readonly state: number;
  readonly payload: string | null;
}

/** Of a page that did not get through as a whole, what did. */
function throughIn(mark: StoredMark, stuck: StuckRecords | undefined, seenBy: (mark: StoredMark) => readonly SeenRecord[]): readonly SeenRecord[] {
  const numbers = mark.payload === null ? undefined : stuck?.get(mark.payload);
  return numbers ? seenBy(mark).filter(([, , at]) => at !== undefined && !numbers.has(at)) : [];
}

interface Moved {
  readonly value: CursorValue | null;
  readonly keep_from: CursorValue | null;
  readonly seen: readonly SeenRecord[];
}

/** Never back, and of several readings only as far as all of them have come. What got through beyond is known by its name. `seenBy`: what got through of a mark, read one by one: a long reading has seen more than fits. */
function move(stored: StoredCursor, marks: readonly StoredMark[], seenBy: (mark: StoredMark) => readonly SeenRecord[]): Moved | undefined {
  const { kind } = stored;
  const ends = [...Map.groupBy(marks, ({ input }) => input).values()].map(endOf);
  const least = ends.some((end) => end === undefined) ? undefined : ends.reduce((one, other) => (compareCursors(kind, other!.value!, one!.value!) < 0 ? other : one), ends[0]);
  const isOn = least && (stored.value === null || compareCursors(kind, least.value!, stored.value) > 0);
  const { value, keep_from: keepFrom } = isOn ? least : stored;
  let known = new Map<string, CursorValue>();
  const keep = (most: number): void => {
    if (known.size > most) known = new Map([...known].sort(([, one], [, other]) => compareCursors(kind, other, one)).slice(0, mostSeen));
  };
  const learn = (records: readonly SeenRecord[]): void => {
    for (const [name, of] of records) if (keepFrom === null || compareCursors(kind, of, keepFrom) >= 0) known.set(name, of);
    keep(mostSeen * 2);
  };
  learn(seenOf(stored.seen));
  for (const mark of marks) learn(seenBy(mark));
  keep(mostSeen);
  const seen = [...known];
  return isOn || seen.length !== seenOf(stored.seen).length ? { value, keep_from: keepFrom, seen } : undefined;
}

/** The last place before which everything got through. */
function endOf(marks: readonly StoredMark[]): StoredMark | undefined {
  let end: StoredMark | undefined;
  for (const [index, mark] of marks.entries()) {
    if (mark.state !== counts || mark.seq !== index) break;
    if (mark.value !== null) end = mark;
  }
  return end;
}

const columns = cursorParts.join(', ');
const isCursor = cursorParts.map((column) => `${column} = ?`).join(' AND ');
const isReading = 'run = ? AND cursor = ? AND input = ?';
const valuesOf = (id: CursorId): string[] => cursorParts.map((column) => id[column]);

function conditionsOf(filter: Partial<CursorId>): { readonly where: string; readonly values: readonly SqlValue[] } {
  const given = cursorParts.filter((column) => filter[column] !== undefined);
  return { where: ['1', ...given.map((column) => `${column} = ?`)].join(' AND '), values: given.map((column) => filter[column]!) };
}

const seenOf = (json: string): SeenRecord[] => JSON.parse(json) as SeenRecord[];

function rowOf({ environment, flow, step, instance, endpoint, slice, kind, value, run, at, count, owner }: StoredCursor & { readonly count: number; readonly owner: string | null }): CursorRow {
  const text = value === null ? undefined : kind === 'datetime' ? new Date(value).toISOString() : String(value);
  return { environment, flow, step, instance, endpoint, slice, kind, ...(text !== undefined && { value: text }), seen: count, ...(run !== '' && { run }), at, ...(owner !== null && { pendingFor: owner }) };
}
