import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Runner } from '../runner/contract.ts';
/**
 * Hands a request below `/hooks/` to the trigger that its address names, and gives the caller what the trigger answers. It stands before Express: a webhook
 * needs none of it, and half of the time of a short flow would go there.
 */
export declare function answerHook(runner: Runner, request: IncomingMessage, response: ServerResponse, { hookBytes }: {
    readonly hookBytes: number;
}): Promise<void>;
export declare const prefix = "/hooks/";
