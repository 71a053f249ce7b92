import type { PruneLimits } from '../stores/prune.ts';
import type { Workspace } from './workspace.ts';
/** How long runs are kept, as the files say now. */
export declare function retentionOf({ config, flows }: Pick<Workspace, 'config' | 'flows'>): Omit<PruneLimits, 'now'>;
