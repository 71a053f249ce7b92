import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Runner } from '../../server/runner/contract.ts';
import { type RunnerOptions } from '../../server/runner/runner.ts';
export declare const asked: string[];
export type Files = Readonly<Record<string, unknown>>;
export declare function makeWorkspace(files: Files): string;
export declare const shopFiles: () => Files;
export declare const steps: (all: object, more?: object) => object;
/** Microsoft's client over a socket, with what was said to it. */
export declare class Client extends DebugClient {
    #private;
    readonly said: string[];
    readonly root: string;
    readonly ended: PromiseWithResolvers<void>;
    constructor(root: string);
    file(flow: string): string;
    /** The next stop: why, and where the first lines of the stack are. */
    stopped(): Promise<{
        readonly reason: string;
        readonly frames: readonly string[];
        readonly frame: number;
    }>;
    shown(expression: string, frameId?: number): Promise<string>;
    /** Launches with breakpoints. */
    begin(launch: object, lines?: Readonly<Record<string, readonly (number | DebugProtocol.SourceBreakpoint)[]>>, also?: () => Promise<unknown>): Promise<readonly DebugProtocol.Breakpoint[]>;
}
export declare function debugging(files: Files, work: (client: Client, runner: Runner) => Promise<void>, options?: Partial<RunnerOptions>): Promise<void>;
