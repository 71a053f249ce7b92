import { FlowError } from '../sdk/index.ts';

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a, LIST = 0x5b, LIST_END = 0x5d, OBJECT = 0x7b, OBJECT_END = 0x7d;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * The bytes of the value below the names of objects inside one another, as a stream; of what stands around it only strings and brackets are looked at.
 * `found` is told how many bytes stand before it; `around` gets the bytes before it, before the first of it is given, and those behind it. Fails with `DATA_INVALID` where there is no such value, and where the document does not end well.
 */
export async function* partOf(bytes: AsyncIterable<Uint8Array>, names: readonly string[], { found, around }: { readonly found?: (offset: number) => void; readonly around?: (bytes: Uint8Array) => void }): AsyncGenerator<Uint8Array> {
  let state = 'value' as 'value' | 'key' | 'in-key' | 'colon' | 'skip' | 'part' | 'rest';
  let matched = 0;
  let key: number[] = [];
  let depth = 0;
  let inString = false;
  let isEscaped = false;
  let offset = 0;
  const fail = (at: number, reason: string): never => {
    throw new FlowError('DATA_INVALID', `The JSON document cannot be read at byte ${offset + at}: ${reason}.`, { details: { offset: offset + at } });
  };
  const missing = (at: number): never => fail(at, `there is nothing at ${JSON.stringify(names.slice(0, matched + 1).join('.'))}, where the records should be`);
  /** Follows strings and brackets; says whether the byte stands outside of them. */
  const isOutside = (byte: number): boolean => {
    if (inString) {
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === LIST || byte === OBJECT) depth++;
    else if (depth > 0 && (byte === LIST_END || byte === OBJECT_END)) depth--;
    else return depth === 0;
    return false;
  };
  for await (const chunk of bytes) {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (state === 'part') {
        if (!isOutside(byte) || (byte !== COMMA && byte !== OBJECT_END)) continue;
        yield chunk.subarray(from, at);
        state = 'rest';
        from = at;
        // The objects around the part are still open.
        depth = matched;
        if (byte === OBJECT_END) depth--;
      } else if (state === 'rest') {
        if (isOutside(byte) && !isSpace(byte)) fail(at, 'something follows the end of the document');
      } else if (state === 'skip') {
        if (!isOutside(byte)) continue;
        if (byte === OBJECT_END) missing(at);
        if (byte === COMMA) state = 'key';
      } else if (state === 'in-key') {
        if (!isEscaped && byte === QUOTE) state = 'colon';
        else {
          isEscaped = !isEscaped && byte === BACKSLASH;
          key.push(byte);
        }
      } else if (isSpace(byte)) continue;
      else if (state === 'key') {
        if (byte === OBJECT_END) missing(at);
        if (byte !== QUOTE) fail(at, 'a name is expected');
        state = 'in-key';
        key = [];
        isEscaped = false;
      } else if (state === 'colon') {
        if (byte !== COLON) fail(at, 'a colon is expected');
        state = nameOf(key) === names[matched] ? 'value' : 'skip';
        if (state === 'value') matched++;
      } else if (matched < names.length) {
        if (byte !== OBJECT) missing(at);
        state = 'key';
      } else {
        found?.(offset + at);
        if (at > 0) around?.(chunk.slice(0, at));
        state = 'part';
        from = at;
        isOutside(byte);
      }
    }
    if (state === 'part') yield chunk.slice(from);
    // Where it did not end in this chunk, `from` is its beginning.
    else around?.(chunk.slice(from));
    offset += chunk.length;
  }
  if (state !== 'rest' || depth > 0 || inString) fail(0, 'the document ends in the middle');
}

/** Undefined where the name is no string of JSON. */
function nameOf(key: readonly number[]): unknown {
  try {
    return JSON.parse(`"${new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(key))}"`);
  } catch {
    return undefined;
  }
}
