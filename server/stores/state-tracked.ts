import type { TrackedRow } from '../model/api.ts';
import type { SqlValue, StateConnection } from './state-connection.ts';
import type { TrackedFilter, TrackedStore } from './state-store.ts';

/** Tracked data in SQLite. */
export function openTracked({ run, page, read, write, now }: StateConnection): TrackedStore {
  return {
    add: (values, { flow, run: id, step, payload, at }, { ttlMs }) => write('tracked', () => {
      // The time of the step may be a made-up one; what is kept ends by the clock.
      const time = now();
      for (const { value, entity, direction } of values) run(insert, value, entity, direction, flow, id, step, payload, at, time + ttlMs, time);
    }),
    search: (filter) => read(() => {
      const conditions = conditionsOf(filter, now());
      return page<TrackedRow>(filter, {
        columns: 'value, entity, direction, flow, run, step, payload, at',
        from: 'tracked', where: conditions.map(([text]) => text).join(' AND '), order: 'id DESC', values: conditions.flatMap(([, values]) => values),
      });
    }),
  };
}

/** What was tracked before and has ended by time counts as absent, so it comes again. */
const insert = `
  INSERT INTO tracked (value, entity, direction, flow, run, step, payload, at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET at = excluded.at, expires_at = excluded.expires_at WHERE expires_at <= ?`;

function conditionsOf({ value, prefix, entity, flow, run, direction, since, until }: TrackedFilter, now: number): [text: string, values: readonly SqlValue[]][] {
  const equal = Object.entries({ value, entity, flow, run, direction }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return [
    ['expires_at > ?', [now]],
    ...equal.map(([column, wanted]): [string, readonly SqlValue[]] => [`${column} = ?`, [wanted]]),
    // The range can use the index, the rest is exact.
    ...given(prefix, 'value >= ? AND value < ? || char(0x10FFFF) AND substr(value, 1, length(?)) = ?', 4),
    ...given(since, 'at >= ?'),
    ...given(until, 'at < ?'),
  ];
}

const given = (value: SqlValue | undefined, text: string, times = 1): [text: string, values: readonly SqlValue[]][] => (value === undefined ? [] : [[text, Array.from({ length: times }, () => value)]]);
