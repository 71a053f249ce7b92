import { FlowError, type CachedDocument, type CacheScope } from '../../../plugins/sdk/index.ts';
import type { Plan } from '../../engine/plan.ts';
import { readCursor } from '../../engine/cursor-values.ts';
import { isObject, pointerOf } from '../../model/json.ts';
import type { RunHead } from '../../model/run-event.ts';
import { usualEntity, type TestGiven } from '../../model/test-file.ts';
import type { StateSeed } from '../../stores/state-database.ts';
import type { Workspace } from '../workspace.ts';
import type { Place } from './test-files.ts';

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

/** How far the steps of a case had read. Fails with `CONFIG_INVALID` where a step does not read incrementally, or the value is none of its kind. */
export function cursorsOf({ cursors = {} }: TestGiven, { flowId: flow, steps }: Plan, environment = '', connectorOf: (instance: string) => string | undefined, connectors: Workspace['connectors'], place: Place): NonNullable<StateSeed['cursors']> {
  return Object.entries(cursors).flatMap(([step, given]) => {
    const at = { ...place, pointer: pointerOf([...(place.pointer ?? '').split('/').slice(1), 'cursors', step]) };
    const { instance, endpoint } = (steps.find(({ id }) => id === step)?.settings ?? {}) as { readonly instance?: string; readonly endpoint?: string };
    const manifest = connectors.get(connectorOf(instance ?? '') ?? '')?.read.value?.endpoints[endpoint ?? ''];
    const use = manifest && 'incremental' in manifest ? manifest.incremental : undefined;
    if (!use || instance === undefined || endpoint === undefined) throw new FlowError('CONFIG_INVALID', `The step ${JSON.stringify(step)} does not read incrementally, so it has no cursor.`, { place: at, remedy: 'Name a step whose endpoint has `incremental`.' });
    const { kind = 'datetime' } = use;
    return Object.entries(isObject(given) ? given : { '': given }).map(([slice, text]) => {
      const value = readCursor(text, { kind, format: 'date-time' });
      if (value === undefined) throw new FlowError('CONFIG_INVALID', `${JSON.stringify(text)} is no ${kind === 'datetime' ? 'time. Write it as 2024-01-31 or 2024-01-31T12:00:00Z' : kind}.`, { place: at });
      return { id: { environment, flow, step, instance, endpoint, slice }, kind, value };
    });
  });
}

/** Where the steps of a flow look for a cache; where none does, in the workspace. */
export function scopesOf({ steps }: Plan, cache: string): ReadonlySet<CacheScope> {
  const found = steps.flatMap(({ settings }) => (isObject(settings) && settings['cache'] === cache && typeof settings['scope'] === 'string' ? [settings['scope'] as CacheScope] : []));
  return new Set(found.length > 0 ? found : ['workspace']);
}

export const ownerOf = (scope: CacheScope, { flowId }: Plan): string => (scope === 'run' ? runId : scope === 'flow' ? flowId : '');

/** One document, or several under `$all`. */
const documentsIn = (value: unknown): CachedDocument[] => (isObject(value) && Array.isArray(value['$all']) ? (value['$all'] as unknown[]) : [value]).map((body) => ({ body, mediaType: typeof body === 'string' ? 'text/plain' : 'application/json', meta: {} }));
