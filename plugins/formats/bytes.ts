import { decodeChunks, markOf } from '../sdk/index.ts';

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** At least so many bytes of the beginning of a document, as far as it has them, and all of the document. */
export async function beginningOf(bytes: AsyncIterable<Uint8Array>, count: number): Promise<[head: Uint8Array, all: AsyncIterable<Uint8Array>]> {
  const source = bytes[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array();
  while (head.length < count) {
    const { done, value } = await source.next();
    if (done) break;
    head = joined([head, value]);
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield head;
      for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
    } finally {
      await source.return?.();
    }
  };
  return [head, all()];
}

/** A JSON document in UTF-8, without the byte order mark that some systems put first; one in UTF-16 is known by that mark. Fails with `DATA_INVALID` where that is no text. */
export async function* inUtf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const [head, all] = await beginningOf(bytes, 3);
  const mark = markOf(head);
  if (mark === undefined) yield* all;
  else if (mark === 'utf-8') {
    let before = 3;
    for await (const chunk of all) {
      yield chunk.subarray(before);
      before = 0;
    }
  } else {
    const encoder = new TextEncoder();
    for await (const text of decodeChunks(all, mark, { what: 'The JSON document', remedy: jsonCharset })) yield encoder.encode(text);
  }
}

/** What to do where bytes of JSON are no text. */
export const jsonCharset = 'Let it be written in UTF-8, or name its charset where it is read: as "encoding" of the step that reads the file, or with the media type (`--input-type "application/json; charset=windows-1252"`).';
