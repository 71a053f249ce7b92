import { FlowError } from './errors.ts';

const isoWithoutOffset = /^(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/;
const offset = /(?:\b(?:Z|UTC?|GMT|[A-Z]{1,4}T)|\d(?:Z)|[+-]\d{2}:?\d{2})\s*(?:\([^)]*\))?$/i;

/**
 * A time as another system writes it, in milliseconds since the epoch; NaN where it is none. One that names no offset is taken as one in UTC, on every machine:
 * `Date.parse` would take it as one of the time zone of the machine.
 */
export function parseTime(text: string): number {
  const given = text.trim();
  const iso = isoWithoutOffset.exec(given);
  if (iso) return Date.parse(`${iso[1]!}T${iso[2]!.replace(/^\d:/, '0$&')}Z`);
  if (offset.test(given) || /^\d{4}(?:-\d{2}){0,2}$/.test(given)) return Date.parse(given);
  const inUtc = Date.parse(`${given} UTC`);
  return Number.isNaN(inUtc) ? Date.parse(given) : inUtc;
}

/** What a calculation with dates gives. Fails with `DATA_INVALID` where it leads out of the years that dates have. */
export function withinDates<T>(calculate: () => T, transform: string): T {
  try {
    return calculate();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new FlowError('DATA_INVALID', `The transform "${transform}" leads out of the years that dates have: -271821 to 275760.`, { cause, details: { transform } });
  }
}
