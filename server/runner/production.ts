import { FlowError } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
import type { StartRun } from './contract.ts';
import type { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

/** Whether an environment is marked as production. One that cannot be read as a whole still counts where it says so. */
export function isProduction({ environments }: Workspace, environment: string | undefined): boolean {
  const read = environment === undefined ? undefined : environments.get(environment)?.read;
  return isObject(read?.raw) && read.raw['production'] === true;
}

/**
 * Fails with `PRODUCTION_UNCONFIRMED` where a run against production would be started by hand, or by a trigger of files that are not deployed, and nobody has
 * confirmed it. Triggers of deployed flows are not asked: deploying one is the confirmation.
 */
export function refuseProduction(workspace: Workspace, environment: string | undefined, isConfirmed: boolean): void {
  if (isConfirmed || !isProduction(workspace, environment)) return;
  throw new FlowError('PRODUCTION_UNCONFIRMED', `The environment ${JSON.stringify(environment)} is marked as production: whoever starts a run against it must confirm it.`, { details: { environment } });
}

/** The same for who starts a run by hand. The environment counts as production where the files say so, or said so when the version was deployed. */
export async function guardStart({ flow, version: name, isProductionConfirmed = false }: StartRun, environment: string | undefined, { workspace, versions }: { readonly workspace: Workspace; readonly versions: Versions }): Promise<void> {
  refuseProduction(workspace, environment, isProductionConfirmed);
  const version = versions.resolve(flow, name);
  if (version !== 'draft') refuseProduction((await versions.open(flow, version)).workspace, environment, isProductionConfirmed);
}
