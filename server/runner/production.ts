import { FlowError } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
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
