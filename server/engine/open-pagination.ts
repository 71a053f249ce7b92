import { FlowError, parseTime, type HttpResponse, type Log, type Next, type Page, type PageContext, type Pagination, type Script, type ValueContext, withChanges } from '../../plugins/sdk/index.ts';
import type { OlderThan, PaginationUse } from '../model/connector.ts';
import { compileTemplate, compileValue, type ExpressionEnv, type Scope } from '../model/expression.ts';
import { pagingRoots } from '../model/expression-roots.ts';
import { callScript } from './call-script.ts';
import type { EngineHost } from './host.ts';
import { compilePageExpressions } from './page-expressions.ts';

/** How the pages of an endpoint are found: a strategy, and what the connector says beside it. */
export interface OpenPagination extends Pick<PaginationUse, 'maxPages' | 'checkRepeats' | 'stopStatuses'> {
  readonly pagination: Pagination;
  /** Whether paths, expressions or a script of it read what an answer holds. */
  readonly readsAnswer: boolean;
  /** For one call of the endpoint. `scope` holds the roots of requests. */
  begin(scope: Scope, context: CallContext): Promise<Paging>;
}

type CallContext = ValueContext & { readonly signal: AbortSignal; readonly log: Log };

export interface Paging {
  /** Complete, without expressions. */
  readonly settings: unknown;
  readonly context: PageContext;
  /** What the script of the strategy gives for a page; absent where it has none. */
  readonly scriptOf?: (page: Page) => Promise<unknown>;
  /** Why a page is the last one although the strategy knows of another. */
  stopOf(page: Page): Next | undefined;
  /** Paths of totals at which an answer has no number; `read` is asked for it where there are totals. */
  unreadTotals(read: () => Promise<HttpResponse>): Promise<readonly string[]>;
}

export interface PaginationEnv extends ExpressionEnv {
  /** The scripts of the run, which ends them. Fails with `CONFIG_UNKNOWN_SCRIPT`, `SCRIPT_INVALID`. */
  script(file: string): Promise<Script>;
}

/** Fails with `CONFIG_UNKNOWN_PLUGIN`, `CONFIG_INVALID`, `CONFIG_EXPRESSION` and those of a script; the pointer is relative to the use. */
export async function openPagination(host: EngineHost, use: PaginationUse, env: PaginationEnv): Promise<OpenPagination> {
  const pagination = await host.registry.find('pagination', use.type);
  if (!pagination) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no pagination of type "${use.type}".`, { place: { pointer: '/type' } });
  const { maxPages, checkRepeats, stopStatuses, stopWhen, olderThan } = use;
  const given = await below('/settings', async () => host.registry.complete(pagination, use.settings ?? {}));
  const schema = pagination.settings as object;
  const settings = await below('/settings', () => compileValue(given, { ...env, roots: pagingRoots }, { schema }));
  const contextOf = await below('/settings', () => compilePageExpressions(given as object, schema, env));
  const stopContextOf = await below('/stopWhen', () => compilePageExpressions({}, {}, env, stopWhen === undefined ? [] : [stopWhen]));
  const limit = olderThan && (await below('/olderThan/value', () => compileTemplate(olderThan.value, { ...env, roots: pagingRoots })));
  const file = pagination.script?.(given as never);
  const script = file === undefined ? undefined : await below('/settings', () => env.script(file));
  const readsAnswer = script !== undefined || contextOf.readsAnswer || stopContextOf.readsAnswer;
  return {
    pagination, readsAnswer, maxPages, checkRepeats, stopStatuses,
    async begin(scope, context) {
      const stopContext = stopContextOf(scope, context);
      const oldest = limit && (await limit.evaluate(scope, context));
      const resolved = await settings.evaluate(scope, context);
      return {
        settings: resolved,
        ...(script && { scriptOf: (page) => runScript(script, file!, page, resolved, context) }),
        context: contextOf(scope, context),
        async unreadTotals(read) {
          const paths = totalsOf(resolved);
          const body = paths.length > 0 ? (await read()).body : undefined;
          return paths.filter((path) => !isNumber(stopContext.read(body, path)));
        },
        stopOf: (page) => {
          if (stopWhen !== undefined && isTrue(stopContext.evaluate(stopWhen, page))) return { stop: 'stop-expression' };
          if (olderThan && isOlder(page, olderThan, oldest, stopContext)) return { stop: 'older-record' };
          return undefined;
        },
      };
    },
  };
}

const runScript = (script: Script, file: string, { response, url, records, index, total, request }: Page, settings: unknown, context: CallContext): Promise<unknown> =>
  callScript(script, file, { response: response.body ?? null, headers: response.headers, status: response.status, url, records, page: { ...request.variables, index, size: records.length, total }, settings }, context);

async function below<T>(pointer: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    // A script names its own place.
    if (!FlowError.is(error) || error.place?.file !== undefined) throw error;
    throw withChanges(error, { place: { pointer: `${pointer}${error.place?.pointer ?? ''}` } });
  }
}

const totalsOf = (settings: unknown): readonly string[] => {
  const { totalPath, totalPagesPath } = settings as { readonly totalPath?: string; readonly totalPagesPath?: string };
  return [totalPath, totalPagesPath].filter((path) => path !== undefined);
};

const isNumber = (value: unknown): boolean => typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)));

const isTrue = (value: unknown): boolean => value === true || value === 'true';

/** Records come with the newest first, so the last one of a page is the oldest so far. */
function isOlder({ records }: Page, { path }: OlderThan, oldest: unknown, context: PageContext): boolean {
  const value = records.length === 0 ? undefined : context.read(records.at(-1), path);
  if (value === undefined || value === null) return false;
  const [one, other] = [numberOf(value), numberOf(oldest)];
  return Number.isNaN(one) || Number.isNaN(other) ? String(value) < String(oldest) : one < other;
}

/** Numbers as they are, times as milliseconds. */
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : /^-?\d+(\.\d+)?$/.test(String(value)) ? Number(value) : parseTime(String(value)));
