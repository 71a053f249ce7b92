import { type Log, type Next, type Page, type PageContext, type Pagination, type Script, type ValueContext } from '../../plugins/sdk/index.ts';
import type { PaginationUse } from '../model/connector.ts';
import { type ExpressionEnv, type Scope } from '../model/expression.ts';
import type { EngineHost } from './host.ts';
/** How the pages of an endpoint are found: a strategy, and what the connector says beside it. */
export interface OpenPagination extends Pick<PaginationUse, 'maxPages' | 'checkRepeats' | 'stopStatuses'> {
    readonly pagination: Pagination;
    /** For one call of the endpoint. `scope` holds the roots of requests. */
    begin(scope: Scope, context: CallContext): Promise<Paging>;
}
type CallContext = ValueContext & {
    readonly signal: AbortSignal;
    readonly log: Log;
};
export interface Paging {
    /** Complete, without expressions. */
    readonly settings: unknown;
    readonly context: PageContext;
    /** What the script of the strategy gives for a page; absent where it has none. */
    readonly scriptOf?: (page: Page) => Promise<unknown>;
    /** Why a page is the last one although the strategy knows of another. */
    stopOf(page: Page): Next | undefined;
}
export interface PaginationEnv extends ExpressionEnv {
    /** The scripts of the run, which ends them. Fails with `CONFIG_UNKNOWN_SCRIPT`, `SCRIPT_INVALID`. */
    script(file: string): Promise<Script>;
}
/** Fails with `CONFIG_UNKNOWN_PLUGIN`, `CONFIG_INVALID`, `CONFIG_EXPRESSION` and those of a script; the pointer is relative to the use. */
export declare function openPagination(host: EngineHost, use: PaginationUse, env: PaginationEnv): Promise<OpenPagination>;
export {};
