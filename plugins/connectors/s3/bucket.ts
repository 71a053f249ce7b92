import type { Content, Entry, FileClient } from '../files/client.ts';
import { failure, missing, taken, tooLarge } from '../files/failures.ts';
import { nameOf } from '../files/paths.ts';
import { readListing, readUpload } from './listing.ts';
import type { Requests, S3Settings } from './requests.ts';

/** Longer objects are sent in parts of that size, or of so much more that 10,000 are enough. */
const partBytes = 16 * 2 ** 20;
const mostParts = 10_000;
/** Keys that a store lists at once. */
const mostKeys = 1_000;

export function openBucket(requests: Requests, { root }: S3Settings): FileClient {
  const keyOf = (path: string): string => root + path;
  const pathOf = (key: string): string => key.slice(root.length);
  const client: FileClient = {
    async *walk({ folder, isRecursive, pageSize, after }, turn) {
      const prefix = keyOf(folder === '' || folder.endsWith('/') ? folder : `${folder}/`);
      for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
        const { body } = await requests.send({
          method: 'GET', signal: turn.signal,
          query: {
            'list-type': '2', prefix, 'max-keys': String(Math.min(pageSize, mostKeys)), 'encoding-type': 'url', ...(!isRecursive && { delimiter: '/' }),
            ...(token !== undefined ? { 'continuation-token': token } : after !== undefined && { 'start-after': keyOf(after) }),
          },
        });
        const page = await readListing(body);
        // The marker of the folder itself is no entry of it.
        yield [...page.objects.filter(({ key }) => key !== prefix).map(({ key, ...object }) => entryOf(pathOf(key), object)), ...page.folders.map((key) => folderOf(pathOf(key)))].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
        token = page.next;
      }
    },
    async find(path, signal) {
      const { status, headers } = await requests.send({ method: 'HEAD', key: keyOf(path), signal }, 404);
      return status === 404 ? undefined : entryOf(path, { size: Number(headers['content-length'] ?? 0), modifiedAt: String(headers['last-modified'] ?? '') });
    },
    async read(path, mostBytes, signal) {
      const { status, headers, body } = await requests.send({ method: 'GET', key: keyOf(path), signal, mostBytes }, 404);
      if (status === 404) throw missing(path);
      if (body.length > mostBytes) throw tooLarge(path, body.length, mostBytes);
      return { bytes: body, modifiedAt: timeOf(String(headers['last-modified'] ?? '')) };
    },
    async write(path, content, { ifExists }, signal) {
      if (ifExists !== 'replace' && (await client.find(path, signal))) {
        if (ifExists === 'skip') return false;
        throw taken(path);
      }
      const key = keyOf(path);
      const once: Readonly<Record<string, string>> = ifExists === 'replace' ? {} : { 'if-none-match': '*' };
      const status = content.size <= partBytes
        ? (await requests.send({ method: 'PUT', key, headers: { ...once, 'content-type': content.mediaType }, body: await whole(content), signal }, 412, 409)).status
        : await inParts(requests, key, content, once, signal);
      if (status !== 412 && status !== 409) return true;
      if (ifExists === 'skip') return false;
      throw taken(path);
    },
    async remove(path, signal, begun) {
      // Who has seen it already, and does not see it any more, has removed it.
      if (!(await client.find(path, signal))) return begun?.is === true;
      if (begun) begun.is = true;
      await requests.send({ method: 'DELETE', key: keyOf(path), signal });
      return true;
    },
    async move(from, to, { replaces }, signal, begun) {
      if (from === to) return;
      // The copy may be one's own.
      if (!replaces && !begun?.is && (await client.find(to, signal))) throw taken(to);
      const { status, body } = await requests.send({ method: 'PUT', key: keyOf(to), headers: { 'x-amz-copy-source': requests.pathOf(keyOf(from)) }, signal }, 404);
      if (status === 404 && begun?.is) return;
      if (status === 404) throw missing(from);
      // A copy may fail after its answer has begun with a status of success.
      if (/<Error>/.test(new TextDecoder().decode(body))) throw failure('REMOTE_STATUS', `The copy of ${JSON.stringify(from)} failed`);
      if (begun) begun.is = true;
      await requests.send({ method: 'DELETE', key: keyOf(from), signal });
    },
  };
  return client;
}

function entryOf(path: string, { size, modifiedAt }: { readonly size: number; readonly modifiedAt: string }): Entry {
  // What ends with a slash stands for a folder, by agreement.
  return path.endsWith('/') ? folderOf(path) : { path, name: nameOf(path), type: 'file', size, modifiedAt: timeOf(modifiedAt) };
}

const folderOf = (path: string): Entry => ({ path, name: nameOf(path.slice(0, -1)), type: 'folder', size: 0, modifiedAt: null });

const timeOf = (text: string): string | null => (Number.isNaN(Date.parse(text)) ? null : new Date(text).toISOString());

async function whole(content: Content): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The object appears when all parts are there; of an upload that fails nothing is left. */
async function inParts(requests: Requests, key: string, content: Content, once: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number> {
  const begun = await requests.send({ method: 'POST', key, query: { uploads: '' }, headers: { 'content-type': content.mediaType }, signal });
  const uploadId = await readUpload(begun.body);
  try {
    const tags: string[] = [];
    for await (const part of partsOf(content, Math.max(partBytes, Math.ceil(content.size / mostParts)))) {
      const { headers } = await requests.send({ method: 'PUT', key, query: { partNumber: String(tags.length + 1), uploadId }, body: part, signal });
      tags.push(String(headers['etag'] ?? ''));
    }
    const list = tags.map((tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</ETag></Part>`).join('');
    const { status, body } = await requests.send({ method: 'POST', key, query: { uploadId }, headers: { ...once, 'content-type': 'application/xml' }, body: new TextEncoder().encode(`<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list}</CompleteMultipartUpload>`), signal }, 412, 409);
    if (/<Error>/.test(new TextDecoder().decode(body)) && status < 300) throw failure('REMOTE_STATUS', `The parts of ${JSON.stringify(key)} could not be put together`);
    if (status >= 300) await requests.send({ method: 'DELETE', key, query: { uploadId }, signal }, 404);
    return status;
  } catch (error) {
    // What is left of it costs money until somebody removes it.
    await requests.send({ method: 'DELETE', key, query: { uploadId }, signal: AbortSignal.timeout(10_000) }, 404).catch(() => undefined);
    throw error;
  }
}

async function* partsOf(content: Content, size: number): AsyncGenerator<Uint8Array> {
  let chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content.open()) {
    for (let rest = chunk; rest.length > 0;) {
      const taken = rest.subarray(0, size - length);
      chunks.push(taken);
      length += taken.length;
      rest = rest.subarray(taken.length);
      if (length < size) continue;
      yield Buffer.concat(chunks);
      chunks = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.concat(chunks);
}
