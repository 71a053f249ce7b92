import type { CoveredOutcome } from '../../../plugins/sdk/index.ts';
import type { ConditionCoverage, RuleCoverage } from '../../model/test-report.ts';
import { isObject, pointerOf } from '../../model/json.ts';
import type { Entry } from '../workspace.ts';

/** File → JSON pointer → outcome → how often. */
export type Outcomes = Map<string, Map<string, Map<CoveredOutcome, number>>>;

export function countOutcome(outcomes: Outcomes, file: string, pointer: string, outcome: CoveredOutcome, times: number): void {
  const places = outcomes.get(file) ?? new Map<string, Map<CoveredOutcome, number>>();
  outcomes.set(file, places);
  const counts = places.get(pointer) ?? new Map<CoveredOutcome, number>();
  places.set(pointer, counts);
  counts.set(outcome, (counts.get(outcome) ?? 0) + times);
}

type Keys = readonly (string | number)[];
type Names = Readonly<Record<string, unknown>>;
type ReadEntry = Pick<Entry<'flow'> | Entry<'map'>, 'file' | 'read'>;

/** What came out of the conditions and rules that stand at a place of a file, with those that were never looked at. */
export function outcomesAt(outcomes: Outcomes, { file, read }: ReadEntry, at: Keys, settings: unknown): { readonly conditions: readonly ConditionCoverage[]; readonly rules: readonly RuleCoverage[] } {
  const conditions: ConditionCoverage[] = [];
  const rules: RuleCoverage[] = [];
  const counted = (keys: Keys): { readonly pointer: string; readonly line: number; readonly of: (outcome: CoveredOutcome) => number } => {
    const pointer = pointerOf(keys);
    return { pointer, line: read.mark(pointer).line, of: (outcome) => outcomes.get(file)?.get(pointer)?.get(outcome) ?? 0 };
  };
  const inConditions = (list: unknown, keys: Keys): void => {
    for (const [index, one] of itemsOf(list)) {
      const inner = one['any'] ?? one['all'];
      if (inner !== undefined) { inConditions(inner, [...keys, index, one['any'] === undefined ? 'all' : 'any']); continue; }
      const { pointer, line, of } = counted([...keys, index]);
      conditions.push({ pointer, line, text: wordsOf(one), holds: of('holds'), fails: of('fails') });
    }
  };
  const from = isObject(settings) ? settings : {};
  inConditions(from['conditions'], [...at, 'conditions']);
  for (const [index, route] of itemsOf(from['routes'])) inConditions(route['when'], [...at, 'routes', index, 'when']);
  for (const [index, rule] of itemsOf(from['rules'])) {
    if (typeof rule['to'] !== 'string') continue;
    const { pointer, line, of } = counted([...at, 'rules', index]);
    rules.push({ pointer, line, to: rule['to'], value: of('value'), ...((rule['default'] ?? null) !== null && { default: of('default') }), nothing: of('nothing'), ...(rule['when'] !== undefined && { skipped: of('skipped') }) });
    inConditions(rule['when'], [...at, 'rules', index, 'when']);
  }
  return { conditions, rules };
}

const itemsOf = (list: unknown): readonly [number, Names][] => (Array.isArray(list) ? [...list.entries()].filter((entry): entry is [number, Names] => isObject(entry[1])) : []);

const mostShown = 60;

function wordsOf({ field, of, is = 'equals', value }: Names): string {
  const text = [of ?? (field || 'the record'), is, ...(value === undefined ? [] : [typeof value === 'string' ? value : JSON.stringify(value)])].join(' ');
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}
