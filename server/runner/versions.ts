import { errors, FlowError } from '../../plugins/sdk/index.ts';
import type { SnapshotHead, Snapshots } from '../stores/snapshots.ts';
import type { StateFile } from '../stores/state.ts';
import { createDiagnoser, type Diagnoser } from './diagnose.ts';
import { createFlowPlans, type FlowPlans, type FlowPlansOptions, type PreparedFlow } from './flow-plans.ts';
import { openPlugins, type Plugins } from './load-plugins.ts';
import type { RunnerLog } from './log.ts';
import { installedVersion } from './source-imports.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** Number of a deployed version; `draft`: the files as they are; `deployed`: the version that is in use. */
export type VersionName = number | 'draft' | 'deployed';

/** A deployed version, opened: a workspace of its own. State, secrets and recordings are those of the workspace that it was deployed in. */
export interface OpenVersion {
  readonly number: number;
  readonly hash: string;
  readonly head: SnapshotHead;
  readonly workspace: Workspace;
  readonly plugins: Plugins;
  readonly plans: FlowPlans;
}

export interface Versions {
  /**
   * Opens a version; kept open from then on, with its plugins and plans. Fails with `VERSION_NOT_FOUND`, `VERSION_DAMAGED`, and with `PLUGIN_FAILED` where
   * a plugin of it cannot be loaded, or another version of an npm package is installed than it was deployed with.
   */
  open(flow: string, version: number): Promise<OpenVersion>;
  /** Opens what is to become a version, prepares its flow, and closes it again. Fails as `prepare` does, but not for a secret: that may come later. */
  tryOut(folder: string, head: SnapshotHead): Promise<void>;
  /** The version that a name means, or what is usual without one. Where the deployed one is meant and there is none: `draft`. */
  resolve(flow: string, version: VersionName | undefined): number | 'draft';
  /** A flow in one of its versions, ready to run. Fails as `open` and `FlowPlans.prepare` do, and with `VERSION_NOT_FOUND` where `deployed` is asked for and the flow is not. */
  prepare(request: { readonly flow: string; readonly version?: VersionName; readonly environment?: string; readonly from?: string; readonly until?: string }): Promise<PreparedFlow & { readonly version: number | 'draft' }>;
  /** A flow as it is in a folder with files of another time, which is below the root: closed by whoever asked. Fails as `FlowPlans.prepare` does. */
  prepareIn(folder: string, request: { readonly flow: string; readonly environment?: string }): Promise<PreparedFlow & AsyncDisposable>;
  close(): Promise<void>;
}

export interface VersionsOptions {
  readonly root: string;
  readonly state: StateFile;
  readonly snapshots: Snapshots;
  /** What all versions share. */
  readonly shared: Omit<FlowPlansOptions, 'workspace' | 'plugins' | 'diagnoser'>;
  /** Of the files as they are. */
  readonly draft: FlowPlans;
  /** What runs that name no version use: the deployed one, where there is one, or the draft. */
  readonly usual: 'draft' | 'deployed';
  readonly log: RunnerLog;
}

export function createVersions(options: VersionsOptions): Versions {
  const { state, draft, usual } = options;
  const opened = new Map<string, Promise<OpenVersion>>();
  const plugins = sharedPlugins();

  const open = async (flow: string, version: number): Promise<OpenVersion> => {
    const found = (): string | undefined => state.deployment(flow)?.versions.find(({ number }) => number === version)?.hash;
    if (found() === undefined) await state.refresh();
    const hash = found();
    if (hash === undefined) throw versionNotFound(flow, version, state);
    const key = `${flow}\n${version}\n${hash}`;
    const known = opened.get(key) ?? openSnapshot(options, plugins.open, flow, version, hash);
    opened.set(key, known);
    // Somebody may mend it.
    known.catch(() => opened.delete(key));
    return known;
  };
  const resolve = (flow: string, version: VersionName = usual): number | 'draft' => {
    if (version !== 'deployed') return version;
    return state.deployment(flow)?.version ?? 'draft';
  };

  return {
    open, resolve,
    async tryOut(folder, head) {
      // It shares nothing with others: the folder goes.
      const own = sharedPlugins();
      try {
        const { plans } = await openFolder(options, own.open, folder, head);
        await plans.prepare({ flow: head.flow });
      } catch (error) {
        if (!FlowError.is(error, 'SECRET_MISSING')) throw error;
      } finally {
        await own.close();
      }
    },
    async prepare({ version: name, ...request }) {
      // Another process or thread may have deployed since.
      if (typeof name !== 'number' && name !== 'draft') await state.refresh();
      const version = resolve(request.flow, name);
      if (name === 'deployed' && version === 'draft') throw new FlowError('VERSION_NOT_FOUND', `The flow ${JSON.stringify(request.flow)} is not deployed.`, { details: { flow: request.flow } });
      if (version === 'draft') return { ...(await draft.prepare(request)), version };
      const { flow, environment } = request;
      const { plans, workspace } = await open(flow, version);
      if (environment !== undefined && !workspace.environments.has(environment)) throw new FlowError('CONFIG_NOT_FOUND', `When version ${version} of the flow ${JSON.stringify(flow)} was deployed there was no environment ${JSON.stringify(environment)}: deploy the flow again.`, { details: { flow, version, environment } });
      return { ...(await plans.prepare(request)), version };
    },
    async prepareIn(folder, request) {
      const workspace = openWorkspace({ root: folder, home: options.root, registry: () => own.registry, log: options.log });
      const own = await openPlugins({ root: options.root }, { files: workspace.plugins, packages: workspace.config.plugins ?? [] });
      try {
        const prepared = await createFlowPlans({ ...options.shared, workspace, plugins: own, diagnoser: createDiagnoser(workspace, own) }).prepare({ ...request, isOffline: true });
        return { ...prepared, [Symbol.asyncDispose]: () => own.close() };
      } catch (error) {
        await own.close();
        throw error;
      }
    },
    async close() {
      await Promise.allSettled(opened.values());
      await plugins.close();
    },
  };
}

export function versionNotFound(flow: string, version: number, state: StateFile): FlowError {
  const numbers = state.deployment(flow)?.versions.map(({ number }) => number) ?? [];
  const there = numbers.length === 0 ? 'it was never deployed' : `there ${numbers.length === 1 ? 'is' : 'are'} ${numbers.slice(-12).join(', ')}`;
  return new FlowError('VERSION_NOT_FOUND', `There is no version ${version} of the flow ${JSON.stringify(flow)}; ${there}.`, { details: { flow, version } });
}

interface SharedPlugins {
  open(head: SnapshotHead, workspace: Workspace): Promise<Plugins>;
  close(): Promise<void>;
}

/** Versions with the same code share their plugins: a server may have hundreds of versions in use, and each plugin is tried in a thread of its own first. */
function sharedPlugins(): SharedPlugins {
  const sets = new Map<string, Promise<Plugins>>();
  return {
    open({ files, packages }, { root, plugins, config }) {
      const key = JSON.stringify([Object.entries(files).filter(([file]) => !ofDefinitions.test(file)).sort(), Object.entries(packages).sort(), config.plugins]);
      const known = sets.get(key) ?? openPlugins({ root }, { files: plugins, packages: config.plugins ?? [] });
      sets.set(key, known);
      known.catch(() => sets.delete(key));
      return known;
    },
    async close() {
      const all = await Promise.allSettled(sets.values());
      await Promise.all(all.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
    },
  };
}

/** Files that no plugin is made of. */
const ofDefinitions = /^(?:patchbay\.json$|(?:flows|instances|connectors|environments|lookups|maps|schemas|scripts)\/)/;

const openSnapshot = async (options: VersionsOptions, pluginsOf: SharedPlugins['open'], flow: string, number: number, hash: string): Promise<OpenVersion> => openFolder(options, pluginsOf, options.snapshots.folderOf(flow, number), options.snapshots.verify(flow, number, hash));

async function openFolder({ root, shared, log }: VersionsOptions, pluginsOf: SharedPlugins['open'], folder: string, head: SnapshotHead): Promise<OpenVersion> {
  const { flow, number, hash } = head;
  const workspace = openWorkspace({ root: folder, home: root, registry: () => plugins.registry, log });
  checkPackages(root, head);
  const plugins = await pluginsOf(head, workspace);
  const failed = plugins.states.find(({ state }) => state === 'failed');
  if (failed) throw new FlowError('PLUGIN_FAILED', `The plugin ${failed.source} of version ${number} of the flow ${JSON.stringify(flow)} cannot be loaded: ${failed.error ?? errors.PLUGIN_FAILED.fix}`, { place: { file: failed.source } });
  return { number, hash, head, workspace, plugins, plans: createFlowPlans({ ...shared, workspace, plugins, diagnoser: trusting }) };
}

/** Packages lie outside of the snapshot, so another version of one may have come since. */
function checkPackages(root: string, { flow, number, packages }: SnapshotHead): void {
  for (const [name, version] of Object.entries(packages)) {
    const installed = installedVersion(root, name);
    if (installed === version) continue;
    const now = installed === undefined ? 'it is not installed any more' : `${installed} is installed now`;
    throw new FlowError('PLUGIN_FAILED', `Version ${number} of the flow ${JSON.stringify(flow)} was deployed with ${name} ${version}; ${now}. Install ${name}@${version}, or deploy the flow again.`, { details: { flow, version: number, package: name } });
  }
}

/** What a snapshot holds was checked against the whole workspace when it was deployed, and is as it was. On its own it lacks what the flow does not need. */
const trusting: Pick<Diagnoser, 'ofEntry'> = { ofEntry: () => [] };
