import * as vscode from 'vscode';
import { fileKinds } from '../../server/model/workspace.ts';
import type { FlowDocument, FlowWorkspace } from '../../webview/protocol/flow.ts';
import type { MapCommand, MapFileHost, MapFileOpening, MapFileView } from '../../webview/protocol/map.ts';
import { connect } from '../../webview/protocol/rpc.ts';
import { flowWorkspace } from '../language/project.ts';
import { pathIn } from '../runner/roots.ts';
import type { Services } from '../services.ts';
import { baseVersions } from './base-version.ts';
import { checked } from './checked.ts';
import { inOrder } from './document-edits.ts';
import { mapHost } from './map-host.ts';
import { mapFileChecks } from './messages.ts';
import { openPage, pageHtml, webviewPort } from './page.ts';
import { panelPage } from './panel-page.ts';
import { refuse } from './refuse.ts';
import { onDidSwitchKeys, openFile, quiet, secretNames, singleKeys, type Later } from './session-parts.ts';
import { showText } from './show-text.ts';
import { watchdog } from './watchdog.ts';

/** One panel with a mapping file. The document is the truth; the panel shows it and asks for changes. */
export interface MapSession extends vscode.Disposable {
  command(name: MapCommand): void;
}

export function openMapSession(services: Services, document: vscode.TextDocument, panel: vscode.WebviewPanel): MapSession {
  const { roots, runners, catalogs, projects, problems, environments, extension, log } = services;
  const { uri } = document;
  const isReadOnly = vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== true;
  const root = isReadOnly ? undefined : roots.of(uri);
  let workspace: FlowWorkspace = { instances: [], connectors: [], flows: [], scripts: [], schemas: [], lookups: [], maps: [], groups: [], environments: [] };

  const shownDocument = (): FlowDocument => ({ text: document.getText(), version: document.version, file: root ? pathIn(root, uri) : uri.path, readOnly: isReadOnly });
  const opening = (): MapFileOpening => ({ ...shownDocument(), catalog: catalogs.of(root).plugins, workspace, diagnostics: problems.of(uri), trusted: vscode.workspace.isTrusted, singleKeys: singleKeys() });
  const page = panelPage({ panel, opening, write: (boot) => { panel.webview.html = pageHtml(panel.webview, extension, 'map', uri.path.split('/').at(-1)!, boot); } });

  const host: Later<MapFileHost> = {
    ...mapHost({ services, document, root, id: root && mapIdOf(root, uri), kind: 'map', edits: inOrder(), versions: baseVersions() }),
    open: page.open,
    openText: (pointer) => showText(uri, pointer ?? undefined),
    openFile: (path) => openFile(root ?? refuse('Open the folder that holds this mapping first.'), path),
  };
  openPage(panel.webview, extension);
  const { remote, dispose } = connect<MapFileView>(webviewPort(panel.webview), checked(host, mapFileChecks));
  const view = quiet(remote, log);
  page.write();

  const readWorkspace = async (): Promise<void> => {
    if (!root) return;
    workspace = flowWorkspace(await projects.of(root), catalogs.of(root), await secretNames(services, root), environments.chosen(root));
    page.changed(() => void view.catalog(page.catalog(catalogs.of(root).plugins), workspace));
  };
  const readLater = (): void => void readWorkspace().catch((error: Error) => log.warn(error.message));
  readLater();

  const isOurs = (other: vscode.Uri | undefined): boolean => root !== undefined && other?.toString() === root.toString();
  const subscriptions: { dispose(): unknown }[] = [
    { dispose }, page,
    watchdog(panel, page, document),
    vscode.workspace.onDidChangeTextDocument((change) => { if (change.document === document && change.contentChanges.length > 0) page.changed(() => void view.document(shownDocument())); }),
    problems.onDidChange(() => page.changed(() => void view.diagnostics(problems.of(uri)))),
    projects.onDidChange((project) => { if (isOurs(project.root)) readLater(); }),
    catalogs.onDidChange((changed) => { if (isOurs(changed)) readLater(); }),
    vscode.workspace.onDidGrantWorkspaceTrust(page.write),
    onDidSwitchKeys(() => page.changed(() => void view.singleKeys(singleKeys()))),
  ];
  const { runs } = runners.of(uri) ?? {};
  if (runs) subscriptions.push(runs.onHead((_run, { type }) => { if (type === 'run-finished' && panel.visible) void view.ran(); }));
  return {
    command: (name) => page.tell(() => void view.command(name)),
    dispose: () => { for (const subscription of subscriptions) subscription.dispose(); },
  };
}

/** Name of a mapping, as steps call it; `undefined` for one that lies elsewhere. */
function mapIdOf(root: vscode.Uri, file: vscode.Uri): string | undefined {
  const { folder, ending } = fileKinds.map;
  const path = pathIn(root, file);
  return path.startsWith(`${folder}/`) && path.endsWith(ending) ? path.slice(folder.length + 1, -ending.length) : undefined;
}
