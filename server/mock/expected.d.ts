import type { PageRequest } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import type { Asked } from './asked.ts';
/** What the request of a page has, which those of the other pages do not have. */
export interface Expected {
    readonly method: string;
    readonly path: RegExp;
    /** `query page` → the value; `text` stands for the whole body. */
    readonly values: ReadonlyMap<string, string | RegExp>;
}
/** Stands in texts for what only the caller knows, such as the settings of his instance. */
export declare const anything = "\uE000";
interface ExpectOptions {
    readonly endpoint: EndpointManifest;
    /** Path of the base address, without a slash at its end. */
    readonly basePath: string;
    /** The address at which a page without a link is asked for. */
    readonly ownUrl: string;
    /** Names of what holds the page size, which the caller may change. */
    readonly ignored: ReadonlySet<string>;
}
/** How the request of a page is known. */
export declare function expectPage(page: PageRequest, { endpoint, basePath, ownUrl, ignored }: ExpectOptions): Expected;
/** How many of the values a request has; -1 where it is another request. */
export declare function matches({ method, path, values }: Expected, asked: Asked): number;
/** What a request has at a place, as text. */
export declare function valueAt(key: string, asked: Asked): string | undefined;
/** The path of an endpoint as a pattern; each expression gives one part of it. */
export declare function routeOf(basePath: string, path: string, variables?: Readonly<Record<string, string>>): RegExp;
export {};
