import { Temporal } from 'temporal-polyfill';
import { cannotTake, defineTransform, FlowError } from '../sdk/index.ts';

export default defineTransform({
  type: 'format-date',
  title: 'Format date',
  summary: 'Reads a date in one format and writes it in another, in any time zone.',
  description: [
    'A format is one of the names below or a pattern. Patterns use the letters of PHP (`d/m/Y H:i`; `\\` before a letter takes it literally), or those of Unicode (`dd/MM/yyyy HH:mm`; text in single quotes) where `letters` says so.',
    'Names: `iso` (2024-03-31T01:30:00+00:00), `iso-utc` (…Z, with milliseconds where there are any), `iso-date`, `iso-time`, `sql` (2024-03-31 01:30:00), `rfc-2822`, `http`, `uk-date` (31/03/2024), `us-date` (03/31/2024), `epoch-seconds`, `epoch-ms`; for reading also `auto`: ISO 8601, SQL and RFC 2822 text, and epoch numbers (milliseconds from 100,000,000,000 on, else seconds).',
    'A time without a zone is read in `fromTimeZone`. Null, a missing value and empty text give null. Text that is not a date in the format, and other types, are an error.',
  ].join('\n\n'),
  takes: ['string', 'number', 'null'],
  gives: ['string', 'number', 'null'],
  settings: {
    type: 'object',
    properties: {
      to: { type: 'string', minLength: 1, default: 'iso', title: 'To', description: 'Name of a format or a pattern.' },
      from: { type: 'string', minLength: 1, default: 'auto', title: 'From', description: 'Name of a format, a pattern, or `auto`.' },
      letters: { type: 'string', enum: ['php', 'unicode'], default: 'php', title: 'Letters', description: 'What the letters of patterns mean.', enumDescriptions: ['As in PHP: Y-m-d H:i:s', 'As in Unicode: yyyy-MM-dd HH:mm:ss'] },
      timeZone: { type: 'string', minLength: 1, default: 'UTC', title: 'Time zone', description: 'IANA time zone to write in, such as `Europe/London`.' },
      fromTimeZone: { type: 'string', minLength: 1, default: 'UTC', title: 'Source time zone', description: 'IANA time zone of texts that name none.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'An order date for an ERP', settings: { to: 'd/m/Y H:i' }, input: '2024-03-31T09:05:00Z', output: '31/03/2024 09:05' },
    { title: 'Summer time in London', settings: { to: 'iso', timeZone: 'Europe/London' }, input: '2024-07-01T12:00:00Z', output: '2024-07-01T13:00:00+01:00' },
    { title: 'A local time without a zone', settings: { to: 'iso-utc', from: 'd.m.Y H:i', fromTimeZone: 'Europe/Berlin' }, input: '01.07.2024 14:00', output: '2024-07-01T12:00:00Z' },
    { title: 'American notation in Unicode letters', settings: { from: 'MM/dd/yyyy h:mm a', to: "EEEE, d MMMM yyyy 'at' HH:mm", letters: 'unicode' }, input: '07/04/2024 1:05 PM', output: 'Thursday, 4 July 2024 at 13:05' },
    { title: 'Epoch seconds', settings: { to: 'iso-utc' }, input: 1711877400, output: '2024-03-31T09:30:00Z' },
    { title: 'To epoch milliseconds', settings: { to: 'epoch-ms' }, input: '1970-01-01 00:00:01.5', output: 1500 },
    { title: 'An e-mail header', settings: { to: 'iso-utc' }, input: 'Sun, 31 Mar 2024 10:30:00 +0100', output: '2024-03-31T09:30:00Z' },
    { title: 'A date alone is midnight', settings: { to: 'http' }, input: '2024-03-31', output: 'Sun, 31 Mar 2024 00:00:00 GMT' },
    { title: 'Literal letters', settings: { to: '\\w\\e\\e\\k W, jS F' }, input: '2024-03-02', output: 'week 09, 2nd March' },
    { title: 'A time that the clocks skipped counts on', settings: { to: 'iso', fromTimeZone: 'Europe/London', timeZone: 'Europe/London' }, input: '2024-03-31 01:30:00', output: '2024-03-31T02:30:00+01:00' },
    { title: 'An offset in hours, as PostgreSQL writes it', settings: { to: 'iso-utc' }, input: '2024-03-31 10:30:00+01', output: '2024-03-31T09:30:00Z' },
    { title: 'An offset in hours, ISO', settings: { to: 'iso-utc' }, input: '2024-03-31T10:30:00.5-05', output: '2024-03-31T15:30:00.5Z' },
    { title: 'An offset after a space', settings: { to: 'iso-utc' }, input: '2024-03-31 10:30:00 +0100', output: '2024-03-31T09:30:00Z' },
    { title: 'An offset and a zone', settings: { to: 'iso-utc' }, input: '2024-01-31T10:30:00+01:00[Europe/Paris]', output: '2024-01-31T09:30:00Z' },
    { title: 'A zone alone', settings: { to: 'iso-utc' }, input: '2024-07-01T10:30[Europe/Paris]', output: '2024-07-01T08:30:00Z' },
    { title: 'Without separators', settings: { to: 'iso-utc' }, input: '20240331T103000+0100', output: '2024-03-31T09:30:00Z' },
    { title: 'An offset that the zone does not have', settings: {}, input: '2024-07-01T10:30:00+01:00[Europe/Paris]', error: 'DATA_INVALID' },
    { title: 'A zone by its letters', settings: {}, input: '2024-03-31 10:30:00 CET', error: 'DATA_INVALID' },
    { title: 'Single Unicode letters', settings: { to: 'H:m:s.S D', letters: 'unicode' }, input: '2024-03-01T09:05:07.25Z', output: '9:5:7.2 61' },
    { title: 'Letters that Unicode has, but not this transform', settings: { to: 'HH:mm zzzz', letters: 'unicode' }, input: '2024-03-31', error: 'CONFIG_INVALID' },
    { title: 'A letter that only PHP has', settings: { to: 'i', letters: 'unicode' }, input: '2024-03-31', error: 'CONFIG_INVALID' },
    { title: 'Tenths of a second', settings: { from: 'yyyy-MM-dd H:m:s.S', letters: 'unicode', to: 'epoch-ms' }, input: '1970-01-01 0:1:2.5', output: 62_500 },
    { title: 'Empty text', settings: {}, input: '', output: null },
    { title: 'Null', settings: {}, input: null, output: null },
    { title: 'A day that does not exist', settings: { from: 'd/m/Y' }, input: '31/02/2024', error: 'DATA_INVALID' },
    { title: 'A boolean', settings: {}, input: true, error: 'DATA_INVALID' },
    { title: 'A time zone that does not exist', settings: { timeZone: 'Europe/Lodnon' }, input: '2024-03-31', error: 'CONFIG_INVALID' },
  ],
  compile: (settings) => {
    checkZone(settings.timeZone, '/timeZone');
    checkZone(settings.fromTimeZone, '/fromTimeZone');
    const read = compileReader(settings.from, settings.letters, settings.fromTimeZone);
    const write = compileWriter(settings.to, settings.letters);
    return (value) => {
      if (value === null || value === undefined || value === '') return null;
      if (typeof value !== 'string' && typeof value !== 'number') throw cannotTake(value, 'format-date', 'a date');
      const time = readOr(() => read(value), () => cannotTake(value, 'format-date', settings.from === 'auto' ? 'a date' : `a date in the format ${settings.from}`));
      return write(time.withTimeZone(settings.timeZone));
    };
  },
});

type Time = Temporal.ZonedDateTime;

const named: Readonly<Record<string, string>> = {
  iso: 'Y-m-d\\TH:i:sP', 'iso-date': 'Y-m-d', 'iso-time': 'H:i:s', sql: 'Y-m-d H:i:s', 'rfc-2822': 'D, d M Y H:i:s O', 'uk-date': 'd/m/Y', 'us-date': 'm/d/Y',
};

function compileReader(format: string, letters: string, zone: string): (value: string | number) => Time {
  if (format === 'auto' || format === 'iso' || format === 'iso-utc') return (value) => readAny(value, zone);
  if (format === 'epoch-seconds') return (value) => fromEpoch(toNumber(value) * 1000);
  if (format === 'epoch-ms') return (value) => fromEpoch(toNumber(value));
  if (format === 'http') return (value) => readAny(String(value).replace('GMT', '+0000'), zone);
  return compilePattern(tokensOf(format, letters), zone);
}

function readAny(value: string | number, zone: string): Time {
  if (typeof value === 'number') return fromEpoch(Math.abs(value) < 1e11 ? value * 1000 : value);
  const text = value.trim();
  if (/^[A-Z][a-z]{2}, /.test(text)) return compilePattern(tokensOf('rfc-2822', 'php'), zone)(text);
  if (text.endsWith(']')) return Temporal.ZonedDateTime.from(text);
  // `PlainDateTime` would take such texts too, and leave their offset out.
  const [, time, offset] = /^(\S+?[t ]\d\d\S*?)\s*(z|[+-]\d\d(?::?\d\d){0,2})$/i.exec(text) ?? [];
  if (time !== undefined) return Temporal.Instant.from(`${time}${offset}`).toZonedDateTimeISO('UTC');
  return Temporal.PlainDateTime.from(text, { overflow: 'reject' }).toZonedDateTime(zone);
}

const fromEpoch = (ms: number): Time => Temporal.Instant.fromEpochMilliseconds(Math.round(ms)).toZonedDateTimeISO('UTC');

function toNumber(value: string | number): number {
  const number = typeof value === 'number' ? value : value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) throw new RangeError('not a number');
  return number;
}

function compileWriter(format: string, letters: string): (time: Time) => string | number {
  if (format === 'epoch-seconds') return (time) => Math.floor(time.epochMilliseconds / 1000);
  if (format === 'epoch-ms') return (time) => time.epochMilliseconds;
  if (format === 'iso-utc') return (time) => time.toInstant().toString();
  if (format === 'http') return (time) => writeTokens(tokensOf('D, d M Y H:i:s', 'php'), time.withTimeZone('UTC')) + ' GMT';
  const tokens = tokensOf(format, letters);
  return (time) => writeTokens(tokens, time);
}

// A pattern is a list of tokens: a letter of PHP, letters of Unicode that PHP has nothing for (`unicode m`), or literal text.
type Token = { readonly letter: string } | { readonly text: string };

function tokensOf(format: string, letters: string): Token[] {
  const pattern = named[format];
  const tokens = pattern === undefined && letters === 'unicode' ? unicodeTokens(format) : phpTokens(pattern ?? format);
  for (const token of tokens) {
    if ('letter' in token && !(token.letter in writers)) throw new FlowError('CONFIG_INVALID', `The date format ${JSON.stringify(format)} holds ${JSON.stringify(token.letter.replace('unicode ', ''))}, which is no letter of a date: put ${letters === 'php' ? 'a backslash before it' : 'it in single quotes'} to take it literally.`);
  }
  return tokens;
}

const phpTokens = (pattern: string): Token[] =>
  Array.from(pattern.matchAll(/\\(.)|([A-Za-z])|([^\\A-Za-z]+|\\$)/gsu), ([, escaped, letter, text]) => (letter === undefined ? { text: escaped ?? text ?? '' } : { letter }));

const unicodeTokens = (pattern: string): Token[] =>
  Array.from(pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|([^'A-Za-z]+)/gu), (match) => {
    if (match[2] !== undefined) return { letter: unicode[match[0]] ?? `unicode ${match[0]}` };
    return { text: match[3] ?? (match[1] === '' ? "'" : (match[1] ?? '').replaceAll("''", "'")) };
  });

const unicode: Readonly<Record<string, string>> = {
  yyyy: 'Y', y: 'Y', yy: 'y', MMMM: 'F', MMM: 'M', MM: 'm', M: 'n', dd: 'd', d: 'j', EEEE: 'l', EEE: 'D', E: 'D', ww: 'W', YYYY: 'o', HH: 'H', H: 'G', hh: 'h', h: 'g', mm: 'i', ss: 's', SSS: 'v', a: 'A', xxx: 'P', XXX: 'p', xx: 'O', VV: 'e',
};

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const two = (number: number): string => String(number).padStart(2, '0');
const ordinal = (day: number): string => (day > 10 && day < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'));

const writers: Readonly<Record<string, (time: Time) => string>> = {
  d: (time) => two(time.day), j: (time) => String(time.day), D: (time) => (days[time.dayOfWeek - 1] ?? '').slice(0, 3), l: (time) => days[time.dayOfWeek - 1] ?? '',
  N: (time) => String(time.dayOfWeek), w: (time) => String(time.dayOfWeek % 7), z: (time) => String(time.dayOfYear - 1), S: (time) => ordinal(time.day),
  W: (time) => two(time.weekOfYear ?? 0), o: (time) => String(time.yearOfWeek), t: (time) => String(time.daysInMonth), L: (time) => (time.inLeapYear ? '1' : '0'),
  m: (time) => two(time.month), n: (time) => String(time.month), M: (time) => (months[time.month - 1] ?? '').slice(0, 3), F: (time) => months[time.month - 1] ?? '',
  Y: (time) => String(time.year).padStart(4, '0'), y: (time) => two(time.year % 100),
  H: (time) => two(time.hour), G: (time) => String(time.hour), h: (time) => two(time.hour % 12 || 12), g: (time) => String(time.hour % 12 || 12), i: (time) => two(time.minute), s: (time) => two(time.second),
  v: (time) => String(time.millisecond).padStart(3, '0'), u: (time) => String(time.millisecond * 1000 + time.microsecond).padStart(6, '0'), a: (time) => (time.hour < 12 ? 'am' : 'pm'), A: (time) => (time.hour < 12 ? 'AM' : 'PM'),
  P: (time) => time.offset, p: (time) => (time.offset === '+00:00' ? 'Z' : time.offset), O: (time) => time.offset.replace(':', ''), e: (time) => time.timeZoneId, U: (time) => String(Math.floor(time.epochMilliseconds / 1000)),
  'unicode m': (time) => String(time.minute), 'unicode s': (time) => String(time.second), 'unicode S': (time) => String(Math.floor(time.millisecond / 100)), 'unicode SS': (time) => two(Math.floor(time.millisecond / 10)),
  'unicode D': (time) => String(time.dayOfYear), 'unicode DDD': (time) => String(time.dayOfYear).padStart(3, '0'), 'unicode w': (time) => String(time.weekOfYear ?? 0),
  c: (time) => writeTokens(phpTokens(named['iso'] ?? ''), time), r: (time) => writeTokens(phpTokens(named['rfc-2822'] ?? ''), time),
};

const writeTokens = (tokens: readonly Token[], time: Time): string => tokens.map((token) => ('text' in token ? token.text : (writers[token.letter]?.(time) ?? ''))).join('');

const names = (list: readonly string[], length?: number): string => `(${list.map((name) => name.slice(0, length)).join('|')})`;
const digits: Readonly<Record<string, string>> = {
  d: '(\\d{2})', j: '(\\d{1,2})', m: '(\\d{2})', n: '(\\d{1,2})', Y: '(\\d{4})', y: '(\\d{2})', H: '(\\d{2})', G: '(\\d{1,2})', h: '(\\d{2})', g: '(\\d{1,2})', i: '(\\d{2})', s: '(\\d{2})', v: '(\\d{3})', u: '(\\d{6})',
  a: '(am|pm)', A: '(am|pm)', D: names(days, 3), l: names(days), M: names(months, 3), F: names(months), P: '(z|[+-]\\d{2}:\\d{2})', p: '(z|[+-]\\d{2}:\\d{2})', O: '([+-]\\d{4})', U: '(-?\\d+)', S: '(st|nd|rd|th)',
  'unicode m': '(\\d{1,2})', 'unicode s': '(\\d{1,2})', 'unicode S': '(\\d)', 'unicode SS': '(\\d{2})',
};

function compilePattern(tokens: readonly Token[], zone: string): (value: string | number) => Time {
  const letters = tokens.flatMap((token) => ('letter' in token ? [token.letter] : []));
  const unreadable = letters.find((letter) => !(letter in digits))?.replace('unicode ', '');
  if (unreadable !== undefined) throw new FlowError('CONFIG_INVALID', `The letter ${JSON.stringify(unreadable)} of a date format can be written, but not read: choose another format in "from".`, { place: { pointer: '/from' } });
  // The pattern has no repetition without a bound, so the expression cannot hang.
  const expression = new RegExp(`^${tokens.map((token) => ('text' in token ? token.text.replace(/[^\w\s]/g, '\\$&') : digits[token.letter])).join('')}$`, 'i');
  return (value) => {
    const match = expression.exec(String(value).trim());
    if (!match) throw new RangeError('does not match');
    return timeOf(new Map(letters.map((letter, index) => [letter, match[index + 1] ?? ''])), zone);
  };
}

function timeOf(parts: ReadonlyMap<string, string>, zone: string): Time {
  const seconds = parts.get('U');
  if (seconds !== undefined) return fromEpoch(Number(seconds) * 1000);
  const number = (...letters: string[]): number | undefined => {
    const text = letters.map((letter) => parts.get(letter)).find((part) => part !== undefined);
    return text === undefined ? undefined : Number(text);
  };
  const monthName = (parts.get('F') ?? parts.get('M'))?.slice(0, 3).toLowerCase();
  const short = number('y');
  const half = (parts.get('a') ?? parts.get('A'))?.toLowerCase();
  const hour12 = number('h', 'g');
  const plain = Temporal.PlainDateTime.from({
    // Two digits mean 1970 to 2069, as in PHP.
    year: number('Y') ?? (short === undefined ? 1970 : short < 70 ? 2000 + short : 1900 + short),
    month: number('m', 'n') ?? (monthName === undefined ? 1 : months.findIndex((name) => name.toLowerCase().startsWith(monthName)) + 1),
    day: number('d', 'j') ?? 1,
    hour: number('H', 'G') ?? (hour12 === undefined ? 0 : (hour12 % 12) + (half === 'pm' ? 12 : 0)),
    minute: number('i', 'unicode m') ?? 0, second: number('s', 'unicode s') ?? 0,
    millisecond: number('v') ?? Math.floor((number('u') ?? 0) / 1000) + (number('unicode S') ?? 0) * 100 + (number('unicode SS') ?? 0) * 10, microsecond: (number('u') ?? 0) % 1000,
  }, { overflow: 'reject' });
  const offset = parts.get('P') ?? parts.get('p') ?? parts.get('O')?.replace(/(\d\d)$/, ':$1');
  return plain.toZonedDateTime(offset === undefined ? zone : offset.toLowerCase() === 'z' ? 'UTC' : offset);
}

function checkZone(zone: string, pointer: string): void {
  readOr(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone), () => new FlowError('CONFIG_INVALID', `The time zone ${JSON.stringify(zone)} is not known: use an IANA name such as "Europe/London".`, { place: { pointer } }));
}

function readOr<T>(read: () => T, failure: () => FlowError): T {
  try {
    return read();
  } catch (cause) {
    if (FlowError.is(cause)) throw cause;
    throw failure();
  }
}
