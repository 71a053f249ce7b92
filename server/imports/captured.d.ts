import type { PluginUse } from '../model/connector.ts';
import type { ImportResult, Report } from './import-result.ts';
import { type Pair } from './secret-values.ts';
/** A request that was written down or recorded, with its answer where there is one. */
export interface Captured {
    readonly name?: string;
    readonly summary?: string;
    readonly method: string;
    /** `https://shop.test`; empty where it is not known. */
    readonly origin: string;
    /** With `{name}` for what varies. */
    readonly path: string;
    /** Values of what varies. */
    readonly values: Readonly<Record<string, string>>;
    readonly query: readonly Pair[];
    /** What the query can hold beside it. */
    readonly optional?: readonly Pair[];
    readonly headers: readonly Pair[];
    /** `value`: parsed, where the type is JSON or a form; else the text. */
    readonly body?: {
        readonly mediaType: string;
        readonly value: unknown;
    };
    readonly auth?: Readonly<Record<string, PluginUse>>;
    readonly answer?: {
        readonly status: number;
        readonly mediaType: string;
        readonly headers: readonly Pair[];
        readonly value: unknown;
    };
}
export interface CapturedSource {
    readonly title: string | undefined;
    readonly summary?: string;
    readonly source: string;
    readonly report: Report;
    /** Whether requests of one method and path are one endpoint. */
    readonly isMerged: boolean;
    /** Auth methods of all requests. */
    readonly auth?: Readonly<Record<string, PluginUse>>;
}
/** A connector out of requests. The origin that most of them go to is the base address. */
export declare function connectorOfRequests({ title, summary, source: origin, report, isMerged, auth: shared }: CapturedSource, requests: readonly Captured[]): ImportResult;
/** The first items of a list tell what the others are like. */
export declare function shortened(value: unknown): unknown;
/** The parts of an address that vary from record to record, by their look: numbers, UUIDs and long ids. */
export declare function templatePath(path: string): {
    readonly path: string;
    readonly values: Readonly<Record<string, string>>;
};
export declare function decoded(text: string): string;
