import { definePagination, FlowError, parseTime, type Page, type PageContext, type PageRequest } from '../sdk/index.ts';
import { countedPlace, limitFields, sizeFields, totalPath } from './fields.ts';
import { lastByPages, lastByRecords, missing, numberAt } from './last-page.ts';
import { joined, placed, requestOf } from './parameters.ts';

const unitMs = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

export default definePagination({
  type: 'date-window',
  title: 'Windows of time',
  summary: 'Asks for one span of time after the other, from a beginning to an end.',
  description: 'For servers that give only so many records, or so many days, per request. A window begins where the one before ended. Within a window there may be pages by number. Where a window has more records than the server gives (`most`), it is halved and asked for again, and none of its records are taken before; without the path of the total that needs windows of one page each, since it is only seen that a page is full. Where the server sorts by time but lets nobody page deeper than so many records (`deepest`), a new window begins at the time of the last record by then, and what it gives again of that very time is left out.',
  settings: {
    type: 'object',
    properties: {
      from: { type: 'string', minLength: 1, title: 'From', description: 'Date or time at which the first window begins: `{{ params.since }}`.', 'x-expression': true },
      to: { type: 'string', minLength: 1, default: '{{ now }}', title: 'To', description: 'Date or time at which the last window ends.', 'x-expression': true },
      step: { type: 'integer', minimum: 1, default: 1, title: 'Length', description: 'Units of time per window.' },
      unit: { type: 'string', enum: ['second', 'minute', 'hour', 'day', 'week', 'month'], default: 'day', title: 'Unit', description: 'Unit of the length.' },
      fromParam: { type: 'string', minLength: 1, default: 'from', title: 'Parameter of the beginning', description: 'Name (in a body: path) of the beginning.' },
      toParam: { type: 'string', minLength: 1, default: 'to', title: 'Parameter of the end', description: 'Name (in a body: path) of the end.' },
      in: { ...countedPlace, description: 'Where both are sent.' },
      format: { type: 'string', enum: ['date-time', 'date', 'seconds', 'milliseconds'], default: 'date-time', title: 'Format', description: 'How the times are written.', enumDescriptions: ['2024-01-31T12:00:00.000Z.', '2024-01-31, in UTC.', 'Seconds since 1970.', 'Milliseconds since 1970.'] },
      isEndIncluded: { type: 'boolean', default: false, title: 'The end belongs to it', description: 'The server gives records of the very end of a window, too: the end sent is one day (format `date`), one second or one millisecond earlier.' },
      pageParam: { type: 'string', minLength: 1, title: 'Page parameter', description: 'Name of the page number within a window, where there are several.' },
      pageStart: { type: 'integer', default: 1, title: 'First number', description: 'Number of the first page of a window.' },
      ...sizeFields,
      totalPath: { ...totalPath, description: 'Path in the response to the number of all records of the window.' },
      most: { type: 'integer', minimum: 1, title: 'Most records per window', description: 'A window that has more (without a total: so many or more) is halved.' },
      deepest: { type: 'integer', minimum: 1, title: 'Deepest record', description: 'After so many records of a window, whose pages the server gives with the oldest first, a new window begins at the time of the last one. Needs `timePath` and `pageParam`.' },
      timePath: { type: 'string', minLength: 1, title: 'Time of a record', description: 'Path of the time in a record, by which windows go.', 'x-path': 'record' },
      ...limitFields,
    },
    required: ['from'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'Days', settings: { from: '2024-02-28', to: '2024-03-01T12:00:00Z', format: 'date' }, pages: [{}, {}, {}],
      requests: [day('2024-02-28', '2024-02-29'), day('2024-02-29', '2024-03-01'), { query: { from: '2024-03-01', to: '2024-03-01' }, variables: windowAt('2024-03-01T00:00:00Z', '2024-03-01T12:00:00Z') }],
      stop: 'last-window',
    },
    { title: 'A month whose last day belongs to it, in the body', settings: { from: '2024-01-01', to: '2024-02-01', unit: 'month', format: 'date', isEndIncluded: true, in: 'body', fromParam: '$.range.from', toParam: '$.range.to' }, pages: [{}], requests: [{ body: { '$.range.from': '2024-01-01', '$.range.to': '2024-01-31' }, variables: windowAt('2024-01-01T00:00:00Z', '2024-02-01T00:00:00Z') }], stop: 'last-window' },
    {
      title: 'Pages within a window', settings: { from: '2024-01-01', to: '2024-01-02', format: 'date', pageParam: 'page', sizeParam: 'n', size: 2 }, pages: [{ records: [1, 2] }, { records: [3] }],
      requests: [1, 2].map((page) => ({ query: { from: '2024-01-01', to: '2024-01-02', page: String(page), n: '2' }, variables: windowAt('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z', page - 1) })),
      stop: 'last-window',
    },
    {
      title: 'A window with too many records is halved', settings: { from: '2024-01-01T00:00:00Z', to: '2024-01-01T02:00:00Z', unit: 'hour', step: 2, format: 'seconds', most: 2 }, pages: [{ records: [1, 2] }, { records: [1] }, { records: [2] }],
      requests: [hours(0, 2), hours(0, 1), hours(1, 2)], stop: 'last-window',
    },
  ],
  first: (settings) => {
    const from = timeOf(settings.from, 'from');
    return windowOf({ from, to: Math.min(endOf(from, settings), Math.max(from, timeOf(settings.to, 'to'))), page: 0 }, settings);
  },
  // What a new window gives again, since it begins at the time of the last record before.
  fresh: (page) => {
    const { depth, from } = placeOf(page);
    if (!depth || depth.time !== from) return page.records;
    const known = new Set(depth.prints);
    return page.records.filter((record) => !known.has(printOf(record)));
  },
  next: (page, settings, context) => {
    const here = placeOf(page);
    const limit = lastByRecords(page, settings);
    if (limit) return limit;
    const total = numberAt(page, settings.totalPath, context);
    const { most, pageParam, size } = settings;
    const isTooMuch = most !== undefined && here.page === 0 && (total !== undefined ? total > most : pageParam === undefined && page.records.length >= most);
    if (isTooMuch) return { request: windowOf({ ...here, to: middleOf(here, settings.format, most) }, settings), again: true };
    const last = lastByPages(page, settings);
    const count = (here.count ?? 0) + page.records.length;
    const isMissing = pageParam !== undefined && total !== undefined && count < total;
    if (isMissing && page.records.length === 0 && (size === undefined || (here.page + 1) * size >= total)) throw missing({ ...page, total: count }, total);
    const isPaged = isMissing || (pageParam !== undefined && total === undefined && page.records.length > 0 && (size === undefined || page.records.length >= size));
    if (isPaged) return last ?? { request: deeper({ ...here, ...(total !== undefined && { count }) }, page, settings, context) };
    const end = timeOf(settings.to, 'to');
    if (here.to >= end) return { stop: 'last-window' };
    return last ?? { request: windowOf({ from: here.to, to: Math.min(endOf(here.to, settings), end), page: 0 }, settings) };
  },
});

/** Milliseconds since the epoch, and the page within the window, from 0. */
interface Window {
  readonly from: number;
  readonly to: number;
  readonly page: number;
  /** Records of the window before this page, where the server names a total. */
  readonly count?: number | undefined;
  /** Where the server lets nobody page too deep. */
  readonly depth?: Depth | undefined;
}

interface Depth {
  /** Records of the window before this page. */
  readonly count: number;
  /** The time of the last one, as the server can tell times apart, and prints of all records of that time. */
  readonly time: number;
  readonly prints: readonly string[];
}

interface Shape {
  readonly fromParam: string;
  readonly toParam: string;
  readonly in: string;
  readonly format: string;
  readonly isEndIncluded: boolean;
  readonly deepest?: number;
  readonly timePath?: string;
  readonly pageParam?: string;
  readonly pageStart: number;
  readonly sizeParam?: string;
  readonly sizeIn?: string;
  readonly size?: number;
}

function windowOf({ from, to, page, count, depth }: Window, settings: Shape): PageRequest {
  const { in: place, fromParam, toParam, format, isEndIncluded, pageParam, pageStart } = settings;
  const times = placed({ [fromParam]: written(from, format), [toParam]: written(isEndIncluded ? Math.max(from, to - grainOf(format)) : to, format) }, place);
  const pages = requestOf(pageParam === undefined ? undefined : pageStart + page, { ...settings, param: pageParam ?? '' });
  return joined(joined(times, pages), { variables: { windowFrom: String(from), windowTo: String(to), windowPage: String(page), ...(count !== undefined && { windowCount: String(count) }), ...(depth && { windowDepth: JSON.stringify(depth) }) } });
}

const placeOf = ({ request: { variables = {} } }: Page): Window => ({ from: Number(variables['windowFrom']), to: Number(variables['windowTo']), page: Number(variables['windowPage']), count: variables['windowCount'] === undefined ? undefined : Number(variables['windowCount']), depth: variables['windowDepth'] === undefined ? undefined : (JSON.parse(variables['windowDepth']) as Depth) });

/** The next page of a window; or a new window, where the server would refuse that page. */
function deeper(here: Window, { records }: Page, settings: Shape, context: PageContext): PageRequest {
  const { deepest, timePath, format } = settings;
  const next = { ...here, page: here.page + 1 };
  if (deepest === undefined) return windowOf(next, settings);
  if (timePath === undefined) throw new FlowError('CONFIG_INVALID', 'The pagination has "deepest" but no "timePath": it is not known where a new window begins.');
  const grain = grainOf(format);
  const times = records.map((record) => Math.floor(momentOf(context.read(record, timePath), timePath) / grain) * grain);
  const time = times.at(-1)!;
  const before = here.depth?.time === time ? here.depth.prints : [];
  const depth: Depth = { count: (here.depth?.count ?? 0) + records.length, time, prints: [...new Set([...before, ...records.filter((_, index) => times[index] === time).map(printOf)])] };
  if (depth.count < deepest) return windowOf({ ...next, depth }, settings);
  if (time > here.from) return windowOf({ from: time, to: here.to, page: 0, depth: { ...depth, count: 0 } }, settings);
  throw new FlowError('REMOTE_FORMAT', `Of ${new Date(time).toISOString()} there are ${deepest} records or more, and the server lets nobody page deeper. Give the pagination a format of smaller parts.`, { details: { time, deepest } });
}

function momentOf(value: unknown, path: string): number {
  const time = typeof value === 'number' ? value * (value < 1e11 ? 1000 : 1) : parseTime(String(value));
  if (Number.isNaN(time)) throw new FlowError('REMOTE_FORMAT', `A record has ${JSON.stringify(value) ?? 'nothing'} at ${JSON.stringify(path)}, where its time should be.`, { details: { path } });
  return time;
}

/** Stands for a record: 53 bits of its text. */
function printOf(record: unknown): string {
  const text = JSON.stringify(record);
  let [one, other] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index++) {
    one = Math.imul(one ^ text.charCodeAt(index), 2654435761);
    other = Math.imul(other ^ text.charCodeAt(index), 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  other = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return (4294967296 * (2097151 & other) + (one >>> 0)).toString(36);
}

function endOf(from: number, { step, unit }: { readonly step: number; readonly unit: string }): number {
  if (unit !== 'month') return from + step * unitMs[unit as keyof typeof unitMs];
  const date = new Date(from);
  return date.setUTCMonth(date.getUTCMonth() + step);
}

function middleOf({ from, to }: Window, format: string, most: number): number {
  const grain = grainOf(format);
  const middle = from + Math.floor((to - from) / 2 / grain) * grain;
  if (middle > from) return middle;
  throw new FlowError('REMOTE_FORMAT', `Between ${new Date(from).toISOString()} and ${new Date(to).toISOString()} there are more than ${most} records, and a window cannot be shorter. Give it pages, or a format of smaller parts.`, { details: { from, to, most } });
}

/** The smallest span that the format can tell apart. */
const grainOf = (format: string): number => (format === 'date' ? unitMs.day : format === 'seconds' ? unitMs.second : 1);

function written(time: number, format: string): string | number {
  if (format === 'seconds') return Math.floor(time / 1000);
  if (format === 'milliseconds') return time;
  const text = new Date(time).toISOString();
  return format === 'date' ? text.slice(0, 10) : text;
}

function timeOf(text: string, name: string): number {
  const time = parseTime(text);
  if (Number.isNaN(time)) throw new FlowError('CONFIG_INVALID', `"${name}" of the pagination is ${JSON.stringify(text)}, which is no date and no time. Write it as 2024-01-31 or 2024-01-31T12:00:00Z.`);
  return time;
}

function windowAt(from: string, to: string, page = 0): Readonly<Record<string, string>> {
  return { windowFrom: String(Date.parse(from)), windowTo: String(Date.parse(to)), windowPage: String(page) };
}

function day(from: string, to: string): PageRequest {
  return { query: { from, to }, variables: windowAt(`${from}T00:00:00Z`, `${to}T00:00:00Z`) };
}

function hours(from: number, to: number): PageRequest {
  const start = Date.parse('2024-01-01T00:00:00Z') / 1000;
  const at = (hour: number): number => start + hour * 3600;
  return { query: { from: String(at(from)), to: String(at(to)) }, variables: { windowFrom: String(at(from) * 1000), windowTo: String(at(to) * 1000), windowPage: '0' } };
}
