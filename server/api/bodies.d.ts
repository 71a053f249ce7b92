import { type Call } from './route.ts';
/** Answers with a recorded body, or with the range of it that was asked for. */
export declare function answerBody({ runner, request, response, path }: Call, run: string): Promise<void>;
/** One range, both ends included. Several ranges, and what is not understood, give the whole body, as the standard allows. */
export declare function readRange(header: string | undefined, size: number): {
    readonly start: number;
    readonly end: number;
} | 'outside' | undefined;
