import type { EngineHost } from '../engine/host.ts';
import type { InstanceOverride } from '../model/environment.ts';
import { type Mock } from '../mock/mock-server.ts';
import type { RunArchive } from './contract.ts';
import { type Workspace } from './workspace.ts';
/** Mocks of the other systems of a workspace. */
export interface Mocks {
    /** Fails with `CONFIG_UNKNOWN_CONNECTOR`, `CONFIG_INVALID`, `DATA_INVALID` (faults), `API_NOT_FOUND` (runs). */
    start(request: MockRequest): Promise<StartedMock>;
}
export interface MockRequest {
    readonly connector: string;
    readonly port?: number;
    /** Records of a collection; default 60. */
    readonly records?: number;
    readonly seed?: number;
    /** As they stand in a file: see `Fault`. */
    readonly faults?: unknown;
    /** Runs whose exchanges are answered as they were. */
    readonly runs?: readonly string[];
}
export interface StartedMock extends Mock {
    /** What an environment says of the instances of the connector, so that their requests go to the mock. Secrets of theirs are all called `mock`. */
    readonly overrides: Readonly<Record<string, InstanceOverride>>;
    /** Addresses for tokens and the like that belong to others, so that they are no part of the mock. */
    readonly elsewhere: readonly string[];
    /** Answers that were taken from runs. */
    readonly recorded: number;
}
export interface MocksOptions {
    refresh(): Promise<void>;
    readonly workspace: Workspace;
    readonly host: () => EngineHost;
    readonly archive: () => RunArchive;
}
/** The name of the secret that stands for all secrets where a mock is asked. */
export declare const mockSecret = "mock";
export declare function createMocks({ refresh, workspace, host, archive }: MocksOptions): Mocks;
