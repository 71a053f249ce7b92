import { parseJson } from '../../plugins/sdk/index.ts';
import type { RunArchive } from './contract.ts';

/** A payload to try a mapping with. `from`: the run that has recorded it, or `given`. */
export interface Sample {
  readonly body: unknown;
  readonly meta: Readonly<Record<string, string>>;
  readonly from: string;
}

export type SampleFinder = (flow: string, step: string) => Promise<Sample | undefined>;

/** Runs that are looked through, and the longest body that is read. */
const mostRuns = 20;
const mostBytes = 8 * 1024 * 1024;

/** The last payload that went into a step, as it was recorded: masked, and only where it is JSON and not long. */
export const lastSample = (archive: () => RunArchive | undefined): SampleFinder => async (flow, step) => {
  const open = archive();
  for (const { id } of open?.runs({ flow, perPage: mostRuns }).items ?? []) {
    for (const { body, meta = {} } of open!.payloads(id, step, 'in', 1, 5).items) {
      const text = body === '' ? undefined : await textOf(open!, id, body);
      if (text === undefined) continue;
      try {
        return { body: parseJson(text), meta, from: id };
      } catch {
        // Not JSON: another payload may be.
      }
    }
  }
  return undefined;
};

async function textOf(archive: RunArchive, run: string, hash: string): Promise<string | undefined> {
  const found = archive.body(run, hash);
  if (!found || found.size > mostBytes || !found.mediaType.includes('json')) return undefined;
  const parts: Uint8Array[] = [];
  for await (const part of found.open()) parts.push(part);
  return new TextDecoder().decode(Buffer.concat(parts));
}
