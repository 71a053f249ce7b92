import type { Diagnostic, QuickFix } from '../../server/model/diagnostic.ts';
import type { MapFinding } from '../../server/model/map-check.ts';
import type { MapLook } from '../../server/model/map-look.ts';
import type { MapTrial } from '../../server/model/map-report.ts';
import { fieldId } from './fields.ts';
import type { Rule } from './rules.ts';
import type { Tone } from './wires.ts';

/** Something wrong with a rule or a field of the target, and what would mend it. */
export interface Problem {
  /** In a word, where there is no room for more. */
  readonly word: string | undefined;
  readonly severity: Diagnostic['severity'];
  readonly message: string;
  readonly fix: string | undefined;
  /** Their paths count from the settings. */
  readonly quickFixes: readonly QuickFix[];
  /** A source that leads nowhere: of which rule, and which of its sources. */
  readonly dead?: { readonly rule: number; readonly source: number };
}

export interface Problems {
  /** By the index of the rule. */
  readonly ofRule: ReadonlyMap<number, readonly Problem[]>;
  /** By the field of the source that a rule does not find. */
  readonly ofSource: ReadonlyMap<string, readonly Problem[]>;
  /** By the field of the target that no rule of its own has brought up. */
  readonly ofField: ReadonlyMap<string, readonly Problem[]>;
}

/** What the check of the sides, the check of the file and the trial say; each once. */
export function findProblems(input: { readonly pointer: string; readonly diagnostics: readonly Diagnostic[] } | undefined, look: MapLook | undefined, trial: MapTrial | undefined, rules: readonly Rule[]): Problems {
  const ofRule = new Map<number, Problem[]>();
  const ofField = new Map<string, Problem[]>();
  const ofSource = new Map<string, Problem[]>();
  for (const { kind, severity, message, fix, place: [list, index, part, nth], target, quickFixes } of look?.findings ?? []) {
    const problem = { word: words[kind], severity, message, fix, quickFixes };
    if (list !== 'rules' || typeof index !== 'number') add(ofField, fieldId(target), problem);
    else if (kind !== 'dead-source') add(ofRule, index, problem);
    else {
      const dead: Problem = { ...problem, dead: { rule: index, source: part === 'from' && typeof nth === 'number' ? nth : 0 } };
      const source = rules[index]?.sourceIds[dead.dead!.source];
      add(ofRule, index, dead);
      if (source !== undefined) add(ofSource, source, dead);
    }
  }
  const base = `${input?.pointer ?? ''}/rules/`;
  for (const { path, severity, message, fix } of input?.diagnostics ?? []) {
    const index = path.startsWith(base) ? Number.parseInt(path.slice(base.length), 10) : Number.NaN;
    if (!Number.isNaN(index)) add(ofRule, index, { word: undefined, severity, message, fix, quickFixes: [] });
  }
  for (const { pointer, message } of trial?.faults ?? []) add(ofField, fieldId(pathOf(pointer)), { word: 'does not fit', severity: 'error', message, fix: undefined, quickFixes: [] });
  return { ofRule, ofField, ofSource };
}

export const worst = (problems: readonly Problem[], isFailed: boolean): Tone => (isFailed || problems.some(({ severity }) => severity === 'error') ? 'bad' : problems.some(({ severity }) => severity === 'warning') ? 'warn' : 'good');

const words: Readonly<Record<MapFinding['kind'], string | undefined>> = { 'dead-source': 'no source', 'unknown-target': 'not known', 'type-mismatch': 'other type', 'missing-target': 'no rule', 'may-be-missing': undefined, 'dead-condition': 'no field', 'value-mismatch': 'other value', 'may-be-null': 'may be null', conflict: 'written twice' };

function add<K>(map: Map<K, Problem[]>, key: K, problem: Problem): void {
  const known = map.get(key) ?? [];
  if (!known.some(({ message }) => message === problem.message)) map.set(key, [...known, problem]);
}

/** Indexes of items stand for all of them. */
function pathOf(pointer: string): string {
  const keys = pointer.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return keys.reduce((path, key) => (/^\d+$/.test(key) ? `${path}[*]` : /^\w+$/.test(key) ? `${path}${path === '' ? '' : '.'}${key}` : `${path}['${key}']`), '');
}
