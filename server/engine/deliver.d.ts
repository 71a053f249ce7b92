import { type Payload, type PayloadContext } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import { type EndpointLink } from './endpoint-link.ts';
export interface DeliverOptions extends EndpointLink {
    readonly endpoint: EndpointManifest;
}
/**
 * Sends a payload, or each of its records, and gives a payload with each answer, or what was sent where that is to be passed on. Items that the other system
 * refuses are given up one by one. What is through is neither sent again nor failed, whatever becomes of the rest.
 */
export declare function deliver(options: DeliverOptions, payload: Payload, params: unknown, context: PayloadContext, { passesInput }?: {
    passesInput?: boolean | undefined;
}): AsyncGenerator<Payload>;
