import * as vscode from 'vscode';
import { isMeant } from '../commands/ask-production.ts';
import { saveUsed } from '../commands/save-used.ts';
import { activeFlow, chooseFlow } from '../commands/targets.ts';
import { flowFile, flowIdOf, pathIn } from '../runner/roots.ts';
import { NotTrusted } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import type { FlowBreakpoints } from './breakpoints.ts';

export interface DebugStarts extends vscode.Disposable {
  /** Debugs a flow, with what is in the editors. */
  debug(file: vscode.Uri, more?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Opens a past run, to go through it. */
  openRun(root: vscode.Uri, run: string, flow: string): Promise<void>;
}

/** F5 needs no launch.json: it debugs the flow in the editor, on the canvas or as text. `prepare`: what must be there before a flow runs. */
export function registerConfigurations(services: Services, breakpoints: FlowBreakpoints, prepare: (file: vscode.Uri) => Promise<void>): DebugStarts {
  const { roots, projects, environments } = services;
  const configurationOf = (root: vscode.Uri, flow: string, more: Readonly<Record<string, unknown>> = {}): vscode.DebugConfiguration => {
    const environment = environments.chosen(root);
    return { type: 'patchbay', request: 'launch', name: `Debug ${flow}`, flow, __root: root.toString(), ...(environment !== undefined && { env: environment }), ...more };
  };
  /** The configuration of a launch.json, of F5, or of a command, complete. */
  const complete = async (given: vscode.DebugConfiguration): Promise<vscode.DebugConfiguration | undefined> => {
    if (!vscode.workspace.isTrusted) throw new NotTrusted();
    if (given.request === 'attach' && typeof given['url'] === 'string') return given;
    const named = typeof given['flow'] === 'string' ? given['flow'] : typeof given['program'] === 'string' ? given['program'] : undefined;
    const [first] = roots.all();
    const known = typeof given['__root'] === 'string' ? vscode.Uri.parse(given['__root']) : undefined;
    const isWhole = given['run'] !== undefined || given['test'] !== undefined;
    if (known && (named !== undefined || isWhole)) return given;
    if (given.request === 'attach' || isWhole) return { ...given, __root: String(first) };
    const file = named === undefined ? await chooseFlow(services, undefined, 'Debug Flow') : (fileNamed(named, roots.all()) ?? activeFlow());
    const root = file && roots.of(file);
    if (!file || !root) return undefined;
    return { ...configurationOf(root, named !== undefined && !named.endsWith('.json') ? named : flowIdOf(root, file)), ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== '')), ...(named === undefined && { flow: flowIdOf(root, file) }) };
  };
  const start = async (root: vscode.Uri, configuration: vscode.DebugConfiguration): Promise<void> => {
    if (!vscode.workspace.isTrusted) throw new NotTrusted();
    await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(root), configuration);
  };

  const provider: vscode.DebugConfigurationProvider = {
    async resolveDebugConfiguration(_folder, given) {
      const configuration = given.type === undefined || given.type === '' ? { ...given, type: 'patchbay', request: 'launch', name: 'Debug Flow' } : given;
      return complete(configuration);
    },
    async resolveDebugConfigurationWithSubstitutedVariables(_folder, configuration) {
      const { flow, run } = configuration;
      const root = typeof configuration['__root'] === 'string' ? vscode.Uri.parse(configuration['__root']) : undefined;
      if (!root || configuration.request !== 'launch') return configuration;
      await breakpoints.settle();
      if (run !== undefined) return configuration;
      const environment = typeof configuration['env'] === 'string' ? configuration['env'] : undefined;
      if (typeof configuration['test'] === 'string') await saveUsed(services, root, [configuration['test']], environment);
      if (typeof flow !== 'string') return configuration;
      const file = flow.endsWith('.json') ? (fileNamed(flow, [root]) ?? flowFile(root, flow)) : flowFile(root, flow);
      await saveUsed(services, root, [pathIn(root, file)], environment);
      await prepare(file);
      return confirmed(services, root, configuration);
    },
  };
  const listed: vscode.DebugConfigurationProvider = {
    async provideDebugConfigurations() {
      const all = await Promise.all(roots.all().map(async (root) => (await projects.of(root)).files.filter(({ kind }) => kind === 'flow').map(({ id }) => configurationOf(root, id))));
      return all.flat();
    },
  };
  const subscriptions = [
    vscode.debug.registerDebugConfigurationProvider('patchbay', provider),
    vscode.debug.registerDebugConfigurationProvider('patchbay', listed, vscode.DebugConfigurationProviderTriggerKind.Dynamic),
  ];
  return {
    async debug(file, more) {
      const root = roots.of(file);
      if (!root) throw new Error('Open the folder that holds this flow, in order to debug it.');
      await start(root, configurationOf(root, flowIdOf(root, file), more));
    },
    openRun: (root, run, flow) => start(root, { type: 'patchbay', request: 'launch', name: `Run of ${flow}`, run, __root: root.toString() }),
    dispose: () => { for (const subscription of subscriptions) subscription.dispose(); },
  };
}

/** Against production the user types that it is meant. `undefined`: it is not. */
async function confirmed({ projects }: Services, root: vscode.Uri, configuration: vscode.DebugConfiguration): Promise<vscode.DebugConfiguration | undefined> {
  const project = await projects.of(root);
  const environment = typeof configuration['env'] === 'string' ? configuration['env'] : project.environment;
  const isProduction = environment !== undefined && project.values<{ readonly production?: boolean }>('environment')[environment]?.production === true;
  if (!isProduction || configuration['isProductionConfirmed'] === true) return configuration;
  return (await isMeant(`"${environment}" is a production environment.`)) ? { ...configuration, isProductionConfirmed: true } : undefined;
}

/** The file of a flow that a configuration names, by id or by path. */
function fileNamed(name: string, roots: readonly vscode.Uri[]): vscode.Uri | undefined {
  if (!name.endsWith('.json')) return roots[0] && flowFile(roots[0], name);
  const absolute = /^([a-z]:)?[\\/]/i.test(name) ? vscode.Uri.file(name) : undefined;
  return absolute ?? (roots[0] && vscode.Uri.joinPath(roots[0], name));
}
