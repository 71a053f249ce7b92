import { type EndpointCall, type Log, type OpenContext, type TriggerContext, type TriggerEvent } from '../../plugins/sdk/index.ts';
import { type ProtocolManifest } from '../model/protocol.ts';
import type { EngineHost, ResolvedInstance } from './host.ts';
export interface ProtocolUse {
    readonly instance: ResolvedInstance;
    readonly manifest: ProtocolManifest;
    /** Name of the endpoint in the manifest, which has it. */
    readonly endpoint: string;
    readonly open: OpenContext;
    /** Completes what is given for the params of the endpoint. */
    complete(given: unknown): unknown;
}
/** Fails as `openEndpoint` does. */
export declare function openProtocolEndpoint(host: EngineHost, use: ProtocolUse, run: string): Promise<EndpointCall>;
export interface Listening extends Pick<TriggerContext, 'signal' | 'log' | 'clock' | 'memory'> {
    readonly params: unknown;
}
/** The events of a listening endpoint. Fails as `openEndpoint` does, and when the connection is lost. */
export declare function listenTo(host: EngineHost, use: ProtocolUse, { params, signal, log, clock, memory }: Listening): AsyncGenerator<TriggerEvent>;
/** Connects, and asks what the protocol has for a check. Fails as `openEndpoint` does, and with what the other system says. */
export declare function checkProtocol(host: EngineHost, use: Omit<ProtocolUse, 'endpoint' | 'complete'>, { signal, log }: {
    readonly signal: AbortSignal;
    readonly log: Log;
}): Promise<{
    readonly address: string;
}>;
