import type { FlowError } from '../../plugins/sdk/index.ts';
import { findPlugin } from '../model/catalog.ts';
import type { Flow, FlowTrigger } from '../model/flow.ts';
import type { StateFile } from '../stores/state.ts';
import type { Plugins } from './load-plugins.ts';
import type { RunnerLog } from './log.ts';
import type { WantedTrigger } from './triggers.ts';
import { asFlowError } from './unexpected.ts';
import type { OpenVersion, Versions } from './versions.ts';
import type { Entry, Workspace } from './workspace.ts';

/** The flows whose triggers may start them: on a server the deployed ones, as they were deployed; in dev mode all, as their files are. Those that are disabled may not. */
export interface ServedFlows {
  /** Looks which versions are in use, and opens them. One that cannot be opened is logged once, and keeps nobody else from working. */
  refresh(): Promise<void>;
  /** Fails with what is wrong with the version of the flow that is in use. */
  trigger(flow: string, id: string): WantedTrigger | undefined;
  /** The trigger of a flow that takes requests, where there is one and no other. Fails as `trigger` does. */
  hook(flow: string): WantedTrigger | undefined;
  readonly triggers: readonly WantedTrigger[];
  /** The version of a flow that is in use, opened; `undefined` where its files as they are are meant. */
  version(flow: string): OpenVersion | undefined;
}

export interface ServedFlowsOptions {
  readonly workspace: Workspace;
  readonly plugins: Plugins;
  readonly state: StateFile;
  readonly versions: Versions;
  readonly usual: 'draft' | 'deployed';
  readonly log: RunnerLog;
}

export function createServedFlows({ workspace, plugins, state, versions, usual, log }: ServedFlowsOptions): ServedFlows {
  let served = new Map<string, { readonly number: number; readonly version?: OpenVersion; readonly error?: FlowError }>();
  const stamps = new WeakMap<FlowTrigger, string>();

  const stampOf = (trigger: FlowTrigger): string => {
    const stamp = stamps.get(trigger) ?? JSON.stringify(trigger);
    stamps.set(trigger, stamp);
    return stamp;
  };
  /** A trigger goes on listening while its flow changes around it, so that no request falls between two versions. */
  const wanted = (flow: string, id: string, trigger: FlowTrigger, version: OpenVersion | undefined): WantedTrigger => {
    const isOwn = version?.plugins.catalog.plugins.some(({ kind, type, aliases, source }) => kind === 'trigger' && source !== 'built-in' && (type === trigger.trigger || aliases?.includes(trigger.trigger)));
    // Events come by an instance, whose files may change.
    const listens = trigger.settings !== undefined && 'instance' in trigger.settings;
    const stamp = version ? `${stampOf(trigger)}${isOwn || listens ? ` ${version.hash}` : ''}` : `${stampOf(trigger)} ${plugins.version}${listens ? ` ${workspace.version}` : ''}`;
    return { flow, id, trigger, stamp, ...(version && { registry: version.plugins.registry, plans: version.plans }) };
  };
  const flowOf = (flow: string): Flow | undefined => (usual === 'draft' ? workspace.flows.get(flow)?.read.value : flowIn(served.get(flow)?.version, flow)?.read.value);
  const trigger = (flow: string, id: string): WantedTrigger | undefined => {
    if (!state.isEnabled(flow)) return undefined;
    const of = usual === 'deployed' ? served.get(flow) : undefined;
    if (of?.error) throw of.error;
    const all = flowOf(flow)?.triggers;
    const found = all && Object.hasOwn(all, id) ? all[id] : undefined;
    return found && !found.disabled ? wanted(flow, id, found, of?.version) : undefined;
  };

  return {
    trigger,
    hook(flow) {
      const { catalog } = served.get(flow)?.version?.plugins ?? plugins;
      const all = Object.entries(flowOf(flow)?.triggers ?? {}).filter(([, { trigger: type, disabled }]) => !disabled && findPlugin(catalog, 'trigger', type)?.takesRequests);
      return all.length === 1 ? trigger(flow, all[0]![0]) : undefined;
    },
    async refresh() {
      if (usual === 'draft') return;
      const before = served;
      served = new Map(await Promise.all(state.deployed.map(async (flow) => {
        const number = state.deployment(flow)!.version;
        const known = before.get(flow);
        if (known?.number === number && known.version) return [flow, known] as const;
        try {
          return [flow, { number, version: await versions.open(flow, number) }] as const;
        } catch (error) {
          const failure = asFlowError(error);
          if (known?.error?.message !== failure.message) log.error(`The flow ${flow} does not answer its triggers: ${failure.message}`, { code: failure.code });
          return [flow, { number, error: failure }] as const;
        }
      })));
    },
    get triggers() {
      const flows = usual === 'draft' ? [...workspace.flows.keys()] : [...served].filter(([, { error }]) => !error).map(([flow]) => flow);
      return flows.flatMap((flow) => Object.keys(flowOf(flow)?.triggers ?? {}).map((id) => trigger(flow, id))).filter((one) => one !== undefined);
    },
    version: (flow) => served.get(flow)?.version,
  };
}

const flowIn = (version: OpenVersion | undefined, flow: string): Entry<'flow'> | undefined => version?.workspace.flows.get(flow);
