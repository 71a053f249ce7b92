import { existsSync, readFileSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { builtIns } from '../../plugins/built-ins.ts';
import type { FlowSummary, RunSummary, WorkspaceInfo } from '../model/api.ts';
import type { Diagnoser } from './diagnose.ts';
import type { Plugins } from './load-plugins.ts';
import type { Secrets } from './secrets.ts';
import { resolveInstance, secretsIn, type Entry, type Workspace } from './workspace.ts';

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
    connectors: [...workspace.connectors].flatMap(([id, { read: { value } }]) => (value ? [{
      id, title: value.title ?? id,
      endpoints: Object.entries(value.endpoints ?? {}).map(([name, { title, direction, params }]) => ({ id: name, title: title ?? name, direction, params: params ?? {} })),
    }] : [])),
    scripts: workspace.scripts, lookups: workspace.lookups, plugins: plugins.states,
  };
}

export interface FlowOptions {
  readonly diagnoser: Diagnoser;
  readonly isEnabled: (flow: string) => boolean;
  readonly lastRun: (flow: string) => RunSummary | undefined;
  readonly now: number;
}

export async function describeFlow(entry: Entry<'flow'>, { diagnoser, isEnabled, lastRun, now }: FlowOptions): Promise<FlowSummary> {
  const { value } = entry.read;
  const last = lastRun(entry.id);
  const triggers = Object.entries(value?.triggers ?? {}).filter(([, { disabled }]) => !disabled);
  return {
    id: entry.id, file: entry.file, title: value?.title ?? entry.id,
    triggers: await Promise.all(triggers.map(async ([id, { trigger: type, settings }]) => {
      const next = type === 'schedule' ? await nextTimes(settings, now) : undefined;
      return { id, type, ...(type === 'webhook' && { url: `/hooks/${entry.id}/${id}` }), ...(next && { next }) };
    })),
    enabled: isEnabled(entry.id), errors: diagnoser.ofEntry(entry).filter(({ severity }) => severity === 'error').length, ...(last && { lastRun: last }),
  };
}

interface ScheduleModule {
  nextTimes(settings: unknown, from: number, count: number): number[];
}

/** The next five times of a schedule, as its plugin counts them. */
async function nextTimes(settings: unknown, now: number): Promise<string[] | undefined> {
  const module = (await builtIns.find(({ kind, type }) => kind === 'trigger' && type === 'schedule')?.load()) as unknown as ScheduleModule | undefined;
  try {
    return module?.nextTimes(settings, now, 5).map((time) => new Date(time).toISOString());
  } catch {
    // The settings are wrong: lint says so.
    return undefined;
  }
}

let version: string | undefined;

function ownVersion(): string {
  for (let folder = import.meta.dirname; version === undefined && folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    const found = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }) : {};
    if (found.name === 'patchbay') version = found.version;
  }
  return (version ??= '0.0.0');
}
