import { FlowError, type Next, type Page, type PageContext, type StopReason } from '../sdk/index.ts';

interface Flags {
  readonly hasMorePath?: string;
  readonly donePath?: string;
}

export interface Limits {
  readonly maxPages?: number;
  readonly maxRecords?: number;
}

interface Counts extends Flags, Limits {
  readonly size?: number;
  readonly totalPath?: string;
  readonly totalPagesPath?: string;
  readonly stopOnEmptyPage: boolean;
  readonly stopOnShortPage: boolean;
  /** Where the next page is asked for by what was received, an empty one leads nowhere. */
  readonly by?: string;
}

interface Tokens extends Flags, Limits {
  readonly stopOnEmptyPage: boolean;
}

type Stop = { readonly stop: StopReason; readonly byGuess?: boolean };

/** Why a page of those that are counted is the last one, most certain reason first; undefined where there may be another. */
export function lastByCount(page: Page, settings: Counts, context: PageContext): Stop | undefined {
  const full = lastByRecords(page, settings);
  if (full) return full;
  const totalPages = numberAt(page, settings.totalPagesPath, context);
  if (totalPages !== undefined && page.index + 1 >= totalPages) return { stop: 'total-pages' };
  const total = numberAt(page, settings.totalPath, context);
  if (total !== undefined && page.total >= total) return { stop: 'total-records' };
  const last = lastByFlag(page, settings, context);
  // A total that is not reached says that there is more.
  if (last && !(last.byGuess && (total ?? totalPages) !== undefined)) return last;
  if (page.records.length === 0 && total !== undefined && isBeyond(page, total, settings)) throw missing(page, total);
  if (settings.stopOnEmptyPage && page.records.length === 0 && (total ?? totalPages) === undefined) return { stop: 'empty-page', byGuess: true };
  // A server that names the total, or says that there is more, knows better than we do whether a short page is the last one.
  const isTold = total !== undefined || totalPages !== undefined || settings.hasMorePath !== undefined || settings.donePath !== undefined;
  if (settings.stopOnShortPage && !isTold && settings.size !== undefined && page.records.length < settings.size) return { stop: 'short-page', byGuess: true };
  return lastByPages(page, settings);
}

/** Whether the pages so far had room for all records. */
const isBeyond = ({ index }: Page, total: number, { size, by }: Pick<Counts, 'size' | 'by'>): boolean => by === 'received' || size === undefined || (index + 1) * size >= total;

/** Records are missing where the pages end before the total that the server names is reached: nobody may take that for all. */
export const missing = ({ total: received }: Page, total: number): FlowError => new FlowError('REMOTE_FORMAT', `The pages end after ${received} of ${total} records: the server gives fewer per page than were asked for, leaves some out, or a page was lost.`, {
  details: { total, received }, remedy: 'Set the page size to what the server gives at most (with an offset also: move by what was received). Where it leaves records out of its pages, take the path of the total away.',
});

/** The same for a page whose token asks for the next one: missing, null and empty text are none; `0` and `false` are tokens like any other. */
export function lastByToken(page: Page, token: unknown, settings: Tokens, context: PageContext): Stop | undefined {
  const full = lastByRecords(page, settings);
  if (full) return full;
  const last = lastByFlag(page, settings, context);
  if (last && !last.byGuess) return last;
  if (token === undefined || token === null || token === '') return { stop: 'no-token' };
  if (last) return last;
  if (settings.stopOnEmptyPage && page.records.length === 0) return { stop: 'empty-page', byGuess: true };
  return lastByPages(page, settings);
}

/** Asks for the page at an address that an answer gave. One that cannot be read is handed on as it stands: the engine's error names it. */
export function nextByLink(page: Page, link: unknown, settings: Flags & Limits, context: PageContext): Next {
  const full = lastByRecords(page, settings);
  if (full) return full;
  const last = lastByFlag(page, settings, context);
  if (last && !last.byGuess) return last;
  if (typeof link !== 'string' || link.trim() === '') return { stop: 'no-link' };
  const url = link.trim();
  return last ?? lastByPages(page, settings) ?? { request: { url: URL.canParse(url, page.url) ? new URL(url, page.url).href : url } };
}

export const lastByRecords = ({ total }: Page, { maxRecords }: Limits): Stop | undefined => (maxRecords !== undefined && total >= maxRecords ? { stop: 'max-records' } : undefined);

export const lastByPages = ({ index }: Page, { maxPages }: Limits): Stop | undefined => (maxPages !== undefined && index + 1 >= maxPages ? { stop: 'max-pages' } : undefined);

/** A number at a path of the answer, also one that is written as text. */
export function numberAt(page: Page, path: string | undefined, context: PageContext): number | undefined {
  const value = path === undefined ? undefined : context.read(page.response.body, path);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/**
 * Flags come as booleans, numbers and text. One for further pages that is missing may mean no, as some servers leave out what is false, or a wrong path: it is a
 * guess. One for the end that is missing means that it is not reached.
 */
function lastByFlag({ response: { body } }: Page, { donePath, hasMorePath }: Flags, context: PageContext): Stop | undefined {
  const done = donePath === undefined ? undefined : context.read(body, donePath);
  if (done !== undefined && done !== null && !isNo(done)) return { stop: 'done' };
  if (hasMorePath === undefined) return undefined;
  const flag = context.read(body, hasMorePath);
  if (flag === undefined || flag === null) return { stop: 'has-more-false', byGuess: true };
  return isNo(flag) ? { stop: 'has-more-false' } : undefined;
}

const isNo = (flag: unknown): boolean => flag === false || flag === 0 || ['', '0', 'false', 'no', 'n'].includes(String(flag).toLowerCase());
