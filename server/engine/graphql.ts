import type { HttpResponse } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
import type { Judge } from './verdict.ts';

/** An answer with `errors` is a failure whatever its status is: GraphQL servers say 200. One that asks to go slower is waited for. */
export const graphqlJudge: Judge = async ({ response }) => {
  const errors = isObject(response?.body) && Array.isArray(response.body['errors']) ? (response.body['errors'] as unknown[]).filter(isObject) : [];
  if (!response || errors.length === 0) return undefined;
  const codes = new Set(errors.map((error) => (isObject(error['extensions']) ? error['extensions']['code'] : undefined)));
  const message = errors.map(messageOf).join('; ');
  const is = (...names: readonly string[]): boolean => names.some((name) => codes.has(name));
  if (is('THROTTLED', 'RATE_LIMITED', 'RATE_LIMIT_EXCEEDED', 'TOO_MANY_REQUESTS')) {
    const waitMs = costWait(response);
    return { action: 'wait', as: 'remote', message, ...(waitMs !== undefined && { waitMs }) };
  }
  if (is('UNAUTHENTICATED', 'ACCESS_DENIED', 'FORBIDDEN')) return { action: 'fail', as: 'auth', message };
  if (is('GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'undefinedField')) return { action: 'fail', as: 'config', message };
  if (is('INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE') || response.status >= 500) return { action: 'retry', as: 'remote', message };
  return { action: 'fail', as: 'data', message };
};

/** With the place in the answer, where the error names one. */
function messageOf(error: Readonly<Record<string, unknown>>): string {
  const path = Array.isArray(error['path']) ? ` (${(error['path'] as unknown[]).join('.')})` : '';
  return `${typeof error['message'] === 'string' ? error['message'] : JSON.stringify(error)}${path}`;
}

/** Milliseconds until there is what the query costs, where the answer says so. */
function costWait({ body }: HttpResponse): number | undefined {
  const extensions = isObject(body) && isObject(body['extensions']) ? body['extensions'] : {};
  const cost = isObject(extensions['cost']) ? extensions['cost'] : {};
  const status = isObject(cost['throttleStatus']) ? cost['throttleStatus'] : {};
  const [wanted, have, perSecond] = [cost['requestedQueryCost'], status['currentlyAvailable'], status['restoreRate']].map(Number) as [number, number, number];
  const ms = Math.ceil(((wanted - have) / perSecond) * 1000);
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
