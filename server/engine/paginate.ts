import { FlowError, type HttpRequest, type HttpResponse, type Next, type Page, type PageContext, type PageRequest, type Pagination, type StopReason } from '../../plugins/sdk/index.ts';
import { isObject, isSame } from '../model/json.ts';
import type { Answer } from './connection.ts';
import { childId } from './payload.ts';

export interface PageWalk {
  /** Name of the endpoint, for messages. */
  readonly endpoint: string;
  readonly pagination: Pagination;
  /** Complete. */
  readonly settings: unknown;
  readonly context: PageContext;
  /** What the script of the strategy gives for a page. */
  scriptOf?(page: Page): Promise<unknown>;
  /** Why a page is the last one although the strategy knows of another. */
  stopOf?(page: Page): Next | undefined;
  /** Statuses that say that there is no such page. `send` fails with them. */
  readonly stopStatuses?: readonly number[] | undefined;
  /** Stops after so many pages: somebody tries it out. */
  readonly testPages?: number | undefined;
  readonly signal: AbortSignal;
  /** Most pages asked for and not yet taken, where the strategy lets them be known; 0: the next is asked for when the one before is done with. */
  readonly ahead?: number;
  /** Bytes of them, as far as the pages before let it be known; default 32 MB. */
  readonly aheadBytes?: number;
  /** Where there are more, it fails; default 100,000. */
  readonly maxPages?: number | undefined;
  /** Whether to fail where a page has the very records of another; default true. */
  readonly checkRepeats?: boolean | undefined;
  /** The page to begin with, as `WalkedPage.next` gave it; default the first. */
  readonly from?: PagePlace;
  /** `index`: of the page, from 0; `previous`: the address of the page before. */
  build(request: PageRequest, index: number, previous: string | undefined): Promise<HttpRequest>;
  send(request: HttpRequest, signal: AbortSignal): Promise<Answer>;
  /** The same where the walk's own signal has aborted already; default `send`. */
  readonly sendAfterwards?: (request: HttpRequest, signal: AbortSignal) => Promise<Answer>;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** The answer as paths and expressions of the paging read it; where it is not given, as it came. */
  documentOf?(response: HttpResponse): Promise<HttpResponse>;
  recordsOf(response: HttpResponse): readonly unknown[] | Promise<readonly unknown[]>;
  /** How often paging was begun anew. */
  readonly beginnings?: number;
}

/** A page that is to be asked for. Plain JSON, so that a run can go on there. */
export interface PagePlace {
  readonly index: number;
  readonly request: PageRequest;
  /** The address of the page before. */
  readonly previous?: string;
  /** Records of all pages before. */
  readonly total: number;
}

export interface WalkedPage {
  readonly index: number;
  readonly response: HttpResponse;
  readonly records: readonly unknown[];
  readonly stop?: StopReason;
  readonly byGuess?: boolean;
  /** Absent where paging stops. */
  readonly next?: PagePlace;
}

interface Flight {
  readonly request: PageRequest;
  readonly landed: Promise<Answer>;
  /** Bytes, once it has landed. */
  size?: number;
}

const DEFAULT_AHEAD = 16;
const DEFAULT_AHEAD_BYTES = 32 * 1024 * 1024;
const DEFAULT_MAX_PAGES = 100_000;
const MOST_BEGINNINGS = 3;

const ANEW = 'Look at the answer that a rule with `reset-paging` (or a script) matches, in the run: it comes each time. Correct the rule, or let it end with another action.';
const CIRCLE = 'Look in the run at what names the next page in the answer of the page before. Where it names the right one, the pagination settings of the endpoint read it from another place, or send it where the other system does not look; else the other system errs, and `stopWhen` beside them can end the paging before that.';
const ALIKE = 'Check in the pagination settings of the endpoint where the page is sent. Where pages may be alike, set `checkRepeats` beside them to false.';

/**
 * Gives the pages of an endpoint, each once and in order. The next page is on its way while one is looked at; several are where the strategy lets them be
 * known, few at first, and none that the answers so far rule out or for which there may be no room. Fails with `PAGE_REPEATED` where a request would be made,
 * or records would be given, a second time, and with `PAGE_LIMIT` where there are too many. Whoever stops taking pages ends the requests that are on their way.
 */
export async function* walkPages(walk: PageWalk): AsyncGenerator<WalkedPage> {
  const end = new AbortController();
  const flights = new Map<number, Flight>();
  const { maxPages = DEFAULT_MAX_PAGES } = walk;
  const hasRoom = roomFor(walk, flights);
  const launch = launcher(walk, AbortSignal.any([walk.signal, end.signal]));
  const checkContent = walk.checkRepeats === false ? () => undefined : contentGuard(walk.endpoint);
  const settings = walk.settings as never;
  const from: PagePlace = walk.from ?? { index: 0, request: walk.pagination.first(settings), total: 0 };
  let { request, total } = from;
  let { beginnings = 0 } = walk;
  let hasBegunAnew = false;
  try {
    flights.set(from.index, launch(from.index, request, from.previous));
    for (let { index } = from; ; index++) {
      const { response, url, size = 0, meaning } = await flights.get(index)!.landed;
      flights.delete(index);
      if (meaning === 'new-paging') {
        if (++beginnings > MOST_BEGINNINGS) throw new FlowError('PAGE_REPEATED', `The paging of "${walk.endpoint}" was begun anew more than ${MOST_BEGINNINGS} times.`, { details: { endpoint: walk.endpoint }, remedy: ANEW });
        end.abort(new FlowError('RUN_STOPPED', 'The request was ended: paging begins anew.'));
        hasBegunAnew = true;
        yield* walkPages({ ...walk, from: { index: 0, request: walk.pagination.first(settings), total: 0 }, beginnings });
        return;
      }
      const isRefused = isNone(walk, response) || meaning === 'ignored';
      const hasNone = isRefused || walk.pagination.hasRecords?.(request) === false;
      const found = hasNone ? [] : await walk.recordsOf(response);
      // Where only some answers have records, the others lead the way.
      const isRead = !isRefused && walk.pagination.hasRecords?.(request) !== true;
      const document = (isRead && (await walk.documentOf?.(response))) || response;
      const whole: Page = { request, url, response: document, records: found, index, total: total + found.length };
      const fresh = walk.pagination.fresh?.(whole, settings) ?? found;
      const page: Page = { ...whole, total: total + fresh.length };
      const scripted = isNone(walk, response) ? undefined : await walk.scriptOf?.(page);
      const next = nextOf(walk, { ...page, scripted }, response);
      const records = 'again' in next && next.again ? [] : fresh;
      checkContent(records, index, response);
      total += records.length;
      if ('stop' in next) {
        end.abort(new FlowError('RUN_STOPPED', 'The request was ended: its page was not needed.'));
        yield { index, response, records, ...next };
        return;
      }
      request = next.request;
      const place: PagePlace = { index: index + 1, request, previous: url, total };
      if (place.index >= maxPages) {
        yield { index, response, records, next: place };
        throw new FlowError('PAGE_LIMIT', `"${walk.endpoint}" has more than ${maxPages} pages, or leads on for ever.`, { details: { endpoint: walk.endpoint, maxPages } });
      }
      const expected = flights.get(index + 1);
      if (expected && !isSame(expected.request, request)) throw new FlowError('INTERNAL', `The pagination "${walk.pagination.type}" foretold another request for page ${index + 2} than it made.`, { details: { endpoint: walk.endpoint } });
      const isInTurn = walk.ahead === 0;
      if (!expected && !isInTurn) flights.set(index + 1, launch(index + 1, request, url, next.waitMs));
      for (const ahead of foretold(walk, { request, url, response: document, records, index, total }, response, maxPages)) {
        if (flights.has(ahead.index)) continue;
        if (!hasRoom(size)) break;
        flights.set(ahead.index, launch(ahead.index, ahead.request, url));
      }
      yield { index, response, records, next: place };
      if (isInTurn) flights.set(index + 1, launch(index + 1, request, url, next.waitMs));
    }
  } finally {
    end.abort(new FlowError('RUN_STOPPED', 'The request was ended: nobody takes its page.'));
    await Promise.allSettled([...flights.values()].map(({ landed }) => landed));
    // Where paging began anew, that walk has ended what was under way.
    if (isStopped(walk.signal) && !hasBegunAnew) await abandon(walk, request);
  }
}

/** For good: a run that goes on later wants what the other system is at. */
const isStopped = ({ aborted, reason }: AbortSignal): boolean => aborted && FlowError.is(reason, 'RUN_STOPPED') && reason.details['goesOn'] !== true;

/** A stopped run waits for it only a moment; and whether it is heeded is the other system's business. */
async function abandon(walk: PageWalk, last: PageRequest): Promise<void> {
  const request = walk.pagination.abandon?.(last, walk.settings as never);
  if (!request) return;
  const signal = AbortSignal.timeout(ABANDON_MS);
  await walk.build(request, -1, undefined).then((built) => (walk.sendAfterwards ?? walk.send)(built, signal)).catch(() => undefined);
}

const ABANDON_MS = 700;

/** The strategy first: what it knows is why there is no other page, whatever else may be. `answer`: of the page, as it came. */
function nextOf(walk: PageWalk, page: Page, answer: HttpResponse): Next {
  if (isNone(walk, answer)) return { stop: 'status' };
  const next = walk.pagination.next(walk.pagination.readsText ? { ...page, response: answer } : page, walk.settings as never, walk.context);
  if ('stop' in next || next.again) return next;
  const isTested = walk.testPages !== undefined && page.index + 1 >= walk.testPages;
  return walk.stopOf?.(page) ?? (isTested ? { stop: 'test-budget' } : next);
}

const isNone = ({ stopStatuses = [] }: PageWalk, { status }: HttpResponse): boolean => status === 204 || stopStatuses.includes(status);

/** A refusal is an answer where its status was declared. */
async function sendOrStop(walk: PageWalk, request: HttpRequest, signal: AbortSignal): Promise<Answer> {
  try {
    const answer = await walk.send(request, signal);
    return answer.meaning === 'no-page' ? { ...answer, response: { status: 204, headers: {}, body: undefined } } : answer;
  } catch (error) {
    const status = FlowError.is(error) ? error.details['status'] : undefined;
    if (typeof status !== 'number' || !walk.stopStatuses?.includes(status)) throw error;
    return { url: request.url, response: { status, headers: {}, body: undefined } };
  }
}

/** Starts the request of a page, unless it was made before. */
function launcher(walk: PageWalk, signal: AbortSignal): (index: number, request: PageRequest, previous: string | undefined, waitMs?: number) => Flight {
  const made = new Map<string, number>();
  return (index, request, previous, waitMs) => {
    const fly = async (): Promise<Answer> => {
      if (waitMs !== undefined) await walk.sleep(waitMs, signal);
      const built = await walk.build(request, index, previous);
      // Its print: there may be very many pages.
      const text = JSON.stringify([built.method, built.url, request.headers, request.cookies, typeof built.body === 'string' ? built.body : undefined]);
      const key = childId(text, walk.endpoint, text.length);
      const before = walk.pagination.repeatsRequests ? undefined : made.get(key);
      if (before !== undefined) throw new FlowError('PAGE_REPEATED', `Page ${index + 1} of "${walk.endpoint}" would be the request of page ${before + 1} again: the server leads in a circle.`, { details: { endpoint: walk.endpoint, page: index + 1, same: before + 1 }, remedy: CIRCLE });
      made.set(key, index);
      return sendOrStop(walk, built, signal);
    };
    const landed = fly();
    const flight: Flight = { request, landed };
    // A page that is not taken any more must not end the process.
    landed.then(({ size = 0 }) => (flight.size = size)).catch(() => undefined);
    return flight;
  };
}

/** Whether one more page ahead fits beside those on their way. One that is not there yet counts as the largest so far. */
function roomFor({ aheadBytes = DEFAULT_AHEAD_BYTES }: PageWalk, flights: ReadonlyMap<number, Flight>): (size: number) => boolean {
  let largest = 0;
  return (size) => {
    largest = Math.max(largest, size);
    let sum = largest;
    for (const flight of flights.values()) sum += flight.size ?? largest;
    return sum <= aheadBytes;
  };
}

/** Requests of pages beyond the next one. */
function* foretold(walk: PageWalk, page: Page, answer: HttpResponse, maxPages: number): Generator<{ readonly index: number; readonly request: PageRequest }> {
  const { pagination: { ahead }, settings: given, ahead: most = DEFAULT_AHEAD } = walk;
  const settings = given as never;
  if (!ahead) return;
  // Whether the answer says where the end is: asks as if we were there already. `next` is pure, so nothing comes of it.
  const stopsAt = (index: number): boolean => {
    try {
      return 'stop' in nextOf(walk, { ...page, index, total: page.total + (index - page.index) * page.records.length }, answer);
    } catch {
      // What is wrong is told when that page is there.
      return true;
    }
  };
  const isEndKnown = stopsAt(page.index + 1e6);
  const width = isEndKnown ? most : Math.min(most, Math.ceil((page.index + 1) / 2));
  for (let index = page.index + 2; index <= page.index + width && index < maxPages && !stopsAt(index - 1); index++) {
    const request = ahead.at(index, settings);
    if (!request) return;
    yield { index, request };
  }
}

/** A server that does not heed the page, or gives its last one for ever, gives the same records under other requests. Plain values may well come twice, but not a whole text (XML, CSV). */
function contentGuard(endpoint: string): (records: readonly unknown[], index: number, response: HttpResponse) => void {
  const given = new Map<string, number>();
  return (records, index, response) => {
    const isWhole = records.length === 1 && typeof records[0] === 'string' && records[0] === response.body;
    if (!isObject(records[0]) && !isWhole) return;
    const key = childId(JSON.stringify(records), endpoint, records.length);
    const before = given.get(key);
    if (before !== undefined) throw new FlowError('PAGE_REPEATED', `Page ${index + 1} of "${endpoint}" has the records of page ${before + 1}: the server seems not to heed the page asked for.`, { details: { endpoint, page: index + 1, same: before + 1 }, remedy: ALIKE });
    given.set(key, index);
  };
}
