import { FlowError, type TriggerContext } from '../../plugins/sdk/index.ts';
import type { StateHost } from '../engine/host.ts';

/** The state of a workspace as the engine sees it. */
export function createStateHost(): StateHost {
  const none = (): never => { throw new FlowError('STORAGE_FAILED', 'This runner keeps no state.'); };
  return { cache: none, pool: none, track: none, notify: none };
}

/** What triggers want to know after a restart. */
export function triggerMemory(): (flow: string, trigger: string) => TriggerContext['memory'] {
  const values = new Map<string, unknown>();
  return (flow, trigger) => {
    const key = JSON.stringify([flow, trigger]);
    return { get: async () => values.get(key), set: async (value) => void values.set(key, value) };
  };
}
