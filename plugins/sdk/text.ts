import { FlowError } from './errors.ts';

export interface TextSource {
  /** With or without parameters, such as `text/csv; charset=windows-1252`. XML may name its encoding itself. */
  readonly mediaType?: string;
  /** In messages, such as `The payload`. */
  readonly what: string;
  /** How somebody may name the encoding, or what else is to be done. */
  readonly remedy?: string;
}

/**
 * Bytes as text, without a byte order mark: by that mark, the charset of the media type, the declaration of an XML document; else they are UTF-8. Fails with
 * `DATA_INVALID` where bytes stand for no character, naming the first one (from 0), and where the encoding is not known: nothing is ever replaced.
 */
export function decodeText(bytes: Uint8Array, { mediaType = '', what, remedy = nameIt }: TextSource): string {
  const type = contentTypeOf(mediaType);
  const encoding = markOf(bytes) ?? type.charset ?? (isXml(type.mediaType) ? declaredIn(bytes) : undefined) ?? 'utf-8';
  const decoder = decoderOf(encoding, { what, remedy });
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    const offset = firstFault(bytes, encoding);
    throw new FlowError('DATA_INVALID', `${what} is no text in ${encoding}: byte ${offset} (0x${bytes[offset]!.toString(16).padStart(2, '0')}) begins no character.`, { cause, remedy, details: { offset, encoding } });
  }
}

/** The text of a long document in an encoding that is known, in pieces. Fails as `decodeText` does, with the place of the piece. */
export async function* decodeChunks(chunks: AsyncIterable<Uint8Array>, encoding: string, { what, remedy = nameIt }: Pick<TextSource, 'what' | 'remedy'>): AsyncGenerator<string> {
  const decoder = decoderOf(encoding, { what, remedy });
  let offset = 0;
  const read = (chunk?: Uint8Array): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw new FlowError('DATA_INVALID', `${what} is no text in ${encoding}: ${chunk ? `one of the bytes ${offset} to ${offset + chunk.length - 1} begins no character` : 'it ends within a character'}.`, { cause, remedy, details: { offset, encoding } });
    }
  };
  for await (const chunk of chunks) {
    yield read(chunk);
    offset += chunk.length;
  }
  yield read();
}

function decoderOf(encoding: string, { what, remedy }: Required<Pick<TextSource, 'what' | 'remedy'>>): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    throw new FlowError('DATA_INVALID', `${what} is written in ${JSON.stringify(encoding)}, an encoding that nobody here knows.`, { cause, remedy, details: { encoding } });
  }
}

const nameIt = 'Name the encoding that it is written in: as "encoding" of the step that reads the file, as charset of the media type ("text/csv; charset=windows-1252"), or in "reading" of a convert step before this one. Bytes that are no text pass steps that do not look into them.';

/**
 * The body of a payload that came as bytes of a type of texts: a text where its media type names the charset; else the bytes as they are, even where they could be
 * UTF-8, because the step that reads them may know better. `payload.text()` decodes them. Fails as `decodeText` does.
 */
export const textBody = (bytes: Uint8Array, source: TextSource): string | Uint8Array => (contentTypeOf(source.mediaType ?? '').charset === undefined ? bytes : decodeText(bytes, source));

/** The text, where bytes are UTF-8 and the text has the very same bytes; else the bytes as they are, for whoever knows their encoding. */
export function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  if (markOf(bytes) !== undefined) return bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes;
  }
}

/** The media type without parameters, in lower case, and the charset, where one is named. */
export function contentTypeOf(header: string): { readonly mediaType: string; readonly charset: string | undefined } {
  const [type = '', ...parameters] = header.split(';');
  return { mediaType: type.trim().toLowerCase(), charset: parameters.map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i.exec(parameter)?.[1]).find(Boolean)?.toLowerCase() };
}

/** Where the first bytes lie that are no character, from 0; found by halves. */
export function firstFault(bytes: Uint8Array, encoding = 'utf-8'): number {
  const isText = (to: number, isCut: boolean): boolean => {
    try {
      new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(0, to), { stream: isCut });
      return true;
    } catch {
      return false;
    }
  };
  let from = 0;
  let to = bytes.length;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (isText(middle, true)) from = middle;
    else to = middle;
  }
  // Back to where the character begins that is not whole.
  while (!isText(from, false)) from--;
  return from;
}

const isXml = (mediaType: string): boolean => mediaType.endsWith('+xml') || mediaType === 'application/xml' || mediaType === 'text/xml';

/** The encoding that a byte order mark names. */
export const markOf = ([first, second, third]: Uint8Array): string | undefined =>
  first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined;

/** The encoding that an XML document shows or names in its first 200 bytes. A name in single bytes is not that of UTF-16. */
export function declaredIn(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0x3c && second === 0) return 'utf-16le';
  if (first === 0 && second === 0x3c) return 'utf-16be';
  const named = /^\s*<\?xml[^>]*?\sencoding=["']([\w.-]+)["']/.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 200)))?.[1]?.toLowerCase();
  return named?.startsWith('utf-16') ? undefined : named;
}
