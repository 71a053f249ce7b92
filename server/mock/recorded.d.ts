import type { Asked } from './asked.ts';
import type { Answer } from './signals.ts';
/** A request of a run and what was answered, with secrets masked. */
export interface RecordedExchange {
    readonly method: string;
    readonly url: string;
    /** `undefined` where there was none, or where it was not kept. */
    readonly requestBody?: string;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
}
export interface Recorded {
    /** The answer that was given to the same request, one after the other where it was made several times; the last one stays. */
    answer(asked: Asked): Answer | undefined;
}
/** `origin`: that of the mock, which takes the place of the recorded one in links. */
export declare function createRecorded(exchanges: readonly RecordedExchange[], origin: string): Recorded;
