import { FlowError } from '../../plugins/sdk/index.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plugins } from './load-plugins.ts';
import type { RunnerLog } from './log.ts';
import type { Entry, Workspace } from './workspace.ts';
/** What is wrong with the files of a workspace. Findings are kept as long as nothing changes. */
export interface Diagnoser {
    /** What lint says of one file. */
    ofEntry(entry: Entry): readonly Diagnostic[];
    /** All of it: definitions, plugins, scripts, lookups, links. `files`: only these. */
    all(files: readonly string[] | undefined, hasSecret: (name: string) => boolean): Promise<readonly Diagnostic[]>;
}
export declare function createDiagnoser(workspace: Workspace, plugins: Plugins): Diagnoser;
/** The first error of a file as what a run fails with. */
export declare function errorOf(diagnostics: readonly Diagnostic[]): FlowError | undefined;
/** What lint knows of a plugin that there is not: the name that was meant, or the file that did not load and may have it. */
export declare function explainUnknown(error: unknown, { catalog, states }: Pick<Plugins, 'catalog' | 'states'>): unknown;
/** Gives what logs the errors that have come up since it was last called, so that who saves a file sees what is wrong with it. */
export declare function faultLog(workspace: Workspace, plugins: Plugins, diagnoser: Diagnoser, log: Pick<RunnerLog, 'error'>): () => void;
