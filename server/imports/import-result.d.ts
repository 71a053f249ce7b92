import type { ConnectorManifest } from '../model/connector.ts';
/** What an import makes of a description. Nothing in it is a secret: values that look like one are named in `skipped` and left out. */
export interface ImportResult {
    readonly manifest: ConnectorManifest;
    /** What the manifest does not hold, and why. What is the same in many places stands once, with the first of them. */
    readonly skipped: readonly Skipped[];
    /** What the description seems to say without saying it. For a person to accept, the likeliest first; none of it is in the manifest. */
    readonly suggestions: readonly Suggestion[];
    /** Operations, requests or entries that the source holds. Each is an endpoint, or stands in `skipped`, or is the same as another. */
    readonly operations: number;
}
export interface Skipped {
    readonly what: string;
    readonly why: string;
}
export interface Suggestion {
    readonly kind: 'pagination' | 'auth' | 'direction';
    /** Where it belongs; without one, to the connector. */
    readonly endpoint?: string;
    /** What would stand in the manifest. */
    readonly value: unknown;
    /** From 0 to 1. */
    readonly score: number;
    readonly why: string;
}
/** Collects what is said while a description is read. */
export interface Report {
    skip(what: string, why: string): void;
    suggest(suggestion: Suggestion): void;
    readonly skipped: readonly Skipped[];
    readonly suggestions: readonly Suggestion[];
}
export declare function createReport(): Report;
