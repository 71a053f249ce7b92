import { type Path, type ValueContext } from '../../plugins/sdk/index.ts';
import type { SliceUse } from '../model/connector.ts';
import type { ExpressionEnv, Scope } from '../model/expression.ts';
import { type OptionalTemplate } from './optional-template.ts';
import { compileFields, type Included } from './shape-records.ts';
/** Values by the names of the slices, and what records get from their parents. Plain JSON, so that a run can go on there. */
export interface Slice {
    readonly values: Readonly<Record<string, unknown>>;
    readonly included: Included;
}
/** Where the slices go on: at a number of a list; or with records of a parent that were read already, and then with its page after them. */
export interface SlicePlace {
    readonly index?: number;
    readonly items?: readonly Item[];
    readonly parent?: unknown;
    readonly isDone?: boolean;
    /** Of the slices within the one that comes first here. */
    readonly inner?: SlicePlace;
}
interface Item {
    readonly value: unknown;
    readonly included: Included;
}
/** Reads the parent from a state of it on; each page says from where it goes on. */
export type ReadParent = (params: unknown, from: unknown) => AsyncGenerator<{
    readonly records: readonly unknown[];
    readonly state?: unknown;
}>;
export interface SliceLevel {
    readonly name: string;
    readonly group: number | undefined;
    readonly values?: OptionalTemplate;
    readonly parent?: {
        readonly endpoint: string;
        readonly params: OptionalTemplate;
        readonly path: Path;
        readonly include: ReturnType<typeof compileFields>;
    };
}
/** Fails with `CONFIG_INVALID`, `CONFIG_EXPRESSION`, `CONFIG_PATH`. */
export declare function compileSlices(uses: readonly SliceUse[], env: ExpressionEnv): Promise<readonly SliceLevel[]>;
export interface SliceSource {
    readonly levels: readonly SliceLevel[];
    readonly scope: Scope;
    readonly context: ValueContext;
    read(endpoint: string, ...call: Parameters<ReadParent>): ReturnType<ReadParent>;
}
/** Every combination, the first slice changing last. `rest`: where the ones after it begin. */
export declare function combinations(source: SliceSource, from: SlicePlace | undefined, slice?: Slice, depth?: number): AsyncGenerator<{
    readonly slice: Slice;
    readonly rest: SlicePlace;
}>;
/** Tells slices apart, in a way that people can read. */
export declare const sliceName: ({ values }: Slice) => string;
export {};
