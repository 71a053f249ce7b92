import { wordsOf } from './words.ts';

/** The name that was probably meant, among those that there are: one with a few letters changed, or the only one that is more or less precise, such as `param` for `pageParam`. */
export function closest(given: string, all: Iterable<string>): string | undefined {
  const names = [...all];
  const near = nearest(given, names);
  if (near && near.distance <= 2) return near.name;
  const words = wordsOf(given);
  const alike = names.filter((name) => isEnding(words, wordsOf(name)));
  return alike.length === 1 ? alike[0] : near?.name;
}

/** Whether one has all the words of the other at its end, where the thing itself stands. Short words, such as `id`, say too little. */
function isEnding(one: readonly string[], other: readonly string[]): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.join('').length >= 4 && short.every((word, index) => word === long[long.length - short.length + index]);
}

function nearest(given: string, names: readonly string[]): { readonly name: string; readonly distance: number } | undefined {
  const most = Math.floor((given.length + 1) / 3);
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    if (Math.abs(name.length - given.length) > most) continue;
    const distance = distanceOf(given.toLowerCase(), name.toLowerCase());
    if (distance <= most && (!best || distance < best.distance)) best = { name, distance };
  }
  return best;
}

/** For the end of a message; `''` where no name is near. */
export function didYouMean(given: string, names: Iterable<string>): string {
  const name = closest(given, names);
  return name === undefined ? '' : ` Did you mean ${JSON.stringify(name)}?`;
}

/** A remedy: the probable name, or the names that there are. */
export function suggestion(given: string, names: readonly string[]): string | undefined {
  const name = closest(given, names);
  if (name !== undefined) return `Did you mean ${JSON.stringify(name)}?`;
  return names.length === 0 ? undefined : `There ${names.length === 1 ? 'is' : 'are'} ${listed(names)}.`;
}

/** The same for a finding that marks the given name: by itself, so that it can be put in its place. */
export function meantBy(given: string, names: Iterable<string>): { readonly meant?: string } {
  const meant = closest(given, names);
  return meant === undefined ? {} : { meant };
}

/** `"a", "b" and 3 more`. */
export function listed(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).map((name) => JSON.stringify(name));
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ');
}

// Changes of one character, or of two neighbours that are swapped.
function distanceOf(a: string, b: string): number {
  let [beforeLast, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + change);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) best = Math.min(best, beforeLast[column - 2]! + 1);
      current.push(best);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length]!;
}
