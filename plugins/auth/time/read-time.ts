import { parseTime } from '../../sdk/index.ts';

/**
 * A time as servers write it, in milliseconds since the epoch: a date, seconds from now, or seconds or milliseconds since 1970. Undefined where it is none.
 * `now`: milliseconds since the epoch.
 */
export function readTime(value: unknown, now: number): number | undefined {
  if ((typeof value !== 'string' && typeof value !== 'number') || String(value).trim() === '') return undefined;
  const number = Number(value);
  if (!Number.isNaN(number)) return fromNumber(number, now);
  const date = parseTime(String(value));
  return Number.isNaN(date) ? undefined : date;
}

/** Nothing lasts thirty years, and no server counts from before 2001. */
function fromNumber(number: number, now: number): number {
  if (number < 1e9) return now + number * 1000;
  return number < 1e12 ? number * 1000 : number;
}
