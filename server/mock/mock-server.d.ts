import type { EngineHost } from '../engine/host.ts';
import type { ConnectorManifest } from '../model/connector.ts';
import { type Fault } from './faults.ts';
import { type RecordedExchange } from './recorded.ts';
export interface MockOptions {
    /** For the plugins of pagination. */
    readonly host: EngineHost;
    readonly connector: string;
    readonly manifest: ConnectorManifest;
    /** Default any that is free. */
    readonly port?: number;
    /** Records of a collection; default 60. */
    readonly records?: number;
    readonly seed?: number;
    readonly faults?: readonly Fault[];
    /** Exchanges of runs, which are answered as they were before anything is made up. */
    readonly recorded?: readonly RecordedExchange[];
}
export interface Mock extends AsyncDisposable {
    readonly origin: string;
    /** In place of the base URL of the connector. */
    readonly url: string;
}
/** Where the mock tells what it is and is told what to do. */
export declare const controlPath = "/_mock";
/** A server on loopback that answers as the other system of a connector would. Fails with `STORAGE_FAILED` where the port is taken. */
export declare function startMock(options: MockOptions): Promise<Mock>;
/** The fixed path of the base URL: what stands behind the host, or behind the setting that gives it. */
export declare function basePathOf(baseUrl: string): string;
