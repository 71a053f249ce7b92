import { Worker } from 'node:worker_threads';
import type { CatalogEntry } from '../model/catalog.ts';
import type { Spot } from './foreign-plugin.ts';
import { threadFile } from '../stores/thread-file.ts';

export interface ProbeRequest {
  readonly id: number;
  readonly url: string;
  readonly source: string;
}

/** `entries` is empty where the file means to be no plugin. */
export type ProbeAnswer = { readonly id: number; readonly entries: readonly CatalogEntry[] } | { readonly id: number; readonly error: string; readonly spot?: Spot };

export interface ProbeFile {
  readonly url: string;
  readonly source: string;
}

export type Probed = { readonly entries: readonly CatalogEntry[]; readonly error?: undefined } | { readonly entries?: undefined; readonly error: string; readonly spot?: Spot };

/**
 * Loads plugins in a thread of their own and gives what they say of themselves, in the order of the files. Whatever a plugin does while it loads — throw,
 * wait for ever, loop, exit — is its error and nobody else's.
 */
export async function probePlugins(files: readonly ProbeFile[], timeoutMs: number): Promise<Probed[]> {
  const results: Probed[] = [];
  let thread: Worker | undefined;
  for (const [id, { url, source }] of files.entries()) {
    thread ??= start();
    const result = await ask(thread, { id, url, source }, timeoutMs);
    results.push(result.probed);
    if (result.isSpent) {
      await thread.terminate();
      thread = undefined;
    }
  }
  await thread?.terminate();
  return results;
}

// What a plugin prints while it loads must not get among the data on stdout.
const start = (): Worker => new Worker(threadFile(import.meta.dirname, 'plugin-probe'), { stdout: true, stderr: true, execArgv: [], name: 'patchbay plugins', resourceLimits: { maxOldGenerationSizeMb: 256 } });

function ask(thread: Worker, request: ProbeRequest, timeoutMs: number): Promise<{ readonly probed: Probed; readonly isSpent: boolean }> {
  const { promise, resolve } = Promise.withResolvers<{ readonly probed: Probed; readonly isSpent: boolean }>();
  const fail = (error: string): void => resolve({ probed: { error }, isSpent: true });
  const timer = setTimeout(() => fail(`It did not load within ${timeoutMs / 1000} seconds.`), timeoutMs);
  const onMessage = (answer: ProbeAnswer): void => {
    // A plugin may post messages of its own.
    if (typeof answer !== 'object' || answer === null || answer.id !== request.id) return;
    resolve({ probed: 'error' in answer ? { error: answer.error, ...(answer.spot && { spot: answer.spot }) } : { entries: answer.entries }, isSpent: false });
  };
  const onError = (error: Error): void => fail(`It ended its thread: ${error.message}.`);
  const onExit = (): void => fail('It ended its thread.');
  thread.on('message', onMessage).on('error', onError).on('exit', onExit);
  thread.postMessage(request, []);
  return promise.finally(() => {
    clearTimeout(timer);
    thread.off('message', onMessage).off('exit', onExit);
    // An error that comes later has nobody to tell.
    thread.off('error', onError).on('error', () => undefined);
  });
}
