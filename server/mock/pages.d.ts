import type { PageRequest } from '../../plugins/sdk/index.ts';
import type { OpenPagination, Paging } from '../engine/open-pagination.ts';
import type { EndpointManifest } from '../model/connector.ts';
import type { Asked } from './asked.ts';
import { type Expected } from './expected.ts';
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
/** The walk of a strategy through the answers of the mock: every request that it will make, and what it gets. */
export declare function planPages(options: PlanOptions): Promise<Plan>;
/** The page that is asked for; `beyond` where there is none that far, `unknown` where nobody was told to ask so; `undefined` where it is another endpoint's. */
export declare function pageAsked({ pages, places }: Plan, asked: Asked, repeated: (key: string) => number): PlannedPage | 'beyond' | 'unknown' | undefined;
/** Names under which a request says how many records it wants: callers may change that. */
export declare function sizeNames(settings: Settings): ReadonlySet<string>;
/** The page size that a request asks for, where it does. */
export declare function sizeAsked(settings: Settings, asked: Asked): number | undefined;
/** What a page tells of the others. `isRepeated`: it leads to itself. */
export declare function factsOf({ index, from, to, isLast }: Pick<PlannedPage, 'index' | 'from' | 'to' | 'isLast'>, all: readonly unknown[], size: number, linkTo: (token: string) => string): PageFacts;
