import { FlowError, withChanges } from '../../plugins/sdk/index.ts';
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

export interface ScheduleWorld {
  readonly registry: Registry;
  /** Of the flow. */
  readonly isEnabled: boolean;
  readonly isDeployed: boolean;
}

/** The same for all triggers of a flow that know their times, with why they do not fire. Fails with `CONFIG_INVALID`, `PLUGIN_FAILED` of the first that cannot be read. */
export async function scheduleOf({ read, file, id: flow }: Entry<'flow'>, span: Span, { registry, isEnabled, isDeployed }: ScheduleWorld): Promise<TriggerTimes[]> {
  if (!read.value) throw new FlowError('CONFIG_INVALID', `The flow cannot be read: \`patchbay lint ${file}\` says why.`, { place: { file } });
  const { triggers = {} } = read.value;
  const found = await Promise.all(Object.entries(triggers).map(async ([id, trigger]): Promise<TriggerTimes[]> => {
    const known = await timesOf(trigger, span, registry).catch((error: unknown) => { throw placed(error, file, id); });
    if (!known) return [];
    const about = { trigger: id, type: trigger.trigger };
    if (trigger.disabled) return [{ ...about, times: [], note: 'It never fires: the trigger is disabled in the flow.' }];
    if (!isEnabled) return [{ ...about, times: [], note: `It never fires: the flow is disabled. \`patchbay enable ${flow}\` lets it.` }];
    if (known.length === 0) return [{ ...about, times: [], note: 'It never fires: no time to come is one of its settings.' }];
    return [{ ...about, times: known, ...(!isDeployed && { note: `The flow is not deployed: it fires only under \`patchbay serve --dev\`. \`patchbay deploy ${flow}\` puts it into use.` }) }];
  }));
  return found.flat();
}

export interface TimesFault {
  readonly pointer: string;
  /** Absent where the trigger can be read, but never fires. */
  readonly error?: FlowError;
}

/** What is wrong with the times of a flow's triggers, beyond what the schemas of their settings say. */
export async function timesFaults({ read }: Entry<'flow'>, from: number, registry: Registry): Promise<TimesFault[]> {
  const found: TimesFault[] = [];
  for (const [id, { trigger: type, settings }] of Object.entries(read.value?.triggers ?? {})) {
    const plugin = await registry.find('trigger', type).catch(() => undefined);
    const complete = plugin?.times && completeOrNot(() => registry.complete(plugin, settings));
    if (!plugin?.times || complete === undefined) continue;
    const pointer = pointerOf(id);
    try {
      if (plugin.times(complete as never, from, 1).length === 0) found.push({ pointer });
    } catch (error) {
      if (FlowError.is(error)) found.push({ pointer: pointer + (error.place?.pointer ?? ''), error });
    }
  }
  return found;
}

function completeOrNot(complete: () => unknown): unknown {
  try {
    return complete();
  } catch {
    // The schema has been checked by others.
    return undefined;
  }
}

const pointerOf = (trigger: string): string => `/triggers/${trigger.replaceAll('~', '~0').replaceAll('/', '~1')}/settings`;

function placed(error: unknown, file: string, trigger: string): unknown {
  if (!FlowError.is(error)) return error;
  return withChanges(error, { place: { file, pointer: pointerOf(trigger) + (error.place?.pointer ?? '') } });
}
