import { parseJson } from '../../plugins/sdk/index.ts';
import type { Journal } from '../engine/resume.ts';
import type { ReplayDifference } from '../model/api.ts';
import { compareJson, compareLines } from '../model/json-compare.ts';

/** Bodies up to this size are compared, and no more of them than this is kept. */
const mostOfOne = 1_048_576;
const mostOfAll = 16 * mostOfOne;
const mostExplained = 20;
const mostPlaces = 100;

/** The bodies that a replay makes. Nothing of it is recorded, so what is different in them can be said only while they are here. */
export interface ReplayedBodies {
  keep(hash: string, data: string | Uint8Array): void;
  /** The first differences with what is different in the bodies. `body`: a recorded body by its name. */
  explain(differences: readonly ReplayDifference[], body: (hash: string) => Promise<Uint8Array>): Promise<readonly ReplayDifference[]>;
}

export function replayedBodies(journal: Journal): ReplayedBodies {
  const recorded = new Set<string>();
  for (const { event } of journal.rows()) {
    if (event.type === 'payload-out' || event.type === 'payload-failed') recorded.add(event.payload.body);
    else if (event.type === 'exchange' && event.exchange.requestBody !== undefined) recorded.add(event.exchange.requestBody);
  }
  const kept = new Map<string, string | Uint8Array>();
  let size = 0;
  return {
    keep(hash, data) {
      if (recorded.has(hash) || kept.has(hash) || data.length > mostOfOne || size + data.length > mostOfAll) return;
      kept.set(hash, data);
      size += data.length;
    },
    async explain(differences, body) {
      const first = differences.slice(0, mostExplained).map(async (difference) => {
        const now = kept.get(difference.is ?? '');
        if ((difference.kind !== 'changed' && difference.kind !== 'request') || now === undefined || !recorded.has(difference.was ?? '')) return difference;
        const then = await body(difference.was!);
        return then.length > mostOfOne ? difference : { ...difference, ...changesOf(then, now) };
      });
      return [...(await Promise.all(first)), ...differences.slice(mostExplained)];
    },
  };
}

function changesOf(before: Uint8Array, after: string | Uint8Array): Pick<ReplayDifference, 'values' | 'lines'> {
  const [was, is] = [textOf(before), textOf(after)];
  if (was === undefined || is === undefined) return {};
  try {
    return { values: compareJson(parseJson(was), parseJson(is)).slice(0, mostPlaces) };
  } catch {
    return { lines: compareLines(was, is, mostPlaces) };
  }
}

/** `undefined`: it is no text. */
function textOf(bytes: string | Uint8Array): string | undefined {
  if (typeof bytes === 'string') return bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
