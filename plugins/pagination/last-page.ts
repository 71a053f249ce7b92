import type { Next, Page, PageContext, StopReason } from '../sdk/index.ts';

interface Limits {
  readonly size?: number;
  readonly totalPath?: string;
  readonly totalPagesPath?: string;
  readonly hasMorePath?: string;
  readonly stopOnEmptyPage: boolean;
  readonly stopOnShortPage: boolean;
  readonly maxPages?: number;
  readonly maxRecords?: number;
}

/** Why a page of those that are counted is the last one, most certain reason first; undefined where there may be another. */
export function lastByCount(page: Page, settings: Limits, context: PageContext): Next | undefined {
  const pages = page.index + 1;
  if (settings.maxRecords !== undefined && page.total >= settings.maxRecords) return { stop: 'max-records' };
  const totalPages = numberAt(page, settings.totalPagesPath, context);
  if (totalPages !== undefined && pages >= totalPages) return { stop: 'total-pages' };
  const total = numberAt(page, settings.totalPath, context);
  if (total !== undefined && page.total >= total) return { stop: 'total-records' };
  const last = lastByFlag(page, settings.hasMorePath, context);
  // A total that is not reached says that there is more.
  if (last && !(last.byGuess && (total ?? totalPages) !== undefined)) return last;
  if (settings.stopOnEmptyPage && page.records.length === 0) return { stop: 'empty-page', byGuess: true };
  // A server that names the total, or says that there is more, knows better than we do whether a short page is the last one.
  const isTold = total !== undefined || totalPages !== undefined || settings.hasMorePath !== undefined;
  if (settings.stopOnShortPage && !isTold && settings.size !== undefined && page.records.length < settings.size) return { stop: 'short-page', byGuess: true };
  if (settings.maxPages !== undefined && pages >= settings.maxPages) return { stop: 'max-pages' };
  return undefined;
}

/** Flags come as booleans, numbers and text. One that is missing may mean no, as some servers leave out what is false, or a wrong path: it is a guess. */
export function lastByFlag(page: Page, path: string | undefined, context: PageContext): { readonly stop: StopReason; readonly byGuess?: boolean } | undefined {
  if (path === undefined) return undefined;
  const flag = context.read(page.response.body, path);
  if (flag === undefined || flag === null) return { stop: 'has-more-false', byGuess: true };
  return flag === false || flag === 0 || ['', '0', 'false', 'no', 'n'].includes(String(flag).toLowerCase()) ? { stop: 'has-more-false' } : undefined;
}

function numberAt(page: Page, path: string | undefined, context: PageContext): number | undefined {
  const value = path === undefined ? undefined : context.read(page.response.body, path);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
