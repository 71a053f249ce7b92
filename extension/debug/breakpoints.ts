import * as vscode from 'vscode';
import type { FlowBreakpoint } from '../../webview/protocol/flow.ts';
import { anchorOf, placeOf, type Anchor } from './anchors.ts';
import type { Unverified } from './unverified.ts';

/** Breakpoints of flows, by their steps: VS Code keeps them by lines, and moves those only where a text editor shows the file. */
export interface FlowBreakpoints extends vscode.Disposable {
  of(file: vscode.Uri): Readonly<Record<string, FlowBreakpoint>>;
  /** Sets one in front of a step, or takes it away. */
  toggle(file: vscode.Uri, step: string): Promise<void>;
  /** Asks for a condition, or for what a log point says. */
  edit(file: vscode.Uri, step: string, what: 'condition' | 'log'): Promise<void>;
  /** All stand where their steps are when it resolves. */
  settle(): Promise<void>;
  readonly onDidChange: vscode.Event<vscode.Uri>;
}

const pauseMs = 150;
const memoryKey = 'breakpoints';
const ending = '.flow.json';

export function keepBreakpoints(memory: vscode.Memento, unverified: Pick<Unverified, 'of'>): FlowBreakpoints {
  const anchors = new Map<string, Anchor>();
  /** From the last session, by file and line. */
  const remembered = new Map(Object.entries(memory.get<Readonly<Record<string, Anchor>>>(memoryKey, {})));
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const timers = new Map<string, NodeJS.Timeout>();

  const own = (file?: vscode.Uri): vscode.SourceBreakpoint[] => vscode.debug.breakpoints.filter((one): one is vscode.SourceBreakpoint =>
    one instanceof vscode.SourceBreakpoint && one.location.uri.path.endsWith(ending) && (!file || one.location.uri.toString() === file.toString()));
  const keyOf = ({ location: { uri, range: { start } } }: vscode.SourceBreakpoint): string => `${uri.toString()}#${start.line}:${start.character}`;
  const remember = (): void => {
    const known = own().flatMap((one) => { const anchor = anchors.get(one.id); return anchor ? [[keyOf(one), anchor] as const] : []; });
    void memory.update(memoryKey, Object.fromEntries(known));
  };
  const anchor = async (one: vscode.SourceBreakpoint): Promise<void> => {
    const { uri, range } = one.location;
    const kept = remembered.get(keyOf(one));
    remembered.delete(keyOf(one));
    const text = await textOf(uri);
    const found = kept ?? (text === undefined ? undefined : anchorOf(text, range.start));
    if (found) anchors.set(one.id, found);
  };
  /** Puts those of a file where their steps stand now. */
  const put = (file: vscode.Uri, text: string): void => {
    const gone: vscode.SourceBreakpoint[] = [];
    const moved: vscode.SourceBreakpoint[] = [];
    for (const one of own(file)) {
      const known = anchors.get(one.id);
      if (!known) continue;
      const place = placeOf(text, known);
      const { start } = one.location.range;
      if (place && place.line === start.line && (known.at !== 'after' || place.character === start.character)) continue;
      gone.push(one);
      if (place) moved.push(new vscode.SourceBreakpoint(new vscode.Location(file, new vscode.Position(place.line, place.character)), one.enabled, one.condition, one.hitCondition, one.logMessage));
    }
    if (gone.length === 0) return;
    vscode.debug.removeBreakpoints(gone);
    if (moved.length > 0) vscode.debug.addBreakpoints(moved);
  };
  const isShownAsText = (file: vscode.Uri): boolean => vscode.window.visibleTextEditors.some(({ document }) => document.uri.toString() === file.toString());
  const settleOne = async (file: vscode.Uri): Promise<void> => {
    const text = await textOf(file);
    if (text === undefined) return;
    for (const one of own(file)) if (!anchors.has(one.id)) await anchor(one);
    put(file, text);
    changed.fire(file);
  };
  const files = (): vscode.Uri[] => [...new Map(own().map(({ location: { uri } }) => [uri.toString(), uri])).values()];

  const subscriptions = [
    changed,
    vscode.debug.onDidChangeBreakpoints(async ({ added, removed, changed: others }) => {
      const touched = new Map<string, vscode.Uri>();
      for (const one of [...added, ...removed, ...others]) if (one instanceof vscode.SourceBreakpoint && one.location.uri.path.endsWith(ending)) touched.set(one.location.uri.toString(), one.location.uri);
      for (const one of removed) anchors.delete(one.id);
      for (const one of [...added, ...others]) {
        if (!(one instanceof vscode.SourceBreakpoint) || !touched.has(one.location.uri.toString())) continue;
        // What VS Code has moved with the text is about the same as before.
        if (!anchors.has(one.id)) await anchor(one);
      }
      if (touched.size > 0) remember();
      for (const file of touched.values()) changed.fire(file);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const key = document.uri.toString();
      if (contentChanges.length === 0 || own(document.uri).length === 0 || isShownAsText(document.uri)) return;
      clearTimeout(timers.get(key));
      timers.set(key, setTimeout(() => put(document.uri, document.getText()), pauseMs));
    }),
    // It may have been changed by others while nobody looked.
    vscode.workspace.onDidOpenTextDocument(({ uri }) => { if (uri.path.endsWith(ending) && own(uri).length > 0) void settleOne(uri); }),
  ];
  void Promise.all(files().map(settleOne));

  const inFront = (file: vscode.Uri, step: string): vscode.SourceBreakpoint[] => own(file).filter(({ id }) => { const known = anchors.get(id); return known?.step === step && known.at === 'before'; });
  const add = async (file: vscode.Uri, step: string, more: { readonly condition?: string | undefined; readonly hits?: string | undefined; readonly log?: string | undefined } = {}): Promise<void> => {
    const text = await textOf(file);
    const place = text === undefined ? undefined : placeOf(text, { step, at: 'before' });
    if (place) vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(file, new vscode.Position(place.line, place.character)), true, more.condition, more.hits, more.log)]);
  };
  return {
    of(file) {
      const shown: Record<string, FlowBreakpoint> = {};
      for (const one of own(file)) {
        const known = anchors.get(one.id);
        if (known) shown[known.step] = shownAs(one, known, unverified.of(one));
      }
      return shown;
    },
    async toggle(file, step) {
      const there = inFront(file, step);
      if (there.length > 0) vscode.debug.removeBreakpoints(there);
      else await add(file, step);
    },
    async edit(file, step, what) {
      const [there] = inFront(file, step);
      const text = await vscode.window.showInputBox(what === 'log'
        ? { ignoreFocusOut: true, title: 'Log Point', prompt: `What is logged in front of "${step}". An expression stands in braces.`, placeHolder: 'Order {payload.id}', value: there?.logMessage ?? '' }
        : { ignoreFocusOut: true, title: 'Conditional Breakpoint', prompt: `When it stops in front of "${step}". An expression.`, placeHolder: 'payload.total > 100', value: there?.condition ?? '' });
      if (text === undefined) return;
      if (there) vscode.debug.removeBreakpoints(inFront(file, step));
      const given = text.trim() === '' ? undefined : text.trim();
      await add(file, step, what === 'log' ? { log: given } : { condition: given, hits: there?.hitCondition });
    },
    async settle() {
      await Promise.all(files().map(settleOne));
    },
    onDidChange: changed.event,
    dispose: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function shownAs({ enabled, condition, hitCondition, logMessage }: vscode.SourceBreakpoint, { at, port, rule }: Anchor, why: string | undefined): FlowBreakpoint {
  const where = at === 'after' ? `After the step${port === undefined ? '' : `, at ${port}`}` : at === 'rule' ? `Rule ${(rule ?? 0) + 1}` : 'Before the step';
  const parts = [logMessage ? `Log: ${logMessage}` : where, ...(condition ? [`when ${condition}`] : []), ...(hitCondition ? [`hits ${hitCondition}`] : []), ...(enabled ? [] : ['disabled']), ...(why === undefined || !enabled ? [] : [`not verified: ${why}`])];
  return { kind: enabled ? (why !== undefined ? 'unverified' : logMessage ? 'log' : condition || hitCondition ? 'condition' : 'on') : 'off', text: parts.join(', '), ...(hitCondition && { hits: hitCondition }) };
}

async function textOf(file: vscode.Uri): Promise<string | undefined> {
  try {
    return (await vscode.workspace.openTextDocument(file)).getText();
  } catch {
    return undefined;
  }
}
