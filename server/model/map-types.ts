import { findPlugin, type Catalog } from './catalog.ts';
import { inferSchema } from './infer-schema.ts';
import { askedOfSource, readRules, type MapRule, type Maps, type MapSettings, type RuleSource } from './map-rules.ts';
import { everything, pathKeys, type PathKey } from './path.ts';
import { placeAt, type SchemaPlace } from './schema-place.ts';
import { isOpen, itemOf, mayBe, nonNull, orNull, toTypes, typesOf, unionSchema, withoutNull, type JsonType } from './schema-types.ts';
import { emptyTree, restSchema, treeSchema, writeInto, type TargetTree } from './target-tree.ts';
import { outputOf, typicalOutput, type LookupGives } from './transform-output.ts';

/** What maps are typed with. */
export interface MapWorld {
  readonly catalog: Catalog;
  readonly maps: Maps;
  /** What lookups give. Without it, nothing is known of what comes out of them. */
  readonly lookupGives?: LookupGives;
}

/** What is known of the values that go through a rule. */
export interface RuleTypes {
  readonly rule: MapRule;
  readonly sources: readonly (RuleSource & SchemaPlace)[];
  readonly links: readonly Link[];
  /** What is written: JSON Schema. */
  readonly result: object;
  /** Values that do come out of the transforms, before the default: JSON Schema, open where only their types are known. A value that fits `result` need not; each that fits this one may well come. */
  readonly likely: object;
  /** The same of what is written: with the default, and without null where a condition asks for a value; open where one asks that there is none. */
  readonly comes: object;
  /** Nothing may be written: its conditions do not hold, or there is nothing at its source. */
  readonly mayBeMissing: boolean;
}

/** A transform, or a mapping file, that a value goes through. */
export interface Link {
  readonly name: string;
  readonly kind: 'transform' | 'map';
  /** JSON types; `undefined` where anything is taken. */
  readonly takes: ReadonlySet<JsonType> | undefined;
  readonly input: object;
  readonly output: object;
  /** Of what comes out: see `RuleTypes`. */
  readonly likely: object;
  /** What comes cannot be what it takes. */
  readonly isClash: boolean;
}

export interface MapTypes {
  readonly rules: readonly RuleTypes[];
  readonly written: TargetTree;
  /** JSON Schema of the fields that stay, where the rest passes through. */
  readonly rest?: object;
  /** JSON Schema of a record that the rules make. */
  readonly output: object;
  /** Of such a record what does come: each value that fits may well come; open where nobody knows. */
  readonly likely: object;
}

/** The types of all that a map does with a record. `source`: JSON Schema of what the rules read, open where nothing is known. */
export function mapTypes(settings: Pick<MapSettings, 'rules' | 'passThrough'>, source: object, world: MapWorld): MapTypes {
  return typesWithin(settings, source, { ...world, within: new Set(), made: new Map() });
}

/** What the rules read: a record at the place of the records in the payload, a group of them, or the list as one. */
export function ruleSource({ records, groupBy, wrapInput }: MapSettings, payload: object): object {
  const keys = keysOf(records);
  const { schema } = keys ? placeAt(payload, keys, 'entries') : { schema: {} };
  const record = recordIn(schema);
  if (groupBy.length > 0) return groupSchema(groupBy, record);
  if (!wrapInput) return record;
  return isOpen(schema) ? {} : typesOf(schema)?.has('array') ? schema : { type: 'array', items: record };
}

/** The payload that a map gives. */
export const mapPayload = ({ wrapOutput }: Pick<MapSettings, 'wrapOutput'>, record: object): object => (wrapOutput ? { type: 'array', items: record } : { anyOf: [{ type: 'array', items: record }, record] });

/** The records of a payload: the items where it is a list, else itself. */
export function recordIn(payload: object): object {
  const types = typesOf(payload);
  if (!types?.has('array')) return payload;
  return types.size === 1 ? itemOf(payload) : unionSchema([itemOf(payload), withoutList(payload)]);
}

function withoutList(payload: object): object {
  const { anyOf } = payload as { readonly anyOf?: readonly object[] };
  return anyOf ? unionSchema(anyOf.filter((part) => !typesOf(part)?.has('array'))) : { allOf: [payload, { not: { type: 'array' } }] };
}

function groupSchema(groupBy: readonly string[], record: object): object {
  const fields = groupBy.map((query) => {
    const keys = keysOf(query);
    const { schema } = keys ? placeAt(record, keys, 'entries') : { schema: {} };
    return keys?.includes(everything) ? { type: 'array', items: schema } : schema;
  });
  return { type: 'object', properties: { key: fields.length === 1 ? fields[0]! : { type: 'array', prefixItems: fields }, count: { type: 'integer' }, records: { type: 'array', items: record } }, required: ['key', 'count', 'records'], additionalProperties: false };
}

interface Typing extends MapWorld {
  /** Mapping files that are being typed. */
  readonly within: Set<string>;
  /** What a mapping file makes of a record of a schema. */
  readonly made: Map<string, object>;
}

function typesWithin(settings: Pick<MapSettings, 'rules' | 'passThrough'>, source: object, world: Typing): MapTypes {
  const rules = settings.rules.map((rule) => ruleTypes(rule, source, world));
  const [written, coming] = [emptyTree(), emptyTree()];
  const isAlone = onlyWriters(settings.rules);
  const rest = settings.passThrough ? restSchema(source, takenBy(settings.rules)) : undefined;
  const isUneven = unevenLists(settings.rules);
  const repeatedUpTo = repetitions(settings.rules);
  for (const { rule, result, comes, mayBeMissing } of rules) {
    if (!rule.target || rule.target.length === 0) continue;
    const writing = { isSure: !mayBeMissing, isUneven, after: Math.max(repeatedUpTo(rule), unsureUpTo(rule, source)) };
    writeInto(written, rule.target, result, writing);
    writeInto(coming, rule.target, isAlone(rule) ? comes : {}, writing);
  }
  return { rules, written, output: treeSchema(written, rest), likely: treeSchema(coming, rest), ...(rest && { rest }) };
}

/** Where several rules write, one may take the place of what another has written. */
function onlyWriters(rules: readonly MapRule[]): (rule: MapRule) => boolean {
  const writers = Map.groupBy(rules, placeName);
  return (rule) => writers.get(placeName(rule))!.length === 1;
}

// An index is one of all items.
const placeName = ({ target }: MapRule): string => JSON.stringify(target?.map((key) => (typeof key === 'string' ? key : 0)));

/** The lists of the target whose items are made by rules that go through different lists, so that one may make items which another leaves without its field. */
function unevenLists(rules: readonly MapRule[]): (list: readonly PathKey[]) => boolean {
  const lists = new Map<string, Set<string>>();
  const name = (keys: readonly PathKey[]): string => JSON.stringify(keys.map((key) => (key === everything ? [] : key)));
  const upToStar = (keys: readonly PathKey[], count: number): string => {
    const at = keys.flatMap((key, index) => (key === everything ? [index] : []))[count];
    return at === undefined ? '' : name(keys.slice(0, at));
  };
  for (const { target, sources } of rules) {
    for (const [level, at] of starsIn(target ?? []).entries()) {
      // What is repeated makes no items.
      const through = [...new Set(sources.filter(({ lists: own }) => own > level).map(({ keys, query }) => (keys ? upToStar(keys, level) : query)))].sort().join(' ');
      if (through === '') continue;
      const list = name(target!.slice(0, at));
      lists.set(list, (lists.get(list) ?? new Set()).add(through));
    }
  }
  return (list) => (lists.get(name(list))?.size ?? 0) > 1;
}

const starsIn = (keys: readonly PathKey[]): readonly number[] => keys.flatMap((key, at) => (key === everything ? [at] : []));

/** How many keys of the target of a rule are there by other rules alone: up to the last list for whose items it is repeated. */
function repetitions(rules: readonly MapRule[]): (rule: MapRule) => number {
  // An index is one of all items.
  const nameOf = (keys: readonly PathKey[]): string => JSON.stringify(keys.map((key) => (typeof key === 'string' ? key : 0)));
  const makers = new Map<string, Set<MapRule>>();
  const add = (name: string, rule: MapRule): void => void makers.set(name, (makers.get(name) ?? new Set()).add(rule));
  for (const rule of rules) {
    const { target } = rule;
    if (!target) continue;
    const made = starsIn(target).slice(0, madeBy(rule));
    for (const [at, key] of target.entries()) if (typeof key === 'number' || made.includes(at)) add(`items ${nameOf(target.slice(0, at))}`, rule);
    add(`whole ${nameOf(target)}`, rule);
  }
  return (rule) => {
    const hasOther = (name: string): boolean => (makers.get(name)?.size ?? 0) > (makers.get(name)?.has(rule) ? 1 : 0);
    const lists = starsIn(rule.target!).slice(madeBy(rule)).filter((at) => hasOther(`items ${nameOf(rule.target!.slice(0, at))}`) || rule.target!.slice(0, at).some((_, end) => hasOther(`whole ${nameOf(rule.target!.slice(0, end + 1))}`)));
    return (lists.at(-1) ?? -1) + 1;
  };
}

const madeBy = ({ sources }: MapRule): number => Math.max(0, ...sources.map(({ lists }) => lists));

/** How many keys of the target of a rule are there only where the lists of its sources are. */
function unsureUpTo({ target, sources }: MapRule, source: object): number {
  const mayBeMissing = (way: readonly PathKey[] | undefined, level: number): boolean => {
    const { schema, isOptional } = way ? placeAt(source, way.slice(0, starsIn(way)[level])) : { schema: {}, isOptional: true };
    return isOptional || typesOf(schema)?.has('null') !== false;
  };
  const lists = starsIn(target!).filter((_, level) => {
    const makers = sources.filter((one) => one.lists > level);
    return makers.length > 0 && makers.every(({ way }) => mayBeMissing(way, level));
  });
  return (lists.at(-1) ?? -1) + 1;
}

/** Sources that take a field away from the rest: not single items, since the others would move up. */
const takenBy = (rules: readonly MapRule[]): (readonly PathKey[])[] => rules.flatMap(({ sources }) => sources.flatMap(({ keys }) => (keys && typeof keys.at(-1) !== 'number' ? [keys] : [])));

function ruleTypes(rule: MapRule, source: object, world: Typing): RuleTypes {
  const own = starsIn(rule.target ?? []).length;
  const sources = rule.sources.map((one) => ({ ...one, ...(one.way ? placeAt(source, one.way) : { schema: {}, isOptional: true }) }));
  // Lists of the source for which the target has none give a list.
  const given = sources.map(({ lists, schema, fault }) => (fault ? {} : lists > own ? { type: 'array', items: schema } : schema));
  const input = given.length === 1 ? given[0]! : given.length === 0 ? {} : { type: 'array', items: unionSchema(isUneven(rule.sources, own) || sources.some(({ isOptional }) => isOptional) ? [...given, { type: 'null' }] : given) };
  const links = linksOf(rule, input, world);
  const last = links.at(-1)?.output ?? input;
  const hasDefault = rule.default !== undefined && rule.default !== null;
  // A list that the source gives has the default in its items.
  const fillsItems = !Array.isArray(rule.default) && rule.transforms.length === 0 && sources.length === 1 && sources[0]!.lists > own;
  const filled = (value: object): object => (fillsItems && typesOf(value)?.has('array') ? { type: 'array', items: unionSchema([nonNull(itemOf(value)), inferSchema(rule.default)]) } : nonNull(value));
  const withDefault = (value: object): object => (hasDefault && !isOpen(value) ? unionSchema([filled(value), inferSchema(rule.default)]) : value);
  const made = withDefault(last);
  const likely = links.at(-1)?.likely ?? input;
  const asked = askedOfSource(rule);
  const isMissing = sources.length > 0 && !hasDefault && sources.every(({ isOptional }) => isOptional);
  // An item of a list that is made has no other way not to be there.
  const result = (isMissing || rule.isConditional) && rule.target?.at(-1) === everything ? unionSchema([made, { type: 'null' }]) : made;
  return { rule, sources, links, result, likely, comes: asked === 'nothing' ? {} : withDefault(asked === 'value' ? nonNull(likely) : likely), mayBeMissing: rule.isConditional || isMissing };
}

/** Whether sources go through different lists, of which one may have fewer items. */
function isUneven(sources: readonly RuleSource[], own: number): boolean {
  const through = sources.flatMap(({ lists, keys, query }) => (lists === 0 || own === 0 ? [] : [keys ? JSON.stringify(keys.slice(0, starsIn(keys)[Math.min(own, lists) - 1]).map(String)) : query]));
  return new Set(through).size > 1;
}

function linksOf(rule: MapRule, input: object, world: Typing): Link[] {
  const links: Link[] = [];
  let [here, likely] = [input, input];
  const add = (link: Omit<Link, 'input'>): void => {
    links.push({ ...link, input: here });
    ({ output: here, likely } = link);
  };
  for (const { type, settings } of rule.transforms) {
    const { type: name, takes: names, gives: given } = findPlugin(world.catalog, 'transform', type) ?? {};
    const [takes, gives] = [names && toTypes(names), given && toTypes(given)];
    const types = typesOf(here);
    const made = transformed(name ?? type, settings, { input: likely, takes, gives }, world);
    add({ name: type, kind: 'transform', takes, ...made, output: made.output ?? (given ? { type: given.length === 1 ? given[0] : given } : {}), isClash: types !== undefined && takes !== undefined && !mayBe(withoutNull(types), takes) });
  }
  if (rule.map !== undefined) {
    const output = mapped(rule.map, here, world);
    add({ name: rule.map, kind: 'map', takes: undefined, output, likely: {}, isClash: false });
  }
  return links;
}

interface Taken {
  readonly input: object;
  readonly takes: ReadonlySet<JsonType> | undefined;
  readonly gives: ReadonlySet<JsonType> | undefined;
}

/** What comes out of a transform; `output` only where its settings say more than its types. */
function transformed(name: string, settings: unknown, { input, takes, gives }: Taken, { lookupGives = () => undefined }: MapWorld): { readonly output?: object; readonly likely: object } {
  const isNull = typesOf(input)?.has('null') === true && takes?.has('null') !== false;
  const made = outputOf(name, settings, input, lookupGives);
  if (!made) return { likely: typicalOutput(gives && [...gives], isNull) };
  if (made.takesNull) return { likely: made.schema };
  const mayGiveNull = gives?.has('null') === true;
  return { output: mayGiveNull ? orNull(made.schema) : made.schema, likely: isNull && mayGiveNull ? orNull(made.schema) : made.schema };
}

/** What a mapping file makes of a value: of each item, where it is a list. */
function mapped(name: string, input: object, world: Typing): object {
  const file = Object.hasOwn(world.maps, name) ? world.maps[name] : undefined;
  const types = typesOf(input);
  if (!file || !types) return {};
  const record = recordIn(input);
  const known = `${name} ${JSON.stringify(record)}`;
  // One that calls itself is a fault that is told elsewhere.
  if (world.within.has(name)) return {};
  world.within.add(name);
  const output = world.made.get(known) ?? typesWithin({ rules: readRules(file.rules, undefined), passThrough: file.passThrough === true }, record, world).output;
  world.within.delete(name);
  world.made.set(known, output);
  const made = types.has('array') ? { type: 'array', items: output } : output;
  return types.has('array') && types.size > 1 ? unionSchema([made, output]) : made;
}

function keysOf(query: string): readonly PathKey[] | undefined {
  try {
    return pathKeys(query);
  } catch {
    return undefined;
  }
}
