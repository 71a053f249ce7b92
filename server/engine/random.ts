/** Numbers in [0, 1) from a seed: the same seed gives the same numbers. Not for secrets. Mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A seed for one place in a run, so that steps do not share a sequence whose order would depend on timing. */
export function placeSeed(seed: number, ...place: readonly string[]): number {
  let hash = seed | 0;
  for (const part of place) {
    for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), 16777619);
    // What no text has, so that `ab` and `c` are not `a` and `bc`.
    hash = Math.imul(hash ^ 0x10000, 16777619);
  }
  return hash >>> 0;
}
