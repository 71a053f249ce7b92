import { firstFault, FlowError, parseJson } from '../sdk/index.ts';
import { joined, jsonCharset } from './bytes.ts';
import { jsonReason } from './json-reason.ts';
import { LONGEST_RECORD, recordTooLong } from './longest-record.ts';

/** A value in the text of a document: an item of its list, or all of a document that is no list. */
export interface JsonItem {
  readonly value: unknown;
  /** Its text as it stands there. */
  readonly bytes: Uint8Array;
}

export interface ReadItems {
  /** Bytes before the list, in the document that messages count in; asked when something is said. */
  readonly before?: () => number;
  /** Told once, before the first item. */
  readonly begins?: (isList: boolean) => void;
}

const LIST = 0x5b, LIST_END = 0x5d, OBJECT = 0x7b, OBJECT_END = 0x7d, QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * The items of a list one after the other, as many at a time as a chunk of bytes has; a document that is no list is one item. Only the bytes that bound an item are
 * looked at here; what stands between them is parsed as a whole. All of them are ASCII, so UTF-8 is never cut. Fails with `DATA_INVALID`, and with
 * `DATA_TOO_LARGE` where an item is too long.
 */
export async function* jsonItems(bytes: AsyncIterable<Uint8Array>, { before = () => 0, begins }: ReadItems = {}): AsyncGenerator<readonly JsonItem[]> {
  const scan = { state: 'before' as 'before' | 'document' | 'list' | 'after', depth: 0, inString: false, isEscaped: false, items: 0, offset: 0, itemOffset: 0 };
  let pending: Uint8Array[] = [];
  let held = 0;
  const fail = (at: number, reason: string, options: { readonly cause?: unknown; readonly remedy?: string } = {}): never => {
    const offset = before() + at;
    throw new FlowError('DATA_INVALID', `The JSON document cannot be read at byte ${offset}: ${reason}.`, { ...options, details: { offset } });
  };
  const hold = (part: Uint8Array): void => {
    held += part.length;
    if (held > LONGEST_RECORD) throw recordTooLong(`Record ${scan.items + 1} of the JSON document`, 'Ask for a path that lies deeper in the document, so that its records are shorter.');
    // Copied, so that a short rest does not keep a large chunk in memory.
    pending.push(new Uint8Array(part));
  };
  const take = (last: Uint8Array): JsonItem => {
    const own = pending.length === 0 ? last : joined([...pending, last]);
    pending = [];
    held = 0;
    scan.items++;
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(own);
    } catch (cause) {
      return fail(scan.itemOffset + firstFault(own), 'its bytes are no text in UTF-8', { cause, remedy: jsonCharset });
    }
    try {
      return { value: parseJson(text), bytes: own };
    } catch (cause) {
      const { reason, at = 0 } = jsonReason(cause);
      return fail(scan.itemOffset + new TextEncoder().encode(text.slice(0, at)).length, reason, { cause });
    }
  };
  for await (const chunk of bytes) {
    const items: JsonItem[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (scan.state === 'document') break;
      if (scan.state === 'list') {
        const end = endsItem(scan, byte);
        if (!end) continue;
        const rest = chunk.subarray(from, at);
        if (!(end === 'list' && scan.items === 0 && isBlank([...pending, rest]))) items.push(take(rest));
        pending = [];
        from = at + 1;
        scan.itemOffset = scan.offset + from;
        if (end === 'list') scan.state = 'after';
      } else if (!isSpace(byte)) {
        if (scan.state === 'after') fail(scan.offset + at, 'Something follows the end of the list');
        scan.state = byte === LIST ? 'list' : 'document';
        begins?.(byte === LIST);
        from = byte === LIST ? at + 1 : at;
        scan.itemOffset = scan.offset + from;
      }
    }
    scan.offset += chunk.length;
    if ((scan.state === 'list' || scan.state === 'document') && from < chunk.length) hold(chunk.subarray(from));
    if (items.length > 0) yield items;
  }
  if (scan.state === 'before') fail(0, 'The document is empty');
  if (scan.state === 'list') fail(scan.offset, 'The document ends in the middle of a list');
  if (scan.state === 'document') yield [take(new Uint8Array())];
}

function endsItem(scan: { depth: number; inString: boolean; isEscaped: boolean }, byte: number): 'item' | 'list' | undefined {
  if (scan.inString) {
    if (scan.isEscaped) scan.isEscaped = false;
    else if (byte === BACKSLASH) scan.isEscaped = true;
    else if (byte === QUOTE) scan.inString = false;
  } else if (byte === QUOTE) scan.inString = true;
  else if (byte === LIST || byte === OBJECT) scan.depth++;
  else if (scan.depth > 0) scan.depth -= byte === LIST_END || byte === OBJECT_END ? 1 : 0;
  else if (byte === COMMA) return 'item';
  else if (byte === LIST_END) return 'list';
  return undefined;
}

const isBlank = (parts: readonly Uint8Array[]): boolean => parts.every((part) => part.every(isSpace));
