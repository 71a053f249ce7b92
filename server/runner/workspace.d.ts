import { type Lookup, type Script } from '../../plugins/sdk/index.ts';
import type { Registry, ResolvedInstance, WorkspaceView } from '../engine/host.ts';
import type { ConnectorFile } from '../model/connector.ts';
import type { Environment } from '../model/environment.ts';
import type { Flow } from '../model/flow.ts';
import type { InstanceFile } from '../model/instance.ts';
import { type ReadFile } from '../model/read.ts';
import { type FileKind, type Limits, type WorkspaceFile } from '../model/workspace.ts';
import { type RunnerLog } from './log.ts';
export { findWorkspace } from './workspace-files.ts';
interface Kinds {
    readonly workspace: WorkspaceFile;
    readonly flow: Flow;
    readonly connector: ConnectorFile;
    readonly instance: InstanceFile;
    readonly environment: Environment;
}
/** A file of the workspace, read. */
export interface Entry<K extends FileKind = FileKind> {
    readonly kind: K;
    /** The path below the folder of its kind without the ending; `''` of patchbay.json. */
    readonly id: string;
    /** Below the root. */
    readonly file: string;
    readonly text: string;
    readonly hash: string;
    readonly read: ReadFile<Kinds[K]>;
}
/** The files of a workspace by name. What `refresh` found stays the same until the next one, so that a run sees one state of them. */
export interface Workspace {
    readonly root: string;
    /** Grows with each change that `refresh` has found. */
    readonly version: number;
    /** Looks for changes; cheap where there are none. Says whether there were some. */
    refresh(): boolean;
    readonly config: WorkspaceFile;
    readonly configEntry: Entry<'workspace'> | undefined;
    readonly flows: ReadonlyMap<string, Entry<'flow'>>;
    readonly connectors: ReadonlyMap<string, Entry<'connector'>>;
    readonly instances: ReadonlyMap<string, Entry<'instance'>>;
    readonly environments: ReadonlyMap<string, Entry<'environment'>>;
    readonly entries: readonly Entry[];
    /** `scripts/totals.ts` */
    readonly scripts: readonly string[];
    /** `schemas/order.json` */
    readonly schemas: readonly string[];
    /** Names, without folder and ending. */
    readonly lookups: readonly string[];
    readonly plugins: readonly {
        readonly path: string;
        readonly source: string;
    }[];
    /** Links that lead out of the workspace. */
    readonly refused: readonly string[];
    /** Fails with `CONFIG_UNKNOWN_LOOKUP`, `DATA_INVALID`. */
    lookup(name: string): Promise<Lookup>;
    /** Fails with `CONFIG_UNKNOWN_SCRIPT`, `SCRIPT_INVALID`. */
    script(file: string, limits?: Limits): Promise<Script>;
    /** Fails with `CONFIG_NOT_FOUND`, `CONFIG_INVALID`. */
    schema(file: string): Promise<unknown>;
    /** What the engine sees of it in an environment. Fails with `CONFIG_NOT_FOUND`. */
    view(environment: string | undefined, secret: (name: string) => Promise<string>): WorkspaceView;
}
export interface WorkspaceOptions {
    readonly root: string;
    readonly registry: () => Registry;
    readonly log?: RunnerLog;
}
export declare function openWorkspace({ root, registry, log }: WorkspaceOptions): Workspace;
/** An instance with what an environment says otherwise; nested settings are replaced, not merged. Credentials are those of one auth method. */
export declare const resolveInstance: (id: string, file: InstanceFile, environment?: Environment) => ResolvedInstance;
/** Names of the secrets in a value, at any depth, with the JSON pointer of each. */
export declare function secretsIn(value: unknown, pointer?: string): {
    readonly name: string;
    readonly pointer: string;
}[];
/** The rest of a sentence that says what there is. */
export declare const among: (names: readonly string[]) => string;
/** The kind of a file by its place and ending. */
export declare function kindOf(file: string): FileKind | undefined;
