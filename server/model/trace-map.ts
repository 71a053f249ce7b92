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

/**
 * What a value was made of that a map wrote. `failed`: records of the payload that failed alone, so that they are not among what came out.
 * `undefined`: the settings have something that cannot be followed.
 */
export function traceMap(raw: unknown, maps: Maps, input: unknown, output: unknown, keys: Keys, failed: readonly unknown[]): MapTrace | undefined {
  const settings = readMapSettings(raw, maps);
  const base = pathKeys(settings.records);
  if (!base?.every(isPlain)) return undefined;
  const given = valueAt(input, base);
  const rest = settings.wrapOutput ? keys.slice(1) : keys;
  const out = settings.wrapOutput ? valueAt(output, keys.slice(0, 1)) : output;
  const list = Array.isArray(given) ? (given as unknown[]) : undefined;
  if (settings.groupBy.length > 0) return traceGroup(settings, base, list ?? [given], out, rest);
  const isList = list !== undefined && !settings.wrapInput;
  if (!isList) return traceRecord(settings, given, base, out, rest);
  const [index, ...below] = rest;
  if (typeof index !== 'number') return { sources: [base], chain: [], by: 'same' };
  const at = passed(list, failed)[index];
  return at === undefined ? undefined : traceRecord(settings, list[at], [...base, at], valueAt(out, [index]), below);
}

const isPlain = (key: PathKey): key is string | number => key !== everything && !(typeof key === 'number' && key < 0);

/** Numbers of the records that did not fail, in their order. */
function passed(list: readonly unknown[], failed: readonly unknown[]): readonly number[] {
  const gone = [...failed];
  return list.flatMap((record, index) => {
    const at = gone.findIndex((other) => isSame(other, record));
    if (at < 0) return [index];
    gone.splice(at, 1);
    return [];
  });
}

/** The rule that has written it: the last one whose target holds the value, or stands below what was asked for. */
function traceRecord({ rules, passThrough }: MapSettings, record: unknown, base: Keys, made: unknown, keys: Keys): MapTrace | undefined {
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
    const isEqual = trace.chain.length === 0 && trace.sources.length === 1 && isSame(valueAt(record, trace.sources[0]!.slice(base.length)), value);
    if (!rule.isConditional || isEqual) return trace;
    likely ??= { ...trace, isLikely: true };
  }
  if (likely) return likely;
  if (parts.length > 0) return { sources: parts.toReversed().slice(0, mostOfGroup), chain: [], by: 'rule' };
  return passThrough && isSame(valueAt(record, keys), value) ? { sources: [[...base, ...keys]], chain: [], by: 'same' } : undefined;
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
    places = places.flatMap((place) => (own === undefined ? Array.from({ length: Math.min(mostOfGroup, lengthAt(record, place)) }, (_, index) => [...place, index]) : [[...place, own]]));
  }
  return places;
}

const lengthAt = (record: unknown, keys: Keys): number => {
  const list = valueAt(record, keys);
  return Array.isArray(list) ? list.length : 0;
};

/** Rules of groups read `key`, `count` and `records`. */
function traceGroup(settings: MapSettings, base: Keys, list: readonly unknown[], out: unknown, keys: Keys): MapTrace | undefined {
  const [number, ...below] = keys;
  if (typeof number !== 'number') return { sources: [base], chain: [], by: 'same' };
  const fields = settings.groupBy.map((query) => compilePath(query));
  const nameOf = (record: unknown): string => JSON.stringify(fields.map((field) => field.get(record) ?? null));
  const groups = Map.groupBy(list.map((record, index) => ({ record, index })), ({ record }) => nameOf(record));
  const members = [...groups.values()][number];
  if (!members) return undefined;
  const values = fields.map((field) => field.get(members[0]!.record) ?? null);
  const group = { key: values.length === 1 ? values[0] : values, count: members.length, records: members.map(({ record }) => record) };
  const found = traceRecord(settings, group, [], valueAt(out, [number]), below);
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
