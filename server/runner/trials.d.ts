import type { EngineHost } from '../engine/host.ts';
import type { Trial } from '../model/trial.ts';
import { type SecretValues } from '../stores/redact.ts';
import { type SaveExample } from './trial-example.ts';
import type { Workspace } from './workspace.ts';
/** Endpoints that somebody tries out: nothing is recorded, and no flow takes part. */
export interface Trials {
    /**
     * Calls an endpoint as a flow would. What goes wrong once a request was made stands in the result; before that it fails as a run would: with a config error,
     * `SECRET_MISSING`, `PRODUCTION_UNCONFIRMED`, `WRITE_UNCONFIRMED`.
     */
    try(request: TryRequest): Promise<Trial>;
}
export interface TryRequest {
    readonly instance: string;
    /** Default the one with which the connector is checked: that which it names, else the first that receives and needs no params. */
    readonly endpoint?: string;
    readonly params?: Readonly<Record<string, unknown>>;
    /** What an endpoint that sends gets. */
    readonly payload?: {
        readonly body: unknown;
        readonly mediaType: string;
    };
    /** Pages at most; default 5, or 1 where no endpoint is named. */
    readonly pages?: number;
    readonly environment?: string;
    readonly isProductionConfirmed?: boolean;
    /** Whoever tries it knows that something is written in the other system. A mock needs no such word. */
    readonly isWriteConfirmed?: boolean;
    /** Keeps the first page as an example of the connector, under this title. */
    readonly save?: string;
    /** Says how the answers seem to be paged. */
    readonly detect?: boolean;
    /** Of the whole trial; default 60,000. */
    readonly timeoutMs?: number;
    readonly signal?: AbortSignal;
}
export interface TrialsOptions {
    refresh(): Promise<void>;
    /** All secrets that can be known are masked when it resolves. */
    reveal(): Promise<void>;
    readonly workspace: Workspace;
    readonly host: (environment: string | undefined) => EngineHost;
    readonly environment: () => string | undefined;
    readonly values: SecretValues;
    readonly save: SaveExample;
}
export declare function createTrials({ refresh, reveal, workspace, host: hostOf, environment: environmentNow, values, save }: TrialsOptions): Trials;
