import type { Runner } from '../runner/contract.ts';
export interface Metrics {
    /** In the text format of Prometheus. */
    text(): string;
    countRequest(status: number): void;
    close(): void;
}
/** Counts since the start of this runner. */
export declare function metricsOf(runner: Runner): Metrics;
