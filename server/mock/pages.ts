import type { Page, PageRequest } from '../../plugins/sdk/index.ts';
import type { OpenPagination, Paging } from '../engine/open-pagination.ts';
import type { EndpointManifest } from '../model/connector.ts';
import type { Asked } from './asked.ts';
import { expectPage, matches, valueAt, type Expected } from './expected.ts';
import type { Answer, PageFacts, Settings } from './signals.ts';

/** A page that the strategy asks for, if it is answered as the mock answers. */
export interface PlannedPage {
  readonly index: number;
  readonly expected: Expected;
  readonly request: PageRequest;
  /** Records of the collection: from here, up to here. */
  readonly from: number;
  readonly to: number;
  readonly isLast: boolean;
}

export interface PlanOptions {
  readonly endpoint: EndpointManifest;
  readonly strategy: OpenPagination;
  readonly paging: Paging;
  /** The address of the endpoint at this mock. */
  readonly url: string;
  readonly basePath: string;
  /** Records that there are. */
  readonly total: number;
  readonly size: number;
  /** The answer for a page, in the words of the strategy. */
  answer(page: Omit<PlannedPage, 'expected'>, url: string): Answer;
  recordsIn(answer: Answer): readonly unknown[];
}

export interface Plan {
  readonly pages: readonly PlannedPage[];
  /** Places where the strategy puts what it asks for. */
  readonly places: ReadonlySet<string>;
}

/** Requests that a strategy may make after the last page with records, such as for the empty page that tells it that there are no more, or to ask how a job goes. */
const mostFurther = 4;

/** The walk of a strategy through the answers of the mock: every request that it will make, and what it gets. */
export async function planPages(options: PlanOptions): Promise<Plan> {
  const { strategy: { pagination }, paging, url, total, size } = options;
  const { settings, context } = paging;
  const chunks = Math.max(1, Math.ceil(total / size));
  const ignored = sizeNames(settings as Settings);
  const pages: PlannedPage[] = [];
  let request = pagination.first(settings as never);
  // The page of the records, where some requests are answered with none.
  let chunk = 0;
  for (let index = 0; index < chunks + mostFurther; index++) {
    const hasRecords = pagination.hasRecords?.(request) !== false;
    const from = hasRecords ? Math.min(total, chunk * size) : 0;
    const planned = { index: chunk, request, from, to: hasRecords ? Math.min(total, from + size) : 0, isLast: hasRecords && chunk >= chunks - 1 };
    const pageUrl = request.url === undefined ? url : new URL(request.url, url).href;
    const answer = options.answer(planned, pageUrl);
    pages.push({ ...planned, expected: expectPage(request, { ...options, ownUrl: url, ignored }) });
    const records = hasRecords ? options.recordsIn(answer) : [];
    const page: Page = { request, url: pageUrl, response: answer, records, index, total: planned.from + records.length };
    const scripted = await paging.scriptOf?.(page);
    const next = pagination.next({ ...page, scripted }, settings as never, context);
    if ('stop' in next) break;
    if (hasRecords && !next.again) chunk++;
    request = next.request;
  }
  return { pages, places: new Set(pages.flatMap(({ expected }) => [...expected.values.keys()])) };
}

/** The page that is asked for; `beyond` where there is none that far, `unknown` where nobody was told to ask so; `undefined` where it is another endpoint's. */
export function pageAsked({ pages, places }: Plan, asked: Asked, repeated: (key: string) => number): PlannedPage | 'beyond' | 'unknown' | undefined {
  const scored = pages.map((page) => ({ page, score: matches(page.expected, asked) })).filter(({ score }) => score >= 0);
  const best = scored.reduce((most, { score }) => Math.max(most, score), -1);
  const found = scored.filter(({ score }) => score === best).map(({ page }) => page);
  const given = [...places].filter((place) => place !== 'text' && valueAt(place, asked) !== undefined);
  const [first] = found;
  if (first && given.every((place) => first.expected.values.has(place))) return found[Math.min(found.length - 1, found.length === 1 ? 0 : repeated(keyOf(first.expected)))];
  if (!pages.some(({ expected }) => expected.method === asked.method && expected.path.test(asked.url.pathname))) return undefined;
  if (given.length === 0) return first ?? pages[0];
  return given.every((place) => /^\d{1,15}$/.test(valueAt(place, asked)!)) ? 'beyond' : 'unknown';
}

const keyOf = ({ method, path, values }: Expected): string => `${method} ${path.source} ${[...values].map(([place, value]) => `${place}=${String(value)}`).join('&')}`;

/** Names under which a request says how many records it wants: callers may change that. */
export function sizeNames(settings: Settings): ReadonlySet<string> {
  const names = [settings['sizeParam'], settings['sizeVariable'], ...(typeof settings['sizeVariable'] === 'string' ? [`$.variables.${settings['sizeVariable']}`] : [])];
  return new Set(names.filter((name) => typeof name === 'string'));
}

/** The page size that a request asks for, where it does. */
export function sizeAsked(settings: Settings, asked: Asked): number | undefined {
  for (const name of sizeNames(settings)) {
    for (const place of ['query', 'body', 'form', 'header']) {
      if (place === 'body' && !/^[$\w.]+$/.test(name)) continue;
      const text = valueAt(`${place} ${place === 'header' ? name.toLowerCase() : name}`, asked);
      if (text !== undefined && /^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
    }
  }
  return undefined;
}

/** What a page tells of the others. `isRepeated`: it leads to itself. */
export function factsOf({ index, from, to, isLast }: Pick<PlannedPage, 'index' | 'from' | 'to' | 'isLast'>, all: readonly unknown[], size: number, linkTo: (token: string) => string): PageFacts {
  const token = isLast ? undefined : `p${index + 2}`;
  return { index, isLast, pages: Math.ceil(all.length / size), total: all.length, size, records: all.slice(from, to), token, link: token === undefined ? undefined : linkTo(token) };
}
