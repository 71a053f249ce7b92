import type { PluginUse } from '../model/connector.ts';
import type { Report } from './import-result.ts';
export type Pair = readonly [name: string, value: string];
export declare const isSecretName: (name: string) => boolean;
/** How a request signs in, by what it carries. The secrets themselves are dropped here, once for all. */
export declare function takeSecrets(report: Report, headers: readonly Pair[], query: readonly Pair[], where: string): {
    readonly headers: readonly Pair[];
    readonly query: readonly Pair[];
    readonly auth: Readonly<Record<string, PluginUse>>;
};
/** The value without what its fields say is secret. */
export declare function withoutSecrets(value: unknown): unknown;
