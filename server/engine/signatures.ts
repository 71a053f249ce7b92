import type { HttpResponse, Quota, SignContext } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';

/** Signatures of one method with its credentials, in the order in which they are made. */
export interface Signatures {
  next(now: number): Signature;
}

export interface Signature {
  readonly context: SignContext;
  /** Takes the answer to what was signed. Gives whether another signature may be answered otherwise. */
  answered(answer: HttpResponse, now: number): boolean;
}

export interface SignatureOptions {
  /** A refusal is answered by another signature. */
  readonly takesChallenge: boolean;
  /** Of a method that signs with several identities by turns. */
  readonly pool?: { readonly size: number; quota(answer: HttpResponse, now: number): Quota | undefined };
}

/** By the connections of the process and the credentials: a server that counts them counts those of all runs. */
const known = new WeakMap<object, Map<string, Signatures>>();

export function signaturesOf({ connections }: EngineHost, key: string, options: SignatureOptions): Signatures {
  const all = known.get(connections) ?? new Map<string, Signatures>();
  known.set(connections, all);
  const signatures = all.get(key) ?? (options.pool ? createPool(options.pool) : createSignatures(options));
  all.set(key, signatures);
  return signatures;
}

function createSignatures({ takesChallenge }: SignatureOptions): Signatures {
  let turn = 0;
  let uses = 0;
  let challenge: HttpResponse | undefined;
  return {
    next: (now) => ({
      context: { now, turn: turn++, nonce, ...(challenge && { challenge: { answer: challenge, uses: ++uses } }) },
      answered(answer) {
        if (!takesChallenge || answer.status !== 401) return false;
        challenge = { ...answer, body: undefined };
        uses = 0;
        return true;
      },
    }),
  };
}

/** What is known of one identity: how many requests it had left, and how many it has signed since. */
interface Known extends Quota {
  readonly uses: number;
}

/** The identity that has most requests left signs next; one of which nothing is known counts as having any number, and those alike take turns. */
function createPool({ size, quota }: NonNullable<SignatureOptions['pool']>): Signatures {
  const quotas = new Map<number, Known>();
  let last = -1;
  const left = (slot: number, now: number): number => {
    const found = quotas.get(slot);
    return !found || (found.until !== undefined && found.until <= now) ? Infinity : Math.max(0, found.remaining - found.uses);
  };
  // From the one after the last: those alike take turns.
  const slots = (): number[] => Array.from({ length: size }, (_, index) => (last + 1 + index) % size);
  const best = (now: number): number => {
    const [first, ...others] = slots();
    const found = others.reduce((one, other) => (left(other, now) > left(one, now) ? other : one), first!);
    if (left(found, now) > 0) return found;
    // Where none has any left, the one that gets new ones first.
    return others.reduce((one, other) => ((quotas.get(other)?.until ?? Infinity) < (quotas.get(one)?.until ?? Infinity) ? other : one), first!);
  };
  return {
    next(now) {
      const slot = best(now);
      last = slot;
      const before = quotas.get(slot);
      if (before) quotas.set(slot, { ...before, uses: before.uses + 1 });
      return {
        context: { now, turn: slot, nonce },
        answered(answer, at) {
          const told = quota(answer, at);
          if (told) quotas.set(slot, { ...told, uses: 0 });
          return told?.isRefusal === true && slots().some((other) => left(other, at) > 0);
        },
      };
    },
  };
}

const nonce = (): string => crypto.randomUUID().replaceAll('-', '');
