import type { BodyKeeper, ConnectionState, EngineHost, Transport } from '../engine/host.ts';
import { type Plan } from '../engine/plan.ts';
import { type Diagnoser } from './diagnose.ts';
import type { Plugins } from './load-plugins.ts';
import { type Secrets } from './secrets.ts';
import type { WorkspaceStateHost } from './state-host.ts';
import { type Entry, type Workspace } from './workspace.ts';
/** A flow, ready to run in an environment; it serves any number of runs until a file changes. */
export interface PreparedFlow {
    readonly entry: Entry<'flow'>;
    readonly plan: Plan;
    /** The host of its runs, but for the keeping of bodies. */
    readonly host: Omit<EngineHost, 'bodies'>;
}
export interface FlowPlans {
    /**
     * Fails with `CONFIG_NOT_FOUND`, with the first error of the files that the flow stands on, with `SCRIPT_INVALID`, with `SECRET_MISSING`:
     * whatever can be known before a run begins.
     */
    prepare(request: {
        readonly flow: string;
        readonly environment?: string;
        readonly from?: string;
        readonly until?: string;
    }): Promise<PreparedFlow>;
    /** A host for single evaluations. */
    host(environment: string | undefined): EngineHost;
}
export interface FlowPlansOptions {
    readonly workspace: Workspace;
    readonly plugins: Plugins;
    readonly diagnoser: Diagnoser;
    readonly secrets: Secrets;
    readonly transport: Transport;
    readonly clock: EngineHost['clock'];
    readonly connections: ConnectionState;
    readonly sessions: EngineHost['sessions'];
    readonly state: WorkspaceStateHost;
    readonly flows: EngineHost['flows'];
}
export declare function createFlowPlans(options: FlowPlansOptions): FlowPlans;
/** For what is not recorded. */
export declare const noBodies: BodyKeeper;
