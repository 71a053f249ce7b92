import { readPlace } from '../sdk/index.ts';

interface Taking {
  readonly from?: string | readonly string[];
  readonly to: string;
}

/**
 * Gives what a new record begins with: the fields of the old one that no rule takes, at their places. What rules write into is copied, the rest is shared with
 * the old record, which stays as it is. A field is taken by a path of names, indexes and `[*]`; one with a filter, a slice or a descent takes nothing.
 */
export function restOf(rules: readonly Taking[]): (record: unknown) => unknown {
  if (rules.length === 0) return (record) => record;
  const taken = treeOf(rules.flatMap(({ from }) => (from === undefined ? [] : typeof from === 'string' ? [from] : from)));
  const written = treeOf(rules.map(({ to }) => to));
  return (record) => {
    const rest = without(record, [taken], [written]);
    // A record is an object: what is written into it has a name.
    return typeof rest === 'object' && rest !== null && !Array.isArray(rest) ? rest : {};
  };
}

interface Branch {
  readonly below: Map<string | number, Branch>;
  /** What holds for each item of a list. */
  each?: Branch;
  /** A path ends here. */
  isEnd?: true;
}

function treeOf(queries: readonly string[]): Branch {
  const root: Branch = { below: new Map() };
  for (const query of queries) {
    const steps = stepsOf(query);
    // Without a single item, the others would move up.
    if (steps.length === 0 || typeof steps.at(-1) === 'number') continue;
    let branch = root;
    for (const step of steps) branch = step === everyItem ? (branch.each ??= { below: new Map() }) : grow(branch, step);
    branch.isEnd = true;
  }
  return root;
}

function grow({ below }: Branch, key: string | number): Branch {
  const known = below.get(key);
  if (known) return known;
  const branch: Branch = { below: new Map() };
  below.set(key, branch);
  return branch;
}

export const everyItem = Symbol('*');
/** Steps of a path of names, indexes and `[*]`. */
export type Place = readonly (string | number | typeof everyItem)[];

/** The steps of a path of names, indexes and `[*]`; none for other paths. */
export function stepsOf(query: string): Place {
  const { steps, end } = readPlace(query);
  return end < query.length ? [] : steps.map(({ key }) => key ?? everyItem);
}

const gone = Symbol('gone');

function without(value: unknown, takenHere: readonly Branch[], writtenHere: readonly Branch[]): unknown {
  const isList = Array.isArray(value);
  // What is no list is one item, as where it is read.
  const taken = isList ? takenHere : takenHere.flatMap(withItem);
  const written = isList ? writtenHere : writtenHere.flatMap(withItem);
  if (taken.some(({ isEnd }) => isEnd)) return gone;
  if (typeof value !== 'object' || value === null || ![...taken, ...written].some(({ below, each }) => each !== undefined || below.size > 0)) return value;
  if (isList) {
    const items = value.map((item, index) => without(item, branchesAt(taken, index), branchesAt(written, index)));
    return items.length > 0 && items.every((item) => item === gone) ? gone : items.map((item) => (item === gone ? {} : item));
  }
  const rest = { ...value } as Record<string, unknown>;
  for (const key of new Set([...taken, ...written].flatMap(({ below }) => [...below.keys()]))) {
    if (!Object.hasOwn(rest, key)) continue;
    const below = without(rest[key], branchesAt(taken, key), branchesAt(written, key));
    if (below === gone) delete rest[key];
    else rest[key] = below;
  }
  const isEmptied = Object.keys(rest).length === 0 && Object.keys(value).length > 0;
  return isEmptied ? gone : rest;
}

const withItem = (branch: Branch): readonly Branch[] => (branch.each ? [branch, ...withItem(branch.each)] : [branch]);

function branchesAt(branches: readonly Branch[], key: string | number): readonly Branch[] {
  const found: Branch[] = [];
  for (const { below, each } of branches) {
    const own = below.get(key);
    if (own) found.push(own);
    if (each && typeof key === 'number') found.push(each);
  }
  return found;
}
