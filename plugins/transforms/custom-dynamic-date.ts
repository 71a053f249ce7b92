import { Temporal } from 'temporal-polyfill';
import { inOwnName } from '../formats/in-own-name.ts';
import { defineTransform, FlowError, withinDates } from '../sdk/index.ts';

export default defineTransform({
  type: 'custom-dynamic-date',
  title: 'Date from now',
  summary: 'Gives the time of the run, moved and rounded as set.',
  description: 'Needs no source. Counts from the time at which the run was queued; a retry keeps that time. First the time is moved, then rounded, both in the time zone. Formats are those of the transform `format-date`.',
  generates: true,
  gives: ['string', 'number'],
  settings: {
    type: 'object',
    properties: {
      adjust: { type: 'integer', minimum: -100000, maximum: 100000, default: 0, title: 'Move by', description: 'Number of units; negative ones lie in the past.' },
      unit: { type: 'string', enum: ['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years'], default: 'days', title: 'Unit', description: 'Unit of the move.' },
      round: {
        type: 'string', enum: ['none', 'start-of-hour', 'start-of-day', 'end-of-day', 'start-of-month', 'end-of-month'], default: 'none', title: 'Round to', description: 'Where the time is put after the move.',
        enumDescriptions: ['Not rounded.', 'The full hour before.', '00:00:00.', '23:59:59.', 'The first day of the month, 00:00:00.', 'The last day of the month, 23:59:59.'],
      },
      timeZone: { type: 'string', minLength: 1, default: 'UTC', title: 'Time zone', description: 'IANA time zone in which days begin and end and in which the date is written.' },
      format: { type: 'string', minLength: 1, default: 'iso', title: 'Format', description: 'Name of a format or a pattern in the letters of PHP, as in `format-date`.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the midnight from which orders are fetched, after the clocks went forward in Berlin', settings: { adjust: -1, unit: 'days', round: 'start-of-day', timeZone: 'Europe/Berlin', format: 'iso' }, now: '2024-04-01T06:00:00Z', output: '2024-03-31T00:00:00+01:00' },
    { title: 'Orders of the last two hours', settings: { adjust: -2, unit: 'hours' }, now: '2024-03-31T09:30:00Z', output: '2024-03-31T07:30:00+00:00' },
    { title: 'The start of yesterday in London, where the clocks changed', settings: { adjust: -1, round: 'start-of-day', timeZone: 'Europe/London' }, now: '2024-04-01T09:30:00Z', output: '2024-03-31T00:00:00+00:00' },
    { title: 'The end of a day whose last hour there is twice in Santiago', settings: { round: 'end-of-day', timeZone: 'America/Santiago' }, now: '2024-04-06T12:00:00Z', output: '2024-04-06T23:59:59-04:00' },
    { title: 'Delivery at the end of the month', settings: { round: 'end-of-month', format: 'd/m/Y' }, now: '2024-02-05T00:00:00Z', output: '29/02/2024' },
    { title: 'One month after the 31st of January', settings: { adjust: 1, unit: 'months', format: 'iso-date' }, now: '2024-01-31T12:00:00Z', output: '2024-02-29' },
    { title: 'A source is ignored, also null', settings: { format: 'epoch-seconds' }, input: null, now: '1970-01-01T00:01:00Z', output: 60 },
    { title: 'A list is ignored, also where it is empty', settings: {}, input: [], output: '2024-01-31T12:00:00+00:00' },
    { title: 'A move beyond all dates', settings: { adjust: 100_000, unit: 'years', round: 'end-of-month' }, now: '+260000-01-01T00:00:00Z', error: 'DATA_INVALID' },
    { title: 'A text is ignored', settings: {}, input: 'x', output: '2024-01-31T12:00:00+00:00' },
  ],
  compile: async (settings, context) => {
    const format = await inOwnName('custom-dynamic-date', { type: 'format-date', settings: { to: settings.format, timeZone: settings.timeZone }, names: { to: 'format' } }, context);
    return (_, values) => {
      const now = Temporal.Instant.fromEpochMilliseconds(values.now).toZonedDateTimeISO(settings.timeZone);
      return format(withinDates(() => rounded(now.add({ [settings.unit]: settings.adjust }), settings.round), 'custom-dynamic-date').toInstant().toString(), values);
    };
  },
});

function rounded(time: Temporal.ZonedDateTime, round: string): Temporal.ZonedDateTime {
  switch (round) {
    case 'none':
      return time;
    case 'start-of-hour':
      return time.round({ smallestUnit: 'hour', roundingMode: 'floor' });
    case 'start-of-day':
      return time.startOfDay();
    case 'end-of-day':
      return endOfDay(time);
    case 'start-of-month':
      return time.with({ day: 1 }).startOfDay();
    case 'end-of-month':
      return endOfDay(time.with({ day: time.daysInMonth }));
    default:
      throw new FlowError('CONFIG_INVALID', `The transform "custom-dynamic-date" cannot round to ${JSON.stringify(round)}.`, { place: { pointer: '/round' } });
  }
}

/** Its last second may be one of an hour that there is twice. */
const endOfDay = (time: Temporal.ZonedDateTime): Temporal.ZonedDateTime => time.startOfDay().add({ days: 1 }).startOfDay().subtract({ seconds: 1 });
