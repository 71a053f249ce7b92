import type { ErrorCode } from '../../plugins/sdk/index.ts';
import { suggestRules, type RuleSuggestion } from './auto-map.ts';
import { castTo } from './cast.ts';
import type { QuickFix } from './diagnostic.ts';
import { isObject, isSame } from './json.ts';
import { conflictsOf } from './map-conflicts.ts';
import { castFor, fitFinding, plainTransform, setTransforms } from './map-fit.ts';
import { askedOfSource, type MapRule, type MapSettings } from './map-rules.ts';
import { mapTypes, type MapTypes, type MapWorld, type RuleTypes } from './map-types.ts';
import { everything, printPath, type PathKey } from './path.ts';
import { faultReason, mendedKeys, namesFix } from './path-fault.ts';
import { misfitsOf } from './schema-fit.ts';
import { placeAt, type PlaceFault } from './schema-place.ts';
import { fieldOf, isOpen, itemOf, mayBe, namesOf, requiredOf, typeList, typesOf, valuesOf, withoutNull, type JsonType } from './schema-types.ts';
import { closest, listed, suggestion } from './suggest.ts';
import type { TargetTree } from './target-tree.ts';

/** Something that a mapping does not fit to what stands before or behind it. */
export interface MapFinding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: ErrorCode;
  readonly kind: 'dead-source' | 'dead-condition' | 'unknown-target' | 'type-mismatch' | 'value-mismatch' | 'may-be-null' | 'conflict' | 'missing-target' | 'may-be-missing';
  /** Keys below the settings of the step; without those of a rule that stands in a mapping file. */
  readonly place: readonly (string | number)[];
  /** The field of the target that it is about. */
  readonly target: string;
  readonly message: string;
  readonly fix: string;
  /** Their paths count from the settings. */
  readonly quickFixes: readonly QuickFix[];
}

export interface CheckedMap {
  readonly types: MapTypes;
  readonly source: object;
  /** Where the source says what may come at most: the rules with what does come, in their order. */
  readonly likely?: readonly RuleTypes[] | undefined;
  /** JSON Schema of the records that are wanted; open where nothing is known. */
  readonly target: object;
  /** Rules that stand in the settings themselves. */
  readonly ownRules: number;
}

/** A mapping with its types between two sides. */
export function typedMap(settings: MapSettings, source: { readonly schema: object; readonly likely?: object }, target: { readonly schema: object }, world: MapWorld): CheckedMap {
  return {
    types: mapTypes(settings, source.schema, world), source: source.schema, target: target.schema, ownRules: settings.rules.filter(({ place }) => place !== undefined).length,
    ...(source.likely && { likely: mapTypes(settings, source.likely, world).rules }),
  };
}

/** Checks a mapping against both sides, as far as they are known. In the order of the rules; what no rule writes comes last. */
export function checkMap(map: CheckedMap): MapFinding[] {
  const conflicts = Map.groupBy(conflictsOf(map.types.rules), ({ place }) => JSON.stringify(place));
  const rules = map.types.rules.flatMap((one, index) => {
    const place = JSON.stringify(one.rule.place ? [...one.rule.place, 'to'] : undefined);
    return [...deadSources(one), ...deadConditions(one.rule, map.source), ...clashes(one), ...targetFindings(one, map, map.likely?.[index] ?? one), ...(conflicts.get(place) ?? [])];
  });
  return [...rules, ...(conflicts.get('["map"]') ?? []), ...missingTargets(map)];
}

function deadSources({ rule, sources }: RuleTypes): MapFinding[] {
  return sources.flatMap(({ keys, way, query, fault, place }): MapFinding[] => {
    if (!way || !fault) return [];
    const fixed = keys && mended(keys, fault);
    const quickFixes = fixed === undefined || !rule.place ? [] : [{ title: `Change it to ${fixed}`, set: [{ path: [...rule.place, ...place], value: fixed }] }];
    return [{
      severity: fault.reason === 'no-field' && fault.isCertain ? 'error' : 'warning', code: 'CONFIG_PATH', kind: 'dead-source', place: [...(rule.place ?? ['map']), ...(rule.place ? place : [])], target: rule.to,
      message: `The source ${JSON.stringify(query)} of ${JSON.stringify(rule.to)} leads nowhere: ${faultReason(way, fault)}.`, fix: fixed === undefined ? namesFix(fault, noSource) : `Did you mean ${JSON.stringify(fixed)}?`, quickFixes,
    }];
  });
}

/** Conditions that ask for what cannot be there. Only warnings: that something is not there can be asked, too. */
function deadConditions(rule: MapRule, source: object): MapFinding[] {
  return rule.asked.flatMap(({ keys, way, query, place }): MapFinding[] => {
    const fault = way && placeAt(source, way).fault;
    if (!fault) return [];
    const fixed = keys && mended(keys, fault);
    return [{
      severity: 'warning', code: 'CONFIG_PATH', kind: 'dead-condition', place: rule.place ? [...rule.place, ...place] : ['map'], target: rule.to,
      message: `The field ${JSON.stringify(query)} of a condition of ${JSON.stringify(rule.to)} leads nowhere: ${faultReason(way, fault)}.`, fix: fixed === undefined ? namesFix(fault, 'Correct the path, or remove the condition.') : `Did you mean ${JSON.stringify(fixed)}?`,
      quickFixes: fixed === undefined || !rule.place ? [] : [{ title: `Change it to ${fixed}`, set: [{ path: [...rule.place, ...place], value: fixed }] }],
    }];
  });
}

const noSource = 'Correct the path, or remove the rule.';

function mended(keys: readonly PathKey[], fault: PlaceFault): string | undefined {
  const meant = mendedKeys(keys, fault);
  return meant && printPath(meant);
}

/** Transforms that do not take what comes. */
function clashes({ rule, links }: RuleTypes): MapFinding[] {
  return links.flatMap(({ name, input, takes, isClash }, index): MapFinding[] => {
    if (!isClash) return [];
    const from = withoutNull(typesOf(input)!);
    const cast = castTo(from, takes!);
    const place = rule.place && [...rule.place, 'transforms', index];
    const transforms = rule.transforms.map(plainTransform);
    return [{
      severity: 'warning', code: 'CONFIG_INVALID', kind: 'type-mismatch', place: place ?? ['map'], target: rule.to,
      message: `The transform ${JSON.stringify(name)} of ${JSON.stringify(rule.to)} takes ${typeList(withoutNull(takes!))}, and gets ${typeList(from)}.`,
      fix: cast === undefined ? 'Remove it, or put a transform before it that gives what it takes.' : `Put ${cast} before it.`,
      quickFixes: rule.place ? [...(cast === undefined ? [] : [setTransforms(rule, transforms.toSpliced(index, 0, { type: cast }), `Put ${cast} before it`)]), setTransforms(rule, transforms.toSpliced(index, 1), 'Remove the transform')] : [],
    }];
  });
}

function targetFindings(one: RuleTypes, map: CheckedMap, coming: RuleTypes): MapFinding[] {
  const { rule, result, links, sources, mayBeMissing } = one;
  const { target } = map;
  if (!rule.target || rule.target.length === 0 || isOpen(target)) return [];
  const { schema, fault, isOptional } = placeAt(target, rule.target);
  const place = rule.place ?? ['map'];
  if (fault) {
    const fixed = mended(rule.target, fault);
    return [{
      severity: 'warning', code: 'CONFIG_PATH', kind: 'unknown-target', place: rule.place ? [...place, 'to'] : place, target: rule.to,
      message: `What is wanted has no place for the target ${JSON.stringify(rule.to)}: ${faultReason(rule.target, fault)}.`, fix: fixed === undefined ? namesFix(fault, noSource) : `Did you mean ${JSON.stringify(fixed)}?`,
      quickFixes: fixed === undefined || !rule.place ? [] : [{ title: `Change it to ${fixed}`, set: [{ path: [...place, 'to'], value: fixed }] }],
    }];
  }
  const [given, wanted] = [typesOf(result), typesOf(schema)];
  if (given && wanted && !links.some(({ isClash }) => isClash) && !mayBe(withoutNull(given), wanted)) return [mismatch(rule, withoutNull(given), wanted, schema)];
  const unfit = [...unfitConstants(rule, schema), ...unfitValues(coming, { schema, isOptional: !isRequired(target, rule.target) }, map)];
  if (rule.isConditional) return [...unfit, ...onlyUnderConditions(rule, map)];
  if (unfit.length > 0 || !mayBeMissing || isOptional) return unfit;
  const names = sources.filter((source) => source.isOptional && !source.fault).map(({ query }) => JSON.stringify(query));
  if (names.length === 0) return [];
  return [{ severity: 'info', code: 'CONFIG_INVALID', kind: 'may-be-missing', place, target: rule.to, message: `The target ${JSON.stringify(rule.to)} is required, and its source ${names.join(', ')} may be missing.`, fix: 'Give the rule a default.', quickFixes: [] }];
}

/** What does come, but does not fit. */
function unfitValues({ rule, likely, links, sources }: RuleTypes, wanted: { readonly schema: object; readonly isOptional: boolean }, { types }: CheckedMap): MapFinding[] {
  if (links.some(({ isClash }) => isClash) || sources.some(({ fault }) => fault)) return [];
  const isWritten = types.rules.some((other) => other.rule !== rule && isBelow(other.rule.target, rule.target!));
  const asked = askedOfSource(rule);
  const hasNoNull = (rule.default ?? null) !== null || asked === 'value';
  // What other rules write below it is theirs.
  const found = misfitsOf(likely, wanted.schema).filter(({ at, kind }) => {
    if (kind === 'null' ? hasNoNull && at.every((key) => key === everything) : asked === 'nothing') return false;
    return at.length === 0 || !isWritten;
  });
  return found.map((misfit) => fitFinding(rule, wanted, misfit));
}

/** Whether it must be there where there is what holds it. */
function isRequired(target: object, keys: readonly PathKey[]): boolean {
  const name = keys.at(-1);
  return typeof name !== 'string' || requiredOf(placeAt(target, keys.slice(0, -1)).schema).includes(name);
}

const isBelow = (keys: readonly PathKey[] | undefined, above: readonly PathKey[]): boolean => keys !== undefined && keys.length > above.length && above.every((key, at) => key === keys[at]);

/** A field that must be there, and that a single rule writes, now and then. */
function onlyUnderConditions(rule: MapRule, { target, types: { rules, rest } }: CheckedMap): MapFinding[] {
  const keys = rule.target!;
  const around = keys.slice(0, -1);
  if (typeof keys.at(-1) !== 'string' || !isRequired(target, keys)) return [];
  const others = rules.map((other) => other.rule).filter((other) => other !== rule && other.target !== undefined);
  if (rest || others.some((other) => overlaps(other.target!, keys))) return [];
  // Where nothing else makes what holds it, it may as well not be there.
  if (placeAt(target, around).isOptional && !others.some((other) => around.length > 0 && overlaps(other.target!, around))) return [];
  return [{
    severity: 'warning', code: 'CONFIG_INVALID', kind: 'may-be-missing', place: rule.place ? [...rule.place, 'when'] : ['map'], target: rule.to, message: `The target ${JSON.stringify(rule.to)} is required, and its only rule writes it under conditions.`,
    fix: 'Add a rule for the other cases, or remove the conditions.', quickFixes: rule.place ? [{ title: 'Remove the conditions', set: [{ path: [...rule.place, 'when'] }] }] : [],
  }];
}

const overlaps = (one: readonly PathKey[], other: readonly PathKey[]): boolean => one.every((key, at) => at >= other.length || key === other[at] || typeof key !== 'string');

/** Fixed values that are none of those that the target may have. */
function unfitConstants(rule: MapRule, schema: object): MapFinding[] {
  const allowed = valuesOf(schema);
  if (!allowed) return [];
  const names = allowed.filter((value) => value !== null).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return constantsOf(rule).filter(({ value }) => !allowed.some((one) => isSame(one, value))).map(({ value, place }): MapFinding => ({
    severity: 'warning', code: 'CONFIG_INVALID', kind: 'value-mismatch', place: rule.place ? [...rule.place, ...place] : ['map'], target: rule.to,
    message: `The target ${JSON.stringify(rule.to)} cannot be ${JSON.stringify(value)}: it must be one of ${listed(names)}.`, fix: suggestion(String(value), names) ?? 'Choose one of them.', quickFixes: rule.place ? meantFix(value, allowed, [...rule.place, ...place]) : [],
  }));
}

function meantFix(value: unknown, allowed: readonly unknown[], path: readonly (string | number)[]): readonly QuickFix[] {
  const meant = typeof value === 'string' ? closest(value, allowed.filter((one) => typeof one === 'string')) : undefined;
  return meant === undefined ? [] : [{ title: `Change it to ${meant}`, set: [{ path, value: meant }] }];
}

/** The default, and what a transform gives whatever comes; what an expression gives is not known. */
function constantsOf({ transforms, map, default: fallback }: MapRule): readonly { readonly value: unknown; readonly place: readonly (string | number)[] }[] {
  const last = transforms.at(-1);
  const value = map === undefined && last && fixedValues.has(last.type) && isObject(last.settings) ? last.settings['value'] : undefined;
  return [
    ...(value === undefined || (typeof value === 'string' && value.includes('{{')) ? [] : [{ value, place: ['transforms', transforms.length - 1, 'settings', 'value'] }]),
    ...(fallback === undefined || fallback === null || typeof fallback === 'object' || (typeof fallback === 'string' && fallback.includes('{{')) ? [] : [{ value: fallback, place: ['default'] }]),
  ];
}

const fixedValues: ReadonlySet<string> = new Set(['custom-string', 'custom-number', 'custom-boolean']);

function mismatch(rule: MapRule, given: ReadonlySet<JsonType>, wanted: ReadonlySet<JsonType>, schema: object): MapFinding {
  const cast = castFor(given, wanted, schema);
  return {
    severity: 'warning', code: 'CONFIG_INVALID', kind: 'type-mismatch', place: rule.place ? [...rule.place, 'to'] : ['map'], target: rule.to,
    message: `The target ${JSON.stringify(rule.to)} must be ${typeList(withoutNull(wanted))}, and gets ${typeList(given)}.`, fix: cast === undefined ? 'Add a transform that gives what is wanted, or another source.' : `Add the transform ${cast.type}.`,
    quickFixes: cast === undefined || !rule.place || rule.map !== undefined ? [] : [setTransforms(rule, [...rule.transforms.map(plainTransform), cast], `Add ${cast.type}`)],
  };
}

/** Fields that must be there, and that no rule writes. Below what may be missing only where something is written there. */
function missingTargets({ types: { written, rules, rest }, target, source, ownRules }: CheckedMap): MapFinding[] {
  const found = missingIn(target, written, [], rest);
  if (found.length === 0) return [];
  const suggestions = new Map(suggestRules({ source, target, rules: rules.map(({ rule }) => rule) }).map((suggestion) => [suggestion.rule.to, suggestion]));
  return found.map((keys): MapFinding => {
    const path = printPath(keys);
    const suggestion = suggestions.get(path);
    return {
      severity: 'warning', code: 'CONFIG_INVALID', kind: 'missing-target', place: ['rules'], target: path, message: `The target ${JSON.stringify(path)} is required, and no rule writes it.`,
      fix: suggestion ? `Add a rule; ${JSON.stringify(suggestion.rule.from)} may be its source.` : 'Add a rule for it.', quickFixes: suggestion ? [added(suggestion, ownRules)] : [],
    };
  });
}

const added = ({ rule }: RuleSuggestion, at: number): QuickFix => ({ title: `Add a rule from ${rule.from}`, set: [{ path: ['rules', at], value: rule }] });

function missingIn(target: object, tree: TargetTree, keys: readonly PathKey[], rest: object | undefined): (readonly PathKey[])[] {
  // What is written as a whole is looked at by its type only.
  if (tree.values.length > 0 || isOpen(target)) return [];
  const missing = requiredOf(target).filter((name) => !tree.fields.has(name) && !(rest && (isOpen(rest) || fieldOf(rest, name)))).map((name) => [...keys, name]);
  const below = namesOf(target).flatMap((name) => {
    const field = tree.fields.get(name);
    const own = field && fieldOf(target, name);
    return own ? missingIn(own, field, [...keys, name], rest && fieldOf(rest, name)) : [];
  });
  const items = tree.items ? missingIn(itemOf(target), tree.items, [...keys, everything], rest && itemOf(rest)) : [];
  return [...missing, ...below, ...items];
}
