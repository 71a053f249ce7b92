import { wordsOf } from './words.ts';

/** A name by its words, which are numbers among all words that were read. */
export interface Name {
  readonly words: readonly number[];
  readonly joined: string;
}

/** Tells how alike names are: 1 where they have the same words, 0 where none is like one of the other. */
export interface Likeness {
  read(name: string): Name;
  /** Once all names have been read. */
  alike(left: Name, right: Name): number;
}

/** Beyond so many words a table of all pairs would be too large. */
const mostWords = 2_000;

/** Each pair of words is compared once, however many names have them. */
export function nameLikeness(): Likeness {
  const words: string[] = [];
  const numbers = new Map<string, number>();
  let table: Float64Array | undefined;
  const numberOf = (word: string): number => {
    const known = numbers.get(word);
    if (known !== undefined) return known;
    numbers.set(word, words.length);
    return words.push(word) - 1;
  };
  const sharedIn = (left: readonly number[], right: readonly number[]): number => {
    if (words.length > mostWords) return sum(left.map((word) => Math.max(...right.map((other) => wordLikeness(words[word]!, words[other]!)))));
    const all = (table ??= Float64Array.from({ length: words.length ** 2 }, (_, at) => wordLikeness(words[Math.floor(at / words.length)]!, words[at % words.length]!)));
    let shared = 0;
    for (let i = 0; i < left.length; i++) {
      const row = left[i]! * words.length;
      let best = 0;
      for (let j = 0; j < right.length; j++) { const likeness = all[row + right[j]!]!; if (likeness > best) best = likeness; }
      shared += best;
    }
    return shared;
  };
  return {
    read(name) {
      const own = wordsOf(name).map(singular);
      return { words: own.map(numberOf), joined: own.join('') };
    },
    alike(left, right) {
      if (left.words.length === 0 || right.words.length === 0) return 0;
      return left.joined === right.joined ? 1 : Math.min(0.95, (2 * sharedIn(left.words, right.words)) / (left.words.length + right.words.length));
    },
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Plural and singular are the same. */
const singular = (word: string): string => (word.length > 3 ? word.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '') : word);

/** The same word, or the beginning of it, as in `qty` and `quantity`, `desc` and `description`. */
function wordLikeness(left: string, right: string): number {
  if (left === right) return 1;
  const [short, long] = left.length < right.length ? [left, right] : [right, left];
  if (short.length < 3 || short[0] !== long[0]) return 0;
  if (long.startsWith(short)) return 0.8;
  return isWithin(short, long) && /[^aeiou]{3}/.test(short) ? 0.7 : 0;
}

/** Whether the letters of one stand in the other, in their order. */
function isWithin(short: string, long: string): boolean {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length;
}
