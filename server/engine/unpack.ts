import { FlowError } from '../../plugins/sdk/index.ts';
import { unzip } from './unzip.ts';

/** The documents in an answer, which may be packed although it does not say so: with gzip one, in a ZIP archive one for each file. Fails with `REMOTE_FORMAT`, `REMOTE_TOO_LARGE`. */
export async function unpack(bytes: Uint8Array, name: string, maxBytes: number): Promise<readonly Uint8Array[]> {
  const format = formatOf(bytes);
  if (format === undefined) return [bytes];
  const broken = (how: string, cause?: unknown): FlowError => new FlowError('REMOTE_FORMAT', `The answer of "${name}" is packed (${format}) and ${how}.`, { cause, remedy: 'Look at the whole answer in the run: it is broken, was cut, or is packed in a way that is not known.' });
  let left = maxBytes;
  const inflate = async (packed: Uint8Array, way: CompressionFormat): Promise<Uint8Array> => {
    const whole = await inflated(packed, way, left);
    if (!whole) throw new FlowError('REMOTE_TOO_LARGE', `The answer of "${name}" is longer than ${maxBytes} bytes when it is unpacked.`, { details: { maxBytes } });
    left -= whole.length;
    return whole;
  };
  try {
    return format === 'gzip' ? [await inflate(bytes, 'gzip')] : await unzip(bytes, { inflate: (packed) => inflate(packed, 'deflate-raw'), error: (why) => broken(`cannot be unpacked: ${why}`) });
  } catch (cause) {
    if (FlowError.is(cause)) throw cause;
    throw broken('damaged', cause);
  }
}

function formatOf(bytes: Uint8Array): 'gzip' | 'ZIP' | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  // Of a file, or of the end of an archive that has none.
  return bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6)) ? 'ZIP' : undefined;
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
