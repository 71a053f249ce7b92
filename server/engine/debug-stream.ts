import type { DebugEvaluated, DebugScope, DebugValue, DebugWindow } from '../model/debug.ts';
import { checkSeen, expressionOf, rowOfEntry, type Mask } from '../model/debug-values.ts';
import { pointerOf } from '../model/json.ts';
import { pathKeys } from '../model/path.ts';
import { bodyOf, type PayloadBody } from './payload.ts';
import type { Item } from './recorder.ts';

/** A payload that is read from where it lies, each time anew, so that a part of it can be looked at. */
export type Stream = Extract<PayloadBody, { kind: 'stream' }>;

export function streamOf(item: Item | undefined): Stream | undefined {
  const body = item && bodyOf(item.payload);
  return body?.kind === 'stream' ? body : undefined;
}

export async function streamSize({ window }: Stream): Promise<Pick<DebugScope, 'indexed' | 'named'>> {
  const found = await window?.({ path: '', offset: 0, limit: 100 });
  if (!found) return { indexed: 0, named: 1 };
  return { indexed: found.kind === 'array' ? (found.count ?? 0) : 0, named: found.kind === 'array' ? 0 : found.kind === 'object' ? (found.count ?? 0) : 1 };
}

/** What an expression gives that is a path into the payload; `undefined` where it is another. */
export async function streamAt({ window }: Stream, expression: string, mask: Mask): Promise<DebugEvaluated | undefined> {
  const [root, ...path] = keysOf(expression);
  if (!window || root !== 'payload') return undefined;
  checkSeen(path, mask);
  const found = await window({ path: pointerOf(path), offset: 0, limit: 0 });
  return found && rowOfEntry({ key: path.at(-1) ?? root, kind: found.kind, count: found.count, value: found.value }, mask);
}

function keysOf(expression: string): readonly (string | number)[] {
  try {
    const keys = pathKeys(expression.trim()) ?? [];
    return keys.every((key) => typeof key !== 'symbol') ? keys : [];
  } catch {
    return [];
  }
}

/** Some of the entries at a path. Of a stream that is no JSON, the bytes alone can be looked at. */
export async function streamValues({ size, window }: Stream, path: readonly (string | number)[], { filter, start = 0, count = 0 }: DebugWindow, mask: Mask): Promise<readonly DebugValue[]> {
  if (!window) return filter === 'indexed' ? [] : [{ key: 'payload', name: 'payload', text: `(${size} bytes)`, type: 'bytes', indexed: 0, named: 0, isWhole: true, hasBytes: true }];
  checkSeen(path, mask);
  const found = await window({ path: pointerOf(path), offset: start, limit: Math.min(count || longestWindow, longestWindow) });
  if (!found || (filter === 'indexed') !== (found.kind === 'array' && filter !== undefined)) return [];
  return (found.entries ?? []).map((entry) => {
    const key = found.kind === 'array' ? Number(entry.key) : entry.key;
    return rowOfEntry({ ...entry, key }, mask, expressionOf('payload', [...path, key]));
  });
}

/** Bytes of a stream, from where it begins. */
export async function streamBytes({ open }: Stream, { offset, count }: { readonly offset: number; readonly count: number }): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let at = 0;
  for await (const chunk of open()) {
    if (at + chunk.length > offset) parts.push(chunk.subarray(Math.max(0, offset - at), offset + count - at));
    at += chunk.length;
    if (at >= offset + count) break;
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let to = 0;
  for (const part of parts) {
    bytes.set(part, to);
    to += part.length;
  }
  return bytes;
}

const longestWindow = 1_000;
