import { type Plugin } from '../../plugins/sdk/index.ts';
export interface Spot {
    readonly line: number;
    readonly column?: number;
}
/** Where in a file an error was thrown, or where the file cannot be read, as far as its stack tells. */
export declare function spotOf(error: unknown, url: string): Spot | undefined;
/** The same plugin; where it throws or gives what it must not, its file is named, since the fault is not one of Patchbay. */
export declare function guardForeign(plugin: Plugin, source: string, url: string): Plugin;
