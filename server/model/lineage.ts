import type { MapRule, RuleSource } from './map-rules.ts';
import { printPath } from './path.ts';
import { leavesOf } from './schema-leaves.ts';

/** Where the fields of a target come from, and where those of a source go. */
export interface Lineage {
  readonly targets: readonly TargetLineage[];
  /** Those that rules take, then those that the schema of the source names, and that no rule takes and no condition asks for. */
  readonly sources: readonly { readonly path: string; readonly targets: readonly string[] }[];
}

export interface TargetLineage {
  readonly path: string;
  /** Rules that write it, in their order: the last one counts. */
  readonly rules: readonly RuleLineage[];
}

export interface RuleLineage {
  /** Index among the rules of the step; absent for a rule of a mapping file. */
  readonly rule?: number;
  readonly sources: readonly string[];
  /** Transforms, and a mapping file as `map address`, in their order. */
  readonly chain: readonly string[];
  readonly default?: unknown;
  readonly isConditional: boolean;
  /** Fields that its conditions ask for. */
  readonly asked?: readonly string[];
}

/** `source`, `target`: JSON Schemas of both sides; their fields are there without a rule, too. */
export function lineageOf(rules: readonly MapRule[], source: object = {}, target: object = {}): Lineage {
  const targets = new Map<string, RuleLineage[]>();
  const sources = new Map<string, Set<string>>();
  const asked = new Set<string>();
  for (const rule of rules) {
    const to = rule.target ? printPath(rule.target) : rule.to;
    const from = rule.sources.map(printed);
    const asks = [...new Set(rule.asked.map(printed))];
    for (const path of asks) asked.add(path);
    for (const path of from) sources.set(path, (sources.get(path) ?? new Set()).add(to));
    const index = rule.place?.at(-1);
    const own: RuleLineage = {
      ...(typeof index === 'number' && { rule: index }), sources: from, chain: [...rule.transforms.map(({ type }) => type), ...(rule.map === undefined ? [] : [`map ${rule.map}`])],
      ...(rule.default !== undefined && { default: rule.default }), isConditional: rule.isConditional, ...(asks.length > 0 && { asked: asks }),
    };
    targets.set(to, [...(targets.get(to) ?? []), own]);
  }
  const isWritten = covering(targets.keys());
  for (const { path } of leavesOf(target)) if (!isWritten(path)) targets.set(path, []);
  const isUsed = covering([...sources.keys(), ...asked]);
  for (const { path } of leavesOf(source)) if (!isUsed(path)) sources.set(path, new Set());
  return { targets: [...targets].map(([path, own]) => ({ path, rules: own })), sources: [...sources].map(([path, to]) => ({ path, targets: [...to] })) };
}

const printed = ({ keys, query }: RuleSource): string => (keys ? printPath(keys) : query);

/** Whether a path is one of some, or lies above or below one. */
function covering(paths: Iterable<string>): (path: string) => boolean {
  const known = new Set(paths);
  const above = new Set([...known].flatMap(holdersOf));
  return (path) => known.has(path) || above.has(path) || holdersOf(path).some((holder) => known.has(holder));
}

const holdersOf = (path: string): readonly string[] => ['', ...Array.from(path.matchAll(/[.[]/g), ({ index }) => path.slice(0, index))];
