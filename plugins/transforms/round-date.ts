import { Temporal } from 'temporal-polyfill';
import { inOwnName } from '../formats/in-own-name.ts';
import { defineTransform, withinDates } from '../sdk/index.ts';

export default defineTransform({
  type: 'round-date',
  title: 'Round date',
  summary: 'Puts a date to the beginning or the end of its minute, hour, day, week, month, quarter or year.',
  description: 'The clocks of the time zone count, also where a day has 23 or 25 hours. Weeks begin on Monday. The end is the last second. Null and empty text give null, and a missing value stays missing; what is no date is an error. Formats are those of `format-date`.',
  takes: ['string', 'number', 'null'],
  gives: ['string', 'number', 'null'],
  settings: {
    type: 'object',
    properties: {
      unit: { type: 'string', enum: ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'], default: 'day', title: 'Unit', description: 'What is rounded to.' },
      to: { type: 'string', enum: ['start', 'end'], default: 'start', title: 'To', description: 'Which end of it.' },
      timeZone: { type: 'string', minLength: 1, default: 'UTC', title: 'Time zone', description: 'IANA time zone in which days begin and end and in which the date is written.' },
      format: { type: 'string', minLength: 1, default: 'iso', title: 'Format', description: 'Name of a format or a pattern in the letters of PHP, as in `format-date`.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the end of the day on which the clocks go back in Berlin', settings: { to: 'end', timeZone: 'Europe/Berlin' }, input: '2024-10-27T22:15:00Z', output: '2024-10-27T23:59:59+01:00' },
    { title: 'The day of an order', settings: {}, input: '2024-03-31T09:30:00Z', output: '2024-03-31T00:00:00+00:00' },
    { title: 'The end of a day of 23 hours in London', settings: { to: 'end', timeZone: 'Europe/London' }, input: '2024-03-31T00:30:00Z', output: '2024-03-31T23:59:59+01:00' },
    { title: 'The end of a day that begins at one in São Paulo', settings: { to: 'end', timeZone: 'America/Sao_Paulo' }, input: '2018-11-04T12:00:00Z', output: '2018-11-04T23:59:59-02:00' },
    { title: 'The end of a day whose last hour there is twice in Santiago', settings: { to: 'end', timeZone: 'America/Santiago' }, input: '2024-04-06T12:00:00Z', output: '2024-04-06T23:59:59-04:00' },
    { title: 'Monday of the week', settings: { unit: 'week', format: 'iso-date' }, input: '2024-03-31', output: '2024-03-25' },
    { title: 'The last day of the quarter', settings: { unit: 'quarter', to: 'end', format: 'iso-date' }, input: '2024-02-01', output: '2024-03-31' },
    { title: 'The last day of February', settings: { unit: 'month', to: 'end', format: 'iso-date' }, input: '2024-02-01', output: '2024-02-29' },
    { title: 'The full hour', settings: { unit: 'hour' }, input: '2024-03-31T09:59:59.999Z', output: '2024-03-31T09:00:00+00:00' },
    { title: 'Empty text', settings: {}, input: '', output: null },
    { title: 'Null', settings: {}, input: null, output: null },
    { title: 'The end of the last year that there is', settings: { unit: 'year', to: 'end' }, input: '+275760-09-12T12:00:00Z', error: 'DATA_INVALID' },
    { title: 'The week in which time begins', settings: { unit: 'week' }, input: '-271821-04-20T12:00:00Z', error: 'DATA_INVALID' },
    { title: 'The year 1', settings: { format: 'iso-date' }, input: '0001-05-05T12:00:00Z', output: '0001-05-05' },
    { title: 'Moments shortly after the epoch', settings: { unit: 'month', to: 'end', format: 'iso-utc' }, input: '1970-01-15', output: '1970-01-31T23:59:59Z' },
    { title: 'A boolean', settings: {}, input: true, error: 'DATA_INVALID' },
  ],
  compile: async ({ unit, to, timeZone, format }, context) => {
    const read = await inOwnName('round-date', { type: 'format-date', settings: { to: 'epoch-ms', fromTimeZone: timeZone, timeZone }, names: { fromTimeZone: 'timeZone' } }, context);
    const write = await inOwnName('round-date', { type: 'format-date', settings: { to: format, timeZone }, names: { to: 'format' } }, context);
    return (value, values) => {
      const ms = read(value, values);
      if (ms === null || ms === undefined) return ms;
      const rounded = withinDates(() => {
        const start = startOf(Temporal.Instant.fromEpochMilliseconds(ms as number).toZonedDateTimeISO(timeZone), unit);
        if (to === 'start') return start;
        const next = start.add({ [unit === 'quarter' ? 'months' : `${unit}s`]: unit === 'quarter' ? 3 : 1 });
        // Where clocks go forward at midnight, a day begins at one o'clock, and the next one does not.
        return (unit === 'minute' || unit === 'hour' ? next : next.startOfDay()).subtract({ seconds: 1 });
      }, 'round-date');
      return write(rounded.toInstant().toString(), values);
    };
  },
});

function startOf(time: Temporal.ZonedDateTime, unit: string): Temporal.ZonedDateTime {
  if (unit === 'minute' || unit === 'hour') return time.round({ smallestUnit: unit, roundingMode: 'floor' });
  if (unit === 'week') return time.subtract({ days: time.dayOfWeek - 1 }).startOfDay();
  if (unit === 'month') return time.with({ day: 1 }).startOfDay();
  if (unit === 'quarter') return time.with({ day: 1, month: time.month - ((time.month - 1) % 3) }).startOfDay();
  if (unit === 'year') return time.with({ day: 1, month: 1 }).startOfDay();
  return time.startOfDay();
}
