import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MeasuredRun {
  readonly code: number;
  /** What it wrote to stdout. */
  readonly text: string;
  readonly seconds: number;
  /** Highest resident memory of the process itself, in MB; script processes of its own are not in it. */
  readonly peakMegabytes: number;
}

/** A command of Patchbay in a process of its own. */
export async function measuredRun(args: readonly string[]): Promise<MeasuredRun> {
  const root = join(import.meta.dirname, '..', '..');
  const start = performance.now();
  const child = spawn(process.execPath, [join(root, 'server/cli/patchbay.ts'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let peak = 0;
  const look = setInterval(() => { peak = Math.max(peak, highWater(child.pid as number)); }, 50);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number];
  clearInterval(look);
  return { code, text: Buffer.concat(chunks).toString('utf8'), seconds: (performance.now() - start) / 1000, peakMegabytes: peak / 1e3 };
}

function highWater(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1.024;
  } catch {
    return 0;
  }
}
