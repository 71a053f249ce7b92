import { FlowError, type HttpResponse } from '../../sdk/index.ts';
import { byHeader, inHeader } from './by-header.ts';
import { hmacScheme, tokenScheme } from './generic.ts';
import { addressOf, isForm, parametersOf, secondsIn, signsBodyOnly, withHeaders, withQuery } from './read.ts';
import type { SignatureSettings } from './settings.ts';
import { findDigests, hash, hmac, isSame, type Claim, type SignedRequest } from './verify.ts';

export interface Scheme {
  read(request: SignedRequest, settings: SignatureSettings): Claim;
  /** What a sender adds before it signs, such as the time. */
  prepare?(request: SignedRequest, settings: SignatureSettings, options: { /** Milliseconds since the epoch. */ readonly now: number; readonly delivery: string | undefined }): SignedRequest;
  /** The request with its signature where `read` looks for it. */
  write(request: SignedRequest, settings: SignatureSettings, made: { readonly digest: Uint8Array; readonly secret: string }): SignedRequest;
  /** What is wrong with a secret, as a sentence. */
  faultOf?(secret: string, settings: SignatureSettings): string | undefined;
  /** The header that `delivery` reads, where it reads one. */
  readonly deliveryHeader?: string;
  /** Id of the delivery, the same when the provider sends it again. `body`: the payload. */
  delivery?(request: SignedRequest, body: unknown): string | undefined;
  /** The answer to a request with which a provider tries the address out: no run starts. `unsigned`: it is known not to be signed, and tells nobody anything. */
  readonly handshake?: { readonly unsigned?: true; answer(request: SignedRequest, body: unknown): HttpResponse | undefined };
  /** The provider wants answers without a body. */
  readonly emptyAnswers?: true;
}

/** The schemes by their names in the settings. Each is read as its provider documents it; the tests recompute the published examples. */
export const schemes: Readonly<Record<NonNullable<SignatureSettings['scheme']>, Scheme>> = {
  hmac: hmacScheme,
  token: tokenScheme,
  bigcommerce: { ...standard((secret) => Buffer.from(secret, 'utf8')) },
  github: { ...byHeader({ header: 'X-Hub-Signature-256', form: { encoding: 'hex', prefix: 'sha256=' } }), ...deliveredBy('x-github-delivery') },
  'hubspot-v2': {
    read(request, settings) {
      const signed = [request.method.toUpperCase(), addressOf(request, settings), request.body];
      return { signature: inHeader(request, 'X-HubSpot-Signature', { encoding: 'hex' }), signed, method: 'SHA-256 of the secret and', digest: (secret) => hash('sha256', [secret, ...signed]) };
    },
    write: (request, _settings, { digest }) => withHeaders(request, { 'x-hubspot-signature': Buffer.from(digest).toString('hex') }),
  },
  'hubspot-v3': byHeader({
    header: 'X-HubSpot-Signature-v3', form: { encoding: 'base64' }, time: { header: 'X-HubSpot-Request-Timestamp', unitMs: 1 },
    signed: (request, settings, time) => [request.method.toUpperCase(), hubspotAddress(addressOf(request, settings)), request.body, time],
  }),
  quickbooks: byHeader({ header: 'intuit-signature', form: { encoding: 'base64' } }),
  shopify: { ...byHeader({ header: 'X-Shopify-Hmac-Sha256', form: { encoding: 'base64' } }), ...deliveredBy('x-shopify-webhook-id') },
  slack: {
    ...byHeader({
      header: 'X-Slack-Signature', form: { encoding: 'hex', prefix: 'v0=' }, time: { header: 'X-Slack-Request-Timestamp', unitMs: 1000 },
      signed: ({ body }, _settings, time) => [`v0:${time}:`, body], fault: (request) => signsBodyOnly(request).content?.fault,
    }),
    delivery: field('event_id'),
    handshake: { answer: (_request, body) => (isRecord(body) && body['type'] === 'url_verification' && typeof body['challenge'] === 'string' ? { status: 200, headers: { 'content-type': 'text/plain' }, body: body['challenge'] } : undefined) },
  },
  square: {
    ...byHeader({ header: 'x-square-hmacsha256-signature', form: { encoding: 'base64' }, signed: (request, settings) => [addressOf(request, settings), request.body] }),
    delivery: field('event_id'),
  },
  'standard-webhooks': {
    ...standard((secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64')),
    faultOf: (secret) => (/^(whsec_)?[A-Za-z0-9+/]+={0,2}$/.test(secret) ? undefined : 'A secret of this scheme is base64, with `whsec_` before it or without.'),
  },
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
    delivery: field('id'),
  },
  twilio: {
    read(request, settings) {
      const url = addressOf(request, settings);
      const digestOfBody = request.query['bodySHA256'];
      const signed = [url, digestOfBody === undefined ? twilioFields(request) : ''];
      return {
        signature: inHeader(request, 'X-Twilio-Signature', { encoding: 'base64', algorithm: 'sha1' }),
        content: { where: 'The body is part of what is signed', fault: twilioFault(request, digestOfBody) },
        signed, method: 'HMAC-SHA1', digest: (secret) => hmac('sha1', secret, signed),
      };
    },
    prepare: (request) => (request.body.length === 0 || isForm(request) ? request : withQuery(request, 'bodySHA256', Buffer.from(hash('sha256', [request.body])).toString('hex'))),
    write: (request, _settings, { digest }) => withHeaders(request, { 'x-twilio-signature': Buffer.from(digest).toString('base64') }),
    ...deliveredBy('i-twilio-idempotency-token'),
  },
  woocommerce: {
    ...byHeader({ header: 'X-WC-Webhook-Signature', form: { encoding: 'base64' } }), ...deliveredBy('x-wc-webhook-delivery-id'),
    handshake: { unsigned: true, answer: ({ headers, body }) => (!('x-wc-webhook-signature' in headers) && /^webhook_id=\d{1,20}$/.test(Buffer.from(body.subarray(0, 40)).toString('latin1')) ? { status: 200, headers: { 'content-type': 'text/plain' }, body: '' } : undefined) },
  },
  xero: {
    ...byHeader({ header: 'x-xero-signature', form: { encoding: 'base64' } }), emptyAnswers: true,
    handshake: { answer: (_request, body) => (isRecord(body) && Array.isArray(body['events']) && body['events'].length === 0 ? { status: 200, headers: { 'content-type': 'text/plain' }, body: undefined } : undefined) },
  },
};

/** `standardwebhooks.com`; `keyOf`: the key that a secret stands for. */
function standard(keyOf: (secret: string) => Uint8Array): Scheme {
  return {
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
    prepare(request, _settings, { now, delivery }) {
      const names = namesOf(request);
      const id = delivery ?? request.headers[`${names}-id`];
      return withHeaders(request, { [`${names}-timestamp`]: String(Math.floor(now / 1000)), ...(id !== undefined && { [`${names}-id`]: id }) });
    },
    write: (request, _settings, { digest }) => withHeaders(request, { [`${namesOf(request)}-signature`]: `v1,${Buffer.from(digest).toString('base64')}` }),
    delivery: ({ headers }) => headers['webhook-id'] ?? headers['svix-id'],
  };
}

const namesOf = ({ headers }: SignedRequest): 'webhook' | 'svix' => ('webhook-signature' in headers || !('svix-signature' in headers) ? 'webhook' : 'svix');

/** Fails with `CONFIG_INVALID` where nobody could sign with the secret. */
export function checkSecret(secret: string, settings: SignatureSettings, pointer: string): void {
  const fault = secret === '' ? 'The secret is empty: everybody could sign with it.' : schemes[settings.scheme].faultOf?.(secret, settings);
  if (fault !== undefined) throw new FlowError('CONFIG_INVALID', fault, { place: { pointer } });
}

function deliveredBy(name: string): Pick<Scheme, 'delivery' | 'deliveryHeader'> {
  return { deliveryHeader: name, delivery: ({ headers }) => headers[name] };
}

function field(name: string): NonNullable<Scheme['delivery']> {
  return (_request, body) => (isRecord(body) && typeof body[name] === 'string' ? body[name] : undefined);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** HubSpot decodes these, and no others, before it signs. */
const hubspotAddress = (url: string): string => url.replaceAll(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (text) => decodeURIComponent(text));

/** Names in order, each with its values: what stands twice counts once. */
const twilioFields = (request: SignedRequest): string =>
  [...parametersOf(request.body)].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([name, values]) => [...new Set(values)].toSorted().map((value) => name + value).join('')).join('');

function twilioFault(request: SignedRequest, digestOfBody: string | undefined): string | undefined {
  if (digestOfBody === undefined) return request.body.length === 0 || isForm(request) ? undefined : 'The body is no form, and the query names no bodySHA256.';
  return isSame(Buffer.from(digestOfBody.toLowerCase()), Buffer.from(Buffer.from(hash('sha256', [request.body])).toString('hex'))) ? undefined : 'The body does not have the bodySHA256 that the query names.';
}
