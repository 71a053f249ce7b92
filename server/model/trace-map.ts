import { valueAt as valueOf } from '../../plugins/sdk/index.ts';
import { isObject, isSame } from './json.ts';
import { readMapSettings, type MapRule, type Maps, type MapSettings } from './map-rules.ts';
import { compilePath, everything, pathKeys, type PathKey } from './path.ts';
import { valueAt, type Keys } from './same-place.ts';

/** How a map made a value: of which values of its payload, by which rule. */
export interface MapTrace {
  /** Places in the payload that came in. */
  readonly sources: readonly Keys[];
  /** Index among the rules of the step; absent for a rule of a mapping file. */
  readonly rule?: number;
  readonly to?: string;
  readonly chain: readonly string[];
  readonly by: 'rule' | 'same' | 'constant';
  /** Whether the rule was applied to this record is not known. */
  readonly isLikely?: true;
}

/** Records of a group that are followed. */
const mostOfGroup = 20;
/** Mapping files that call one another. */
const deepest = 10;

/**
 * What a value was made of that a map wrote. `failed`: records of the payload that failed alone, so that they are not among what came out.
 * `undefined`: the settings have something that cannot be followed.
 */
export function traceMap(raw: unknown, maps: Maps, input: unknown, output: unknown, keys: Keys, failed: readonly unknown[]): MapTrace | undefined {
  const settings = readMapSettings(raw, maps);
  const base = recordsPlace(settings.records);
  if (!base?.every(isPlain)) return undefined;
  const { given, names } = recordsAt(valueAt(input, base), pathKeys(settings.records)!.length > base.length);
  const rest = settings.wrapOutput ? keys.slice(1) : keys;
  const out = settings.wrapOutput ? valueAt(output, keys.slice(0, 1)) : output;
  const list = Array.isArray(given) ? (given as unknown[]) : undefined;
  if (settings.groupBy.length > 0) return traceGroup(settings, maps, base, list ?? [given], out, rest);
  const isList = list !== undefined && !settings.wrapInput;
  if (!isList) return traceRecord(settings, maps, given, base, out, rest);
  const [index, ...below] = rest;
  if (typeof index !== 'number') return whole(given, base, out);
  const at = passed(list, failed)[index];
  return at === undefined ? undefined : traceRecord(settings, maps, list[at], [...base, names?.[at] ?? at], valueAt(out, [index]), below);
}

/** The values of the fields of an object, with their names, where the records are all that stands there. */
function recordsAt(given: unknown, isEach: boolean): { readonly given: unknown; readonly names?: readonly string[] } {
  return isEach && isObject(given) ? { given: Object.values(given), names: Object.keys(given) } : { given };
}

/** All records together. */
const whole = (given: unknown, base: Keys, out: unknown): MapTrace => ({ sources: [base], chain: [], by: isSame(given, out) ? 'same' : 'rule' });

/** Each item of a list is the list of them. */
function recordsPlace(records: string): readonly PathKey[] | undefined {
  const keys = pathKeys(records);
  return keys?.at(-1) === everything ? keys.slice(0, -1) : keys;
}

const isPlain = (key: PathKey): key is string | number => key !== everything && !(typeof key === 'number' && key < 0);

/** Numbers of the records that did not fail, in their order. */
function passed(list: readonly unknown[], failed: readonly unknown[]): readonly number[] {
  const gone = Map.groupBy(failed, outlineOf);
  return list.flatMap((record, index) => {
    const alike = gone.size === 0 ? undefined : gone.get(outlineOf(record));
    const at = alike?.findIndex((other) => isSame(other, record)) ?? -1;
    if (at < 0) return [index];
    alike!.splice(at, 1);
    return [];
  });
}

/** The same for what is the same, in whatever order its fields are, and mostly another for other records. */
function outlineOf(value: unknown): number {
  const text = JSON.stringify(value) ?? '';
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum = (sum + text.charCodeAt(at) ** 3) % 2 ** 52;
  return sum;
}

/** The rule that has written it: the last one whose target holds the value, or stands below what was asked for. */
function traceRecord({ rules, passThrough }: MapSettings, maps: Maps, record: unknown, base: Keys, made: unknown, keys: Keys, depth = 0): MapTrace | undefined {
  const value = valueAt(made, keys);
  let likely: MapTrace | undefined;
  /** What the rules below it read, where the value is more than one rule writes. */
  const parts: Keys[] = [];
  for (const rule of rules.toReversed()) {
    const bound = rule.target && bind(rule.target, keys);
    if (!bound) continue;
    const sources = rule.sources.flatMap((source) => placesOf(source.keys, source.query, bound.stars, record));
    const trace: MapTrace = {
      sources: sources.map((found) => [...base, ...found, ...(bound.isExact && rule.transforms.length === 0 && rule.map === undefined && rule.sources.length === 1 && sources.length === 1 ? bound.rest : [])]),
      ...(typeof rule.place?.at(-1) === 'number' && { rule: rule.place.at(-1) as number }), to: rule.to, chain: chainOf(rule), by: 'rule',
    };
    if (!bound.isExact) {
      parts.push(...trace.sources.filter((place) => valueAt(record, place.slice(base.length)) !== undefined));
      continue;
    }
    const isThere = sources.some((found) => valueAt(record, found) !== undefined && valueAt(record, found) !== null);
    if (!isThere && rule.sources.length > 0) {
      if (rule.default === undefined || rule.isConditional) continue;
      return { ...trace, sources: [], chain: ['default'], by: 'constant' };
    }
    if (rule.sources.length === 0 && !rule.isConditional) return { ...trace, by: 'constant' };
    const inner = rule.map === undefined || rule.transforms.length > 0 || sources.length !== 1 || depth > deepest ? undefined : traceFile(rule.map, maps, record, base, sources[0]!, valueAt(made, keys.slice(0, keys.length - bound.rest.length)), bound.rest, depth);
    if (inner) return { ...inner, ...(trace.rule !== undefined && { rule: trace.rule }), to: [rule.to, ...(inner.to === undefined ? [] : [inner.to])].join('.'), chain: [...trace.chain, ...inner.chain], ...(rule.isConditional && { isLikely: true }) };
    if (!rule.isConditional) return trace;
    const certain = trace.chain.length > 0 ? undefined : tellingPlaces(trace.sources, (place) => valueAt(record, place.slice(base.length)), value);
    if (certain) return { ...trace, sources: certain };
    likely ??= { ...trace, isLikely: true };
  }
  if (likely) return likely;
  if (parts.length > 0) return { sources: parts.toReversed().slice(0, mostOfGroup), chain: [], by: 'rule' };
  return passThrough && isSame(valueAt(record, keys), value) ? { sources: [[...base, ...keys]], chain: [], by: 'same' } : undefined;
}

/** The places whose values a value is; of a list those that its conditions kept. `undefined` where it does not tell. */
function tellingPlaces(places: readonly Keys[], read: (place: Keys) => unknown, value: unknown): readonly Keys[] | undefined {
  if (places.length === 1 && isSame(read(places[0]!), value)) return places;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  let next = 0;
  const kept = places.filter((place) => next < value.length && isSame(read(place), value[next]) && ++next > 0);
  return next === value.length ? kept : undefined;
}

/** Within what a mapping file makes of a value, or of each item of a list. */
function traceFile(name: string, maps: Maps, record: unknown, base: Keys, source: Keys, made: unknown, rest: Keys, depth: number): MapTrace | undefined {
  const value = valueAt(record, source);
  const [index, ...below] = rest;
  const isItem = Array.isArray(value) && typeof index === 'number';
  if (rest.length === 0 || (Array.isArray(value) && !isItem)) return undefined;
  const place = isItem ? [...source, index] : source;
  return traceRecord(readMapSettings({ map: name }, maps), maps, valueAt(record, place), [...base, ...place], isItem ? valueAt(made, [index]) : made, isItem ? below : rest, depth + 1);
}

const chainOf = (rule: MapRule): readonly string[] => [...rule.transforms.map(({ type }) => type), ...(rule.map === undefined ? [] : [`map ${rule.map}`])];

/** Which items of lists a place is at, by the target of a rule. `isExact`: the rule writes it or what holds it; otherwise it writes something below. */
function bind(target: readonly PathKey[], keys: Keys): { readonly stars: readonly number[]; readonly rest: Keys; readonly isExact: boolean } | undefined {
  const stars: number[] = [];
  for (const [depth, key] of target.entries()) {
    const own = keys[depth];
    if (own === undefined) return { stars, rest: [], isExact: false };
    if (key === everything && typeof own === 'number') stars.push(own);
    else if (key !== own) return undefined;
  }
  return { stars, rest: keys.slice(target.length), isExact: true };
}

/** The n-th `[*]` of the source is the n-th of the target; further ones stand for all items. */
function placesOf(source: readonly PathKey[] | undefined, query: string, stars: readonly number[], record: unknown): readonly Keys[] {
  if (!source) return compilePath(query).all(record).length > 0 ? [[]] : [];
  let places: readonly Keys[] = [[]];
  let star = 0;
  for (const key of source) {
    if (key !== everything) {
      places = places.map((place) => [...place, typeof key === 'number' && key < 0 ? lengthAt(record, place) + key : key]);
      continue;
    }
    const own = stars[star++];
    places = places.flatMap((place) => itemsOf(valueAt(record, place), own).map((item) => [...place, ...item]));
  }
  return places;
}

/** Where the items of a list are, or the one of a number. What is no list is its only item. */
function itemsOf(value: unknown, own: number | undefined): readonly Keys[] {
  if (Array.isArray(value)) return own === undefined ? Array.from({ length: Math.min(mostOfGroup, value.length) }, (_, index) => [index]) : [[own]];
  if (value === undefined || value === null) return own === undefined ? [] : [[own]];
  return own === undefined || own === 0 ? [[]] : [];
}

const lengthAt = (record: unknown, keys: Keys): number => {
  const list = valueAt(record, keys);
  return Array.isArray(list) ? list.length : 0;
};

/** Rules of groups read `key`, `count` and `records`. */
function traceGroup(settings: MapSettings, maps: Maps, base: Keys, list: readonly unknown[], out: unknown, keys: Keys): MapTrace | undefined {
  const [number, ...below] = keys;
  if (typeof number !== 'number') return whole(list, base, out);
  const fields = settings.groupBy.map((query) => compilePath(query));
  const nameOf = (record: unknown): string => JSON.stringify(fields.map((field) => valueOf(field, record) ?? null));
  const groups = Map.groupBy(list.map((record, index) => ({ record, index })), ({ record }) => nameOf(record));
  const members = [...groups.values()][number];
  if (!members) return undefined;
  const values = fields.map((field) => valueOf(field, members[0]!.record) ?? null);
  const group = { key: values.length === 1 ? values[0] : values, count: members.length, records: members.map(({ record }) => record) };
  const found = traceRecord(settings, maps, group, [], valueAt(out, [number]), below);
  const place = (source: Keys): readonly Keys[] => {
    const [part, index, ...rest] = source;
    if (part === 'records' && typeof index === 'number') return [[...base, members[index]!.index, ...rest]];
    const first = members.slice(0, mostOfGroup).map((member) => [...base, member.index]);
    if (part !== 'key') return first;
    return settings.groupBy.flatMap((query) => { const own = pathKeys(query); return own?.every(isPlain) ? [[...first[0]!, ...own]] : [first[0]!]; });
  };
  return found && { ...found, sources: found.sources.flatMap(place) };
}

/** Names of what a record has, for what nobody can look into. */
export const fieldsOf = (value: unknown): readonly string[] => {
  const record: unknown = Array.isArray(value) ? value[0] : value;
  return isObject(record) ? Object.keys(record).slice(0, 50) : [];
};
