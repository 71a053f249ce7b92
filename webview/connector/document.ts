import { parse, type ParseError } from 'jsonc-parser';
import { isObject, objectAt } from '../../server/model/json.ts';
import { syntaxProblem, type TextProblem } from '../shared/syntax.ts';

export type Json = Readonly<Record<string, unknown>>;

/** A connector as far as it can be shown. */
export interface ReadConnector {
  /** Missing where the text cannot be understood at all. */
  readonly value?: Json;
  /** `value` is what could be made of a text with errors: better than nothing, worse than the last good one. */
  readonly guessed?: boolean;
  readonly problem?: TextProblem;
}

/** Reads a connector for the forms. Wrong parts stay as they are: the diagnostics name them, and no form changes what it does not show. */
export function readConnectorText(text: string): ReadConnector {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: false, disallowComments: false });
  const [error] = errors;
  if (error && text.trim() !== '') return { ...(isObject(value) && { value, guessed: true }), problem: syntaxProblem(text, error) };
  if (value === undefined) return { value: {} };
  if (!isObject(value)) return { problem: { message: 'The file holds no connector: it must be a JSON object.', line: 1 } };
  const { version } = value;
  return { value, ...(typeof version === 'number' && version > 1 && { problem: { message: `The file has format version ${version}, which is newer than this editor. It can be looked at, not edited.` } }) };
}

const empty: Json = {};

/** The endpoints by name, those too that are no objects: there they are. */
export const endpointsOf = (connector: Json): readonly (readonly [name: string, endpoint: Json])[] => Object.entries(objectAt(connector, 'endpoints')).map(([name, endpoint]) => [name, isObject(endpoint) ? endpoint : empty]);

export const isProtocol = (connector: Json): boolean => typeof connector['protocol'] === 'string';
