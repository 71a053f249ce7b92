import { withHeaders } from './read.ts';
import { schemes } from './schemes.ts';
import type { SignatureSettings } from './settings.ts';
import type { SignedRequest } from './verify.ts';

export interface SignOptions {
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Id of the delivery, where the scheme has one outside of the body; without it that of the request stays. */
  readonly delivery?: string;
}

/** The request as its sender would sign it. What it is signed by is read as it is for the check, so what is signed here is right there. */
export function sign(request: SignedRequest, settings: SignatureSettings, { secret, now, delivery }: SignOptions): SignedRequest {
  const scheme = schemes[settings.scheme];
  const header = scheme.delivery?.(request, undefined).header;
  const named = delivery !== undefined && header !== undefined ? withHeaders(request, { [header]: delivery }) : request;
  const prepared = scheme.prepare?.(named, settings, { now }) ?? named;
  return scheme.write(prepared, settings, { digest: scheme.read(prepared, settings).digest(secret), secret });
}
