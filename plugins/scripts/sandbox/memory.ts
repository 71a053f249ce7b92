import { readFileSync } from 'node:fs';

/** Whether the resident memory of another process can be read here. Elsewhere the child reports its own, as long as it is not kept busy. */
export const canReadMemory = process.platform === 'linux';

/** Bytes of resident memory of a process; undefined where it has ended or cannot be read. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Looks every few milliseconds: a loop that fills typed arrays takes about a megabyte per millisecond, and V8's own limit does not count them. */
export function watchMemory(pid: number, take: (bytes: number) => void): () => void {
  if (!canReadMemory) return () => {};
  const timer = setInterval(() => {
    const bytes = residentBytes(pid);
    if (bytes !== undefined) take(bytes);
  }, 10);
  return () => clearInterval(timer);
}
