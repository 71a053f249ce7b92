/** The few things that the tests use of the package, which has no types of its own. */
declare module 'newman' {
  import type { EventEmitter } from 'node:events';
  import type { Agent } from 'node:http';

  const newman: {
    run(options: {
      readonly collection: object;
      readonly environment?: { readonly values: readonly { readonly key: string; readonly value: string }[] };
      readonly requestAgents?: { readonly http: Agent; readonly https: Agent };
      readonly ignoreRedirects?: boolean;
      readonly workingDir?: string;
    }, done: (error: Error | null) => void): EventEmitter;
  };
  export default newman;
}
