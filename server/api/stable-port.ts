import { createHash } from 'node:crypto';
import { FlowError } from '../../plugins/sdk/index.ts';

const usualPort = 7341;

/** Where the runner of a folder listens, by preference: at the port of `patchbay.json`, or the usual one; at one that is its own, so that it is the same each time; anywhere. */
export function portsOf(root: string, wanted = usualPort): readonly number[] {
  const own = 20_000 + (createHash('sha256').update(root).digest().readUInt32BE(0) % 10_000);
  if (!Number.isInteger(wanted)) return portsOf(root);
  return wanted === 0 ? [0] : [...new Set([wanted, own, 0])];
}

/** Opens at the first port that is free. `taken`: the one that was wanted, where another program has it. */
export async function openAtOneOf<T>([port = 0, ...others]: readonly number[], open: (port: number) => Promise<T>): Promise<{ readonly opened: T; readonly taken?: number }> {
  try {
    return { opened: await open(port) };
  } catch (error) {
    // Whatever is the matter with a port, the editor works at another.
    if (others.length === 0 || !FlowError.is(error) || error.details['port'] !== port) throw error;
    return { opened: (await openAtOneOf(others, open)).opened, taken: port };
  }
}
