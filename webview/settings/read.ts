import { parse, type ParseError } from 'jsonc-parser';
import { isObject } from '../../server/model/json.ts';
import { syntaxProblem, type TextProblem } from '../shared/syntax.ts';

export type Json = Readonly<Record<string, unknown>>;

/** The value of a file as far as it can be shown. Wrong parts stay as they are: the diagnostics name them, and no form changes what it does not show. */
export function readSettings(text: string): { readonly value?: Json; readonly problem?: TextProblem } {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: false, disallowComments: false });
  const [error] = errors;
  if (error && text.trim() !== '') return { ...(isObject(value) && { value }), problem: syntaxProblem(text, error) };
  if (value === undefined) return { value: {} };
  if (!isObject(value)) return { problem: { message: 'The file must hold a JSON object.', line: 1 } };
  const { version } = value;
  return { value, ...(typeof version === 'number' && version > 1 && { problem: { message: `The file has format version ${version}, which is newer than this editor. It can be looked at, not edited.` } }) };
}
