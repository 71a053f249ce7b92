/** Those that have no room beside shorter ones: the fewest are left out so. Of the same length it is the last by name, each time the same. */
export function tooLarge(sizes: ReadonlyMap<string, number>, mostBytes: number): readonly string[] {
  let sum = 0;
  const bySize = [...sizes].toSorted(([name, size], [other, ofOther]) => size - ofOther || (name < other ? -1 : 1));
  return bySize.flatMap(([name, size]) => ((sum += size) > mostBytes ? [name] : []));
}
