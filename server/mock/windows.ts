import { valueAt } from './expected.ts';
import type { Asked } from './asked.ts';
import type { Settings } from './signals.ts';

/** What a request of `date-window` asks for. */
export interface WindowAsked {
  readonly records: readonly unknown[];
  /** Records of the whole window. */
  readonly total: number;
  /** From 0. */
  readonly page: number;
}

/** Records of a window of time. Each record lies at a time that the mock gives it, evenly over the span, whatever dates it holds. */
export function windowAsked(settings: Settings, asked: Asked, records: readonly unknown[], span: { readonly from: number; readonly to: number }, size: number): WindowAsked {
  const at = (name: unknown): string | undefined => (typeof name === 'string' ? ['query', 'body', 'form', 'header', 'cookie'].map((place) => valueAt(`${place} ${place === 'header' ? name.toLowerCase() : name}`, asked)).find((value) => value !== undefined) : undefined);
  const format = String(settings['format']);
  const from = timeOf(at(settings['fromParam']), format) ?? span.from;
  const until = timeOf(at(settings['toParam']), format) ?? span.to;
  const to = settings['isEndIncluded'] === true ? until + grainOf(format) : until;
  const inside = records.filter((_, index) => {
    const time = Math.floor((span.from + ((span.to - span.from) * (index + 0.5)) / Math.max(1, records.length)) / grainOf(format)) * grainOf(format);
    return time >= from && time < to;
  });
  const page = settings['pageParam'] === undefined ? 0 : Math.max(0, Number(at(settings['pageParam']) ?? settings['pageStart']) - Number(settings['pageStart'] ?? 1));
  return { records: settings['pageParam'] === undefined ? inside : inside.slice(page * size, (page + 1) * size), total: inside.length, page };
}

/** The span over which records are spread: that which the settings name, where it is fixed, else the thirty days before `now`. */
export function spanOf(settings: Settings, now: number): { readonly from: number; readonly to: number } {
  const to = Date.parse(String(settings['to'])) || now;
  const from = Date.parse(String(settings['from'])) || to - 30 * 86_400_000;
  return from < to ? { from, to } : { from: to - 30 * 86_400_000, to };
}

function timeOf(text: string | undefined, format: string): number | undefined {
  if (text === undefined) return undefined;
  const time = format === 'seconds' ? Number(text) * 1000 : format === 'milliseconds' ? Number(text) : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

const grainOf = (format: string): number => (format === 'date' ? 86_400_000 : format === 'seconds' ? 1000 : 1);
