/** The name that was most likely meant, if one is near enough to be a slip of the finger. */
export function closest(name: string, names: readonly string[]): string | undefined {
  const reach = Math.floor((name.length + 1) / 3);
  const [best] = names.map((other) => ({ other, far: distance(name.toLowerCase(), other.toLowerCase()) })).filter(({ far }) => far <= reach).sort((a, b) => a.far - b.far);
  return best?.other;
}

export const didYouMean = (name: string, names: readonly string[]): string => {
  const found = closest(name, names);
  return found === undefined ? '' : ` Did you mean "${found}"?`;
};

/** Letters to add, remove, change, or to swap with their neighbour (Damerau). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
