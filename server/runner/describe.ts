import { existsSync, readFileSync } from 'node:fs';
import { join, dirname } from 'node:path';
import type { Registry } from '../engine/host.ts';
import type { FlowSummary, RunSummary, WorkspaceInfo } from '../model/api.ts';
import type { StateFile } from '../stores/state.ts';
import type { Diagnoser } from './diagnose.ts';
import type { Plugins } from './load-plugins.ts';
import type { Secrets } from './secrets.ts';
import type { ServedFlows } from './served-flows.ts';
import { connectorsInUse } from '../model/protocol.ts';
import { timesOf } from './trigger-times.ts';
import { resolveInstance, secretsIn, type Workspace } from './workspace.ts';

export interface InfoOptions {
  readonly workspace: Workspace;
  readonly plugins: Plugins;
  readonly secrets: Secrets;
  readonly environment: string | undefined;
}

export async function describeWorkspace({ workspace, plugins, secrets, environment }: InfoOptions): Promise<WorkspaceInfo> {
  const overrides = environment === undefined ? undefined : workspace.environments.get(environment)?.read.value;
  const instances = await Promise.all([...workspace.instances].map(async ([id, { read }]) => {
    const instance = read.value && resolveInstance(id, read.value, overrides);
    const names = [...new Set([...secretsIn(instance?.credentials), ...secretsIn(instance?.settings)].map(({ name }) => name))];
    const values = await Promise.all(names.map((name) => secrets.get(name).catch(() => undefined)));
    return { id, connector: instance?.connector ?? '', missingSecrets: names.filter((_, index) => values[index] === undefined) };
  }));
  return {
    root: workspace.root, title: workspace.config.title ?? workspace.root.split(/[/\\]/).at(-1) ?? '', version: ownVersion(), node: process.versions.node,
    ...(environment !== undefined && { environment }),
    environments: [...workspace.environments].map(([id, { read }]) => ({ id, production: read.value?.production === true })),
    instances,
    connectors: Object.entries(connectorsInUse(readable(workspace.connectors), instances, plugins.catalog)).map(([id, value]) => ({
      id, title: value.title ?? id,
      endpoints: Object.entries(value.endpoints ?? {}).map(([name, { title, direction, params }]) => ({ id: name, title: title ?? name, direction, params: params ?? {} })),
    })),
    flows: [...workspace.flows.keys()], scripts: workspace.scripts, schemas: workspace.schemas, lookups: workspace.lookups, plugins: plugins.states,
  };
}

/** Values of the files that can be read, by their names. */
function readable<T>(entries: ReadonlyMap<string, { readonly read: { readonly value?: T } }>): Record<string, T> {
  return Object.fromEntries([...entries].flatMap(([id, { read: { value } }]) => (value === undefined ? [] : [[id, value]])));
}

export interface FlowOptions {
  readonly workspace: Workspace;
  readonly diagnoser: Diagnoser;
  readonly state: StateFile;
  readonly served: ServedFlows;
  readonly registry: Registry;
  readonly draftDiffers: (flow: string) => boolean | undefined;
  readonly lastRun: (flow: string) => RunSummary | undefined;
  readonly now: number;
}

/** The flows of the workspace, and those that are deployed and have no file any more. */
export async function describeFlows(options: FlowOptions): Promise<FlowSummary[]> {
  const { workspace, state } = options;
  const gone = state.deployed.filter((flow) => !workspace.flows.has(flow));
  return Promise.all([...workspace.flows.keys(), ...gone].sort().map((flow) => describeFlow(flow, options)));
}

/** Triggers are told as they are served. */
async function describeFlow(id: string, { workspace, diagnoser, state, served, registry, draftDiffers, lastRun, now }: FlowOptions): Promise<FlowSummary> {
  const entry = workspace.flows.get(id);
  const inUse = served.version(id)?.workspace.flows.get(id);
  const value = (inUse ?? entry)?.read.value;
  const last = lastRun(id);
  const deployment = state.deployment(id);
  const deployed = deployment?.versions.find(({ number }) => number === deployment.version);
  const differs = draftDiffers(id);
  const triggers = Object.entries(value?.triggers ?? {}).filter(([, { disabled }]) => !disabled);
  return {
    id, file: entry?.file ?? `flows/${id}.flow.json`, title: (entry?.read.value ?? value)?.title ?? id,
    triggers: await Promise.all(triggers.map(async ([trigger, settings]) => {
      const { trigger: type } = settings;
      const plugin = await registry.find('trigger', type).catch(() => undefined);
      // What is wrong with a plugin or its settings is said by lint.
      const next = await timesOf(settings, { from: now, count: 5 }, registry).catch(() => undefined);
      return { id: trigger, type, ...(plugin?.takesRequests && { url: `/hooks/${id}/${trigger}` }), ...(next && { next }) };
    })),
    enabled: state.isEnabled(id), errors: entry ? diagnoser.ofEntry(entry).filter(({ severity }) => severity === 'error').length : 0, ...(last && { lastRun: last }),
    ...(deployed && { deployed }), ...(differs !== undefined && { draftDiffers: differs }),
  };
}

let version: string | undefined;

export function ownVersion(): string {
  for (let folder = import.meta.dirname; version === undefined && folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    const found = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }) : {};
    if (found.name === 'patchbay') version = found.version;
  }
  return (version ??= '0.0.0');
}
