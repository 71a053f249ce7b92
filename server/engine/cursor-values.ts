import { parseTime } from '../../plugins/sdk/index.ts';
import type { WindowUnit } from '../model/connector.ts';
import type { CursorKind, CursorValue } from '../model/cursor-order.ts';

/** How the values of a cursor are read and written. Times are milliseconds since the epoch in between. */
export interface CursorFormat {
  readonly kind: CursorKind;
  /** `date-time`, `date`, `seconds`, `milliseconds`, or a pattern of YYYY, MM, DD, HH, mm, ss, SSS. */
  readonly format: string;
}

/** `undefined` for what is none. */
export function readCursor(value: unknown, { kind, format }: CursorFormat): CursorValue | undefined {
  if (value === undefined || value === null || value === '' || typeof value === 'object' || typeof value === 'boolean') return undefined;
  if (kind === 'text') return String(value);
  if (kind === 'number') return numberOf(value);
  if (format === 'seconds' || format === 'milliseconds') return timeOf(value, format);
  const text = String(value);
  const time = isPattern(format) ? timeIn(text, format) : parseTime(text);
  return Number.isNaN(time) ? undefined : time;
}

/** As it stands in a request. */
export function writeCursor(value: CursorValue, { kind, format }: CursorFormat): string | number {
  if (kind !== 'datetime') return value;
  const time = Number(value);
  if (format === 'seconds') return Math.floor(time / 1000);
  if (format === 'milliseconds') return Math.floor(time);
  const text = new Date(time).toISOString();
  if (format === 'date') return text.slice(0, 10);
  return isPattern(format) ? format.replaceAll(token, (part) => text.slice(...places[part as keyof typeof places])) : text;
}

/** The smallest step that can be told apart; 0 where there is none. Numbers may have fractions, but ids do not, and the bounds of times are whole. */
export function grainOf({ kind, format }: CursorFormat): number {
  if (kind !== 'datetime') return kind === 'number' ? 1 : 0;
  if (format === 'date') return dayMs;
  if (format === 'seconds') return 1000;
  if (!isPattern(format) || format === 'milliseconds') return 1;
  return format.includes('SSS') ? 1 : format.includes('ss') ? 1000 : format.includes('mm') ? 60_000 : format.includes('HH') ? 3_600_000 : dayMs;
}

/** The value of which a request can speak that is not after this one. */
export function floorCursor(value: CursorValue, format: CursorFormat): CursorValue {
  return format.kind === 'datetime' ? Math.floor(Number(value) / grainOf(format)) * grainOf(format) : value;
}

/** Texts have no distance: they stay. */
export function cursorMinus(value: CursorValue, distance: number, { kind }: CursorFormat): CursorValue {
  if (distance === 0 || kind === 'text') return value;
  if (typeof value === 'string') return String(BigInt(value) - BigInt(Math.ceil(distance)));
  return value - distance;
}

export function cursorPlus(value: CursorValue, { count, unit = 'day' }: { readonly count: number; readonly unit?: WindowUnit }, kind: CursorKind): CursorValue {
  if (kind !== 'datetime') return typeof value === 'string' ? String(BigInt(value) + BigInt(Math.ceil(count))) : value + count;
  if (unit !== 'month') return Number(value) + Math.max(1, Math.round(count * unitMs[unit]));
  const date = new Date(Number(value));
  return date.setUTCMonth(date.getUTCMonth() + Math.ceil(count));
}

const dayMs = 86_400_000;
const unitMs = { second: 1000, minute: 60_000, hour: 3_600_000, day: dayMs, week: 7 * dayMs } as const;

function numberOf(value: unknown): CursorValue | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const text = String(value).trim();
  // Ids of many digits would lose their last ones.
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : text;
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : undefined;
}

function timeOf(value: unknown, unit: 'seconds' | 'milliseconds'): number | undefined {
  const number = Number(value);
  return Number.isFinite(number) ? number * (unit === 'seconds' ? 1000 : 1) : undefined;
}

const isPattern = (format: string): boolean => format !== 'date-time' && format !== 'date';
const token = /YYYY|SSS|MM|DD|HH|mm|ss/g;
const places = { YYYY: [0, 4], MM: [5, 7], DD: [8, 10], HH: [11, 13], mm: [14, 16], ss: [17, 19], SSS: [20, 23] } as const;

function timeIn(text: string, pattern: string): number {
  const names: string[] = [];
  const source = pattern.split(/(YYYY|SSS|MM|DD|HH|mm|ss)/).map((part) => {
    if (!(part in places)) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    names.push(part);
    return String.raw`(\d{${part.length}})`;
  });
  const found = new RegExp(`^${source.join('')}$`).exec(text);
  if (!found) return Number.NaN;
  const of = (name: string, otherwise: string): string => found[names.indexOf(name) + 1 || -1] ?? otherwise;
  return Date.parse(`${of('YYYY', '1970')}-${of('MM', '01')}-${of('DD', '01')}T${of('HH', '00')}:${of('mm', '00')}:${of('ss', '00')}.${of('SSS', '000')}Z`);
}
