import { parse, type ParseError } from 'jsonc-parser';
import { isObject } from '../../server/model/json.ts';
import { syntaxProblem, type TextProblem } from '../shared/syntax.ts';

/** A mapping file as far as it can be shown. */
export interface ReadMap {
  /** What could be made of the text; missing where it cannot be understood. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Better than nothing, worse than the last good one. */
  readonly isGuessed?: boolean;
  /** Why it cannot be edited by hand gestures. */
  readonly problem?: TextProblem;
}

export function readMapText(text: string): ReadMap {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: false, disallowComments: false });
  const [error] = errors;
  if (text.trim() === '') return { settings: {}, problem: { message: 'The file is empty: it must hold {"version": 1, "rules": []}.', line: 1 } };
  if (error) return { ...(isObject(value) && { settings: value, isGuessed: true }), problem: syntaxProblem(text, error) };
  if (!isObject(value)) return { problem: { message: 'The file holds no mapping: it must be a JSON object.', line: 1 } };
  const version = value['version'];
  if (typeof version === 'number' && version > 1) return { settings: value, problem: { message: `The file has format version ${version}, which is newer than this editor. It can be looked at, not edited.` } };
  if (value['rules'] !== undefined && !Array.isArray(value['rules'])) return { settings: value, problem: { message: '"rules" is no list: correct it as text first.' } };
  return { settings: value };
}
