import { inOwnName } from '../formats/in-own-name.ts';
import { defineTransform, FlowError } from '../sdk/index.ts';

export default defineTransform({
  type: 'custom-static-date',
  title: 'Fixed date',
  summary: 'Gives a date that is always the same.',
  description: 'Needs no source. Formats are those of the transform `format-date`.',
  generates: true,
  gives: ['string', 'number'],
  settings: {
    type: 'object',
    properties: {
      date: { type: 'string', minLength: 1, title: 'Date', description: 'The date, in ISO 8601: `2024-03-31` or `2024-03-31T09:00:00Z`.' },
      timeZone: { type: 'string', minLength: 1, default: 'UTC', title: 'Time zone', description: 'IANA time zone of a date that names none, and in which it is written.' },
      format: { type: 'string', minLength: 1, default: 'iso', title: 'Format', description: 'Name of a format or a pattern in the letters of PHP, as in `format-date`.' },
    },
    required: ['date'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the day on which a price list ends, in Berlin', settings: { date: '2024-10-27 23:59:59', timeZone: 'Europe/Berlin', format: 'iso' }, output: '2024-10-27T23:59:59+01:00' },
    { title: 'Valid from', settings: { date: '2024-07-01', timeZone: 'Europe/London' }, output: '2024-07-01T00:00:00+01:00' },
    { title: 'As an ERP writes it', settings: { date: '2024-07-01T12:00:00Z', format: 'd/m/Y' }, output: '01/07/2024' },
    { title: 'A source is ignored, also null', settings: { date: '1970-01-01', format: 'epoch-seconds' }, input: null, output: 0 },
    { title: 'A day that does not exist', settings: { date: '2024-02-30' }, error: 'CONFIG_INVALID' },
    { title: 'An empty text is ignored', settings: { date: '2024-07-01', timeZone: 'Europe/London' }, input: '', output: '2024-07-01T00:00:00+01:00' },
  ],
  compile: async ({ date, timeZone, format }, context) => {
    const write = await inOwnName('custom-static-date', { type: 'format-date', settings: { to: format, timeZone, fromTimeZone: timeZone }, names: { to: 'format', fromTimeZone: 'timeZone' } }, context);
    try {
      const value = write(date, { now: 0, random: () => 0 });
      return () => value;
    } catch (error) {
      throw FlowError.is(error, 'DATA_INVALID') ? new FlowError('CONFIG_INVALID', `The date ${JSON.stringify(date)} cannot be read.`, { cause: error, place: { pointer: '/date' } }) : error;
    }
  },
});
