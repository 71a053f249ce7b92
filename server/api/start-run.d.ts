import type { RunResult, RunStarted } from '../model/api.ts';
import { type Call } from './route.ts';
/** Starts a run whose payload is the raw body of the request. */
export declare function startRun({ runner, request, response, path, query, limits, closing }: Call): Promise<RunStarted | RunResult>;
