import type { Connection } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';
/** Connections to other systems, by what they are made with: used again, given to one call at a time or to many, closed when nobody has used them for a while. */
export interface Sessions extends AsyncDisposable {
    /** Waits where all that there may be are in use. Fails with what `open` fails with, or with the signal's reason. */
    lease<N>(key: string, options: SessionOptions<N>, signal: AbortSignal): Promise<Lease<N>>;
}
export interface SessionOptions<N> {
    readonly isShared: boolean;
    /** Connections with this key that are open at the same time. */
    readonly most: number;
    open(): Promise<Connection<N>>;
}
export interface Lease<N> {
    readonly client: N;
    /** `isSound`: the connection can be used again. To be called once. */
    end(isSound: boolean): void;
}
export declare function createSessions(clock: EngineHost['clock']): Sessions;
