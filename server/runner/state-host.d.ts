import type { TriggerContext } from '../../plugins/sdk/index.ts';
import type { StateHost } from '../engine/host.ts';
import type { WorkspaceFile } from '../model/workspace.ts';
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
/** What lives for how long where nobody says otherwise. */
export declare const usual: {
    readonly cacheMs: number;
    readonly poolMs: number;
    readonly trackedDays: 15;
    readonly cacheMegabytes: 50;
};
/** Bytes that a cache may hold. */
export declare function cacheBytes({ caches }: Stores, name: string): number;
/** The state of a workspace as the engine sees it. */
export declare function createStateHost(options: StateHostOptions): WorkspaceStateHost;
/** What triggers want to know after a restart. */
export declare const triggerMemory: (state: WorkspaceState) => (flow: string, trigger: string) => TriggerContext['memory'];
