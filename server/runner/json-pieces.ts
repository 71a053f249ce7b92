import { FlowError } from '../../plugins/sdk/index.ts';

/** Letters, or bytes, that are written at once. */
const pieceSize = 48 * 1024;

/** About as long as the JSON of a value; stops counting at the limit. */
export function sizeWithin(value: unknown, limit: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  let size = 2;
  for (const [key, item] of Object.entries(value)) {
    size += (Array.isArray(value) ? 1 : key.length + 4) + sizeWithin(item, limit - size);
    if (size >= limit) return size;
  }
  return size;
}

/** What `JSON.stringify` gives, a piece at a time: no text is as long as the value. The value has no circles. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (typeof value === 'string') return yield* textPieces(value);
  if (sizeWithin(value, pieceSize) < pieceSize || typeof (value as { toJSON?: unknown }).toJSON === 'function') return yield JSON.stringify(value) ?? 'null';
  const isList = Array.isArray(value);
  let before = isList ? '[' : '{';
  for (const [key, item] of Object.entries(value as object)) {
    if (!isList && (item === undefined || typeof item === 'function' || typeof item === 'symbol')) continue;
    yield isList ? before : `${before}${JSON.stringify(key)}:`;
    yield* jsonPieces(item);
    before = ',';
  }
  if (before !== ',') yield before;
  yield isList ? ']' : '}';
}

/** A text as JSON has it. */
export function* textPieces(text: string): Generator<string> {
  yield '"';
  yield* lettersOf(text);
  yield '"';
}

function* lettersOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + pieceSize);
    // A letter of two halves is not cut.
    if (end < text.length && (text.charCodeAt(end) & 0xfc00) === 0xdc00) end++;
    yield JSON.stringify(text.slice(at, end)).slice(1, -1);
    at = end;
  }
}

/** The text of bytes in UTF-8 as JSON has it. Fails with a `TypeError` where they are none. */
export async function* streamedText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  yield '"';
  for await (const chunk of bytes) yield* lettersOf(decoder.decode(chunk, { stream: true }));
  yield* lettersOf(decoder.decode());
  yield '"';
}

/** Bytes in Base64, as JSON has them. */
export async function* streamedBase64(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  yield '"';
  for await (const chunk of bytes) {
    const all = Buffer.concat([rest, chunk]);
    const whole = all.length - (all.length % 3);
    for (let at = 0; at < whole; at += pieceSize) yield all.toString('base64', at, Math.min(whole, at + pieceSize));
    rest = all.subarray(whole);
  }
  yield `${rest.toString('base64')}"`;
}

type Wanted = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'nothing';

const space = /[\t\n\r ]+/y;
const word = /[-+.\w]+/y;
const scalar = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const letters = /[^"\\\p{Cc}]+|[\u007f-\u009f]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/uy;
const halfEscape = /\\(?:u[\da-fA-F]{0,3})?$/y;

/** A JSON document without the space between its values, checked as it passes. Fails with `DATA_INVALID` where it is none. */
export async function* streamedJson(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const check = jsonChecker();
  for await (const chunk of bytes) yield check(decoder.decode(chunk, { stream: true }), false);
  yield check(decoder.decode(), true);
}

/** Takes a document part by part and gives as much of it as can be told; one function over local values, because it runs for each letter. */
export function jsonChecker(): (text: string, isLast: boolean) => string {
  const above: ('[' | '{')[] = [];
  let wanted: Wanted = 'value';
  let isText = false;
  let isName = false;
  let rest = '';
  let read = 0;
  const done = (): Wanted => (above.length === 0 ? 'nothing' : 'comma or end');
  /** Says whether the letter may stand here, and what may follow. */
  const take = (letter: string): boolean => {
    const isValue = wanted === 'value' || wanted === 'value or end';
    if (letter === '"' && (isValue || wanted === 'name' || wanted === 'name or end')) [isText, isName] = [true, !isValue];
    else if (above.length > 0 && letter === (above.at(-1) === '[' ? ']' : '}') && wanted.endsWith('end')) {
      above.pop();
      wanted = done();
    } else if (letter === ',' && wanted === 'comma or end') wanted = above.at(-1) === '[' ? 'value' : 'name';
    else if (letter === ':' && wanted === 'colon') wanted = 'value';
    else if ((letter === '[' || letter === '{') && isValue) {
      above.push(letter);
      wanted = letter === '[' ? 'value or end' : 'name or end';
    } else return false;
    return true;
  };
  return (text, isLast) => {
    const all = rest + text;
    let out = '';
    let at = 0;
    const fail = (): never => { throw new FlowError('DATA_INVALID', `The JSON document cannot be read at letter ${read + at + 1}.`); };
    const match = (pattern: RegExp): string => {
      pattern.lastIndex = at;
      return pattern.exec(all)?.[0] ?? '';
    };
    while (at < all.length) {
      if (isText) {
        const some = match(letters);
        out += some;
        at += some.length;
        if (some !== '' && at < all.length) continue;
        // What may go on in the next part waits for it.
        if (at === all.length || (!isLast && match(halfEscape) !== '')) break;
        if (all[at] !== '"') fail();
        out += all[at++];
        isText = false;
        wanted = isName ? 'colon' : done();
        continue;
      }
      at += match(space).length;
      if (at === all.length) break;
      const one = match(word);
      if (one !== '') {
        if (!isLast && at + one.length === all.length) break;
        if (!wanted.startsWith('value') || !scalar.test(one)) fail();
        out += one;
        at += one.length;
        wanted = done();
      } else {
        if (!take(all[at]!)) fail();
        out += all[at++];
      }
    }
    rest = all.slice(at);
    read += at;
    if (isLast && (wanted !== 'nothing' || isText)) fail();
    return out;
  };
}
