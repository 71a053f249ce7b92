import { resolve } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import { createConnections } from '../engine/connections.ts';
import { expressionEnv, openContext } from '../engine/open-context.ts';
import { compileTemplate } from '../model/expression.ts';
import type { FlowTrigger } from '../model/flow.ts';
import { hasRecordings, openRecordings, type Recordings } from '../stores/recordings.ts';
import { createMasker, secretValues } from '../stores/redact.ts';
import { openState } from '../stores/state.ts';
import { systemClock } from './clock.ts';
import type { Runner, StartRun } from './contract.ts';
import { describeFlow, describeWorkspace } from './describe.ts';
import { createDiagnoser } from './diagnose.ts';
import { createFlowCalls } from './flow-calls.ts';
import { createFlowPlans } from './flow-plans.ts';
import { openPlugins } from './load-plugins.ts';
import { lazyTransport } from './lazy-transport.ts';
import { maskedLog, silentLog, type RunnerLog } from './log.ts';
import { openSecrets, secretMissing } from './secrets.ts';
import { createStateHost, triggerMemory } from './state-host.ts';
import { createRunStarter } from './start-run.ts';
import { createTriggers, type WantedTrigger } from './triggers.ts';
import { openWorkspace, secretsIn } from './workspace.ts';

export interface RunnerOptions {
  readonly root: string;
  /** Of runs that do not name one; default that of `patchbay.json`. */
  readonly environment?: string;
  /** Changed files count at once. */
  readonly dev?: boolean;
  /** Secrets that the editor keeps. The map may change while the runner lives. */
  readonly editorSecrets?: ReadonlyMap<string, string>;
  readonly log?: RunnerLog;
  /** Milliseconds for runs that are under way when the runner is disposed; default 30,000. */
  readonly drainMs?: number;
}

/** Between two looks at the files, while triggers are listening. */
const lookMs = { dev: 300, server: 2_000 };
const pruneMs = 3_600_000;
const defaultRetention = { days: 30, megabytes: 2_048 };

/** Opens a workspace. Nothing is written before a run starts. Fails with `CONFIG_NOT_FOUND` where the folder does not exist. */
export async function openRunner(options: RunnerOptions): Promise<Runner> {
  const root = resolve(options.root);
  const values = secretValues();
  const log = maskedLog(options.log ?? silentLog, createMasker(values, []).value);
  const workspace = openWorkspaceAt(root, log, () => plugins.registry);
  const wantedPlugins = () => ({ files: workspace.plugins, packages: workspace.config.plugins ?? [] });
  const plugins = await openPlugins({ root }, wantedPlugins());
  const referenced = (): string[] => workspace.entries.flatMap(({ read }) => secretsIn(read.value).map(({ name }) => name));
  const secrets = openSecrets({ root, environment: process.env, referenced, handedOut: values.add, ...(options.editorSecrets && { editor: options.editorSecrets }) });
  const secret = async (name: string): Promise<string> => {
    const value = await secrets.get(name);
    if (value === undefined) throw secretMissing(name);
    return value;
  };
  const diagnoser = createDiagnoser(workspace, plugins);
  const state = await openState(root);
  const environment = options.environment ?? workspace.config.environment;
  const transport = lazyTransport();
  const plans = createFlowPlans({ workspace, plugins, diagnoser, secrets, transport, clock: systemClock, connections: createConnections(systemClock), state: createStateHost(), flows: createFlowCalls() });

  let opened: Recordings | undefined;
  let pruneTimer: NodeJS.Timeout | undefined;
  const recordings = (): Recordings => {
    if (opened) return opened;
    opened = openRecordings(root, { secrets: values, now: systemClock.now });
    const prune = (): void => opened?.prune({ ...defaultRetention, ...workspace.config.retention });
    prune();
    pruneTimer = setInterval(prune, pruneMs).unref();
    return opened;
  };
  const revealed = secrets.revealAll();
  const starter = createRunStarter({ plans, workspace, recordings, clock: systemClock, environment });

  let refreshing: Promise<void> = Promise.resolve();
  /** Files as they are now; one look at a time. */
  const refresh = (): Promise<void> => {
    const look = async (before: Promise<void>): Promise<void> => {
      await before.catch(() => undefined);
      if (workspace.refresh()) await plugins.refresh(wantedPlugins());
    };
    refreshing = look(refreshing);
    return refreshing;
  };

  let isListening = false;
  let lookTimer: NodeJS.Timeout | undefined;
  const startNow = async (request: StartRun) => {
    await revealed;
    secrets.revealEditor();
    return starter.start(request);
  };
  const triggers = createTriggers({ registry: plugins.registry, clock: systemClock, log, secret, start: startNow, memory: triggerMemory() });
  const stamps = new WeakMap<FlowTrigger, string>();
  const wantedTrigger = (flow: string, id: string): WantedTrigger | undefined => {
    const all = workspace.flows.get(flow)?.read.value?.triggers;
    const trigger = all && Object.hasOwn(all, id) ? all[id] : undefined;
    if (!trigger || trigger.disabled || !state.isEnabled(flow)) return undefined;
    const stamp = stamps.get(trigger) ?? JSON.stringify(trigger);
    stamps.set(trigger, stamp);
    return { flow, id, trigger, stamp: `${stamp} ${plugins.version}` };
  };
  const wantedTriggers = (): WantedTrigger[] =>
    [...workspace.flows].flatMap(([flow, { read }]) => Object.keys(read.value?.triggers ?? {}).map((id) => wantedTrigger(flow, id))).filter((one) => one !== undefined);
  const look = async (): Promise<void> => {
    const { version } = workspace;
    await refresh().catch((error: unknown) => log.error(`The files of the workspace could not be read: ${(error as Error).message}.`));
    if (isListening && workspace.version !== version) triggers.sync(wantedTriggers());
  };

  return {
    root,
    async info() {
      await refresh();
      return describeWorkspace({ workspace, plugins, secrets, environment });
    },
    catalog: () => plugins.catalog.plugins,
    plugins: () => plugins.states,
    async flows() {
      await refresh();
      const lastRun = (flow: string) => (hasRecordings(root) ? recordings().archive.runs({ flow, perPage: 1 }).items[0] : undefined);
      return Promise.all([...workspace.flows.values()].map((entry) => describeFlow(entry, { diagnoser, isEnabled: state.isEnabled, lastRun, now: systemClock.now() })));
    },
    async diagnostics(files) {
      await refresh();
      const known = new Set((await Promise.all(referenced().map(async (name) => ((await secrets.get(name).catch(() => undefined)) === undefined ? [] : [name])))).flat());
      return diagnoser.all(files, (name) => known.has(name));
    },
    async start(request) {
      await refresh();
      return startNow(request);
    },
    stop: async (run) => starter.stop(run),
    async hook(flow, trigger, request) {
      if (!isListening) await refresh();
      const wanted = wantedTrigger(flow, trigger);
      return wanted && triggers.hook(wanted, request);
    },
    async listen() {
      await refresh();
      recordings();
      isListening = true;
      triggers.sync(wantedTriggers());
      lookTimer = setInterval(() => void look(), options.dev ? lookMs.dev : lookMs.server).unref();
    },
    async setEnabled(flow, enabled) {
      await refresh();
      if (!workspace.flows.has(flow)) throw new FlowError('CONFIG_NOT_FOUND', `There is no flow ${JSON.stringify(flow)}.`, { details: { flow } });
      await state.setEnabled(flow, enabled);
      if (isListening) triggers.sync(wantedTriggers());
    },
    subscribe: (run, listener, from) => recordings().subscribe(run, listener, from),
    get archive() {
      return recordings().archive;
    },
    secrets,
    async evaluate(expression, scope) {
      const host = plans.host(environment);
      const value = await compileTemplate(expression.includes('{{') ? expression : `{{ ${expression} }}`, expressionEnv(host));
      const now = systemClock.now();
      return value.evaluate({ env: host.workspace.env, now: new Date(now).toISOString(), ...scope }, { now, random: Math.random });
    },
    async transform(type, settings, input) {
      const compiled = await openContext(plans.host(environment)).transform(type, settings);
      return compiled(input, { now: systemClock.now(), random: Math.random });
    },
    async [Symbol.asyncDispose]() {
      clearInterval(lookTimer);
      clearInterval(pruneTimer);
      isListening = false;
      await triggers.close();
      await starter.drain(options.drainMs ?? 30_000);
      await Promise.all([plugins.close(), transport[Symbol.asyncDispose]()]);
      await opened?.[Symbol.asyncDispose]();
    },
  };
}

function openWorkspaceAt(root: string, log: RunnerLog, registry: Parameters<typeof openWorkspace>[0]['registry']): ReturnType<typeof openWorkspace> {
  try {
    return openWorkspace({ root, registry, log });
  } catch (cause) {
    throw new FlowError('CONFIG_NOT_FOUND', `The workspace ${root} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}
