import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DebugRef, DebugRoot } from '../model/debug.ts';
import { pathKeys } from '../model/path.ts';
import { invalid } from './arguments.ts';
import type { Referred } from './references.ts';

/** What somebody has typed in place of a value: JSON, or the text as it is where a text stands. */
export function typedValue(text: string, isText: boolean): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (!isText || /^\s*["{[]/.test(text)) throw invalid('This is no JSON.', isText ? 'Put the text in quotes: "text".' : 'Write JSON, such as 12, {"a": 1} or "text"; only in place of a text quotes may be left out.');
    return text;
  }
}

/** The keys of an expression that is a path and nothing else. */
export function keysIn(expression: string): readonly (string | number)[] | undefined {
  try {
    const keys = pathKeys(expression.trim());
    return keys?.length && keys.every((key) => typeof key !== 'symbol') ? keys : undefined;
  } catch {
    return undefined;
  }
}

/** The place that an expression names: `payload.lines[0].sku`, `flow.since`, `meta.page`. */
export function refAt(expression: string): Pick<DebugRef, 'root' | 'path'> {
  const [root, ...path] = pathKeys(expression.trim()) ?? [];
  const place = roots[String(root)];
  if (!place || path.some((key) => typeof key === 'symbol') || (place !== 'payload' && path.length === 0)) throw invalid(`${JSON.stringify(expression)} is no place that can be changed.`, 'Name one in the payload, its metadata or the flow variables: payload.lines[0].sku.');
  return { root: place, path: path as readonly (string | number)[] };
}

const roots: Readonly<Record<string, DebugRoot>> = { payload: 'payload', meta: 'meta', flow: 'variables' };

/** What of a variable, or of a name, can be watched. */
export function watchOf({ variablesReference, name }: DebugProtocol.DataBreakpointInfoArguments, get: (number: number) => Referred | undefined): DebugProtocol.DataBreakpointInfoResponse['body'] {
  const watch = (dataId: string, description: string): DebugProtocol.DataBreakpointInfoResponse['body'] => ({ dataId, description, accessTypes: ['write'], canPersist: true });
  const referred = variablesReference === undefined ? undefined : get(variablesReference);
  if (referred && 'ref' in referred) {
    const { root, path } = referred.ref;
    const variable = path[0] ?? name;
    if (root === 'variables') return watch(`variable ${variable}`, `flow.${variable}`);
    return { dataId: null, description: 'Only flow variables, caches and pools can be watched: a payload belongs to one step at a time.' };
  }
  const [, of, rest] = /^(cache|pool) (.+)$/.exec(name.trim()) ?? [];
  if (of !== undefined && rest !== undefined) return watch(`${of} ${rest}`, `${of} ${rest}`);
  const [, flow] = /^flow\.(\w+)$/.exec(name.trim()) ?? [];
  return flow === undefined ? { dataId: null, description: 'Name a flow variable (flow.since), a cache (cache orders, cache orders KEY) or a pool (pool seen).' } : watch(`variable ${flow}`, `flow.${flow}`);
}
