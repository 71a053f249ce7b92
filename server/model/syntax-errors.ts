import { createScanner, visit, type ParseError } from 'jsonc-parser';
import { lineIndex } from './json-source.ts';
import { mergeConflictIn } from './merge-conflict.ts';

/** A fault of the syntax, in words, and where it is best seen. */
export interface SyntaxFault {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly fix: string;
}

/** What is said of a text that `JSON.parse` refuses. `name`: of the document, in messages. `at` is missing where the place cannot be told, such as in one that is nested without end. */
export function brokenJson(text: string, name: string): { readonly message: string; readonly remedy: string; readonly at?: { readonly line: number; readonly column: number } } {
  const fault = firstFault(text);
  if (!fault) return { message: `${name} is not valid JSON.`, remedy: 'Correct the document.' };
  const { offset, message, fix } = syntaxFault(text, fault);
  const { line, column } = lineIndex(text)(offset, 0);
  return { message: `${name} is not valid JSON: line ${line}, column ${column}: ${message}`, remedy: fix, at: { line, column } };
}

/** The same as one text, for whoever has typed or chosen the document. */
export function sayBrokenJson(text: string, name: string): string {
  const { message, remedy } = brokenJson(text, name);
  return `${message} ${remedy}`;
}

/** A long document is not read on behind it. */
function firstFault(text: string): ParseError | undefined {
  let fault: ParseError | undefined;
  const stop = new Error();
  try {
    visit(text, { onError: (error, offset, length) => { fault = { error, offset, length }; throw stop; } }, { allowTrailingComma: false, disallowComments: true });
  } catch (error) {
    if (error !== stop && !(error instanceof RangeError)) throw error;
  }
  return fault;
}

/** The first fault of a text. Those after it are mostly its consequences. */
export function syntaxFault(text: string, error: ParseError): SyntaxFault {
  const conflict = mergeConflictIn(text);
  if (conflict) return { ...conflict, message: 'A merge has left both versions here.', fix: 'Choose one of them, or put them together, and remove the lines of <<<<<<<, ======= and >>>>>>>: in VS Code with “Resolve in Merge Editor”.' };
  const before = tokenBefore(text, error.offset);
  const here = text.slice(error.offset, error.offset + error.length);
  const at = (message: string, fix: string): SyntaxFault => ({ offset: error.offset, length: Math.max(error.length, error.offset < text.length ? 1 : 0), message, fix });
  const after = (message: string, fix: string): SyntaxFault => ({ offset: before.end, length: 0, message, fix });
  const isAtEnd = here === '' || text.slice(error.offset).trim() === '';
  if ((here === '}' || here === ']') && before.text === ',') return { offset: before.end - 1, length: 1, message: `A comma stands after the last entry, before ${here}.`, fix: 'Remove the comma.' };
  switch (error.error as number) {
    case codes.propertyName: return isAtEnd ? after('The object is not closed.', 'Add a closing }.') : at(`A key in double quotes is expected, not ${show(here)}.`, 'Write keys as "key": value.');
    case codes.value: return isAtEnd ? after('A value is missing at the end of the text.', 'Complete the text.') : at(`A value is expected, not ${show(here)}.`, 'Write a text in double quotes, a number, true, false, null, an object or a list.');
    case codes.colon: return after(`A colon is missing after ${show(before.text)}.`, 'Write keys as "key": value.');
    case codes.comma: return after(`A comma is missing after ${show(before.text)}.`, 'Separate entries by commas.');
    case codes.closeBrace: return after(isAtEnd ? 'The object is not closed.' : `A comma or } is expected after ${show(before.text)}.`, 'Add a closing }.');
    case codes.closeBracket: return after(isAtEnd ? 'The list is not closed.' : `A comma or ] is expected after ${show(before.text)}.`, 'Add a closing ].');
    case codes.endOfFile: return at(`The document has ended before ${show(here)}.`, 'Remove what follows, or move it into the object.');
    case codes.number: return at(`${show(here)} is not a number.`, 'Write numbers as 12, -1.5 or 1e3.');
    case codes.endOfComment: return at('The comment is not closed.', 'Add */.');
    case codes.endOfString: return at('The text is not closed before the end of the line.', 'Add a closing double quote; write a line break as \\n.');
    case codes.endOfNumber: return at('The number is not complete.', 'Write numbers as 12, -1.5 or 1e3.');
    case codes.unicode: return at('\\u is not followed by four hexadecimal digits.', 'Write a character as \\u00e9.');
    case codes.escape: return at('The text has an escape that JSON does not know.', 'Write a backslash as \\\\.');
    case codes.character: return at('The text has a control character in it.', 'Write a line break as \\n and a tab as \\t.');
    default: return at(`${show(here)} is not JSON.`, 'Write a text in double quotes, a number, true, false, null, an object or a list.');
  }
}

// jsonc-parser declares these as a const enum, which does not exist at run time.
const codes = { number: 2, propertyName: 3, value: 4, colon: 5, comma: 6, closeBrace: 7, closeBracket: 8, endOfFile: 9, endOfComment: 11, endOfString: 12, endOfNumber: 13, unicode: 14, escape: 15, character: 16 } as const;

function tokenBefore(text: string, offset: number): { readonly text: string; readonly end: number } {
  const scanner = createScanner(text, true);
  let found = { text: '', end: 0 };
  for (;;) {
    scanner.scan();
    const [start, length] = [scanner.getTokenOffset(), scanner.getTokenLength()];
    if (length === 0 || start >= offset) return found;
    found = { text: text.slice(start, start + length), end: start + length };
  }
}

const show = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
