import { isObject } from '../model/json.ts';
import { invalid } from './arguments.ts';

/** `count`: an integer from 0 on. A list holds what is described. */
type Wanted = 'text' | 'count' | 'texts' | { readonly [name: string]: Wanted } | readonly [{ readonly [name: string]: Wanted }];

const source = { 'path?': 'text' } as const;
const frame = { 'frameId?': 'count' } as const;
const inSource = [{ line: 'count', 'column?': 'count', 'condition?': 'text', 'hitCondition?': 'text', 'logMessage?': 'text' }] as const;
const filters = [{ filterId: 'text', 'condition?': 'text' }] as const;

/** What each request of a client says, as far as it is read here; a `?` marks what may be missing. */
const requests: Readonly<Record<string, { readonly [name: string]: Wanted }>> = {
  setBreakpoints: { source, 'breakpoints?': inSource },
  setFunctionBreakpoints: { breakpoints: [{ name: 'text', 'condition?': 'text', 'hitCondition?': 'text' }] },
  setDataBreakpoints: { breakpoints: [{ dataId: 'text', 'condition?': 'text', 'hitCondition?': 'text' }] },
  setExceptionBreakpoints: { filters: 'texts', 'filterOptions?': filters },
  breakpointLocations: { source, line: 'count', 'endLine?': 'count' },
  dataBreakpointInfo: { name: 'text', 'variablesReference?': 'count', ...frame },
  stackTrace: { threadId: 'count', 'startFrame?': 'count', 'levels?': 'count' },
  scopes: { frameId: 'count' },
  variables: { variablesReference: 'count', 'start?': 'count', 'count?': 'count' },
  readMemory: { memoryReference: 'text', 'offset?': 'count', count: 'count' },
  evaluate: { expression: 'text', ...frame },
  completions: { text: 'text', 'line?': 'count', column: 'count', ...frame },
  setVariable: { variablesReference: 'count', name: 'text', value: 'text' },
  setExpression: { expression: 'text', value: 'text', ...frame },
  stepIn: { 'targetId?': 'count' },
  restartFrame: { frameId: 'count', 'confirm?': 'texts' },
  gotoTargets: { source, line: 'count' },
  goto: { targetId: 'count', 'confirm?': 'texts' },
};

/** Fails with `API_INVALID` where a request lacks something, or says it in another way than the protocol. */
export function checkRequest(command: string, args: unknown): void {
  if (!isObject(args) || Array.isArray(args)) throw invalid(`The arguments of "${command}" are an object.`, 'Look at the debug adapter protocol.');
  check(command, '', args, requests[command] ?? {});
}

function check(command: string, at: string, given: Readonly<Record<string, unknown>>, wanted: { readonly [name: string]: Wanted }): void {
  for (const [marked, kind] of Object.entries(wanted)) {
    const name = marked.replace(/\?$/, '');
    const value = given[name] ?? undefined;
    if (value === undefined && marked.endsWith('?')) continue;
    const place = at === '' ? name : `${at}.${name}`;
    if (value === undefined) throw invalid(`The request "${command}" lacks "${place}".`, 'Give it, as the debug adapter protocol has it.');
    const word = wordOf(kind, value);
    if (word !== undefined) throw invalid(`"${place}" of the request "${command}" is ${word}.`, 'Give it as the debug adapter protocol has it.');
    if (isList(kind)) for (const [index, item] of (value as Readonly<Record<string, unknown>>[]).entries()) check(command, `${place}[${index}]`, item, kind[0]);
    else if (typeof kind === 'object') check(command, place, value as Readonly<Record<string, unknown>>, kind);
  }
}

const isList = (kind: Wanted): kind is readonly [{ readonly [name: string]: Wanted }] => Array.isArray(kind);

/** What it should be, where it is something else. */
function wordOf(kind: Wanted, value: unknown): string | undefined {
  if (isList(kind)) return Array.isArray(value) && value.every(isObject) ? undefined : 'a list of objects';
  if (typeof kind === 'object') return isObject(value) ? undefined : 'an object';
  if (kind === 'text') return typeof value === 'string' ? undefined : 'a text';
  if (kind === 'texts') return Array.isArray(value) && value.every((one) => typeof one === 'string') ? undefined : 'a list of texts';
  return Number.isInteger(value) && (value as number) >= 0 ? undefined : 'a whole number, 0 or more';
}
