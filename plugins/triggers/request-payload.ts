import { contentTypeOf, decodeText, parseJson, textBody, type RequestData, type TriggerEvent } from '../sdk/index.ts';
import { parametersOf } from './signatures/read.ts';

export type EventPayload = NonNullable<TriggerEvent['payload']>;

/**
 * The payload of a request: its body, read by its content type, and the query as metadata; or the query, where there is no body. Fails with an error whose
 * message says what is wrong with the body.
 */
export function payloadOf(request: RequestData): EventPayload {
  if (request.body.length === 0) return { body: { ...request.query }, mediaType: 'application/json', meta: {} };
  const header = request.headers['content-type'] ?? 'application/octet-stream';
  const { mediaType } = contentTypeOf(header);
  const meta = Object.fromEntries(Object.entries(request.query).map(([name, value]) => [`query.${name}`, value]));
  try {
    const source = { mediaType: header, what: 'it' };
    const text = (): string => decodeText(request.body, source);
    if (mediaType === 'application/json' || mediaType.endsWith('+json')) return { body: parseJson(text()), mediaType: 'application/json', meta };
    if (mediaType === 'application/x-www-form-urlencoded') return { body: formOf(Buffer.from(text())), mediaType: 'application/json', meta };
    const isText = mediaType.startsWith('text/') || mediaType === 'application/xml' || mediaType.endsWith('+xml') || mediaType === 'application/x-ndjson';
    return { body: isText ? textBody(request.body, source) : request.body, mediaType, meta };
  } catch (error) {
    throw new Error(`The body is not what its content type ${mediaType} says: ${(error as Error).message.replace(/\.$/, '')}.`, { cause: error });
  }
}

const formOf = (body: Uint8Array): Record<string, string | string[]> => Object.fromEntries([...parametersOf(body)].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]));
