import * as vscode from 'vscode';
import type { LookupFinding, LookupHost, LookupSheetState, LookupUse, LookupView } from '../../webview/protocol/lookup.ts';
import { connect } from '../../webview/protocol/rpc.ts';
import type { Services } from '../services.ts';
import { checked } from './checked.ts';
import type { LookupDocument } from './lookup-document.ts';
import { changeColumn, findUses, openSettings } from './lookup-workspace.ts';
import { lookupChecks } from './messages.ts';
import { openPage, pageHtml, webviewPort } from './page.ts';
import { panelPage } from './panel-page.ts';
import { refuse } from './refuse.ts';
import { openFile, quiet, type Later } from './session-parts.ts';
import { showText } from './show-text.ts';
import { watchdog } from './watchdog.ts';

/** Findings are looked for when nobody has changed anything for this long. */
const pauseMs = 300;

/** One panel with a lookup. */
export function openLookupSession(services: Services, document: LookupDocument, panel: vscode.WebviewPanel): vscode.Disposable {
  const { extension, projects, catalogs, log } = services;
  const { sheet, uri, root } = document;
  const name = uri.path.split('/').at(-1)!;
  let findings: readonly LookupFinding[] = [];
  let uses: readonly LookupUse[] = [];
  let timer: NodeJS.Timeout | undefined;

  const state = (): LookupSheetState => {
    const { readOnly = document.readOnly, ...rest } = sheet.state;
    return { ...rest, isOutdated: document.isOutdated, ...(readOnly !== undefined && { readOnly }) };
  };
  const opening = (): Awaited<ReturnType<LookupHost['open']>> => ({ sheet: state(), findings, uses });
  const page = panelPage({ panel, opening, write: (boot) => { panel.webview.html = pageHtml(panel.webview, extension, 'lookup', name, boot); } });
  const host: Later<LookupHost> = {
    async open() { return page.open(); },
    rows: (view, page) => document.inTurn(() => sheet.rows(view, page)),
    cells: (view, range) => document.inTurn(() => sheet.cells(view, range)),
    edit: (action, view, version) => document.inTurn(async () => {
      if (document.readOnly !== undefined) refuse(document.readOnly);
      const change = await sheet.edit(action, view, version);
      if (change) document.made(change);
      return { version: sheet.version, changed: change?.changed ?? 0 };
    }),
    find: (query, view, from, isBackward) => document.inTurn(() => sheet.find(query, view, from, isBackward)),
    locate: (view, row) => document.inTurn(() => sheet.locate(view, row)),
    test: (values, columns) => document.inTurn(() => sheet.test(values, columns)),
    async import() {
      const [file] = (await vscode.window.showOpenDialog({ title: `Import into ${name}`, openLabel: 'Import', filters: { CSV: ['csv', 'tsv', 'txt'] } })) ?? [];
      if (!file) return undefined;
      return document.inTurn(async () => {
        if (document.readOnly !== undefined) refuse(document.readOnly);
        const change = await sheet.import(await vscode.workspace.fs.readFile(file));
        if (change) document.made(change);
        return change ? `${change.changed} ${change.changed === 1 ? 'row was' : 'rows were'} added or changed.` : 'All of it was there already.';
      });
    },
    async export(view) {
      const to = await vscode.window.showSaveDialog({ title: `Export ${name}`, saveLabel: 'Export', filters: { CSV: ['csv'] } });
      if (!to) return undefined;
      if (to.toString() === uri.toString()) refuse('This is the lookup itself: save it instead.');
      await vscode.workspace.fs.writeFile(to, await document.inTurn(() => sheet.export(view)));
      return `${to.path.split('/').at(-1)} was written.`;
    },
    setColumn: (column, settings) => changeColumn(document, column, settings),
    openText: async (line) => {
      await showText(uri);
      const editor = line === undefined ? undefined : vscode.window.visibleTextEditors.find((one) => one.document.uri.toString() === uri.toString());
      if (editor) editor.selection = new vscode.Selection(line! - 1, 0, line! - 1, 0);
      if (editor) editor.revealRange(editor.selection);
    },
    openSettings: () => openSettings(document),
    async openFile(path, pointer) {
      if (!root) return refuse('Open the folder that holds this lookup first.');
      if (pointer === undefined) return openFile(root, path);
      const step = /^\/steps\/([^/]+)/.exec(pointer)?.[1];
      await openFile(root, path);
      if (step === undefined) await showText(vscode.Uri.joinPath(root, path), pointer);
    },
  };

  openPage(panel.webview, extension);
  const { remote, dispose } = connect<LookupView>(webviewPort(panel.webview), checked(host, lookupChecks));
  const view = quiet(remote, log);
  page.write();
  const readFindings = async (): Promise<void> => {
    findings = (await sheet.check()) ?? findings;
    page.changed(() => void view.findings(findings, sheet.version));
  };
  const check = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void readFindings().catch((error: Error) => log.warn(error.message)), pauseMs);
  };
  const readUses = async (): Promise<void> => {
    if (!root) return;
    uses = await findUses(await projects.of(root), catalogs.of(root), document.file);
    page.changed(() => void view.uses(uses));
  };
  const readLater = (): void => void readUses().catch((error: Error) => log.warn(error.message));
  check();
  readLater();
  const subscriptions: { dispose(): unknown }[] = [
    { dispose }, { dispose: () => clearTimeout(timer) }, page,
    watchdog(panel, page, { uri }),
    document.onDidChange(() => { check(); page.changed(() => void view.sheet(state())); }),
    projects.onDidChange((project) => { if (root && project.root.toString() === root.toString()) readLater(); }),
  ];
  return { dispose: () => { for (const subscription of subscriptions) subscription.dispose(); } };
}
