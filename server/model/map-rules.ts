import { isObject } from './json.ts';
import type { MapFile } from './map-file.ts';
import { compilePath, everything, pathKeys, type PathKey } from './path.ts';
import { pathSteps } from './path-steps.ts';
import { targetKeys } from './target-keys.ts';

/** A rule of a map, as far as it is one. */
export interface MapRule {
  /** Keys below the settings: `['rules', 3]`; of a rule of a mapping file nothing. */
  readonly place: readonly (string | number)[] | undefined;
  readonly sources: readonly RuleSource[];
  readonly to: string;
  /** `undefined` where it is no place to write to. */
  readonly target: readonly PathKey[] | undefined;
  readonly transforms: readonly { readonly type: string; readonly settings: unknown }[];
  /** Name of a mapping file that comes after the transforms. */
  readonly map?: string;
  readonly default?: unknown;
  readonly isConditional: boolean;
  /** Fields that its conditions ask for. */
  readonly asked: readonly AskedField[];
}

export interface RuleSource {
  readonly query: string;
  /** `undefined` for paths with filters, slices, descents or `.*`, and for those that are none. */
  readonly keys: readonly PathKey[] | undefined;
  /** Where a schema has it: what goes through a list in another way stands as `[*]`. `undefined` where nobody can say. */
  readonly way: readonly PathKey[] | undefined;
  /** Lists that it goes through. */
  readonly lists: number;
  /** Where it stands below the rule: `['from']`, `['from', 1]`. */
  readonly place: readonly (string | number)[];
}

export interface AskedField extends RuleSource {
  /** The condition holds where there is nothing. */
  readonly isForNothing: boolean;
}

/** What conditions ask of a source of the rule itself: that there is a value, as most do, or that there is none. */
export function askedOfSource({ asked, sources }: Pick<MapRule, 'asked' | 'sources'>): 'value' | 'nothing' | undefined {
  const own = asked.filter(({ query }) => sources.some((source) => source.query === query));
  return own.some(({ isForNothing }) => isForNothing) ? 'nothing' : own.length > 0 ? 'value' : undefined;
}

/** What maps look up: mapping files by name. */
export type Maps = Readonly<Record<string, MapFile | undefined>>;

/** The settings of a map as far as they can be read; those of a mapping file come before those that stand here. */
export interface MapSettings {
  readonly rules: readonly MapRule[];
  readonly records: string;
  readonly passThrough: boolean;
  readonly groupBy: readonly string[];
  readonly wrapInput: boolean;
  readonly wrapOutput: boolean;
}

export function readMapSettings(settings: unknown, maps: Maps): MapSettings {
  const { rules, map, records, passThrough, groupBy, wrapInput, wrapOutput } = (isObject(settings) ? settings : {}) as Readonly<Record<string, unknown>>;
  const file = typeof map === 'string' && Object.hasOwn(maps, map) ? maps[map] : undefined;
  return {
    rules: [...readRules(file?.rules, undefined), ...readRules(rules, ['rules'])], records: typeof records === 'string' ? records : '', passThrough: passThrough === true || file?.passThrough === true,
    groupBy: Array.isArray(groupBy) ? groupBy.filter((query) => typeof query === 'string') : [], wrapInput: wrapInput === true, wrapOutput: wrapOutput === true,
  };
}

/** `place`: where the list stands. What is no rule is left out. */
export function readRules(rules: unknown, place: readonly (string | number)[] | undefined): readonly MapRule[] {
  if (!Array.isArray(rules)) return [];
  return (rules as unknown[]).flatMap((rule, index): MapRule[] => {
    if (!isObject(rule) || typeof rule['to'] !== 'string') return [];
    const { from, to, transforms, map, when } = rule;
    const list = Array.isArray(from) ? (from as unknown[]) : from === undefined ? [] : [from];
    return [{
      place: place && [...place, index], to, target: targetKeys(to), transforms: (Array.isArray(transforms) ? (transforms as unknown[]) : []).filter(isObject).map(({ type, settings }) => ({ type: String(type), settings })),
      sources: list.flatMap((query, at) => (typeof query === 'string' ? [{ query, ...readPath(query), place: Array.isArray(from) ? ['from', at] : ['from'] }] : [])),
      ...(typeof map === 'string' && { map }), ...(rule['default'] !== undefined && { default: rule['default'] }), isConditional: Array.isArray(when) && when.length > 0, asked: askedBy(when, ['when']),
    }];
  });
}

function askedBy(conditions: unknown, place: readonly (string | number)[]): readonly AskedField[] {
  if (!Array.isArray(conditions)) return [];
  return (conditions as unknown[]).flatMap((condition, index): readonly AskedField[] => {
    if (!isObject(condition)) return [];
    const { field, any, all, is } = condition;
    const here = [...place, index];
    if (any !== undefined || all !== undefined) return [...askedBy(any, [...here, 'any']), ...askedBy(all, [...here, 'all'])];
    return typeof field === 'string' ? [{ query: field, ...readPath(field), place: [...here, 'field'], isForNothing: forNothing.has(is) }] : [];
  });
}

const forNothing: ReadonlySet<unknown> = new Set(['is-null', 'is-empty', 'does-not-exist']);

/** A path as rules of a map go it. */
export function readPath(query: string): Pick<RuleSource, 'keys' | 'way' | 'lists'> {
  const nothing = { keys: undefined, way: undefined };
  try {
    const { steps } = pathSteps(query);
    const lists = steps.filter(({ selectors: [first, ...more] }) => more.length > 0 || (first!.kind !== 'name' && first!.kind !== 'index')).length;
    if (steps.some(({ isDescendant, selectors }) => isDescendant || selectors.some((one) => one.kind === 'filter' && one.text.includes('$')))) return { ...nothing, lists: 1 };
    if (fields.test(query.replaceAll(quoted, "''")) || steps.some(({ selectors }) => selectors.length > 1 && selectors.some(({ kind }) => kind === 'name'))) return { ...nothing, lists };
    return { keys: pathKeys(query), way: steps.map(({ selectors: [first, ...more] }) => (more.length > 0 ? everything : first!.kind === 'name' ? first!.name : first!.kind === 'index' ? first!.index : everything)), lists };
  } catch {
    return { ...nothing, lists: isPath(query) ? 1 : 0 };
  }
}

const fields = /(?:^|\.)\s*\*/;
const quoted = /'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/g;

function isPath(query: string): boolean {
  try {
    compilePath(query);
    return true;
  } catch {
    return false;
  }
}
