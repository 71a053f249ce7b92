import type { Runner } from './contract.ts';
import { type ExecutorLimits } from './executor-pool.ts';
import { type RunnerLog } from './log.ts';
export interface RunnerOptions {
    readonly root: string;
    /** Of runs that do not name one; default the one that was chosen for this machine, else that of `patchbay.json`. */
    readonly environment?: string;
    /** For whom it works, for the audit log: the user of the command line, `API`, `editor`. */
    readonly actor?: string;
    /** Changed files count at once. */
    readonly dev?: boolean;
    /** What answers triggers, and what runs that name no version use: `deployed` ones, or the files as they are, which is the default. */
    readonly serves?: 'draft' | 'deployed';
    /** Triggers of files that are not deployed may start runs against production, too. */
    readonly isProductionConfirmed?: boolean;
    /** Secrets that the editor keeps. The map may change while the runner lives. */
    readonly editorSecrets?: ReadonlyMap<string, string>;
    readonly log?: RunnerLog;
    /** Flows run in threads of their own, so that none of them blocks the runner. Without it they run in this one, which is simpler for a process that runs one. */
    readonly executors?: ExecutorLimits;
    /** Milliseconds for runs that are under way when the runner is disposed; default 30,000. */
    readonly drainMs?: number;
}
/** Opens a workspace. Nothing is written before a run starts. Fails with `CONFIG_NOT_FOUND` where the folder does not exist. */
export declare function openRunner(options: RunnerOptions): Promise<Runner>;
