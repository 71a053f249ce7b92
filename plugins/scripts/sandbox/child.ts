import { encodeFrame, frameReader, maxBodyLength, type Frame } from './frames.ts';
import type { SandboxApi } from './harness.ts';
import { selfTest } from './self-test.ts';

// Runs in the child process, bundled with an engine into one file. It trusts its parent, and nothing that comes out of the sandbox.

/** Makes a sandbox and loads a script in it; or says why that cannot be. */
export type Realm = (head: LoadHead, code: string, packages: string) => Opened | { readonly message: string; readonly stack: string };

interface Opened {
  readonly api: SandboxApi;
  readonly dispose: () => void;
}

const { stdin, stdout } = process;
const exit = process.exit.bind(process);
const residentBytes = process.memoryUsage.rss;
const later = setImmediate;
const repeat = setInterval;

/** More sandboxes than this are not kept; the one used longest ago goes first. */
const maxScripts = 16;
const sliceMs = 10;
const scripts = new Map<number, Opened>();
/** Promises that failed and that nobody waited for, since results were last sent. */
let floating = 0;

let openRealm: Realm;

/** Takes over stdin; `rest` has come with the source of this file. */
export function serve(realm: Realm, rest: Buffer): void {
  openRealm = realm;
  const held = selfTest();
  // Only counted: what it was rejected with may come from the sandbox. vm2 keeps quiet about promises that the script makes itself; those of asynchronous functions come here.
  process.on('unhandledRejection', () => { floating++; });
  removeHandles();
  const read = frameReader(handle);
  stdin.on('data', (chunk: Buffer) => guarded(() => read(chunk)));
  stdin.on('end', () => exit(0));
  send({ type: 'ready', held });
  if (rest.length > 0) guarded(() => read(rest));
}

function handle({ head, body }: Frame): void {
  if (head['type'] === 'load') load(head as unknown as LoadHead, body);
  else if (head['type'] === 'run') run(head as unknown as RunHead, body);
  else if (head['type'] === 'answer') answer(head as unknown as AnswerHead, body);
  else if (head['type'] === 'report-memory') {
    reports = true;
    repeat(reportMemory, reportMs);
  }
}

const reportMs = 50;
let reports = false;
let reportedAt = 0;

/** An interpreter calls it now and then while it is busy, when no timer could. */
export function beforeWork(): void {
  if (reports && performance.now() - reportedAt >= reportMs) reportMemory();
}

function reportMemory(): void {
  reportedAt = performance.now();
  send({ type: 'memory', bytes: residentBytes() });
}

interface LoadHead {
  readonly script: number;
  readonly file: string;
  readonly contract: 'input' | 'hosted';
  readonly columnOffset: number;
  /** Letters of the code of its packages, which stand first. */
  readonly packages: number;
  readonly memoryBytes: number;
}

function load(head: LoadHead, code: string): void {
  const { script } = head;
  const opened = openRealm(head, code.slice(head.packages), code.slice(0, head.packages));
  if (!('api' in opened)) {
    send({ type: 'invalid', script }, JSON.stringify(opened));
    return;
  }
  later(() => guarded(() => {
    const problem = opened.api.problem();
    if (problem !== '') {
      send({ type: 'invalid', script }, String(problem));
      return;
    }
    scripts.set(script, opened);
    for (const [oldest, { dispose }] of scripts) {
      if (scripts.size <= maxScripts) break;
      scripts.delete(oldest);
      dispose();
    }
    send({ type: 'loaded', script });
  }));
}

interface RunHead {
  readonly script: number;
  readonly call: number;
  /** Report after each row, so that the parent knows which one does not end. */
  readonly single: boolean;
  /** See `Script`. */
  readonly areColumns: boolean;
  readonly first: number;
  readonly now: number;
  readonly seed: number;
}

interface AnswerHead {
  readonly call: number;
  readonly question: number;
}

/** The call in work: its sandbox, and how it goes on when an answer has come. */
let inWork: { readonly call: number; readonly api: SandboxApi; readonly goOn: () => void } | undefined;

function run({ script, call, single, areColumns, first, now, seed }: RunHead, inputs: string): void {
  const opened = scripts.get(script);
  if (!opened) {
    send({ type: 'forgotten', call });
    return;
  }
  scripts.delete(script);
  scripts.set(script, opened);
  const { api } = opened;
  api.begin(inputs, first, now, seed, areColumns ? 1 : 0, wholeNumbers(inputs));
  const work = (): void => {
    api.work(single ? 0 : sliceMs);
    // By then the microtasks of the script are done.
    later(() => guarded(collect));
  };
  const collect = (): void => {
    const questions = api.questions();
    if (questions !== '[]') send({ type: 'ask', call }, questions);
    // An answer that has to come calls this again. Two that came together do, too, and then there is nothing new.
    if (api.done() === 0 && api.waits() < 2) return;
    const results = api.take(maxBodyLength);
    const left = api.left();
    // The next rows wait until these results have left: they would be lost if the process had to be killed.
    send({ type: 'rows', call, left, floating, bytes: residentBytes() }, results, () => {
      if (left > 0 && api.waits() === 0) guarded(work);
    });
    floating = 0;
  };
  inWork = { call, api, goOn: () => later(() => guarded(collect)) };
  guarded(work);
}

/** Numbers from 2^53 on that are written out digit by digit, as a JSON list. One that only stands so in a text does no harm. */
function wholeNumbers(inputs: string): string {
  const found = new Set<string>();
  for (const [, number] of inputs.matchAll(/[:,[](-?\d{16,21})(?=[,\]}])/g)) found.add(number!);
  return `[${[...found].join(',')}]`;
}

function answer({ call, question }: AnswerHead, body: string): void {
  if (inWork?.call !== call) return;
  const { api, goOn } = inWork;
  // Nobody may wait for it.
  const waited = api.waits() > 0;
  api.answer(question, body);
  if (waited) goOn();
}

function send(head: Frame['head'], body = '', sent?: () => void): void {
  stdout.write(encodeFrame(head, body), sent);
}

/** What fails in here is not the script's doing in any ordinary way: the process ends, and the parent draws its conclusions. The error is not looked at, it may come from the sandbox. */
function guarded(action: () => void): void {
  try {
    action();
  } catch {
    exit(70);
  }
}

/** No wall, but a little less to find for a script that gets hold of this realm's global object. */
function removeHandles(): void {
  for (const name of ['process', 'require', 'module', 'exports', '__filename', '__dirname', 'fetch', 'WebSocket', 'EventSource', 'Request', 'Response', 'WebAssembly', 'BroadcastChannel', 'MessageChannel', 'navigator', 'Worker']) {
    Reflect.deleteProperty(globalThis, name);
  }
}
