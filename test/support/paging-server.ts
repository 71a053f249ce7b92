import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback with an endpoint per way of paging, which misbehaves as it is told. */
export interface PagingServer extends AsyncDisposable {
  readonly origin: string;
  /** A book of records with an address of its own: the endpoints `/page-number`, `/offset` … lie below it. */
  serve(book: Book): { readonly url: string; readonly requests: readonly string[] };
}

export interface Book {
  readonly total: number;
  /** Records per page, whatever the request asks for. */
  readonly size: number;
  readonly fault?: Fault;
}

export interface Fault {
  readonly kind: FaultKind;
  /** The page that it strikes, from 0. */
  readonly page: number;
  /** How often; default once for those that pass, always for those that stay. */
  readonly times?: number;
}

/** Those that pass: another attempt gets the page. `busy`: after a long pause. */
export const passingFaults = ['429', 'busy', '500', 'reset', 'cut', 'time-out'] as const;
/**
 * `repeated`: the page before again; `loop`: A B A B; `foreign`: the next link leads to another origin; `filtered`: a record is left out after paging;
 * `unflagged`: the page does not say whether there are more.
 */
export const stayingFaults = ['repeated', 'loop', 'foreign', 'broken', 'filtered', 'unflagged'] as const;
export type FaultKind = (typeof passingFaults)[number] | (typeof stayingFaults)[number];

/** The records of a book, as a client should get them. */
export const recordsOf = ({ total, size, fault }: Book): { readonly id: number }[] =>
  Array.from({ length: total }, (_, id) => ({ id })).filter(({ id }) => !(fault?.kind === 'filtered' && id === fault.page * size));

export async function startPagingServer(): Promise<PagingServer> {
  const books: { readonly book: Book; readonly requests: string[]; readonly struck: Map<number, number> }[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url!, `http://${request.headers.host}`);
    const [, number, strategy] = url.pathname.split('/');
    const { book, requests, struck } = books[Number(number)]!;
    const page = pageOf(strategy!, url.searchParams, book.size);
    requests.push(`${strategy} ${page}`);
    const fault = book.fault?.page === page ? book.fault : undefined;
    const before = struck.get(page) ?? 0;
    struck.set(page, before + 1);
    const isPassing = fault !== undefined && passingFaults.some((kind) => kind === fault.kind);
    if (fault && isPassing && before < (fault.times ?? 1)) return misbehave(fault.kind, request, response);
    return answer(strategy!, url, page, book, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    serve(book) {
      const requests: string[] = [];
      books.push({ book, requests, struck: new Map() });
      return { url: `${origin}/${books.length - 1}`, requests };
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function pageOf(strategy: string, query: URLSearchParams, size: number): number {
  if (strategy === 'page-number') return Number(query.get('page')) - 1;
  if (strategy === 'offset') return Number(query.get('offset')) / size;
  return Number(query.get('from') ?? 0);
}

function answer(strategy: string, url: URL, asked: number, book: Book, response: ServerResponse): void {
  const { total, size, fault } = book;
  const isAt = (kind: FaultKind): boolean => fault?.kind === kind && fault.page === asked;
  const pages = strategy === 'single-page' ? 1 : Math.ceil(total / size);
  const page = isAt('repeated') && asked > 0 ? asked - 1 : fault?.kind === 'loop' && asked >= 2 ? asked % 2 : asked;
  const from = page * size;
  const records = recordsOf(book).filter(({ id }) => strategy === 'single-page' || (id >= from && id < from + size));
  const next = fault?.kind === 'loop' && page === 1 ? 0 : page + 1 < pages ? page + 1 : undefined;
  const link = next === undefined ? undefined : `${isAt('foreign') ? 'http://foreign.test' : url.origin}${url.pathname}?from=${next}`;
  const text = JSON.stringify({ records, total, pages, ...(!isAt('unflagged') && { more: next !== undefined }), token: next ?? null, next: strategy === 'json-link' ? link : undefined });
  response.writeHead(200, { 'content-type': 'application/json', ...(strategy === 'header-link' && link !== undefined && { link: `<${url.pathname}>; rel="first", <${link}>; rel="next"` }) });
  response.end(isAt('broken') ? text.slice(0, -1) : text);
}

function misbehave(kind: FaultKind, request: IncomingMessage, response: ServerResponse): void {
  if (kind === '429') response.writeHead(429, { 'retry-after': '3' }).end('slow down');
  else if (kind === 'busy') response.writeHead(503, { 'retry-after': '90' }).end('later');
  else if (kind === '500') response.writeHead(500).end('out of order');
  else if (kind === 'reset') request.socket.resetAndDestroy();
  else if (kind === 'cut') response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"records":[', () => request.socket.destroy());
  // A time-out: nothing, until the client has gone.
}
