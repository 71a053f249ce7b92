import { Worker } from 'node:worker_threads';
import { scriptInvalid } from './invalid.ts';

const limitMs = 20_000;

/**
 * Replaces types by blanks, so that lines and columns stay. Fails with `SCRIPT_INVALID`.
 *
 * Each file gets a worker thread of its own. A deeply nested file overruns the stack of Node's type stripper, and on Node 24 it never recovers in that
 * thread: from then on no TypeScript file could be loaded there, our own plugins included.
 */
export async function stripTypes(source: string, file: string): Promise<string> {
  const worker = new Worker(code, { eval: true, workerData: source, env: {}, execArgv: ['--no-warnings'], resourceLimits: { maxOldGenerationSizeMb: 256 } });
  const { promise, resolve, reject } = Promise.withResolvers<{ text?: string; problem?: string }>();
  const timer = setTimeout(() => resolve({ problem: 'Removing the types took too long.' }), limitMs);
  worker.once('message', resolve).once('error', (error) => resolve({ problem: `The types cannot be removed: ${error.message}.` })).once('exit', () => reject(new Error('The worker ended without a word.')));
  try {
    const { text, problem } = await promise;
    if (text === undefined) throw problemIn(file, problem ?? '');
    return text;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

const code = `
const { parentPort, workerData } = require('node:worker_threads');
try {
  parentPort.postMessage({ text: require('node:module').stripTypeScriptTypes(workerData) });
} catch (error) {
  const known = /^ERR_(INVALID|UNSUPPORTED)_TYPESCRIPT_SYNTAX$/.test(error.code);
  parentPort.postMessage({ problem: known ? error.stack : 'The file is nested too deeply, or Node.js cannot read it.' });
}`;

/** Node says where only in the stack: a line with the number, the line of the source, and a caret. */
function problemIn(file: string, problem: string): ReturnType<typeof scriptInvalid> {
  const message = (/^\w*Error[^:]*: (.*)$/m.exec(problem)?.[1] ?? problem).slice(0, 500);
  const place = /^[^\n]*:(\d+)\n(?:[^\n]*\n){1,4}?( *)\^/.exec(problem);
  return scriptInvalid(file, /[.!?]$/.test(message) ? message : `${message}.`, place ? { line: Number(place[1]), column: (place[2] ?? '').length + 1 } : undefined);
}
