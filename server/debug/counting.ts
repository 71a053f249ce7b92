import type { DebugProtocol } from '@vscode/debugprotocol';
import { isObject } from '../model/json.ts';

/** The number of the first line, of the first column, and of the first place at which a completion can start, as a client counts. Here all of them are 1. */
export interface Counting {
  readonly line: 0 | 1;
  readonly column: 0 | 1;
  readonly start: 0 | 1;
}

export const fromOne: Counting = { line: 1, column: 1, start: 1 };

export function countingOf({ clientID, linesStartAt1, columnsStartAt1 }: Partial<DebugProtocol.InitializeRequestArguments>): Counting {
  const column = columnsStartAt1 === false ? 0 : 1;
  // The start of a completion is a column in the protocol, but VS Code cuts the text there from 0, while its columns are from 1: of a start from 1 it would filter out what fits.
  return { line: linesStartAt1 === false ? 0 : 1, column, start: clientID === 'vscode' ? 0 : column };
}

/** The arguments of a request, counted from 1. */
export const fromClient = (command: string, args: unknown, { line, column }: Counting): unknown => (positioned.has(command) ? moved(args, { line: 1 - line, endLine: 1 - line, column: 1 - column, endColumn: 1 - column }) : args);

/** What is answered, as the client counts. Line 0 is none, and stays. */
export const toClient = (command: string, body: unknown, { line, column, start }: Counting): unknown => (positioned.has(command) ? moved(body, { line: line - 1, endLine: line - 1, column: column - 1, endColumn: column - 1, start: start - 1 }) : body);

/** Requests that speak of places in texts. */
const positioned: ReadonlySet<string> = new Set(['setBreakpoints', 'breakpointLocations', 'gotoTargets', 'stackTrace', 'completions']);

function moved(value: unknown, by: Readonly<Record<string, number>>): unknown {
  if (Array.isArray(value)) return value.map((item) => moved(item, by));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, typeof part === 'number' && Object.hasOwn(by, name) ? Math.max(0, part + by[name]!) : moved(part, by)]));
}
