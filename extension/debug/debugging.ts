import * as vscode from 'vscode';
import type { FlowDebug } from '../../webview/protocol/flow.ts';
import { keepBreakpoints, type FlowBreakpoints } from './breakpoints.ts';
import { followStops } from './stopped.ts';
import { followUnverified } from './unverified.ts';

/** What the debugger has to do with flows, for all that shows them. */
export interface Debugging extends vscode.Disposable {
  readonly breakpoints: FlowBreakpoints;
  of(file: vscode.Uri): FlowDebug;
  /** The runs that stand still in the debugger. */
  readonly paused: readonly string[];
  /** It has stopped or goes on. */
  readonly onDidStop: vscode.Event<unknown>;
  readonly onDidChange: vscode.Event<vscode.Uri>;
}

export function openDebugging(memory: vscode.Memento, note: (problem: string) => void): Debugging {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const unverified = followUnverified();
  const breakpoints = keepBreakpoints(memory, unverified);
  const stops = followStops(note);
  const subscriptions = [changed, breakpoints, stops, unverified, unverified.onDidChange((file) => changed.fire(file)), breakpoints.onDidChange((file) => changed.fire(file)), stops.onDidChange((file) => changed.fire(file))];
  return {
    breakpoints,
    of(file) {
      const stopped = stops.of(file)?.step;
      return { breakpoints: breakpoints.of(file), ...(stopped !== undefined && { stopped }), ...(stops.runs.length > 0 && { paused: stops.runs }) };
    },
    get paused() { return stops.runs; },
    onDidChange: changed.event,
    onDidStop: stops.onDidChange,
    dispose: () => { for (const subscription of subscriptions) subscription.dispose(); },
  };
}
