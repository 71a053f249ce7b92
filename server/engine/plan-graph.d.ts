/** A connection of a flow. */
export interface Edge {
    readonly from: string;
    readonly port: string;
    readonly to: string;
}
export interface CatchStep {
    readonly id: string;
    /** The port that failed payloads leave by. */
    readonly port: string;
}
/** All that can be reached from some steps, with them. */
export declare function reachable(edges: readonly Edge[], from: Iterable<string>): Set<string>;
/** All from which a step can be reached, with it. */
export declare function leadingTo(edges: readonly Edge[], to: string): Set<string>;
/**
 * Which step catches what fails in a step: the innermost of those that have it in their scope. A scope is what the other ports lead to,
 * without what the catch port leads to: where both sides meet again, the scope has ended.
 */
export declare function findCatchers(edges: readonly Edge[], catches: readonly CatchStep[]): Map<string, string>;
/** The steps so that each comes after those that lead to it; or the connections of a loop. */
export declare function sortSteps(steps: Iterable<string>, edges: readonly Edge[]): {
    readonly order: readonly string[];
    readonly cycle?: readonly Edge[];
};
