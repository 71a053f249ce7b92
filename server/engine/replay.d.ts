import type { ExchangeHead } from '../model/run-event.ts';
import type { EngineHost } from './host.ts';
import type { Journal } from './resume.ts';
/** What a run got from outside, by where it asked for it. */
export interface Recorded {
    /** Bytes of the body of an answer. */
    body(exchange: ExchangeHead): Promise<Uint8Array>;
}
/**
 * The host of a replay: what came in from outside comes from the recording, in the order in which it came, and nothing goes out. Where the run asks for
 * something that is not in the recording it fails with `REPLAY_UNKNOWN`.
 */
export declare function replayHost(host: EngineHost, journal: Journal, recorded: Recorded): {
    readonly host: EngineHost;
    attemptAt(step: string, payload: string, attempt: number): number | undefined;
};
