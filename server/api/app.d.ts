import { type Express } from 'express';
import type { Runner } from '../runner/contract.ts';
import type { Metrics } from './metrics.ts';
import { type Limits } from './route.ts';
export interface AppOptions {
    readonly runner: Runner;
    readonly metrics: Metrics;
    readonly webRoot: string;
    readonly limits: Limits;
    readonly closing: AbortSignal;
    readonly log: (error: unknown) => void;
}
/** The API and the operators' page. The guard has already looked at each request. */
export declare function appOf(options: AppOptions): Express;
