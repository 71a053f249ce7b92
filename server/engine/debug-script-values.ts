import type { ScriptStop } from '../../plugins/sdk/index.ts';
import type { DebugEvaluated, DebugScope, DebugValue, DebugWindow } from '../model/debug.ts';
import { checkSeen, expressionOf, rowOf, rowOfEntry, type Mask } from '../model/debug-values.ts';

type Path = readonly (string | number)[];

export const scriptScopes = (stop: ScriptStop, frame: number): readonly DebugScope[] =>
  (stop.frames[frame]?.scopes ?? []).map((name, index) => ({ name, root: 'script', path: [index], indexed: 0, named: 1 }));

/** Entries below a scope; the first key of the path is its number. Masked, as everything that people see. */
export async function scriptValues(stop: ScriptStop, frame: number, [scope = 0, ...path]: Path, { filter, start = 0, count = 0 }: DebugWindow, mask: Mask): Promise<readonly DebugValue[]> {
  checkSeen(path, mask);
  const entries = await stop.entries(frame, Number(scope), path, { start, count: Math.min(count || longestWindow, longestWindow) });
  const wanted = entries.filter(({ key }) => filter === undefined || (filter === 'indexed') === (typeof key === 'number'));
  return wanted.map((entry) => rowOfEntry(entry, mask, expressionOf('script', [scope, ...path, entry.key])));
}

/** Changes a variable of a script, or a part of one, and gives what then stands there. */
export async function scriptSet(stop: ScriptStop, frame: number, [scope = 0, ...path]: Path, value: unknown, mask: Mask): Promise<DebugValue> {
  checkSeen(path, mask);
  await stop.set(frame, Number(scope), path, value);
  const key = path.at(-1)!;
  const window = typeof key === 'number' ? { start: key, count: 1 } : {};
  const rows = await scriptValues(stop, frame, [scope, ...path.slice(0, -1)], window, mask);
  return rows.find((row) => row.key === key) ?? rowOf(key, mask([value])[0], mask);
}

export async function scriptEvaluated(stop: ScriptStop, frame: number, expression: string, isFull: boolean, mask: Mask): Promise<DebugEvaluated> {
  const entry = await stop.evaluate(frame, expression);
  if ((entry.kind !== 'array' && entry.kind !== 'object') || entry.value === undefined) {
    return entry.kind === 'other' || entry.value === undefined ? rowOfEntry(entry, mask) : rowOf('result', mask([entry.value])[0], mask, undefined, isFull ? Number.MAX_SAFE_INTEGER : undefined);
  }
  const [value] = mask([entry.value]);
  return { ...rowOf('result', value, mask), ...(isFull && { text: JSON.stringify(value) }), value };
}

const longestWindow = 1_000;
