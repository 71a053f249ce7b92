import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { FlowError, parseJson, type Payload } from '../../plugins/sdk/index.ts';
import { createPayload, isJson, streamPayload, type StreamInit } from '../engine/payload.ts';
import { openWindows } from '../stores/windows.ts';
import type { StartRun } from './contract.ts';

/** Files up to this size are read at once, so that the recording has them; longer ones are streamed, and it has their size only. */
const readBytes = 1024 * 1024;

export const mediaTypes: Readonly<Record<string, string>> = {
  '.json': 'application/json', '.ndjson': 'application/x-ndjson', '.jsonl': 'application/x-ndjson', '.csv': 'text/csv', '.tsv': 'text/tab-separated-values', '.xml': 'application/xml',
  '.txt': 'text/plain', '.html': 'text/html', '.yaml': 'application/yaml', '.yml': 'application/yaml',
};

/** The first payload of a run. Nothing given is an empty object. Fails with `CONFIG_NOT_FOUND` or `DATA_INVALID` where a file is not what it should be. */
export async function inputPayload(id: string, given: StartRun['payload'], maxBytes: number): Promise<Payload> {
  if (given === undefined) return createPayload({ id, body: {} });
  if (!('file' in given)) return createPayload({ id, body: given.body, mediaType: given.mediaType, ...(given.meta && { meta: given.meta }) });
  const { file, name = file } = given;
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new FlowError('CONFIG_NOT_FOUND', `There is no file ${name}.`);
  const mediaType = given.mediaType ?? mediaTypes[extname(file).toLowerCase()] ?? 'application/octet-stream';
  if (found.size > readBytes) return streamPayload({ id, mediaType, size: found.size, maxBytes, ...(isJson(mediaType) && { window: windowOf(file, found.size, mediaType) }), open: () => createReadStream(file, { highWaterMark: 64 * 1024 }) });
  const bytes = await readFile(file);
  if (isJson(mediaType)) return createPayload({ id, mediaType, body: parse(bytes, name) });
  // A text in another encoding stays as it is for a step that knows it.
  return createPayload({ id, mediaType, body: mediaType === 'application/octet-stream' || !isUtf8(bytes) ? bytes : bytes.toString('utf8') });
}

/** Opened when somebody looks at it. */
function windowOf(file: string, size: number, mediaType: string): NonNullable<StreamInit['window']> {
  let windows: ReturnType<typeof openWindows> | undefined;
  return (request) => (windows ??= openWindows({ pathOf: () => file })).read({ hash: file, size, mediaType }, request);
}

function parse(bytes: Buffer, name: string): unknown {
  const text = utf8Of(bytes, name);
  try {
    return parseJson(text);
  } catch (cause) {
    throw new FlowError('DATA_INVALID', `${name} is not valid JSON: ${(cause as Error).message}.`, { cause });
  }
}

/** The text, without a byte order mark. `name`: of the file, in messages. Fails with `DATA_INVALID` where it is not UTF-8, naming the byte. */
export function utf8Of(bytes: Buffer, name: string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8').replace(/^\u{FEFF}/u, '');
  throw new FlowError('DATA_INVALID', `${name} is not UTF-8: byte ${firstFault(bytes)} begins no character.`, { remedy: 'Save it as UTF-8.' });
}

/** Where the first bytes lie that are no character, from 0; found by halves. */
function firstFault(bytes: Buffer): number {
  let from = 0;
  let to = bytes.length;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      from = middle;
    } catch {
      to = middle;
    }
  }
  // Back to where the character begins that is not whole.
  while (!isUtf8(bytes.subarray(0, from))) from--;
  return from;
}
