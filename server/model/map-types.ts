import { findPlugin, type Catalog } from './catalog.ts';
import { inferSchema } from './infer-schema.ts';
import { readRules, type MapRule, type Maps, type MapSettings, type RuleSource } from './map-rules.ts';
import { everything, pathKeys, type PathKey } from './path.ts';
import { placeAt, type SchemaPlace } from './schema-place.ts';
import { isOpen, itemOf, mayBe, toTypes, typesOf, unionSchema, withoutNull, type JsonType } from './schema-types.ts';
import { emptyTree, restSchema, treeSchema, writeInto, type TargetTree } from './target-tree.ts';

/** What maps are typed with. */
export interface MapWorld {
  readonly catalog: Catalog;
  readonly maps: Maps;
}

/** What is known of the values that go through a rule. */
export interface RuleTypes {
  readonly rule: MapRule;
  readonly sources: readonly (RuleSource & SchemaPlace)[];
  readonly links: readonly Link[];
  /** What is written: JSON Schema. */
  readonly result: object;
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
}

/** The types of all that a map does with a record. `source`: JSON Schema of what the rules read, open where nothing is known. */
export function mapTypes(settings: Pick<MapSettings, 'rules' | 'passThrough'>, source: object, world: MapWorld): MapTypes {
  return typesWithin(settings, source, world, []);
}

/** What the rules read: a record at the place of the records in the payload, a group of them, or the list as one. */
export function ruleSource({ records, groupBy, wrapInput }: MapSettings, payload: object): object {
  const keys = keysOf(records);
  const { schema } = keys ? placeAt(payload, keys) : { schema: {} };
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
    return keys ? placeAt(record, keys).schema : {};
  });
  return { type: 'object', properties: { key: fields.length === 1 ? fields[0]! : { type: 'array', prefixItems: fields }, count: { type: 'integer' }, records: { type: 'array', items: record } }, required: ['key', 'count', 'records'], additionalProperties: false };
}

function typesWithin(settings: Pick<MapSettings, 'rules' | 'passThrough'>, source: object, world: MapWorld, within: readonly string[]): MapTypes {
  const rules = settings.rules.map((rule) => ruleTypes(rule, source, world, within));
  const written = emptyTree();
  const rest = settings.passThrough ? restSchema(source, takenBy(settings.rules)) : undefined;
  const isUneven = unevenLists(settings.rules);
  for (const { rule, result, mayBeMissing } of rules) if (rule.target && rule.target.length > 0) writeInto(written, rule.target, result, !mayBeMissing, isUneven);
  return { rules, written, output: treeSchema(written, rest), ...(rest && { rest }) };
}

/** The lists of the target whose items are made by rules that go through different lists, so that one may make items which another leaves without its field. */
function unevenLists(rules: readonly MapRule[]): (list: readonly PathKey[]) => boolean {
  const lists = new Map<string, Set<string>>();
  const name = (keys: readonly PathKey[]): string => JSON.stringify(keys.map((key) => (key === everything ? [] : key)));
  const upToStar = (keys: readonly PathKey[], count: number): string => {
    const at = keys.flatMap((key, index) => (key === everything ? [index] : []))[count];
    return at === undefined ? '' : name(keys.slice(0, at));
  };
  for (const { target, sources } of rules) {
    const stars = target?.flatMap((key, index) => (key === everything ? [index] : [])) ?? [];
    for (const [level, at] of stars.entries()) {
      const through = [...new Set(sources.map(({ keys, query }) => (keys ? upToStar(keys, level) : query)))].sort().join(' ');
      const list = name(target!.slice(0, at));
      lists.set(list, (lists.get(list) ?? new Set()).add(through));
    }
  }
  return (list) => (lists.get(name(list))?.size ?? 0) > 1;
}

/** Sources that take a field away from the rest: not single items, since the others would move up. */
const takenBy = (rules: readonly MapRule[]): (readonly PathKey[])[] => rules.flatMap(({ sources }) => sources.flatMap(({ keys }) => (keys && typeof keys.at(-1) !== 'number' ? [keys] : [])));

function ruleTypes(rule: MapRule, source: object, world: MapWorld, within: readonly string[]): RuleTypes {
  const stars = (keys: readonly PathKey[]): number => keys.filter((key) => key === everything).length;
  const own = rule.target ? stars(rule.target) : 0;
  const sources = rule.sources.map((one) => ({ ...one, ...(one.keys ? placeAt(source, one.keys) : { schema: {}, isOptional: true }) }));
  // Lists of the source for which the target has none give a list.
  const given = sources.map(({ keys, schema, fault }) => (!keys || fault ? {} : stars(keys) > own ? { type: 'array', items: schema } : schema));
  const input = given.length === 1 ? given[0]! : given.length === 0 ? {} : { type: 'array', items: unionSchema(sources.some(({ isOptional }) => isOptional) ? [...given, { type: 'null' }] : given) };
  const links = linksOf(rule, input, world, within);
  const last = links.at(-1)?.output ?? input;
  const isMade = rule.sources.length === 0 || rule.sources.length > 1;
  const hasDefault = rule.default !== undefined && rule.default !== null;
  const made = hasDefault && !isOpen(last) ? unionSchema([withoutNullType(last), inferSchema(rule.default)]) : last;
  const isMissing = !isMade && !hasDefault && sources.some(({ isOptional }) => isOptional);
  // An item of a list that is made has no other way not to be there.
  const result = isMissing && rule.target?.at(-1) === everything ? unionSchema([made, { type: 'null' }]) : made;
  return { rule, sources, links, result, mayBeMissing: rule.isConditional || isMissing };
}

function linksOf(rule: MapRule, input: object, world: MapWorld, within: readonly string[]): Link[] {
  const links: Link[] = [];
  let here = input;
  const add = (link: Omit<Link, 'input'>): void => {
    links.push({ ...link, input: here });
    here = link.output;
  };
  for (const { type } of rule.transforms) {
    const { takes: names, gives } = findPlugin(world.catalog, 'transform', type) ?? {};
    const takes = names && toTypes(names);
    const types = typesOf(here);
    add({ name: type, kind: 'transform', takes, output: gives ? { type: gives.length === 1 ? gives[0] : gives } : {}, isClash: types !== undefined && takes !== undefined && !mayBe(withoutNull(types), takes) });
  }
  if (rule.map !== undefined) add({ name: rule.map, kind: 'map', takes: undefined, output: mapped(rule.map, here, world, within), isClash: false });
  return links;
}

/** What a mapping file makes of a value: of each item, where it is a list. */
function mapped(name: string, input: object, world: MapWorld, within: readonly string[]): object {
  const file = Object.hasOwn(world.maps, name) ? world.maps[name] : undefined;
  if (!file || within.includes(name)) return {};
  const { output } = typesWithin({ rules: readRules(file.rules, undefined), passThrough: file.passThrough === true }, recordIn(input), world, [...within, name]);
  const types = typesOf(input);
  if (!types) return {};
  const made = types.has('array') ? { type: 'array', items: output } : output;
  return types.has('array') && types.size > 1 ? unionSchema([made, output]) : made;
}

function withoutNullType(schema: object): object {
  const types = typesOf(schema);
  return types?.has('null') && types.size > 1 ? { ...schema, type: [...withoutNull(types)] } : schema;
}

function keysOf(query: string): readonly PathKey[] | undefined {
  try {
    return pathKeys(query);
  } catch {
    return undefined;
  }
}
