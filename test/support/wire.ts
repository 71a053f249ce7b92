import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';

/** A request as it came in. */
export interface Arrived {
  readonly method: string;
  readonly target: string;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Wire extends AsyncDisposable {
  readonly origin: string;
  /** What came in since the last call. */
  take(): Arrived[];
}

/** A server on loopback that keeps what it gets and answers `{}`. */
export async function listenWire(): Promise<Wire> {
  let arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    arrived.push({ method: request.method!, target: request.url!, headers, body: Buffer.concat(chunks).toString('latin1') });
    response.setHeader('content-type', 'application/json');
    response.end(request.method === 'HEAD' ? undefined : '{}');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = arrived;
      arrived = [];
      return taken;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** What of a request two clients must have in common: how it is read, not how it is spelled. */
export interface Meaning {
  readonly method: string;
  /** Parts of the path, decoded. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Headers that tell of the client and the connection. `accept` is among them: Patchbay asks for JSON and takes all else, others name what the description lists. */
const ofClient = /^(host|connection|user-agent|accept|accept-encoding|accept-language|content-length|transfer-encoding|sec-fetch-mode|cache-control|postman-token|keep-alive|pragma)$/;

export function meaningOf({ method, target, headers, body }: Arrived): Meaning {
  const [path = '', search = ''] = target.split(/\?(.*)/s);
  const type = (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  const kept = Object.entries(headers).filter(([name]) => !ofClient.test(name) && name !== 'content-type');
  return {
    method, path: path.split('/').map(decoded), query: multiMap([...new URLSearchParams(search)]),
    headers: { ...Object.fromEntries(kept.map(([name, value]) => [name, latin(value).replaceAll(/,\s+/g, ',')])), ...(type && body && { 'content-type': type }) }, body: bodyOf(headers['content-type'] ?? '', type, body),
  };
}

/** Names of what differs: `path`, `query.page`, `header.x-a`, `body`. */
export function differencesOf(one: Meaning, other: Meaning): string[] {
  const inMap = (kind: string, left: Readonly<Record<string, unknown>>, right: Readonly<Record<string, unknown>>): string[] =>
    [...new Set([...Object.keys(left), ...Object.keys(right)])].filter((name) => !isDeepStrictEqual(left[name], right[name])).map((name) => `${kind}.${name}`);
  return [
    ...(['method', 'path'] as const).filter((key) => !isDeepStrictEqual(one[key], other[key])), ...inMap('query', one.query, other.query), ...inMap('header', one.headers, other.headers),
    ...(isDeepStrictEqual(one.body, other.body) ? [] : ['body']),
  ];
}

function bodyOf(full: string, type: string, body: string): unknown {
  if (body === '') return undefined;
  const text = Buffer.from(body, 'latin1').toString('utf8');
  if (/[/+]json$/.test(type)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  }
  if (type === 'application/x-www-form-urlencoded') return multiMap([...new URLSearchParams(text)]);
  return type.startsWith('multipart/') ? partsOf(full, body) : text;
}

/** Parts in their order, with the headers that say something. A text without a type is `text/plain`. */
function partsOf(full: string, body: string): unknown {
  const boundary = /boundary="?([^";]+)/.exec(full)?.[1] ?? '';
  return body.split(`--${boundary}`).slice(1, -1).map((part) => {
    const [head = '', content = ''] = part.replace(/^\r\n/, '').replace(/\r\n$/, '').split(/\r\n\r\n(.*)/s);
    const text = latin(head);
    return {
      name: /[; ]name="([^"]*)"/i.exec(text)?.[1], file: /filename="([^"]*)"/i.exec(text)?.[1],
      type: /content-type:\s*([^;\r\n]+)/i.exec(text)?.[1]?.trim() ?? 'text/plain', content: latin(content),
    };
  });
}

const latin = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');
const multiMap = (pairs: readonly (readonly [string, string])[]): Record<string, string[]> => Object.fromEntries(Array.from(Map.groupBy(pairs, ([name]) => name), ([name, all]) => [name, all.map(([, value]) => value)]));

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
