import { everyItem, type Place } from './pass-through.ts';

/** Which rules make the items of the lists of a target. */
export interface ListMakers {
  /** Whether another rule writes the list, or items of it. */
  hasOther(list: Place, rule: number): boolean;
  /** Rules that go through the list and make an item of each that they read. */
  through(list: Place): readonly number[];
}

/** `made`: of so many lists of its target a rule makes the items, from the outermost on. */
export function listMakers(rules: readonly { readonly target: Place; readonly made: number }[]): ListMakers {
  const wholes = new Map<string, number[]>();
  const items = new Map<string, number[]>();
  const opened = new Map<string, number[]>();
  for (const [index, { target, made }] of rules.entries()) {
    let level = 0;
    for (const [at, step] of target.entries()) {
      const isOpened = step === everyItem && level++ < made;
      if (isOpened || typeof step === 'number') add(items, target.slice(0, at), index);
      if (isOpened) add(opened, target.slice(0, at), index);
    }
    add(wholes, target, index);
  }
  return {
    hasOther(list, rule) {
      const isOther = (found: readonly number[] = []): boolean => found.some((one) => one !== rule);
      return isOther(items.get(nameOf(list))) || Array.from({ length: list.length }, (_, at) => list.slice(0, at + 1)).some((place) => isOther(wholes.get(nameOf(place))));
    },
    through: (list) => opened.get(nameOf(list)) ?? [],
  };
}

function add(map: Map<string, number[]>, place: Place, rule: number): void {
  const name = nameOf(place);
  const known = map.get(name);
  if (!known) map.set(name, [rule]);
  else if (known.at(-1) !== rule) known.push(rule);
}

/** An index is one of all items. */
export const nameOf = (place: Place): string => JSON.stringify(place.map((step) => (typeof step === 'string' ? step : 0)));
