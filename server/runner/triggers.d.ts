import { type IncomingRequest, type TriggerContext, type TriggerEvent } from '../../plugins/sdk/index.ts';
import type { EngineHost, Registry } from '../engine/host.ts';
import type { Listening } from '../engine/protocol.ts';
import type { FlowTrigger } from '../model/flow.ts';
import type { StartedRun, StartRun } from './contract.ts';
import type { FlowPlans } from './flow-plans.ts';
import type { RunnerLog } from './log.ts';
/** The triggers that listen: each is the event stream of its plugin, and each event starts a run. */
export interface Triggers {
    /** Begins and ends listening so that exactly the wanted triggers listen. */
    sync(wanted: readonly WantedTrigger[]): void;
    /** Hands over a request. `undefined`: the trigger takes none. */
    hook(wanted: WantedTrigger, request: IncomingRequest): Promise<true | undefined>;
    close(): Promise<void>;
}
export interface WantedTrigger {
    readonly flow: string;
    readonly id: string;
    readonly trigger: FlowTrigger;
    /** Changes when the trigger has to begin anew. */
    readonly stamp: string;
    /** Where its plugin is found; default that of the workspace. */
    readonly registry?: Registry;
    /** Where its instances are found; default the workspace as it is. */
    readonly plans?: FlowPlans;
}
export interface TriggersOptions {
    readonly registry: Registry;
    readonly clock: EngineHost['clock'];
    readonly log: RunnerLog;
    readonly secret: (name: string) => Promise<string>;
    readonly start: (request: StartRun) => Promise<StartedRun>;
    /** See `TriggerContext.memory`. */
    readonly memory: (flow: string, trigger: string) => TriggerContext['memory'];
    /** See `TriggerContext.listen`. */
    readonly listen: (plans: FlowPlans | undefined, endpoint: {
        readonly instance: string;
        readonly endpoint: string;
    }, listening: Listening) => AsyncIterable<TriggerEvent>;
}
export declare function createTriggers(options: TriggersOptions): Triggers;
