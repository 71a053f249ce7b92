import * as vscode from 'vscode';
import { branchesOf, missedOf } from '../../server/model/coverage.ts';
import type { ConditionCoverage, FlowCoverage, MapCoverage, RuleCoverage, StepCoverage, TestReport } from '../../server/model/test-report.ts';
import type { StepCovered } from '../../webview/protocol/flow.ts';

/** What the tests have last run of flows, for those who show a flow. A flow that is changed is another: nothing is known of it. */
export interface Coverages extends vscode.Disposable {
  of(file: vscode.Uri): Readonly<Record<string, StepCovered>> | undefined;
  set(root: vscode.Uri, coverage: readonly FlowCoverage[]): void;
  readonly onDidChange: vscode.Event<vscode.Uri>;
}

export function keepCoverages(): Coverages {
  const known = new Map<string, Readonly<Record<string, StepCovered>>>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const listening = vscode.workspace.onDidChangeTextDocument(({ document: { uri }, contentChanges }) => { if (contentChanges.length > 0 && known.delete(uri.toString())) changed.fire(uri); });
  return {
    of: (file) => known.get(file.toString()),
    set(root, coverage) {
      for (const { file, steps } of coverage) {
        const uri = vscode.Uri.joinPath(root, file);
        known.set(uri.toString(), Object.fromEntries(steps.map((step) => [step.id, stepCovered(step)])));
        changed.fire(uri);
      }
    },
    onDidChange: changed.event,
    dispose: () => { listening.dispose(); changed.dispose(); },
  };
}

function stepCovered(step: StepCoverage): StepCovered {
  const missed = missedOf(step).map(({ name }) => name);
  // A step behind which nothing comes has one way: that a payload comes.
  const ways = Math.max(branchesOf(step).length, 1);
  return { ran: step.count === 0 ? 0 : ways - missed.length, ways, missed };
}

type Details = readonly vscode.FileCoverageDetail[];

/** Gives VS Code what was run of the files of a workspace, and what of it stands at which line where it asks. */
export function addCoverage(session: vscode.TestRun, root: vscode.Uri, { coverage, maps }: Pick<TestReport, 'coverage' | 'maps'>, known: WeakMap<vscode.FileCoverage, Details>): void {
  for (const { file, details } of [...coverage.map((flow) => ({ file: flow.file, details: detailsOfFlow(flow) })), ...maps.map((map) => ({ file: map.file, details: detailsOf(map) }))]) {
    const found = vscode.FileCoverage.fromDetails(vscode.Uri.joinPath(root, file), details);
    known.set(found, details);
    session.addCoverage(found);
  }
}

/** Each step is a declaration, each of its ports a branch. */
const detailsOfFlow = ({ steps }: FlowCoverage): vscode.FileCoverageDetail[] => steps.flatMap((step) => {
  const at = new vscode.Position(step.line - 1, 0);
  const ports = Object.entries(step.ports).map(([port, passed]) => new vscode.BranchCoverage(passed, at, port));
  return [new vscode.DeclarationCoverage(step.id, step.count, at), new vscode.StatementCoverage(step.count, at, ports), ...detailsOf(step)];
});

/** Conditions and rules are statements; how they can come out are their branches. */
const detailsOf = ({ conditions, rules }: Pick<MapCoverage, 'conditions' | 'rules'>): vscode.FileCoverageDetail[] => [...conditions.map(ofCondition), ...rules.map(ofRule)];

function ofCondition({ line, holds, fails }: ConditionCoverage): vscode.FileCoverageDetail {
  const at = new vscode.Position(line - 1, 0);
  return new vscode.StatementCoverage(holds + fails, at, [new vscode.BranchCoverage(holds, at, 'holds'), new vscode.BranchCoverage(fails, at, 'does not hold')]);
}

function ofRule({ line, value, default: fallback, nothing }: RuleCoverage): vscode.FileCoverageDetail {
  const at = new vscode.Position(line - 1, 0);
  return new vscode.StatementCoverage(value + (fallback ?? 0) + nothing, at, [new vscode.BranchCoverage(value, at, 'value'), ...(fallback === undefined ? [] : [new vscode.BranchCoverage(fallback, at, 'default')])]);
}
