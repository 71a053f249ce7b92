import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback with an endpoint per way of paging, which misbehaves as it is told. */
export interface PagingServer extends AsyncDisposable {
  readonly origin: string;
  /** A book of records with an address of its own: the endpoints `/page-number`, `/offset` … lie below it. */
  serve(book: Book): { readonly url: string; readonly requests: readonly string[]; /** Where the tokens stood. */ readonly places: ReadonlySet<string> };
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
  const books: { readonly book: Book; readonly requests: string[]; readonly places: Set<string>; readonly struck: Map<number, number> }[] = [];
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const url = new URL(request.url!, `http://${request.headers.host}`);
    const [, number, strategy] = url.pathname.split('/');
    const { book, requests, places, struck } = books[Number(number)]!;
    const asked: Asked = { url, body, headers: request.headers };
    const page = pageOf(strategy!, asked, book.size);
    const token = tokenOf(asked);
    if (token) places.add(token[0]);
    requests.push(`${request.method} ${url.pathname} ${page}`);
    const fault = book.fault?.page === page ? book.fault : undefined;
    const before = struck.get(page) ?? 0;
    struck.set(page, before + 1);
    const isPassing = fault !== undefined && passingFaults.some((kind) => kind === fault.kind);
    if (fault && isPassing && before < (fault.times ?? 1)) return misbehave(fault.kind, request, response);
    if (strategy === 'async-job' && !url.searchParams.has('from')) return job(url, book, before, response);
    return answer(strategy!, url, page, book, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    serve(book) {
      const requests: string[] = [];
      const places = new Set<string>();
      books.push({ book, requests, places, struck: new Map() });
      return { url: `${origin}/${books.length - 1}`, requests, places };
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Asked {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Page 0 of `date-window` begins here; a record is an hour. */
export const firstHour = Date.parse('2024-01-01T00:00:00Z');

function pageOf(strategy: string, asked: Asked, size: number): number {
  const { url: { searchParams: query }, body } = asked;
  switch (strategy) {
    case 'page-number': return Number(query.get('page')) - 1;
    case 'offset': return Number(query.get('offset')) / size;
    // Not a whole number where the key is not the last one of a page.
    case 'keyset': return (Number(query.get('after') ?? -1) + 1) / size;
    case 'date-window': return Math.round((Date.parse(query.get('from')!) - firstHour) / 3_600_000 / size);
    case 'xml-page': return Number(/<page>(\d+)<\/page>/.exec(body)![1]) - 1;
    case 'soap-search': return Number(/<searchId>S<\/searchId><pageIndex>(\d+)<\/pageIndex>/.exec(body)?.[1] ?? 1) - 1;
    default: return Number(tokenOf(asked)?.[1] ?? 0);
  }
}

/** At whatever place it comes. */
function tokenOf({ url, headers, body }: Asked): readonly [place: string, token: string] | undefined {
  const [, , , segment] = url.pathname.split('/');
  const json = body.startsWith('{') ? (JSON.parse(body) as { readonly scroll_id?: string; readonly variables?: { readonly after?: string } }) : {};
  const found: Readonly<Record<string, string | null | undefined>> = {
    query: url.searchParams.get('from'), header: headers['x-from'] as string | undefined, cookie: /(?:^|; )from=([^;]*)/.exec(headers.cookie ?? '')?.[1], body: json.scroll_id ?? json.variables?.after,
    form: new URLSearchParams(body).get('from'), path: /^\d+$/.test(segment ?? '') ? segment : undefined,
  };
  return Object.entries(found).find((entry): entry is [string, string] => entry[1] !== null && entry[1] !== undefined);
}

function answer(strategy: string, url: URL, asked: number, book: Book, response: ServerResponse): void {
  const { total, size, fault } = book;
  const isAt = (kind: FaultKind): boolean => fault?.kind === kind && fault.page === asked;
  const pages = strategy === 'single-page' ? 1 : Math.ceil(total / size);
  const page = isAt('repeated') && asked > 0 ? asked - 1 : fault?.kind === 'loop' && asked >= 2 ? asked % 2 : asked;
  const from = page * size;
  const records = recordsOf(book).filter(({ id }) => strategy === 'single-page' || (id >= from && id < from + size));
  const next = fault?.kind === 'loop' && page === 1 ? 0 : page + 1 < pages ? page + 1 : undefined;
  const link = next === undefined ? undefined : `${isAt('foreign') ? 'http://foreign.test' : url.origin}/${url.pathname.split('/').slice(1, 3).join('/')}?from=${next}`;
  const more = isAt('unflagged') ? undefined : next !== undefined;
  const { headers = {}, text } = written(strategy, { records, total, pages, page, next, link, more, path: url.pathname });
  response.writeHead(200, { 'content-type': text.startsWith('<') ? 'text/xml' : 'application/json', ...headers });
  response.end(isAt('broken') ? text.slice(0, -1) : text);
}

/** A job whose files are the pages; it takes a while. */
function job(url: URL, { total, size, fault }: Book, before: number, response: ServerResponse): void {
  const isAt = (kind: FaultKind): boolean => fault?.kind === kind && fault.page === 0;
  const base = `${url.origin}/${url.pathname.split('/').slice(1, 3).join('/')}`;
  const files = Array.from({ length: Math.ceil(total / size) }, (_, page) => `${fault?.kind === 'foreign' && fault.page === page ? 'http://foreign.test' : base}?from=${page}`);
  const isDone = before > 2;
  const text = JSON.stringify(url.pathname.endsWith('/status') ? { status: isDone ? 'Done' : 'Running', ...(isDone && { files }) } : { id: 'job 1' });
  response.writeHead(200, { 'content-type': 'application/json' }).end(isAt('broken') ? text.slice(0, -1) : text);
}

interface Reply {
  readonly records: readonly { readonly id: number }[];
  readonly total: number;
  readonly pages: number;
  readonly page: number;
  readonly next: number | undefined;
  readonly link: string | undefined;
  readonly more: boolean | undefined;
  readonly path: string;
}

function written(strategy: string, { records, total, pages, page, next, link, more, path }: Reply): { readonly text: string; readonly headers?: Readonly<Record<string, string>> } {
  const xml = `<records>${records.map(({ id }) => `<record id="${id}"/>`).join('')}</records>`;
  const text = JSON.stringify({ records, total, pages, more, ...(more !== undefined && { done: !more }), token: next ?? null });
  const withHeader = (name: string, value: string | number | undefined) => ({ text, ...(value !== undefined && { headers: { [name]: String(value) } }) });
  switch (strategy) {
    case 'json-link': case 'link-as-query': case 'url': return { text: JSON.stringify({ records, more, next: link }) };
    case 'header-link': return withHeader('link', link === undefined ? undefined : `<${path}>; rel="first", <${link}>; rel="next"`);
    case 'header-url': return withHeader('x-next-page', link);
    case 'header-cursor': return withHeader('x-next-cursor', next);
    case 'graphql-cursor': return { text: JSON.stringify({ data: { orders: { nodes: records, pageInfo: { endCursor: next === undefined ? null : String(next), hasNextPage: more } } } }) };
    case 'xml-page': return { text: `<r:Answer xmlns:r="urn:r"><r:TotalCount>${total}</r:TotalCount>${xml}</r:Answer>` };
    case 'soap-search': return { text: `<Envelope><totalPages>${pages}</totalPages><pageIndex>${page + 1}</pageIndex><searchId>S</searchId>${xml}</Envelope>` };
    default: return { text };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function misbehave(kind: FaultKind, request: IncomingMessage, response: ServerResponse): void {
  if (kind === '429') response.writeHead(429, { 'retry-after': '3' }).end('slow down');
  else if (kind === 'busy') response.writeHead(503, { 'retry-after': '90' }).end('later');
  else if (kind === '500') response.writeHead(500).end('out of order');
  else if (kind === 'reset') request.socket.resetAndDestroy();
  else if (kind === 'cut') response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"records":[', () => request.socket.destroy());
  // A time-out: nothing, until the client has gone.
}
