import type { MapCoverage, StepCoverage } from './test-report.ts';

/** One way that a step or a mapping can go. */
export interface CoverageBranch {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly count: number;
}

/** The outcomes of conditions and rules that cases can bring about. A rule that gives nothing is none of them: most never should. */
export const outcomesOf = ({ conditions, rules }: Pick<MapCoverage, 'conditions' | 'rules'>): { readonly conditions: readonly CoverageBranch[]; readonly rules: readonly CoverageBranch[] } => ({
  conditions: conditions.flatMap(({ text, line, holds, fails }) => [{ name: `${text}: holds`, line, count: holds }, { name: `${text}: does not hold`, line, count: fails }]),
  rules: rules.flatMap(({ to, line, value, default: fallback }) => [{ name: `${to}: value`, line, count: value }, ...(fallback === undefined ? [] : [{ name: `${to}: default`, line, count: fallback }])]),
});

/** Every way that a step can go: its ports, conditions and rules. */
export function branchesOf(step: StepCoverage): readonly CoverageBranch[] {
  const { conditions, rules } = outcomesOf(step);
  return [...Object.entries(step.ports).map(([name, count]) => ({ name, line: step.line, count })), ...conditions, ...rules];
}

/** What of a step was not run; all of it where no payload came. */
export const missedOf = (step: StepCoverage): readonly CoverageBranch[] => branchesOf(step).filter(({ count }) => count === 0);
