import { resolve } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import { readFar } from '../engine/far-body.ts';
import { createConnections } from '../engine/connections.ts';
import type { StateHost } from '../engine/host.ts';
import { listenToEndpoint } from '../engine/manifest.ts';
import { expressionEnv, openContext } from '../engine/open-context.ts';
import { compileTemplate } from '../model/expression.ts';
import { readPublicUrl, type PublicAddress } from '../model/public-url.ts';
import { hasRecordings, openRecordings, type Recordings } from '../stores/recordings.ts';
import { createMasker, secretValues } from '../stores/redact.ts';
import { auditedRunner, type Audit } from './audited.ts';
import { systemClock } from './clock.ts';
import type { RunArchive, Runner, StartRun } from './contract.ts';
import { createDebugging } from './debugging.ts';
import { createDeployments } from './deployments.ts';
import { describeFlows, describeWorkspace, ownVersion } from './describe.ts';
import { scriptTypes } from '../model/script-types.ts';
import { explainUnknown, faultLog } from './diagnose.ts';
import { diffPayloads } from './diff-payloads.ts';
import { diffRuns } from './diff-runs.ts';
import { createDispatcher } from './dispatch.ts';
import { localExecutor } from './executor-local.ts';
import { createExecutorPool, type ExecutorLimits } from './executor-pool.ts';
import type { Executors } from './executors.ts';
import { createFlowCalls } from './flow-calls.ts';
import { clearReplays } from './git-files.ts';
import { silentLog, type RunnerLog } from './log.ts';
import { createLogins } from './logins.ts';
import { lastSample } from './map-sample.ts';
import { createExpressions } from './expressions.ts';
import { createInbox } from './inbox.ts';
import { redactedNames } from './redacted-names.ts';
import { traceValue } from './lineage.ts';
import { createMaps } from './maps.ts';
import { createMocks } from './mocks.ts';
import { createNotifier } from './notifier.ts';
import { createOperator } from './operator.ts';
import { createLookups } from './lookup-files.ts';
import { lookupFiles } from './lookup-store.ts';
import { guardStart, refuseProduction } from './production.ts';
import { retentionOf } from './retention.ts';
import { openSeal } from './secrets.ts';
import { createServedFlows } from './served-flows.ts';
import { createRunSettler } from './settle-run.ts';
import { triggerMemory } from './state-host.ts';
import { createPastRuns } from './past-runs.ts';
import { createStateAccess } from './state-access.ts';
import { createRunStarter } from './start-run.ts';
import { scheduleOf } from './trigger-times.ts';
import { createTests } from './tests.ts';
import { createTokenStore } from './token-store.ts';
import { saveExamples } from './trial-example.ts';
import { createTrials } from './trials.ts';
import { createTriggers, type TriggersOptions } from './triggers.ts';
import { openWorkbench } from './workbench.ts';

export interface RunnerOptions {
  readonly root: string;
  /** Of runs that do not name one; default the one that was chosen for this machine, else that of `patchbay.json`. */
  readonly environment?: string;
  /** For whom it works, for the audit log: the user of the command line, `API`, `editor`. */
  readonly actor?: string;
  /** Changed files count at once. */
  readonly dev?: boolean;
  /** What answers triggers, and what runs that name no version use: `deployed` ones, or the files as they are, which is the default. */
  readonly serves?: 'draft' | 'deployed';
  /** Triggers of files that are not deployed may start runs against production, too. */
  readonly isProductionConfirmed?: boolean;
  /** Secrets that the editor keeps. The map may change while the runner lives. */
  readonly editorSecrets?: ReadonlyMap<string, string>;
  /** Where senders of webhooks reach the runner, instead of what `patchbay.json` says. */
  readonly publicUrl?: () => string | undefined;
  readonly log?: RunnerLog;
  /** Flows run in threads of their own, so that none of them blocks the runner. Without it they run in this one, which is simpler for a process that runs one. */
  readonly executors?: ExecutorLimits;
  /** Milliseconds for runs that are under way when the runner is disposed; default 30,000. */
  readonly drainMs?: number;
}

/** Between two looks at the files, while triggers are listening. */
const lookMs = { dev: 300, server: 2_000 };
const pruneMs = 3_600_000;
/** Runs at work at a time. */
const usualConcurrency = 64;

/** Opens a workspace. Nothing is written before a run starts. Fails with `CONFIG_NOT_FOUND` where the folder does not exist. */
export async function openRunner(options: RunnerOptions): Promise<Runner> {
  const root = resolve(options.root);
  await clearReplays(root);
  const usual = options.serves ?? 'draft';
  const values = secretValues();
  const notify: StateHost['notify'] = (group, message, place) => notifier.notify(group, message, place);
  const flows = createFlowCalls({
    workbench: () => workbench, recordings: () => recordings(), expect: (run, wants, caller) => dispatcher.expect(run, wants, caller), wake: () => dispatcher.wake(), wait: (run, parked) => dispatcher.wait(run, parked),
  });
  const { editorSecrets = new Map<string, string>() } = options;
  const tokens = createTokenStore({ root, seal: openSeal(root, process.env), handedOut: values.add });
  const connections = createConnections(systemClock, tokens);
  const workbench = await openWorkbench({ root, log: options.log ?? silentLog, values, editorSecrets, usual, connections, flows, notify });
  const { log, workspace, plugins, secrets, secret, referenced, diagnoser, stateFile, state, plans, snapshots, versions, refresh } = workbench;
  const deployments = createDeployments({ workspace, plugins, diagnoser, state: stateFile, snapshots, versions, now: systemClock.now, engine: ownVersion() });
  const logFaults = faultLog(workspace, plugins, diagnoser, log);
  const served = createServedFlows({ workspace, plugins, state: stateFile, versions, usual, log });
  const environmentNow = (): string | undefined => options.environment ?? stateFile.environment ?? workspace.config.environment;

  let opened: Recordings | undefined;
  let pruneTimer: NodeJS.Timeout | undefined;
  const recordings = (): Recordings => {
    if (opened) return opened;
    opened = openRecordings(root, { secrets: values, now: systemClock.now, seal: openSeal(root, process.env), ...(executors.elsewhere && { elsewhere: executors.elsewhere }) });
    const prune = (): void => {
      opened?.prune(retentionOf(workspace));
      void settler.settleLost().then(() => state.reading().prune()).catch((error: unknown) => log.warn(`Old entries of caches and pools stay for now: ${(error as Error).message}`));
    };
    prune();
    pruneTimer = setInterval(prune, pruneMs).unref();
    return opened;
  };
  const settler = createRunSettler({ state, archive: () => recordings().archive });
  const { settle } = settler;
  const files = (): string => `${workspace.version} ${plugins.version}`;
  const executors: Executors = options.executors
    ? createExecutorPool({ root, usual, recordings, dispatcher: () => dispatcher, connections, notify, log, values, editorSecrets, files, limits: options.executors })
    : localExecutor({ workbench, recordings, settle });
  const dispatcher = createDispatcher({ recordings, executors, log, settle, concurrency: () => workspace.config.runs?.concurrency ?? usualConcurrency });
  const starter = createRunStarter({ workbench, recordings, dispatcher, isListening: () => isListening, debugOf: ({ flow }) => debugging.waitsFor(flow) });

  const mask = <T>(value: T): T => createMasker(values, workspace.config.redact ?? []).value(value);
  /** Entries of the audit log until they are written; none of them fails. */
  let audited: Promise<unknown> = Promise.resolve();
  const audit: Audit = (action, subject, detail, actor = options.actor ?? 'runner') => {
    const row = { at: systemClock.now(), actor, action, subject: mask(subject), detail: mask(detail) };
    const written = recordings().operations.addAudit(row).catch((error: unknown) => log.error(`A change is not in the audit log: ${(error as Error).message}`, { action, subject, actor }));
    audited = Promise.all([audited, written]);
  };
  const notifier = createNotifier({ config: () => workspace.config, secret, log, mask, now: systemClock.now, recordings, hasRecordings: () => hasRecordings(root) });

  let isListening = false;
  let lookTimer: NodeJS.Timeout | undefined;
  /** What could only be read before may be written by now. */
  const reopen = async (): Promise<void> => {
    if (!opened?.isReadOnly) return;
    const closing = opened;
    opened = undefined;
    clearInterval(pruneTimer);
    await closing[Symbol.asyncDispose]();
  };
  const startNow = async (request: StartRun) => {
    await reopen();
    await workbench.reveal();
    const environment = request.environment ?? environmentNow();
    return starter.start({ ...request, ...(environment !== undefined && { environment }) });
  };
  /** A trigger of files that are not deployed is like somebody who tries them out. */
  const startByTrigger = async (request: StartRun) => {
    if (usual === 'draft') refuseProduction(workspace, request.environment ?? environmentNow(), options.isProductionConfirmed === true);
    return startNow({ ...request, isAutomatic: true });
  };
  const listen: TriggersOptions['listen'] = (plans = workbench.plans, endpoint, listening) => {
    const host = plans.host(environmentNow());
    return listenToEndpoint(host, { ...endpoint, open: openContext(host) }, listening);
  };
  const triggers = createTriggers({ registry: plugins.registry, clock: systemClock, log, secret, start: startByTrigger, memory: triggerMemory(state), listen, started: (request, run) => gate.started(request, run) });
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

  const start = async (request: StartRun) => {
    await refresh();
    await guardStart(request, request.environment ?? environmentNow(), { workspace, versions });
    return startNow(request);
  };

  const evaluate: Runner['evaluate'] = async (expression, scope, payload) => {
    const host = plans.host(environmentNow());
    const value = await compileTemplate(expression.includes('{{') ? expression : `{{ ${expression} }}`, expressionEnv(host)).catch((error: unknown) => { throw explainUnknown(error, plugins); });
    const now = systemClock.now();
    return value.evaluate({ env: host.workspace.env, now: new Date(now).toISOString(), ...scope, ...(payload && value.roots.has('payload') && { payload: await readFar(payload, value.payloadPaths) }) }, { now, random: Math.random });
  };
  const tests = createTests({ root, refresh, workspace, executors, recordings, audit });
  const publicAddress = (): PublicAddress => {
    const { publicUrl, trustForwarded = false } = workspace.config.server ?? {};
    const given = options.publicUrl?.() ?? publicUrl;
    const url = given === undefined ? undefined : readPublicUrl(given);
    return { ...(url !== undefined && { url }), trustsForwarded: trustForwarded };
  };
  const gate = createInbox({
    root, publicAddress, registry: plugins.registry, secret, seal: openSeal(root, process.env), clock: systemClock, audit, log, reveal: () => workbench.reveal(),
    async wanted({ flow, trigger }) {
      if (!isListening) await refresh().then(sync);
      // What another process has deployed answers from now on, not from the next look on. Where that cannot be read, that look says so.
      else if (await stateFile.refresh().catch(() => false)) await sync();
      return (trigger === undefined ? undefined : served.trigger(flow, trigger)) ?? served.hook(trigger === undefined ? flow : `${flow}/${trigger}`);
    },
    deliver: (wanted, request) => triggers.hook(wanted, request),
    triggers: async () => { await refresh(); await served.refresh(); return served.triggers; },
    masker: (flow) => createMasker(values, redactedNames(workspace.config, workspace.flows.get(flow)?.read.value?.settings)),
    runStatus: (run) => (hasRecordings(root) ? recordings().archive.run(run)?.status : undefined),
    runEnds: (listener) => recordings().subscribe(undefined, ({ event }) => { if (event.type === 'run-finished') listener(); }),
    saveTest: (request) => tests.save(request),
    evaluate,
  });

  const past = createPastRuns({ root, recordings, start, executors });
  const debugging = createDebugging({ executors, start, fork: past.fork, test: tests.run, recordings });
  const recorded = (): RunArchive | undefined => (hasRecordings(root) ? recordings().archive : undefined);
  const access = createStateAccess({ state, config: () => workspace.config, audit });
  const runner: Runner = auditedRunner({
    root,
    publicUrl: () => publicAddress().url,
    debug: debugging,
    past,
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
      return describeFlows({ workspace, diagnoser, state: stateFile, served, registry: plugins.registry, draftDiffers: deployments.draftDiffers, lastRun, now: systemClock.now() });
    },
    async schedule(flow, { from = systemClock.now(), count = 5 } = {}) {
      await refresh();
      const entry = workspace.flows.get(flow);
      if (!entry) throw new FlowError('CONFIG_NOT_FOUND', `There is no flow ${JSON.stringify(flow)}.`, { details: { flow } });
      return scheduleOf(entry, { from, count }, { registry: plugins.registry, isEnabled: stateFile.isEnabled(flow), isDeployed: stateFile.deployment(flow) !== undefined });
    },
    async scriptTypes() {
      await refresh();
      return scriptTypes(diagnoser.world(), workspace.config.scripts?.hosts ?? []);
    },
    async diagnostics(files) {
      await refresh();
      const known = new Set((await Promise.all(referenced().map(async (name) => ((await secrets.get(name).catch(() => undefined)) === undefined ? [] : [name])))).flat());
      return diagnoser.all(files, (name) => known.has(name));
    },
    start,
    stop: async (run) => hasRecordings(root) && dispatcher.stop(run),
    async queue(filter) {
      const limit = workspace.config.runs?.concurrency ?? usualConcurrency;
      if (!hasRecordings(root)) return { items: [], page: 1, perPage: 50, total: 0, atWork: 0, waiting: 0, limit };
      return { ...recordings().queue.list({ ...filter, now: systemClock.now() }), limit };
    },
    hook: (flow, trigger, request) => gate.take({ flow, trigger }, request),
    inbox: gate.inbox,
    async listen() {
      await refresh();
      recordings();
      isListening = true;
      dispatcher.listen();
      notifier.listen();
      await sync();
      logFaults();
      lookTimer = setInterval(() => void look(), options.dev ? lookMs.dev : lookMs.server).unref();
    },
    async setEnabled(flow, enabled) {
      await refresh();
      if (!workspace.flows.has(flow) && !stateFile.deployment(flow)) throw new FlowError('CONFIG_NOT_FOUND', `There is no flow ${JSON.stringify(flow)}.`, { details: { flow } });
      await stateFile.setEnabled(flow, enabled);
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
      await stateFile.setEnvironment(environment);
    },
    subscribe: (run, listener, from) => recordings().subscribe(run, listener, from),
    get archive() {
      return recordings().archive;
    },
    secrets,
    logins: createLogins({
      refresh, host: (environment) => plans.host(environment ?? environmentNow()), tokens, connections, log, now: systemClock.now,
      instances: () => workspace.entries.filter(({ kind }) => kind === 'instance').map(({ id }) => id),
    }),
    trials: createTrials({ refresh, reveal: () => workbench.reveal(), workspace, host: (environment) => plans.host(environment), environment: environmentNow, values, save: saveExamples({ root, workspace, audit }) }),
    mocks: createMocks({ refresh, workspace, host: () => plans.host(undefined), archive: () => recordings().archive }),
    maps: createMaps({ refresh, workspace, world: () => diagnoser.world(), host: () => plans.host(environmentNow()), now: systemClock.now, lastSample: lastSample(recorded), lint: diagnoser.ofOpened }),
    expressions: createExpressions({ refresh, workspace, world: () => diagnoser.world(), lastSample: lastSample(recorded, { texts: true }) }),
    tests,
    state: access,
    notifications: notifier,
    ...createOperator({ recordings, hasRecordings: () => hasRecordings(root), tracked: access.tracked, runner: () => runner, audit, audited: () => audited, now: systemClock.now }),
    diff: (before, after, request) => diffRuns(recordings().archive, before, after, request),
    async lineage(run, request) {
      await refresh();
      const { maps, instances, connectors } = diagnoser.world();
      return traceValue({ archive: recordings().archive, maps, directionOf: (instance, endpoint) => connectors[instances[instance]?.connector ?? '']?.endpoints[endpoint]?.direction }, run, request);
    },
    exportRun(run) {
      const file = recordings().export(run);
      if (!file) throw new FlowError('API_NOT_FOUND', `There is no run ${JSON.stringify(run)}.`, { details: { run }, remedy: '`patchbay runs list` shows those that there are.' });
      return file;
    },
    async importRun(bytes) {
      const imported = await recordings().import(bytes);
      if (imported.isNew) audit('run.import', `run ${imported.run}`, {});
      return imported;
    },
    diffPayloads: (order) => diffPayloads(recordings().archive, order),
    lookups: createLookups(lookupFiles(root), audit),
    evaluate,
    async transform(type, settings, input) {
      const compiled = await openContext(plans.host(environmentNow())).transform(type, settings).catch((error: unknown) => { throw explainUnknown(error, plugins); });
      return compiled(input, { now: systemClock.now(), random: Math.random });
    },
    async [Symbol.asyncDispose]() {
      clearInterval(lookTimer);
      clearInterval(pruneTimer);
      isListening = false;
      await triggers.close();
      await gate.close();
      starter.close();
      await dispatcher.drain(options.drainMs ?? 30_000);
      await executors[Symbol.asyncDispose]();
      await notifier.close();
      await opened?.[Symbol.asyncDispose]();
      await workbench[Symbol.asyncDispose]();
    },
  }, audit);
  return runner;
}
