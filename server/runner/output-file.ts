import { isUtf8 } from 'node:buffer';
import { closeSync, createReadStream, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { FlowError, parseJson, type Payload } from '../../plugins/sdk/index.ts';
import { bodyOf, isJson, type PayloadBody } from '../engine/payload.ts';
import { toRunError } from '../engine/run-error.ts';
import { isTextType } from '../model/body-window.ts';
import type { RunError } from '../model/run-event.ts';
import type { Masker } from '../stores/redact.ts';
import { withoutEscapes } from '../stores/redact-text.ts';
import { jsonChecker, jsonPieces, streamedBase64, streamedJson, streamedText, textPieces } from './json-pieces.ts';

/**
 * What leaves a flow, whole, in a file: as JSON, with commas between, masked as a recording is. JSON documents are values, texts are texts;
 * other bytes are `{"$base64": "…", "mediaType": "…"}`.
 */
export interface OutputFile {
  /** Never fails. A promise where it is a stream, which is read now. */
  add(payload: Payload, step: string): void | Promise<void>;
  /** Resolves when all is written. The first error, where an output could not be had: `{"$error": …}` stands in its place. */
  close(): Promise<RunError | undefined>;
}

/** Letters that are written at once. */
const bufferSize = 1024 * 1024;

type Masking = Pick<Masker, 'value' | 'text' | 'bytes' | 'test' | 'secrets'>;

/** `before`: what is missing from the beginning. */
export function openOutputFile(file: string, masker: Masking, { signal, before }: { readonly signal: AbortSignal; readonly before?: RunError | undefined }): OutputFile {
  const copy = `${file}.copy`;
  const descriptor = openSync(file, 'w', 0o600);
  let buffered = '';
  let written = 0;
  let count = 0;
  let error = before;
  let isFull = false;
  let reading: Promise<void> | undefined;

  const flush = (): void => {
    const bytes = Buffer.from(buffered);
    writeAll(descriptor, bytes, written, file);
    buffered = '';
    written += bytes.length;
  };
  const put = (piece: string): void => {
    buffered += piece;
    if (buffered.length > bufferSize) flush();
  };
  /** Gives what takes the output back that begins here: one that cannot be had leaves no half of it behind. */
  const begin = (step: string): ((thrown: unknown) => void) => {
    const place = { buffered, written };
    const comma = count++ > 0 ? ',' : '';
    const own = count;
    put(comma);
    return (thrown) => {
      const failure = ofOutput(thrown, own, step);
      error ??= failure;
      isFull = failure.code === 'STORAGE_FAILED';
      ({ buffered, written } = place);
      ftruncateSync(descriptor, written);
      if (!isFull) buffered += comma + JSON.stringify({ $error: failure });
    };
  };
  const write = (payload: Payload, step: string): void => {
    if (isFull) return;
    const takeBack = begin(step);
    try {
      for (const piece of piecesOf(bodyOf(payload), payload.mediaType, masker)) put(piece);
    } catch (thrown) {
      takeBack(thrown);
    }
  };
  const readAfter = async (before: Promise<void> | undefined, payload: Payload, step: string): Promise<void> => {
    await before;
    await read(payload, step);
  };
  const read = async (payload: Payload, step: string): Promise<void> => {
    const body = bodyOf(payload);
    if (body.kind !== 'stream') return write(payload, step);
    if (isFull) return;
    const takeBack = begin(step);
    try {
      for await (const piece of streamPieces(payload, body, copy, masker, signal)) put(piece);
    } catch (thrown) {
      takeBack(thrown);
    } finally {
      rmSync(copy, { force: true });
    }
  };

  return {
    add(payload, step) {
      if (!reading && bodyOf(payload).kind !== 'stream') return write(payload, step);
      const mine: Promise<void> = readAfter(reading, payload, step).finally(() => { if (reading === mine) reading = undefined; });
      reading = mine;
      return mine;
    },
    async close() {
      await reading;
      try {
        if (!isFull) flush();
      } catch (thrown) {
        error ??= toRunError(thrown);
        // Nobody may take a part for all of it.
        ftruncateSync(descriptor, 0);
      } finally {
        closeSync(descriptor);
      }
      return error;
    },
  };
}

function ofOutput(thrown: unknown, number: number, step: string): RunError {
  const { code, message, remedy = 'Look at the payload in the recording of the run.', place, details } = FlowError.is(thrown) ? thrown : new FlowError('DATA_INVALID', (thrown as Error).message, { cause: thrown });
  return toRunError(new FlowError(code, `Output ${number}, of the step ${JSON.stringify(step)}, cannot be printed: ${message}`, { remedy, details, ...(place && { place }) }), step);
}

function* piecesOf(body: PayloadBody, mediaType: string, masker: Masking): Generator<string> {
  if (body.kind === 'json') return yield* jsonPieces(masker.value(body.value));
  if (body.kind === 'text') return yield* textPieces(masker.text(body.text, mediaType));
  if (body.kind === 'stream') return;
  const bytes = Buffer.from(masker.bytes(body.bytes, mediaType));
  const text = textOf(bytes, mediaType);
  if (text !== undefined) return yield* jsonPieces(text);
  yield '{"$base64":"';
  for (let at = 0; at < bytes.length; at += base64Size) yield bytes.toString('base64', at, at + base64Size);
  yield `","mediaType":${JSON.stringify(mediaType)}}`;
}

/** What bytes say: the value of JSON, a text; `undefined` where they are neither. */
export function textOf(bytes: Uint8Array, mediaType: string): unknown {
  if (!isTextType(mediaType) || !isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  if (!isJson(mediaType)) return text;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** Of three bytes each. */
const base64Size = 48 * 1024;

/** A stream may have to be made anew each time that it is read: it is copied while it is looked at, to see what it is, and whether something in it has to be masked. */
async function* streamPieces(payload: Payload, body: PayloadBody & { readonly kind: 'stream' }, copy: string, masker: Masking, signal: AbortSignal): AsyncGenerator<string> {
  const { mediaType } = payload;
  const { kind, isMasked } = await look(copied(body.open(), copy, signal), mediaType, masker);
  const open = (): AsyncIterable<Uint8Array> => createReadStream(copy, { highWaterMark: 256 * 1024 });
  if (isMasked) {
    return yield* piecesOf(bodyOf(payload.with({ body: await wholeOf(open()) })), mediaType, masker);
  }
  if (kind !== 'bytes') return yield* kind === 'json' ? streamedJson(open()) : streamedText(open());
  yield '{"$base64":';
  yield* streamedBase64(open());
  yield `,"mediaType":${JSON.stringify(mediaType)}}`;
}

/** Longest secret, or name of a field, that is found where it lies in two parts. */
const overlap = 4 * 1024;

async function look(bytes: AsyncIterable<Uint8Array>, mediaType: string, masker: Masking): Promise<{ readonly kind: 'json' | 'text' | 'bytes'; readonly isMasked: boolean }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let kind: 'json' | 'text' | 'bytes' = !isTextType(mediaType) ? 'bytes' : isJson(mediaType) ? 'json' : 'text';
  const check = jsonChecker();
  /** The text of a part; of what is none, a letter for each byte. */
  const textOf = (chunk: Uint8Array, isLast: boolean): string => {
    try {
      const text = kind === 'bytes' ? latinOf(chunk) : decoder.decode(chunk, { stream: !isLast });
      if (kind === 'json' && !isJsonText(check, text, isLast)) kind = 'text';
      return text;
    } catch {
      kind = 'bytes';
      return latinOf(chunk);
    }
  };
  // The header of a CSV names fields, and has no value beside them.
  const isHidden = (text: string, isFirst: boolean): boolean => masker.test(text) || (isFirst && /csv|tab-separated/.test(mediaType) && masker.text(text, mediaType) !== text);
  let isMasked = false;
  let before: string | undefined;
  for await (const chunk of bytes) {
    const all = (before ?? '') + textOf(chunk, false);
    isMasked ||= isHidden(withoutEscapes(all), before === undefined);
    before = all.slice(-overlap);
  }
  textOf(new Uint8Array(), true);
  return { kind, isMasked };
}

const latinOf = ({ buffer, byteOffset, byteLength }: Uint8Array): string => Buffer.from(buffer, byteOffset, byteLength).toString('latin1');

function isJsonText(check: ReturnType<typeof jsonChecker>, text: string, isLast: boolean): boolean {
  try {
    check(text, isLast);
    return true;
  } catch {
    return false;
  }
}

/** A stream up to this size is masked. */
const mostMasked = 64 * 1024 * 1024;

async function wholeOf(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > mostMasked) throw new FlowError('DATA_TOO_LARGE', `it is longer than ${mostMasked} bytes, and something in it has to be masked.`, { remedy: 'Let the flow write it where it is wanted, or split it before its end.' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* copied(bytes: AsyncIterable<Uint8Array>, file: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const descriptor = openSync(file, 'w', 0o600);
  try {
    for await (const chunk of bytes) {
      signal.throwIfAborted();
      writeAll(descriptor, chunk, undefined, file);
      yield chunk;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** `position`: default where the last one ended. */
function writeAll(descriptor: number, bytes: Uint8Array, position: number | undefined, file: string): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, position === undefined ? undefined : position + at);
  } catch (cause) {
    throw new FlowError('STORAGE_FAILED', `what left the flow could not be written to ${file}: ${(cause as Error).message}.`, { cause, remedy: 'Make room there, or set TMPDIR to a folder that has it. The run itself, and its recording, are not touched by this.' });
  }
}
