import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { CheckStep, RequestData } from '../../sdk/index.ts';

export type SignedRequest = RequestData;

/** What a request says of its own origin, as its scheme reads it. Nothing of it is believed yet. */
export interface Claim {
  readonly signature: Found;
  /** Absent where the scheme has none. */
  readonly sentAt?: { readonly where: string; readonly time: number | undefined };
  /** What else must hold before the digest means anything, as a sentence that says what is wrong; `undefined` = nothing is. */
  readonly content?: { readonly where: string; readonly fault: string | undefined };
  /** What is signed, in order; the secret is none of it. */
  readonly signed: readonly (string | Uint8Array)[];
  /** `HMAC-SHA256`; absent where the secret itself is compared. */
  readonly method?: string;
  /** The digest that the request would have if it was signed with this secret. */
  digest(secret: string): Uint8Array;
  /** Digests that count as well, where senders of a kind do not sign alike. */
  others?(secret: string): readonly Uint8Array[];
}

/** The digests that a request may have if it was signed with this secret. */
export const digestsOf = ({ digest, others }: Claim, secret: string): readonly Uint8Array[] => [digest(secret), ...(others?.(secret) ?? [])];

export interface Found {
  /** `the header X-Hub-Signature-256` */
  readonly where: string;
  /** How a signature looks, for people. */
  readonly form: string;
  readonly encoding: Encoding;
  readonly prefix: string;
  readonly isThere: boolean;
  /** Those that have the form, decoded. Several while a sender changes its secret. */
  readonly digests: readonly Uint8Array[];
}

/** The check step by step, as far as it went: the last step is the one that failed. It never holds what the right signature would have been. */
export interface Verdict {
  readonly isValid: boolean;
  readonly steps: readonly CheckStep[];
}

export interface VerifyOptions {
  /** Any of them may have been used. */
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly toleranceMs: number;
}

/** Checks a claim. Pure, and constant in time as far as the digest is concerned. */
export function verify(claim: Claim, options: VerifyOptions): Verdict {
  const steps: CheckStep[] = [];
  for (const check of [checkSignature, checkTimestamp, checkContent, checkDigest]) {
    const step = check(claim, options);
    if (step) steps.push(step);
    if (step && !step.isPassed) break;
  }
  return { isValid: steps.every(({ isPassed }) => isPassed), steps };
}

export type Encoding = 'hex' | 'base64';
export type Algorithm = 'sha1' | 'sha256' | 'sha512';

const lengths: Readonly<Record<Algorithm, number>> = { sha1: 20, sha256: 32, sha512: 64 };

/** Reads signatures: those texts that begin with the prefix and are a digest from the first character to the last. */
export function findDigests(where: string, texts: readonly string[] | undefined, { prefix = '', encoding, algorithm = 'sha256' }: { readonly prefix?: string; readonly encoding: Encoding; readonly algorithm?: Algorithm }): Found {
  const bytes = lengths[algorithm];
  const digests = (texts ?? []).filter((text) => text.startsWith(prefix)).map((text) => decode(text.slice(prefix.length), encoding, bytes)).filter((digest) => digest !== undefined);
  return { where, form: `${prefix}<${bytes} bytes in ${encoding}>`, encoding, prefix, isThere: texts !== undefined, digests };
}

/** For people. */
export const methodOf = (algorithm: Algorithm): string => `HMAC-${algorithm.toUpperCase()}`;

export function hmac(algorithm: Algorithm, key: string | Uint8Array, parts: readonly (string | Uint8Array)[]): Uint8Array {
  const made = createHmac(algorithm, key);
  for (const part of parts) made.update(part);
  return made.digest();
}

export function hash(algorithm: Algorithm, parts: readonly (string | Uint8Array)[]): Uint8Array {
  const made = createHash(algorithm);
  for (const part of parts) made.update(part);
  return made.digest();
}

/** Digests are made to be of one length, so the length says nothing. */
export const isSame = (left: Uint8Array, right: Uint8Array): boolean => left.length === right.length && timingSafeEqual(left, right);

function checkSignature({ signature: { where, form, isThere, digests } }: Claim): CheckStep {
  const detail = !isThere ? `There is no signature: ${where} is missing.` : digests.length === 0 ? `There is no signature in ${where} of the form ${form}.` : `Found in ${where}.`;
  return { name: 'signature', isPassed: digests.length > 0, detail };
}

function checkTimestamp({ sentAt }: Claim, { now, toleranceMs }: VerifyOptions): CheckStep | undefined {
  if (!sentAt) return undefined;
  const { where, time } = sentAt;
  if (time === undefined) return { name: 'timestamp', isPassed: false, detail: `The time of sending is missing: ${where} holds none.` };
  const isPassed = Math.abs(now - time) <= toleranceMs;
  return { name: 'timestamp', isPassed, detail: isPassed ? `Sent within ${spanOf(toleranceMs)} of now.` : `The time of sending is more than ${spanOf(toleranceMs)} from now: the request was repeated or delayed, or a clock is wrong.` };
}

const checkContent = ({ content }: Claim): CheckStep | undefined => content && { name: 'content', isPassed: content.fault === undefined, detail: content.fault ?? `${content.where}.` };

function checkDigest(claim: Claim, { secrets }: VerifyOptions): CheckStep {
  const right = secrets.flatMap((secret) => digestsOf(claim, secret));
  const isPassed = right.some((one) => claim.signature.digests.some((given) => isSame(given, one)));
  return { name: 'digest', isPassed, detail: isPassed ? 'The signature is right.' : 'The signature is wrong: it was made with another secret, or of another content.' };
}

const forms: Readonly<Record<Encoding, RegExp>> = { hex: /^[0-9a-f]*$/i, base64: /^[A-Za-z0-9+/_-]*={0,2}$/ };

/** Strict, where `Buffer.from` stops at the first character that does not belong. */
function decode(text: string, encoding: Encoding, bytes: number): Uint8Array | undefined {
  if (text.length > 2 * bytes || !forms[encoding].test(text)) return undefined;
  const digest = Buffer.from(text, encoding);
  return digest.length === bytes ? digest : undefined;
}

/** A span of time as people read it: `800 ms`, `12.5 s`, `5 min`. */
export const spanOf = (ms: number): string => (ms < 1000 ? `${ms} ms` : ms >= 60_000 && ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`);
