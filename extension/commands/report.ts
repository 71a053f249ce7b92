import * as vscode from 'vscode';
import { inEditor } from '../../server/model/secret-variable.ts';
import { RunnerProblem } from '../../webview/protocol/runner-client.ts';
import { NotTrusted } from '../runner/runners.ts';

/** Runs what the user asked for, and says what kept it from working and what to do about it. */
export async function reporting(log: vscode.LogOutputChannel, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    await report(log, error);
  }
}

export async function report(log: vscode.LogOutputChannel, error: unknown): Promise<void> {
  const problem = error instanceof Error ? error : new Error(String(error));
  log.error(problem instanceof RunnerProblem ? `${problem.code}: ${problem.message}` : (problem.stack ?? problem.message));
  const { title, command } = remedyOf(problem);
  const text = problem instanceof RunnerProblem && problem.remedy ? `${problem.message} ${inEditor(problem.remedy)}` : problem.message;
  if ((await vscode.window.showErrorMessage(text, title)) === title) await vscode.commands.executeCommand(command);
}

function remedyOf(error: Error): { readonly title: string; readonly command: string } {
  if (error instanceof NotTrusted) return { title: 'Manage Workspace Trust', command: 'workbench.trust.manage' };
  if (error instanceof RunnerProblem && error.code === 'SECRET_MISSING') return { title: 'Set Secret…', command: 'patchbay.setSecret' };
  if (error instanceof RunnerProblem && error.code.startsWith('CONFIG_')) return { title: 'Show Problems', command: 'workbench.actions.view.problems' };
  return { title: 'Show Log', command: 'patchbay.showLog' };
}
