import { FlowError } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';

/** `saidMs`: the time limit as whoever set it knows it. */
export async function within<T>(host: EngineHost, timeoutMs: number, signal: AbortSignal, what: string, saidMs: number, work: (signal: AbortSignal) => Promise<T>, remedy?: string): Promise<T> {
  const end = new AbortController();
  const over = new AbortController();
  const leave = (): void => end.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', leave, { once: true });
  const alarm = host.clock.alarm ?? host.clock.sleep;
  alarm(timeoutMs, over.signal).then(() => end.abort(new FlowError('REMOTE_TIMEOUT', `${what} took longer than ${saidMs} ms.`, { details: { timeoutMs: saidMs }, ...(remedy !== undefined && { remedy }) })), () => undefined);
  const ended = new Promise<never>((_resolve, reject) => end.signal.addEventListener('abort', () => reject(end.signal.reason as Error), { once: true }));
  try {
    return await Promise.race([work(end.signal), ended]);
  } finally {
    over.abort();
    signal.removeEventListener('abort', leave);
    ended.catch(() => undefined);
  }
}
