import * as vscode from 'vscode';
import type { Flow } from '../../server/model/flow.ts';
import type { FlowChange } from '../../server/model/flow-edit.ts';
import { completeSetting } from '../../server/model/flow-completion.ts';
import { lastInto } from '../../server/model/flow-place.ts';
import { editFlow } from '../../server/model/flow-edit-apply.ts';
import { readFile } from '../../server/model/read.ts';
import { idFault } from '../../server/model/step-id.ts';
import type { FlowDocument, FlowHost, FlowOpening, FlowRun, FlowView, FlowWorkspace } from '../../webview/protocol/flow.ts';
import type { MapCommand } from '../../webview/protocol/map.ts';
import type { DroppedStep } from '../../webview/protocol/dropped-step.ts';
import { connect } from '../../webview/protocol/rpc.ts';
import type { RunActions } from '../commands/run-actions.ts';
import { lastOf } from '../language/expressions.ts';
import { flowWorkspace, lintWorld } from '../language/project.ts';
import { flowIdOf, pathIn } from '../runner/roots.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { dragged } from '../views/dragged.ts';
import { baseVersions } from './base-version.ts';
import { bodyHost } from './body-host.ts';
import { checked } from './checked.ts';
import { applyToDocument, inOrder } from './document-edits.ts';
import { mapHost } from './map-host.ts';
import { flowChecks } from './messages.ts';
import { openPage, pageHtml, webviewPort } from './page.ts';
import { panelPage } from './panel-page.ts';
import { pickShape } from './pick-shape.ts';
import { preview } from './preview.ts';
import { refuse } from './refuse.ts';
import { onDidSwitchKeys, openFile, quiet, secretNames, singleKeys, type Later } from './session-parts.ts';
import { showText } from './show-text.ts';
import { openTextDiff } from './text-diff.ts';
import { watchdog } from './watchdog.ts';

/** One panel with a flow on the canvas. The document is the truth; the panel shows it and asks for changes. */
export interface FlowSession extends vscode.Disposable {
  readonly uri: vscode.Uri;
  readonly isVisible: boolean;
  select(step: string): void;
  command(...args: Parameters<FlowView['command']>): void;
  mapCommand(name: MapCommand): void;
  add(steps: readonly DroppedStep[]): void;
}

interface Options {
  readonly services: Services;
  readonly actions: RunActions;
  readonly document: vscode.TextDocument;
  readonly panel: vscode.WebviewPanel;
  /** Another step or trigger is the one that is selected. */
  readonly selected: (node: string | undefined) => void;
}

export function openFlowSession({ services, actions, document, panel, selected }: Options): FlowSession {
  const { roots, runners, catalogs, projects, problems, environments, extension, secrets, debug, coverages, log } = services;
  const { uri } = document;
  const isReadOnly = vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== true;
  const root = isReadOnly ? undefined : roots.of(uri);
  const flow = root ? flowIdOf(root, uri) : undefined;
  let workspace: FlowWorkspace = { instances: [], connectors: [], flows: [], scripts: [], schemas: [], lookups: [], maps: [], groups: [], environments: [] };
  let run: FlowRun | undefined = root && flow !== undefined ? runners.of(uri)?.runs.latest(flow) : undefined;

  const shownDocument = (): FlowDocument => ({ text: document.getText(), version: document.version, file: root ? pathIn(root, uri) : uri.path, readOnly: isReadOnly });
  const opening = (): FlowOpening => ({ ...shownDocument(), catalog: catalogs.of(root).plugins, workspace, ...(run && { run }), debug: debug.of(uri), ...(coverages.of(uri) && { coverage: coverages.of(uri)! }), diagnostics: problems.of(uri), trusted: vscode.workspace.isTrusted, singleKeys: singleKeys() });
  const page = panelPage({ panel, opening, write: (boot) => { panel.webview.html = pageHtml(panel.webview, extension, 'flow', uri.path.split('/').at(-1)!, boot); } });

  const host = checked(flowHost({ services, actions, document, root, flow, opening: page.open, selected }), flowChecks);
  openPage(panel.webview, extension);
  const { remote, dispose } = connect<FlowView>(webviewPort(panel.webview), host);
  const view = quiet(remote, log);
  page.write();

  const readWorkspace = async (): Promise<void> => {
    if (!root) return;
    const known = await secretNames(services, root);
    workspace = flowWorkspace(await projects.of(root), catalogs.of(root), known, environments.chosen(root));
    page.changed(() => void view.catalog(page.catalog(catalogs.of(root).plugins), workspace));
  };
  const readLater = (): void => void readWorkspace().catch((error: Error) => log.warn(error.message));
  readLater();

  const isOurs = (other: vscode.Uri | undefined): boolean => root !== undefined && other?.toString() === root.toString();
  const subscriptions: { dispose(): unknown }[] = [
    { dispose }, page,
    watchdog(panel, page, document),
    vscode.workspace.onDidChangeTextDocument((change) => { if (change.document === document && change.contentChanges.length > 0) page.changed(() => void view.document(shownDocument())); }),
    problems.onDidChange(() => { page.changed(() => void view.diagnostics(problems.of(uri))); }),
    projects.onDidChange((project) => { if (isOurs(project.root)) readLater(); }),
    catalogs.onDidChange((changed) => { if (isOurs(changed)) readLater(); }),
    environments.onDidChange((changed) => { if (isOurs(changed)) readLater(); }),
    secrets.onDidChange((changed) => { if (isOurs(changed)) readLater(); }),
    debug.onDidChange((changed) => { if (changed.toString() === uri.toString()) page.changed(() => void view.debug(debug.of(uri))); }),
    coverages.onDidChange((changed) => { if (changed.toString() === uri.toString()) page.changed(() => void view.coverage(coverages.of(uri))); }),
    vscode.workspace.onDidGrantWorkspaceTrust(page.write),
    onDidSwitchKeys(() => page.changed(() => void view.singleKeys(singleKeys()))),
  ];
  if (root && flow !== undefined) subscriptions.push(watchRuns(runners.of(uri), flow, (next) => { run = next; page.changed(() => void view.run(run)); }));

  return {
    uri,
    get isVisible() { return panel.visible; },
    select: (step) => page.tell(() => void view.select(step)),
    command: (...args) => page.tell(() => void view.command(...args)),
    add: (steps) => page.tell(() => void view.add(steps)),
    mapCommand: (name) => page.tell(() => void view.mapCommand(name)),
    dispose: () => { for (const subscription of subscriptions) subscription.dispose(); },
  };
}

interface HostOptions extends Omit<Options, 'panel'> {
  readonly root: vscode.Uri | undefined;
  readonly flow: string | undefined;
  readonly opening: FlowHost['open'];
}

function flowHost({ services, actions, document, root, flow, opening, selected }: HostOptions): Later<FlowHost> {
  const { runners, catalogs, projects } = services;
  const edits = inOrder();
  const versions = baseVersions();
  const runner = (): FolderRunner => runners.of(document.uri) ?? refuse('Open the folder that holds this flow, in order to run it.');
  return {
    ...mapHost({ services, document, root, id: flow, kind: 'flow', edits, versions }),
    open: opening,
    edit: (changes: readonly FlowChange[], base: number) => edits(async () => {
      if (vscode.workspace.fs.isWritableFileSystem(document.uri.scheme) !== true) return refuse('This flow can be read only.');
      const { version } = document;
      if (!versions.fits(changes, base, version)) return refuse('The flow was changed at the same time, so that this may be another place by now. Look at it and try again.');
      const after = await applyToDocument(document, editFlow(document.getText(), changes, catalogs.of(root)));
      versions.made(version, after);
      return after;
    }),
    pickShape: () => pickShape(catalogs.of(root)),
    dragged,
    askText: async ({ title, value, prompt, idOf }) => vscode.window.showInputBox({
      ignoreFocusOut: true, title, ...(value !== undefined && { value }), ...(prompt !== undefined && { prompt }),
      ...(idOf !== undefined && { validateInput: (id) => idFault(id, stepIds(document).filter((other) => other !== idOf)) }),
    }),
    breakpoint: (step) => services.debug.breakpoints.toggle(document.uri, step),
    run: ({ payload, debug }) => debug ? Promise.resolve(vscode.commands.executeCommand<void>('patchbay.debugFlow', document.uri)) : actions.run(document.uri, payload === undefined ? undefined : { body: payload, mediaType: 'application/json' }).then(() => undefined),
    stop: (run) => actions.stop(document.uri, run),
    selected,
    openText: (pointer) => showText(document.uri, pointer),
    openFile: (path) => openFile(root ?? refuse('Open the folder that holds this flow first.'), path),
    openRun: (run) => actions.openRun(document.uri, run),
    payloads: (run, step, side, page) => runner().client.payloads(run, step, side, page),
    ...bodyHost(() => runner().client, () => root),
    lineage: (run, value) => runner().client.lineage(run, value),
    payloadDiff: (order) => runner().client.payloadDiff(order),
    openDiff: (order, title) => openTextDiff(runner().client, order, title),
    evaluate: async (expression, step) => {
      const { value, raw } = readFile('flow', 'flow', document.getText()) as { readonly value?: Flow; readonly raw: unknown };
      const variables = Object.fromEntries(Object.entries(value?.variables ?? {}).map(([name, variable]) => [name, variable.default]));
      const project = root && (await projects.of(root));
      const chosen = root && (services.environments.chosen(root) ?? project?.environment);
      const env = project?.values<{ variables?: Record<string, unknown> }>('environment')[chosen ?? '']?.variables ?? {};
      const { client } = runner();
      const last = flow === undefined ? undefined : await lastInto(raw, step, (id, port) => client.lastPayload(flow, id, port).catch(() => undefined));
      return preview(client, { expression, last, variables, env });
    },
    complete: async (setting) => (root ? completeSetting(document.getText(), setting, lintWorld(await projects.of(root), catalogs.of(root)), lastOf(services, document.uri, root)) : []),
  };
}

function stepIds(document: vscode.TextDocument): readonly string[] {
  const { value } = readFile('flow', 'flow', document.getText()) as { readonly value?: Flow };
  return Object.keys(value?.steps ?? {});
}

function watchRuns(runner: FolderRunner | undefined, flow: string, show: (run: FlowRun) => void): { dispose(): unknown } {
  return runner?.runs.watch(flow, show) ?? { dispose: () => {} };
}
