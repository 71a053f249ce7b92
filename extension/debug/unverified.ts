import * as vscode from 'vscode';
import { pathOfSource } from './anchors.ts';

/** Breakpoints at which the debugger cannot stop, and why; known as long as a session lives. */
export interface Unverified extends vscode.Disposable {
  of(breakpoint: vscode.SourceBreakpoint): string | undefined;
  readonly onDidChange: vscode.Event<vscode.Uri>;
}

interface Place {
  readonly line: number;
  readonly column?: number;
}

interface Request {
  readonly seq: number;
  readonly command?: string;
  readonly arguments?: { readonly source?: { readonly path?: string }; readonly breakpoints?: readonly Place[] };
}

interface Answer {
  readonly type: string;
  readonly command?: string;
  readonly request_seq?: number;
  readonly body?: { readonly breakpoints?: readonly { readonly verified: boolean; readonly message?: string }[] };
}

const keyOf = ({ line, column }: Place): string => `${line}:${column ?? 1}`;

export function followUnverified(): Unverified {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  /** Session → file → place → why. */
  const known = new Map<string, Map<string, ReadonlyMap<string, string>>>();
  const tracker = ({ id }: vscode.DebugSession): vscode.DebugAdapterTracker => {
    const asked = new Map<number, Request['arguments']>();
    return {
      onWillReceiveMessage({ seq, command, arguments: given }: Request) { if (command === 'setBreakpoints') asked.set(seq, given); },
      onDidSendMessage({ type, command, request_seq: seq = -1, body }: Answer) {
        const given = type === 'response' && command === 'setBreakpoints' ? asked.get(seq) : undefined;
        if (!given) return;
        asked.delete(seq);
        const { source, breakpoints = [] } = given;
        if (source?.path === undefined) return;
        const file = vscode.Uri.file(pathOfSource(source.path));
        const files = known.get(id) ?? new Map<string, ReadonlyMap<string, string>>();
        known.set(id, files);
        files.set(file.toString(), new Map(breakpoints.flatMap((place, index) => {
          const said = body?.breakpoints?.[index];
          return said && !said.verified ? [[keyOf(place), said.message ?? 'The debugger cannot stop here.'] as const] : [];
        })));
        changed.fire(file);
      },
    };
  };
  const subscriptions = [
    changed,
    vscode.debug.registerDebugAdapterTrackerFactory('patchbay', { createDebugAdapterTracker: tracker }),
    vscode.debug.onDidTerminateDebugSession(({ id }) => {
      const files = [...(known.get(id)?.keys() ?? [])];
      known.delete(id);
      for (const file of files) changed.fire(vscode.Uri.parse(file));
    }),
  ];
  return {
    of({ location: { uri, range: { start } } }) {
      const place = keyOf({ line: start.line + 1, column: start.character + 1 });
      for (const files of known.values()) {
        const why = files.get(uri.toString())?.get(place);
        if (why !== undefined) return why;
      }
      return undefined;
    },
    onDidChange: changed.event,
    dispose: () => { for (const subscription of subscriptions) subscription.dispose(); },
  };
}
