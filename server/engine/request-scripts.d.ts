import { type HttpRequest, type HttpResponse, type Log, type Script } from '../../plugins/sdk/index.ts';
import type { Verdict } from './verdict.ts';
/** A script of an endpoint, with its settings resolved. */
export interface EndpointScript {
    readonly script: Script;
    readonly file: string;
    readonly settings: unknown;
}
interface ScriptRun {
    readonly signal: AbortSignal;
    readonly log: Log;
}
/** What a script makes of a request that is not signed yet. Fails with `DATA_INVALID` where it gives something else, and with what the script fails with. */
export declare function runBefore({ script, file, settings }: EndpointScript, request: HttpRequest, run: ScriptRun): Promise<HttpRequest>;
/** What a script makes of an answer, and what it says that the answer means. Fails as `runBefore` does. */
export declare function runAfter({ script, file, settings }: EndpointScript, response: HttpResponse, { method, url }: HttpRequest, run: ScriptRun): Promise<{
    readonly response: HttpResponse;
    readonly verdict?: Verdict;
}>;
export {};
