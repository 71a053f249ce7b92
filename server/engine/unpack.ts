import { FlowError } from '../../plugins/sdk/index.ts';
import { unzip } from './unzip.ts';

/** The documents in an answer, which may be packed although it does not say so: with gzip one, in a ZIP archive one for each file. Fails with `REMOTE_FORMAT`, `REMOTE_TOO_LARGE`. */
export async function unpack(bytes: Uint8Array, name: string, maxBytes: number): Promise<readonly Uint8Array[]> {
  const packing = packingOf(bytes);
  if (packing === undefined) return [bytes];
  if (packing === 'zstd') throw packedError(packing, name, '');
  const broken = (how: string, cause?: unknown): FlowError => new FlowError('REMOTE_FORMAT', `The answer of "${name}" is packed (${packing}) and ${how}.`, { cause, remedy: 'Look at the whole answer in the run: it is broken, was cut, or is packed in a way that is not known.' });
  let left = maxBytes;
  const inflate = async (packed: Uint8Array, way: CompressionFormat): Promise<Uint8Array> => {
    const whole = await inflated(packed, way, left);
    if (!whole) throw new FlowError('REMOTE_TOO_LARGE', `The answer of "${name}" is longer than ${maxBytes} bytes when it is unpacked.`, { details: { maxBytes } });
    left -= whole.length;
    return whole;
  };
  try {
    return packing === 'gzip' ? [await inflate(bytes, 'gzip')] : await unzip(bytes, { inflate: (packed) => inflate(packed, 'deflate-raw'), error: (why) => broken(`cannot be unpacked: ${why}`) });
  } catch (cause) {
    if (FlowError.is(cause)) throw cause;
    throw broken('damaged', cause);
  }
}

/** Fails with `REMOTE_FORMAT` where an answer in which something is to be read is packed, and nobody says how it is read. */
export function checkUnpacked(body: Uint8Array, name: string, mediaType: string): void {
  const packing = packingOf(body);
  if (packing !== undefined) throw packedError(packing, name, mediaType);
}

type Packing = 'gzip' | 'ZIP' | 'zstd';

function packingOf(bytes: Uint8Array): Packing | undefined {
  const starts = (...first: readonly number[]): boolean => first.every((byte, at) => bytes[at] === byte);
  if (starts(0x1f, 0x8b)) return 'gzip';
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  // Of a file, or of the end of an archive that has none.
  return starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6) ? 'ZIP' : undefined;
}

const packings: Readonly<Record<Packing, string>> = { gzip: 'packed with gzip', zstd: 'packed with Zstandard', ZIP: 'a ZIP archive' };

function packedError(packing: Packing, name: string, mediaType: string): FlowError {
  const remedy = packing === 'zstd'
    ? 'Ask for another packing, with the header "accept-encoding": "gzip" in "headers" of the connector; or let the other system name it in the header "content-encoding".'
    : 'Say by "decoder" of the endpoint how the answer is read when it is unpacked, such as "decoder": { "type": "json" }; or let the other system name the packing in the header "content-encoding".';
  return new FlowError('REMOTE_FORMAT', `The answer of "${name}" is ${packings[packing]}, which no header "content-encoding" says${mediaType === '' ? '' : `, and its type (${mediaType}) neither`}.`, { details: { endpoint: name, packing }, remedy });
}

/** `undefined` where it is longer. */
async function inflated(bytes: Uint8Array, format: CompressionFormat, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream(format));
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
