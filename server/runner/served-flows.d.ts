import type { StateFile } from '../stores/state.ts';
import type { Plugins } from './load-plugins.ts';
import type { RunnerLog } from './log.ts';
import type { WantedTrigger } from './triggers.ts';
import type { OpenVersion, Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';
/** The flows whose triggers may start them: on a server the deployed ones, as they were deployed; in dev mode all, as their files are. Those that are disabled may not. */
export interface ServedFlows {
    /** Looks which versions are in use, and opens them. One that cannot be opened is logged once, and keeps nobody else from working. */
    refresh(): Promise<void>;
    /** Fails with what is wrong with the version of the flow that is in use. */
    trigger(flow: string, id: string): WantedTrigger | undefined;
    readonly triggers: readonly WantedTrigger[];
    /** The version of a flow that is in use, opened; `undefined` where its files as they are are meant. */
    version(flow: string): OpenVersion | undefined;
}
export interface ServedFlowsOptions {
    readonly workspace: Workspace;
    readonly plugins: Plugins;
    readonly state: StateFile;
    readonly versions: Versions;
    readonly usual: 'draft' | 'deployed';
    readonly log: RunnerLog;
}
export declare function createServedFlows({ workspace, plugins, state, versions, usual, log }: ServedFlowsOptions): ServedFlows;
