import * as vscode from 'vscode';
import type { FlowCommand, MenuContext } from '../webview/protocol/flow.ts';
import type { MapCommand } from '../webview/protocol/map.ts';
import type { InstanceFile } from '../server/model/instance.ts';
import { canvasCommands, mapCommands } from './contributed-commands.ts';
import { addToFlow } from './commands/add-to-flow.ts';
import { dataCommands } from './commands/data-commands.ts';
import { inboxCommands } from './commands/inbox-commands.ts';
import { loginCommands } from './commands/login-commands.ts';
import { fileCommands } from './commands/file-commands.ts';
import { pluginCommands } from './commands/plugin-commands.ts';
import { report, reporting } from './commands/report.ts';
import { createRunActions, type RunActions, type Screens } from './commands/run-actions.ts';
import { runCommands } from './commands/run-commands.ts';
import { runnerCommands } from './commands/runner-commands.ts';
import { serverCommands } from './commands/server-commands.ts';
import { activeConnector, activeFlow, activeLookup, activeMap, activeSettings, chooseRunner } from './commands/targets.ts';
import { registerAdapter } from './debug/adapter.ts';
import { registerConfigurations } from './debug/configurations.ts';
import { debugCommands } from './debug/debug-commands.ts';
import { openDebugging } from './debug/debugging.ts';
import { connectorViewType, registerConnectorEditor } from './editors/connector-editor.ts';
import { flowViewType, registerFlowEditor } from './editors/flow-editor.ts';
import { lookupViewType, registerLookupEditor } from './editors/lookup-editor.ts';
import { mapViewType, registerMapEditor } from './editors/map-editor.ts';
import { openInboxPanels } from './editors/inbox-panels.ts';
import { openRunPanels, registerRunFiles } from './editors/run-panels.ts';
import { registerSettingsEditors, settingsViewTypes } from './editors/settings-editor.ts';
import { showBeside } from './editors/open-tab.ts';
import { showText } from './editors/show-text.ts';
import { provideComparedTexts } from './editors/text-diff.ts';
import { openCatalogs } from './language/catalogs.ts';
import { openLookupProblems } from './language/lookup-problems.ts';
import { openProblems } from './language/problems.ts';
import { openProjects } from './language/projects.ts';
import { registerRunLens } from './language/run-lens.ts';
import { keepEnvironments } from './runner/environments.ts';
import { findRoots } from './runner/roots.ts';
import { openInboxes } from './runner/inboxes.ts';
import { openRunners } from './runner/runners.ts';
import { keepSecrets } from './runner/secrets.ts';
import { keepServers } from './runner/servers.ts';
import { openSample, showSample } from './sample/open-sample.ts';
import { isSample, sampleServers } from './sample/sample-servers.ts';
import type { Services } from './services.ts';
import { keepCoverages } from './tests/coverage.ts';
import { registerTestExplorer } from './tests/test-explorer.ts';
import { registerEnvironmentsTree } from './views/environments-tree.ts';
import { registerDataTree } from './views/data-tree.ts';
import { registerInboxTree } from './views/inbox-tree.ts';
import { registerOutlineTree } from './views/outline-tree.ts';
import { registerPluginsTree } from './views/plugins-tree.ts';
import { registerProjectTree } from './views/project-tree.ts';
import { registerRunsTree } from './views/runs-tree.ts';
import { registerStatus } from './views/status.ts';
import { focusedRow } from './views/tree.ts';

let closeRunners: (() => PromiseLike<void>) | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const services = await openServices(context);
  const { log } = services;
  closeRunners = () => services.runners[Symbol.asyncDispose]();
  const sampleOnes = sampleServers(services);
  let screens: Screens;
  const prepare = sampleStarter(services, sampleOnes.start);
  const actions = withSampleServers(createRunActions(services, () => screens), prepare);
  const debugStarts = registerConfigurations(services, services.debug.breakpoints, prepare);
  const editors = registerFlowEditor(services, actions);
  const maps = registerMapEditor(services);
  const panels = openRunPanels(services, editors.reveal);
  const inboxes = openInboxes(services.runners, log);
  const inboxPanels = openInboxPanels(services, inboxes, (root, run) => screens.openRun(root, run));
  screens = {
    showFlow: (file) => editors.reveal(file),
    isFlowShown: editors.isShown,
    openRun: (root, run) => { const runner = services.runners.of(root); if (runner) panels.open(runner, run); },
  };
  const servers = keepServers(context.workspaceState, context.secrets);
  const data = registerDataTree(services);
  const trees = [registerProjectTree(services), registerEnvironmentsTree(services), registerRunsTree(services, servers), data, registerInboxTree(services, inboxes), registerPluginsTree(services), registerOutlineTree(services, editors)];
  context.subscriptions.push(
    sampleOnes, editors, maps, registerConnectorEditor(services), registerLookupEditor(services), registerSettingsEditors(services),
    debugStarts, registerAdapter(services.runners), registerTestExplorer(services),
    panels, inboxes, inboxPanels, provideComparedTexts(), registerRunFiles(services, editors.reveal), ...trees, servers, registerStatus(services),
    registerRunLens(services),
  );

  const commands: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    ...runCommands(services, actions), ...debugCommands(services, debugStarts, editors), ...runnerCommands(services), ...loginCommands(services), ...fileCommands(services), ...inboxCommands(services, inboxes, inboxPanels), ...dataCommands(services, data), ...pluginCommands(services), ...serverCommands(services, servers, panels),
    'patchbay.refresh': () => { for (const tree of trees) tree.refresh(); },
    'patchbay.compareFlows': async (given) => (await import('./editors/compare-flows.ts')).showComparedFlows(services, given),
    'patchbay.addToFlow': (given) => addToFlow(services, editors, given),
    'patchbay.newFlow': async (given) => (await import('./commands/new-flow.ts')).newFlow(services, given),
    'patchbay.openSample': () => openSample(context.extensionUri, context.globalState),
    'patchbay.startSampleServers': async () => { const runner = await chooseRunner(services, 'Sample Servers'); if (runner) await sampleOnes.start(runner.root); },
    'patchbay.stopSampleServers': () => sampleOnes.stop(),
    'patchbay.exportFlow': async (given) => (await import('./commands/export-flow.ts')).exportFlow(services, fileOf(given)),
    'patchbay.formatFile': async (given) => (await import('./commands/format-file.ts')).formatFile(services, fileOf(given) ?? vscode.window.activeTextEditor?.document.uri),
    'patchbay.showText': async (given) => { const file = fileOf(given); if (file) await showText(file); },
    'patchbay.showCanvas': async (given) => { const file = fileOf(given); if (file) await showBeside(file, flowViewType); },
    'patchbay.showConnector': async (given) => { const file = fileOf(given); if (file) await showBeside(file, connectorViewType); },
    'patchbay.showMap': async (given) => { const file = fileOf(given); if (file) await showBeside(file, mapViewType); },
    'patchbay.showSettings': async (given) => { const file = fileOf(given); if (file) await showBeside(file, settingsViewTypes[file.path.endsWith('.instance.json') ? 'instance' : 'environment']); },
    'patchbay.showCsv': async (given) => { const file = fileOf(given); if (file) await showText(file); },
    'patchbay.showLookup': async (given) => { const file = fileOf(given); if (file) await showBeside(file, lookupViewType); },
    'patchbay.importConnector': async (given) => (await import('./commands/import-connector.ts')).importConnector(services, given),
    ...Object.fromEntries(Object.keys(canvasCommands).map((name) => [`patchbay.canvas.${name}`, (given: unknown) => editors.command(name as FlowCommand, (given as MenuContext | undefined)?.at)])),
    ...Object.fromEntries(Object.keys(mapCommands).map((name) => [`patchbay.map.${name}`, () => { maps.command(name as MapCommand); editors.mapCommand(name as MapCommand); }])),
  };
  for (const [name, run] of Object.entries(commands)) context.subscriptions.push(vscode.commands.registerCommand(name, (...args: unknown[]) => reporting(log, async () => {
    // A key says in which tree it was pressed.
    const tree = trees.find(({ id }) => id === args[0]);
    return tree ? run(await focusedRow(tree)) : run(...args);
  })));
  void addLanguageFeatures(context, services).catch((error: unknown) => report(log, error));
  void showSample(context.globalState).catch((error: unknown) => report(log, error));
}

/** What knows the words of our files is the larger part of all: views and editors do not wait for it. */
async function addLanguageFeatures({ subscriptions }: vscode.ExtensionContext, services: Services): Promise<void> {
  let isOver = false;
  subscriptions.push({ dispose: () => { isOver = true; } });
  const { registerLanguageFeatures } = await import('./language/features.ts');
  if (!isOver) subscriptions.push(registerLanguageFeatures(services));
}

/** VS Code waits a moment for this, so that the runners can finish what they write. */
export function deactivate(): PromiseLike<void> | undefined {
  return closeRunners?.();
}

async function openServices(context: vscode.ExtensionContext): Promise<Services> {
  const { extensionUri: extension, workspaceState, secrets: storage } = context;
  const log = vscode.window.createOutputChannel('Patchbay Runner', { log: true });
  const note = (problem: string): void => log.warn(problem);
  const roots = findRoots();
  const secrets = keepSecrets(storage);
  const runners = openRunners({ script: vscode.Uri.joinPath(extension, 'dist', 'runner.js').fsPath, roots, secrets, log });
  const catalogs = await openCatalogs(extension, workspaceState, runners);
  const environments = keepEnvironments(workspaceState);
  const projects = openProjects(roots, note);
  const lookupProblems = openLookupProblems(roots, projects, note);
  const problems = openProblems({ roots, projects, lookups: lookupProblems, catalogOf: (root) => ({ catalog: catalogs.of(root), isComplete: catalogs.isComplete(root) }), note });
  const debug = openDebugging(workspaceState, note);
  const coverages = keepCoverages();
  context.subscriptions.push(debug, coverages, log, roots, secrets, catalogs, environments, projects, lookupProblems, problems, catalogs.onDidChange(() => problems.refresh()));
  return { extension, log, roots, runners, secrets, environments, catalogs, projects, lookupProblems, problems, debug, coverages };
}

/** In the sample the mock servers start with the first run, so that it is one click. */
function sampleStarter({ roots, projects }: Services, start: (root: vscode.Uri) => Promise<void>): (file: vscode.Uri) => Promise<void> {
  return async (file) => {
    const root = roots.of(file);
    if (root && vscode.workspace.isTrusted && isSample((await projects.of(root)).values<InstanceFile>('instance'))) await start(root);
  };
}

function withSampleServers(actions: RunActions, prepare: (file: vscode.Uri) => Promise<void>): RunActions {
  return {
    ...actions,
    async run(file, payload) {
      await prepare(file);
      return actions.run(file, payload);
    },
  };
}

/** The file that a menu of the editor, the explorer or a tree names; else the one in the editor. */
function fileOf(given: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return given;
  return (given as { readonly file?: { readonly uri?: vscode.Uri } } | undefined)?.file?.uri ?? activeFlow() ?? activeConnector() ?? activeLookup() ?? activeSettings() ?? activeMap();
}
