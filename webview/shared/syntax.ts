import { printParseErrorCode, type ParseError } from 'jsonc-parser';
import { mergeConflictIn } from '../../server/model/merge-conflict.ts';

/** Why a text cannot be edited by hand gestures. */
export interface TextProblem {
  readonly message: string;
  /** From 1. */
  readonly line?: number;
}

/** For people: what is wrong with the syntax of a JSON text, and where. */
export function syntaxProblem(text: string, error: ParseError): TextProblem {
  const conflict = mergeConflictIn(text);
  if (conflict) return { message: `A merge has left both versions at line ${lineAt(text, conflict.offset)}. Choose one of them in the text.`, line: lineAt(text, conflict.offset) };
  const line = lineAt(text, error.offset);
  return { message: `JSON has a syntax error at line ${line} (${words(printParseErrorCode(error.error))}).`, line };
}

/** Line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

const words = (code: string): string => code.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
