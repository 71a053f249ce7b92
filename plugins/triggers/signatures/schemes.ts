import { keyBytes } from '../../formats/key-bytes.ts';
import { FlowError, type HttpResponse, withChanges } from '../../sdk/index.ts';
import { byHeader, inHeader } from './by-header.ts';
import { hmacScheme, tokenScheme } from './generic.ts';
import { addressOf, headerDelivery, isForm, parametersOf, secondsIn, signsBodyOnly, withHeaders, withQuery, type Delivery } from './read.ts';
import type { SignatureSettings } from './settings.ts';
import { findDigests, hash, hmac, isSame, type Claim, type SignedRequest } from './verify.ts';

export interface Scheme {
  /** The address is a part of what is signed. */
  readonly signsAddress?: true;
  read(request: SignedRequest, settings: SignatureSettings): Claim;
  /** What a sender adds before it signs, such as the time. */
  prepare?(request: SignedRequest, settings: SignatureSettings, options: { /** Milliseconds since the epoch. */ readonly now: number }): SignedRequest;
  /** The request with its signature where `read` looks for it. */
  write(request: SignedRequest, settings: SignatureSettings, made: { readonly digest: Uint8Array; readonly secret: string }): SignedRequest;
  /** The key for which a secret stands; default its text. Fails with `CONFIG_INVALID` where nobody can sign with it, or everybody. */
  keyOf?(secret: string, settings: SignatureSettings): Uint8Array;
  /** What is wrong with the settings, as a sentence. */
  faultOf?(settings: SignatureSettings): string | undefined;
  /** What tells the delivery from others, the same when the provider sends it again. `body`: the payload. Absent where the provider has nothing of the kind. */
  delivery?(request: SignedRequest, body: unknown): Delivery;
  /** The answer to a request with which a provider tries the address out: no run starts. `unsigned`: it is known not to be signed, and tells nobody anything. */
  readonly handshake?: { readonly unsigned?: true; answer(request: SignedRequest, body: unknown): HttpResponse | undefined };
  /** The provider wants answers without a body. */
  readonly emptyAnswers?: true;
}

/** The schemes by their names in the settings. Each is read as its provider documents it; the tests recompute the published examples. */
export const schemes: Readonly<Record<NonNullable<SignatureSettings['scheme']>, Scheme>> = {
  hmac: hmacScheme,
  token: tokenScheme,
  bigcommerce: standard((secret) => Buffer.from(secret, 'utf8')),
  github: { ...byHeader({ header: 'X-Hub-Signature-256', form: { encoding: 'hex', prefix: 'sha256=' } }), delivery: unsignedHeader('X-GitHub-Delivery') },
  'hubspot-v2': {
    signsAddress: true,
    read(request, settings) {
      const signed = [request.method.toUpperCase(), addressOf(request, settings), request.body];
      return { signature: inHeader(request, 'X-HubSpot-Signature', { encoding: 'hex' }), signed, method: 'SHA-256 of the secret and', digest: (secret) => hash('sha256', [secret, ...signed]) };
    },
    write: (request, _settings, { digest }) => withHeaders(request, { 'x-hubspot-signature': Buffer.from(digest).toString('hex') }),
  },
  'hubspot-v3': { signsAddress: true, ...byHeader({
    header: 'X-HubSpot-Signature-v3', form: { encoding: 'base64' }, time: { header: 'X-HubSpot-Request-Timestamp', unitMs: 1 },
    signed: (request, settings, time) => [request.method.toUpperCase(), hubspotAddress(addressOf(request, settings)), request.body, time],
  }) },
  quickbooks: byHeader({ header: 'intuit-signature', form: { encoding: 'base64' } }),
  shopify: { ...byHeader({ header: 'X-Shopify-Hmac-Sha256', form: { encoding: 'base64' } }), delivery: unsignedHeader('X-Shopify-Webhook-Id') },
  slack: {
    ...byHeader({
      header: 'X-Slack-Signature', form: { encoding: 'hex', prefix: 'v0=' }, time: { header: 'X-Slack-Request-Timestamp', unitMs: 1000 },
      signed: ({ body }, _settings, time) => [`v0:${time}:`, body], fault: (request) => signsBodyOnly(request).content?.fault,
    }),
    delivery: bodyField('event_id'),
    handshake: { answer: (_request, body) => (isRecord(body) && body['type'] === 'url_verification' && typeof body['challenge'] === 'string' ? { status: 200, headers: { 'content-type': 'text/plain' }, body: body['challenge'] } : undefined) },
  },
  square: {
    signsAddress: true,
    ...byHeader({ header: 'x-square-hmacsha256-signature', form: { encoding: 'base64' }, signed: (request, settings) => [addressOf(request, settings), request.body] }),
    delivery: bodyField('event_id'),
  },
  'standard-webhooks': standard((secret) => keyBytes(secret.replace(/^whsec_/, ''), { encoding: 'base64', fewestBytes: 16, remedy: 'Keep the secret whole, as the sender shows it: `whsec_` and the base64 of 24 to 64 bytes. Where it is a text of another kind, use the scheme `hmac`, or `bigcommerce`, which takes it as it is written.' })),
  stripe: {
    read(request) {
      const parts = request.headers['stripe-signature']?.split(',').map((part) => part.trim());
      const time = parts?.find((part) => part.startsWith('t='))?.slice(2) ?? '';
      const signed = [`${time}.`, request.body];
      return {
        signature: findDigests('the header Stripe-Signature', parts, { encoding: 'hex', prefix: 'v1=' }),
        sentAt: { where: 'the header Stripe-Signature', time: /^\d{1,11}$/.test(time) ? Number(time) * 1000 : undefined }, ...signsBodyOnly(request),
        signed, method: 'HMAC-SHA256', digest: (secret) => hmac('sha256', secret, signed),
      };
    },
    prepare: (request, _settings, { now }) => withHeaders(request, { 'stripe-signature': `t=${Math.floor(now / 1000)}` }),
    write: (request, _settings, { digest }) => withHeaders(request, { 'stripe-signature': `${request.headers['stripe-signature']},v1=${Buffer.from(digest).toString('hex')}` }),
    delivery: bodyField('id'),
  },
  twilio: {
    signsAddress: true,
    read(request, settings) {
      const url = addressOf(request, settings);
      const digestOfBody = request.query['bodySHA256'];
      const fields = digestOfBody === undefined ? twilioFields(request) : '';
      const signed = [url, fields];
      return {
        signature: inHeader(request, 'X-Twilio-Signature', { encoding: 'base64', algorithm: 'sha1' }),
        content: { where: 'The body is part of what is signed', fault: twilioFault(request, digestOfBody) },
        signed, method: 'HMAC-SHA1', digest: (secret) => hmac('sha1', secret, signed), others: (secret) => [hmac('sha1', secret, [otherPort(url), fields])],
      };
    },
    prepare: (request) => (request.body.length === 0 || isForm(request) ? request : withQuery(request, 'bodySHA256', Buffer.from(hash('sha256', [request.body])).toString('hex'))),
    write: (request, _settings, { digest }) => withHeaders(request, { 'x-twilio-signature': Buffer.from(digest).toString('base64') }),
    delivery: unsignedHeader('I-Twilio-Idempotency-Token'),
  },
  woocommerce: {
    ...byHeader({ header: 'X-WC-Webhook-Signature', form: { encoding: 'base64' } }), delivery: unsignedHeader('X-WC-Webhook-Delivery-ID'),
    handshake: { unsigned: true, answer: ({ headers, body }) => (!('x-wc-webhook-signature' in headers) && /^webhook_id=\d{1,20}$/.test(Buffer.from(body.subarray(0, 40)).toString('latin1')) ? { status: 200, headers: { 'content-type': 'text/plain' }, body: '' } : undefined) },
  },
  xero: {
    ...byHeader({ header: 'x-xero-signature', form: { encoding: 'base64' } }), emptyAnswers: true,
    handshake: { answer: (_request, body) => (isRecord(body) && Array.isArray(body['events']) && body['events'].length === 0 ? { status: 200, headers: { 'content-type': 'text/plain' }, body: undefined } : undefined) },
  },
};

/** What a request claims. Where nobody knows the address that was signed, no signature of it can be right. */
export function claimOf(request: SignedRequest, settings: SignatureSettings): Claim {
  const { read, signsAddress } = schemes[settings.scheme];
  const claim = read(request, settings);
  if (!signsAddress || settings.publicUrl !== undefined || request.publicUrl !== undefined) return claim;
  return { ...claim, content: { where: 'The address is part of what is signed', fault: 'The address is signed, and nobody has said under which the sender knows this runner. Set `server.publicUrl` in patchbay.json, start it with `--public-url`, or give the signature its `publicUrl`.' } };
}

/** `standardwebhooks.com`; `keyOf`: the key that a secret stands for. */
function standard(keyOf: (secret: string) => Uint8Array): Scheme {
  return {
    keyOf,
    read(request) {
      const names = namesOf(request);
      const sentAt = secondsIn(request, `${names}-timestamp`);
      const id = request.headers[`${names}-id`];
      const unsigned = signsBodyOnly(request).content;
      const signed = [`${id ?? ''}.${sentAt.text}.`, request.body];
      return {
        signature: findDigests(`the header ${names}-signature`, request.headers[`${names}-signature`]?.split(' '), { encoding: 'base64', prefix: 'v1,' }), sentAt,
        content: { where: 'It names its delivery', fault: id ? unsigned?.fault : `The header ${names}-id is missing.` },
        signed, method: 'HMAC-SHA256', digest: (secret) => hmac('sha256', keyOf(secret), signed),
      };
    },
    prepare: (request, _settings, { now }) => withHeaders(request, { [`${namesOf(request)}-timestamp`]: String(Math.floor(now / 1000)) }),
    write: (request, _settings, { digest }) => withHeaders(request, { [`${namesOf(request)}-signature`]: `v1,${Buffer.from(digest).toString('base64')}` }),
    delivery: (request) => headerDelivery(request, `${namesOf(request)}-id`, true),
  };
}

const namesOf = ({ headers }: SignedRequest): 'webhook' | 'svix' => ('webhook-signature' in headers || !('svix-signature' in headers) ? 'webhook' : 'svix');

/** Fails with `CONFIG_INVALID` where nobody can sign with the secret, or everybody. */
export function checkSecret(secret: string, settings: SignatureSettings, pointer: string): void {
  const { keyOf, faultOf } = schemes[settings.scheme];
  const fault = faultOf?.(settings) ?? (secret === '' ? 'The secret is empty: everybody could sign with it.' : undefined);
  if (fault !== undefined) throw new FlowError('CONFIG_INVALID', fault, { place: { pointer } });
  try {
    keyOf?.(secret, settings);
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    throw withChanges(error, { place: { pointer } });
  }
}

function unsignedHeader(name: string): NonNullable<Scheme['delivery']> {
  return (request) => headerDelivery(request, name, false);
}

/** Of schemes that sign the body. */
function bodyField(name: string): NonNullable<Scheme['delivery']> {
  return (_request, body) => ({ where: `the field ${name} of the body`, isSigned: true, ...(isRecord(body) && typeof body[name] === 'string' && { id: body[name] }) });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** HubSpot decodes these, and no others, before it signs. */
const hubspotAddress = (url: string): string => url.replaceAll(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (text) => decodeURIComponent(text));

/** Twilio signs an address with its port or without it, however it was given to it. */
const otherPort = (url: string): string =>
  url.replace(/^(https?)(:\/\/[^/?#]*?)(:\d+)?(?=[/?#]|$)/i, (_, scheme: string, host: string, port?: string) => scheme + host + (port === undefined ? (scheme.toLowerCase() === 'https' ? ':443' : ':80') : ''));

/** Names in order, each with its values: what stands twice counts once. */
const twilioFields = (request: SignedRequest): string =>
  [...parametersOf(request.body)].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([name, values]) => [...new Set(values)].toSorted().map((value) => name + value).join('')).join('');

function twilioFault(request: SignedRequest, digestOfBody: string | undefined): string | undefined {
  if (digestOfBody === undefined) return request.body.length === 0 || isForm(request) ? undefined : 'The body is no form, and the query names no bodySHA256.';
  return isSame(Buffer.from(digestOfBody.toLowerCase()), Buffer.from(Buffer.from(hash('sha256', [request.body])).toString('hex'))) ? undefined : 'The body does not have the bodySHA256 that the query names.';
}
