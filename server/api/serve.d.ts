import type { Runner } from '../runner/contract.ts';
import type { Limits } from './route.ts';
export interface ServeOptions {
    /** 0 takes any that is free. */
    readonly port: number;
    readonly host: string;
    readonly token: string;
    /** Folder of the built webviews. */
    readonly webRoot?: string;
    /** Further hosts that requests may name, for a server behind a tunnel. */
    readonly allowedHosts?: readonly string[];
    readonly limits?: Partial<Limits>;
    /** Milliseconds that a client may take for its headers; default 10,000. */
    readonly headersTimeoutMs?: number;
    /** Milliseconds that requests in work get when the server closes; default 30,000. */
    readonly drainMs?: number;
    /** Whether the triggers listen: what `/readyz` says. */
    readonly isReady?: () => boolean;
    readonly log?: (error: unknown) => void;
}
export interface Server {
    readonly url: string;
    /** Takes no new requests, lets those in work come to their end, and cuts them off when that takes too long. */
    close(): Promise<void>;
}
/** Puts the runner's API, its webhooks and the operators' page on an address. */
export declare function serve(runner: Runner, options: ServeOptions): Promise<Server>;
