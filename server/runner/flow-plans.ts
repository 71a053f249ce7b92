import { FlowError, type Plugin } from '../../plugins/sdk/index.ts';
import type { BodyKeeper, ConnectionState, EngineHost, Transport, WorkspaceView } from '../engine/host.ts';
import { planFlow, type Plan } from '../engine/plan.ts';
import { createCache } from '../model/lru.ts';
import type { ScriptEngineName } from '../model/workspace.ts';
import { errorOf, explainUnknown, type Diagnoser } from './diagnose.ts';
import type { Plugins } from './load-plugins.ts';
import { refsIn } from './refs.ts';
import { secretMissing, type Secrets } from './secrets.ts';
import type { Stores, WorkspaceStateHost } from './state-host.ts';
import { among, secretsIn, type Entry, type Workspace } from './workspace.ts';

/** A flow, ready to run in an environment; it serves any number of runs until a file changes. */
export interface PreparedFlow {
  readonly entry: Entry<'flow'>;
  readonly plan: Plan;
  /** The host of its runs, but for the keeping of bodies. */
  readonly host: Omit<EngineHost, 'bodies'>;
}

export interface FlowPlans {
  /**
   * Fails with `CONFIG_NOT_FOUND`, with the first error of the files that the flow stands on, with `SCRIPT_INVALID`, with `SECRET_MISSING`:
   * whatever can be known before a run begins.
   */
  prepare(request: { readonly flow: string; readonly environment?: string; readonly from?: string; readonly until?: string; /** Nobody is asked who wants to see secrets: they need not be there. */ readonly isOffline?: true }): Promise<PreparedFlow>;
  /** A host for single evaluations. */
  host(environment: string | undefined): EngineHost;
}

export interface FlowPlansOptions {
  readonly workspace: Workspace;
  readonly plugins: Plugins;
  readonly diagnoser: Pick<Diagnoser, 'ofEntry'>;
  readonly secrets: Secrets;
  readonly transport: Transport;
  readonly clock: EngineHost['clock'];
  readonly connections: ConnectionState;
  readonly sessions: EngineHost['sessions'];
  readonly state: WorkspaceStateHost;
  readonly flows: EngineHost['flows'];
}

interface Known extends PreparedFlow {
  readonly stamp: string;
  /** The secrets of the instances that the flow uses. */
  readonly secrets: readonly { readonly name: string; readonly file: string; readonly pointer: string }[];
}

export function createFlowPlans(options: FlowPlansOptions): FlowPlans {
  const { workspace, plugins, diagnoser, secrets, transport, clock, connections, sessions, state, flows } = options;
  const plans = createCache<Promise<Known>>(200);
  const views = new Map<string, { readonly stamp: number; readonly view: Pick<EngineHost, 'workspace' | 'state'> }>();

  const secret = async (name: string): Promise<string> => {
    const value = await secrets.get(name);
    if (value === undefined) throw secretMissing(name);
    return value;
  };
  const viewOf = (environment: string | undefined): Pick<EngineHost, 'workspace' | 'state'> => {
    const known = views.get(environment ?? '');
    if (known?.stamp === workspace.version) return known.view;
    const view = { workspace: workspace.view(environment, secret), state: state.withStores(storesOf(workspace, environment)) };
    views.set(environment ?? '', { stamp: workspace.version, view });
    return view;
  };
  const baseHost = (environment: string | undefined): Omit<EngineHost, 'bodies'> => ({ registry: plugins.registry, ...viewOf(environment), transport, clock, connections, sessions, flows });

  const make = async (stamp: string, { flow, environment, from, until }: Parameters<FlowPlans['prepare']>[0]): Promise<Known> => {
    const entry = workspace.flows.get(flow);
    if (!entry) throw new FlowError('CONFIG_NOT_FOUND', `There is no flow ${JSON.stringify(flow)}${among([...workspace.flows.keys()])}`, { details: { flow } });
    const failure = errorOf(workspace.configEntry ? diagnoser.ofEntry(workspace.configEntry) : []) ?? errorOf(diagnoser.ofEntry(entry));
    if (failure) throw explainUnknown(failure, plugins);
    const { value } = entry.read;
    if (!value) throw errorOf(entry.read.diagnostics) ?? new FlowError('CONFIG_INVALID', `The flow ${JSON.stringify(flow)} cannot be read.`, { place: { file: entry.file } });
    const environmentFile = environment === undefined ? undefined : workspace.environments.get(environment);
    const unfit = environmentFile && errorOf(diagnoser.ofEntry(environmentFile));
    if (unfit) throw unfit;
    const host = baseHost(environment);
    const plan = await planFlow({ ...host, bodies: noBodies }, { flow: value, flowId: flow, file: entry.file, ...(from !== undefined && { from }), ...(until !== undefined && { until }) });
    const needs = plan.steps.flatMap(({ shape, settings }) => (shape ? [{ shape, settings }] : []));
    await checkScripts(host.workspace, needs, value.settings?.scripts?.engine);
    return { stamp, entry, plan, host, secrets: checkInstances(workspace, diagnoser, host.workspace, needs) };
  };

  return {
    async prepare(request) {
      const { flow, environment, from, until } = request;
      const key = JSON.stringify([flow, environment, from, until]);
      const stamp = `${workspace.version} ${plugins.version}`;
      let known = await plans.get(key)?.catch(() => undefined);
      if (known?.stamp !== stamp) {
        const made = make(stamp, request);
        plans.add(key, made);
        known = await made;
      }
      if (!request.isOffline) for (const { name, file, pointer } of known.secrets) if ((await secrets.get(name)) === undefined) throw secretMissing(name, { file, pointer });
      return known;
    },
    host: (environment) => ({ ...baseHost(environment), bodies: noBodies }),
  };
}

function storesOf({ config, environments }: Workspace, environment: string | undefined): Stores {
  const own = environment === undefined ? undefined : environments.get(environment)?.read.value;
  const merged = <T extends object>(base: Readonly<Record<string, T>> = {}, over: Readonly<Record<string, T>> = {}): Readonly<Record<string, T>> =>
    Object.fromEntries([...Object.entries(base), ...Object.entries(over)].map(([name]) => [name, { ...base[name], ...over[name] } as T]));
  return { caches: merged(config.caches, own?.caches), pools: merged(config.pools, own?.pools) };
}

interface Need {
  readonly shape: Plugin;
  readonly settings: unknown;
}

async function checkScripts(view: WorkspaceView, needs: readonly Need[], engine: ScriptEngineName | undefined): Promise<void> {
  for (const { shape, settings } of needs) for (const file of refsIn(settings, shape.settings as object, 'script')) await view.script(file, engine);
}

/** The files behind the instances must be sound, and gives the secrets that they name. */
function checkInstances(workspace: Workspace, diagnoser: Pick<Diagnoser, 'ofEntry'>, view: WorkspaceView, needs: readonly Need[]): Known['secrets'] {
  const ids = new Set(needs.flatMap(({ shape, settings }) => refsIn(settings, shape.settings as object, 'instance')));
  return [...ids].flatMap((id) => {
    const instance = view.instance(id);
    const entries = [workspace.instances.get(id), instance && workspace.connectors.get(instance.connector)].filter((entry) => entry !== undefined);
    for (const entry of entries) {
      const failure = errorOf(diagnoser.ofEntry(entry));
      if (failure) throw failure;
    }
    const file = `instances/${id}.instance.json`;
    return [...secretsIn(instance?.credentials, '/credentials'), ...secretsIn(instance?.settings, '/settings')].map((found) => ({ ...found, file }));
  });
}

/** For what is not recorded. */
export const noBodies: BodyKeeper = { keep: () => ({ hash: '', size: -1 }), keepRaw: (body) => ({ hash: '', size: body.length }), mask: (value) => value };
