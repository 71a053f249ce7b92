import { FlowError } from '../../plugins/sdk/index.ts';
import type { SnapshotHead, Snapshots } from '../stores/snapshots.ts';
import type { StateFile } from '../stores/state.ts';
import { type FlowPlans, type FlowPlansOptions, type PreparedFlow } from './flow-plans.ts';
import { type Plugins } from './load-plugins.ts';
import type { RunnerLog } from './log.ts';
import { type Workspace } from './workspace.ts';
/** Number of a deployed version; `draft`: the files as they are; `deployed`: the version that is in use. */
export type VersionName = number | 'draft' | 'deployed';
/** A deployed version, opened: a workspace of its own. State, secrets and recordings are those of the workspace that it was deployed in. */
export interface OpenVersion {
    readonly number: number;
    readonly hash: string;
    readonly head: SnapshotHead;
    readonly workspace: Workspace;
    readonly plugins: Plugins;
    readonly plans: FlowPlans;
}
export interface Versions {
    /**
     * Opens a version; kept open from then on, with its plugins and plans. Fails with `VERSION_NOT_FOUND`, `VERSION_DAMAGED`, and with `PLUGIN_FAILED` where
     * a plugin of it cannot be loaded, or another version of an npm package is installed than it was deployed with.
     */
    open(flow: string, version: number): Promise<OpenVersion>;
    /** Opens what is to become a version, prepares its flow, and closes it again. Fails as `prepare` does, but not for a secret: that may come later. */
    tryOut(folder: string, head: SnapshotHead): Promise<void>;
    /** The version that a name means, or what is usual without one. Where the deployed one is meant and there is none: `draft`. */
    resolve(flow: string, version: VersionName | undefined): number | 'draft';
    /** A flow in one of its versions, ready to run. Fails as `open` and `FlowPlans.prepare` do, and with `VERSION_NOT_FOUND` where `deployed` is asked for and the flow is not. */
    prepare(request: {
        readonly flow: string;
        readonly version?: VersionName;
        readonly environment?: string;
        readonly from?: string;
        readonly until?: string;
    }): Promise<PreparedFlow & {
        readonly version: number | 'draft';
    }>;
    close(): Promise<void>;
}
export interface VersionsOptions {
    readonly root: string;
    readonly state: StateFile;
    readonly snapshots: Snapshots;
    /** What all versions share. */
    readonly shared: Omit<FlowPlansOptions, 'workspace' | 'plugins' | 'diagnoser'>;
    /** Of the files as they are. */
    readonly draft: FlowPlans;
    /** What runs that name no version use: the deployed one, where there is one, or the draft. */
    readonly usual: 'draft' | 'deployed';
    readonly log: RunnerLog;
}
export declare function createVersions(options: VersionsOptions): Versions;
export declare function versionNotFound(flow: string, version: number, state: StateFile): FlowError;
