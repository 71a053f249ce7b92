import type { MapFinding } from './map-check.ts';
import type { MapRule } from './map-rules.ts';
import type { RuleTypes } from './map-types.ts';
import { printPath, type PathKey } from './path.ts';
import { typeList, typesOf, withoutNull } from './schema-types.ts';

/**
 * Rules that write the same place, so that only one of them counts. Under conditions that is meant so, and a rule of a step may replace one of its mapping file. A
 * value that is made first may stay where the source of a later rule is missing. At most one finding per rule.
 */
export function conflictsOf(rules: readonly RuleTypes[]): MapFinding[] {
  const written = new Map<string, RuleTypes>();
  /** Rules that write below a place. */
  const within = new Map<string, RuleTypes>();
  return rules.flatMap((one): MapFinding[] => {
    const { rule } = one;
    if (!rule.target || rule.target.length === 0) return [];
    const names = rule.target.map((_, at) => nameOf(rule, rule.target!.slice(0, at + 1)));
    const own = names.pop()!;
    const before = rule.isConditional ? undefined : (written.get(own) ?? within.get(own));
    const above = names.map((name) => written.get(name)).find((other) => other !== undefined);
    written.set(own, one);
    for (const name of names) within.set(name, one);
    if (before && !isFallback(before, one)) return [lost(one, before)];
    return above && !above.rule.isConditional && !rule.isConditional ? replaced(one, above) : [];
  });
}

/** Those of a mapping file are apart. */
const nameOf = ({ place }: MapRule, keys: readonly PathKey[]): string => `${place ? 'own' : 'file'} ${printPath(keys)}`;

const isFallback = (before: RuleTypes, after: RuleTypes): boolean => before.rule.sources.length === 0 && after.mayBeMissing && before.rule.to === after.rule.to;

const placeOf = ({ place }: MapRule): readonly (string | number)[] => (place ? [...place, 'to'] : ['map']);
const called = ({ sources, to }: MapRule): string => `the rule ${sources.length === 0 ? '' : `from ${sources.map(({ query }) => JSON.stringify(query)).join(', ')} `}to ${JSON.stringify(to)}`;

function lost({ rule }: RuleTypes, { rule: before }: RuleTypes): MapFinding {
  const isSame = printPath(rule.target!) === printPath(before.target!);
  return {
    severity: 'warning', code: 'CONFIG_INVALID', kind: 'conflict', place: placeOf(rule), target: rule.to, quickFixes: [],
    message: `The target ${JSON.stringify(rule.to)} is written again: what ${called(before)} has written before is lost.`,
    fix: isSame ? 'Remove one of the two, give each a condition under which it applies, or make one rule of both sources with the transform coalesce.' : 'Put this rule before the other one, or remove one of the two.',
  };
}

function replaced({ rule }: RuleTypes, above: RuleTypes): MapFinding[] {
  const key = rule.target![above.rule.target!.length];
  const wanted = typeof key === 'string' ? 'object' : 'array';
  const types = typesOf(above.result);
  if (types?.has(wanted)) return [];
  return [{
    severity: types ? 'warning' : 'info', code: 'CONFIG_INVALID', kind: 'conflict', place: placeOf(rule), target: rule.to, quickFixes: [],
    message: `The target ${JSON.stringify(rule.to)} lies within ${JSON.stringify(above.rule.to)}, which ${called(above.rule)} writes before: ${types ? `it gives ${typeList(withoutNull(types))}, which is replaced` : `where that is no ${wanted === 'object' ? 'object' : 'list'}, it is replaced`}.`,
    fix: 'Remove one of the two, or write to another target.',
  }];
}
