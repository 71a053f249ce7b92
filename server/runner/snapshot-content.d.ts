import { type Catalog } from '../model/catalog.ts';
import type { SnapshotContent } from '../stores/snapshots.ts';
import type { Entry, Workspace } from './workspace.ts';
export interface SnapshotPlan extends SnapshotContent {
    /** Flows that it calls; they are no part of it. */
    readonly flows: readonly string[];
    /** Imports of its plugins that lead out of the workspace. */
    readonly outside: readonly {
        readonly file: string;
        readonly specifier: string;
    }[];
}
/**
 * All that a flow needs, as the files are now. Definitions are found by what refers to them. Scripts, lookups and schemas are taken where their name stands in
 * anything that is taken, be it in an expression or in the code of a plugin: one too many does no harm. Plugins reach each other by name only, so all of them
 * are taken. Environments are, since a version runs in any of them.
 */
export declare function snapshotContent(workspace: Workspace, catalog: Catalog, entry: Entry<'flow'>): SnapshotPlan;
