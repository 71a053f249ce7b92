import type { TriggerContext } from '../../plugins/sdk/index.ts';
import type { StateHost } from '../engine/host.ts';
import type { WorkspaceFile } from '../model/workspace.ts';
import type { CacheId } from '../stores/state-store.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Names and limits of caches and pools, as a workspace and an environment give them. */
export type Stores = Pick<WorkspaceFile, 'caches' | 'pools'>;

export interface WorkspaceStateHost extends StateHost {
  /** The same state, with other names and limits. */
  withStores(stores: Stores): StateHost;
}

export interface StateHostOptions {
  readonly state: WorkspaceState;
  /** The limits of patchbay.json, as they are now. */
  readonly config: () => WorkspaceFile;
  readonly notify: StateHost['notify'];
}

const dayMs = 86_400_000;
/** What lives for how long where nobody says otherwise. */
export const usual = { cacheMs: 7 * dayMs, poolMs: 90 * dayMs, trackedDays: 15, cacheMegabytes: 50 } as const;

/** Bytes that a cache may hold. */
export function cacheBytes({ caches }: Stores, name: string): number {
  const own = caches && Object.hasOwn(caches, name) ? caches[name]?.megabytes : undefined;
  return (own ?? usual.cacheMegabytes) * 1024 * 1024;
}

/** The state of a workspace as the engine sees it. */
export function createStateHost(options: StateHostOptions): WorkspaceStateHost {
  return { ...hostOf(options, options.config), withStores: (stores) => hostOf(options, () => stores) };
}

function hostOf({ state, config, notify }: StateHostOptions, stores: () => Stores): StateHost {
  return {
    notify,
    cache(name, scope, { run, flow }) {
      const id: CacheId = { name: nameIn(stores().caches, name), scope, owner: scope === 'run' ? run : scope === 'flow' ? flow : '' };
      const limits = ({ ttlMs = usual.cacheMs }: { readonly ttlMs?: number } = {}) => ({ ttlMs, maxBytes: cacheBytes(stores(), name) });
      return {
        get: (key) => state.reading().caches.get(id, key),
        put: (key, documents, options) => state.writing().caches.put(id, key, documents, limits(options)),
        append: (key, document, options) => state.writing().caches.append(id, key, document, { ...limits(options), id: options.id }),
        delete: (key) => state.writing().caches.delete(id, key),
      };
    },
    pool(given) {
      const name = nameIn(stores().pools, given);
      return {
        has: (values, entity) => state.reading().pools.has(name, values, entity),
        add: (values, options) => state.writing().pools.add(name, values, { ttlMs: usual.poolMs, ...options }),
      };
    },
    cursor: (place, { run, ...reader }) => {
      const id = { ...place, ...reader };
      return { begin: (reading) => state.reading().cursors.begin(id, { ...reading, run }), mark: (mark) => state.writing().cursors.mark(id, { ...mark, run }) };
    },
    track: (values, place) => state.writing().tracked.add(values, place, { ttlMs: (config().retention?.trackedDays ?? usual.trackedDays) * dayMs }),
  };
}

const nameIn = (stores: Readonly<Record<string, { readonly name?: string }>> | undefined, name: string): string => (stores && Object.hasOwn(stores, name) ? (stores[name]?.name ?? name) : name);

/** What triggers want to know after a restart. */
export const triggerMemory = (state: WorkspaceState) => (flow: string, trigger: string): TriggerContext['memory'] => ({
  get: () => state.reading().memory.get(flow, trigger),
  set: (value) => state.writing().memory.set(flow, trigger, value),
});
