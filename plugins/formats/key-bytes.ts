import { FlowError } from '../sdk/index.ts';

export interface KeyForm {
  readonly encoding: 'text' | 'base64' | 'hex';
  /** A key of fewer bytes is no key, but what is left of one. */
  readonly fewestBytes: number;
  /** What to do about a text that is none, as a sentence. */
  readonly remedy: string;
}

/**
 * The bytes for which the text of a key stands, from its first character to its last: `Buffer.from` stops where it cannot read on, and what it had read by then
 * is a shorter key, or none. Fails with `CONFIG_INVALID`; nothing of the key is said.
 */
export function keyBytes(text: string, { encoding, fewestBytes, remedy }: KeyForm): Uint8Array {
  const bytes = Buffer.from(text, encoding === 'text' ? 'utf8' : encoding);
  const fault = encoding === 'text' ? undefined : readers[encoding](text, bytes);
  const short = bytes.length < fewestBytes ? `The key stands for ${bytes.length === 1 ? '1 byte' : `${bytes.length} bytes`}, where ${fewestBytes} is the least: it can be guessed, or is cut off.` : undefined;
  const wrong = text === '' ? 'The key is empty: everybody could sign with it.' : (fault ?? short);
  if (wrong !== undefined) throw new FlowError('CONFIG_INVALID', wrong, { remedy });
  return bytes;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const readers = {
  hex: (text: string) => (/^([0-9a-f]{2})*$/i.test(text) ? undefined : `The key is not written in hex, which is pairs of the digits 0 to 9 and a to f${like(text)}.`),
  base64(text: string, bytes: Buffer) {
    const isWhole = !uuid.test(text) && /^([A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/.test(text) && (!text.endsWith('=') || text.length % 4 === 0);
    // What is left over behind the last byte would be lost.
    return isWhole && bytes.toString('base64url') === text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_') ? undefined : `The key is not whole base64${like(text)}.`;
  },
} as const;

const like = (text: string): string => (uuid.test(text) ? ': it looks like a UUID, which is a text' : text !== text.trim() ? ': spaces or line breaks stand around it' : '');
