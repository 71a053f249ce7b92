import * as vscode from 'vscode';
import { debugLines } from '../../server/model/debug-lines.ts';
import { pathOfSource } from './anchors.ts';

/** Where the debugger stands: the step of what was stopped, or of the line of the stack that is chosen. */
export interface Stopped extends vscode.Disposable {
  of(file: vscode.Uri): { readonly step: string } | undefined;
  /** The runs that stand still: the one that was stopped, and those that have called it. */
  readonly runs: readonly string[];
  readonly onDidChange: vscode.Event<vscode.Uri>;
}

interface Frame {
  readonly id: number;
  readonly run?: string;
  readonly line: number;
  readonly source?: { readonly path?: string };
}

interface Stand {
  readonly at: { readonly file: vscode.Uri; readonly step: string } | undefined;
  /** Of all lines of the stack. */
  readonly files: readonly vscode.Uri[];
  readonly runs: readonly string[];
}

const nowhere: Stand = { at: undefined, files: [], runs: [] };

export function followStops(note: (problem: string) => void): Stopped {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let now: Stand = nowhere;
  let asked = 0;
  const become = (next: Stand): void => {
    const before = now;
    now = next;
    for (const file of new Map([...before.files, ...next.files].map((one) => [one.toString(), one])).values()) changed.fire(file);
  };
  const look = async (session: vscode.DebugSession, threadId: number, frameId?: number): Promise<void> => {
    const ticket = ++asked;
    const { stackFrames } = (await session.customRequest('stackTrace', { threadId })) as { readonly stackFrames: readonly Frame[] };
    const frame = stackFrames.find(({ id }) => id === frameId) ?? stackFrames[0];
    const file = frame && fileOf(frame);
    const text = file && (await vscode.workspace.openTextDocument(file)).getText();
    const step = text === undefined || !frame ? undefined : debugLines(text).locate(frame.line)?.step;
    if (ticket === asked) become({ at: file && step !== undefined ? { file, step } : undefined, files: stackFrames.flatMap((one) => fileOf(one) ?? []), runs: [...new Set(stackFrames.flatMap(({ run }) => run ?? []))] });
  };
  const goOn = (): void => {
    asked++;
    become(nowhere);
  };
  const failed = (error: unknown): void => {
    note(`Where the debugger stands is not known: ${(error as Error).message}`);
    goOn();
  };
  const tracker = (session: vscode.DebugSession): vscode.DebugAdapterTracker => ({
    onDidSendMessage({ type, event, body }: { readonly type: string; readonly event?: string; readonly body?: { readonly threadId?: number } }) {
      if (type !== 'event') return;
      if (event === 'stopped') void look(session, body?.threadId ?? 1).catch(failed);
      else if (event === 'continued' || event === 'terminated') goOn();
    },
    onExit: goOn,
  });
  const subscriptions = [
    changed,
    vscode.debug.registerDebugAdapterTrackerFactory('patchbay', { createDebugAdapterTracker: tracker }),
    // Another line of the stack, such as the step that called the flow.
    vscode.debug.onDidChangeActiveStackItem((item) => {
      if (item?.session.type === 'patchbay' && 'frameId' in item && now !== nowhere) void look(item.session, item.threadId, item.frameId).catch(failed);
    }),
  ];
  return {
    of: (file) => (now.at?.file.toString() === file.toString() ? { step: now.at.step } : undefined),
    get runs() { return now.runs; },
    onDidChange: changed.event,
    dispose: () => { for (const subscription of subscriptions) subscription.dispose(); },
  };
}

const fileOf = ({ source }: Frame): vscode.Uri | undefined => (source?.path === undefined ? undefined : vscode.Uri.file(pathOfSource(source.path)));
