import type { Registry } from '../engine/host.ts';
import type { FlowSummary, RunSummary, WorkspaceInfo } from '../model/api.ts';
import type { StateFile } from '../stores/state.ts';
import type { Diagnoser } from './diagnose.ts';
import type { Plugins } from './load-plugins.ts';
import type { Secrets } from './secrets.ts';
import type { ServedFlows } from './served-flows.ts';
import { type Workspace } from './workspace.ts';
export interface InfoOptions {
    readonly workspace: Workspace;
    readonly plugins: Plugins;
    readonly secrets: Secrets;
    readonly environment: string | undefined;
}
export declare function describeWorkspace({ workspace, plugins, secrets, environment }: InfoOptions): Promise<WorkspaceInfo>;
export interface FlowOptions {
    readonly workspace: Workspace;
    readonly diagnoser: Diagnoser;
    readonly state: StateFile;
    readonly served: ServedFlows;
    readonly registry: Registry;
    readonly draftDiffers: (flow: string) => boolean | undefined;
    readonly lastRun: (flow: string) => RunSummary | undefined;
    readonly now: number;
}
/** The flows of the workspace, and those that are deployed and have no file any more. */
export declare function describeFlows(options: FlowOptions): Promise<FlowSummary[]>;
export declare function ownVersion(): string;
