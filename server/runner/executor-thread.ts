import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { NumberedRunEvent } from '../model/run-event.ts';
import { openRecordings, type Recordings } from '../stores/recordings.ts';
import { secretValues, type SecretValues } from '../stores/redact.ts';
import { isMilestone } from '../stores/watchers.ts';
import { createCalls } from './calls.ts';
import { systemClock } from './clock.ts';
import { remoteConnections } from './executor-connections.ts';
import { localExecutor } from './executor-local.ts';
import type { ControlMethods, ExecutorMethods, ExecutorStart } from './executor-protocol.ts';
import type { Debugging, Outcome, Reply } from './executors.ts';
import { createFlowCalls } from './flow-calls.ts';
import type { RunnerLog } from './log.ts';
import { openSeal } from './secrets.ts';
import { createRunSettler } from './settle-run.ts';
import { openWorkbench } from './workbench.ts';

// A thread that runs flows. It opens workspace and recordings for itself, and says to the control process only what somebody there waits for. Whatever a plugin
// does here — loops, takes all memory, ends the process — ends this thread and nothing else.

/** How long events may wait for others, and how often the thread shows that it is alive. */
const eventMs = 40;
const beatMs = 250;

const start = workerData as ExecutorStart;
const port = parentPort as MessagePort;
const methods: Partial<{ -readonly [M in keyof ExecutorMethods]: ExecutorMethods[M] }> = {};
// Messages are kept until somebody listens: nothing is lost while the workspace is opened.
const opened = open();
for (const method of ['run', 'replay', 'test', 'leave', 'stop', 'watch', 'settle', 'editorSecrets', 'conceal', 'renewToken', 'openDebug', 'debug', 'closeDebug', 'close'] as const) {
  methods[method] = (async (args: never) => ((await opened)[method] as (args: never) => unknown)(args)) as never;
}
const control = createCalls<ControlMethods>(port, methods as ExecutorMethods);
const beats = new Int32Array(start.beat);
setInterval(() => Atomics.add(beats, 0, 1), beatMs).unref();

async function open(): Promise<ExecutorMethods> {
  await Promise.resolve();
  const editorSecrets = new Map(start.editorSecrets);
  const values = sharedValues((value, owner) => control.tell('conceal', { value, ...(owner !== undefined && { owner }) }));
  const { connections, renew } = remoteConnections(control);
  const flows = createFlowCalls({
    workbench: () => workbench, recordings: () => recordings, expect: (run, _wants, caller) => control.call('expect', { run, caller }), wake: () => control.tell('wake', {}), wait: (run, parked) => control.call('wait', { run, parked }),
  });
  const workbench = await openWorkbench({
    root: start.root, log: remoteLog(), values: values.own, editorSecrets, usual: start.usual, connections, flows, notify: async (group, message, place) => control.call('notify', { group, message, place }),
  });
  await workbench.reveal();
  const recordings: Recordings = openRecordings(start.root, {
    secrets: values.own, now: systemClock.now, seal: openSeal(start.root, process.env), within: { owner: start.owner, attach: (to) => port.postMessage({ attach: to }, [to]) },
  });
  const { settle } = createRunSettler({ state: workbench.state, archive: () => recordings.archive });
  let [files, filesNow]: (string | undefined)[] = [];
  const executor = localExecutor({
    workbench, recordings: () => recordings, settle,
    async ready() {
      if (files !== filesNow) {
        files = filesNow;
        await workbench.refresh();
      }
      await workbench.reveal();
    },
  });
  const events = eventSender();
  recordings.subscribe(undefined, ({ run, seq, event }) => { if (!events.isWatched(run)) events.send({ run, seq, event }); });
  const leaving = new AbortController();
  const debugs = new Map<string, Debugging>();
  control.tell('ready', {});

  return {
    async run({ lease, files: given, isWatched, hasCaller, outputs, outputsTo, debug }) {
      if (isWatched) events.watch(lease.run, recordings);
      filesNow = given;
      const reply = (given: Reply): void => {
        const body = new Uint8Array(given.body);
        control.tell('reply', { run: lease.run, reply: { ...given, body } }, [body.buffer]);
      };
      const outcome = await executor.run(lease, { ...(hasCaller && { reply }), ...(outputs && { outputs }), ...(outputsTo !== undefined && { outputsTo }), ...(debug !== undefined && { debug }) });
      events.flush();
      events.unwatch(lease.run);
      return sendable(outcome);
    },
    async replay({ request, files: given }) {
      filesNow = given;
      const result = await executor.replay(request, leaving.signal);
      return { ...result, outputs: sendableAll(result.outputs) };
    },
    async test({ request, files: given }) {
      filesNow = given;
      return executor.test(request, leaving.signal, (report) => control.tell('caseEnded', { report }));
    },
    leave: () => leaving.abort(new FlowError('RUN_STOPPED', 'Nobody waits for it any more.')),
    openDebug({ id, stopOnEntry }) {
      debugs.set(id, executor.debug({ id, stopOnEntry }, (event) => control.tell('debugEvent', { id, event })));
    },
    debug({ id, method, args }) {
      const target = debugs.get(id)?.target;
      if (!target) throw new FlowError('API_INVALID', 'Nothing is debugged here any more.');
      return (target[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
    },
    async closeDebug({ id }) {
      await debugs.get(id)?.[Symbol.asyncDispose]();
      debugs.delete(id);
    },
    stop: ({ run, why }) => executor.stop(run, why),
    watch({ run, isOn }) {
      if (isOn) events.watch(run, recordings);
      else events.unwatch(run);
    },
    async settle() {
      await recordings.flush();
      events.flush();
    },
    editorSecrets({ entries }) {
      editorSecrets.clear();
      for (const [name, value] of entries) editorSecrets.set(name, value);
    },
    conceal: ({ value, owner }) => values.fromOthers(value, owner),
    renewToken: ({ ticket, last }) => renew(ticket, last),
    async close() {
      await recordings[Symbol.asyncDispose]();
      await workbench[Symbol.asyncDispose]();
    },
  };
}

/** What a plugin gives may hold what no thread can give to another, such as a function; in the recording it is JSON. */
function sendable(outcome: Outcome): Outcome {
  if (outcome.type !== 'ended') return outcome;
  const { payloads, result, ...rest } = outcome;
  return { ...rest, result: { ...result, outputs: sendableAll(result.outputs) }, ...(payloads && canBeSent(payloads) && { payloads }) };
}

const sendableAll = (values: readonly unknown[]): readonly unknown[] => (canBeSent(values) ? values : values.map(plain));

function canBeSent(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

function plain(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null') as unknown;
  } catch {
    return { $cut: 'The body is no JSON.' };
  }
}

function eventSender() {
  const watched = new Map<string, () => void>();
  let waiting: NumberedRunEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const events = waiting;
    waiting = [];
    if (events.length > 0) control.tell('events', { events });
  };
  const send = (event: NumberedRunEvent): void => {
    waiting.push(event);
    // What begins may never come to an end of this turn.
    if (event.event.type === 'run-started') flush();
    else if (isMilestone(event.event.type)) setImmediate(flush);
    else timer ??= setTimeout(flush, eventMs);
  };
  return {
    send, flush,
    isWatched: (run: string) => watched.has(run),
    watch(run: string, recordings: Recordings) {
      if (!watched.has(run)) watched.set(run, recordings.subscribe(run, send));
    },
    unwatch(run: string) {
      watched.get(run)?.();
      watched.delete(run);
    },
  };
}

const mostKnown = 10_000;

/** Secrets that come up in one thread are masked in all. */
function sharedValues(tell: (value: string, owner: string | undefined) => void): { readonly own: SecretValues; fromOthers(value: string, owner: string | undefined): void } {
  const own = secretValues();
  const known = new Set<string>();
  const fromOthers = (value: string, owner: string | undefined): void => {
    known.add(value);
    own.add(value, owner);
  };
  return {
    fromOthers,
    own: {
      get epoch() {
        return own.epoch;
      },
      add(value, owner) {
        own.add(value, owner);
        if (known.has(value)) return;
        // Tokens come and go; one that is told twice does no harm.
        if (known.size > mostKnown) known.clear();
        known.add(value);
        tell(value, owner);
      },
      test: own.test,
      replace: own.replace,
    },
  };
}

function remoteLog(): RunnerLog {
  const to = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: Readonly<Record<string, unknown>>): void => control.tell('log', { level, message, ...(fields && { fields }) });
  return { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
}

