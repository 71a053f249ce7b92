import { FlowError, type CachedDocument, type TrackedValue } from '../../plugins/sdk/index.ts';
import type { StateHost } from '../../server/engine/host.ts';

export interface MemoryState extends StateHost {
  readonly tracked: readonly (TrackedValue & { readonly step: string; readonly payload: string })[];
  readonly messages: readonly { readonly group: string; readonly text: string }[];
}

/** The state of a workspace in plain maps, for tests of what stands on it. Nothing ever ends by time. */
export function memoryState(groups: readonly string[] = []): MemoryState {
  const caches = new Map<string, Map<string, { readonly documents: CachedDocument[]; readonly ids: Set<string> }>>();
  const pools = new Map<string, Map<string, string>>();
  const tracked: MemoryState['tracked'][number][] = [];
  const messages: MemoryState['messages'][number][] = [];
  return {
    tracked, messages,
    cache(name, scope, { run, flow }) {
      const id = JSON.stringify([name, scope, scope === 'run' ? run : scope === 'flow' ? flow : '']);
      const entries = caches.get(id) ?? new Map<string, { readonly documents: CachedDocument[]; readonly ids: Set<string> }>();
      caches.set(id, entries);
      return {
        get: async (key) => entries.get(key)?.documents ?? [],
        put: async (key, documents) => void (documents.length > 0 ? entries.set(key, { documents: [...documents], ids: new Set() }) : entries.delete(key)),
        async append(key, document, options) {
          const entry = entries.get(key) ?? { documents: [], ids: new Set<string>() };
          entries.set(key, entry);
          if (entry.ids.has(options.id)) return;
          entry.ids.add(options.id);
          entry.documents.push(document);
        },
        delete: async (key) => entries.delete(key),
      };
    },
    pool(name) {
      const seen = pools.get(name) ?? new Map<string, string>();
      pools.set(name, seen);
      return {
        has: async (values, entity) => values.map((value) => seen.has(JSON.stringify([entity, value]))),
        add: async (values, { entity, owner }) => values.map((value) => {
          const key = JSON.stringify([entity, value]);
          const mine = JSON.stringify(owner);
          if (!seen.has(key)) seen.set(key, mine);
          return seen.get(key) === mine;
        }),
      };
    },
    // Nothing is ever settled here, so nothing moves.
    cursor: () => ({ begin: async () => ({ version: 0, seen: [] }), mark: async () => undefined }),
    track: async (values, { step, payload }) => void tracked.push(...values.map((value) => ({ ...value, step, payload }))),
    async notify(group, { text }) {
      if (!groups.includes(group)) throw new FlowError('CONFIG_UNKNOWN_GROUP', `There is no group ${JSON.stringify(group)}.`);
      messages.push({ group, text });
    },
  };
}
