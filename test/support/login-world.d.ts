import type { Runner } from '../../server/runner/contract.ts';
import { type RunnerOptions } from '../../server/runner/runner.ts';
export declare const clientSecret = "a secret of the cl&ient";
/** A real OAuth 2 server, an API that asks it about tokens, and a workspace with an instance per grant. */
export interface LoginWorld extends AsyncDisposable {
    readonly root: string;
    /** Grants that the token server was asked for, in their order; with those that it refused as `grant: error`. */
    readonly grants: string[];
    /** Every token that the server gave. */
    readonly tokens: Set<string>;
    /** Authorization headers that the API got. */
    readonly seen: string[];
    openRunner(options?: Pick<RunnerOptions, 'executors'>): Promise<Runner>;
    /** Runs the flow of an instance. */
    run(runner: Runner, instance: string): Promise<{
        readonly status: string;
        readonly code?: string | undefined;
        readonly message?: string | undefined;
    }>;
    /** The access tokens that were given so far count no more. */
    revoke(): Promise<void>;
    /** All that lies in the state folder, as one text. */
    state(): string;
}
export declare function loginWorld(): Promise<LoginWorld>;
/** A person with a browser: goes to the address, fills in whatever forms come, and gives the address to which the browser is led in the end, unvisited. */
export declare function browse(start: string, isOver: (url: string) => boolean): Promise<string>;
