import type { Transport } from '../engine/host.ts';
/**
 * Requests by undici: connections are kept and used again, answers are decompressed, and no answer grows beyond `maxBytes`, packed or unpacked.
 * Fails with `REMOTE_UNREACHABLE`, `REMOTE_TIMEOUT`, `REMOTE_TOO_LARGE`, with `REMOTE_FORMAT` for a compression that is not known or damaged, or with the reason
 * of the signal.
 */
export declare function openTransport(): Transport & AsyncDisposable;
