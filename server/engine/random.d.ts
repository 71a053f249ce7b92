/** Numbers in [0, 1) from a seed: the same seed gives the same numbers. Not for secrets. Mulberry32. */
export declare function seededRandom(seed: number): () => number;
/** A seed for one place in a run, so that steps do not share a sequence whose order would depend on timing. */
export declare function placeSeed(seed: number, ...place: readonly string[]): number;
