import type { TriggerContext } from '../../sdk/index.ts';
import { checkSecret, schemes, type Scheme } from './schemes.ts';
import type { SignatureSettings } from './settings.ts';
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
  const names = (['secret', 'previousSecret'] as const).flatMap((field) => (settings[field] ? [{ name: settings[field].$secret, pointer: `/signature/${field}` }] : []));
  const read = async (): Promise<string[]> => Promise.all(names.map(async ({ name, pointer }) => {
    const value = await secret(name);
    checkSecret(value, settings, pointer);
    return value;
  }));
  const scheme = schemes[settings.scheme];
  let known = { at: clock.now(), secrets: await read() };
  return {
    scheme,
    async check(request, now) {
      const at = clock.now();
      if (Math.abs(at - known.at) > keepMs) known = { at, secrets: await read() };
      return verify(scheme.read(request, settings), { secrets: known.secrets, now, toleranceMs: settings.toleranceMs });
    },
  };
}
