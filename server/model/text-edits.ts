import type { TextEdit } from './flow-edit.ts';

/** The text with all edits made. They must not overlap; their order does not count. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let out = '';
  let at = 0;
  for (const { offset, length, text: inserted } of edits.toSorted((left, right) => left.offset - right.offset)) {
    out += text.slice(at, offset) + inserted;
    at = offset + length;
  }
  return out + text.slice(at);
}

type Piece = { readonly start: number; readonly end: number } | { readonly inserted: string };

/**
 * A text under change. Edits are made one after the other, each with offsets of the text as it then is; `edits` gives them all with offsets of the
 * text as it was, so that what was not touched stays where it is.
 */
export class TextUnderEdit {
  readonly original: string;
  #text: string;
  #pieces: Piece[];

  constructor(original: string) {
    this.original = original;
    this.#text = original;
    this.#pieces = [{ start: 0, end: original.length }];
  }

  get text(): string {
    return this.#text;
  }

  replace(offset: number, length: number, inserted: string): void {
    // What stays the same at both ends is not touched.
    const old = this.#text.slice(offset, offset + length);
    let head = 0;
    while (head < old.length && head < inserted.length && old[head] === inserted[head]) head++;
    let tail = 0;
    while (tail < old.length - head && tail < inserted.length - head && old.at(-1 - tail) === inserted.at(-1 - tail)) tail++;
    this.#splice(offset + head, length - head - tail, inserted.slice(head, inserted.length - tail));
  }

  edits(): TextEdit[] {
    const edits: TextEdit[] = [];
    let at = 0;
    let inserted = '';
    const close = (end: number): void => {
      if (inserted !== '' || end > at) edits.push({ offset: at, length: end - at, text: inserted });
      inserted = '';
    };
    for (const piece of this.#pieces) {
      if ('inserted' in piece) inserted += piece.inserted;
      else {
        close(piece.start);
        at = piece.end;
      }
    }
    close(this.original.length);
    return edits;
  }

  #splice(offset: number, length: number, inserted: string): void {
    if (length === 0 && inserted === '') return;
    this.#text = this.#text.slice(0, offset) + inserted + this.#text.slice(offset + length);
    const before: Piece[] = [];
    const after: Piece[] = [];
    let at = 0;
    for (const piece of this.#pieces) {
      const size = 'inserted' in piece ? piece.inserted.length : piece.end - piece.start;
      const cutBefore = Math.min(size, Math.max(0, offset - at));
      const cutAfter = Math.min(size, Math.max(0, offset + length - at));
      if (cutBefore > 0) before.push(part(piece, 0, cutBefore));
      if (cutAfter < size) after.push(part(piece, Math.max(cutAfter, cutBefore), size));
      at += size;
    }
    this.#pieces = [...before, ...(inserted === '' ? [] : [{ inserted }]), ...after];
  }
}

const part = (piece: Piece, from: number, to: number): Piece =>
  'inserted' in piece ? { inserted: piece.inserted.slice(from, to) } : { start: piece.start + from, end: piece.start + to };
