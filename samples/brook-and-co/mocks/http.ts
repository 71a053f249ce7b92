import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Scheme, host and port by which the server was asked. */
  readonly origin: string;
  json(): Record<string, unknown>;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Mock {
  readonly url: string;
  close(): Promise<void>;
}

/** A server on loopback that answers JSON. */
export async function listen(port: number, answer: (request: Request) => Answer | Promise<Answer>): Promise<Mock> {
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? '127.0.0.1'}`);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const request: Request = { method: incoming.method ?? 'GET', path: url.pathname, query: url.searchParams, headers: incoming.headers, body, origin: url.origin, json: () => asObject(body) };
    const { status = 200, headers = {}, body: answered } = await Promise.resolve(answer(request)).catch((error: Error): Answer => ({ status: 500, body: { error: error.message } }));
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(answered === undefined ? '' : JSON.stringify(answered));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); });

function asObject(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A number of the query within bounds. */
export const numberOf = (query: URLSearchParams, name: string, fallback: number, most: number): number => {
  const value = Number(query.get(name) ?? fallback);
  return Number.isInteger(value) && value >= 0 ? Math.min(value, most) : fallback;
};
