import { type Log, type Script } from '../../plugins/sdk/index.ts';
/** What a script gives for one input. Fails with what the script failed with, naming its line. */
export declare function callScript(script: Script, file: string, input: unknown, { signal, log }: {
    readonly signal: AbortSignal;
    readonly log: Log;
}): Promise<unknown>;
