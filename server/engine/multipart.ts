import { FlowError } from '../../plugins/sdk/index.ts';
import type { BodyField } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { asText } from './optional-template.ts';

/**
 * A body of the type multipart/form-data (RFC 7578). The same fields give the same bytes, so that a replay finds its recording. `payload`: bytes and type of what
 * a file may stand for. `fields`: types of parts.
 */
export function multipartOf(value: unknown, payload: FileContent, fields: Readonly<Record<string, BodyField>> = {}): { readonly body: Uint8Array; readonly mediaType: string } {
  if (!isObject(value)) throw new FlowError('DATA_INVALID', 'A multipart body can only be made of an object. Give the body of the endpoint a template, or map the payload first.');
  const parts = Object.entries(value).flatMap(([name, field]) => (Array.isArray(field) ? (field as unknown[]) : [field]).filter((item) => item !== null && item !== undefined).map((item) => partOf(name, item, payload, Object.hasOwn(fields, name) ? fields[name]!.mediaType : undefined)));
  const boundary = boundaryFor(parts.map(({ content }) => content));
  const pieces = parts.flatMap(({ head, content }) => [encoder.encode(`--${boundary}\r\n${head}\r\n\r\n`), content, encoder.encode('\r\n')]);
  return { body: joined([...pieces, encoder.encode(`--${boundary}--\r\n`)]), mediaType: `multipart/form-data; boundary=${boundary}` };
}

export interface FileContent { readonly bytes: Uint8Array; readonly mediaType: string }

interface Part { readonly head: string; readonly content: Uint8Array }

const encoder = new TextEncoder();

function partOf(name: string, field: unknown, payload: FileContent, type?: string): Part {
  const disposition = `content-disposition: form-data; name="${quoted(name)}"`;
  if (isObject(field) && typeof field['fileName'] === 'string') {
    const { fileName, payload: isPayload, mediaType = type ?? (isPayload === true ? payload.mediaType : 'application/octet-stream'), text, base64 } = field as { readonly fileName: string; readonly [name: string]: unknown };
    if (typeof mediaType !== 'string' || /[\r\n]/.test(mediaType)) throw new FlowError('DATA_INVALID', `The media type of the file in ${JSON.stringify(name)} is not one.`);
    const content = isPayload === true ? payload.bytes : typeof base64 === 'string' ? bytesOf(name, base64) : encoder.encode(asText(text));
    return { head: `${disposition}; filename="${quoted(fileName)}"\r\ncontent-type: ${mediaType}`, content };
  }
  const written = type ?? (isObject(field) ? 'application/json' : undefined);
  return { head: written === undefined ? disposition : `${disposition}\r\ncontent-type: ${written}`, content: encoder.encode(asText(field)) };
}

/** As browsers write it, so that no name can end the header. */
const quoted = (text: string): string => text.toWellFormed().replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');

function bytesOf(name: string, base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch (cause) {
    throw new FlowError('DATA_INVALID', `The file in ${JSON.stringify(name)} is not base64.`, { cause });
  }
}

/** The first of a row of boundaries that none of the contents holds. */
function boundaryFor(contents: readonly Uint8Array[]): string {
  const texts = contents.map((content) => new TextDecoder('latin1').decode(content));
  for (let number = 0; ; number++) {
    const boundary = `patchbay-${String(number).padStart(16, '0')}`;
    if (!texts.some((text) => text.includes(boundary))) return boundary;
  }
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
