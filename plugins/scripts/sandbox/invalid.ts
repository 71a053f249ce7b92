import { FlowError } from '../../sdk/index.ts';

/** The error for a place in a script; line and column from 1. */
export function scriptInvalid(file: string, message: string, at?: { readonly line: number; readonly column?: number }, remedy?: string): FlowError {
  const where = at ? `${file}, line ${at.line}${at.column === undefined ? '' : `, column ${at.column}`}` : file;
  return new FlowError('SCRIPT_INVALID', `${where}: ${message}`, { place: { file, ...at }, ...(remedy !== undefined && { remedy }) });
}

/** The first place in a file that a stack names. */
export function placeIn(stack: string, file: string): { readonly line: number; readonly column?: number } | undefined {
  let from = stack.indexOf(`${file}:`);
  // Not the end of another name: `s.js` of `names.js`.
  while (from > 0 && !/[\s(]/.test(stack[from - 1]!)) from = stack.indexOf(`${file}:`, from + 1);
  const numbers = from === -1 ? null : /^(\d{1,9})(?::(\d{1,9}))?/.exec(stack.slice(from + file.length + 1, from + file.length + 24));
  return numbers ? { line: Number(numbers[1]), ...(numbers[2] !== undefined && { column: Number(numbers[2]) }) } : undefined;
}
