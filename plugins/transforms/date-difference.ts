import { Temporal } from 'temporal-polyfill';
import { inOwnName } from '../formats/in-own-name.ts';
import { asList, cannotTake, defineTransform, withinDates, withoutNoise } from '../sdk/index.ts';

export default defineTransform({
  type: 'date-difference',
  title: 'Date difference',
  summary: 'Counts the time from one date to another.',
  description: 'With two sources from the first to the second; with one from it to `to`, or to the time of the run. Days, weeks, months and years are those of the calendar in the time zone. Where a date is null or one of two is missing the result is null; where there is none at all, it is missing, too; what is no date is an error.',
  takes: ['array', 'string', 'number', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: {
      unit: { type: 'string', enum: ['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years'], default: 'days', title: 'Unit', description: 'What is counted.' },
      whole: { type: 'boolean', default: true, title: 'Whole', description: 'Parts are left out.' },
      to: { type: 'string', minLength: 1, title: 'To', description: 'The second date where there is one source; default the time of the run.' },
      timeZone: { type: 'string', minLength: 1, default: 'UTC', title: 'Time zone', description: 'IANA time zone of the calendar, and of dates that name none.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: hours from the order to the parcel, over a night in which the clocks go back', settings: { unit: 'hours', timeZone: 'Europe/Berlin' }, input: ['2024-10-26 18:00:00', '2024-10-27 09:30:00'], output: 16 },
    { title: 'Days to delivery', settings: {}, input: ['2024-02-28', '2024-03-01'], output: 2 },
    { title: 'The age of a customer', settings: { unit: 'years' }, input: '1985-02-01', now: '2024-01-31T12:00:00Z', output: 38 },
    { title: 'Hours of a day on which the clocks change', settings: { unit: 'hours', timeZone: 'Europe/London' }, input: ['2024-03-31', '2024-04-01'], output: 23 },
    { title: 'That day is one day', settings: { timeZone: 'Europe/London' }, input: ['2024-03-31', '2024-04-01'], output: 1 },
    { title: 'With parts', settings: { unit: 'hours', whole: false }, input: ['2024-01-01T00:00:00Z', '2024-01-01T01:30:00Z'], output: 1.5 },
    { title: 'Backwards', settings: { to: '2024-01-01' }, input: '2024-01-31', output: -30 },
    { title: 'A date that is not there', settings: {}, input: ['2024-01-31', null], output: null },
    { title: 'Null', settings: {}, input: null, output: null },
    { title: 'Three dates', settings: {}, input: ['2024-01-31', '2024-01-31', '2024-01-31'], error: 'DATA_INVALID' },
    { title: 'No date', settings: {}, input: 'soon', error: 'DATA_INVALID' },
    { title: 'No dates', settings: {}, input: [], error: 'DATA_INVALID' },
  ],
  compile: async ({ unit, whole, to, timeZone }, context) => {
    const read = await inOwnName('date-difference', { type: 'format-date', settings: { to: 'epoch-ms', fromTimeZone: timeZone, timeZone }, names: { fromTimeZone: 'timeZone' } }, context);
    return (value, values) => {
      if (value === undefined) return undefined;
      const dates = Array.isArray(value) ? asList(value, 'date-difference') : [value, to ?? values.now];
      if (dates.length !== 2) throw cannotTake(value, 'date-difference', 'two dates');
      const [start, end] = dates.map((date) => read(date, values));
      if (start === null || start === undefined || end === null || end === undefined) return null;
      const from = at(start as number, timeZone);
      const until = at(end as number, timeZone);
      const total = withinDates(() => from.until(until, { largestUnit: unit }).total({ unit, relativeTo: from }), 'date-difference');
      return whole ? Math.trunc(total) + 0 : withoutNoise(total);
    };
  },
});

const at = (ms: number, timeZone: string): Temporal.ZonedDateTime => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
