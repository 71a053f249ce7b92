import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { contentTypeOf, decodeChunks, decodeText, firstFault, FlowError, markOf, parseJson, textBody, type Payload } from '../../plugins/sdk/index.ts';
import { createPayload, isJson, streamPayload, type StreamInit } from '../engine/payload.ts';
import { brokenJson } from '../model/syntax-errors.ts';
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
  const declared = given.mediaType ?? mediaTypes[extname(file).toLowerCase()] ?? 'application/octet-stream';
  const { mediaType, charset: named } = contentTypeOf(declared);
  // A text in another encoding stays as it is for a step that knows it, but JSON is what it is.
  const charset = (isJson(mediaType) ? await markIn(file) : undefined) ?? named;
  const said = { what: name, remedy: `Name the charset that it is written in with its media type, such as \`--input-type "${mediaType}; charset=windows-1252"\`.` };
  const isUtf8 = charset === undefined || /^utf-?8$/.test(charset);
  if (found.size > readBytes && !isUtf8) return streamPayload({ id, mediaType, size: -1, maxBytes, isText: true, open: () => inUtf8(createReadStream(file, { highWaterMark: 64 * 1024 }), charset, said) });
  if (found.size > readBytes) return streamPayload({ id, mediaType, size: found.size, maxBytes, ...(isJson(mediaType) && { window: windowOf(file, found.size, mediaType) }), open: () => createReadStream(file, { highWaterMark: 64 * 1024 }) });
  const bytes = await readFile(file);
  if (isJson(mediaType)) return createPayload({ id, mediaType, body: jsonOf(isUtf8 ? utf8Of(bytes, name, said.remedy) : decodeText(bytes, { mediaType: declared, ...said }), name) });
  return createPayload({ id, mediaType, body: textBody(bytes, { mediaType: declared, ...said }) });
}

/** The encoding that a byte order mark at the beginning of a file names. */
async function markIn(path: string): Promise<string | undefined> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(new Uint8Array(3), 0, 3, 0);
  return markOf(buffer.subarray(0, bytesRead));
}

/** Opened when somebody looks at it. */
function windowOf(file: string, size: number, mediaType: string): NonNullable<StreamInit['window']> {
  let windows: ReturnType<typeof openWindows> | undefined;
  return (request) => (windows ??= openWindows({ pathOf: () => file })).read({ hash: file, size, mediaType }, request);
}

async function* inUtf8(chunks: AsyncIterable<Uint8Array>, charset: string, said: { readonly what: string; readonly remedy: string }): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of decodeChunks(chunks, charset, said)) yield encoder.encode(text);
}

/** The JSON document of a file. `name`: of the file, in messages. Fails with `DATA_INVALID` where it is none, naming the line and column. */
export function jsonOf(text: string, name: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    const { message, remedy, at } = brokenJson(text, name);
    throw new FlowError('DATA_INVALID', message, { cause, place: { file: name, ...at }, remedy });
  }
}

/** The text, in UTF-8 or, by its byte order mark, in UTF-16; without that mark. `name`: of the file, in messages. Fails with `DATA_INVALID` where it is neither, naming the byte. */
export function utf8Of(bytes: Buffer, name: string, remedy = 'Save it as UTF-8.'): string {
  if (isUtf8(bytes)) return bytes.toString('utf8').replace(/^\u{FEFF}/u, '');
  if (markOf(bytes)?.startsWith('utf-16') === true) return decodeText(bytes, { what: name, remedy });
  throw new FlowError('DATA_INVALID', `${name} is not UTF-8: byte ${firstFault(bytes)} begins no character.`, { remedy });
}
