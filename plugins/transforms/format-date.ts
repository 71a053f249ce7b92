import { Temporal } from 'temporal-polyfill';
import { cannotTake, defineTransform, FlowError, withChanges } from '../sdk/index.ts';

export default defineTransform({
  type: 'format-date',
  title: 'Format date',
  summary: 'Reads a date in one format and writes it in another, in any time zone.',
  description: [
    'A format is one of the names below or a pattern. Patterns use the letters of PHP (`d/m/Y H:i`; `\\` before a letter takes it literally), or those of Unicode (`dd/MM/yyyy HH:mm`; text in single quotes) where `letters` says so.',
    'Names: `iso` (2024-03-31T01:30:00+00:00), `iso-utc` (…Z, with milliseconds where there are any), `iso-date`, `iso-time`, `sql` (2024-03-31 01:30:00), `rfc-2822`, `http`, `uk-date` (31/03/2024), `us-date` (03/31/2024), `epoch-seconds`, `epoch-ms`; for reading also `auto`: ISO 8601, SQL and RFC 2822 text, and epoch numbers (milliseconds from 100,000,000,000 on, else seconds).',
    'A time without a zone is read in `fromTimeZone`. Null and empty text give null, and a missing value stays missing. Text that is not a date in the format, and other types, are an error; so is a day of the week that the date is not, and the wrong half of the day. An hour from 1 to 12 is read with `a` or `A` only. Before there were time zones, their offsets had seconds: a time that is written with its offset is that of the nearest minute, of the same moment.',
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
    { title: 'In practice: the time of an order in the hour that there is twice', settings: { to: 'D, d M Y H:i:s O', timeZone: 'America/New_York' }, input: '2024-11-03T06:30:00Z', output: 'Sun, 03 Nov 2024 01:30:00 -0500' },
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
    { title: 'An hour of twelve without its half', settings: { from: 'Y-m-d h:i' }, input: '2024-03-31 02:30', error: 'CONFIG_INVALID' },
    { title: 'An hour of twelve that is beyond it', settings: { from: 'Y-m-d h:i A' }, input: '2024-03-31 14:30 PM', error: 'DATA_INVALID' },
    { title: 'An hour of 24 with a half that it is not in', settings: { from: 'Y-m-d H:i A' }, input: '2024-03-31 02:30 PM', error: 'DATA_INVALID' },
    { title: 'An hour of 24 with its half', settings: { from: 'Y-m-d H:i A', to: 'iso-utc' }, input: '2024-03-31 14:30 PM', output: '2024-03-31T14:30:00Z' },
    { title: 'Midnight and noon by halves', settings: { from: 'd/m/Y g:i a', to: 'H:i' }, input: '31/03/2024 12:05 am', output: '00:05' },
    { title: 'Another day of the week', settings: {}, input: 'Mon, 31 Mar 2024 10:30:00 +0100', error: 'DATA_INVALID' },
    { title: 'Another day of the week, in a pattern', settings: { from: 'l, j F Y' }, input: 'Monday, 31 March 2024', error: 'DATA_INVALID' },
    { title: 'A day of the week without a year', settings: { from: 'D d.m.', to: 'd.m.' }, input: 'Sun 31.03.', output: '31.03.' },
    { title: 'Letters of Unicode where those of PHP are meant', settings: { to: 'yyyy-MM-dd' }, input: '2024-03-31', error: 'CONFIG_INVALID' },
    { title: 'Letters of JavaScript libraries', settings: { to: 'YYYY-MM-DD', letters: 'unicode' }, input: '2024-12-30', error: 'CONFIG_INVALID' },
    { title: 'The day of the year where that of the month is meant', settings: { to: 'yyyy-MM-DD', letters: 'unicode' }, input: '2024-03-31', error: 'CONFIG_INVALID' },
    { title: 'A week with its year', settings: { to: "YYYY-'W'ww", letters: 'unicode' }, input: '2024-12-30', output: '2025-W01' },
    { title: 'Microseconds, which are no year that anybody reads', settings: {}, input: 1_711_875_900_000_000, error: 'DATA_INVALID' },
    { title: 'A year before the first', settings: { to: 'd/m/y' }, input: '-000001-03-31', error: 'DATA_INVALID' },
    { title: 'An offset with seconds, of before there were time zones', settings: { to: 'iso', timeZone: 'Europe/Berlin' }, input: '0000-06-01T12:00:00Z', output: '0000-06-01T12:53:00+00:53' },
    { title: 'The clock of that time, without its offset', settings: { to: 'sql', timeZone: 'Europe/Berlin' }, input: '0000-06-01T12:00:00Z', output: '0000-06-01 12:53:28' },
    { title: 'A boolean', settings: {}, input: true, error: 'DATA_INVALID' },
    { title: 'A time zone that does not exist', settings: { timeZone: 'Europe/Lodnon' }, input: '2024-03-31', error: 'CONFIG_INVALID' },
  ],
  compile: (settings, { as: name = 'format-date' }) => {
    checkZone(settings.timeZone, '/timeZone');
    checkZone(settings.fromTimeZone, '/fromTimeZone');
    const read = placed('/from', () => compileReader(settings.from, settings.letters, settings.fromTimeZone));
    const write = placed('/to', () => compileWriter(settings.to, settings.letters));
    return (value) => {
      if (value === undefined) return undefined;
      if (value === null || value === '') return null;
      if (typeof value !== 'string' && typeof value !== 'number') throw cannotTake(value, name, 'a date');
      const time = readOr(() => read(value), () => cannotTake(value, name, settings.from === 'auto' ? 'a date' : `a date in the format ${settings.from}`));
      return write(time.withTimeZone(settings.timeZone));
    };
  },
});

function placed<T>(pointer: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    throw FlowError.is(error) && !error.place ? withChanges(error, { place: { pointer } }) : error;
  }
}

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
  const isUnicode = pattern === undefined && letters === 'unicode';
  const tokens = isUnicode ? unicodeTokens(format) : phpTokens(pattern ?? format);
  if (isUnicode) checkUnicode(format, tokens);
  else checkPhp(format, tokens);
  for (const token of tokens) {
    if ('letter' in token && !(token.letter in writers)) throw new FlowError('CONFIG_INVALID', `The date format ${JSON.stringify(format)} holds ${JSON.stringify(token.letter.replace('unicode ', ''))}, which is no letter of a date: put ${letters === 'php' ? 'a backslash before it' : 'it in single quotes'} to take it literally.`);
  }
  return tokens;
}

/** No date has a part twice in a row: that is how other letters are written. */
function checkPhp(format: string, tokens: readonly Token[]): void {
  const letters = tokens.map((token) => ('letter' in token ? token.letter : ''));
  const again = letters.findIndex((letter, index) => letter !== '' && letter === letters[index - 1]);
  if (again < 0) return;
  const run = letters.slice(again - 1).findIndex((letter) => letter !== letters[again]);
  const written = letters[again]!.repeat(run < 0 ? letters.length - again + 1 : run);
  const meant = unicode[confused[written] ?? written];
  throw wrongLetters(format, written, `in the letters of PHP, one is the whole part of a date${meant === undefined ? '' : `, and this one is "${meant}"`}`, `Write ${meant === undefined ? 'it once' : `"${meant}"`}, or choose the letters of Unicode where the transform has them.`);
}

/** The year of the week and the day of the year, which differ from what is meant on some days only. */
function checkUnicode(format: string, tokens: readonly Token[]): void {
  const letters = new Set(tokens.map((token) => ('letter' in token ? token.letter : '')));
  if (letters.has('o') && !letters.has('W') && !letters.has('unicode w')) throw wrongLetters(format, 'YYYY', 'this is the year of the week, which is another around New Year', 'Write "yyyy".');
  const day = ['DD', 'D', 'DDD'].find((written) => letters.has(`unicode ${written}`));
  if (day === 'DD' || (day !== undefined && ['m', 'n', 'M', 'F'].some((month) => letters.has(month)))) throw wrongLetters(format, day, 'this is the day of the year', `Write "${day === 'D' ? 'd' : 'dd'}" for that of the month.`);
}

/** What libraries of other languages write for letters of Unicode. */
const confused: Readonly<Record<string, string>> = { YYYY: 'yyyy', YY: 'yy', DD: 'dd' };

const wrongLetters = (format: string, written: string, why: string, remedy: string): FlowError => new FlowError('CONFIG_INVALID', `The date format ${JSON.stringify(format)} holds ${JSON.stringify(written)}: ${why}.`, { remedy });

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
  W: (time) => two(time.weekOfYear ?? 0), o: (time) => String(yearOf(time.yearOfWeek ?? time.year)).padStart(4, '0'), t: (time) => String(time.daysInMonth), L: (time) => (time.inLeapYear ? '1' : '0'),
  m: (time) => two(time.month), n: (time) => String(time.month), M: (time) => (months[time.month - 1] ?? '').slice(0, 3), F: (time) => months[time.month - 1] ?? '',
  Y: (time) => String(yearOf(time.year)).padStart(4, '0'), y: (time) => two(yearOf(time.year) % 100),
  H: (time) => two(time.hour), G: (time) => String(time.hour), h: (time) => two(time.hour % 12 || 12), g: (time) => String(time.hour % 12 || 12), i: (time) => two(time.minute), s: (time) => two(time.second),
  v: (time) => String(time.millisecond).padStart(3, '0'), u: (time) => String(time.millisecond * 1000 + time.microsecond).padStart(6, '0'), a: (time) => (time.hour < 12 ? 'am' : 'pm'), A: (time) => (time.hour < 12 ? 'AM' : 'PM'),
  P: (time) => time.offset, p: (time) => (time.offset === '+00:00' ? 'Z' : time.offset), O: (time) => time.offset.replace(':', ''), e: (time) => time.timeZoneId, U: (time) => String(Math.floor(time.epochMilliseconds / 1000)),
  'unicode m': (time) => String(time.minute), 'unicode s': (time) => String(time.second), 'unicode S': (time) => String(Math.floor(time.millisecond / 100)), 'unicode SS': (time) => two(Math.floor(time.millisecond / 10)),
  'unicode D': (time) => String(time.dayOfYear), 'unicode DDD': (time) => String(time.dayOfYear).padStart(3, '0'), 'unicode w': (time) => String(time.weekOfYear ?? 0),
  c: (time) => writeTokens(phpTokens(named['iso'] ?? ''), time), r: (time) => writeTokens(phpTokens(named['rfc-2822'] ?? ''), time),
};

/** No pattern has a sign or five digits, so nobody could read it again; such a number of seconds is one of something else. */
function yearOf(year: number): number {
  if (year >= 0 && year <= 9999) return year;
  throw new FlowError('DATA_INVALID', `The date lies in the year ${year}, and is written in the years 0 to 9999 alone. A number is taken for seconds, from 10^11 on for milliseconds.`, { details: { year } });
}

const writeTokens = (tokens: readonly Token[], time: Time): string => {
  const written = tokens.some((token) => 'letter' in token && 'PpO'.includes(token.letter)) ? withOffsetInMinutes(time) : time;
  return tokens.map((token) => ('text' in token ? token.text : (writers[token.letter]?.(written) ?? ''))).join('');
};

/** The same moment: before there were time zones, clocks went by the sun, and ISO 8601 has no seconds in an offset. */
function withOffsetInMinutes(time: Time): Time {
  if (time.offset.length <= 6) return time;
  const minutes = Math.round(time.offsetNanoseconds / 60e9);
  const size = Math.abs(minutes);
  return time.withTimeZone(`${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`);
}

const names = (list: readonly string[], length?: number): string => `(${list.map((name) => name.slice(0, length)).join('|')})`;
const digits: Readonly<Record<string, string>> = {
  d: '(\\d{2})', j: '(\\d{1,2})', m: '(\\d{2})', n: '(\\d{1,2})', Y: '(\\d{4})', y: '(\\d{2})', H: '(\\d{2})', G: '(\\d{1,2})', h: '(\\d{2})', g: '(\\d{1,2})', i: '(\\d{2})', s: '(\\d{2})', v: '(\\d{3})', u: '(\\d{6})',
  a: '(am|pm)', A: '(am|pm)', D: names(days, 3), l: names(days), M: names(months, 3), F: names(months), P: '(z|[+-]\\d{2}:\\d{2})', p: '(z|[+-]\\d{2}:\\d{2})', O: '([+-]\\d{4})', U: '(-?\\d+)', S: '(st|nd|rd|th)',
  'unicode m': '(\\d{1,2})', 'unicode s': '(\\d{1,2})', 'unicode S': '(\\d)', 'unicode SS': '(\\d{2})',
};

function compilePattern(tokens: readonly Token[], zone: string): (value: string | number) => Time {
  const letters = tokens.flatMap((token) => ('letter' in token ? [token.letter] : []));
  const unreadable = letters.find((letter) => !(letter in digits))?.replace('unicode ', '');
  if (unreadable !== undefined) throw new FlowError('CONFIG_INVALID', `The letter ${JSON.stringify(unreadable)} of a date format can be written, but not read: choose another format.`, { place: { pointer: '/from' } });
  if (letters.some((letter) => letter === 'h' || letter === 'g') && !letters.some((letter) => 'aAHG'.includes(letter))) throw new FlowError('CONFIG_INVALID', 'The date format has an hour from 1 to 12, but not whether it is before or after noon.', { place: { pointer: '/from' }, remedy: 'Read the hour from 0 to 23 ("H", in Unicode "HH"), or add "A" (in Unicode "a").' });
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
  const hour = number('H', 'G') ?? (hour12 === undefined ? 0 : (hour12 % 12) + (half === 'pm' ? 12 : 0));
  if (hour12 !== undefined && (hour12 < 1 || hour12 > 12)) throw new RangeError('no hour of twelve');
  if (half !== undefined && (half === 'pm') !== hour >= 12) throw new RangeError('another half of the day');
  const plain = Temporal.PlainDateTime.from({
    // Two digits mean 1970 to 2069, as in PHP.
    year: number('Y') ?? (short === undefined ? 1970 : short < 70 ? 2000 + short : 1900 + short),
    month: number('m', 'n') ?? (monthName === undefined ? 1 : months.findIndex((name) => name.toLowerCase().startsWith(monthName)) + 1),
    day: number('d', 'j') ?? 1,
    hour,
    minute: number('i', 'unicode m') ?? 0, second: number('s', 'unicode s') ?? 0,
    millisecond: number('v') ?? Math.floor((number('u') ?? 0) / 1000) + (number('unicode S') ?? 0) * 100 + (number('unicode SS') ?? 0) * 10, microsecond: (number('u') ?? 0) % 1000,
  }, { overflow: 'reject' });
  const weekday = (parts.get('l') ?? parts.get('D'))?.slice(0, 3).toLowerCase();
  const hasDay = number('Y', 'y') !== undefined && number('d', 'j') !== undefined && (monthName !== undefined || number('m', 'n') !== undefined);
  if (weekday !== undefined && hasDay && !days[plain.dayOfWeek - 1]!.toLowerCase().startsWith(weekday)) throw new RangeError('another day of the week');
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
