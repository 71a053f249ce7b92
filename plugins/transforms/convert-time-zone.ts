import { inOwnName } from '../formats/in-own-name.ts';
import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'convert-time-zone',
  title: 'Convert time zone',
  summary: 'Writes a time as the clocks of another time zone show it.',
  description: 'The moment stays the same. A time without a zone is read in `from`. Null and empty text give null, and a missing value stays missing; what is no date is an error. Formats are those of `format-date`.',
  takes: ['string', 'number', 'null'],
  gives: ['string', 'number', 'null'],
  settings: {
    type: 'object',
    properties: {
      to: { type: 'string', minLength: 1, title: 'To', description: 'IANA time zone, such as `America/New_York`.' },
      from: { type: 'string', minLength: 1, default: 'UTC', title: 'From', description: 'IANA time zone of times that name none.' },
      format: { type: 'string', minLength: 1, default: 'iso', title: 'Format', description: 'Name of a format or a pattern in the letters of PHP, as in `format-date`.' },
    },
    required: ['to'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: a parcel that was scanned in the night in which the clocks go back', settings: { to: 'Europe/Berlin', format: 'd.m.Y H:i P' }, input: '2024-10-27T01:30:00Z', output: '27.10.2024 02:30 +01:00' },
    { title: 'When an order came in, for the warehouse', settings: { to: 'America/New_York' }, input: '2024-03-31T09:30:00Z', output: '2024-03-31T05:30:00-04:00' },
    { title: 'The hour that there is twice', settings: { to: 'UTC', from: 'Europe/London' }, input: '2024-10-27 01:30:00', output: '2024-10-27T00:30:00+00:00' },
    { title: 'Without a zone in the text', settings: { to: 'Asia/Kolkata', format: 'sql' }, input: '2024-01-31T12:00:00Z', output: '2024-01-31 17:30:00' },
    { title: 'Empty text', settings: { to: 'UTC' }, input: '', output: null },
    { title: 'Null', settings: { to: 'UTC' }, input: null, output: null },
    { title: 'A time zone that does not exist', settings: { to: 'Berlin' }, input: '2024-03-31', error: 'CONFIG_INVALID' },
    { title: 'A boolean', settings: { to: 'UTC' }, input: true, error: 'DATA_INVALID' },
  ],
  compile: ({ to, from, format }, context) => inOwnName('convert-time-zone', { type: 'format-date', settings: { to: format, timeZone: to, fromTimeZone: from }, names: { to: 'format', timeZone: 'to', fromTimeZone: 'from' } }, context),
});
