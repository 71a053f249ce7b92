import { millisecondsIn, secondsIn, signsBodyOnly, withHeaders } from './read.ts';
import type { Scheme } from './schemes.ts';
import type { SignatureSettings } from './settings.ts';
import { findDigests, hmac, methodOf, type Found, type SignedRequest } from './verify.ts';

type Form = Parameters<typeof findDigests>[2];

export interface HeaderScheme {
  readonly header: string;
  readonly form: Form;
  /** Header with the time of sending, in units of so many milliseconds since the epoch. */
  readonly time?: { readonly header: string; readonly unitMs: 1 | 1000 };
  /** What is signed; default the body alone. */
  signed?(request: SignedRequest, settings: SignatureSettings, time: string): (string | Uint8Array)[];
  /** What keeps the signature from saying anything. */
  fault?(request: SignedRequest): string | undefined;
}

/** The most usual kind of scheme: an HMAC in a header. */
export function byHeader({ header, form, time, signed, fault }: HeaderScheme): Pick<Scheme, 'read' | 'prepare' | 'write'> {
  const { algorithm = 'sha256', encoding, prefix = '' } = form;
  const faultOf = fault ?? (signed ? undefined : (request: SignedRequest) => signsBodyOnly(request).content?.fault);
  return {
    read(request, settings) {
      const sentAt = time && (time.unitMs === 1000 ? secondsIn : millisecondsIn)(request, time.header);
      const parts = signed?.(request, settings, sentAt?.text ?? '') ?? [request.body];
      const found = faultOf?.(request);
      return {
        signature: inHeader(request, header, form), ...(sentAt && { sentAt }), ...(found !== undefined && { content: { where: '', fault: found } }),
        signed: parts, method: methodOf(algorithm), digest: (secret) => hmac(algorithm, secret, parts),
      };
    },
    ...(time && { prepare: (request, _settings, { now }) => withHeaders(request, { [time.header]: String(Math.floor(now / time.unitMs)) }) }),
    write: (request, _settings, { digest }) => withHeaders(request, { [header]: prefix + Buffer.from(digest).toString(encoding) }),
  };
}

export const inHeader = ({ headers }: SignedRequest, name: string, form: Form): Found => findDigests(`the header ${name}`, headers[name.toLowerCase()] === undefined ? undefined : [headers[name.toLowerCase()]!], form);
