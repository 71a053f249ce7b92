import * as vscode from 'vscode';
import type { Environment } from '../../server/model/environment.ts';
import type { InstanceFile } from '../../server/model/instance.ts';
import { namedSecrets } from '../../server/model/named-secrets.ts';
import { fileKinds } from '../../server/model/workspace.ts';
import type { ConnectorDocument, ConnectorOpening, ConnectorView, ConnectorWorkspace } from '../../webview/protocol/connector.ts';
import { connect } from '../../webview/protocol/rpc.ts';
import type { Project } from '../language/project.ts';
import { pathIn } from '../runner/roots.ts';
import type { Services } from '../services.ts';
import { checked } from './checked.ts';
import { connectorHost, type ConnectorState } from './connector-host.ts';
import { connectorChecks } from './messages.ts';
import { openPage, pageHtml, webviewPort } from './page.ts';
import { panelPage } from './panel-page.ts';
import { quiet, secretNames } from './session-parts.ts';
import { watchdog } from './watchdog.ts';

/** One panel with a connector. The document is the truth; the panel shows it and asks for changes. */
export function openConnectorSession(services: Services, document: vscode.TextDocument, panel: vscode.WebviewPanel): vscode.Disposable {
  const { roots, runners, catalogs, projects, problems, environments, extension, secrets, log } = services;
  const { uri } = document;
  const isReadOnly = vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== true;
  const root = isReadOnly ? undefined : roots.of(uri);
  const id = connectorIdOf(uri);
  const state: ConnectorState = { mock: undefined, logins: [] };
  let workspace: ConnectorWorkspace = { instances: [], scripts: [], environments: [] };

  const shownDocument = (): ConnectorDocument => ({ text: document.getText(), version: document.version, file: root ? pathIn(root, uri) : uri.path, readOnly: isReadOnly });
  const opening = (): ConnectorOpening => ({ ...shownDocument(), catalog: catalogs.of(root).plugins, workspace, diagnostics: problems.of(uri), trusted: vscode.workspace.isTrusted });
  const page = panelPage({ panel, opening, write: (boot) => { panel.webview.html = pageHtml(panel.webview, extension, 'connector', uri.path.split('/').at(-1)!, boot); } });

  openPage(panel.webview, extension);
  const readWorkspace = async (): Promise<void> => {
    if (!root) return;
    const known = await secretNames(services, root);
    workspace = connectorWorkspace(await projects.of(root), { id, hasSecret: known, environment: environments.chosen(root), state });
    page.changed(() => void view.catalog(page.catalog(catalogs.of(root).plugins), workspace));
  };
  const readLater = (): void => void readWorkspace().catch((error: Error) => log.warn(error.message));
  const { host, end } = connectorHost({ services, document, root, id, state, opening: page.open, changed: readLater });
  const { remote, dispose } = connect<ConnectorView>(webviewPort(panel.webview), checked(host, connectorChecks));
  const view = quiet(remote, log);
  page.write();
  readLater();

  const isOurs = (other: vscode.Uri | undefined): boolean => root !== undefined && other?.toString() === root.toString();
  const subscriptions: { dispose(): unknown }[] = [
    { dispose }, { dispose: end }, page,
    watchdog(panel, page, document),
    vscode.workspace.onDidChangeTextDocument((change) => { if (change.document === document && change.contentChanges.length > 0) page.changed(() => void view.document(shownDocument())); }),
    problems.onDidChange(() => { page.changed(() => void view.diagnostics(problems.of(uri))); }),
    projects.onDidChange((project) => { if (isOurs(project.root)) readLater(); }),
    catalogs.onDidChange((changed) => { if (isOurs(changed)) readLater(); }),
    environments.onDidChange((changed) => { if (isOurs(changed)) readLater(); }),
    secrets.onDidChange((changed) => { if (isOurs(changed)) readLater(); }),
    // A mock ends with its runner.
    runners.onDidChange((runner) => { if (isOurs(runner?.root) && runner?.state !== 'ready' && state.mock) { state.mock = undefined; readLater(); } }),
    vscode.workspace.onDidGrantWorkspaceTrust(page.write),
  ];
  return { dispose: () => { for (const subscription of subscriptions) subscription.dispose(); } };
}

/** Id of a connector: its file's name without the ending. */
export function connectorIdOf(file: vscode.Uri): string {
  const name = file.path.split('/').at(-1)!;
  return name.endsWith(fileKinds.connector.ending) ? name.slice(0, -fileKinds.connector.ending.length) : name;
}

interface WorkspaceOptions {
  readonly id: string;
  readonly hasSecret: (name: string) => boolean;
  readonly environment: string | undefined;
  readonly state: ConnectorState;
}

/** The names that forms offer, and the instances of this connector. */
function connectorWorkspace(project: Project, { id, hasSecret, environment = project.environment, state }: WorkspaceOptions): ConnectorWorkspace {
  const instances = Object.entries(project.values<InstanceFile>('instance')).filter(([, { connector }]) => connector === id);
  return {
    scripts: project.scripts,
    environments: Object.entries(project.values<Environment>('environment')).map(([name, { production = false }]) => ({ id: name, production })),
    ...(environment !== undefined && { environment }),
    ...(state.mock && { mock: state.mock.url }),
    instances: instances.map(([name, { credentials }]) => {
      const logins = state.logins.filter(({ instance }) => instance === name);
      return { id: name, missingSecrets: namedSecrets(credentials).filter((secret) => !hasSecret(secret)), ...(logins.length > 0 && { logins }) };
    }),
  };
}
