/**
 * The small state of a workspace that a person may want to read or mend: `.patchbay/state.json`. Several processes may change it: each does so under a lock,
 * on what the file says then. What is read is what the file said at the last `refresh` or change. Everything fails with `STORAGE_FAILED`.
 */
export interface StateFile {
    /** Whether the triggers of a flow may start it; they may where nothing is said. */
    isEnabled(flow: string): boolean;
    setEnabled(flow: string, enabled: boolean): Promise<void>;
    /** The environment that somebody has chosen for runs that name none. */
    readonly environment: string | undefined;
    setEnvironment(environment: string | undefined): Promise<void>;
    deployment(flow: string): Deployment | undefined;
    /** Flows that have been deployed. */
    readonly deployed: readonly string[];
    /** Nobody else changes the state until `change` is through; where it fails, nothing is changed. */
    changeDeployment(flow: string, change: (before: Deployment | undefined) => Promise<Deployment>): Promise<Deployment>;
    /** Looks whether another process has changed the file; cheap where none has. Says whether one had. */
    refresh(): Promise<boolean>;
}
/** What the index knows of a flow: its versions are folders of their own (see `snapshots`). */
export interface Deployment {
    /** The version that is in use. */
    readonly version: number;
    /** The oldest first. */
    readonly versions: readonly DeployedVersion[];
    /** What was in use when; the oldest first. */
    readonly history: readonly {
        readonly version: number;
        readonly at: number;
        readonly by: string;
        readonly action: 'deploy' | 'rollback';
    }[];
}
export interface DeployedVersion {
    readonly number: number;
    /** Of its content: equal ones are one version. */
    readonly hash: string;
    readonly at: number;
    readonly by: string;
    readonly note?: string;
}
/** Nothing is written before something is changed. */
export declare function openState(root: string): Promise<StateFile>;
