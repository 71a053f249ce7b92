import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { apiHeaders } from './problem.ts';
import { notFound, type Call } from './route.ts';

/** Answers with a recorded body, or with the range of it that was asked for. */
export async function answerBody({ runner, request, response, path }: Call, run: string): Promise<void> {
  const hash = path.hash!;
  const body = runner.archive.body(run, hash);
  if (!body) throw notFound('This run has no such body.');
  // The name is the hash of the content, so a body never changes under its name.
  const headers: Record<string, string | number> = {
    ...apiHeaders, 'cache-control': 'private, max-age=31536000, immutable', etag: `"${hash}"`, 'accept-ranges': 'bytes',
    'content-type': safeMediaType(body.mediaType), 'content-disposition': `attachment; filename="${fileName(hash, body.mediaType)}"`,
  };
  if (request.headers['if-none-match']?.split(',').some((tag) => tag.trim() === `"${hash}"` || tag.trim() === '*')) return void response.writeHead(304, headers).end();
  const isSame = (request.headers['if-range'] ?? `"${hash}"`) === `"${hash}"`;
  const range = isSame ? readRange(request.headers.range, body.size) : undefined;
  if (range === 'outside') return void response.writeHead(416, { ...headers, 'content-range': `bytes */${body.size}`, 'content-length': 0 }).end();
  if (range) headers['content-range'] = `bytes ${range.start}-${range.end}/${body.size}`;
  headers['content-length'] = range ? range.end - range.start + 1 : body.size;
  response.writeHead(range ? 206 : 200, headers);
  if (request.method === 'HEAD') return void response.end();
  await sendChunks(response, body.open(range && { start: range.start, end: range.end + 1 }));
}

export async function sendChunks(response: ServerResponse, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}

/** One range, both ends included. Several ranges, and what is not understood, give the whole body, as the standard allows. */
export function readRange(header: string | undefined, size: number): { readonly start: number; readonly end: number } | 'outside' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first, last] = match as unknown as [string, string, string];
  if (first === '') return Number(last) === 0 || size === 0 ? 'outside' : { start: Math.max(0, size - Number(last)), end: size - 1 };
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'outside' : { start, end };
}

/** A media type that came with a payload is somebody else's text. */
const safeMediaType = (mediaType: string): string => (/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(mediaType) ? mediaType : 'application/octet-stream');

const endings: Readonly<Record<string, string>> = { 'application/json': 'json', 'application/xml': 'xml', 'text/xml': 'xml', 'text/csv': 'csv', 'text/plain': 'txt', 'text/html': 'html.txt', 'application/x-ndjson': 'ndjson' };

const fileName = (hash: string, mediaType: string): string => `${hash.replaceAll(/[^\w-]/g, '').slice(0, 12)}.${Object.hasOwn(endings, mediaType) ? endings[mediaType] : 'bin'}`;
