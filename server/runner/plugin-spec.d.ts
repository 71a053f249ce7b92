import { type Plugin } from '../../plugins/sdk/index.ts';
import type { CatalogEntry } from '../model/catalog.ts';
/** The plugins of a loaded module: its default export, one or a list, and its export `plugins`. `undefined`: it means to be no plugin (a helper of one). */
export declare function pluginsOf(module: Readonly<Record<string, unknown>>): unknown[] | undefined;
/** What is wrong with a plugin, as a sentence; `undefined` where it can be used. */
export declare function problemOf(given: unknown): string | undefined;
/** What a plugin says of itself; functions stay behind. */
export declare function entryOf(plugin: Plugin, source: string): CatalogEntry;
