import { FlowError, parseJson, type Log, type ScriptResult, type ScriptWorld } from '../../sdk/index.ts';
import type { CompiledScript } from './compile.ts';
import { maxBodyLength } from './frames.ts';
import type { Pool } from './pool.ts';
import type { BatchResults } from './results.ts';
import { sourceStack } from './stack.ts';

/** Inputs that travel in one frame: so many, or so many letters of JSON. */
const maxRows = 2_000;
const maxLetters = 1024 * 1024;
/** After so many inputs that ended their process the call is given up: each costs up to one and a quarter time limits. */
const maxGuilty = 3;
/** As the harness cuts messages. */
const maxMessageLength = 8_000;

export interface CallOptions extends Partial<ScriptWorld> {
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Milliseconds for one input. */
  readonly timeoutMs: number;
  /** See `Script`. */
  readonly areColumns?: boolean;
}

/** Runs a script on inputs. One that is too large fails alone. Where an input ends the process, it alone fails, and the others are done in another process; with a single input the call fails. */
export async function runScript(pool: Pool, script: CompiledScript, inputs: readonly unknown[], options: CallOptions): Promise<readonly ScriptResult[]> {
  const results: ScriptResult[] = [];
  const refusals: FlowError[] = [];
  const { ask: given } = options;
  const ask: ScriptWorld['ask'] | undefined = given && ((...question) => given(...question).catch((error: unknown) => {
    if (FlowError.is(error, 'WRITE_UNCONFIRMED')) refusals.push(error);
    throw error;
  }));
  const state = { guilty: 0, alone: inputs.length === 1 };
  for (const batch of batchesOf(inputs, script.file)) {
    if (isBatch(batch)) await runBatch(pool, script, batch, { ...options, ...(ask && { ask }), results, refusals, state });
    else results.push({ error: batch });
  }
  return results;
}

interface BatchOptions extends CallOptions {
  readonly results: ScriptResult[];
  /** What it was refused. */
  readonly refusals: readonly FlowError[];
  readonly state: { guilty: number; readonly alone: boolean };
}

async function runBatch(pool: Pool, script: CompiledScript, texts: readonly string[], options: BatchOptions): Promise<void> {
  const { signal, log, timeoutMs, areColumns = false, results, refusals, state, now, seed, ask, stood } = options;
  const world = { ...(now !== undefined && { now }), ...(seed !== undefined && { seed }), ...(ask && { ask }), ...(stood && { stood }) };
  const first = results.length;
  const done = (): number => results.length - first;
  const take = (batch: BatchResults): void => {
    for (const [place, level, text] of batch.logs) log[level](text, { script: script.file, input: results.length + place });
    addResults(results, batch, script, refusals);
  };
  let search = false;
  while (done() < texts.length) {
    const before = done();
    try {
      const limitMs = search ? searchLimit(timeoutMs) : () => timeoutMs;
      await pool.use(signal, (sandbox) => sandbox.run(script, texts.slice(before), { signal, single: search, areColumns, first: first + before, world, limitMs, take }));
    } catch (error) {
      if (!endedProcess(error) || signal.aborted) throw error;
      if (state.alone) throw error;
      // The next result to come belongs to the guilty input only where results came one by one.
      if (search) {
        if (++state.guilty > maxGuilty) throw error;
        results.push({ error: { code: error.code, message: messageOf(error, script.file, timeoutMs), file: script.file } });
      }
      search = !search;
    }
  }
}

const endedProcess = (error: unknown): error is FlowError & { code: 'SCRIPT_TIMEOUT' | 'SCRIPT_MEMORY' | 'SCRIPT_CRASHED' } =>
  FlowError.is(error, 'SCRIPT_TIMEOUT') || FlowError.is(error, 'SCRIPT_MEMORY') || FlowError.is(error, 'SCRIPT_CRASHED');

/**
 * The child works in slices of a few milliseconds, so in the slice that did not end at most one input is slow, and it has had its whole time. When the slice
 * is done again, input by input, a quarter is enough to know it. A second later the suspects are behind us and the full time counts again.
 */
function searchLimit(timeoutMs: number): () => number {
  const start = performance.now();
  return () => (performance.now() - start < 1_000 ? Math.max(100, timeoutMs / 4) : timeoutMs);
}

const messageOf = (error: FlowError, file: string, timeoutMs: number): string => (error.code === 'SCRIPT_TIMEOUT' ? `The script ${file} did not finish within ${timeoutMs} ms.` : error.message);

type TooLarge = NonNullable<ScriptResult['error']>;
const isBatch = (batch: readonly string[] | TooLarge): batch is readonly string[] => Array.isArray(batch);

/** JSON texts of the inputs in groups, and alone what is too large. Fails with `DATA_INVALID`. */
function* batchesOf(inputs: readonly unknown[], file: string): Generator<readonly string[] | TooLarge> {
  let batch: string[] = [];
  let letters = 0;
  for (const [index, input] of inputs.entries()) {
    const text = textOf(input, index, file);
    const isTooLarge = text.length > maxBodyLength;
    if (batch.length > 0 && (isTooLarge || batch.length === maxRows || letters + text.length > maxLetters)) {
      yield batch;
      [batch, letters] = [[], 0];
    }
    if (isTooLarge) {
      yield { code: 'DATA_TOO_LARGE', message: `Input ${index + 1} of the script ${file} has ${text.length} letters of JSON; a script takes ${maxBodyLength}.`, file };
      continue;
    }
    batch.push(text);
    letters += text.length;
  }
  if (batch.length > 0) yield batch;
}

function textOf(input: unknown, index: number, file: string): string {
  try {
    return JSON.stringify(input) ?? 'null';
  } catch (cause) {
    throw new FlowError('DATA_INVALID', `Input ${index + 1} of the script ${file} cannot be written as JSON: ${(cause as Error).message}`, { cause, details: { input: index } });
  }
}

function addResults(results: ScriptResult[], { outputs, texts, errors }: BatchResults, { file, packages }: CompiledScript, refusals: readonly FlowError[]): void {
  const failed = new Map(errors.map((error) => [error[0], error]));
  const asTexts = new Set(texts);
  for (const [place, output] of outputs.entries()) {
    const error = failed.get(place);
    if (!error) {
      results.push({ output: asTexts.has(place) ? restored(output) : output });
      continue;
    }
    const [, message, given] = error;
    // The script may be anybody's: that it was refused something is known here.
    const cause = refusals.find((refusal) => refusal.message === message || (message.length >= maxMessageLength && refusal.message.startsWith(message)));
    const { text: stack, line, origin } = sourceStack(given, file, packages.modules);
    results.push({ error: { code: cause ? 'WRITE_UNCONFIRMED' : 'SCRIPT_THREW', message: origin ? `${message} (${origin.file}, line ${origin.line})` : message, file, ...(line !== undefined && { line }), ...(stack !== '' && { stack }), ...(cause && { cause }) } });
  }
}

/** Hosted scripts may give the payload back as text; no digit of a number is lost by that. */
function restored(output: unknown): unknown {
  if (Array.isArray(output)) return output.map(restored);
  if (typeof output !== 'object' || output === null || !('payload' in output) || typeof output.payload !== 'string') return output;
  try {
    return { ...output, payload: parseJson(output.payload) };
  } catch {
    return output;
  }
}
