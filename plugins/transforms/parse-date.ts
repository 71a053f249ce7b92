import { inOwnName } from '../formats/in-own-name.ts';
import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'parse-date',
  title: 'Read date',
  summary: 'Reads a date in any notation and gives it in ISO 8601, in UTC.',
  description: 'The short form of `format-date` where only reading matters. Null and empty text give null, and a missing value stays missing; text that is not a date in the format, and other types, are an error.',
  takes: ['string', 'number', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      format: { type: 'string', minLength: 1, default: 'auto', title: 'Format', description: 'Name of a format, a pattern in the letters of PHP, or `auto`: ISO 8601, SQL, RFC 2822 and epoch numbers.' },
      timeZone: { type: 'string', minLength: 1, default: 'UTC', title: 'Time zone', description: 'IANA time zone of texts that name none.' },
      dateOnly: { type: 'boolean', default: false, title: 'Date only', description: 'Gives the day without a time, as it stands in the time zone.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: a delivery slot in the hour that the clocks skip in Berlin', settings: { format: 'd.m.Y, H:i', timeZone: 'Europe/Berlin' }, input: '31.03.2024, 02:30', output: '2024-03-31T01:30:00Z' },
    { title: 'A British date', settings: { format: 'd/m/Y H:i', timeZone: 'Europe/London' }, input: '01/07/2024 14:00', output: '2024-07-01T13:00:00Z' },
    { title: 'The day alone', settings: { format: 'd.m.Y', timeZone: 'Europe/Berlin', dateOnly: true }, input: '01.07.2024', output: '2024-07-01' },
    { title: 'Epoch seconds', settings: {}, input: 1711877400, output: '2024-03-31T09:30:00Z' },
    { title: 'Empty text', settings: {}, input: '', output: null },
    { title: 'Null', settings: {}, input: null, output: null },
    { title: 'A day that does not exist', settings: { format: 'd/m/Y' }, input: '31/02/2024', error: 'DATA_INVALID' },
    { title: 'A format that cannot be read', settings: { format: 'h:i' }, input: '10:30', error: 'CONFIG_INVALID' },
    { title: 'A time zone that does not exist', settings: { timeZone: 'Berlin' }, input: '2024-03-31', error: 'CONFIG_INVALID' },
    { title: 'A list', settings: {}, input: [], error: 'DATA_INVALID' },
  ],
  compile: ({ format, timeZone, dateOnly }, context) =>
    inOwnName('parse-date', { type: 'format-date', settings: { from: format, fromTimeZone: timeZone, to: dateOnly ? 'iso-date' : 'iso-utc', timeZone: dateOnly ? timeZone : 'UTC' }, names: { from: 'format', fromTimeZone: 'timeZone' } }, context),
});
