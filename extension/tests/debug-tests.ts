import * as vscode from 'vscode';
import type { TestReport } from '../../server/model/test-report.ts';

/** Debugs the cases of a file, or one of them, in a session of its own. `undefined`: it ended before they did. */
export async function debugTests(folder: vscode.WorkspaceFolder | undefined, { root, file, name }: { readonly root: vscode.Uri; readonly file: string; readonly name?: string }, run: vscode.TestRun, token: vscode.CancellationToken): Promise<TestReport | undefined> {
  const title = name === undefined ? `Debug ${file}` : `Debug ${name}`;
  const mark = `${Date.now()} ${file} ${name ?? ''}`;
  let report: TestReport | undefined;
  let session: vscode.DebugSession | undefined;
  const ended = Promise.withResolvers<void>();
  const isOurs = (one: vscode.DebugSession): boolean => one.configuration['__mark'] === mark;
  const subscriptions = [
    vscode.debug.onDidStartDebugSession((one) => { if (isOurs(one)) session = one; }),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session: one, event, body }) => { if (isOurs(one) && event === 'testReport') report = body as TestReport; }),
    vscode.debug.onDidTerminateDebugSession((one) => { if (isOurs(one)) ended.resolve(); }),
    token.onCancellationRequested(() => void vscode.debug.stopDebugging(session)),
  ];
  try {
    const configuration = { type: 'patchbay', request: 'launch', name: title, test: file, ...(name !== undefined && { case: name }), __root: root.toString(), __mark: mark };
    if (await vscode.debug.startDebugging(folder, configuration, { testRun: run })) await ended.promise;
    return report;
  } finally {
    for (const one of subscriptions) one.dispose();
  }
}
