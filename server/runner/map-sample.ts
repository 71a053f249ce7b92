import { parseJson } from '../../plugins/sdk/index.ts';
import type { RunArchive } from './contract.ts';

/** A payload to try a mapping with. `from`: the run that has recorded it, or `given`. */
export interface Sample {
  readonly body: unknown;
  readonly meta: Readonly<Record<string, string>>;
  readonly from: string;
}

/** With a port: what left the step there. */
export type SampleFinder = (flow: string, step: string, port?: string) => Promise<Sample | undefined>;

/** Runs that are looked through, and the longest body that is read. */
const mostRuns = 20;
const mostBytes = 8 * 1024 * 1024;

/** The last payload that went into a step, or out of it, as it was recorded: masked, and only where it is not long and JSON, or another text where these are wanted. */
export const lastSample = (archive: () => RunArchive | undefined, { texts = false } = {}): SampleFinder => async (flow, step, port) => {
  const open = archive();
  for (const { id } of open?.runs({ flow, perPage: mostRuns }).items ?? []) {
    const rows = port === undefined ? open!.payloads(id, step, 'in', 1, 5).items : open!.payloads(id, step, 'out', 1, 50).items.filter((row) => row.port === port).slice(0, 5);
    for (const { body, meta = {} } of rows) {
      const found = body === '' ? undefined : open!.body(id, body);
      if (!found || found.size > mostBytes) continue;
      if (!found.mediaType.includes('json')) {
        if (texts && isText(found.mediaType)) return { body: await textOf(found), meta, from: id };
        continue;
      }
      try {
        return { body: parseJson(await textOf(found)), meta, from: id };
      } catch {
        // Not JSON: another payload may be.
      }
    }
  }
  return undefined;
};

const isText = (mediaType: string): boolean => /^text\/|[/+]xml\b/.test(mediaType);

async function textOf(body: NonNullable<ReturnType<RunArchive['body']>>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body.open()) parts.push(part);
  return new TextDecoder().decode(Buffer.concat(parts));
}
