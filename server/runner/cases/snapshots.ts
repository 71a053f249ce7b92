import { isUtf8 } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlowError, parseJson, type Payload } from '../../../plugins/sdk/index.ts';
import { bodyOf } from '../../engine/payload.ts';
import { withoutPaths } from '../../model/ignored-paths.ts';
import { isObject } from '../../model/json.ts';
import { writeAtomically } from '../../stores/write-atomically.ts';
import { jsonIn } from './judge.ts';
import type { CaseRun } from './run-case.ts';

/** What runs gave when it was written, case by case: `flows/<id>.snapshot.json`. */
export interface Snapshots {
  readonly file: string;
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  /** What is not wanted any more is left out. Says whether anything was written. */
  write(isWanted: (name: string) => boolean): Promise<boolean>;
}

/** `tests`: the file of the tests, below the root. Fails with `DATA_INVALID`. */
export function openSnapshots(root: string, tests: string): Snapshots {
  const file = tests.replace(/\.test\.json$/, '.snapshot.json');
  const before = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';
  const cases = new Map(Object.entries(before === '' ? {} : casesIn(before, file)));
  return {
    file,
    get: (name) => cases.get(name),
    set: (name, value) => void cases.set(name, value),
    async write(isWanted) {
      const kept = [...cases].filter(([name]) => isWanted(name)).toSorted(([left], [right]) => (left < right ? -1 : 1));
      const text = `${JSON.stringify({ version: 1, cases: Object.fromEntries(kept) }, undefined, 2)}\n`;
      if (text === before || (kept.length === 0 && before === '')) return false;
      await writeAtomically(join(root, file), text);
      return true;
    },
  };
}

function casesIn(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const { cases } = parseJson(text) as { readonly cases?: unknown };
    if (isObject(cases)) return cases;
    throw new Error('it has no cases');
  } catch (cause) {
    throw new FlowError('DATA_INVALID', `The snapshot ${file} cannot be read: ${(cause as Error).message}.`, { cause, place: { file }, remedy: 'Take it from version control; or delete it, and write it anew with `patchbay test --update`.' });
  }
}

/** Bytes that are no text as Base64. */
function bodyIn(payload: Payload): { readonly body: unknown } | { readonly base64: string } {
  const body = bodyOf(payload);
  return body.kind === 'bytes' && !isUtf8(body.bytes) ? { base64: Buffer.from(body.bytes).toString('base64') } : { body: jsonIn(payload) };
}

/** What is kept of a run: what leaves the flow, and what is asked of others. `ignore`: paths of values that may change. */
export function snapshotOf({ outcome, outputs, requests }: CaseRun, ignore: readonly string[]): unknown {
  const whole: unknown = JSON.parse(JSON.stringify({
    status: outcome.status,
    outputs: outputs.map((payload) => ({ mediaType: payload.mediaType, ...bodyIn(payload) })),
    requests: requests.map(({ step, method, url, json, text }) => ({ step, method, url, ...(json === undefined ? { text } : { json }) })),
  }));
  return withoutPaths(whole, ignore);
}
