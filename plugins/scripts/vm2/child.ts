import { VMScript } from 'vm2/lib/script.js';
import { VM } from 'vm2/lib/vm.js';
import { encodeFrame, frameReader, maxBodyLength, type Frame } from './frames.ts';
import { harness, type SandboxApi } from './harness.ts';
import { selfTest } from './self-test.ts';

// Runs in the child process, bundled with vm2 into one file. It trusts its parent, and nothing that comes out of the sandbox.

const { stdin, stdout } = process;
const exit = process.exit.bind(process);
const residentBytes = process.memoryUsage.rss;
const later = setImmediate;
const repeat = setInterval;

/** More sandboxes than this are not kept; the one used longest ago goes first. */
const maxScripts = 16;
const sliceMs = 10;
const scripts = new Map<number, SandboxApi>();
/** Promises that failed and that nobody waited for, since results were last sent. */
let floating = 0;

/** Takes over stdin; `rest` has come with the source of this file. */
export function main(rest: Buffer): void {
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
  else if (head['type'] === 'report-memory') repeat(() => send({ type: 'memory', bytes: residentBytes() }), 50);
}

interface LoadHead {
  readonly script: number;
  readonly file: string;
  readonly contract: 'input' | 'hosted';
  readonly columnOffset: number;
  readonly bufferBytes: number;
}

function load({ script, file, contract, columnOffset, bufferBytes }: LoadHead, code: string): void {
  const vm = new VM({ eval: false, wasm: false, bufferAllocLimit: bufferBytes });
  const api = vm.run(new VMScript(`(${harness.toString()})(${JSON.stringify(file)}, ${JSON.stringify(contract)})`, { filename: 'patchbay-sandbox.js' })) as SandboxApi;
  try {
    api.load(vm.run(new VMScript(code, { filename: file, columnOffset })));
  } catch (error) {
    send({ type: 'invalid', script }, JSON.stringify(syntaxProblem(error)));
    return;
  }
  later(() => guarded(() => {
    const problem = api.problem();
    if (problem !== '') {
      send({ type: 'invalid', script }, String(problem));
      return;
    }
    scripts.set(script, api);
    for (const oldest of scripts.keys()) if (scripts.size > maxScripts) scripts.delete(oldest);
    send({ type: 'loaded', script });
  }));
}

/** Only errors of V8's own parser come here: they are ours to read, not the script's. */
function syntaxProblem(error: unknown): { message: string; stack: string } {
  const { name, message, stack } = error as Error;
  return { message: `${String(name)}: ${String(message)}`, stack: String(stack).split('\n    at ')[0] ?? '' };
}

interface RunHead {
  readonly script: number;
  readonly call: number;
  /** Report after each row, so that the parent knows which one does not end. */
  readonly single: boolean;
}

function run({ script, call, single }: RunHead, inputs: string): void {
  const api = scripts.get(script);
  if (!api) {
    send({ type: 'forgotten', call });
    return;
  }
  scripts.delete(script);
  scripts.set(script, api);
  api.begin(inputs);
  const work = (): void => {
    api.work(single ? 0 : sliceMs);
    // By then the microtasks of the script are done.
    later(() => guarded(collect));
  };
  const collect = (): void => {
    const results = api.take(maxBodyLength);
    const left = api.left();
    // The next rows wait until these results have left: they would be lost if the process had to be killed.
    send({ type: 'rows', call, left, floating, bytes: residentBytes() }, results, () => {
      if (left > 0) guarded(work);
    });
    floating = 0;
  };
  guarded(work);
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
