import type { CachedDocument, CacheScope } from '../../../plugins/sdk/index.ts';
import type { Plan } from '../../engine/plan.ts';
import { isObject } from '../../model/json.ts';
import type { RunHead } from '../../model/run-event.ts';
import { usualEntity, type TestGiven } from '../../model/test-file.ts';
import type { StateSeed } from '../../stores/state-database.ts';

/** Every case is a run of this name, so that what it sends has the same keys each time. */
export const runId = 'test';

export const headOf = (flow: string, environment: string | undefined, at: number): RunHead => ({ id: runId, flow, flowVersion: '', trigger: 'manual', queuedAt: at, ...(environment !== undefined && { environment }) });

/** What the flow of a case finds in caches and pools. */
export function seedOf({ caches = {}, pools = {} }: TestGiven, plan: Plan): StateSeed {
  return {
    caches: Object.entries(caches).flatMap(([name, keys]) => Object.entries(keys).flatMap(([key, value]) => [...scopesOf(plan, name)].map((scope) => ({ name, key, documents: documentsIn(value), scope, owner: ownerOf(scope, plan) })))),
    pools: Object.entries(pools).flatMap(([name, values]) => [...Map.groupBy(values.map((one) => (typeof one === 'string' ? { value: one, entity: usualEntity } : one)), ({ entity }) => entity)].map(([entity, all]) => ({ name, entity, values: all.map(({ value }) => value) }))),
  };
}

/** Where the steps of a flow look for a cache; where none does, in the workspace. */
export function scopesOf({ steps }: Plan, cache: string): ReadonlySet<CacheScope> {
  const found = steps.flatMap(({ settings }) => (isObject(settings) && settings['cache'] === cache && typeof settings['scope'] === 'string' ? [settings['scope'] as CacheScope] : []));
  return new Set(found.length > 0 ? found : ['workspace']);
}

export const ownerOf = (scope: CacheScope, { flowId }: Plan): string => (scope === 'run' ? runId : scope === 'flow' ? flowId : '');

/** One document, or several under `$all`. */
const documentsIn = (value: unknown): CachedDocument[] => (isObject(value) && Array.isArray(value['$all']) ? (value['$all'] as unknown[]) : [value]).map((body) => ({ body, mediaType: typeof body === 'string' ? 'text/plain' : 'application/json', meta: {} }));
