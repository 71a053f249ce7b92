import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import debugAdapter from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { DebugBreakpoint, DebugEvent, DebugPlace, DebugRef, DebugResume, DebugTarget, DebugWatch } from '../model/debug.ts';
import { debugLines } from '../model/debug-lines.ts';
import type { Runner, StartedRun, StartRun } from '../runner/contract.ts';
import type { DebuggedRuns } from '../runner/debugging.ts';
import { flowNamed, inputFile, invalid, pathInside, readLaunch, startOf, type LaunchArguments } from './arguments.ts';
import { breakpointLocations, breakpointModes, exceptionFilters, filtersOf, nameBreakpoints, placeBreakpoints, watchBreakpoints, type SetBreakpoint } from './breakpoints.ts';
import { complete } from './completions.ts';
import { openPast, type PastHost, type PastRun } from './past.ts';
import { References } from './references.ts';
import { refAt, typedValue, watchOf } from './values.ts';

export type DebugHost = PastHost & Pick<Runner, 'root' | 'flows' | 'stop'>;

type Arguments = Readonly<Record<string, unknown>>;
type Handler = (args: never) => unknown;

/** One debug session: the Debug Adapter Protocol on the one side, a runner on the other. It knows no editor. */
export class PatchbayDebugSession extends debugAdapter.DebugSession {
  readonly #host: DebugHost;
  readonly #references = new References();
  readonly #frames: { readonly thread: number; readonly index: number }[] = [];
  readonly #sources = new Map<string, readonly SetBreakpoint<DebugBreakpoint>[]>();
  /** What was launched here, by its id, with its end. */
  readonly #runs = new Map<string, Promise<void>>();
  readonly #gotos: string[] = [];
  readonly #texts = new Map<string, Promise<string | undefined>>();
  #names: readonly SetBreakpoint<DebugBreakpoint>[] = [];
  #watches: readonly SetBreakpoint<DebugWatch>[] = [];
  #filters: ReturnType<typeof filtersOf>['filters'] = [];
  #targets: Awaited<ReturnType<DebugTarget['targets']>> = [];
  #lastId = 0;
  #launch: LaunchArguments | undefined;
  #start: StartRun | undefined;
  #flow: string | undefined;
  #debugged: DebuggedRuns | undefined;
  #isOver = false;
  #moving = 0;
  readonly #held: DebugProtocol.Event[] = [];
  /** The run that the session is about, and where it stands. */
  #current: string | undefined;
  #stop: DebugPlace | undefined;
  /** Runs that others have called. */
  readonly #called = new Set<string>();
  /** The recording that is looked at, in place of the run. */
  #past: PastRun | undefined;

  constructor(host: DebugHost) {
    super();
    this.#host = host;
    this.setRunAsServer(true);
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    void this.#respond(request);
  }

  async #respond(request: DebugProtocol.Request): Promise<void> {
    const response = { seq: 0, type: 'response', request_seq: request.seq, command: request.command };
    const isMoving = moving.has(request.command);
    if (isMoving) this.#moving++;
    try {
      const body = await this.#answer(request);
      this.sendResponse({ ...response, success: true, ...(body !== undefined && { body }) });
      if (request.command === 'initialize') this.sendEvent(event('initialized'));
    } catch (error) {
      this.sendResponse({ ...response, success: false, message: (error as Error).message, body: { error: shownError(error) } });
    } finally {
      if (isMoving && --this.#moving === 0) for (const held of this.#held.splice(0)) super.sendEvent(held);
    }
  }

  /** Clients take a run for going on when their request is answered: that it has stopped again is told after that. */
  override sendEvent(told: DebugProtocol.Event): void {
    if (this.#moving > 0) this.#held.push(told);
    else super.sendEvent(told);
  }

  /** The client is gone: what it has launched ends with it. */
  async end(): Promise<void> {
    await this.#close(this.#launch !== undefined).catch(() => undefined);
  }

  async #answer({ command, arguments: args = {} }: DebugProtocol.Request): Promise<unknown> {
    const handler = Object.hasOwn(this.#handlers, command) ? this.#handlers[command] : undefined;
    if (!handler) throw invalid(`The request ${JSON.stringify(command)} is not known.`, 'Look at the capabilities that `initialize` gave.');
    return handler.call(this, args as never);
  }

  readonly #handlers: Readonly<Record<string, Handler>> = {
    initialize: () => capabilities,
    launch: (args: Arguments) => this.#begin(args),
    attach: (args: Arguments) => this.#attach(args),
    configurationDone: () => this.#configured(),
    setBreakpoints: (args: DebugProtocol.SetBreakpointsArguments) => this.#setBreakpoints(args),
    setFunctionBreakpoints: async ({ breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments) => {
      this.#names = nameBreakpoints(this.#flow, breakpoints, this.#nextId);
      return this.#changed(this.#names);
    },
    setDataBreakpoints: async ({ breakpoints }: DebugProtocol.SetDataBreakpointsArguments) => {
      this.#watches = watchBreakpoints(breakpoints, this.#nextId);
      return this.#changed(this.#watches);
    },
    setExceptionBreakpoints: async (args: DebugProtocol.SetExceptionBreakpointsArguments) => {
      const { filters, shown } = filtersOf(args);
      this.#filters = filters;
      await this.#send();
      return { breakpoints: shown };
    },
    breakpointLocations: async ({ source, line, endLine }: DebugProtocol.BreakpointLocationsArguments) => {
      const { text } = await this.#flowOf(source);
      return { breakpoints: text === undefined ? [] : breakpointLocations(text, line, endLine) };
    },
    dataBreakpointInfo: (args: DebugProtocol.DataBreakpointInfoArguments) => watchOf(args, (number) => this.#references.get(number)),
    threads: async () => ({ threads: await this.#known()?.threads() ?? [{ id: 1, name: this.#flow ?? 'Patchbay' }] }),
    stackTrace: (args: DebugProtocol.StackTraceArguments) => this.#stackTrace(args),
    scopes: ({ frameId }: DebugProtocol.ScopesArguments) => this.#scopes(frameId),
    variables: (args: DebugProtocol.VariablesArguments) => this.#variables(args),
    evaluate: (args: DebugProtocol.EvaluateArguments) => this.#evaluate(args),
    completions: async ({ text, column, frameId }: DebugProtocol.CompletionsArguments) => {
      const { thread, index } = this.#frame(frameId);
      return { targets: await complete(text.slice(0, column - 1), (root, path) => this.#target.values({ thread, frame: index, root, path }, { count: 200 })) };
    },
    setVariable: async ({ variablesReference, name, value }: DebugProtocol.SetVariableArguments) => {
      const referred = this.#references.get(variablesReference);
      if (!referred || !('ref' in referred)) throw invalid('What an expression gave cannot be changed.', 'Change the payload, its metadata or a flow variable in its scope.');
      const { ref } = referred;
      const rows = await this.#target.values(ref, {});
      const key = rows.find((row) => row.name === name)?.key ?? (/^\d+$/.test(name) && rows.some((row) => typeof row.key === 'number') ? Number(name) : name);
      return this.#changedTo(await this.#target.set({ ...ref, path: [...ref.path, key] }, typedValue(value)), ref);
    },
    setExpression: async ({ expression, value, frameId }: DebugProtocol.SetExpressionArguments) => {
      const { thread, index } = this.#frame(frameId);
      const ref: DebugRef = { thread, frame: index, ...refAt(expression) };
      return this.#changedTo(await this.#target.set(ref, typedValue(value)), { ...ref, path: ref.path.slice(0, -1) });
    },
    continue: async () => {
      await this.#resume({ how: 'continue' });
      return { allThreadsContinued: true };
    },
    next: () => this.#resume({ how: 'next' }),
    stepIn: ({ targetId }: DebugProtocol.StepInArguments) => {
      const target = targetId === undefined ? undefined : this.#targets[targetId - 1]?.target;
      return this.#resume({ how: 'in', ...(target && { target }) });
    },
    stepOut: () => this.#resume({ how: 'out' }),
    stepInTargets: async () => {
      this.#targets = await this.#target.targets();
      return { targets: this.#targets.map(({ label }, index) => ({ id: index + 1, label })) };
    },
    stepBack: () => this.#back(false),
    reverseContinue: () => this.#back(true),
    pause: () => this.#target.pause(),
    restartFrame: async ({ frameId }: DebugProtocol.RestartFrameArguments) => {
      if (this.#frame(frameId).index !== 0) throw invalid('Only what was stopped can be done again.', 'Choose the first line of the stack.');
      if (this.#past) await this.#goOnFrom(this.#past);
      else await this.#target.restart();
    },
    gotoTargets: async ({ source, line }: DebugProtocol.GotoTargetsArguments) => {
      const { text } = await this.#flowOf(source);
      const place = text === undefined ? undefined : debugLines(text).locate(line);
      return { targets: place ? [{ id: this.#gotos.push(place.step), label: place.step, line: place.line }] : [] };
    },
    goto: async ({ targetId }: DebugProtocol.GotoArguments) => {
      const step = this.#gotos[targetId - 1];
      if (step === undefined) throw invalid('There is no such target.', 'Ask for the targets again.');
      await this.#target.move(step);
    },
    terminate: () => this.#close(true),
    disconnect: ({ terminateDebuggee = this.#launch !== undefined }: DebugProtocol.DisconnectArguments) => this.#close(terminateDebuggee),
    cancel: () => undefined,
    source: () => { throw invalid('The files of a workspace are where they are.', 'Open the file of the flow.'); },
  };

  readonly #nextId = (): number => ++this.#lastId;

  get #target(): DebugTarget {
    const target = this.#known();
    if (!target) throw invalid('Nothing is debugged yet.', 'Launch a flow, or attach to a runner.');
    return target;
  }

  #known(): DebugTarget | undefined {
    return this.#past ?? this.#debugged?.target;
  }

  async #begin(args: Arguments): Promise<void> {
    const launch = readLaunch(args);
    if (launch.run !== undefined) {
      this.#launch = launch;
      return this.#openRecording(launch.run);
    }
    const flow = flowNamed(this.#host.root, await this.#host.flows(), (launch.flow ?? launch.program)!);
    this.#launch = launch;
    this.#flow = flow.id;
    this.#start = startOf(flow.id, launch.input === undefined ? undefined : await inputFile(this.#host.root, launch.input), launch);
    this.#open(launch.stopOnEntry === true && launch.noDebug !== true);
  }

  /** Runs that triggers and others start are debugged as long as the session lives. */
  async #attach({ flow = '*', stopOnEntry }: Arguments): Promise<void> {
    if (typeof flow !== 'string') throw invalid('The argument "flow" is a text.', 'Give the id of a flow, its file, or "*".');
    const waitsFor = flow === '*' ? flow : flowNamed(this.#host.root, await this.#host.flows(), flow).id;
    if (flow !== '*') this.#flow = waitsFor;
    this.#open(stopOnEntry === true, waitsFor);
    await this.#send();
  }

  #open(stopOnEntry: boolean, waitsFor?: string): void {
    if (this.#debugged) throw invalid('The session debugs something already.', 'Begin another session.');
    this.#debugged = this.#host.debug.open({ stopOnEntry, ...(waitsFor !== undefined && { waitsFor }) }, (event) => this.#tell(event));
  }

  async #configured(): Promise<void> {
    if (this.#past) await this.#forth(this.#past, false, 'entry');
    const start = this.#start;
    if (!start || !this.#debugged) return;
    await this.#send();
    const started = await this.#debugged.start(start).catch((error: unknown) => {
      this.#say('stderr', `${(error as Error).message}\n`);
      this.#ended(1);
      throw error;
    });
    this.#follow(started);
  }

  /** Tells how a run ends; with the one that it is about the session ends, too. */
  #follow({ head: { id, flow }, done }: StartedRun): void {
    this.#current = id;
    this.#say('console', `Run ${id} of ${flow}.\n`);
    const end = (code: number): void => { if (this.#current === id) this.#ended(code); };
    const over = ({ status, error, outputs }: Awaited<StartedRun['done']>): void => {
      for (const output of outputs) this.#say('stdout', `${JSON.stringify(output)}\n`);
      this.#say(error ? 'stderr' : 'console', `The run has ended: ${status}${error ? `. ${error.code}: ${error.message}` : '.'}\n`);
      end(status === 'success' || status === 'partial-success' ? 0 : 1);
    };
    this.#runs.set(id, done.then(over).catch((error: unknown) => {
      this.#say('stderr', `${(error as Error).message}\n`);
      end(1);
    }));
  }

  #openRecording(run: string): void {
    const past = openPast(this.#host, run);
    if (!past) throw new FlowError('API_NOT_FOUND', `There is no run ${JSON.stringify(run)}.`, { remedy: '`patchbay runs list` lists those that there are.' });
    this.#past = past;
    this.#flow ??= past.flow;
    this.#say('important', 'REPLAY: this is the recording of a run. What it has done is not undone, and nothing is done again; to go on from here, restart the frame.\n');
  }

  async #back(isFar: boolean): Promise<void> {
    if (!this.#past) {
      if (!this.#stop) throw invalid('The run is not stopped.', 'Pause it first.');
      this.#openRecording(this.#stop.run);
      await this.#send();
    }
    const reached = await this.#past!.back(isFar);
    if (reached === 'beginning') this.#say('console', 'The recording begins here.\n');
    this.#stopped({ reason: isFar && reached === 'moment' ? 'breakpoint' : 'step', threadId: 1, allThreadsStopped: true });
  }

  /** At the end of what was recorded is the run itself, where it still stands. */
  async #forth(past: PastRun, isFar: boolean, reason = isFar ? 'breakpoint' : 'step'): Promise<void> {
    const reached = await past.forth(isFar);
    if (reached === 'end' && this.#stop) {
      this.#past = undefined;
      this.#say('console', 'This is the run again, where it stands.\n');
    } else if (reached === 'end') {
      this.#say('console', 'The recording ends here.\n');
      if (isFar) return this.#ended(0);
    }
    this.#stopped({ reason, threadId: 1, allThreadsStopped: true });
  }

  /** What was recorded up to here, with what was changed, becomes a run of its own. */
  async #goOnFrom(past: PastRun): Promise<void> {
    if (this.#called.has(past.run)) throw invalid('A run that another one has called cannot be gone on with alone.', 'Step out of it, and go on from the step that calls it.');
    const options = { ...past.fork(), ...(this.#launch?.isProductionConfirmed && { isProductionConfirmed: true }) };
    this.#current = undefined;
    for (const run of this.#runs.keys()) await this.#host.stop(run);
    await Promise.all(this.#runs.values());
    this.#past = undefined;
    if (!this.#debugged) this.#open(false);
    await this.#send();
    this.#tell({ type: 'continued' });
    this.#follow(await this.#debugged!.fork(past.run, options).catch((error: unknown) => {
      this.#say('stderr', `${(error as Error).message}\n`);
      this.#ended(1);
      throw error;
    }));
  }

  #ended(exitCode: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.sendEvent(event('exited', { exitCode }));
    this.sendEvent(event('terminated'));
  }

  async #close(isEnd: boolean): Promise<void> {
    const debugged = this.#debugged;
    if (!debugged) {
      if (this.#past) this.#ended(0);
      return;
    }
    this.#past = undefined;
    if (isEnd) {
      for (const run of this.#runs.keys()) await this.#host.stop(run);
      await this.#target.detach().catch(() => undefined);
      await Promise.all(this.#runs.values());
    }
    await debugged[Symbol.asyncDispose]();
    this.#debugged = undefined;
    if (!isEnd || this.#launch === undefined) this.#ended(0);
  }

  async #setBreakpoints({ source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments): Promise<unknown> {
    this.#texts.clear();
    const { flow, text } = await this.#flowOf(source);
    const placed = placeBreakpoints(flow ?? '', text, breakpoints, this.#nextId);
    this.#sources.set(source.path ?? '', placed);
    return this.#changed(placed);
  }

  async #changed(set: readonly SetBreakpoint<unknown>[]): Promise<unknown> {
    await this.#send();
    return { breakpoints: set.map(({ shown }) => shown) };
  }

  /** All at which it stops, to the run. */
  async #send(): Promise<void> {
    if (this.#launch?.noDebug) return;
    const points = [...this.#sources.values(), this.#names].flat();
    const setup = { breakpoints: points.flatMap(({ point }) => point ?? []), watches: this.#watches.flatMap(({ point }) => point ?? []), filters: this.#filters };
    await this.#debugged?.target.setup(setup);
    await this.#past?.setup(setup);
  }

  async #flowOf({ path = '' }: DebugProtocol.Source): Promise<{ readonly flow?: string; readonly text?: string }> {
    const file = pathInside(this.#host.root, path);
    const flow = (await this.#host.flows()).find((one) => one.file === file);
    const text = flow && (await this.#text(flow.file));
    return { ...(flow && { flow: flow.id }), ...(text !== undefined && { text }) };
  }

  #text(file: string): Promise<string | undefined> {
    const known = this.#texts.get(file) ?? readFile(join(this.#host.root, file), 'utf8').catch(() => undefined);
    this.#texts.set(file, known);
    return known;
  }

  async #stackTrace({ threadId, startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments): Promise<unknown> {
    const frames = await this.#target.stack(threadId);
    const files = new Map((await this.#host.flows()).map(({ id, file }) => [id, file]));
    const shown = frames.slice(startFrame, levels > 0 ? startFrame + levels : undefined);
    const stackFrames = await Promise.all(shown.map(async ({ name, flow, step, rule, canRestart }, index): Promise<DebugProtocol.StackFrame> => {
      const file = files.get(flow);
      const text = file === undefined ? undefined : await this.#text(file);
      const lines = step === undefined || text === undefined ? undefined : debugLines(text);
      const place = lines?.all.find((one) => one.step === step && (rule === undefined ? one.at === 'before' : one.rule === rule));
      return {
        id: this.#frameId(threadId, startFrame + index), name, line: place?.line ?? 0, column: place?.column ?? 0, canRestart,
        ...(file !== undefined && { source: { name: basename(file), path: join(this.#host.root, file) } }), ...(step === undefined && { presentationHint: 'subtle' as const }),
      };
    }));
    return { stackFrames, totalFrames: frames.length };
  }

  async #scopes(frameId: number): Promise<unknown> {
    const { thread, index } = this.#frame(frameId);
    const scopes = await this.#target.scopes(thread, index);
    return {
      scopes: scopes.map(({ name, root, indexed, named }, order): DebugProtocol.Scope => ({
        name, variablesReference: this.#references.add({ ref: { thread, frame: index, root, path: [] } }), expensive: order > 2 && root !== 'variables',
        ...(indexed > 0 && { indexedVariables: indexed }), ...(named > 0 && { namedVariables: named }), ...(root === 'variables' && { presentationHint: 'globals' }),
      })),
    };
  }

  async #variables({ variablesReference, filter, start, count }: DebugProtocol.VariablesArguments): Promise<unknown> {
    const referred = this.#references.get(variablesReference);
    if (!referred) throw invalid('There is no such variable: the run has gone on since.', 'Ask for the scopes again.');
    const window = { ...(filter && { filter }), ...(start !== undefined && { start }), ...(count !== undefined && { count }) };
    if ('value' in referred) return { variables: this.#references.parts(referred.value, window) };
    const rows = await this.#target.values(referred.ref, window);
    return { variables: rows.map((row) => this.#references.variable(referred.ref, row)) };
  }

  async #evaluate({ expression, frameId, context }: DebugProtocol.EvaluateArguments): Promise<unknown> {
    const { thread, index } = this.#frame(frameId);
    const evaluated = await this.#target.evaluate(thread, index, expression, { full: context === 'clipboard' });
    if (evaluated.value !== undefined && context !== 'clipboard') {
      const { value: _, ...plain } = this.#references.plain(evaluated.value);
      return { result: evaluated.text, ...plain };
    }
    return { result: evaluated.text, type: evaluated.type, variablesReference: 0 };
  }

  #changedTo({ text, type, key, name, indexed, named }: Awaited<ReturnType<DebugTarget['set']>>, below: DebugRef): unknown {
    const { variablesReference } = this.#references.variable(below, { text, type, key, name, indexed, named });
    // What is shown elsewhere may have changed with it.
    this.sendEvent(event('invalidated', { areas: ['variables'] }));
    return { value: text, type, variablesReference, ...(indexed > 0 && { indexedVariables: indexed }), ...(named > 0 && { namedVariables: named }) };
  }

  async #resume(how: DebugResume): Promise<void> {
    if (this.#past) await this.#forth(this.#past, how.how === 'continue' || how.how === 'out');
    else await this.#target.resume(how);
  }

  /** The same as long as the run stands. */
  #frameId(thread: number, index: number): number {
    const known = this.#frames.findIndex((frame) => frame.thread === thread && frame.index === index);
    return known >= 0 ? known + 1 : this.#frames.push({ thread, index });
  }

  #frame(id: number | undefined): { readonly thread: number; readonly index: number } {
    const frame = id === undefined ? { thread: 1, index: 0 } : this.#frames[id - 1];
    if (!frame) throw invalid('There is no such frame: the run has gone on since.', 'Ask for the stack again.');
    return frame;
  }

  #tell(told: DebugEvent): void {
    switch (told.type) {
      case 'stopped': {
        const { reason, breakpoints, text, place } = told;
        this.#stop = place;
        // Somebody looks at the recording: this is where it will end.
        if (this.#past) return;
        this.#stopped({ reason, threadId: 1, allThreadsStopped: true, ...(breakpoints.length > 0 && { hitBreakpointIds: [...breakpoints] }), ...(text !== undefined && { text, description: text }) });
        return;
      }
      case 'continued':
        this.#stop = undefined;
        if (this.#past) return;
        this.#forget();
        this.sendEvent(event('continued', { threadId: 1, allThreadsContinued: true }));
        return;
      case 'output':
        this.#say(told.category, `${told.text}\n`);
        return;
      case 'run-began':
        if (told.caller === undefined) return;
        this.#called.add(told.run);
        this.#say('console', `The flow ${told.flow} was called: run ${told.run}.\n`);
        return;
      default:
    }
  }

  #stopped(body: DebugProtocol.StoppedEvent['body']): void {
    this.#forget();
    this.sendEvent(event('stopped', body));
  }

  /** Numbers count as long as the run stands where it stands. */
  #forget(): void {
    this.#references.clear();
    this.#frames.length = 0;
    this.#targets = [];
    this.#texts.clear();
  }

  #say(category: string, output: string): void {
    this.sendEvent(event('output', { category, output }));
  }
}

/** Requests after which the run goes on. */
const moving = new Set(['configurationDone', 'continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue', 'goto', 'restartFrame', 'pause']);

const event = (name: string, body?: unknown): DebugProtocol.Event => ({ seq: 0, type: 'event', event: name, ...(body !== undefined && { body }) });

function shownError(error: unknown): DebugProtocol.Message {
  const { code, remedy } = FlowError.is(error) ? error : { code: 'INTERNAL', remedy: '' };
  return { id: 1, format: `${(error as Error).message}${remedy === '' ? '' : ` ${remedy}`}`, variables: { code }, showUser: true };
}

const capabilities: DebugProtocol.Capabilities & { readonly breakpointModes: readonly DebugProtocol.BreakpointMode[] } = {
  supportsConfigurationDoneRequest: true, supportsFunctionBreakpoints: true, supportsConditionalBreakpoints: true, supportsHitConditionalBreakpoints: true, supportsLogPoints: true, supportsEvaluateForHovers: true,
  supportsSetVariable: true, supportsSetExpression: true, supportsRestartFrame: true, supportsGotoTargetsRequest: true, supportsStepInTargetsRequest: true, supportsCompletionsRequest: true, completionTriggerCharacters: ['.', '['],
  supportsExceptionOptions: false, supportsExceptionFilterOptions: true, supportsDataBreakpoints: true, supportsBreakpointLocationsRequest: true, supportsTerminateRequest: true, supportTerminateDebuggee: true,
  supportsStepBack: true, supportsCancelRequest: true, supportsClipboardContext: true, supportsDelayedStackTraceLoading: true, exceptionBreakpointFilters: [...exceptionFilters], breakpointModes: [...breakpointModes],
};
