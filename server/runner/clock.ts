import type { EngineHost } from '../engine/host.ts';

/** Longer sleeps than a timer of Node can be. */
const longestTimer = 2 ** 31 - 1;

/** The time of the machine. */
export const systemClock: EngineHost['clock'] = {
  now: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      }, Math.min(longestTimer, Math.max(0, ms)));
      signal.addEventListener('abort', onAbort, { once: true });
    }),
};
