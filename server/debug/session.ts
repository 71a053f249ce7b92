import debugAdapter from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { DebugEvent, DebugPlace, DebugResume, DebugTarget } from '../model/debug.ts';
import { debugLines } from '../model/debug-lines.ts';
import type { Runner, StartRun } from '../runner/contract.ts';
import type { TestOrder } from '../runner/executors.ts';
import { flowNamed, inputFile, invalid, pathInside, readLaunch, startOf, type LaunchArguments } from './arguments.ts';
import { breakpointLocations } from './breakpoints.ts';
import { capabilities, moving } from './capabilities.ts';
import { FlowFiles } from './flow-files.ts';
import { Launched } from './launched.ts';
import { openPast, type PastHost, type PastRun } from './past.ts';
import { SetPoints } from './set-points.ts';
import { Shown } from './shown.ts';

export type DebugHost = PastHost & Pick<Runner, 'root' | 'flows' | 'stop' | 'tests'>;

/** Of tests. */
type Cases = Pick<TestOrder, 'cases'> & { readonly files: readonly string[] };

type Arguments = Readonly<Record<string, unknown>>;
type Handler = (args: never) => unknown;

/** One debug session: the Debug Adapter Protocol on the one side, a runner on the other. It knows no editor. */
export class PatchbayDebugSession extends debugAdapter.DebugSession {
  readonly #host: DebugHost;
  readonly #files: FlowFiles;
  readonly #shown: Shown;
  readonly #points = new SetPoints();
  readonly #launched: Launched;
  readonly #gotos: string[] = [];
  #launch: LaunchArguments | undefined;
  #start: StartRun | Cases | undefined;
  #flow: string | undefined;
  #isOver = false;
  #moving = 0;
  readonly #held: DebugProtocol.Event[] = [];
  /** Where the run stands. */
  #stop: DebugPlace | undefined;
  /** Runs that others have called. */
  readonly #called = new Set<string>();
  /** The recording that is looked at, in place of the run. */
  #past: PastRun | undefined;

  constructor(host: DebugHost) {
    super();
    this.#host = host;
    this.#files = new FlowFiles(host);
    this.#shown = new Shown(host.root, this.#files, () => this.#target);
    this.#launched = new Launched({ host, tell: (told) => this.#tell(told), say: (category, text) => this.#say(category, text), ended: (code) => this.#ended(code), reported: (report) => this.sendEvent(event('testReport', report)) });
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
    setBreakpoints: async ({ source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments) => {
      this.#files.forget();
      return this.#send(this.#points.inSource(source.path ?? '', await this.#files.named(source), breakpoints));
    },
    setFunctionBreakpoints: ({ breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments) => this.#send(this.#points.byName(this.#flow, breakpoints)),
    setDataBreakpoints: ({ breakpoints }: DebugProtocol.SetDataBreakpointsArguments) => this.#send(this.#points.ofData(breakpoints)),
    setExceptionBreakpoints: (args: DebugProtocol.SetExceptionBreakpointsArguments) => this.#send(this.#points.ofExceptions(args)),
    breakpointLocations: async ({ source, line, endLine }: DebugProtocol.BreakpointLocationsArguments) => {
      const { text } = await this.#files.named(source);
      return { breakpoints: text === undefined ? [] : breakpointLocations(text, line, endLine) };
    },
    dataBreakpointInfo: (args: DebugProtocol.DataBreakpointInfoArguments) => this.#shown.watchInfo(args),
    threads: async () => ({ threads: await this.#known()?.threads() ?? [{ id: 1, name: this.#flow ?? 'Patchbay' }] }),
    stackTrace: (args: DebugProtocol.StackTraceArguments) => this.#shown.stackTrace(args),
    scopes: (args: DebugProtocol.ScopesArguments) => this.#shown.scopes(args),
    variables: (args: DebugProtocol.VariablesArguments) => this.#shown.variables(args),
    readMemory: (args: DebugProtocol.ReadMemoryArguments) => this.#shown.readMemory(args),
    evaluate: (args: DebugProtocol.EvaluateArguments) => this.#shown.evaluate(args),
    completions: (args: DebugProtocol.CompletionsArguments) => this.#shown.completions(args),
    setVariable: (args: DebugProtocol.SetVariableArguments) => this.#afterChange(this.#shown.setVariable(args)),
    setExpression: (args: DebugProtocol.SetExpressionArguments) => this.#afterChange(this.#shown.setExpression(args)),
    continue: async () => {
      await this.#resume({ how: 'continue' });
      return { allThreadsContinued: true };
    },
    next: () => this.#resume({ how: 'next' }),
    stepIn: ({ targetId }: DebugProtocol.StepInArguments) => {
      const target = this.#shown.stepInTarget(targetId);
      return this.#resume({ how: 'in', ...(target && { target }) });
    },
    stepOut: () => this.#resume({ how: 'out' }),
    stepInTargets: () => this.#shown.stepInTargets(),
    stepBack: () => this.#back(false),
    reverseContinue: () => this.#back(true),
    pause: () => this.#target.pause(),
    restartFrame: async ({ frameId }: DebugProtocol.RestartFrameArguments) => {
      if (this.#shown.frame(frameId).index !== 0) throw invalid('Only what was stopped can be done again.', 'Choose the first line of the stack.');
      if (this.#past) await this.#goOnFrom(this.#past);
      else await this.#target.restart();
    },
    gotoTargets: async ({ source, line }: DebugProtocol.GotoTargetsArguments) => {
      const { text } = await this.#files.named(source);
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

  get #target(): DebugTarget {
    const target = this.#known();
    if (!target) throw invalid('Nothing is debugged yet.', 'Launch a flow, or attach to a runner.');
    return target;
  }

  #known(): DebugTarget | undefined {
    return this.#past ?? this.#launched.target;
  }

  async #begin(args: Arguments): Promise<void> {
    const launch = readLaunch(args);
    if (launch.run !== undefined) {
      this.#launch = launch;
      return this.#openRecording(launch.run);
    }
    if (launch.test !== undefined) this.#start = await this.#tested(launch.test, launch.case);
    const flow = launch.test === undefined ? flowNamed(this.#host.root, await this.#host.flows(), (launch.flow ?? launch.program)!) : undefined;
    this.#launch = launch;
    this.#flow = flow?.id ?? this.#flow;
    if (flow) this.#start = startOf(flow.id, launch.input === undefined ? undefined : await inputFile(this.#host.root, launch.input), launch);
    this.#launched.open(launch.stopOnEntry === true && launch.noDebug !== true);
  }

  /** The cases of a file, or one of them. */
  async #tested(name: string, wanted: string | undefined): Promise<Cases> {
    const path = pathInside(this.#host.root, name);
    const listed = await this.#host.tests.list();
    const found = listed.find(({ file }) => file === path || file === name) ?? listed.find(({ flow }) => flow === name);
    if (!found) throw new FlowError('CONFIG_NOT_FOUND', `There are no tests ${JSON.stringify(name)}; there are ${listed.map(({ file }) => file).join(', ') || 'none'}.`, { remedy: 'Name a file such as `flows/import-orders.test.json`.' });
    if (wanted !== undefined && !found.cases.some((one) => one.name === wanted)) throw new FlowError('CONFIG_NOT_FOUND', `The file ${found.file} has no case ${JSON.stringify(wanted)}; it has ${found.cases.map((one) => one.name).join(', ') || 'none'}.`, { remedy: 'Correct the name, or leave it out for all of them.' });
    this.#flow = found.flow;
    return { files: [found.file], ...(wanted !== undefined && { cases: [wanted] }) };
  }

  /** Runs that triggers and others start are debugged as long as the session lives. */
  async #attach({ flow = '*', stopOnEntry }: Arguments): Promise<void> {
    if (typeof flow !== 'string') throw invalid('The argument "flow" is a text.', 'Give the id of a flow, its file, or "*".');
    const waitsFor = flow === '*' ? flow : flowNamed(this.#host.root, await this.#host.flows(), flow).id;
    if (flow !== '*') this.#flow = waitsFor;
    this.#launched.open(stopOnEntry === true, waitsFor);
    await this.#send(undefined);
  }

  async #configured(): Promise<void> {
    if (this.#past) await this.#forth(this.#past, false, 'entry');
    const start = this.#start;
    if (!start) return;
    await this.#send(undefined);
    if ('files' in start) this.#launched.test(start);
    else await this.#launched.start(start);
  }

  #openRecording(run: string): void {
    if (this.#launch?.test !== undefined) throw invalid('The run of a test is not recorded: there is no way back.', 'Debug the case again, with a breakpoint further to the front.');
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
      await this.#send(undefined);
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
    await this.#launched.stop();
    this.#past = undefined;
    if (!this.#launched.target) this.#launched.open(false);
    await this.#send(undefined);
    this.#tell({ type: 'continued' });
    await this.#launched.fork(past.run, options);
  }

  #ended(exitCode: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.sendEvent(event('exited', { exitCode }));
    this.sendEvent(event('terminated'));
  }

  async #close(isEnd: boolean): Promise<void> {
    const wasOpen = this.#launched.target !== undefined;
    if (wasOpen) this.#past = undefined;
    await this.#launched.close(isEnd);
    if (wasOpen ? !isEnd || this.#launch === undefined : this.#past !== undefined) this.#ended(0);
  }

  /** All at which it stops, to the run. */
  async #send<T>(shown: T): Promise<T> {
    if (this.#launch?.noDebug) return shown;
    const { setup } = this.#points;
    await this.#launched.target?.setup(setup);
    await this.#past?.setup(setup);
    return shown;
  }

  async #resume(how: DebugResume): Promise<void> {
    if (this.#past) await this.#forth(this.#past, how.how === 'continue' || how.how === 'out');
    else await this.#target.resume(how);
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
        this.#shown.forget();
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
    this.#shown.forget();
    this.sendEvent(event('stopped', body));
  }

  /** What is shown elsewhere may have changed with it. */
  async #afterChange<T>(change: Promise<T>): Promise<T> {
    const changed = await change;
    this.sendEvent(event('invalidated', { areas: ['variables'] }));
    return changed;
  }

  #say(category: string, output: string): void {
    this.sendEvent(event('output', { category, output }));
  }
}

const event = (name: string, body?: unknown): DebugProtocol.Event => ({ seq: 0, type: 'event', event: name, ...(body !== undefined && { body }) });

function shownError(error: unknown): DebugProtocol.Message {
  const { code, remedy } = FlowError.is(error) ? error : { code: 'INTERNAL', remedy: '' };
  return { id: 1, format: `${(error as Error).message}${remedy === '' ? '' : ` ${remedy}`}`, variables: { code }, showUser: true };
}
