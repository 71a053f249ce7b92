import type { StartRun } from './contract.ts';
import type { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';
/** Whether an environment is marked as production. One that cannot be read as a whole still counts where it says so. */
export declare function isProduction({ environments }: Workspace, environment: string | undefined): boolean;
/**
 * Fails with `PRODUCTION_UNCONFIRMED` where a run against production would be started by hand, or by a trigger of files that are not deployed, and nobody has
 * confirmed it. Triggers of deployed flows are not asked: deploying one is the confirmation.
 */
export declare function refuseProduction(workspace: Workspace, environment: string | undefined, isConfirmed: boolean): void;
/** The same for who starts a run by hand. The environment counts as production where the files say so, or said so when the version was deployed. */
export declare function guardStart({ flow, version: name, isProductionConfirmed }: StartRun, environment: string | undefined, { workspace, versions }: {
    readonly workspace: Workspace;
    readonly versions: Versions;
}): Promise<void>;
