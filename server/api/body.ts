import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { FlowError } from '../../plugins/sdk/index.ts';

/** A body in memory. Limits count decoded bytes: 500 bytes of brotli hold 300 MB. */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  refuseByLength(request, limit);
  const chunks: Uint8Array[] = [];
  for await (const chunk of decoded(request, limit)) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** A body of any length: in memory up to `memory` bytes, in a file of its own above. `remove` deletes the file. */
export type SpooledBody = { readonly bytes: Uint8Array } | { readonly file: string; remove(): Promise<void> };

export async function spoolBytes(request: IncomingMessage, { memory, limit }: { readonly memory: number; readonly limit: number }): Promise<SpooledBody> {
  refuseByLength(request, limit);
  return spool(decoded(request, limit), memory);
}

export async function spool(source: AsyncIterable<Uint8Array>, memory: number): Promise<SpooledBody> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const iterator = source[Symbol.asyncIterator]();
  while (size <= memory) {
    const { done, value } = await iterator.next();
    if (done) return { bytes: Buffer.concat(chunks) };
    chunks.push(value);
    size += value.length;
  }
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-body-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const file = join(folder, 'body');
  try {
    await pipeline(async function* () { yield* chunks; yield* { [Symbol.asyncIterator]: () => iterator }; }, createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    await remove();
    throw error;
  }
  return { file, remove };
}

/** The bytes of the body, decoded; fails as soon as there are more than `limit`, or far more than a real document would expand to. */
async function* decoded(request: IncomingMessage, limit: number): AsyncGenerator<Uint8Array> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decoder = decoderFor(encoding);
  let received = 0;
  const count = async function* (): AsyncGenerator<Uint8Array> {
    // The request must outlive a body that is refused: destroying it would cut off the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) { received += chunk.length; yield chunk; }
  };
  let size = 0;
  try {
    // Ending the loop early destroys the decoder with it, so a bomb is not unpacked any further.
    for await (const chunk of decoder ? decoder(count()) : count()) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      if (decoder && size > suspiciousBytes && size > received * suspiciousRatio) throw new FlowError('DATA_TOO_LARGE', `The body expands to more than ${suspiciousRatio} times its size.`);
      yield chunk;
    }
  } catch (error) {
    if (FlowError.is(error)) throw error;
    if (!request.errored && decoder) throw new FlowError('API_INVALID', `The body is not what its content encoding "${encoding}" says.`, { cause: error });
    throw new FlowError('API_INVALID', 'The body ended before it was complete.', { cause: error });
  }
}

const suspiciousBytes = 4 * 1024 * 1024;
const suspiciousRatio = 200;

type Decoder = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

function decoderFor(encoding: string): Decoder | undefined {
  if (encoding === 'identity' || encoding === '') return undefined;
  const make = decoders.get(encoding);
  if (!make) throw new FlowError('API_INVALID', `The content encoding "${encoding}" is not known: use gzip, deflate, br, zstd or none.`);
  return async function* (source) {
    const stream = make({ chunkSize: 64 * 1024 });
    const feeding = pipeline(source, stream).catch(() => {});
    try {
      yield* stream as AsyncIterable<Uint8Array>;
    } finally {
      stream.destroy();
      await feeding;
    }
  };
}

const decoders = new Map<string, (options: { chunkSize: number }) => Duplex>([
  ['gzip', createGunzip], ['x-gzip', createGunzip], ['deflate', createInflate], ['br', createBrotliDecompress], ['zstd', createZstdDecompress],
]);

function refuseByLength(request: IncomingMessage, limit: number): void {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
}

const tooLarge = (limit: number): FlowError => new FlowError('DATA_TOO_LARGE', `The body is longer than ${limit.toLocaleString('en')} bytes.`, { remedy: 'Send less at once: no more is taken at this address.' });
