/** Requests to one host that are under way at the same time, where patchbay.json does not say otherwise. */
export const usualConnections = 32;

interface Host {
  busy: number;
  readonly waiting: Set<() => void>;
}

/** Lets at most so many requests ask a host at the same time; the others wait in the order in which they came. */
export class HostTurns {
  readonly #hosts = new Map<string, Host>();

  /** Requests that ask the host. */
  busyAt(name: string): number {
    return this.#hosts.get(name)?.busy ?? 0;
  }

  /** Gives what ends the turn. `onTurn`: called where it had to wait. Fails with the reason of the signal. */
  async take(name: string, most: number, signal: AbortSignal, onTurn?: () => void): Promise<() => void> {
    signal.throwIfAborted();
    const host = this.#hosts.get(name) ?? { busy: 0, waiting: new Set() };
    this.#hosts.set(name, host);
    if (host.busy < most) host.busy++;
    else {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const stop = (): void => {
        host.waiting.delete(resolve);
        reject(signal.reason as Error);
      };
      host.waiting.add(resolve);
      signal.addEventListener('abort', stop, { once: true });
      await promise.finally(() => signal.removeEventListener('abort', stop));
      onTurn?.();
    }
    return () => this.#end(name, host);
  }

  /** Whoever waits longest takes the place over. */
  #end(name: string, host: Host): void {
    const [next] = host.waiting;
    if (next) {
      host.waiting.delete(next);
      next();
    } else if (--host.busy === 0) this.#hosts.delete(name);
  }
}
