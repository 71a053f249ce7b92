import * as vscode from 'vscode';
import type { LoginState } from '../../server/model/api.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { ConnectorFile } from '../../server/model/connector.ts';
import type { Environment } from '../../server/model/environment.ts';
import { namedSecrets } from '../../server/model/named-secrets.ts';
import type { InstanceFile } from '../../server/model/instance.ts';
import { fileKinds } from '../../server/model/workspace.ts';
import { connect } from '../../webview/protocol/rpc.ts';
import type { SecretOrigin, SettingsDocument, SettingsOpening, SettingsView, SettingsWorkspace } from '../../webview/protocol/settings.ts';
import { pathIn } from '../runner/roots.ts';
import type { Services } from '../services.ts';
import { checked } from './checked.ts';
import { settingsChecks } from './messages.ts';
import { openPage, pageHtml, webviewPort } from './page.ts';
import { panelPage } from './panel-page.ts';
import { quiet } from './session-parts.ts';
import { settingsHost } from './settings-host.ts';
import { watchdog } from './watchdog.ts';

export type SettingsKind = SettingsDocument['kind'];

/** One panel with an instance or an environment. The document is the truth; the panel shows it and asks for changes. */
export function openSettingsSession(services: Services, kind: SettingsKind, document: vscode.TextDocument, panel: vscode.WebviewPanel): vscode.Disposable {
  const { roots, runners, catalogs, projects, problems, environments, extension, secrets, log } = services;
  const { uri } = document;
  const isReadOnly = vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== true;
  const root = isReadOnly ? undefined : roots.of(uri);
  const name = uri.path.split('/').at(-1)!;
  const { ending } = fileKinds[kind];
  const id = name.endsWith(ending) ? name.slice(0, -ending.length) : name;
  let logins: readonly LoginState[] = [];
  let workspace: SettingsWorkspace = { connectors: {}, instances: {}, environments: {}, secrets: {}, logins };

  const shownDocument = (): SettingsDocument => ({ kind, id, text: document.getText(), version: document.version, file: root ? pathIn(root, uri) : uri.path, readOnly: isReadOnly });
  const plugins = (): readonly CatalogEntry[] => pluginsForForms(catalogs.of(root).plugins);
  const opening = (): SettingsOpening => ({ ...shownDocument(), catalog: plugins(), workspace, trusted: vscode.workspace.isTrusted, diagnostics: problems.of(uri) });
  const page = panelPage({ panel, opening, write: (boot) => { panel.webview.html = pageHtml(panel.webview, extension, 'settings', name, boot); } });

  const readWorkspace = async (): Promise<void> => {
    if (!root) return;
    const project = await projects.of(root);
    const instances = project.values<InstanceFile>('instance');
    const environment = environments.chosen(root) ?? project.environment;
    workspace = {
      instances, environments: project.values<Environment>('environment'), logins,
      connectors: project.values<ConnectorFile>('connector'),
      ...(environment !== undefined && { environment }), secrets: await knownSecrets(project.files.flatMap(({ read }) => namedSecrets(read.value))),
    };
    page.changed(() => void view.workspace(workspace, page.catalog(plugins())));
  };
  const knownSecrets = async (wanted: readonly string[]): Promise<Readonly<Record<string, SecretOrigin>>> => {
    const origins = await secrets.origins(root!);
    return Object.fromEntries([...new Set(wanted)].flatMap((secret) => { const origin = origins(secret); return origin ? [[secret, origin] as const] : []; }));
  };
  const readLater = (): void => void readWorkspace().catch((error: Error) => log.warn(error.message));
  /** Only a runner that is there is asked: to look at a file starts nothing. */
  const readLogins = async (): Promise<void> => {
    const runner = runners.of(uri);
    if (runner?.state !== 'ready') return;
    logins = await runner.client.logins();
    await readWorkspace();
  };
  const { host, end } = settingsHost({ services, kind, id, document, root, opening: page.open, changed: readLogins });
  openPage(panel.webview, extension);
  const { remote, dispose } = connect<SettingsView>(webviewPort(panel.webview), checked(host, settingsChecks));
  const view = quiet(remote, log);
  page.write();
  readLater();
  const loginsLater = (): void => void readLogins().catch((error: Error) => log.debug(error.message));
  loginsLater();

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
    runners.onDidChange((runner) => { if (isOurs(runner?.root) && runner?.state === 'ready') loginsLater(); }),
    vscode.workspace.onDidGrantWorkspaceTrust(page.write),
  ];
  return { dispose: () => { for (const subscription of subscriptions) subscription.dispose(); } };
}

/** The same list for the same plugins, so that a page is not told of it again. */
function pluginsForForms(all: readonly CatalogEntry[]): readonly CatalogEntry[] {
  const known = forForms.get(all) ?? all.filter(({ kind }) => kind === 'auth' || kind === 'connector');
  forForms.set(all, known);
  return known;
}

const forForms = new WeakMap<readonly CatalogEntry[], readonly CatalogEntry[]>();
