import { type HttpRequest, type HttpResponse, type Next, type Page, type PageContext, type PageRequest, type Pagination, type StopReason } from '../../plugins/sdk/index.ts';
import type { Answer } from './connection.ts';
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
    /** Most pages asked for and not yet taken, where the strategy lets them be known. */
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
    sleep(ms: number, signal: AbortSignal): Promise<void>;
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
/**
 * Gives the pages of an endpoint, each once and in order. The next page is on its way while one is looked at; several are where the strategy lets them be
 * known, few at first, and none that the answers so far rule out or for which there may be no room. Fails with `PAGE_REPEATED` where a request would be made,
 * or records would be given, a second time, and with `PAGE_LIMIT` where there are too many. Whoever stops taking pages ends the requests that are on their way.
 */
export declare function walkPages(walk: PageWalk): AsyncGenerator<WalkedPage>;
