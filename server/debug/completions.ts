import type { DebugProtocol } from '@vscode/debugprotocol';
import { debugExpressionRoots, type DebugRoot, type DebugValue } from '../model/debug.ts';
import { pathKeys } from '../model/path.ts';

type Keys = readonly (string | number)[];

/** What may follow a text that somebody types; it starts at a column from 1. `valuesAt`: the first values below a place; it may fail. */
export async function complete(text: string, valuesAt: (root: DebugRoot, path: Keys) => Promise<readonly DebugValue[]>): Promise<readonly DebugProtocol.CompletionItem[]> {
  const [, before, word = ''] = /(?:([A-Za-z_][\w.[\]']*)\.)?([A-Za-z_]\w*)?$/.exec(text) ?? [];
  const item = (label: string, type: DebugProtocol.CompletionItemType): DebugProtocol.CompletionItem => ({ label, type, start: text.length - word.length + 1, length: word.length });
  if (before === undefined) return debugExpressionRoots.filter((root) => root.startsWith(word)).map((root) => item(root, 'variable'));
  const [root, ...path] = keysOf(before);
  const place = ({ payload: 'payload', meta: 'meta', flow: 'variables', record: 'record', error: 'error' } as const)[String(root)];
  if (!place) return [];
  const values = await valuesAt(place, path).catch(() => []);
  return values.filter(({ key }) => typeof key === 'string' && /^[A-Za-z_]\w*$/.test(key) && key.startsWith(word)).map(({ name }) => item(name, 'property'));
}

function keysOf(text: string): Keys {
  try {
    return (pathKeys(text) ?? []).filter((key) => typeof key !== 'symbol');
  } catch {
    return [];
  }
}
