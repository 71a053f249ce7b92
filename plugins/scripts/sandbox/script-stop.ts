import { FlowError, type ScriptEntry, type ScriptStop } from '../../sdk/index.ts';
import type { CallFrame, Inspector, Paused, RemoteObject } from './inspector.ts';

/** What can be seen where a script stands. */
export function stopOf({ callFrames, hitBreakpoints = [] }: Paused, file: string, inspector: Inspector): ScriptStop {
  const own = callFrames.filter(({ location: { scriptId } }) => inspector.scripts(file).includes(scriptId));
  const scopesOf = ({ scopeChain }: CallFrame): CallFrame['scopeChain'] => scopeChain.filter(({ type }) => type !== 'global' && type !== 'with');
  const frameAt = (frame: number): CallFrame => {
    const found = own[frame];
    if (!found) throw missing();
    return found;
  };
  return {
    isBreakpoint: hitBreakpoints.length > 0,
    frames: own.map((frame) => ({
      name: frame.functionName === '' ? '(anonymous)' : frame.functionName.replace(/^\$[a-z]{2}\.default$/, 'default'), file, line: frame.location.lineNumber + 1, column: (frame.location.columnNumber ?? 0) + 1, scopes: scopesOf(frame).map(({ type }) => names[type] ?? type),
    })),
    async entries(frame, scope, path, { start, count }) {
      const objectId = scopesOf(frameAt(frame))[scope]?.object.objectId;
      if (objectId === undefined) throw missing();
      return read(inspector, objectId, path, start, count);
    },
    async evaluate(frame, expression) {
      const { result, exceptionDetails } = await inspector.send<{ readonly result: RemoteObject; readonly exceptionDetails?: { readonly text: string; readonly exception?: RemoteObject } }>('Debugger.evaluateOnCallFrame', {
        callFrameId: frameAt(frame).callFrameId, expression: `(${expression}\n)`, throwOnSideEffect: true, timeout: evaluateMs,
      });
      if (exceptionDetails) throw new FlowError('SCRIPT_THREW', (exceptionDetails.exception?.description ?? exceptionDetails.text).split('\n')[0]!);
      return entryOf('result', result, inspector);
    },
    async set(frame, scope, path, value) {
      const { callFrameId, scopeChain } = frameAt(frame);
      const found = scopesOf(frameAt(frame))[scope];
      const [name, ...rest] = path;
      if (found?.object.objectId === undefined || typeof name !== 'string') throw missing();
      const { objectId } = found.object;
      if (rest.length > 0) return call(inspector, objectId, put.toString(), [{ value: JSON.stringify(path) }, { value: JSON.stringify(value) }]);
      const { result } = await inspector.send<{ readonly result: RemoteObject }>('Debugger.evaluateOnCallFrame', { callFrameId, expression: `JSON.parse(${JSON.stringify(JSON.stringify(value))})` });
      const newValue = result.objectId === undefined ? { value: result.value } : { objectId: result.objectId };
      await inspector.send('Debugger.setVariableValue', { callFrameId, scopeNumber: scopeChain.indexOf(found), variableName: name, newValue });
      // The object that stands for the scope was made when it stopped.
      await call(inspector, objectId, show.toString(), [{ value: name }, newValue]);
    },
  };
}

const names: Readonly<Record<string, string>> = { local: 'Local', closure: 'Closure', block: 'Block', catch: 'Catch', script: 'Script', module: 'Module', eval: 'Eval' };

/** A value that has entries is looked at inside, so that only what is shown leaves the child. */
async function entryOf(key: string, { type, subtype, value, description = '', objectId }: RemoteObject, inspector: Inspector): Promise<ScriptEntry> {
  if (objectId === undefined || type !== 'object') {
    const kind = subtype === 'null' ? 'null' : (['string', 'number', 'boolean', 'undefined'] as const).find((one) => one === type) ?? 'other';
    return { key, kind, count: 0, ...(value !== undefined && { value: typeof value === 'string' ? value.slice(0, mostLetters) : value }), ...(kind === 'other' && { text: description.slice(0, mostShown) }) };
  }
  const [entry] = await ask(inspector, objectId, describe.toString(), []);
  return { ...entry!, key };
}

const read = (inspector: Inspector, objectId: string, path: readonly (string | number)[], start: number, count: number): Promise<readonly ScriptEntry[]> => ask(inspector, objectId, list.toString(), [path, start, count]);

async function call(inspector: Inspector, objectId: string, functionDeclaration: string, args: readonly object[]): Promise<void> {
  const { result, exceptionDetails } = await inspector.send<{ readonly result: RemoteObject; readonly exceptionDetails?: { readonly exception?: RemoteObject } }>('Runtime.callFunctionOn', { objectId, functionDeclaration, arguments: args, returnByValue: true });
  if (exceptionDetails) throw new FlowError('SCRIPT_THREW', (exceptionDetails.exception?.description ?? 'It cannot be changed.').split('\n')[0]!);
  if (result.value === false) throw missing();
}

async function ask(inspector: Inspector, objectId: string, functionDeclaration: string, args: readonly unknown[]): Promise<readonly ScriptEntry[]> {
  const { result, exceptionDetails } = await inspector.send<{ readonly result: RemoteObject; readonly exceptionDetails?: object }>('Runtime.callFunctionOn', { objectId, functionDeclaration, arguments: args.map((value) => ({ value: JSON.stringify(value) })), returnByValue: true });
  if (exceptionDetails || typeof result.value !== 'string') throw missing();
  return JSON.parse(result.value) as readonly ScriptEntry[];
}

/** Runs in the child, as a text of its own. */
function list(this: unknown, pathText: string, startText: string, countText: string): string {
  const entryOf = (key: string | number, value: unknown, depth: number): object => {
    if (value === null) return { key, kind: 'null', count: 0, value };
    if (typeof value === 'string') return { key, kind: 'string', count: 0, value: value.slice(0, 65_536) };
    if (typeof value === 'number' || typeof value === 'boolean') return { key, kind: typeof value, count: 0, value: Number.isNaN(value) ? 'NaN' : value };
    if (value === undefined) return { key, kind: 'undefined', count: 0 };
    if (typeof value !== 'object' || value instanceof Date) return { key, kind: 'other', count: 0, text: String(value).slice(0, 200) };
    const names = Array.isArray(value) ? [] : Object.keys(value);
    const count = Array.isArray(value) ? value.length : names.length;
    if (depth > 0) return { key, kind: Array.isArray(value) ? 'array' : 'object', count };
    const first = Array.isArray(value) ? [] : names.slice(0, 4).map((name) => entryOf(name, read(value, name), depth + 1));
    return { key, kind: Array.isArray(value) ? 'array' : 'object', count, value: first };
  };
  // A variable that has no value yet throws where it is read.
  const read = (from: unknown, key: string | number): unknown => {
    try {
      return (from as Record<string | number, unknown>)[key];
    } catch {
      return undefined;
    }
  };
  const at = (JSON.parse(pathText) as (string | number)[]).reduce<unknown>(read, this);
  const start = JSON.parse(startText) as number;
  const end = start + (JSON.parse(countText) as number);
  const rows = Array.isArray(at) ? at.slice(start, end).map((value, index) => entryOf(start + index, value, 0)) : Object.keys(at as object).slice(start, end).map((name) => entryOf(name, read(at, name), 0));
  return JSON.stringify(rows);
}

/** Runs in the child, as a text of its own. */
function put(this: unknown, pathText: string, valueText: string): boolean {
  'use strict';
  const path = JSON.parse(pathText) as (string | number)[];
  const last = path.pop()!;
  const at = path.reduce<unknown>((from, key) => (from as Record<string | number, unknown> | undefined | null)?.[key], this);
  if (typeof at !== 'object' || at === null) return false;
  (at as Record<string | number, unknown>)[last] = JSON.parse(valueText) as unknown;
  return true;
}

/** Runs in the child, as a text of its own. */
function show(this: unknown, name: string, value: unknown): void {
  Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
}

/** Runs in the child, as a text of its own: the whole value where it is small. */
function describe(this: unknown): string {
  const isList = Array.isArray(this);
  const count = isList ? (this as unknown[]).length : Object.keys(this as object).length;
  const text = JSON.stringify(this) ?? 'null';
  return JSON.stringify([{ key: 'result', kind: isList ? 'array' : 'object', count, ...(text.length <= 65_536 && { value: JSON.parse(text) as unknown }) }]);
}

const missing = (): FlowError => new FlowError('DATA_MISSING', 'There is nothing there: the script has gone on since.', { remedy: 'Look at the variables again.' });

const evaluateMs = 250;
const mostLetters = 65_536;
const mostShown = 1_024;
