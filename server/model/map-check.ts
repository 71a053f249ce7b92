import type { ErrorCode } from '../../plugins/sdk/index.ts';
import { suggestRules, type RuleSuggestion } from './auto-map.ts';
import { castTo } from './cast.ts';
import type { QuickFix } from './diagnostic.ts';
import type { MapRule } from './map-rules.ts';
import type { MapTypes, RuleTypes } from './map-types.ts';
import { everything, printPath, type PathKey } from './path.ts';
import { faultReason, mendedKeys, namesFix } from './path-fault.ts';
import { placeAt, type PlaceFault } from './schema-place.ts';
import { fieldOf, isOpen, itemOf, mayBe, namesOf, requiredOf, typeList, typesOf, withoutNull, type JsonType } from './schema-types.ts';
import type { TargetTree } from './target-tree.ts';

/** Something that a mapping does not fit to what stands before or behind it. */
export interface MapFinding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: ErrorCode;
  readonly kind: 'dead-source' | 'unknown-target' | 'type-mismatch' | 'missing-target' | 'may-be-missing';
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
  /** JSON Schema of the records that are wanted; open where nothing is known. */
  readonly target: object;
  /** Rules that stand in the settings themselves. */
  readonly ownRules: number;
}

/** Checks a mapping against both sides, as far as they are known. In the order of the rules; what no rule writes comes last. */
export function checkMap(map: CheckedMap): MapFinding[] {
  const rules = map.types.rules.flatMap((rule) => [...deadSources(rule), ...clashes(rule), ...targetFindings(rule, map.target)]);
  return [...rules, ...missingTargets(map)];
}

function deadSources({ rule, sources }: RuleTypes): MapFinding[] {
  return sources.flatMap(({ keys, query, fault, place }): MapFinding[] => {
    if (!keys || !fault) return [];
    const fixed = mended(keys, fault);
    const quickFixes = fixed === undefined || !rule.place ? [] : [{ title: `Change it to ${fixed}`, set: [{ path: [...rule.place, ...place], value: fixed }] }];
    return [{
      severity: fault.reason === 'no-field' && fault.isCertain ? 'error' : 'warning', code: 'CONFIG_PATH', kind: 'dead-source', place: [...(rule.place ?? ['map']), ...(rule.place ? place : [])], target: rule.to,
      message: `The source ${JSON.stringify(query)} of ${JSON.stringify(rule.to)} leads nowhere: ${faultReason(keys, fault)}.`, fix: fixed === undefined ? namesFix(fault, noSource) : `Did you mean ${JSON.stringify(fixed)}?`, quickFixes,
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

function targetFindings({ rule, result, links, sources, mayBeMissing }: RuleTypes, target: object): MapFinding[] {
  if (!rule.target || rule.target.length === 0 || isOpen(target)) return [];
  const { schema, fault, isOptional } = placeAt(target, rule.target);
  const place = rule.place ?? ['map'];
  if (fault) {
    const fixed = mended(rule.target, fault);
    return [{
      severity: 'warning', code: 'CONFIG_PATH', kind: 'unknown-target', place: rule.place ? [...place, 'to'] : place, target: rule.to,
      message: `Nothing behind this step knows the target ${JSON.stringify(rule.to)}: ${faultReason(rule.target, fault)}.`, fix: fixed === undefined ? namesFix(fault, noSource) : `Did you mean ${JSON.stringify(fixed)}?`,
      quickFixes: fixed === undefined || !rule.place ? [] : [{ title: `Change it to ${fixed}`, set: [{ path: [...place, 'to'], value: fixed }] }],
    }];
  }
  const [given, wanted] = [typesOf(result), typesOf(schema)];
  if (given && wanted && !links.some(({ isClash }) => isClash) && !mayBe(withoutNull(given), wanted)) return [mismatch(rule, withoutNull(given), wanted)];
  if (!mayBeMissing || isOptional || rule.isConditional) return [];
  const names = sources.filter((source) => source.isOptional && !source.fault).map(({ query }) => JSON.stringify(query));
  if (names.length === 0) return [];
  return [{ severity: 'info', code: 'CONFIG_INVALID', kind: 'may-be-missing', place, target: rule.to, message: `The target ${JSON.stringify(rule.to)} is required, and its source ${names.join(', ')} may be missing.`, fix: 'Give the rule a default.', quickFixes: [] }];
}

function mismatch(rule: MapRule, given: ReadonlySet<JsonType>, wanted: ReadonlySet<JsonType>): MapFinding {
  const cast = castTo(given, wanted);
  return {
    severity: 'warning', code: 'CONFIG_INVALID', kind: 'type-mismatch', place: rule.place ? [...rule.place, 'to'] : ['map'], target: rule.to,
    message: `The target ${JSON.stringify(rule.to)} must be ${typeList(withoutNull(wanted))}, and gets ${typeList(given)}.`, fix: cast === undefined ? 'Add a transform that gives what is wanted, or another source.' : `Add the transform ${cast}.`,
    quickFixes: cast === undefined || !rule.place || rule.map !== undefined ? [] : [setTransforms(rule, [...rule.transforms.map(plainTransform), { type: cast }], `Add ${cast}`)],
  };
}

const plainTransform = ({ type, settings }: { readonly type: string; readonly settings: unknown }): object => ({ type, ...(settings !== undefined && { settings }) });

const setTransforms = (rule: MapRule, transforms: readonly object[], title: string): QuickFix => ({ title, set: [{ path: [...rule.place!, 'transforms'], value: transforms.length > 0 ? transforms : undefined }] });

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
