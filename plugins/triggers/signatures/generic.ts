import { keyBytes } from '../../formats/key-bytes.ts';
import { addressOf, eitherIn, signsBodyOnly, withHeaders, withQuery } from './read.ts';
import type { Scheme } from './schemes.ts';
import type { SignatureSettings } from './settings.ts';
import { findDigests, hash, hmac, methodOf, type SignedRequest } from './verify.ts';

/** An HMAC as the settings describe it. */
export const hmacScheme: Scheme = {
  read(request, settings) {
    const { where, text } = signatureIn(request, settings);
    const sentAt = settings.timestampHeader === undefined ? undefined : eitherIn(request, settings.timestampHeader);
    const signed = contentOf(request, settings, sentAt?.text ?? '');
    return {
      signature: findDigests(where, text?.split(/\s+/), settings), ...(sentAt && { sentAt }), ...(!settings.content.includes('{url}') && signsBodyOnly(request, settings.parameter)),
      signed, method: methodOf(settings.algorithm), digest: (secret) => hmac(settings.algorithm, keyOf(secret, settings), signed),
    };
  },
  prepare: (request, { timestampHeader }, { now }) => (timestampHeader === undefined ? request : withHeaders(request, { [timestampHeader]: String(Math.floor(now / 1000)) })),
  write: (request, settings, { digest }) => withSignature(request, settings, settings.prefix + Buffer.from(digest).toString(settings.encoding)),
  keyOf,
  faultOf: ({ timestampHeader, content }) => (timestampHeader !== undefined && !content.includes('{timestamp}') ? 'The timestamp of the signature is not part of the signed content, so anybody could change it: add {timestamp} to "content".' : undefined),
};

/** The secret itself. Both sides are hashed, so that neither their lengths nor where they differ can be measured. */
export const tokenScheme: Scheme = {
  read(request, settings) {
    const { where, text } = signatureIn(request, settings);
    return { signature: { where, form: '<the secret>', encoding: 'hex', prefix: '', isThere: text !== undefined, digests: text ? [hash('sha256', [text])] : [] }, signed: [], digest: (secret) => hash('sha256', [secret]) };
  },
  write: (request, settings, { secret }) => withSignature(request, settings, secret),
};

function signatureIn({ headers, query }: SignedRequest, { header, parameter }: SignatureSettings): { readonly where: string; readonly text: string | undefined } {
  if (header !== undefined) return { where: `the header ${header}`, text: headers[header.toLowerCase()] };
  return { where: `the query parameter ${parameter}`, text: Object.hasOwn(query, parameter!) ? query[parameter!] : undefined };
}

const withSignature = (request: SignedRequest, { header, parameter }: SignatureSettings, text: string): SignedRequest => (header === undefined ? withQuery(request, parameter!, text) : withHeaders(request, { [header]: text }));

function keyOf(secret: string, { secretEncoding }: SignatureSettings): Uint8Array {
  if (secretEncoding === 'text') return keyBytes(secret, { encoding: 'text', fewestBytes: 1, remedy: '' });
  return keyBytes(secretEncoding === 'base64' ? secret.replace(/^whsec_/, '') : secret, { encoding: secretEncoding, fewestBytes: 8, remedy: 'Keep the secret whole, as the sender shows it, and say in `secretEncoding` how it is written: `text`, `base64` or `hex`.' });
}

function contentOf(request: SignedRequest, settings: SignatureSettings, timestamp: string): (string | Uint8Array)[] {
  return settings.content.split(/(\{(?:body|timestamp|method|url|header:[^}]+|query:[^}]+)\})/).map((part) => {
    switch (part) {
      case '{body}': return request.body;
      case '{timestamp}': return timestamp;
      case '{method}': return request.method.toUpperCase();
      case '{url}': return addressOf(request, settings);
      default: break;
    }
    if (part.startsWith('{header:')) return request.headers[part.slice(8, -1).toLowerCase()] ?? '';
    return part.startsWith('{query:') ? (request.query[part.slice(7, -1)] ?? '') : part;
  });
}
