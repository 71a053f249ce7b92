import type { PruneLimits } from '../stores/prune.ts';
import type { Workspace } from './workspace.ts';

const usual = { days: 30, megabytes: 2_048 };

/** How long runs are kept, as the files say now. */
export function retentionOf({ config, flows }: Pick<Workspace, 'config' | 'flows'>): Omit<PruneLimits, 'now'> {
  const { days = usual.days, megabytes = usual.megabytes } = config.retention ?? {};
  const own = [...flows].flatMap(([id, { read }]) => (read.value?.settings?.retention ? [[id, read.value.settings.retention] as const] : []));
  return { days, megabytes, flows: Object.fromEntries(own) };
}
