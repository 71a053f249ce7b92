import debugAdapter from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { debugLines } from '../model/debug-lines.ts';
import { didYouMean } from '../model/suggest.ts';
import { invalid } from './arguments.ts';
import { breakpointLocations } from './breakpoints.ts';
import { capabilities, moving } from './capabilities.ts';
import { countingOf, fromClient, fromOne, toClient } from './counting.ts';
import { Debugged, type Confirmed, type DebugHost } from './debugged.ts';
import { FlowFiles } from './flow-files.ts';
import { event, refusalOf } from './messages.ts';
import { checkRequest } from './request-arguments.ts';
import { SetPoints } from './set-points.ts';
import { Shown } from './shown.ts';

type Handler = (args: never) => unknown;

/** One debug session: the Debug Adapter Protocol on the one side, a runner on the other. It knows no editor. */
export class PatchbayDebugSession extends debugAdapter.DebugSession {
  readonly #files: FlowFiles;
  readonly #shown: Shown;
  readonly #points = new SetPoints();
  readonly #debugged: Debugged;
  readonly #gotos: string[] = [];
  #counting = fromOne;
  #moving = 0;
  readonly #held: DebugProtocol.Event[] = [];

  constructor(host: DebugHost) {
    super();
    this.#files = new FlowFiles(host);
    this.#debugged = new Debugged(host, this.#points, {
      say: (category, output) => this.sendEvent(event('output', { category, output })),
      stopped: (body) => {
        this.#forget();
        this.sendEvent(event('stopped', body));
      },
      continued: () => {
        this.#forget();
        this.sendEvent(event('continued', { threadId: 1, allThreadsContinued: true }));
      },
      verified: (breakpoint) => this.sendEvent(event('breakpoint', { reason: 'changed', breakpoint })),
      ended: (exitCode) => {
        this.sendEvent(event('exited', { exitCode }));
        this.sendEvent(event('terminated'));
      },
      reported: (report) => this.sendEvent(event('testReport', report)),
    });
    this.#shown = new Shown(host.root, this.#files, () => this.#debugged.target);
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
      this.sendResponse(refusalOf(request, error));
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
    await this.#debugged.close().catch(() => undefined);
  }

  async #answer({ command, arguments: args = {} }: DebugProtocol.Request): Promise<unknown> {
    const handler = Object.hasOwn(this.#handlers, command) ? this.#handlers[command] : undefined;
    if (!handler) throw invalid(`The request ${JSON.stringify(command)} is not known.${didYouMean(String(command), Object.keys(this.#handlers))}`, 'Look at the capabilities that `initialize` gave.');
    checkRequest(command, args);
    return toClient(command, await handler.call(this, fromClient(command, args, this.#counting) as never), this.#counting);
  }

  readonly #handlers: Readonly<Record<string, Handler>> = {
    initialize: (args: Partial<DebugProtocol.InitializeRequestArguments>) => {
      this.#counting = countingOf(args);
      return capabilities;
    },
    launch: (args: unknown) => this.#debugged.launch(args),
    attach: (args: Readonly<Record<string, unknown>>) => this.#debugged.attach(args),
    configurationDone: () => this.#debugged.configured(),
    setBreakpoints: async ({ source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments) => {
      this.#files.forget();
      return this.#set(this.#points.inSource(source.path ?? '', await this.#files.named(source), breakpoints));
    },
    setFunctionBreakpoints: ({ breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments) => this.#set(this.#points.byName(this.#debugged.flow, breakpoints)),
    setDataBreakpoints: ({ breakpoints }: DebugProtocol.SetDataBreakpointsArguments) => this.#set(this.#points.ofData(breakpoints)),
    setExceptionBreakpoints: (args: DebugProtocol.SetExceptionBreakpointsArguments) => this.#set(this.#points.ofExceptions(args)),
    breakpointLocations: async ({ source, line, endLine }: DebugProtocol.BreakpointLocationsArguments) => {
      const { text } = await this.#files.named(source);
      return { breakpoints: text === undefined ? [] : breakpointLocations(text, line, endLine) };
    },
    dataBreakpointInfo: (args: DebugProtocol.DataBreakpointInfoArguments) => this.#shown.watchInfo(args),
    threads: async () => ({ threads: await this.#debugged.known?.threads() ?? [{ id: 1, name: this.#debugged.flow ?? 'Patchbay' }] }),
    stackTrace: (args: DebugProtocol.StackTraceArguments) => this.#shown.stackTrace(args),
    scopes: (args: DebugProtocol.ScopesArguments) => this.#shown.scopes(args),
    variables: (args: DebugProtocol.VariablesArguments) => this.#shown.variables(args),
    readMemory: (args: DebugProtocol.ReadMemoryArguments) => this.#shown.readMemory(args),
    evaluate: (args: DebugProtocol.EvaluateArguments) => this.#shown.evaluate(args),
    completions: (args: DebugProtocol.CompletionsArguments) => this.#shown.completions(args),
    setVariable: (args: DebugProtocol.SetVariableArguments) => this.#afterChange(this.#shown.setVariable(args)),
    setExpression: (args: DebugProtocol.SetExpressionArguments) => this.#afterChange(this.#shown.setExpression(args)),
    continue: async () => {
      await this.#debugged.resume({ how: 'continue' });
      return { allThreadsContinued: true };
    },
    next: () => this.#debugged.resume({ how: 'next' }),
    stepIn: ({ targetId }: DebugProtocol.StepInArguments) => {
      const target = this.#shown.stepInTarget(targetId);
      return this.#debugged.resume({ how: 'in', ...(target && { target }) });
    },
    stepOut: () => this.#debugged.resume({ how: 'out' }),
    stepInTargets: () => this.#shown.stepInTargets(),
    stepBack: () => this.#debugged.back(false),
    reverseContinue: () => this.#debugged.back(true),
    pause: () => this.#debugged.target.pause(),
    restartFrame: async ({ frameId, confirm }: DebugProtocol.RestartFrameArguments & Confirmed) => {
      if (this.#shown.frame(frameId).index !== 0) throw invalid('Only what was stopped can be done again.', 'Choose the first line of the stack.');
      await this.#debugged.restart(confirm);
    },
    gotoTargets: async ({ source, line }: DebugProtocol.GotoTargetsArguments) => {
      const { text } = await this.#files.named(source);
      const place = text === undefined ? undefined : debugLines(text).locate(line);
      return { targets: place ? [{ id: this.#gotos.push(place.step), label: place.step, line: place.line }] : [] };
    },
    goto: async ({ targetId, confirm }: DebugProtocol.GotoArguments & Confirmed) => {
      const step = this.#gotos[targetId - 1];
      if (step === undefined) throw invalid('There is no such target.', 'Ask for the targets again.');
      await this.#debugged.move(step, confirm);
    },
    terminate: () => this.#debugged.close(true),
    disconnect: ({ terminateDebuggee }: DebugProtocol.DisconnectArguments) => this.#debugged.close(terminateDebuggee),
    cancel: () => undefined,
    source: () => { throw invalid('The files of a workspace are where they are.', 'Open the file of the flow.'); },
  };

  /** Numbers count as long as the run stands where it stands. */
  #forget(): void {
    this.#shown.forget();
    this.#gotos.length = 0;
  }

  /** What the client is told of its breakpoints, when the run knows them. */
  async #set<T>(shown: T): Promise<T> {
    await this.#debugged.setup();
    return shown;
  }

  /** What is shown elsewhere may have changed with it. */
  async #afterChange<T>(change: Promise<T>): Promise<T> {
    const changed = await change;
    this.sendEvent(event('invalidated', { areas: ['variables'] }));
    return changed;
  }
}
