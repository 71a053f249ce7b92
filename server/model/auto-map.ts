import { castTo } from './cast.ts';
import type { MapRule } from './map-rules.ts';
import { everything, printPath } from './path.ts';
import { leavesOf, type Leaf } from './schema-leaves.ts';
import { mayBe, withoutNull } from './schema-types.ts';
import { wordsOf } from './words.ts';

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
 * Proposes a source for each field of the target that no rule writes, the surest first: fields with the same tag (`x-tag` in their schemas), what another mapping has
 * done with fields of these names, fields whose names, paths and types are alike. Each source is proposed once, and lists only for lists.
 */
export function suggestRules({ source, target, rules, former = [] }: AutoMap): RuleSuggestion[] {
  const written = rules.map(({ target: keys, to }) => (keys ? printPath(keys) : to));
  const taken = new Set(rules.flatMap(({ sources }) => sources.map(({ keys, query }) => (keys ? printPath(keys) : query))));
  const targets = leavesOf(target).filter(({ path }) => !written.some((other) => path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`)));
  const sources = leavesOf(source);
  const candidates = targets.flatMap((to) => sources.flatMap((from): Candidate[] => {
    const found = compare(from, to, former);
    // A source that is used already is rather not what is missing elsewhere.
    const score = found.score - (taken.has(from.path) ? 0.1 : 0);
    return score >= least ? [{ from, to, ...found, score }] : [];
  })).sort((left, right) => right.score - left.score || (left.to.path < right.to.path ? -1 : left.to.path > right.to.path ? 1 : left.from.path < right.from.path ? -1 : 1));
  const done = new Set<Leaf>();
  return candidates.flatMap((candidate) => {
    const { from, to } = candidate;
    if (done.has(from) || done.has(to)) return [];
    done.add(from).add(to);
    return [suggestionOf(candidate)];
  });
}

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

function compare(from: Leaf, to: Leaf, former: readonly MapRule[]): Match {
  const [own, other] = [starsOf(from), starsOf(to)];
  // A list into one field needs a decision; one value for all items does not.
  if (own > other) return none;
  const fit = typeFit(from, to);
  if (fit === 0) return none;
  const tag = tagOf(from);
  if (tag !== undefined && tag === tagOf(to)) return { score: 0.98 + 0.02 * fit, why: `both have the tag ${JSON.stringify(tag)}` };
  const like = former.find((rule) => rule.map === undefined && rule.sources.length === 1 && rule.sources[0]!.query === from.path && rule.to === to.path);
  if (like) return { score: 0.94, why: 'another mapping does the same', like };
  const name = alike(lastName(from), lastName(to));
  const path = alike(namesIn(from).join(' '), namesIn(to).join(' '));
  const score = (0.6 * name + 0.25 * path + 0.1 * fit) * (own === other ? 1 : 0.7);
  return { score, why: name === 1 ? (path === 1 ? 'the same name and path' : 'the same name') : 'a name that is like it' };
}

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

/** How alike two names are: 1 where they have the same words. */
function alike(left: string, right: string): number {
  const [a, b] = [wordsIn(left), wordsIn(right)];
  if (a.length === 0 || b.length === 0) return 0;
  const joined = [a.join(''), b.join('')] as const;
  if (joined[0] === joined[1]) return 1;
  const shared = a.reduce((sum, word) => sum + Math.max(0, ...b.map((other) => wordLikeness(word, other))), 0);
  const dice = (2 * shared) / (a.length + b.length);
  return Math.min(0.95, dice);
}

/** Words of a name; plural and singular are the same. */
const wordsIn = (name: string): string[] => wordsOf(name).map((word) => (word.length > 3 ? word.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '') : word));

/** The same word, or the beginning of it, as in `qty` and `quantity`, `desc` and `description`. */
function wordLikeness(left: string, right: string): number {
  if (left === right) return 1;
  const [short, long] = left.length < right.length ? [left, right] : [right, left];
  if (short.length >= 3 && long.startsWith(short)) return 0.8;
  return short.length >= 3 && short[0] === long[0] && isWithin(short, long) && /[^aeiou]{3}/.test(short) ? 0.7 : 0;
}

/** Whether the letters of one stand in the other, in their order. */
function isWithin(short: string, long: string): boolean {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length;
}
