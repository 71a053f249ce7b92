import type { EngineHost } from '../engine/host.ts';
import { isJson } from '../engine/payload.ts';
import type { EndpointManifest } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import type { Answer } from './signals.ts';

/** Examples hold documents as they are read; an answer is written as the other system writes it: by the decoder of the endpoint, else by its media type. */
export async function encode({ registry }: Pick<EngineHost, 'registry'>, answer: Answer, endpoint: Pick<EndpointManifest, 'decoder'> | undefined): Promise<Answer> {
  const { body, headers } = answer;
  if (typeof body !== 'object' || body === null || answer.status >= 300) return answer;
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  const type = endpoint?.decoder?.type ?? (mediaType === '' || isJson(mediaType) ? undefined : mediaType.endsWith('xml') ? 'xml' : mediaType);
  const converter = type === undefined ? undefined : await registry.converter(type);
  if (!converter || converter.type === 'json') return answer;
  const settings = registry.complete(converter, withRoot(endpoint?.decoder?.settings ?? {}));
  const writer = converter.open(settings as never);
  const isDocument = writer.mediaType === 'application/xml' && isObject(body);
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of writer.encode(isDocument || !Array.isArray(body) ? [body] : (body as unknown[]))) text += decoder.decode(chunk, { stream: true });
  return { ...answer, headers: { ...headers, 'content-type': headers['content-type'] ?? writer.mediaType }, body: text + decoder.decode() };
}

/** A decoder that reads the elements `orders.order` reads what is written with that root and those items. */
function withRoot(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const [root, item] = typeof settings['element'] === 'string' ? settings['element'].split('.') : [];
  return root === undefined || item === undefined ? settings : { root, item, ...settings };
}
