import type { Flow } from '../model/flow.ts';
/** The variables of one run. `values` is what expressions see as `flow`. */
export interface Variables {
    readonly values: Readonly<Record<string, unknown>>;
    set(name: string, value: unknown): void;
}
/** Defaults of the flow, and over them what the run was started with. Fails with `CONFIG_INVALID` where a name is not known or a value has another type. */
export declare function openVariables({ variables: declared }: Flow, given: Readonly<Record<string, unknown>>, file: string): Variables;
