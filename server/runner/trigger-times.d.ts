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
export declare function timesOf({ trigger: type, settings }: FlowTrigger, { from, count }: Span, registry: Registry): Promise<readonly string[] | undefined>;
/** The same for all triggers of a flow that are on and know their times. Fails with `CONFIG_INVALID`, `PLUGIN_FAILED` of the first that cannot be read. */
export declare function scheduleOf({ read, file }: Entry<'flow'>, span: Span, registry: Registry): Promise<TriggerTimes[]>;
export interface TimesFault {
    readonly pointer: string;
    /** Absent where the trigger can be read, but never fires. */
    readonly error?: FlowError;
}
/** What is wrong with the times of a flow's triggers, beyond what the schemas of their settings say. */
export declare function timesFaults({ read }: Entry<'flow'>, from: number, registry: Registry): Promise<TimesFault[]>;
