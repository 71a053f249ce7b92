import { addressOf, eitherIn, signsBodyOnly } from './read.ts';
import type { Scheme } from './schemes.ts';
import type { SignatureSettings } from './settings.ts';
import { findDigests, hash, hmac, type SignedRequest } from './verify.ts';

/** An HMAC as the settings describe it. */
export const hmacScheme: Scheme = {
  read(request, settings) {
    const { where, text } = signatureIn(request, settings);
    const sentAt = settings.timestampHeader === undefined ? undefined : eitherIn(request, settings.timestampHeader);
    return {
      signature: findDigests(where, text?.split(/\s+/), settings), ...(sentAt && { sentAt }), ...(!settings.content.includes('{url}') && signsBodyOnly(request, settings.parameter)),
      digest: (secret) => hmac(settings.algorithm, keyOf(secret, settings), contentOf(request, settings, sentAt?.text ?? '')),
    };
  },
  faultOf(secret, settings) {
    if (settings.timestampHeader !== undefined && !settings.content.includes('{timestamp}')) return 'The timestamp of the signature is not part of the signed content, so anybody could change it: add {timestamp} to "content".';
    return keyOf(secret, settings).length === 0 ? `The secret is not written in ${settings.secretEncoding}.` : undefined;
  },
};

/** The secret itself. Both sides are hashed, so that neither their lengths nor where they differ can be measured. */
export const tokenScheme: Scheme = {
  read(request, settings) {
    const { where, text } = signatureIn(request, settings);
    return { signature: { where, form: '<the secret>', isThere: text !== undefined, digests: text ? [hash('sha256', [text])] : [] }, digest: (secret) => hash('sha256', [secret]) };
  },
};

function signatureIn({ headers, query }: SignedRequest, { header, parameter }: SignatureSettings): { readonly where: string; readonly text: string | undefined } {
  if (header !== undefined) return { where: `the header ${header}`, text: headers[header.toLowerCase()] };
  return { where: `the query parameter ${parameter}`, text: Object.hasOwn(query, parameter!) ? query[parameter!] : undefined };
}

const keyOf = (secret: string, { secretEncoding }: SignatureSettings): Uint8Array => {
  if (secretEncoding === 'text') return Buffer.from(secret, 'utf8');
  return Buffer.from(secretEncoding === 'base64' ? secret.replace(/^whsec_/, '') : secret, secretEncoding);
};

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
