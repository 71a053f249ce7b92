import { Temporal } from 'temporal-polyfill';
import { FlowError } from '../sdk/index.ts';

/** Milliseconds since the epoch that relative dates count from. */
export interface Times {
  /** When the run was queued. */
  readonly now: number;
  /** When the attempt began; default `now`. */
  readonly startedAt?: number;
}

const iso = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?$/i;

/** Milliseconds since the epoch of an ISO 8601 text or of such a number; `undefined` for anything else. Without an offset it is a time in the time zone. */
export function instantOf(value: unknown, timeZone: string, pointer: string): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  const [, time, , , offset] = iso.exec(text) ?? [];
  if (!iso.test(text)) return undefined;
  // The built-in parser takes a time without an offset for one of the machine.
  const standard = (time === undefined ? text : `${text.slice(0, 10)}T${time.slice(1).replace(',', '.').replace(' ', '').replace(/([+-]\d\d)(\d\d)?$/, (all, hours: string, minutes?: string) => `${hours}:${minutes ?? '00'}`)}`);
  if (offset !== undefined) return numberOrNothing(Date.parse(standard));
  if (timeZone === 'UTC') return numberOrNothing(Date.parse(time === undefined ? standard : `${standard}Z`));
  try {
    return Temporal.PlainDateTime.from(standard).toZonedDateTime(timeZone).epochMilliseconds;
  } catch (cause) {
    checkZone(timeZone, pointer, cause);
    return undefined;
  }
}

const numberOrNothing = (number: number): number | undefined => (Number.isNaN(number) ? undefined : number);

const units = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'] as const;

/**
 * Reads `-2 hours`, `now +1 day`, `today -1 month +3 days`: a begin (`queued`, which may be left out, `now` or `today`) and moves, made one after the other
 * in the time zone. The function gives the milliseconds since the epoch. Fails with `CONFIG_INVALID`.
 */
export function parseMove(text: string, timeZone: string, pointer: string): (times: Times) => number {
  const found = /^\s*(queued|now|today)?((?:\s*[+-]\s*\d{1,6}\s*[a-z]+)*)\s*$/i.exec(text);
  if (!found || text.trim() === '') throw invalidMove(text, pointer);
  const begin = found[1]?.toLowerCase() ?? 'queued';
  const moves = [...(found[2] ?? '').matchAll(/([+-])\s*(\d+)\s*([a-z]+)/gi)].map(([, sign, count, name = '']) => {
    const unit = units.find((one) => one === name.toLowerCase() || `${one}s` === name.toLowerCase());
    if (!unit) throw invalidMove(text, pointer);
    return { [`${unit}s`]: Number(`${sign}${count}`) };
  });
  checkZone(timeZone, pointer);
  // From the begin of a day on, so many moves lead to the begin of another one, which is not always midnight.
  const whole = begin === 'today' ? moves.findIndex((move) => ['seconds', 'minutes', 'hours'].some((unit) => unit in move)) : 0;
  const isWhole = (index: number): boolean => whole === -1 || index < whole;
  const at = (base: number): number => {
    const instant = Temporal.Instant.fromEpochMilliseconds(base).toZonedDateTimeISO(timeZone);
    try {
      return moves.reduce((time, move, index) => (isWhole(index) ? time.add(move).startOfDay() : time.add(move)), begin === 'today' ? instant.startOfDay() : instant).epochMilliseconds;
    } catch (cause) {
      throw new FlowError('CONFIG_INVALID', `The relative date ${JSON.stringify(text)} leads out of the years that dates have: -271821 to 275760.`, { cause, place: { pointer } });
    }
  };
  // What leads nowhere from 1970 does so today.
  at(0);
  // The same for all records of a payload.
  let last: { readonly base: number; readonly time: number } | undefined;
  return ({ now, startedAt = now }) => {
    const base = begin === 'now' ? startedAt : now;
    if (last?.base !== base) last = { base, time: at(base) };
    return last.time;
  };
}

const invalidMove = (text: string, pointer: string): FlowError =>
  new FlowError('CONFIG_INVALID', `${JSON.stringify(text)} is not a relative date: write a move such as "-2 hours" or "today +1 month", of ${units.map((unit) => `${unit}s`).join(', ')}.`, { place: { pointer } });

/** Fails with `CONFIG_INVALID` where there is no such time zone. */
export function checkZone(timeZone: string, pointer: string, cause?: unknown): void {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
  } catch (error) {
    throw new FlowError('CONFIG_INVALID', `There is no time zone ${JSON.stringify(timeZone)}.`, { cause: cause ?? error, place: { pointer: pointer.replace(/value$/, 'timeZone') } });
  }
}
