import { findPlugin, type Catalog, type CatalogEntry } from '../../server/model/catalog.ts';
import { isObject } from '../../server/model/json.ts';
import type { MapChange } from '../../server/model/map-edit.ts';
import { formatValue } from '../shared/format.ts';
import { fieldId, type Side } from './fields.ts';

/** A rule as far as it is one: everything that stands in the list has a row. */
export interface Rule {
  readonly index: number;
  readonly raw: Readonly<Record<string, unknown>>;
  /** Source paths as they are written. */
  readonly from: readonly string[];
  readonly sourceIds: readonly string[];
  readonly to: string;
  /** `undefined` where there is no target yet. */
  readonly targetId: string | undefined;
  readonly transforms: readonly { readonly type: string; readonly settings: unknown }[];
  readonly map: string | undefined;
  readonly default: unknown;
  readonly conditions: number;
}

export function readRules(rules: unknown): readonly Rule[] {
  return (Array.isArray(rules) ? (rules as unknown[]) : []).map((rule, index): Rule => {
    const raw = isObject(rule) ? rule : {};
    const { from, to, transforms, map, when } = raw;
    const paths = (Array.isArray(from) ? (from as unknown[]) : [from]).filter((path) => typeof path === 'string' && path !== '') as string[];
    const target = typeof to === 'string' ? to : '';
    return {
      index, raw, from: paths, sourceIds: paths.map(fieldId), to: target, targetId: target === '' ? undefined : fieldId(target),
      transforms: (Array.isArray(transforms) ? (transforms as unknown[]) : []).map((one) => ({ type: isObject(one) ? String(one['type'] ?? '') : '', settings: isObject(one) ? one['settings'] : undefined })),
      map: typeof map === 'string' ? map : undefined, default: raw['default'], conditions: Array.isArray(when) ? when.length : 0,
    };
  });
}

/** The rules that write a field of the target, or take one of the source, in their order. */
export const rulesOf = (rules: readonly Rule[], side: Side, id: string): readonly Rule[] => fieldsOf(rules)[side].get(id) ?? none;

const none: readonly Rule[] = [];
const indexes = new WeakMap<readonly Rule[], Readonly<Record<Side, ReadonlyMap<string, readonly Rule[]>>>>();

/** Which fields have rules. A list of rules never changes: another one comes. */
export function fieldsOf(rules: readonly Rule[]): Readonly<Record<Side, ReadonlyMap<string, readonly Rule[]>>> {
  const known = indexes.get(rules);
  if (known) return known;
  const sides = { source: new Map<string, Rule[]>(), target: new Map<string, Rule[]>() };
  const add = (side: Side, id: string, rule: Rule): void => {
    const found = sides[side].get(id);
    if (!found) sides[side].set(id, [rule]);
    else if (found.at(-1) !== rule) found.push(rule);
  };
  for (const rule of rules) {
    if (rule.targetId !== undefined) add('target', rule.targetId, rule);
    for (const source of rule.sourceIds) add('source', source, rule);
  }
  indexes.set(rules, sides);
  return sides;
}

/** Changes of which each is one undo unit, and the rule that is looked at after them. */
export interface RuleEdit {
  readonly changes: readonly MapChange[];
  readonly select?: number | undefined;
}

const nothingToDo: RuleEdit = { changes: [] };

/** A value goes from a source to a target: a new rule, or a further source of the one that writes there. */
export function connect(rules: readonly Rule[], source: string, target: string): RuleEdit {
  const [rule, ...others] = rulesOf(rules, 'target', target);
  if (!rule || others.length > 0 || rule.map !== undefined) return addRule(rules, { from: source, to: target });
  if (rule.sourceIds.includes(source)) return { ...nothingToDo, select: rule.index };
  // What was made before comes from somewhere now.
  const from = rule.from.length === 0 ? source : [...rule.from, source];
  return { changes: [{ op: 'set', path: ['rules', rule.index, 'from'], value: from }], select: rule.index };
}

export function addRule(rules: readonly Rule[], rule: { readonly from?: string; readonly to: string; readonly transforms?: readonly object[] }): RuleEdit {
  return { changes: [{ op: 'insert', path: ['rules'], index: rules.length, value: rule }], select: rules.length };
}

export function addRules(rules: readonly Rule[], added: readonly object[]): RuleEdit {
  return { changes: added.map((value, place) => ({ op: 'insert', path: ['rules'], index: rules.length + place, value })), select: rules.length };
}

export function removeRule(rules: readonly Rule[], index: number): RuleEdit {
  return { changes: [{ op: 'set', path: ['rules', index], value: undefined }], select: rules.length > 1 ? Math.min(index, rules.length - 2) : undefined };
}

export const duplicateRule = (rule: Rule): RuleEdit => ({ changes: [{ op: 'insert', path: ['rules'], index: rule.index + 1, value: rule.raw }], select: rule.index + 1 });

export function moveRule(rules: readonly Rule[], index: number, by: 1 | -1): RuleEdit {
  const to = index + by;
  return to < 0 || to >= rules.length ? nothingToDo : { changes: [{ op: 'move', path: ['rules'], from: index, to }], select: to };
}

/** Nothing goes from or to a field any more. Of a rule with several sources only this one is taken out. */
export function unmap(rules: readonly Rule[], side: Side, id: string): RuleEdit {
  const changes = rulesOf(rules, side, id).toReversed().map((rule): MapChange => {
    const rest = rule.from.filter((_, place) => rule.sourceIds[place] !== id);
    if (side === 'target' || rest.length === 0) return { op: 'set', path: ['rules', rule.index], value: undefined };
    return { op: 'set', path: ['rules', rule.index, 'from'], value: rest.length === 1 ? rest[0] : rest };
  });
  return { changes };
}

export function setSource({ from, index }: Rule, place: number, path: string): RuleEdit {
  return { changes: [{ op: 'set', path: ['rules', index, 'from'], value: from.length > 1 ? from.with(place, path) : path }], select: index };
}

export function addTransform(rule: Rule, type: string): RuleEdit {
  return { changes: [{ op: 'insert', path: ['rules', rule.index, 'transforms'], index: rule.transforms.length, value: { type } }], select: rule.index };
}

export interface Chip {
  readonly text: string;
  readonly title: string;
  readonly kind: 'transform' | 'unknown' | 'map' | 'note';
  /** Among the transforms. */
  readonly place?: number;
}

/** What a value goes through, in short. A transform that no plugin knows stays, and is shown as what it is. */
export function chipsOf(rule: Rule, catalog: Catalog): readonly Chip[] {
  return [
    ...rule.transforms.map(({ type, settings }, place): Chip => {
      const entry = findPlugin(catalog, 'transform', type);
      return entry ? { text: transformText(entry, settings), title: `${entry.title}${settings === undefined ? '' : ` ${formatValue(settings, 200)}`}: ${entry.summary}`, kind: 'transform', place } : { text: `${type || '?'} ?`, title: `No plugin knows the transform “${type}”. It is kept as it is.`, kind: 'unknown', place };
    }),
    ...(rule.map === undefined ? [] : [{ text: `map ${rule.map}`, title: `The mapping file maps/${rule.map}.map.json`, kind: 'map' } as const]),
    ...(rule.conditions > 0 ? [{ text: 'if', title: rule.conditions === 1 ? 'Applied where a condition holds' : `Applied where ${rule.conditions} conditions hold`, kind: 'note' } as const] : []),
    ...(rule.default === undefined ? [] : [{ text: `else ${formatValue(rule.default, 12)}`, title: `Where it is missing or null: ${formatValue(rule.default)}`, kind: 'note' } as const]),
  ];
}

/** `Prefix WEB-`, `Round number 2`. */
export function transformText({ title }: CatalogEntry, settings: unknown): string {
  const first = isObject(settings) ? Object.values(settings).find((value) => ['string', 'number'].includes(typeof value)) : undefined;
  return first === undefined ? title : `${title} ${formatValue(first, 14)}`;
}
