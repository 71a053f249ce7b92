import { decodeText, FlowError, parseJson } from '../../plugins/sdk/index.ts';
import { everything, type PathKey } from '../model/path.ts';
import { joined } from './multipart.ts';

/** What is wanted of a value: all of it, or what stands below. */
interface Wanted {
  isAll: boolean;
  readonly names: Map<string, Wanted>;
  readonly indexes: Map<number, Wanted>;
  each: Wanted | undefined;
}

const newWanted = (): Wanted => ({ isAll: false, names: new Map(), indexes: new Map(), each: undefined });

/** What some paths need of a document; `undefined` where that is all of it, or where only all of it can tell: an index from the end. */
export function wantedOf(paths: readonly (readonly PathKey[] | undefined)[]): Wanted | undefined {
  const root = newWanted();
  for (const path of paths) {
    if (!path || path.length === 0 || path.some((key) => typeof key === 'number' && key < 0)) return undefined;
    let here = root;
    for (const key of path) {
      const below: Wanted = key === everything ? (here.each ??= newWanted()) : typeof key === 'number' ? (here.indexes.get(key) ?? newWanted()) : (here.names.get(key) ?? newWanted());
      if (typeof key === 'number') here.indexes.set(key, below);
      else if (typeof key === 'string') here.names.set(key, below);
      here = below;
    }
    here.isAll = true;
  }
  return root;
}

/** What is wanted of an entry: by its own name or number, and by the wildcard beside it. */
function below(wanted: Wanted, key: string | number): Wanted | undefined {
  const own = typeof key === 'number' ? wanted.indexes.get(key) : wanted.names.get(key);
  return own && wanted.each ? both(own, wanted.each) : (own ?? wanted.each);
}

function both(one: Wanted, other: Wanted): Wanted {
  const joined = <K>(left: Map<K, Wanted>, right: Map<K, Wanted>): Map<K, Wanted> => {
    const all = new Map(left);
    for (const [key, value] of right) all.set(key, all.has(key) ? both(all.get(key)!, value) : value);
    return all;
  };
  return { isAll: one.isAll || other.isAll, names: joined(one.names, other.names), indexes: joined(one.indexes, other.indexes), each: one.each && other.each ? both(one.each, other.each) : (one.each ?? other.each) };
}

/** An object or a list that is being read. */
interface Open {
  readonly wanted: Wanted;
  readonly entries: [string, unknown][] | undefined;
  readonly items: unknown[] | undefined;
  /** Name of the entry that is being read. */
  key: string;
}

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a, LIST = 0x5b, LIST_END = 0x5d, OBJECT = 0x7b, OBJECT_END = 0x7d;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * A document with all that is wanted in it at its place; what is not is left out, in lists null. Of the rest only strings and brackets are looked at, and nothing is
 * kept. Fails with `DATA_INVALID` where it is no JSON, with `DATA_TOO_LARGE` where what is wanted has more bytes than that.
 */
export async function pickJson(bytes: AsyncIterable<Uint8Array>, wanted: Wanted, maxBytes: number): Promise<unknown> {
  const reader = jsonPicker(wanted, maxBytes);
  for await (const chunk of bytes) reader.push(chunk);
  return reader.end();
}

function jsonPicker(root: Wanted, maxBytes: number) {
  const stack: Open[] = [];
  let state = 'value' as 'value' | 'first-value' | 'first-key' | 'key' | 'in-key' | 'colon' | 'after' | 'inside' | 'end';
  let result: unknown;
  /** Of the value that is passed over or kept. */
  let depth = 0;
  let kind = 'scalar' as 'scalar' | 'text' | 'open';
  let inString = false;
  let isEscaped = false;
  let isKept = false;
  let parts: Uint8Array[] = [];
  let kept = 0;
  let offset = 0;
  let from = 0;

  const fail = (at: number, reason: string): never => {
    throw new FlowError('DATA_INVALID', `The payload is not valid JSON: at byte ${offset + at} ${reason}.`, { details: { offset: offset + at } });
  };
  const keep = (part: Uint8Array): void => {
    kept += part.length;
    if (kept > maxBytes) throw new FlowError('DATA_TOO_LARGE', `What the expression reads of the payload is larger than ${maxBytes < 1024 ** 2 ? `${maxBytes} bytes` : `${maxBytes / 1024 ** 2} MB`}.`, { details: { maxBytes }, remedy: 'Ask for less of it, such as payload[0].id, or put a split step before the step that asks.' });
    // A chunk may be used again by whoever made it.
    parts.push(part.slice());
  };
  const read = (at: number): unknown => {
    const whole = joined(parts);
    parts = [];
    try {
      return parseJson(decodeText(whole, { what: 'The payload' }));
    } catch (error) {
      return FlowError.is(error) ? fail(at - whole.length + Number(error.details['offset']), 'a byte is no UTF-8') : fail(at, (error as Error).message);
    }
  };
  const put = (value: unknown): void => {
    const open = stack.at(-1);
    if (!open) result = value;
    else if (open.items) open.items.push(value === undefined ? null : value);
    else if (value !== undefined) open.entries!.push([open.key, value]);
    state = open ? 'after' : 'end';
  };
  const close = (at: number): void => {
    const { entries, items } = stack.pop() ?? fail(at, 'a bracket is closed that is not open');
    put(items ?? Object.fromEntries(entries!));
  };
  const begin = (byte: number, at: number): void => {
    const open = stack.at(-1);
    const wanted = open ? below(open.wanted, open.items ? open.items.length : open.key) : root;
    if (wanted && !wanted.isAll && (byte === OBJECT || byte === LIST)) {
      stack.push({ wanted, key: '', ...(byte === OBJECT ? { entries: [], items: undefined } : { entries: undefined, items: [] }) });
      state = byte === OBJECT ? 'first-key' : 'first-value';
      return;
    }
    if (byte === COMMA || byte === COLON || byte === LIST_END || byte === OBJECT_END) fail(at, 'a value is expected');
    isKept = wanted !== undefined;
    from = at;
    depth = byte === OBJECT || byte === LIST ? 1 : 0;
    kind = depth === 1 ? 'open' : byte === QUOTE ? 'text' : 'scalar';
    inString = kind === 'text';
    isEscaped = false;
    state = 'inside';
  };
  /** The value that is passed over or kept has ended before `end`. */
  const finish = (chunk: Uint8Array, end: number): void => {
    if (isKept) keep(chunk.subarray(from, end));
    put(isKept ? read(end) : undefined);
  };

  return {
    push(chunk: Uint8Array): void {
      from = 0;
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at]!;
        if (state === 'inside') {
          if (inString) {
            if (isEscaped) isEscaped = false;
            else if (byte === BACKSLASH) isEscaped = true;
            else if (byte === QUOTE) {
              inString = false;
              if (kind === 'text') finish(chunk, at + 1);
            }
          } else if (kind === 'scalar') {
            if (byte !== COMMA && byte !== LIST_END && byte !== OBJECT_END && !isSpace(byte)) continue;
            finish(chunk, at);
            at--;
          } else if (byte === QUOTE) inString = true;
          else if (byte === LIST || byte === OBJECT) depth++;
          else if ((byte === LIST_END || byte === OBJECT_END) && --depth === 0) finish(chunk, at + 1);
          continue;
        }
        if (state === 'in-key') {
          if (isEscaped) isEscaped = false;
          else if (byte === BACKSLASH) isEscaped = true;
          else if (byte === QUOTE) {
            keep(chunk.subarray(from, at + 1));
            kept -= at + 1 - from;
            stack.at(-1)!.key = read(at + 1) as string;
            state = 'colon';
          }
          continue;
        }
        // A byte order mark is passed over, as by whoever reads the text.
        if (isSpace(byte) || (offset + at < 3 && byte === [0xef, 0xbb, 0xbf][offset + at])) continue;
        switch (state) {
          case 'first-value':
            if (byte === LIST_END) close(at);
            else begin(byte, at);
            break;
          case 'value':
            begin(byte, at);
            break;
          case 'first-key':
          case 'key':
            if (byte === OBJECT_END && state === 'first-key') close(at);
            else if (byte !== QUOTE) fail(at, 'a name is expected');
            else [state, from, isEscaped] = ['in-key', at, false];
            break;
          case 'colon':
            if (byte !== COLON) fail(at, 'a colon is expected');
            state = 'value';
            break;
          case 'after': {
            const isList = stack.at(-1)!.items !== undefined;
            if (byte === COMMA) state = isList ? 'value' : 'key';
            else if (byte === (isList ? LIST_END : OBJECT_END)) close(at);
            else fail(at, 'a comma or a closing bracket is expected');
            break;
          }
          default: fail(at, 'something follows its end');
        }
      }
      if (state === 'inside' && isKept) keep(chunk.subarray(from));
      if (state === 'in-key') keep(chunk.subarray(from));
      offset += chunk.length;
    },
    end(): unknown {
      if (state === 'inside' && kind === 'scalar' && stack.length === 0) {
        from = 0;
        finish(new Uint8Array(), 0);
      }
      if (state !== 'end') fail(0, 'it ends too early');
      return result;
    },
  };
}
