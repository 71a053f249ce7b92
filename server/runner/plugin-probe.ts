import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import type { Plugin } from '../../plugins/sdk/index.ts';
import { spotOf, type Spot } from './foreign-plugin.ts';
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
    const spot = spotOf(error, url) ?? syntaxSpot(error, url);
    return { id, error: describe(error), ...(spot && { spot }) };
  }
}

/** Node does not say where it cannot read JavaScript. Its remover of types, which reads that as well, does: a line with the number, the line of the source, a caret. */
function syntaxSpot(error: unknown, url: string): Spot | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  try {
    stripTypeScriptTypes(readFileSync(fileURLToPath(url.replace(/\?.*$/, '')), 'utf8'));
    return undefined;
  } catch (found) {
    const place = /^[^\n]*:(\d+)\n(?:[^\n]*\n){1,4}?( *)\^/.exec((found as Error).stack ?? '');
    return place ? { line: Number(place[1]), column: place[2]!.length + 1 } : undefined;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `It threw ${JSON.stringify(error) ?? String(error)}.`;
  const text = `${error.name}: ${error.message}`.trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
