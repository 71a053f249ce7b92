import type { EngineHost } from '../engine/host.ts';
import { type ConnectorManifest, type EndpointManifest } from '../model/connector.ts';
import type { Asked } from './asked.ts';
import type { Collection } from './collections.ts';
import { type Answer } from './signals.ts';
export interface MockEndpoint {
    readonly name: string;
    /** How well a request fits; -1 where it is not of this endpoint. */
    fits(asked: Asked): Promise<number>;
    /** `page`: its number from 1, for faults; 1 for endpoints without pages. */
    pageOf(asked: Asked): Promise<Served>;
}
export interface Served {
    readonly page: number;
    /** `repeated`: what the page before was answered with. */
    answer(how: {
        readonly repeated?: boolean;
    }): Answer | Promise<Answer>;
}
export interface MockEndpointOptions {
    readonly host: EngineHost;
    readonly name: string;
    readonly endpoint: EndpointManifest;
    readonly manifest: ConnectorManifest;
    readonly collection: Collection;
    readonly origin: string;
    readonly basePath: string;
    /** Milliseconds since the epoch at which the mock was started. */
    readonly startedAt: number;
}
export declare function mockEndpoint(options: MockEndpointOptions): Promise<MockEndpoint>;
