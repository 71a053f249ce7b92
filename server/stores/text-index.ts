/** Many texts that are looked for at once. What a search costs depends on what is searched, hardly on how many texts there are. */
export interface TextIndex {
  /** As often as it is added it must be deleted until it is gone. */
  add(text: string): void;
  delete(text: string): void;
  /** Whether one of them is in a text. */
  isIn(text: string): boolean;
  /** Where they are: start and end of each place, those that overlap as one, in order. */
  placesIn(text: string): readonly (readonly [start: number, end: number])[];
}

/** Texts shorter than this cannot be added. */
export const shortestText = 4;

/**
 * A text is found by samples (Karp and Rabin, in strides): every so many letters a few of them are hashed, and of each text all windows are known in which
 * the next sample may fall. They lie at its end: tokens of one kind begin alike, but do not end alike. A field of bits says for nearly all samples that
 * there is nothing.
 */
export function textIndex(): TextIndex {
  const counts = new Map<string, number>();
  const tiers = lengths.map(openTier);
  const tierOf = (text: string): Tier => tiers.find(({ shortest }) => text.length >= shortest)!;
  return {
    add(text) {
      const count = counts.get(text) ?? 0;
      counts.set(text, count + 1);
      if (count === 0) tierOf(text).add(text);
    },
    delete(text) {
      const count = counts.get(text) ?? 0;
      if (count > 1) return void counts.set(text, count - 1);
      if (counts.delete(text)) tierOf(text).delete(text);
    },
    isIn: (text) => tiers.some((tier) => tier.search(text, () => true)),
    placesIn(text) {
      const found: [number, number][] = [];
      for (const tier of tiers) tier.search(text, (start, end) => (found.push([start, end]), false));
      return merged(found);
    },
  };
}

/** The longer the texts, the rarer the samples. */
const lengths = [{ shortest: 16, window: 8 }, { shortest: 8, window: 6 }, { shortest: shortestText, window: shortestText }];

interface Tier {
  readonly shortest: number;
  add(text: string): void;
  delete(text: string): void;
  /** Goes through all places, until `found` says that it is enough; says whether it did. */
  search(text: string, found: (start: number, end: number) => boolean): boolean;
}

interface Window {
  readonly text: string;
  /** Where it stands in the text. */
  readonly at: number;
}

function openTier({ shortest, window }: (typeof lengths)[number]): Tier {
  const stride = shortest - window + 1;
  const byHash = new Map<number, readonly Window[]>();
  let field = new Uint32Array(2 ** 11);
  /** Hashes in the field, those of deleted texts with them. */
  let marked = 0;

  const hashAt = (text: string, start: number): number => {
    let hash = 0;
    for (let i = start; i < start + window; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return hash ^ (hash >>> 15);
  };
  const mark = (hash: number): void => {
    const bit = hash & (field.length * 32 - 1);
    field[bit >>> 5]! |= 1 << (bit & 31);
    marked++;
  };
  const rebuild = (): void => {
    let { length } = field;
    while (byHash.size * 8 > length * 32) length *= 2;
    field = new Uint32Array(length);
    marked = 0;
    for (const hash of byHash.keys()) mark(hash);
  };
  const windowsOf = (text: string): readonly { readonly hash: number; readonly at: number }[] =>
    Array.from({ length: stride }, (_, back) => text.length - window - back).map((at) => ({ hash: hashAt(text, at), at }));

  return {
    shortest,
    add(text) {
      for (const { hash, at } of windowsOf(text)) {
        const known = byHash.get(hash);
        byHash.set(hash, known ? [...known, { text, at }] : [{ text, at }]);
        if (!known) mark(hash);
      }
      if (marked * 8 > field.length * 32) rebuild();
    },
    delete(text) {
      for (const { hash } of windowsOf(text)) {
        const left = (byHash.get(hash) ?? []).filter((other) => other.text !== text);
        if (left.length > 0) byHash.set(hash, left);
        else byHash.delete(hash);
      }
    },
    search(text, found) {
      if (byHash.size === 0) return false;
      const mask = field.length * 32 - 1;
      for (let at = 0; at + window <= text.length; at += stride) {
        const hash = hashAt(text, at);
        const bit = hash & mask;
        if ((field[bit >>> 5]! & (1 << (bit & 31))) === 0) continue;
        for (const wanted of byHash.get(hash) ?? []) {
          const start = at - wanted.at;
          if (start >= 0 && text.startsWith(wanted.text, start) && found(start, start + wanted.text.length)) return true;
        }
      }
      return false;
    },
  };
}

function merged(found: [number, number][]): readonly (readonly [number, number])[] {
  found.sort((left, right) => left[0] - right[0] || right[1] - left[1]);
  const places: [number, number][] = [];
  for (const [start, end] of found) {
    const last = places.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else places.push([start, end]);
  }
  return places;
}
