import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpResponse, IncomingRequest } from '../../plugins/sdk/index.ts';
import type { Runner } from '../runner/contract.ts';
import { readBytes } from './body.ts';
import { apiHeaders } from './problem.ts';
import { contentTypeOf, isJson, refuseDepth } from './read-payload.ts';
import { invalid, notFound } from './route.ts';

/**
 * Hands a request below `/hooks/` to the trigger that its address names, and gives the caller what the trigger answers. It stands before Express: a webhook
 * needs none of it, and half of the time of a short flow would go there.
 */
export async function answerHook(runner: Runner, request: IncomingMessage, response: ServerResponse, { hookBytes }: { readonly hookBytes: number }): Promise<void> {
  const url = request.url!;
  const { flow, trigger, search } = addressOf(url);
  const body = await readBytes(request, hookBytes);
  if (body.length > 0 && isJson(contentTypeOf(request.headers['content-type'] ?? 'application/octet-stream').mediaType)) refuseDepth(body);
  const incoming: IncomingRequest = {
    method: request.method!, url, query: search === '' ? {} : queryOf(search), headers: headersOf(request), body, receivedAt: Date.now(),
    respond: (answer) => send(response, answer),
  };
  if ((await runner.hook(flow, trigger, incoming)) === undefined) throw notFound(trigger === undefined ? `There is no flow "${flow}" with one webhook trigger that is on.` : `The flow "${flow}" has no webhook trigger "${trigger}" that is on.`);
}

/** `/hooks/<flow>/<trigger>`, or `/hooks/<flow>` where it has one webhook; the id of a flow may hold slashes, as such or encoded. */
function addressOf(url: string): { readonly flow: string; readonly trigger?: string; readonly search: string } {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  const cut = path.lastIndexOf('/');
  const rest = end < 0 ? '' : url.slice(end + 1);
  if (path.length <= prefix.length || cut === path.length - 1 || cut === prefix.length) throw notFound('The address of a webhook is /hooks/<flow>/<trigger>, or /hooks/<flow> where it has one.');
  try {
    if (cut < prefix.length) return { flow: decodeURIComponent(path.slice(prefix.length)), search: rest };
    return { flow: decodeURIComponent(path.slice(prefix.length, cut)), trigger: decodeURIComponent(path.slice(cut + 1)), search: rest };
  } catch {
    throw invalid('The address is not percent-encoded as it should be.');
  }
}

export const prefix = '/hooks/';

/** A name that is repeated keeps its last value, as the settings of the trigger are written for one. */
const queryOf = (search: string): Record<string, string> => Object.fromEntries(new URLSearchParams(search));

function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  const { 'set-cookie': cookies, ...headers } = request.headers as Record<string, string> & { 'set-cookie'?: readonly string[] };
  return cookies === undefined ? (request.headers as Record<string, string>) : { ...headers, 'set-cookie': cookies.join(', ') };
}

/** Bytes are sent as they are, text too unless the content type says JSON; everything else is written as JSON. The first answer counts. */
function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  if (response.headersSent || response.destroyed) return;
  const type = headers['content-type'] ?? (body instanceof Uint8Array ? 'application/octet-stream' : typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json');
  const bytes = body === undefined ? empty : body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' && !isJson(contentTypeOf(type).mediaType) ? body : JSON.stringify(body));
  const hasBody = status !== 204 && status !== 304;
  try {
    response.writeHead(status, { ...apiHeaders, ...ownHeaders(headers), ...(hasBody && { 'content-type': type, 'content-length': bytes.length }) });
    response.end(hasBody ? bytes : undefined);
  } catch {
    // A header that cannot be sent: the caller must not wait for ever.
    response.writeHead(500, apiHeaders).end();
  }
}

const empty = new Uint8Array();

/** Framing of the answer is the server's: a flow must not be able to split it in two. */
function ownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { 'content-length': _length, 'transfer-encoding': _encoding, connection: _connection, ...own } = headers;
  return own;
}
