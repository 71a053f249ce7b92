import type { CatalogEntry } from '../model/catalog.ts';
import type { Spot } from './foreign-plugin.ts';
export interface ProbeRequest {
    readonly id: number;
    readonly url: string;
    readonly source: string;
}
/** `entries` is empty where the file means to be no plugin. */
export type ProbeAnswer = {
    readonly id: number;
    readonly entries: readonly CatalogEntry[];
} | {
    readonly id: number;
    readonly error: string;
    readonly spot?: Spot;
};
export interface ProbeFile {
    readonly url: string;
    readonly source: string;
}
export type Probed = {
    readonly entries: readonly CatalogEntry[];
    readonly error?: undefined;
} | {
    readonly entries?: undefined;
    readonly error: string;
    readonly spot?: Spot;
};
/**
 * Loads plugins in a thread of their own and gives what they say of themselves, in the order of the files. Whatever a plugin does while it loads — throw,
 * wait for ever, loop, exit — is its error and nobody else's.
 */
export declare function probePlugins(files: readonly ProbeFile[], timeoutMs: number): Promise<Probed[]>;
