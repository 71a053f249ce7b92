import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '../model/api.ts';
import type { Terminal } from './terminal.ts';

/** Gives a file for what leaves a flow, which may be more than fits into memory; it is gone afterwards. */
export async function withOutputs<T>(isWanted: boolean | undefined, work: (outputsTo?: string) => Promise<T>): Promise<T> {
  if (!isWanted) return work();
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-outputs-'));
  try {
    return await work(join(folder, 'outputs'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Prints a result on one line, with the outputs that are in the file. */
export async function printResult({ out, drained }: Pick<Terminal, 'out' | 'drained'>, { outputs, ...result }: RunResult, outputsTo: string | undefined): Promise<void> {
  if (outputsTo === undefined || !existsSync(outputsTo)) return out(`${JSON.stringify({ ...result, outputs })}\n`);
  out(`${JSON.stringify(result).slice(0, -1)},"outputs":[`);
  for await (const piece of createReadStream(outputsTo, { encoding: 'utf8', highWaterMark: 256 * 1024 })) {
    out(piece as string);
    await drained?.();
  }
  out(']}\n');
}
