import { contentTypeOf as typeOf, decodeText, FlowError, parseJson, textBody } from '../../plugins/sdk/index.ts';

/** The media type without parameters, in lower case, and the charset, where one is named. Nothing said is JSON. */
export const contentTypeOf = (header: string | undefined): ReturnType<typeof typeOf> => typeOf(header ?? 'application/json');

/** A body as its content type says: JSON as a document, text with its charset as text, the rest as bytes. Never guessed from the body. */
export function readDocument(bytes: Uint8Array, header: string | undefined): { readonly body: unknown; readonly mediaType: string } {
  const { mediaType } = contentTypeOf(header);
  if (!/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(mediaType)) throw new FlowError('API_INVALID', `"${mediaType}" is not a media type.`);
  try {
    const source = { mediaType: header ?? 'application/json', what: `The body is not what its content type ${mediaType} says: it`, remedy: 'Name the charset that it is written in with its content type, such as "text/csv; charset=windows-1252", or send UTF-8.' };
    if (isJson(mediaType)) {
      refuseDepth(bytes);
      return { body: parseJson(decodeText(bytes, source)), mediaType: 'application/json' };
    }
    const isText = mediaType.startsWith('text/') || mediaType === 'application/xml' || mediaType.endsWith('+xml') || mediaType === 'application/x-ndjson';
    return { body: isText ? textBody(bytes, source) : bytes, mediaType };
  } catch (error) {
    if (FlowError.is(error)) throw error;
    throw new FlowError('DATA_INVALID', `The body is not what its content type ${mediaType} says: ${(error as Error).message}.`, { remedy: 'Correct the body, or name the content type that it has.', cause: error });
  }
}

export const isJson = (mediaType: string): boolean => mediaType === 'application/json' || mediaType.endsWith('+json');

export const deepest = 1000;

/** Documents nested deeper than this are an attack on whatever walks them. Looks at brackets outside of texts, and at nothing in short bodies. */
export function refuseDepth(bytes: Uint8Array): void {
  if (bytes.length <= deepest) return;
  let depth = 0;
  let isInText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (isInText) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) isInText = false;
    } else if (byte === 0x22) isInText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > deepest) throw new FlowError('DATA_INVALID', `The document is nested deeper than ${deepest.toLocaleString('en')} levels.`, { remedy: 'Send it with fewer levels.' });
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
}
