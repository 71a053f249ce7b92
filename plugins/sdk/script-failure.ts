import type { ScriptResult } from './context.ts';
import { FlowError } from './errors.ts';

/** What a script failed with, naming its line. `script`: its file. */
export function scriptFailure(script: string, error: ScriptResult['error']): FlowError {
  const { code = 'SCRIPT_THREW', message, file = script, line, stack, cause } = error ?? { message: 'The script gave no result.' } as NonNullable<ScriptResult['error']>;
  const details = { ...cause?.details, ...(stack !== undefined && { stack }) };
  return new FlowError(code, message, { place: { file, ...(line !== undefined && { line }) }, details, ...(cause && { cause }) });
}
