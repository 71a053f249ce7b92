import type { ConnectionState, FlowsHost, StateHost } from '../engine/host.ts';
import { type SecretValues } from '../stores/redact.ts';
import { type Snapshots } from '../stores/snapshots.ts';
import { type StateFile } from '../stores/state.ts';
import { type Diagnoser } from './diagnose.ts';
import { type FlowPlans } from './flow-plans.ts';
import { type Plugins } from './load-plugins.ts';
import { type RunnerLog } from './log.ts';
import { type Secrets } from './secrets.ts';
import { type Versions } from './versions.ts';
import { type Workspace } from './workspace.ts';
import { type WorkspaceState } from './workspace-state.ts';
/** A workspace, opened in one thread, with all that its flows stand on. The control process has one, and so has each executor. */
export interface Workbench extends AsyncDisposable {
    readonly root: string;
    readonly log: RunnerLog;
    /** Every secret that was handed out, for masks. */
    readonly values: SecretValues;
    readonly workspace: Workspace;
    readonly plugins: Plugins;
    readonly secrets: Secrets;
    /** Fails with `SECRET_MISSING`. */
    readonly secret: (name: string) => Promise<string>;
    /** Names that the files refer to. */
    readonly referenced: () => readonly string[];
    readonly diagnoser: Diagnoser;
    readonly stateFile: StateFile;
    readonly state: WorkspaceState;
    readonly plans: FlowPlans;
    readonly snapshots: Snapshots;
    readonly versions: Versions;
    /** Files as they are now; one look at a time. */
    refresh(): Promise<void>;
    /** All secrets that can be known are masked when it resolves. */
    reveal(): Promise<void>;
}
export interface WorkbenchOptions {
    readonly root: string;
    readonly log: RunnerLog;
    readonly values: SecretValues;
    readonly editorSecrets: ReadonlyMap<string, string>;
    /** What runs that name no version use. */
    readonly usual: 'draft' | 'deployed';
    readonly connections: ConnectionState;
    readonly flows: FlowsHost;
    readonly notify: StateHost['notify'];
}
/** Nothing is written. Fails with `CONFIG_NOT_FOUND` where the folder does not exist. */
export declare function openWorkbench(options: WorkbenchOptions): Promise<Workbench>;
