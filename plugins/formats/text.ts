import iconv from 'iconv-lite';
import { FlowError, markOf } from '../sdk/index.ts';
import { joined } from './bytes.ts';
import { LONGEST_RECORD, recordTooLong } from './longest-record.ts';

/** Those that are read and written, by the names of the Encoding Standard. */
export const encodings = [
  'utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'windows-1250', 'windows-1251', 'windows-1253', 'windows-1254', 'windows-1255', 'windows-1256', 'windows-1257', 'windows-1258', 'windows-874',
  'iso-8859-1', 'iso-8859-2', 'iso-8859-3', 'iso-8859-4', 'iso-8859-5', 'iso-8859-6', 'iso-8859-7', 'iso-8859-8', 'iso-8859-9', 'iso-8859-10', 'iso-8859-13', 'iso-8859-14', 'iso-8859-15', 'iso-8859-16',
  'koi8-r', 'koi8-u', 'macintosh', 'ibm866', 'shift_jis', 'euc-jp', 'gbk', 'gb18030', 'big5', 'euc-kr',
] as const;

/** Setting of all converters whose documents may be written in other ways than UTF-8. */
export const encodingSetting = {
  type: 'string', default: 'utf-8', title: 'Encoding',
  description: 'How characters are written as bytes. When reading, a byte order mark at the start goes before it, and a payload that is a text, as where its content type names a charset, was read already. `iso-8859-1` is read as `windows-1252`, as browsers do; what only the latter has, such as `€`, is not written in it.',
  enum: encodings,
} as const;

export const markSetting = { type: 'boolean', default: false, title: 'Byte order mark', description: 'Written documents begin with one, by which some spreadsheets know Unicode. Not of other encodings.' } as const;

export const lineEndSetting = { type: 'string', enum: ['lf', 'crlf'], default: 'lf', title: 'Line end', description: 'How written lines end; both are read.', enumDescriptions: ['LF, as on Unix.', 'CRLF, as in RFC 4180 and on Windows.'] } as const;

export interface Reading {
  /** A label of the Encoding Standard. */
  readonly encoding: string;
  /** The bytes are a text in UTF-8, whatever the encoding is said to be. */
  readonly isUtf8?: boolean;
  /** In messages, such as `CSV`. */
  readonly format: string;
}

/**
 * The text of a document, in pieces that begin and end between characters, without the byte order mark.
 * Fails with `DATA_INVALID` where bytes stand for no character, naming the line, and where the encoding is not known.
 */
export async function* textsOf(bytes: AsyncIterable<Uint8Array>, { encoding, isUtf8 = false, format }: Reading): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let used = encoding;
  let head: Uint8Array = new Uint8Array();
  let line = 1;
  const read = (chunk: Uint8Array | undefined): string => {
    if (!decoder) [used, decoder] = decoderOf(chunk ?? new Uint8Array(), isUtf8 ? 'utf-8' : encoding, format);
    try {
      const text = chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line++;
      return text;
    } catch (cause) {
      const before = new TextDecoder(used).decode(chunk).split('\uFFFD', 1)[0]!;
      const place = line + before.split('\n').length - 1;
      throw new FlowError('DATA_INVALID', `Line ${place} of the ${format} document has bytes that are no text in ${used}. Set the encoding that the document is written in.`, { cause, details: { line: place, encoding: used } });
    }
  };
  for await (const chunk of bytes) {
    // The first three bytes tell whether there is a mark.
    if (!decoder && head.length + chunk.length < 3) {
      head = joined([head, chunk]);
      continue;
    }
    yield read(head.length > 0 ? joined([head, chunk]) : chunk);
    head = new Uint8Array();
  }
  if (head.length > 0) yield read(head);
  yield read(undefined);
}

/** The text itself. Fails with `DATA_INVALID` where it has half of a character, which no encoding can write. */
export function wellFormed(text: string): string {
  if (text.isWellFormed()) return text;
  const at = [...text].findIndex((letter) => !letter.isWellFormed());
  throw new FlowError('DATA_INVALID', `A text has half of a character (U+${[...text][at]!.charCodeAt(0).toString(16).toUpperCase()}), as where a text was cut within an emoji: ${JSON.stringify([...text].slice(Math.max(0, at - 20), at + 20).join(''))}.`, { remedy: 'Cut texts between characters, as the transform "truncate" does, or remove it with "replace".' });
}

/** Chunks of some 64 KB. Fails with `DATA_INVALID` for characters that the encoding does not have, and for halves of characters. */
export async function* bytesOf(texts: AsyncIterable<string> | Iterable<string>, { encoding = 'utf-8', mark = false }: { readonly encoding?: string; readonly mark?: boolean } = {}): AsyncGenerator<Uint8Array> {
  const encode = encoderOf(encoding);
  let buffer = mark && encoding.startsWith('utf-') ? '\uFEFF' : '';
  for await (const text of texts) {
    buffer += wellFormed(text);
    if (buffer.length < 65_536) continue;
    yield encode(buffer);
    buffer = '';
  }
  if (buffer !== '') yield encode(buffer);
}

/**
 * The lines of a document, without their ends (LF or CRLF).
 * @throws what the texts fail with.
 */
export async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let pending = '';
  for await (const text of texts) {
    // A long line in small pieces is looked through once.
    if (!text.includes('\n')) {
      pending += text;
      if (pending.length > LONGEST_RECORD) throw recordTooLong('A line of the document');
      continue;
    }
    const lines = (pending + text).split('\n');
    pending = lines.pop()!;
    for (const line of lines) yield withoutReturn(line);
  }
  if (pending !== '') yield withoutReturn(pending);
}

export async function wholeText(texts: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const text of texts) whole += text;
  return whole;
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

function decoderOf(head: Uint8Array, encoding: string, format: string): [encoding: string, decoder: TextDecoder] {
  const used = markOf(head) ?? encoding;
  try {
    return [used, new TextDecoder(used, { fatal: true })];
  } catch (cause) {
    throw new FlowError('DATA_INVALID', `The ${format} document is written in ${JSON.stringify(used)}, an encoding that nobody here knows.`, { cause, details: { encoding: used } });
  }
}

const beyondLatin = /[^\0-\xff]/;

function encoderOf(encoding: string): (text: string) => Uint8Array {
  if (encoding === 'utf-8') {
    const encoder = new TextEncoder();
    return (text) => encoder.encode(text);
  }
  // The names of the standard stand for more than they say: `iso-8859-1` for `windows-1252`. What is written must be read again as it was, and be of the encoding that was named.
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const write = (text: string): Uint8Array => iconv.encode(text, decoder.encoding, { addBOM: false });
  const isBeyond = (text: string): boolean => encoding === 'iso-8859-1' && beyondLatin.test(text);
  return (text) => {
    const bytes = write(text);
    if (decoder.decode(bytes) === text && !isBeyond(text)) return bytes;
    const lost = [...text].find((letter) => decoder.decode(write(letter)) !== letter || isBeyond(letter)) ?? '';
    throw new FlowError('DATA_INVALID', `The encoding ${encoding} has no character ${JSON.stringify(lost)} (U+${(lost.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}). Write the document in UTF-8, or replace the character first.`, { details: { encoding } });
  };
}
