import type { Registry } from '../engine/host.ts';
import type { PluginState } from '../model/api.ts';
import type { Catalog } from '../model/catalog.ts';
/** The plugins of a workspace: those that come with Patchbay, its own, and those of npm packages. */
export interface Plugins {
    readonly registry: Registry;
    readonly catalog: Catalog;
    readonly states: readonly PluginState[];
    /** Grows when a plugin has come, gone or changed. */
    readonly version: number;
    /** Looks again at the files and packages; loads what is new or has changed. */
    refresh(wanted: WantedPlugins): Promise<void>;
    /** Ends what plugins have started, unless another workspace of this process uses them too. */
    close(): Promise<void>;
}
export interface WantedPlugins {
    /** Absolute path and path below the root of each file in `plugins/`. */
    readonly files: readonly {
        readonly path: string;
        readonly source: string;
    }[];
    /** npm packages of `patchbay.json`. */
    readonly packages: readonly string[];
}
export interface PluginsOptions {
    readonly root: string;
    /** Milliseconds that a plugin may take to load. */
    readonly loadTimeoutMs?: number;
}
export declare function openPlugins({ root, loadTimeoutMs }: PluginsOptions, wanted: WantedPlugins): Promise<Plugins>;
/** What the built-in plugins say of themselves, generated: none of them is loaded for it. */
export declare function builtInCatalog(): Catalog;
