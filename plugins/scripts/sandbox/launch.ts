import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { parse } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { isMainThread } from 'node:worker_threads';

export type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Flags of the child. Tried on Node 24.21 with all of them together: vm2 3.12.2 works, since it compiles by `vm.Script`, which the flag against code
 * generation leaves alone; `eval` and `Function` are refused in both realms. What each one is for:
 *
 * - `--permission` without any grant: no files, processes, workers, addons, WASI, debugger, `process.binding`. A script file on the command line would
 *   need a grant to be read, so the code comes over stdin.
 * - `--no-experimental-sqlite`: with `--permission` alone `node:sqlite` creates and reads files.
 * - `--disallow-code-generation-from-strings`: the usual last step of an escape from vm2 is `Function('return process')()` of the outer realm.
 * - `--disable-sigusr1`: no debugger port by a signal.
 * - `--max-old-space-size`, `--max-semi-space-size`: together below the limit on resident memory, so that ordinary garbage is collected before it counts.
 * - `--unhandled-rejections=none`: a promise that a script forgot must not end the process, and nothing of it may be printed.
 *
 * Tried and left out: `--frozen-intrinsics` (experimental, prints a warning), `--jitless` (regular expressions several times slower);
 * `--no-expose-wasm` is not accepted by this Node: WebAssembly is taken away in the sandbox instead. `RLIMIT_DATA` (`ulimit -d`) counts what V8
 * reserves, about 570 MB before a script runs, so it cannot be set near the limit.
 */
export function childFlags(memoryMb: number, isInspected = false): string[] {
  return [
    ...(isInspected ? inspectorFlags : []),
    '--permission', '--no-experimental-sqlite', '--disallow-code-generation-from-strings', '--disable-proto=delete', '--no-addons', '--disable-sigusr1',
    `--max-old-space-size=${Math.floor(memoryMb * 0.75)}`, `--max-semi-space-size=${Math.max(1, Math.floor(memoryMb / 16))}`,
    '--unhandled-rejections=none', '--no-warnings',
  ];
}

/**
 * Of a child whose scripts somebody debugs: a debugger on a free port of loopback. Its address holds a name that nobody can guess, and that is said on stderr alone,
 * so that no other program of this machine can speak with it. `--permission` keeps the debugger shut without the second flag.
 */
const inspectorFlags = ['--inspect=127.0.0.1:0', '--allow-inspector', '--inspect-publish-uid=stderr'];

/** Whether the Node that runs this can let a debugger into a child whose other walls hold. */
export const canInspect = (): boolean => process.allowedNodeEnvironmentFlags.has('--allow-inspector');

/**
 * Starts a child with an empty environment that takes its code over stdin, as the first frame: four bytes of length and the text of a CommonJS module
 * that exports `main(rest)`. `node` is the binary; by default the one that runs this.
 */
export function launch(source: Buffer, options: { readonly memoryMb: number; readonly node?: string | undefined; readonly isInspected?: boolean }): Child {
  closeDebuggerDoor();
  const node = options.node ?? process.execPath;
  const command = [node, ...childFlags(options.memoryMb, options.isInspected), '-e', bootstrap];
  const child = spawn(limits[0] ?? node, [...limits.slice(1), ...command.slice(limits.length > 0 ? 0 : 1)], {
    env: process.versions['electron'] && node === process.execPath ? { ELECTRON_RUN_AS_NODE: '1' } : {},
    // Not ours: the path of the workspace is nobody's business in there.
    cwd: parse(node).root || '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    // Ctrl-C in a terminal goes to the whole group of processes: a run that is to come to its end needs its scripts until then.
    detached: hasShell,
  });
  guard(child);
  // A child that has ended closes the pipe under our hands; its end is reported by `close`.
  child.stdin.on('error', () => {});
  const length = Buffer.alloc(4);
  length.writeUInt32BE(source.length);
  child.stdin.write(length);
  child.stdin.write(source);
  return child;
}

const hasShell = process.platform !== 'win32' && existsSync('/bin/sh');

/**
 * What the kernel limits, where there is a shell to ask for it: no core files, which would hold payloads, and two hours of processor time, for a child
 * that has also killed its guard. The shell gives its process to Node, and takes back the variables that it adds.
 */
const limits = hasShell ? ['/bin/sh', '-c', 'ulimit -c 0; ulimit -t 7200; unset PWD OLDPWD SHLVL _; exec "$0" "$@"'] : [];

/**
 * Ends the child when this process ends, however it ends: a child in an endless loop does not see its stdin close. The guard waits for the end of a pipe
 * that only this process holds; a line through it says that the child has ended before. On Windows the system ends children with their parent.
 */
function guard(child: Child): void {
  if (!hasShell || child.pid === undefined) return;
  const watch = spawn('/bin/sh', ['-c', 'read -r _ || kill -9 "$0"', String(child.pid)], { env: {}, cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watch.on('error', () => {});
  watch.stdin.on('error', () => {});
  watch.unref();
  (watch.stdin as Socket).unref();
  child.once('exit', () => watch.stdin.end('\n'));
}

const bootstrap = `
const parts = [];
let size = 0;
process.stdin.on('data', function first(part) {
  parts.push(part);
  size += part.length;
  if (size < 4) return;
  const all = Buffer.concat(parts, size);
  parts.splice(0, parts.length, all);
  const end = 4 + all.readUInt32BE(0);
  if (size < end) return;
  process.stdin.off('data', first);
  const module = { exports: {} };
  const code = '(function (require, module, exports) {' + all.toString('utf8', 4, end) + '\\n})';
  new (require('node:vm').Script)(code, { filename: '/patchbay/script-child.cjs' }).runInThisContext()(require, module, module.exports);
  module.exports.main(all.subarray(end));
});`;

let closed = false;

/**
 * A process of the same user may send signals, a child that broke out of everything too (Node 24 has no wall against that). SIGUSR1 makes a Node process
 * listen for a debugger on 127.0.0.1:9229, which would hand this process over. A listener of our own takes the place of that. In a worker thread
 * there are no signals: there the main thread must do it, or be started with `--disable-sigusr1`.
 */
function closeDebuggerDoor(): void {
  if (closed || !isMainThread || process.platform === 'win32') return;
  closed = true;
  process.on('SIGUSR1', () => {});
}
