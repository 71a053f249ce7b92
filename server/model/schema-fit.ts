import { isObject, isSame } from './json.ts';
import { everything, type PathKey } from './path.ts';
import { fieldOf, formatOf, isClosed, isOpen, isWhole, itemOf, mayBe, namesOf, requiredOf, typesOf, valuesOf, withoutNull, type JsonType } from './schema-types.ts';


/** A way in which values of one schema do not fit another, at a place below both. */
export type Misfit = { readonly at: readonly PathKey[] } & (
  /** None of the types that come is wanted. */
  | { readonly kind: 'type'; readonly given: ReadonlySet<JsonType>; readonly wanted: ReadonlySet<JsonType> }
  /** Some of them are not; null counts by itself. */
  | { readonly kind: 'some-types'; readonly given: ReadonlySet<JsonType>; readonly wanted: ReadonlySet<JsonType> }
  | { readonly kind: 'null' }
  /** Only whole numbers are wanted. */
  | { readonly kind: 'fraction' }
  /** Only some values are wanted; `unfit`: those of what comes that are none of them, absent where it may be anything. */
  | { readonly kind: 'values'; readonly allowed: readonly unknown[]; readonly unfit?: readonly unknown[] }
  /** `given`: the format of the texts that come; absent where they have none. */
  | { readonly kind: 'format'; readonly wanted: string; readonly given?: string }
  /** Fields that must be there and cannot be, or for which there is no place. */
  | { readonly kind: 'missing' | 'unknown'; readonly names: readonly string[] }
);

const deepest = 8;

/** Schemas with choices within choices could be compared for ever: of what lies behind so many comparisons nothing is told. */
const mostCompared = 2_000;

/** In what way values that fit `given` may not fit `wanted`. What either of the two does not say is no misfit. */
export const misfitsOf = (given: object, wanted: object): Misfit[] => comparer()(given, wanted, []);

type Compare = (given: object, wanted: object, at: readonly PathKey[]) => Misfit[];

function comparer(): Compare {
  let compared = 0;
  const compare: Compare = (given, wanted, at) => (given === wanted || isOpen(given) || isOpen(wanted) || at.length > deepest || ++compared > mostCompared ? [] : misfits(given, wanted, at, compare));
  return compare;
}

function misfits(given: object, wanted: object, at: readonly PathKey[], compare: Compare): Misfit[] {
  const ways = choicesOf(given);
  if (ways.length > 0) return ofWays(ways.map((way) => compare(way, wanted, at)));
  // One of several is enough; where none is, what they say together is told.
  if (choicesOf(wanted).some((choice) => compare(given, choice, at).length === 0)) return [];
  const [types, needed] = [typesOf(given), typesOf(wanted)];
  if (!types || types.size === 0) return [];
  const own = withoutNull(types);
  const nulls: Misfit[] = needed && types.has('null') && !needed.has('null') ? [{ kind: 'null', at }] : [];
  if (own.has('null')) return nulls;
  if (!mayBe(own, needed)) return [...nulls, { kind: 'type', at, given: own, wanted: needed! }];
  const others = new Set([...own].filter((type) => needed && !needed.has(type)));
  const some: Misfit[] = others.size > 0 ? [{ kind: 'some-types', at, given: others, wanted: needed! }] : [];
  const has = (type: JsonType): boolean => own.has(type) && needed?.has(type) !== false;
  return [
    ...nulls, ...some, ...valueMisfits(given, wanted, own, at), ...(has('number') && isWhole(wanted) && !isWhole(given) ? [{ kind: 'fraction', at } as const] : []), ...(has('string') ? formatMisfits(given, wanted, at) : []),
    ...(has('array') ? compare(itemOf(given), itemOf(wanted), [...at, everything]) : []), ...(has('object') ? fieldMisfits(given, wanted, at, compare) : []),
  ];
}

/** The choices of a schema that is nothing else. */
function choicesOf(schema: object): readonly object[] {
  const { anyOf, oneOf, ...others } = schema as { readonly anyOf?: unknown; readonly oneOf?: unknown };
  const choices: readonly unknown[] = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [];
  return isOpen(others) && (anyOf === undefined || oneOf === undefined) ? choices.filter(isObject) : [];
}

/** Of each of several that may come. */
function ofWays(found: readonly (readonly Misfit[])[]): Misfit[] {
  const isType = ({ kind }: Misfit): boolean => kind === 'type';
  const all = found.flat().map((misfit): Misfit => (misfit.kind === 'type' && !found.every((own) => own.some(isType)) ? { ...misfit, kind: 'some-types' } : misfit));
  return [...new Map(all.map((misfit) => [printed(misfit), misfit])).values()];
}

const printed = (misfit: Misfit): string => JSON.stringify(misfit, (_, value: unknown) => (value instanceof Set ? [...value] : value));

function valueMisfits(given: object, wanted: object, types: ReadonlySet<JsonType>, at: readonly PathKey[]): Misfit[] {
  const allowed = valuesOf(wanted);
  if (!allowed) return [];
  const values = valuesOf(given)?.filter((value) => value !== null);
  if (!values) return [...types].some((type) => type === 'string' || type === 'number') ? [{ kind: 'values', at, allowed }] : [];
  const unfit = values.filter((value) => !allowed.some((one) => isSame(one, value)));
  return unfit.length > 0 ? [{ kind: 'values', at, allowed, unfit }] : [];
}

/** No text is of two of them. */
const apart: ReadonlySet<string> = new Set(['date', 'date-time', 'time', 'duration', 'email', 'uri', 'uuid', 'ipv4', 'ipv6']);

function formatMisfits(given: object, wanted: object, at: readonly PathKey[]): Misfit[] {
  const needed = formatOf(wanted);
  // A pattern and single values may say as much.
  if (needed === undefined || !apart.has(needed) || valuesOf(given) || 'pattern' in given) return [];
  const own = formatOf(given);
  return own === needed || (own !== undefined && !apart.has(own)) ? [] : [{ kind: 'format', at, wanted: needed, ...(own !== undefined && { given: own }) }];
}

function fieldMisfits(given: object, wanted: object, at: readonly PathKey[], compare: Compare): Misfit[] {
  const [names, known] = [namesOf(given), new Set(namesOf(wanted))];
  if (names.length === 0 && known.size === 0) return [];
  const missing = isClosed(given) ? requiredOf(wanted).filter((name) => !fieldOf(given, name)) : [];
  const unknown = isClosed(wanted) ? names.filter((name) => !fieldOf(wanted, name)) : [];
  return [
    ...(missing.length > 0 ? [{ kind: 'missing', at, names: missing } as const] : []), ...(unknown.length > 0 ? [{ kind: 'unknown', at, names: unknown } as const] : []),
    ...names.flatMap((name) => (known.has(name) ? compare(fieldOf(given, name) ?? {}, fieldOf(wanted, name) ?? {}, [...at, name]) : [])),
  ];
}
