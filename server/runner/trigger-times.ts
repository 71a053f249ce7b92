import { FlowError } from '../../plugins/sdk/index.ts';
import type { Registry } from '../engine/host.ts';
import type { TriggerTimes } from '../model/api.ts';
import type { FlowTrigger } from '../model/flow.ts';
import type { Entry } from './workspace.ts';

export interface Span {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly count: number;
}

/** When a trigger fires after a time, as its plugin counts; `undefined` where nobody knows. Fails with `CONFIG_INVALID`, `PLUGIN_FAILED`. */
export async function timesOf({ trigger: type, settings }: FlowTrigger, { from, count }: Span, registry: Registry): Promise<readonly string[] | undefined> {
  const plugin = await registry.find('trigger', type);
  return plugin?.times?.(registry.complete(plugin, settings) as never, from, count).map((time) => new Date(time).toISOString());
}

/** The same for all triggers of a flow that are on and know their times. Fails with `CONFIG_INVALID`, `PLUGIN_FAILED` of the first that cannot be read. */
export async function scheduleOf({ read, file }: Entry<'flow'>, span: Span, registry: Registry): Promise<TriggerTimes[]> {
  if (!read.value) throw new FlowError('CONFIG_INVALID', `The flow cannot be read: \`patchbay lint ${file}\` says why.`, { place: { file } });
  const { triggers = {} } = read.value;
  const found = await Promise.all(Object.entries(triggers).map(async ([id, trigger]): Promise<TriggerTimes[]> => {
    if (trigger.disabled) return [];
    const times = await timesOf(trigger, span, registry).catch((error: unknown) => { throw placed(error, file, id); });
    return times ? [{ trigger: id, type: trigger.trigger, times }] : [];
  }));
  return found.flat();
}

function placed(error: unknown, file: string, trigger: string): unknown {
  if (!FlowError.is(error)) return error;
  const pointer = `/triggers/${trigger.replaceAll('~', '~0').replaceAll('/', '~1')}/settings${error.place?.pointer ?? ''}`;
  return new FlowError(error.code, error.message, { cause: error, place: { file, pointer } });
}
