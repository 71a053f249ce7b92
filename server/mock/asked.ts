import type { IncomingMessage } from 'node:http';
import { parseJson } from '../../plugins/sdk/index.ts';

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

/** Reads a request. Throws where its body is longer than 16 MB. */
export async function readAsked(request: IncomingMessage, origin: string): Promise<Asked> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new RangeError('The body is longer than a mock takes.');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
  const isForm = (headers['content-type'] ?? '').includes('urlencoded');
  return { method: request.method ?? 'GET', url: new URL(request.url ?? '/', origin), headers, cookies: cookiesOf(headers['cookie'] ?? ''), text, json: jsonOf(text), form: new URLSearchParams(isForm ? text : '') };
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
