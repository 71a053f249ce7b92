import { FlowError, type HttpResponse } from '../../plugins/sdk/index.ts';
import type { BodyFormat, EndpointManifest } from '../model/connector.ts';
import { mediaTypeOf } from './http.ts';
import { isJson } from './payload.ts';

/** What an answer is written in, as far as it tells. */
type Writing = 'JSON' | 'XML' | 'CSV' | 'NDJSON' | 'a file';

/** What an endpoint says its answers are. */
export interface Wanted {
  /** It may be one of these; empty where it may be anything. */
  readonly writings: ReadonlySet<Writing>;
  readonly isPage: boolean;
  /** Whether a converter is named, which leaves JSON as it is. */
  readonly isDecoded: boolean;
}

/** By the decoder, the body that is sent (SOAP, GraphQL), the headers of examples, and `Accept` where that leaves nothing open. `shared`: headers of the connector. */
export function wantedOf({ decoder, body, headers = {}, examples = [] }: Pick<EndpointManifest, 'decoder' | 'body' | 'headers' | 'examples'>, shared: Readonly<Record<string, string>>): Wanted {
  const shown = examples.filter(({ response: { status } }) => status < 300).map(({ response }) => headerOf(response.headers ?? {}, 'content-type') ?? '');
  const accepted = (headerOf(headers, 'accept') ?? headerOf(shared, 'accept') ?? '').split(',').map((type) => type.split(';', 1)[0]!.trim().toLowerCase());
  const isClosed = accepted.every((type) => writingOf(type) !== undefined);
  const all = [decoder && decoders[decoder.type], body && formats[body.format], ...shown.map(writingOf), ...(isClosed ? accepted.map(writingOf) : [])];
  return { writings: new Set(all.filter((writing) => writing !== undefined)), isPage: [...accepted, ...shown].some(isHtml), isDecoded: decoder !== undefined };
}

const decoders: Readonly<Record<string, Writing>> = { xml: 'XML', csv: 'CSV', tsv: 'CSV', ndjson: 'NDJSON', json: 'JSON' };
const formats: Partial<Record<BodyFormat, Writing>> = { soap: 'XML', graphql: 'JSON' };

/** Fails with `REMOTE_FORMAT` for a web page where nobody wants one, such as a page to log in, and for what is not what the endpoint says. */
export function checkWriting({ headers, body }: HttpResponse, { writings, isPage, isDecoded }: Wanted, name: string): void {
  const mediaType = mediaTypeOf(headers);
  const begin = typeof body === 'string' ? `; it begins with ${JSON.stringify(body.trimStart().slice(0, 80))}` : '';
  if (looksLikePage(mediaType, body)) {
    if (isPage) return;
    throw new FlowError('REMOTE_FORMAT', `The answer of "${name}" (${mediaType || 'of no type'}) is a web page and no data, perhaps a page to log in${begin}.`, {
      details: { endpoint: name, mediaType }, remedy: 'Check the address and the auth method of the instance. Where web pages are what you want, say so with the header "Accept": "text/html" of the endpoint.',
    });
  }
  const writing = isEmpty(body) ? undefined : writingOf(mediaType);
  if (writing === undefined || writings.size === 0 || writings.has(writing)) return;
  if ((writing === 'JSON' && isDecoded) || (writing === 'NDJSON' && writings.has('JSON'))) return;
  throw new FlowError('REMOTE_FORMAT', `The answer of "${name}" is ${writing} (${mediaType}), but its endpoint says that it is ${[...writings].join(' or ')}${begin}.`, {
    details: { endpoint: name, mediaType }, remedy: 'Correct "decoder", the header "Accept" or the examples of the endpoint, or its path.',
  });
}

function writingOf(mediaType: string): Writing | undefined {
  const type = mediaType.split(';', 1)[0]!.trim().toLowerCase();
  if (isHtml(type)) return undefined;
  if (type !== '' && isJson(type)) return 'JSON';
  if (type.endsWith('+xml') || type === 'text/xml' || type === 'application/xml') return 'XML';
  if (type === 'text/csv' || type === 'application/csv' || type === 'text/tab-separated-values') return 'CSV';
  if (['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/json-seq'].includes(type)) return 'NDJSON';
  return /^(image|audio|video|font)\//.test(type) || type === 'application/pdf' ? 'a file' : undefined;
}

const isHtml = (mediaType: string): boolean => /^(text\/html|application\/xhtml\+xml)(;|$)/i.test(mediaType.trim());

/** Some servers call JSON and XML a web page, others do not say that they send one. */
function looksLikePage(mediaType: string, body: unknown): boolean {
  if (typeof body !== 'string') return false;
  const begin = body.slice(0, 1_000).replace(/^\uFEFF?\s*(?:<!--[^]*?-->\s*)*/, '').toLowerCase();
  if (/^<(?:!doctype\s+html|html[\s>])/.test(begin)) return true;
  return isHtml(mediaType) && begin.startsWith('<') && !begin.startsWith('<?xml');
}

const isEmpty = (body: unknown): boolean => body === undefined || ((typeof body === 'string' || body instanceof Uint8Array) && body.length === 0);

const headerOf = (headers: Readonly<Record<string, string>>, name: string): string | undefined => Object.entries(headers).find(([one]) => one.toLowerCase() === name)?.[1];
