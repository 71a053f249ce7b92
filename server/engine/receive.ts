import { FlowError, type HttpResponse, type Path, type Payload, type PayloadContext } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
import { withKey, type EndpointLink } from './endpoint-link.ts';
import { jsonOf, mediaTypeOf } from './http.ts';
import type { OpenPagination } from './open-pagination.ts';
import { walkPages, type PagePlace, type WalkedPage } from './paginate.ts';
import { isJson } from './payload.ts';

export interface ReceiveOptions extends EndpointLink, OpenPagination {
  readonly testPages?: number | undefined;
  /** Told of each page, in order. */
  readonly onPage?: ((page: WalkedPage) => void) | undefined;
  /** Path of the records in the answer. */
  readonly records: Path;
}

/**
 * One payload per page that has records: a list where the answer holds a list at the records' path, else the value there as it is, or the text of an answer
 * that is not JSON. `meta.page` counts from 1.
 */
export async function* receive(options: ReceiveOptions, payload: Payload, params: unknown, context: PayloadContext): AsyncGenerator<Payload> {
  const { name, step, emit, host, pagination, maxPages, checkRepeats, stopStatuses, testPages } = options;
  const input = await options.inputOf(payload, params, context);
  const paging = await options.begin(input.scope, context);
  const documents = new WeakMap<HttpResponse, Document>();
  const documentOf = (response: HttpResponse): Document => {
    const known = documents.get(response) ?? readDocument(response, options);
    documents.set(response, known);
    return known;
  };
  const pages = walkPages({
    endpoint: name, pagination, ...paging, signal: context.signal, maxPages, checkRepeats, stopStatuses, testPages,
    // Whoever tries it out wants to see one page after the other.
    ...(testPages !== undefined && { ahead: 0 }),
    async build(page, index, previous) {
      const request = await options.template.build({ ...input, scope: { ...input.scope, page: page.variables ?? {} }, page: page.url === undefined ? page : { ...page, url: nextAddress(page.url, previous, name) } });
      return withKey(request, options, `${payload.id}:${index}`);
    },
    send: (request, signal) => options.send(request, context, signal),
    sleep: (ms, signal) => host.clock.sleep(ms, signal),
    recordsOf: (response) => documentOf(response).records,
    ...(context.resumed !== undefined && { from: context.resumed as PagePlace }),
  });
  for await (const page of pages) {
    const { index, response, records, stop, byGuess, next } = page;
    options.onPage?.(page);
    await emit({ type: 'page', step, index, records: records.length, ...(stop && { stop }), ...(byGuess && { byGuess }), at: host.clock.now() });
    if (stop === 'has-more-false' && byGuess) context.log.warn(`Page ${index + 1} of "${name}" does not say whether there are more: it was taken for the last one. Check the path of the flag in the pagination.`, { endpoint: name, page: index + 1 });
    if (records.length > 0) {
      const { body, mediaType } = documentOf(response);
      yield payload.with({ body, mediaType, meta: { page: String(index + 1) } });
    }
    if (next) context.checkpoint(next);
  }
}

function nextAddress(url: string, previous: string | undefined, name: string): string {
  if (URL.canParse(url, previous)) return new URL(url, previous).href;
  throw new FlowError('REMOTE_FORMAT', `The address of the next page of "${name}" cannot be read: ${JSON.stringify(url.slice(0, 200))}.`);
}

interface Document {
  readonly body: unknown;
  readonly mediaType: string;
  readonly records: readonly unknown[];
}

function readDocument(response: HttpResponse, { records: path, name }: ReceiveOptions): Document {
  const mediaType = mediaTypeOf(response.headers);
  const isWhole = path.query === '' || path.query === '$';
  if (response.body instanceof Uint8Array || (typeof response.body === 'string' && !isJson(mediaType) && isWhole)) {
    if (!isWhole) throw new FlowError('REMOTE_FORMAT', `The answer of "${name}" is ${mediaType || 'binary'}, so there is nothing at ${JSON.stringify(path.query)}.`);
    const { body } = response;
    return { body, mediaType: mediaType || (typeof body === 'string' ? 'text/plain' : 'application/octet-stream'), records: body.length === 0 ? [] : [body] };
  }
  const document = jsonOf(response, name);
  if (!path.singular) return inJson(path.all(document));
  const value = path.get(document);
  if (value === null) return inJson([]);
  if (value === undefined) throw new FlowError('REMOTE_FORMAT', `The answer of "${name}" has nothing at ${JSON.stringify(path.query)}: it is ${outline(document)}.`, { details: { path: path.query } });
  return inJson(value);
}

const inJson = (body: unknown): Document => ({ body, mediaType: 'application/json', records: Array.isArray(body) ? body : [body] });

function outline(document: unknown): string {
  if (Array.isArray(document)) return `a list of ${document.length}`;
  if (!isObject(document)) return JSON.stringify(document)?.slice(0, 80) ?? 'empty';
  const names = Object.keys(document);
  return names.length === 0 ? 'an empty object' : `an object with ${names.slice(0, 10).join(', ')}${names.length > 10 ? ' …' : ''}`;
}
