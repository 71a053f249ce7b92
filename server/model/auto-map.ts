import { castTo } from './cast.ts';
import type { MapRule } from './map-rules.ts';
import { nameLikeness, type Name } from './name-likeness.ts';
import { everything, printPath } from './path.ts';
import { leavesOf, type Leaf } from './schema-leaves.ts';
import { mayBe, withoutNull } from './schema-types.ts';

/** A rule that could be added. */
export interface RuleSuggestion {
  readonly rule: { readonly from: string; readonly to: string; readonly transforms?: readonly { readonly type: string; readonly settings?: unknown }[] };
  /** From 0 to 1. */
  readonly score: number;
  readonly why: string;
}

export interface AutoMap {
  readonly source: object;
  readonly target: object;
  /** Rules that there are: what they write is left alone. */
  readonly rules: readonly MapRule[];
  /** Rules of other mappings. */
  readonly former?: readonly MapRule[];
}

/** Below it, a guess is more often wrong than right. */
const least = 0.5;

/**
 * Proposes a source for each field of the target of which no rule writes anything, the surest first: fields with the same tag (`x-tag` in their schemas), what another mapping has
 * done with fields of these names, fields whose names, paths and types are alike. Each source is proposed once, and lists only for lists.
 */
export function suggestRules({ source, target, rules, former = [] }: AutoMap): RuleSuggestion[] {
  const written = rules.map(({ target: keys, to }) => (keys ? printPath(keys) : to));
  const taken = new Set(rules.flatMap(({ sources }) => sources.map(({ keys, query }) => (keys ? printPath(keys) : query))));
  const isBelow = (path: string, other: string): boolean => path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
  // A rule for the whole would take away what others have written below it.
  const targets = leavesOf(target).filter(({ path }) => !written.some((other) => path === other || isBelow(path, other) || isBelow(other, path)));
  const { facts, compare } = comparer(former);
  const [givers, takers] = [leavesOf(source).map(facts), targets.map(facts)];
  const candidates = takers.flatMap((to) => best(givers.flatMap((from): Candidate[] => {
    const found = compare(from, to);
    // A source that is used already is rather not what is missing elsewhere.
    const score = found.score - (taken.has(from.leaf.path) ? 0.1 : 0);
    return score >= least ? [{ from: from.leaf, to: to.leaf, ...found, score }] : [];
  }))).sort(bySureness);
  const done = new Set<Leaf>();
  return candidates.flatMap((candidate) => {
    const { from, to } = candidate;
    if (done.has(from) || done.has(to)) return [];
    done.add(from).add(to);
    return [suggestionOf(candidate)];
  });
}

const bySureness = (left: Candidate, right: Candidate): number => right.score - left.score || (left.to.path < right.to.path ? -1 : left.to.path > right.to.path ? 1 : left.from.path < right.from.path ? -1 : 1);

/** Of one target: those behind the first hundred have no chance but in schemas without any names. */
const best = (candidates: Candidate[]): Candidate[] => candidates.sort(bySureness).slice(0, 100);

interface Match {
  readonly score: number;
  readonly why: string;
  /** The rule of before that does it. */
  readonly like?: MapRule;
}

interface Candidate extends Match {
  readonly from: Leaf;
  readonly to: Leaf;
}

function suggestionOf({ from, to, score, why, like }: Candidate): RuleSuggestion {
  const types = from.types && withoutNull(from.types);
  const cast = types && to.types && !mayBe(types, to.types) ? castTo(types, to.types) : undefined;
  const transforms = like ? like.transforms.map(({ type, settings }) => ({ type, ...(settings !== undefined && { settings }) })) : cast === undefined ? [] : [{ type: cast }];
  return { rule: { from: from.path, to: to.path, ...(transforms.length > 0 && { transforms }) }, score: Math.round(score * 100) / 100, why: cast !== undefined && !like ? `${why}; ${cast} makes the type fit` : why };
}

/** What is compared of a field, found once. */
interface Facts {
  readonly leaf: Leaf;
  readonly last: Name;
  readonly path: Name;
  readonly stars: number;
  readonly tag: string | undefined;
  /** Fields of the same kind fit the same fields. */
  readonly kind: number;
  /** Rules of other mappings that take it alone, by their targets. */
  readonly former: ReadonlyMap<string, MapRule> | undefined;
}

function comparer(former: readonly MapRule[]): { facts(leaf: Leaf): Facts; compare(from: Facts, to: Facts): Match } {
  const { read, alike } = nameLikeness();
  const bySource = Map.groupBy(former.filter(({ map, sources }) => map === undefined && sources.length === 1), ({ sources }) => sources[0]!.query);
  const kinds = new Map<string, number>();
  const fits = new Map<number, number>();
  const fitOf = (from: Facts, to: Facts): number => {
    const key = from.kind * 4_096 + to.kind;
    const fit = fits.get(key) ?? typeFit(from.leaf, to.leaf);
    fits.set(key, fit);
    return fit;
  };
  return {
    facts: (leaf) => ({ leaf, last: read(lastName(leaf)), path: read(namesIn(leaf).join(' ')), stars: starsOf(leaf), tag: tagOf(leaf), kind: numberIn(kinds, kindOf(leaf)), former: bySource.has(leaf.path) ? new Map(bySource.get(leaf.path)!.toReversed().map((rule) => [rule.to, rule])) : undefined }),
    compare(from, to) {
      // A list into one field needs a decision; one value for all items does not.
      if (from.stars > to.stars) return none;
      const fit = fitOf(from, to);
      if (fit === 0) return none;
      if (from.tag !== undefined && from.tag === to.tag) return { score: 0.98 + 0.02 * fit, why: `both have the tag ${JSON.stringify(from.tag)}` };
      const like = from.former?.get(to.leaf.path);
      if (like) return { score: 0.94, why: 'another mapping does the same', like };
      const name = alike(from.last, to.last);
      // With such names no path would be enough.
      if (0.6 * name + 0.35 < least) return none;
      const path = alike(from.path, to.path);
      const score = (0.6 * name + 0.25 * path + 0.1 * fit) * (from.stars === to.stars ? 1 : 0.7);
      return { score, why: name === 1 ? (path === 1 ? 'the same name and path' : 'the same name') : 'a name that is like it' };
    },
  };
}

function numberIn(numbers: Map<string, number>, key: string): number {
  const number = numbers.get(key) ?? numbers.size;
  numbers.set(key, number);
  return number;
}

const kindOf = ({ types, schema }: Leaf): string => `${types ? [...types].sort().join(' ') : '?'} ${String((schema as { readonly format?: unknown }).format ?? '')}`;

const none: Match = { score: 0, why: '' };

/** 1: the types are the same; less where a transform is needed; 0 where there is none. */
function typeFit({ types: given, schema: from }: Leaf, { types: wanted, schema: to }: Leaf): number {
  if (!given || !wanted) return 0.7;
  if (!mayBe(withoutNull(given), withoutNull(wanted))) return castTo(withoutNull(given), wanted) === undefined ? 0 : 0.5;
  const [format, other] = [from, to].map((schema) => (schema as { readonly format?: string }).format);
  return format !== undefined && other !== undefined && format !== other ? 0.7 : 1;
}

const tagOf = ({ schema }: Leaf): string | undefined => {
  const tag = (schema as { readonly 'x-tag'?: unknown })['x-tag'];
  return typeof tag === 'string' && tag !== '' ? tag : undefined;
};

const starsOf = ({ keys }: Leaf): number => keys.filter((key) => key === everything).length;
const namesIn = ({ keys }: Leaf): string[] => keys.filter((key) => typeof key === 'string');
const lastName = (leaf: Leaf): string => namesIn(leaf).at(-1) ?? '';
