import type { CheckStep } from '../../sdk/index.ts';
import { digestsOf, isSame, spanOf, verify, type Claim, type Encoding, type SignedRequest, type Verdict, type VerifyOptions } from './verify.ts';

export interface ExplainOptions extends VerifyOptions {
  /** Of the secrets, in their order. */
  readonly names: readonly string[];
}

/** The verdict with what was read, signed and compared. Of a signature that would have been right only the beginning is said: whoever reads it cannot sign with it. */
export function explain(claim: Claim, request: SignedRequest, options: ExplainOptions): Verdict {
  const { isValid, steps } = verify(claim, options);
  return { isValid, steps: steps.map((step) => ({ ...step, facts: factsOf(step, claim, request, options).map(([name, value]) => ({ name, value })) })) };
}

function factsOf({ name }: CheckStep, claim: Claim, request: SignedRequest, options: ExplainOptions): [name: string, value: string][] {
  const { signature, sentAt } = claim;
  switch (name) {
    case 'signature':
      return [['read from', signature.where], ['form', signature.form], ...(claim.method !== undefined && signature.digests.length > 0 ? [['found', givenOf(claim)] as [string, string]] : [])];
    case 'timestamp':
      return [['read from', sentAt!.where], ...(sentAt!.time === undefined ? [] : timesOf(sentAt!.time, options))];
    case 'digest':
      return digestFacts(claim, request, options);
    default:
      return [];
  }
}

function timesOf(time: number, { now, toleranceMs }: ExplainOptions): [string, string][] {
  return [['sent', isoOf(time)], ['arrived', isoOf(now)], ['difference', spanOf(Math.abs(now - time))], ['tolerance', spanOf(toleranceMs)]];
}

function digestFacts(claim: Claim, request: SignedRequest, { secrets, names }: ExplainOptions): [string, string][] {
  const { encoding, prefix, digests } = claim.signature;
  const right = secrets.map((secret) => claim.digest(secret));
  const used = secrets.findIndex((secret) => digestsOf(claim, secret).some((one) => digests.some((given) => isSame(given, one))));
  const usedName: [string, string][] = used < 0 ? [] : [['secret', names[used]!]];
  if (claim.method === undefined) return [['compared with', names.join(', ')], ...usedName];
  const expected: [string, string][] = right.map((one, index) => [`expected with ${names[index]}`, beginningOf(one, prefix, encoding)]);
  return [['method', claim.method], ['signed', signedText(claim, request)], ...expected, ['got', givenOf(claim)], ...usedName];
}

/** What was signed, where the body stands as its length: it is shown elsewhere. */
function signedText({ signed }: Claim, { body }: SignedRequest): string {
  const text = signed.map((part) => (typeof part === 'string' ? part : part === body ? `<body, ${part.length} bytes>` : `<${part.length} bytes>`)).join('');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

const longest = 300;
const givenOf = ({ signature: { digests, prefix, encoding } }: Claim): string => digests.map((digest) => beginningOf(digest, prefix, encoding)).join(' ');
const beginningOf = (digest: Uint8Array, prefix: string, encoding: Encoding): string => `${prefix}${Buffer.from(digest).toString(encoding).slice(0, 6)}…`;
const isoOf = (time: number): string => (Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time));
