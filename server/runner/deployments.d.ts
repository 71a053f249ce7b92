import type { DeployResult, FlowVersions, VersionDetail, VersionDiff } from '../model/api.ts';
import { type Snapshots } from '../stores/snapshots.ts';
import type { StateFile } from '../stores/state.ts';
import { type Diagnoser } from './diagnose.ts';
import type { Plugins } from './load-plugins.ts';
import { type Versions } from './versions.ts';
import { type Workspace } from './workspace.ts';
/** Makes versions of flows and puts them into use. The index in the state is what counts: a folder that it does not name is no version. */
export interface Deployments {
    /**
     * Puts the files as they are into use: as a new version, or as the one that holds the same. Fails with the first error of the files, and then nothing has changed.
     * `by`: who does it, for the history.
     */
    deploy(flow: string, options: {
        readonly by: string;
        readonly note?: string;
    }): Promise<DeployResult>;
    /** Puts a version of before into use. Fails with `VERSION_NOT_FOUND`, and as `Versions.open` does where it cannot be used any more. */
    rollback(flow: string, version: number, by: string): Promise<DeployResult>;
    /** Fails with `CONFIG_NOT_FOUND` where there is neither a flow nor a version of it. */
    list(flow: string): FlowVersions;
    detail(flow: string, version: number): VersionDetail;
    compare(flow: string, from: number | 'draft', to: number | 'draft'): VersionDiff;
    /** See `FlowSummary`. */
    draftDiffers(flow: string): boolean | undefined;
}
export interface DeploymentsOptions {
    readonly workspace: Workspace;
    readonly plugins: Plugins;
    readonly diagnoser: Diagnoser;
    readonly state: StateFile;
    readonly snapshots: Snapshots;
    readonly versions: Versions;
    readonly now: () => number;
    /** Version of Patchbay. */
    readonly engine: string;
}
export declare function createDeployments(options: DeploymentsOptions): Deployments;
