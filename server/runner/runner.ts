import { resolve } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import { createConnections } from '../engine/connections.ts';
import { expressionEnv, openContext } from '../engine/open-context.ts';
import { compileTemplate } from '../model/expression.ts';
import { hasRecordings, openRecordings, type Recordings } from '../stores/recordings.ts';
import { createMasker, secretValues } from '../stores/redact.ts';
import { openSnapshots } from '../stores/snapshots.ts';
import { openState } from '../stores/state.ts';
import type { Audit } from './audited.ts';
import { systemClock } from './clock.ts';
import type { Runner, StartRun } from './contract.ts';
import { createDeployments } from './deployments.ts';
import { describeFlows, describeWorkspace, ownVersion } from './describe.ts';
import { createDiagnoser, explainUnknown, faultLog } from './diagnose.ts';
import { createFlowCalls } from './flow-calls.ts';
import { createFlowPlans } from './flow-plans.ts';
import { openPlugins } from './load-plugins.ts';
import { lazyTransport } from './lazy-transport.ts';
import { maskedLog, silentLog, type RunnerLog } from './log.ts';
import { createLookups, lookupTexts } from './lookup-files.ts';
import { guardStart, refuseProduction } from './production.ts';
import { openSeal, openSecrets, secretMissing } from './secrets.ts';
import { createServedFlows } from './served-flows.ts';
import { createRunSettler } from './settle-run.ts';
import { createStateHost, triggerMemory } from './state-host.ts';
import { createStateAccess } from './state-access.ts';
import { createRunStarter } from './start-run.ts';
import { scheduleOf } from './trigger-times.ts';
import { createTriggers } from './triggers.ts';
import { createVersions } from './versions.ts';
import { createWorkspaceState } from './workspace-state.ts';
import { openWorkspace, secretsIn } from './workspace.ts';

export interface RunnerOptions {
  readonly root: string;
  /** Of runs that do not name one; default the one that was chosen for this machine, else that of `patchbay.json`. */
  readonly environment?: string;
  /** Changed files count at once. */
  readonly dev?: boolean;
  /** What answers triggers, and what runs that name no version use: `deployed` ones, or the files as they are, which is the default. */
  readonly serves?: 'draft' | 'deployed';
  /** Triggers of files that are not deployed may start runs against production, too. */
  readonly isProductionConfirmed?: boolean;
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
  const logFaults = faultLog(workspace, plugins, diagnoser, log);
  const state = await openState(root);
  const transport = lazyTransport();
  const kept = createWorkspaceState(root, systemClock.now);
  const stateHost = createStateHost({ state: kept, config: () => workspace.config, notify: async (group) => { throw new FlowError('CONFIG_UNKNOWN_GROUP', `There is no notification group ${JSON.stringify(group)}.`); } });
  const shared = { secrets, transport, clock: systemClock, connections: createConnections(systemClock), state: stateHost, flows: createFlowCalls() };
  const plans = createFlowPlans({ ...shared, workspace, plugins, diagnoser });
  const usual = options.serves ?? 'draft';
  const snapshots = openSnapshots(root);
  const versions = createVersions({ root, state, snapshots, shared, draft: plans, usual, log });
  const deployments = createDeployments({ workspace, plugins, diagnoser, state, snapshots, versions, now: systemClock.now, engine: ownVersion() });
  const served = createServedFlows({ workspace, plugins, state, versions, usual, log });
  const environmentNow = (): string | undefined => options.environment ?? state.environment ?? workspace.config.environment;

  let opened: Recordings | undefined;
  let pruneTimer: NodeJS.Timeout | undefined;
  const recordings = (): Recordings => {
    if (opened) return opened;
    opened = openRecordings(root, { secrets: values, now: systemClock.now, seal: openSeal(root, process.env) });
    const prune = (): void => {
      opened?.prune({ ...defaultRetention, ...workspace.config.retention });
      void settler.settleLost().then(() => kept.reading().prune()).catch((error: unknown) => log.warn(`Old entries of caches and pools stay for now: ${(error as Error).message}`));
    };
    prune();
    pruneTimer = setInterval(prune, pruneMs).unref();
    return opened;
  };
  const settler = createRunSettler({ state: kept, archive: () => recordings().archive });
  const revealed = secrets.revealAll();
  const starter = createRunStarter({ versions, workspace, recordings, clock: systemClock, environment: undefined, settle: settler.settle });

  let refreshing: Promise<void> = Promise.resolve();
  /** Files as they are now; one look at a time. */
  const refresh = (): Promise<void> => {
    const look = async (before: Promise<void>): Promise<void> => {
      await before.catch(() => undefined);
      if (workspace.refresh()) await plugins.refresh(wantedPlugins());
      await state.refresh();
    };
    refreshing = look(refreshing);
    return refreshing;
  };

  const audit: Audit = () => undefined;

  let isListening = false;
  let lookTimer: NodeJS.Timeout | undefined;
  const startNow = async (request: StartRun) => {
    await revealed;
    secrets.revealEditor();
    const environment = request.environment ?? environmentNow();
    return starter.start({ ...request, ...(environment !== undefined && { environment }) });
  };
  /** A trigger of files that are not deployed is like somebody who tries them out. */
  const startByTrigger = async (request: StartRun) => {
    if (usual === 'draft') refuseProduction(workspace, request.environment ?? environmentNow(), options.isProductionConfirmed === true);
    return startNow(request);
  };
  const triggers = createTriggers({ registry: plugins.registry, clock: systemClock, log, secret, start: startByTrigger, memory: triggerMemory(kept) });
  /** Exactly what may start runs now listens. */
  const sync = async (): Promise<void> => {
    await served.refresh();
    if (isListening) triggers.sync(served.triggers);
  };
  const look = async (): Promise<void> => {
    await refresh().catch((error: unknown) => log.error(`The files of the workspace could not be read: ${(error as Error).message}.`));
    if (isListening) await sync();
    logFaults();
  };

  return {
    root,
    async info() {
      await refresh();
      return describeWorkspace({ workspace, plugins, secrets, environment: environmentNow() });
    },
    catalog: () => plugins.catalog.plugins,
    plugins: () => plugins.states,
    async flows() {
      await refresh();
      await served.refresh();
      const lastRun = (flow: string) => (hasRecordings(root) ? recordings().archive.runs({ flow, perPage: 1 }).items[0] : undefined);
      return describeFlows({ workspace, diagnoser, state, served, registry: plugins.registry, draftDiffers: deployments.draftDiffers, lastRun, now: systemClock.now() });
    },
    async schedule(flow, { from = systemClock.now(), count = 5 } = {}) {
      await refresh();
      const entry = workspace.flows.get(flow);
      if (!entry) throw new FlowError('CONFIG_NOT_FOUND', `There is no flow ${JSON.stringify(flow)}.`, { details: { flow } });
      return scheduleOf(entry, { from, count }, plugins.registry);
    },
    async diagnostics(files) {
      await refresh();
      const known = new Set((await Promise.all(referenced().map(async (name) => ((await secrets.get(name).catch(() => undefined)) === undefined ? [] : [name])))).flat());
      return diagnoser.all(files, (name) => known.has(name));
    },
    async start(request) {
      await refresh();
      await guardStart(request, request.environment ?? environmentNow(), { workspace, versions });
      return startNow(request);
    },
    stop: async (run) => starter.stop(run),
    async hook(flow, trigger, request) {
      if (!isListening) await refresh().then(sync);
      const wanted = served.trigger(flow, trigger);
      return wanted && triggers.hook(wanted, request);
    },
    async listen() {
      await refresh();
      recordings();
      isListening = true;
      await sync();
      logFaults();
      lookTimer = setInterval(() => void look(), options.dev ? lookMs.dev : lookMs.server).unref();
    },
    async setEnabled(flow, enabled) {
      await refresh();
      if (!workspace.flows.has(flow) && !state.deployment(flow)) throw new FlowError('CONFIG_NOT_FOUND', `There is no flow ${JSON.stringify(flow)}.`, { details: { flow } });
      await state.setEnabled(flow, enabled);
      await sync();
    },
    versions: {
      async deploy(flow, how) {
        await refresh();
        const result = await deployments.deploy(flow, how);
        await sync();
        return result;
      },
      async rollback(flow, version, by) {
        await refresh();
        const result = await deployments.rollback(flow, version, by);
        await sync();
        return result;
      },
      list: async (flow) => refresh().then(() => deployments.list(flow)),
      detail: async (flow, version) => refresh().then(() => deployments.detail(flow, version)),
      compare: async (flow, from, to) => refresh().then(() => deployments.compare(flow, from, to)),
    },
    async setEnvironment(environment) {
      await refresh();
      if (environment !== undefined) workspace.view(environment, secret);
      await state.setEnvironment(environment);
    },
    subscribe: (run, listener, from) => recordings().subscribe(run, listener, from),
    get archive() {
      return recordings().archive;
    },
    secrets,
    state: createStateAccess({ state: kept, config: () => workspace.config, audit }),
    lookups: createLookups(lookupTexts(root), audit),
    async evaluate(expression, scope) {
      const host = plans.host(environmentNow());
      const value = await compileTemplate(expression.includes('{{') ? expression : `{{ ${expression} }}`, expressionEnv(host));
      const now = systemClock.now();
      return value.evaluate({ env: host.workspace.env, now: new Date(now).toISOString(), ...scope }, { now, random: Math.random });
    },
    async transform(type, settings, input) {
      const compiled = await openContext(plans.host(environmentNow())).transform(type, settings).catch((error: unknown) => { throw explainUnknown(error, plugins); });
      return compiled(input, { now: systemClock.now(), random: Math.random });
    },
    async [Symbol.asyncDispose]() {
      clearInterval(lookTimer);
      clearInterval(pruneTimer);
      isListening = false;
      await triggers.close();
      await starter.drain(options.drainMs ?? 30_000);
      await Promise.all([plugins.close(), versions.close(), transport[Symbol.asyncDispose]()]);
      await opened?.[Symbol.asyncDispose]();
      await kept[Symbol.asyncDispose]();
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
