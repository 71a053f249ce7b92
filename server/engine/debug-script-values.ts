import { FlowError, type ScriptEntry, type ScriptStop } from '../../plugins/sdk/index.ts';
import type { DebugEvaluated, DebugScope, DebugValue, DebugWindow } from '../model/debug.ts';
import { expressionOf, isRedacted, rowOf, type Mask } from '../model/debug-values.ts';

type Path = readonly (string | number)[];

export const scriptScopes = (stop: ScriptStop, frame: number): readonly DebugScope[] =>
  (stop.frames[frame]?.scopes ?? []).map((name, index) => ({ name, root: 'script', path: [index], indexed: 0, named: 1 }));

/** Entries below a scope; the first key of the path is its number. Masked, as everything that people see. */
export async function scriptValues(stop: ScriptStop, frame: number, [scope = 0, ...path]: Path, { filter, start = 0, count = 0 }: DebugWindow, mask: Mask): Promise<readonly DebugValue[]> {
  const hidden = path.find((key) => isRedacted(key, mask));
  if (hidden !== undefined) throw new FlowError('DATA_MISSING', `What stands under ${JSON.stringify(hidden)} is redacted.`, { remedy: 'Take the name out of `redact`, where it may be seen.' });
  const entries = await stop.entries(frame, Number(scope), path, { start, count: Math.min(count || longestWindow, longestWindow) });
  const wanted = entries.filter(({ key }) => filter === undefined || (filter === 'indexed') === (typeof key === 'number'));
  return wanted.map((entry) => rowOfEntry(entry, mask, expressionOf('script', [scope, ...path, entry.key])));
}

export async function scriptEvaluated(stop: ScriptStop, frame: number, expression: string, isFull: boolean, mask: Mask): Promise<DebugEvaluated> {
  const entry = await stop.evaluate(frame, expression);
  if ((entry.kind !== 'array' && entry.kind !== 'object') || entry.value === undefined) {
    return entry.kind === 'other' || entry.value === undefined ? rowOfEntry(entry, mask) : rowOf('result', mask([entry.value])[0], mask, undefined, isFull ? Number.MAX_SAFE_INTEGER : undefined);
  }
  const [value] = mask([entry.value]);
  return { ...rowOf('result', value, mask), ...(isFull && { text: JSON.stringify(value) }), value };
}

function rowOfEntry({ key, kind, count, value, text }: ScriptEntry, mask: Mask, expression?: string): DebugValue {
  const isList = kind === 'array';
  const row = rowOf(key, isList ? [] : kind === 'object' ? firstOf(value) : kind === 'undefined' ? undefined : kind === 'other' ? null : value, mask, expression);
  if (row.type === 'redacted') return row;
  if (kind === 'other') return { ...row, type: 'object', text: String(mask([text ?? ''])[0]) };
  return isList ? { ...row, text: `(${count}) […]`, indexed: count } : kind === 'object' ? { ...row, named: count } : row;
}

/** An object with the entries that are shown of it. */
function firstOf(entries: unknown): Readonly<Record<string, unknown>> {
  const first = Array.isArray(entries) ? (entries as readonly ScriptEntry[]) : [];
  return Object.fromEntries(first.map(({ key, kind, count, value, text }) => [key, kind === 'array' ? Array.from({ length: Math.min(count, 1_000) }) : kind === 'object' ? {} : kind === 'other' ? (text ?? '') : (value ?? null)]));
}

const longestWindow = 1_000;
