import type { TextEdit } from './flow-edit.ts';

/** Offset of the first character of a line. */
export const lineStartAt = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** The white space with which the line of an offset begins. */
export function indentAt(text: string, offset: number): string {
  const start = lineStartAt(text, offset);
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}

/** Whether a piece of JSON has a comment. */
export const hasComment = (text: string): boolean => text.includes('/') && /^(?:"(?:[^"\\]|\\[^])*"|[^"/])*\//.test(text);

/** Offset of the comma after a value, if there is one before the next token. */
export function commaAfter(text: string, end: number): number | undefined {
  const at = afterTrivia(text, end);
  return text[at] === ',' ? at : undefined;
}

function afterTrivia(text: string, start: number): number {
  const trivia = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
  trivia.lastIndex = start;
  trivia.exec(text);
  return trivia.lastIndex;
}

/** The end of the comments that stand behind an offset, if nothing else follows on the line; else the offset. */
export function lineTail(text: string, offset: number): number {
  const tail = /(?:[ \t]*\/\*(?:[^*\n]|\*(?!\/))*\*\/)*(?:[ \t]*\/\/[^\r\n]*)?(?=[ \t]*(?:\r?\n|$))/y;
  tail.lastIndex = offset;
  const found = tail.exec(text);
  return found ? offset + found[0].length : offset;
}

/** Edits in order, none of which touches another, and none replaces what stays the same. */
export function mergeEdits(text: string, edits: readonly TextEdit[]): TextEdit[] {
  const sorted = edits.map((edit, index) => ({ edit, index })).sort((left, right) => left.edit.offset - right.edit.offset || Math.sign(left.edit.length) - Math.sign(right.edit.length) || left.index - right.index);
  const merged: { offset: number; end: number; text: string }[] = [];
  for (const { edit } of sorted) {
    const last = merged.at(-1);
    const end = edit.offset + edit.length;
    if (!last || edit.offset > last.end) merged.push({ offset: edit.offset, end, text: edit.text });
    else {
      last.text += edit.text;
      last.end = Math.max(last.end, end);
    }
  }
  return merged.map(({ offset, end, text: replacement }) => trim(text, offset, end, replacement)).filter(({ length, text: replacement }) => length > 0 || replacement !== '');
}

function trim(text: string, offset: number, end: number, replacement: string): TextEdit {
  let start = 0;
  while (offset + start < end && start < replacement.length && text[offset + start] === replacement[start]) start++;
  let tail = 0;
  while (end - tail > offset + start && replacement.length - tail > start && text[end - tail - 1] === replacement[replacement.length - tail - 1]) tail++;
  if (start > 0 && isInside(text, offset + start)) start--;
  if (tail > 0 && isInside(text, end - tail)) tail--;
  return { offset: offset + start, length: end - tail - offset - start, text: replacement.slice(start, replacement.length - tail) };
}

/** Editors take a line break of two characters, and a character of two units, as one. */
const isInside = (text: string, offset: number): boolean => (text[offset - 1] === '\r' && text[offset] === '\n') || /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(offset - 1, offset + 1));
