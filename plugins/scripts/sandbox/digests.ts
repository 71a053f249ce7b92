import { createHash, createHmac } from 'node:crypto';
import { FlowError } from '../../sdk/index.ts';

/** What the engine answers by itself: the same for the same question, so that it need not be recorded. Fails with `DATA_INVALID`. */
export const digests = {
  hash: ([algorithm, text, encoding]: readonly unknown[]) => createHash(algorithmOf(algorithm)).update(textOf(text)).digest(encodingOf(encoding)),
  hmac: ([algorithm, key, text, encoding]: readonly unknown[]) => createHmac(algorithmOf(algorithm), textOf(key)).update(textOf(text)).digest(encodingOf(encoding)),
} as const;

const algorithms = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];
const encodings = ['hex', 'base64', 'base64url'] as const;

function algorithmOf(value: unknown): string {
  if (typeof value === 'string' && algorithms.includes(value)) return value;
  throw invalid(`There is no algorithm ${shown(value)}; there are ${algorithms.join(', ')}.`);
}

function encodingOf(value: unknown): (typeof encodings)[number] {
  const found = encodings.find((name) => name === value);
  if (!found) throw invalid(`There is no encoding ${shown(value)}; there are ${encodings.join(', ')}.`);
  return found;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalid(`${shown(value)} is no text.`);
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'missing').slice(0, 100);
const invalid = (message: string): FlowError => new FlowError('DATA_INVALID', message);
