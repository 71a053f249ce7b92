import type { DebugProtocol } from '@vscode/debugprotocol';
import { FlowError } from '../../plugins/sdk/index.ts';
import { noStops, type DebugEvent, type DebugPlace, type DebugRef, type DebugResume, type DebugSetup, type DebugTarget, type SendAgain } from '../model/debug.ts';
import type { Runner, StartRun } from '../runner/contract.ts';
import type { TestOrder } from '../runner/executors.ts';
import { flowNamed, inputFile, invalid, readLaunch, startOf, testsNamed, type LaunchArguments } from './arguments.ts';
import { CaseRecordings } from './case-recordings.ts';
import { Launched } from './launched.ts';
import { openPast, type PastRun } from './past.ts';
import type { SetPoints } from './set-points.ts';

export type DebugHost = Pick<Runner, 'archive' | 'debug' | 'evaluate' | 'root' | 'flows' | 'stop' | 'tests'>;

/** What a client is told. */
export interface Told {
  say(category: string, output: string): void;
  stopped(body: DebugProtocol.StoppedEvent['body']): void;
  continued(): void;
  /** It stops at this one from now on. */
  verified(breakpoint: DebugProtocol.Breakpoint): void;
  ended(exitCode: number): void;
  reported(report: object): void;
}

/** Of tests. */
type Cases = Pick<TestOrder, 'cases'> & { readonly files: readonly string[] };

type Change = Pick<DebugRef, 'root' | 'path'> & { readonly value: unknown };

/** The breakpoint of a case that is done again: those of clients count from 1. */
const onceMore = 0;

/** `["write"]`: what would be done twice is sent again all the same. */
export interface Confirmed {
  readonly confirm?: readonly unknown[];
}

/** What a session debugs: a run, cases of tests, runs that others start, or a recording that is looked at in place of them. */
export class Debugged {
  readonly #host: DebugHost;
  readonly #points: SetPoints;
  readonly #told: Told;
  readonly #launched: Launched;
  readonly #cases: CaseRecordings;
  #launch: LaunchArguments | undefined;
  #start: StartRun | Cases | undefined;
  #flow: string | undefined;
  #preparing: Promise<void> | undefined;
  #isConfigured = false;
  #isBegun = false;
  #isOver = false;
  /** Where the run stands. */
  #stop: DebugPlace | undefined;
  /** Runs that others have called. */
  readonly #called = new Set<string>();
  /** The recording that is looked at, in place of the run. */
  #past: PastRun | undefined;
  /** Where a case that is done again goes on, with what is changed there. */
  #again: { readonly step: string; readonly setup: DebugSetup; readonly changes: readonly Change[] } | undefined;

  constructor(host: DebugHost, points: SetPoints, told: Told) {
    this.#host = host;
    this.#points = points;
    this.#told = told;
    this.#cases = new CaseRecordings(host);
    this.#launched = new Launched({ host, tell: (event) => this.#tell(event), say: told.say, ended: (code) => this.#ended(code), reported: told.reported });
  }

  get flow(): string | undefined {
    return this.#flow;
  }

  /** Fails with `API_INVALID` where there is nothing yet. */
  get target(): DebugTarget {
    const { known } = this;
    if (!known) throw invalid('Nothing is debugged yet.', 'Launch a flow, or attach to a runner.');
    return known;
  }

  get known(): DebugTarget | undefined {
    return this.#past ?? this.#launched.target;
  }

  async launch(args: unknown): Promise<void> {
    const prepared = this.#prepare(args);
    this.#preparing = prepared.catch(() => undefined);
    await prepared;
    if (this.#isConfigured) await this.#begin();
  }

  /** Clients need not wait for the answer to their launch. */
  async configured(): Promise<void> {
    this.#isConfigured = true;
    await this.#preparing;
    await this.#begin();
  }

  async #prepare(args: unknown): Promise<void> {
    this.#checkFirst();
    const launch = readLaunch(args);
    if (launch.run !== undefined) {
      this.#launch = launch;
      return this.#openRecording(launch.run);
    }
    if (launch.test !== undefined) {
      const { flow: tested, ...cases } = testsNamed(this.#host.root, await this.#host.tests.list(), launch.test, launch.case);
      this.#start = cases;
      this.#isAbout(tested);
    }
    const flow = launch.test === undefined ? flowNamed(this.#host.root, await this.#host.flows(), (launch.flow ?? launch.program)!) : undefined;
    if (flow) this.#start = startOf(flow.id, launch.input === undefined ? undefined : await inputFile(this.#host.root, launch.input), launch);
    this.#launch = launch;
    if (flow) this.#isAbout(flow.id);
    this.#launched.open(launch.stopOnEntry === true && launch.noDebug !== true);
  }

  /** Runs that triggers and others start are debugged as long as the session lives. */
  async attach({ flow = '*', stopOnEntry }: Readonly<Record<string, unknown>>): Promise<void> {
    this.#checkFirst();
    if (typeof flow !== 'string') throw invalid('The argument "flow" is a text.', 'Give the id of a flow, its file, or "*".');
    const waitsFor = flow === '*' ? flow : flowNamed(this.#host.root, await this.#host.flows(), flow).id;
    if (flow !== '*') this.#isAbout(waitsFor);
    this.#launched.open(stopOnEntry === true, waitsFor);
    await this.setup();
  }

  async #begin(): Promise<void> {
    if (this.#isBegun || !this.#launch) return;
    this.#isBegun = true;
    const begun = this.#run();
    this.#preparing = begun.catch(() => undefined);
    await begun;
  }

  async #run(): Promise<void> {
    if (this.#past) await this.#forth(this.#past, false, 'entry');
    const start = this.#start;
    if (!start) return;
    await this.setup();
    if ('files' in start) this.#launched.test(start);
    else await this.#launched.start(start);
  }

  /** All at which it stops, to the run. */
  async setup(): Promise<void> {
    if (this.#launch?.noDebug) return;
    const { setup } = this.#points;
    await this.#launched.target?.setup(this.#again?.setup ?? setup);
    await this.#past?.setup(setup);
  }

  async resume(how: DebugResume): Promise<void> {
    if (this.#past) await this.#forth(this.#past, how.how === 'continue' || how.how === 'out');
    else await this.target.resume(how);
  }

  async back(isFar: boolean): Promise<void> {
    if (!this.#past) {
      if (!this.#stop) throw invalid('The run is not stopped.', 'Pause it first.');
      this.#openRecording(this.#stop.run);
      await this.setup();
    }
    const reached = await this.#past!.back(isFar);
    if (reached === 'beginning') this.#told.say('console', 'The recording begins here.\n');
    this.#told.stopped({ reason: isFar && reached === 'moment' ? 'breakpoint' : 'step', threadId: 1, allThreadsStopped: true });
  }

  async restart(confirm: Confirmed['confirm']): Promise<void> {
    if (this.#past) await this.#goOnFrom(this.#past, confirm);
    else await this.target.restart(this.#sendAgain(confirm));
  }

  async move(step: string, confirm: Confirmed['confirm']): Promise<void> {
    await this.target.move(step, this.#sendAgain(confirm));
  }

  /** `wanted`: what was launched ends, too; default where it was launched here. What has not begun yet does not begin any more. */
  async close(wanted?: boolean): Promise<void> {
    const hasBegun = this.#isBegun;
    this.#isBegun = true;
    await this.#preparing;
    const isEnd = wanted ?? this.#launch !== undefined;
    const wasOpen = this.#launched.target !== undefined;
    if (wasOpen) this.#past = undefined;
    await this.#launched.close(isEnd);
    if (wasOpen ? !isEnd || this.#launch === undefined || !hasBegun : this.#past !== undefined) this.#ended(0);
  }

  #checkFirst(): void {
    if (this.known || this.#start) throw invalid('The session debugs something already.', 'Begin another session.');
  }

  /** Clients may have named steps of it before. */
  #isAbout(flow: string): void {
    this.#flow = flow;
    for (const breakpoint of this.#points.inFlow(flow)) this.#told.verified(breakpoint);
  }

  #openRecording(run: string): void {
    const past = openPast(this.#cases.host(run) ?? this.#host, run);
    if (!past) throw new FlowError('API_NOT_FOUND', `There is no run ${JSON.stringify(run)}.`, { remedy: '`patchbay runs list` lists those that there are.' });
    this.#past = past;
    if (this.#flow === undefined) this.#isAbout(past.flow);
    this.#told.say('important', `REPLAY: this is the recording of a run. What it has done is not undone, and nothing is done again; to go on from here, restart the frame${this.#launch?.test === undefined ? '' : ': the case is done again up to here'}.\n`);
  }

  /** At the end of what was recorded is the run itself, where it still stands. */
  async #forth(past: PastRun, isFar: boolean, reason = isFar ? 'breakpoint' : 'step'): Promise<void> {
    const reached = await past.forth(isFar);
    if (reached === 'end' && this.#stop) {
      this.#past = undefined;
      this.#told.say('console', 'This is the run again, where it stands.\n');
    } else if (reached === 'end') {
      this.#told.say('console', 'The recording ends here.\n');
      if (isFar) return this.#ended(0);
    }
    this.#told.stopped({ reason, threadId: 1, allThreadsStopped: true });
  }

  /** What was recorded up to here, with what was changed, becomes a run of its own. */
  async #goOnFrom(past: PastRun, confirm: Confirmed['confirm']): Promise<void> {
    if (this.#called.has(past.run)) throw invalid('A run that another one has called cannot be gone on with alone.', 'Step out of it, and go on from the step that calls it.');
    if (this.#start && 'files' in this.#start) return this.#doAgain(past, this.#start);
    const options = { ...past.fork(), ...(this.#launch?.isProductionConfirmed && { isProductionConfirmed: true }), ...(this.#sendAgain(confirm).isConfirmed && { isWriteConfirmed: true }) };
    await this.#launched.fork(past.run, options, async () => {
      this.#past = undefined;
      await this.setup();
      this.#tell({ type: 'continued' });
    });
  }

  /** A case begins anew, so that its mocks, its clock and its state are what they were, and stops nowhere until it is there. */
  async #doAgain(past: PastRun, cases: Cases): Promise<void> {
    const { changes = [], variables = {} } = past.fork();
    const { step, seq } = past.moment!;
    const hits = String(this.#cases.countOf(past.run, seq, step));
    this.#past = undefined;
    await this.#launched.renew();
    this.#cases.forget();
    const there = { id: onceMore, flow: past.flow, step, at: 'before', hits } as const;
    this.#again = { step, setup: { ...noStops, breakpoints: [there] }, changes: [...changes.map(({ of: root, path, value }) => ({ root, path, value })), ...Object.entries(variables).map(([name, value]) => ({ root: 'variables' as const, path: [name], value }))] };
    await this.setup();
    this.#told.continued();
    this.#launched.test(cases);
  }

  /** Where something cannot be changed, the case stands there for the client. */
  async #goOnThere(changes: readonly Change[]): Promise<void> {
    try {
      await this.setup();
      for (const { root, path, value } of changes) await this.target.set({ thread: 1, frame: 0, root, path }, value);
      await this.target.resume({ how: 'continue' });
    } catch (error) {
      const { message } = error as Error;
      this.#told.say('stderr', `${message}\n`);
      this.#told.stopped({ reason: 'exception', threadId: 1, allThreadsStopped: true, text: message, description: `What was changed cannot be changed here any more: ${message}` });
    }
  }

  #sendAgain(confirm: Confirmed['confirm'] = []): Required<SendAgain> {
    return { isConfirmed: this.#launch?.isWriteConfirmed === true || confirm.includes('write') };
  }

  #ended(exitCode: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#again) this.#told.say('stderr', `No payload came to the step ${JSON.stringify(this.#again.step)} as it did before: the case is another one now.\n`);
    this.#told.ended(exitCode);
  }

  #tell(told: DebugEvent): void {
    switch (told.type) {
      case 'stopped': {
        const { reason, breakpoints, text, place } = told;
        this.#stop = place;
        if (this.#again && breakpoints.includes(onceMore)) {
          const { changes } = this.#again;
          this.#again = undefined;
          void this.#goOnThere(changes);
          return;
        }
        // Somebody looks at the recording: this is where it will end.
        if (this.#past) return;
        this.#told.stopped({ reason, threadId: 1, allThreadsStopped: true, ...(breakpoints.length > 0 && { hitBreakpointIds: [...breakpoints] }), ...(text !== undefined && { text, description: text }) });
        return;
      }
      case 'continued':
        this.#stop = undefined;
        if (!this.#past) this.#told.continued();
        return;
      case 'output':
        this.#told.say(told.category, `${told.text}\n`);
        return;
      case 'recording':
      case 'recorded':
      case 'recorded-body':
        return this.#cases.take(told);
      case 'run-began':
        if (told.caller === undefined) return;
        this.#called.add(told.run);
        this.#told.say('console', `The flow ${told.flow} was called: run ${told.run}.\n`);
        return;
      default:
    }
  }
}
