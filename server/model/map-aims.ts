import { isObject } from './json.ts';
import { readPath, readRules, type MapRule } from './map-rules.ts';
import type { MapWorld } from './map-types.ts';
import { everything, type PathKey } from './path.ts';

/** Values that rules ask for, at the places of a record where they look. */
export interface Aims {
  readonly values: readonly unknown[];
  readonly fields: Readonly<Record<string, Aims>>;
  /** Of each item of a list. */
  readonly items?: Aims;
}

/**
 * The constants of conditions and the keys of lookups that the rules of a map use: first all of them, then those of each rule that asks for several fields at once. A value of
 * which nothing is known before a payload comes (`{{ … }}`, relative dates) is none of them.
 */
export function aimsOf(settings: unknown, world: Omit<MapWorld, 'catalog'>): readonly Aims[] {
  const aims = aimsBelow(settings, [], world, new Set());
  if (aims.length === 0) return [];
  const together = [...Map.groupBy(aims, ({ rule }) => rule).values()].filter((own) => new Set(own.filter(({ isAsked }) => isAsked).map(({ keys }) => nameOf(keys))).size > 1);
  return [aims, ...together].map((own) => own.reduce<Aims>((tree, { keys, values }) => planted(tree, keys, values), nothing));
}

interface Aim {
  /** Where the rule stands. */
  readonly rule: string;
  readonly keys: readonly PathKey[];
  readonly values: readonly unknown[];
  readonly isAsked: boolean;
}

const nothing: Aims = { values: [], fields: {} };

function aimsBelow(settings: unknown, at: readonly PathKey[], world: Omit<MapWorld, 'catalog'>, within: ReadonlySet<string>): readonly Aim[] {
  const { rules, map } = (isObject(settings) ? settings : {}) as Readonly<Record<string, unknown>>;
  const called = (name: unknown, keys: readonly PathKey[]): readonly Aim[] => {
    if (typeof name !== 'string' || within.has(name) || !Object.hasOwn(world.maps, name)) return [];
    return aimsBelow({ rules: world.maps[name]?.rules }, keys, world, new Set([...within, name]));
  };
  const own = readRules(rules, []).flatMap((rule): readonly Aim[] => {
    const name = `${[...within].join('/')}:${nameOf(at)}:${rule.place!.join('/')}`;
    const raw = (rules as readonly Readonly<Record<string, unknown>>[])[rule.place![0] as number]!;
    const keys = keysOf(rule);
    const sought = keysSought(rule, world);
    return [
      ...(sought.length > 0 ? keys.map((key) => ({ rule: name, keys: [...at, ...key], values: sought, isAsked: false })) : []),
      ...asked(raw['when']).map(({ keys: field, values }) => ({ rule: name, keys: [...at, ...field], values, isAsked: true })),
      // A mapping file takes an item as well as a list of them.
      ...keys.flatMap((key) => (key.at(-1) === everything ? called(rule.map, [...at, ...key]) : [...called(rule.map, [...at, ...key]), ...called(rule.map, [...at, ...key, everything])])),
    ];
  });
  return [...called(map, at), ...own];
}

const keysOf = ({ sources }: MapRule): readonly (readonly PathKey[])[] => sources.flatMap(({ way }) => (way ? [way] : []));
const nameOf = (keys: readonly PathKey[]): string => JSON.stringify(keys.map((key) => (key === everything ? [] : key)));

/** Most keys of one lookup. */
const mostKeys = 50;

function keysSought({ transforms }: MapRule, { lookupGives }: Omit<MapWorld, 'catalog'>): readonly unknown[] {
  return transforms.flatMap(({ type, settings }): readonly unknown[] => {
    const own = (isObject(settings) ? settings : {}) as Readonly<Record<string, unknown>>;
    if (type === 'map-values') return Object.keys(isObject(own['values']) ? own['values'] : {}).slice(0, mostKeys);
    if (type !== 'lookup' && type !== 'cross-reference-lookup') return [];
    // What the lookup gives the other way round is what it is asked for.
    const gives = lookupGives?.({ ...own, gives: 'value', direction: own['direction'] === 'right-to-left' ? 'left-to-right' : 'right-to-left' })?.found as { readonly enum?: readonly unknown[] } | undefined;
    const keys = gives?.enum ?? [];
    return keys.length <= mostKeys ? keys : Array.from({ length: mostKeys }, (_, index) => keys[Math.floor((index * keys.length) / mostKeys)]);
  });
}

function asked(conditions: unknown): readonly Pick<Aim, 'keys' | 'values'>[] {
  if (!Array.isArray(conditions)) return [];
  return conditions.filter(isObject).flatMap((one): readonly Pick<Aim, 'keys' | 'values'>[] => {
    const inner = [...asked(one['any']), ...asked(one['all'])];
    if (inner.length > 0 || typeof one['field'] !== 'string' || one['of'] !== undefined) return inner;
    const { way } = readPath(one['field']);
    const values = way ? valuesAround(one) : [];
    return values.length > 0 ? [{ keys: way!, values }] : [];
  });
}

/** Values of which some fit a condition and some do not. */
function valuesAround({ is = 'equals', type, value }: Readonly<Record<string, unknown>>): readonly unknown[] {
  switch (is) {
    case 'is-true': return [true, 'true'];
    case 'is-false': return [false, 'false'];
    case 'is-empty': case 'is-not-empty': return ['', null];
    case 'is-null': case 'is-not-null': return [null];
    default:
  }
  const given = type === 'relative-date' ? [] : [value].flat().filter((one) => one !== undefined && !(typeof one === 'string' && one.includes('{{')));
  const isOrdered = is === 'between' || is === 'less-than' || is === 'at-most' || is === 'greater-than' || is === 'at-least';
  return given.flatMap((one) => (isOrdered && isNumber(one) ? [one, step(one, -1), step(one, 1)] : is === 'contains' || is === 'contains-one-of' ? [one, [one]] : [one]));
}

const isNumber = (value: unknown): value is number | string => (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')) && Number.isFinite(Number(value));
const step = (value: number | string, by: number): number | string => (typeof value === 'number' ? value + by : String(Number(value) + by));

function planted(tree: Aims, keys: readonly PathKey[], values: readonly unknown[]): Aims {
  const [key, ...more] = keys;
  if (key === undefined) return { ...tree, values: [...new Set([...tree.values, ...values])] };
  if (typeof key !== 'string') return { ...tree, items: planted(tree.items ?? nothing, more, values) };
  return { ...tree, fields: { ...tree.fields, [key]: planted(Object.hasOwn(tree.fields, key) ? tree.fields[key]! : nothing, more, values) } };
}
