import { definePagination, FlowError, type Page, type PageRequest } from '../sdk/index.ts';
import { countedPlace, limitFields, sizeFields, totalPath } from './fields.ts';
import { lastByPages, lastByRecords, numberAt } from './last-page.ts';
import { joined, placed, requestOf } from './parameters.ts';

const unitMs = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

export default definePagination({
  type: 'date-window',
  title: 'Windows of time',
  summary: 'Asks for one span of time after the other, from a beginning to an end.',
  description: 'For servers that give only so many records, or so many days, per request. A window begins where the one before ended. Within a window there may be pages by number. Where a window has more records than the server gives (`most`), it is halved and asked for again, and none of its records are taken before; without the path of the total that needs windows of one page each, since it is only seen that a page is full.',
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
  next: (page, settings, context) => {
    const here = placeOf(page);
    const limit = lastByRecords(page, settings);
    if (limit) return limit;
    const total = numberAt(page, settings.totalPath, context);
    const { most, pageParam, size } = settings;
    const isTooMuch = most !== undefined && here.page === 0 && (total !== undefined ? total > most : pageParam === undefined && page.records.length >= most);
    if (isTooMuch) return { request: windowOf({ ...here, to: middleOf(here, settings.format, most) }, settings), again: true };
    const last = lastByPages(page, settings);
    const isPaged = pageParam !== undefined && (total !== undefined && size !== undefined ? (here.page + 1) * size < total : page.records.length > 0 && (size === undefined || page.records.length >= size));
    if (isPaged) return last ?? { request: windowOf({ ...here, page: here.page + 1 }, settings) };
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
}

interface Shape {
  readonly fromParam: string;
  readonly toParam: string;
  readonly in: string;
  readonly format: string;
  readonly isEndIncluded: boolean;
  readonly pageParam?: string;
  readonly pageStart: number;
  readonly sizeParam?: string;
  readonly sizeIn?: string;
  readonly size?: number;
}

function windowOf({ from, to, page }: Window, settings: Shape): PageRequest {
  const { in: place, fromParam, toParam, format, isEndIncluded, pageParam, pageStart } = settings;
  const times = placed({ [fromParam]: written(from, format), [toParam]: written(isEndIncluded ? Math.max(from, to - grainOf(format)) : to, format) }, place);
  const pages = requestOf(pageParam === undefined ? undefined : pageStart + page, { ...settings, param: pageParam ?? '' });
  return joined(joined(times, pages), { variables: { windowFrom: String(from), windowTo: String(to), windowPage: String(page) } });
}

const placeOf = ({ request: { variables = {} } }: Page): Window => ({ from: Number(variables['windowFrom']), to: Number(variables['windowTo']), page: Number(variables['windowPage']) });

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
  const time = Date.parse(text);
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
