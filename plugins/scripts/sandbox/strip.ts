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

/** Node says where only in the stack: a line with the number, the line of the source, and a caret; of what goes over several lines, the first and the last behind `>`. */
function problemIn(file: string, problem: string): ReturnType<typeof scriptInvalid> {
  const message = (/^\w*Error[^:]*: (.*)$/m.exec(problem)?.[1] ?? problem).slice(0, 500);
  const [, line, before, first] = /^[^\n]*:(\d+)\n(?:(?:[^\n]*\n){1,4}?( *)\^|(?: [^\n]*\n|\n)*? {2}> ([^\n]*))/.exec(problem) ?? [];
  const column = (before?.length ?? first?.search(/\S/) ?? 0) + 1;
  const [, what = ''] = /^TypeScript (.+) is not supported in strip-only mode/.exec(message) ?? [];
  const said = what === '' ? message : `TypeScript ${what} is not possible in scripts: types are removed from them, and this would be code`;
  return scriptInvalid(file, /[.!?]$/.test(said) ? said : `${said}.`, line === undefined ? undefined : { line: Number(line), column }, instead[what]);
}

/** What is written in the place of what is no type. */
const instead: Readonly<Record<string, string>> = {
  enum: 'Write an object, such as `const Size = { small: 1, large: 2 } as const`, and `type Size = (typeof Size)[keyof typeof Size]` for its type; or a union of texts.',
  'namespace declaration': 'Write what is in it into the file itself, or as the fields of an object: `const Units = { grams: (kg: number) => kg * 1000 }`.',
  'parameter property': 'Declare the field in the class, and assign it in the constructor: `this.name = name`.',
  'import equals declaration': 'Write `import name from "package"`.',
  'export assignment': 'Write `export default`.',
};
