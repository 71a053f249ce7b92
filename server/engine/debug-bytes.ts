import { FlowError } from '../../plugins/sdk/index.ts';
import { maskedAt, type Mask } from '../model/debug-values.ts';

/** Some bytes of what stands under a name, masked: of a text in UTF-8, or of binary data. Fails with `DATA_MISSING` where it has none. */
export function bytesOf(key: string | number, value: unknown, mask: Mask, { offset, count }: { readonly offset: number; readonly count: number }): Uint8Array {
  const begin = Math.max(0, offset);
  const end = begin + Math.min(Math.max(0, count), mostBytes);
  if (typeof value === 'string') return encoder.encode(String(maskedAt(key, value, mask))).slice(begin, end);
  if (!(value instanceof Uint8Array)) throw new FlowError('DATA_MISSING', `What stands under ${JSON.stringify(key)} has no bytes.`, { remedy: 'Look at its entries.' });
  // A secret may lie across the edges of what is wanted.
  const from = Math.max(0, begin - edge);
  const letters = lettersOf(value.subarray(from, end + edge));
  const masked = String(maskedAt(key, letters, mask));
  return masked === letters ? value.slice(begin, end) : Uint8Array.from(masked.slice(begin - from, end - from), (letter) => letter.charCodeAt(0));
}

/** Each byte as a letter, so that a secret is found in any of them. */
function lettersOf(bytes: Uint8Array): string {
  let letters = '';
  for (let at = 0; at < bytes.length; at += step) letters += String.fromCharCode(...bytes.subarray(at, at + step));
  return letters;
}

const encoder = new TextEncoder();
const step = 8_192;
const edge = 4_096;
/** Of one answer. */
export const mostBytes = 1024 * 1024;
