import type { Transport } from '../engine/host.ts';
/** Loads the HTTP client when the first request is sent: half of the time that a runner takes to start would be for it, and many never need it. */
export declare function lazyTransport(): Transport & AsyncDisposable;
