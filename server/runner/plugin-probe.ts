import { parentPort } from 'node:worker_threads';
import type { Plugin } from '../../plugins/sdk/index.ts';
import { entryOf, pluginsOf, problemOf } from './plugin-spec.ts';
import type { ProbeAnswer, ProbeRequest } from './probe-plugins.ts';

// A thread in which foreign plugins are loaded for the first time: one that never comes back takes only this thread with it.
parentPort?.on('message', async ({ id, url, source }: ProbeRequest) => {
  parentPort?.postMessage(await probe(id, url, source), []);
});

async function probe(id: number, url: string, source: string): Promise<ProbeAnswer> {
  try {
    const found = pluginsOf((await import(url)) as Record<string, unknown>);
    if (!found) return { id, entries: [] };
    const problem = found.map(problemOf).find((text) => text !== undefined);
    return problem === undefined ? { id, entries: found.map((plugin) => entryOf(plugin as Plugin, source)) } : { id, error: problem };
  } catch (error) {
    return { id, error: describe(error) };
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `It threw ${JSON.stringify(error) ?? String(error)}.`;
  const text = `${error.name}: ${error.message}`.trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
