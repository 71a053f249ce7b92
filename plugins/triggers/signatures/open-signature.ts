import type { Inspection, RequestCheck, TriggerContext } from '../../sdk/index.ts';
import { deliveryStep } from './delivery.ts';
import { explain } from './explain.ts';
import type { Delivery } from './read.ts';
import { checkSecret, claimOf, schemes, type Scheme } from './schemes.ts';
import type { SignatureSettings } from './settings.ts';
import { sign } from './sign.ts';
import { verify, type SignedRequest, type Verdict } from './verify.ts';

export interface OpenSignature {
  readonly scheme: Scheme;
  /** Fails with `SECRET_MISSING`, and with `CONFIG_INVALID` where a secret is none. */
  check(request: SignedRequest, now: number): Promise<Verdict>;
}

/** So long a secret is used that somebody has changed in the meantime. */
const keepMs = 5_000;

/** Fails at once where the secrets cannot be had. */
export async function openSignature(settings: SignatureSettings, { secret, clock }: Pick<TriggerContext, 'secret' | 'clock'>): Promise<OpenSignature> {
  const read = (): Promise<string[]> => readSecrets(settings, secret);
  const scheme = schemes[settings.scheme];
  let known = { at: clock.now(), secrets: await read() };
  return {
    scheme,
    async check(request, now) {
      const at = clock.now();
      if (Math.abs(at - known.at) > keepMs) known = { at, secrets: await read() };
      return verify(claimOf(request, settings), { secrets: known.secrets, now, toleranceMs: settings.toleranceMs });
    },
  };
}

/** The check of one request, with what there is to say of each step. What is not accepted is no delivery. Fails as `openSignature` does. */
export async function inspectSignature(settings: SignatureSettings, request: SignedRequest, delivery: Delivery | undefined, { now, secret }: RequestCheck): Promise<Inspection> {
  const names = namesOf(settings).map(({ name }) => name);
  const checked = explain(claimOf(request, settings), request, { secrets: await readSecrets(settings, secret), names, now, toleranceMs: settings.toleranceMs });
  if (!checked.isValid) return checked;
  return { isValid: true, steps: [...checked.steps, deliveryStep(delivery)], ...(delivery?.id !== undefined && { delivery: delivery.id }) };
}

/** Fails as `openSignature` does. */
export async function signRequest(settings: SignatureSettings, request: SignedRequest, { now, secret, delivery }: RequestCheck & { readonly delivery?: string }): Promise<SignedRequest> {
  const [key] = await readSecrets(settings, secret);
  return sign(request, settings, { secret: key!, now, ...(delivery !== undefined && { delivery }) });
}

const namesOf = (settings: SignatureSettings) => (['secret', 'previousSecret'] as const).flatMap((field) => (settings[field] ? [{ name: settings[field].$secret, pointer: `/signature/${field}` }] : []));

const readSecrets = (settings: SignatureSettings, secret: TriggerContext['secret']): Promise<string[]> => Promise.all(namesOf(settings).map(async ({ name, pointer }) => {
  const value = await secret(name);
  checkSecret(value, settings, pointer);
  return value;
}));
