import { FlowError } from '../../plugins/sdk/index.ts';
import type { ConnectionState, FlowsHost, StateHost } from '../engine/host.ts';
import { createSessions } from '../engine/sessions.ts';
import { createMasker, type SecretValues } from '../stores/redact.ts';
import { openSnapshots, type Snapshots } from '../stores/snapshots.ts';
import { openState, type StateFile } from '../stores/state.ts';
import { systemClock } from './clock.ts';
import { createDiagnoser, type Diagnoser } from './diagnose.ts';
import { createFlowPlans, type FlowPlans } from './flow-plans.ts';
import { lazyTransport } from './lazy-transport.ts';
import { openPlugins, type Plugins } from './load-plugins.ts';
import { maskedLog, type RunnerLog } from './log.ts';
import { openSecrets, secretMissing, type Secrets } from './secrets.ts';
import { createStateHost } from './state-host.ts';
import { createVersions, type Versions } from './versions.ts';
import { openWorkspace, secretsIn, type Workspace } from './workspace.ts';
import { createWorkspaceState, type WorkspaceState } from './workspace-state.ts';

/** A workspace, opened in one thread, with all that its flows stand on. The control process has one, and so has each executor. */
export interface Workbench extends AsyncDisposable {
  readonly root: string;
  readonly log: RunnerLog;
  /** Every secret that was handed out, for masks. */
  readonly values: SecretValues;
  readonly workspace: Workspace;
  readonly plugins: Plugins;
  readonly secrets: Secrets;
  /** Fails with `SECRET_MISSING`. */
  readonly secret: (name: string) => Promise<string>;
  /** Names that the files refer to. */
  readonly referenced: () => readonly string[];
  readonly diagnoser: Diagnoser;
  readonly stateFile: StateFile;
  readonly state: WorkspaceState;
  readonly plans: FlowPlans;
  readonly snapshots: Snapshots;
  readonly versions: Versions;
  /** Files as they are now; one look at a time. */
  refresh(): Promise<void>;
  /** All secrets that can be known are masked when it resolves. */
  reveal(): Promise<void>;
}

export interface WorkbenchOptions {
  readonly root: string;
  readonly log: RunnerLog;
  readonly values: SecretValues;
  readonly editorSecrets: ReadonlyMap<string, string>;
  /** What runs that name no version use. */
  readonly usual: 'draft' | 'deployed';
  readonly connections: ConnectionState;
  readonly flows: FlowsHost;
  readonly notify: StateHost['notify'];
}

/** Nothing is written. Fails with `CONFIG_NOT_FOUND` where the folder does not exist. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { root, values, usual, editorSecrets: editor } = options;
  const log = maskedLog(options.log, createMasker(values, []).value);
  const workspace = openWorkspaceAt(root, log, () => plugins.registry);
  const wantedPlugins = () => ({ files: workspace.plugins, packages: workspace.config.plugins ?? [] });
  const plugins = await openPlugins({ root }, wantedPlugins());
  const referenced = (): string[] => workspace.entries.flatMap(({ read }) => secretsIn(read.value).map(({ name }) => name));
  const secrets = openSecrets({ root, environment: process.env, referenced, handedOut: values.add, editor });
  const secret = async (name: string): Promise<string> => {
    const value = await secrets.get(name);
    if (value === undefined) throw secretMissing(name);
    return value;
  };
  const diagnoser = createDiagnoser(workspace, plugins);
  const stateFile = await openState(root);
  const state = createWorkspaceState(root, systemClock.now);
  const transport = lazyTransport();
  const sessions = createSessions(systemClock);
  const shared = { secrets, transport, sessions, clock: systemClock, connections: options.connections, flows: options.flows, state: createStateHost({ state, config: () => workspace.config, notify: options.notify }) };
  const plans = createFlowPlans({ ...shared, workspace, plugins, diagnoser });
  const snapshots = openSnapshots(root);
  const versions = createVersions({ root, state: stateFile, snapshots, shared, draft: plans, usual, log });
  const revealed = secrets.revealAll();

  let refreshing: Promise<void> = Promise.resolve();
  return {
    root, log, values, workspace, plugins, secrets, secret, referenced, diagnoser, stateFile, state, plans, snapshots, versions,
    refresh() {
      const look = async (before: Promise<void>): Promise<void> => {
        await before.catch(() => undefined);
        if (workspace.refresh()) await plugins.refresh(wantedPlugins());
        await stateFile.refresh();
      };
      refreshing = look(refreshing);
      return refreshing;
    },
    async reveal() {
      await revealed;
      secrets.revealEditor();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([plugins.close(), versions.close(), transport[Symbol.asyncDispose](), sessions[Symbol.asyncDispose](), state[Symbol.asyncDispose]()]);
    },
  };
}

function openWorkspaceAt(root: string, log: RunnerLog, registry: Parameters<typeof openWorkspace>[0]['registry']): Workspace {
  try {
    return openWorkspace({ root, registry, log });
  } catch (cause) {
    throw new FlowError('CONFIG_NOT_FOUND', `The workspace ${root} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}
