import type { IncomingMessage } from 'node:http';
import { FlowError, parseJson } from '../../plugins/sdk/index.ts';

/** A request as the mock looks at it. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body where it is JSON, else `undefined`. */
  readonly json: unknown;
  readonly form: URLSearchParams;
}

const mostBytes = 16 * 1024 * 1024;

/** Reads a request. Throws a `RangeError` where its body is longer than 16 MB, and `DATA_INVALID` where its address cannot be read. */
export async function readAsked(request: IncomingMessage, origin: string): Promise<Asked> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new RangeError('The body is longer than a mock takes.');
    chunks.push(chunk);
  }
  const url = addressOf(request.url ?? '/', origin);
  const text = Buffer.concat(chunks).toString('utf8');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
  const isForm = (headers['content-type'] ?? '').includes('urlencoded');
  return { method: request.method ?? 'GET', url, headers, cookies: cookiesOf(headers['cookie'] ?? ''), text, json: jsonOf(text), form: new URLSearchParams(isForm ? text : '') };
}

function addressOf(target: string, origin: string): URL {
  const url = URL.canParse(origin + target) ? new URL(origin + target) : undefined;
  try {
    if (url && target.startsWith('/')) return decodeURIComponent(url.pathname), url;
  } catch {
    throw new FlowError('DATA_INVALID', `The path ${JSON.stringify(url!.pathname.slice(0, 200))} has a percent sign that does not begin a character, such as %20. Write the sign itself as %25.`);
  }
  throw new FlowError('DATA_INVALID', `The address ${JSON.stringify(target.slice(0, 200))} cannot be read: a request asks for a path.`);
}

function jsonOf(text: string): unknown {
  if (!/^\s*[[{"\d-]|^\s*(true|false|null)\s*$/.test(text)) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function cookiesOf(header: string): Record<string, string> {
  return Object.fromEntries(header.split(';').map((part) => part.trim()).filter((part) => part.includes('=')).map((part) => [part.slice(0, part.indexOf('=')), decoded(part.slice(part.indexOf('=') + 1))]));
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
