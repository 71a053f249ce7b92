import type { Transport } from '../engine/host.ts';

/** Loads the HTTP client when the first request is sent: half of the time that a runner takes to start would be for it, and many never need it. */
export function lazyTransport(): Transport & AsyncDisposable {
  let opened: Promise<Transport & AsyncDisposable> | undefined;
  const open = async (): Promise<Transport & AsyncDisposable> => (await import('./transport.ts')).openTransport();
  return {
    async send(request, options) {
      if (options.via) return options.via(options.signal);
      opened ??= open();
      return (await opened).send(request, options);
    },
    async [Symbol.asyncDispose]() {
      await (await opened)?.[Symbol.asyncDispose]();
    },
  };
}
