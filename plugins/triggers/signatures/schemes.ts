import { FlowError, type HttpResponse } from '../../sdk/index.ts';
import { hmacScheme, tokenScheme } from './generic.ts';
import { addressOf, isForm, millisecondsIn, parametersOf, secondsIn, signsBodyOnly } from './read.ts';
import type { SignatureSettings } from './settings.ts';
import { findDigests, hash, hmac, isSame, type Claim, type SignedRequest } from './verify.ts';

export interface Scheme {
  read(request: SignedRequest, settings: SignatureSettings): Claim;
  /** What is wrong with a secret, as a sentence. */
  faultOf?(secret: string, settings: SignatureSettings): string | undefined;
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
  github: { read: ofBody('X-Hub-Signature-256', { encoding: 'hex', prefix: 'sha256=' }), delivery: header('x-github-delivery') },
  'hubspot-v2': {
    read(request, settings) {
      const content = [request.method.toUpperCase(), addressOf(request, settings), request.body];
      return { signature: inHeader(request, 'X-HubSpot-Signature', { encoding: 'hex' }), digest: (secret) => hash('sha256', [secret, ...content]) };
    },
  },
  'hubspot-v3': {
    read(request, settings) {
      const sentAt = millisecondsIn(request, 'X-HubSpot-Request-Timestamp');
      const content = [request.method.toUpperCase(), hubspotAddress(addressOf(request, settings)), request.body, sentAt.text];
      return { signature: inHeader(request, 'X-HubSpot-Signature-v3', { encoding: 'base64' }), sentAt, digest: (secret) => hmac('sha256', secret, content) };
    },
  },
  quickbooks: { read: ofBody('intuit-signature', { encoding: 'base64' }) },
  shopify: { read: ofBody('X-Shopify-Hmac-Sha256', { encoding: 'base64' }), delivery: header('x-shopify-webhook-id') },
  slack: {
    read(request) {
      const sentAt = secondsIn(request, 'X-Slack-Request-Timestamp');
      return {
        signature: inHeader(request, 'X-Slack-Signature', { encoding: 'hex', prefix: 'v0=' }), sentAt, ...signsBodyOnly(request),
        digest: (secret) => hmac('sha256', secret, [`v0:${sentAt.text}:`, request.body]),
      };
    },
    delivery: field('event_id'),
    handshake: { answer: (_request, body) => (isRecord(body) && body['type'] === 'url_verification' && typeof body['challenge'] === 'string' ? { status: 200, headers: { 'content-type': 'text/plain' }, body: body['challenge'] } : undefined) },
  },
  square: {
    read: (request, settings) => ({
      signature: inHeader(request, 'x-square-hmacsha256-signature', { encoding: 'base64' }),
      digest: (secret) => hmac('sha256', secret, [addressOf(request, settings), request.body]),
    }),
    delivery: field('event_id'),
  },
  'standard-webhooks': {
    read(request) {
      const names = 'webhook-signature' in request.headers || !('svix-signature' in request.headers) ? 'webhook' : 'svix';
      const sentAt = secondsIn(request, `${names}-timestamp`);
      const id = request.headers[`${names}-id`];
      const unsigned = signsBodyOnly(request).content;
      return {
        signature: findDigests(`the header ${names}-signature`, request.headers[`${names}-signature`]?.split(' '), { encoding: 'base64', prefix: 'v1,' }), sentAt,
        content: { where: 'It names its delivery', fault: id ? unsigned?.fault : `The header ${names}-id is missing.` },
        digest: (secret) => hmac('sha256', standardKey(secret), [`${id ?? ''}.${sentAt.text}.`, request.body]),
      };
    },
    faultOf: (secret) => (/^(whsec_)?[A-Za-z0-9+/]+={0,2}$/.test(secret) ? undefined : 'A secret of this scheme is base64, with `whsec_` before it or without.'),
    delivery: ({ headers }) => headers['webhook-id'] ?? headers['svix-id'],
  },
  stripe: {
    read(request) {
      const parts = request.headers['stripe-signature']?.split(',').map((part) => part.trim());
      const time = parts?.find((part) => part.startsWith('t='))?.slice(2) ?? '';
      return {
        signature: findDigests('the header Stripe-Signature', parts, { encoding: 'hex', prefix: 'v1=' }),
        sentAt: { where: 'the header Stripe-Signature', time: /^\d{1,11}$/.test(time) ? Number(time) * 1000 : undefined }, ...signsBodyOnly(request),
        digest: (secret) => hmac('sha256', secret, [`${time}.`, request.body]),
      };
    },
    delivery: field('id'),
  },
  twilio: {
    read(request, settings) {
      const url = addressOf(request, settings);
      const digestOfBody = request.query['bodySHA256'];
      return {
        signature: inHeader(request, 'X-Twilio-Signature', { encoding: 'base64', algorithm: 'sha1' }),
        content: { where: 'The body is part of what is signed', fault: twilioFault(request, digestOfBody) },
        digest: (secret) => hmac('sha1', secret, [url, digestOfBody === undefined ? twilioFields(request) : '']),
      };
    },
    delivery: header('i-twilio-idempotency-token'),
  },
  woocommerce: {
    read: ofBody('X-WC-Webhook-Signature', { encoding: 'base64' }),
    delivery: header('x-wc-webhook-delivery-id'),
    handshake: { unsigned: true, answer: ({ headers, body }) => (!('x-wc-webhook-signature' in headers) && /^webhook_id=\d{1,20}$/.test(Buffer.from(body.subarray(0, 40)).toString('latin1')) ? { status: 200, headers: { 'content-type': 'text/plain' }, body: '' } : undefined) },
  },
  xero: {
    read: ofBody('x-xero-signature', { encoding: 'base64' }), emptyAnswers: true,
    handshake: { answer: (_request, body) => (isRecord(body) && Array.isArray(body['events']) && body['events'].length === 0 ? { status: 200, headers: { 'content-type': 'text/plain' }, body: undefined } : undefined) },
  },
};

/** Fails with `CONFIG_INVALID` where nobody could sign with the secret. */
export function checkSecret(secret: string, settings: SignatureSettings, pointer: string): void {
  const fault = secret === '' ? 'The secret is empty: everybody could sign with it.' : schemes[settings.scheme].faultOf?.(secret, settings);
  if (fault !== undefined) throw new FlowError('CONFIG_INVALID', fault, { place: { pointer } });
}

type Form = Parameters<typeof findDigests>[2];

const inHeader = ({ headers }: SignedRequest, name: string, form: Form) => findDigests(`the header ${name}`, headers[name.toLowerCase()] === undefined ? undefined : [headers[name.toLowerCase()]!], form);

/** The most usual scheme: an HMAC of the body in a header. */
function ofBody(name: string, form: Form): Scheme['read'] {
  return (request) => ({ signature: inHeader(request, name, form), ...signsBodyOnly(request), digest: (secret) => hmac('sha256', secret, [request.body]) });
}

function header(name: string): NonNullable<Scheme['delivery']> {
  return ({ headers }) => headers[name];
}

function field(name: string): NonNullable<Scheme['delivery']> {
  return (_request, body) => (isRecord(body) && typeof body[name] === 'string' ? body[name] : undefined);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const standardKey = (secret: string): Uint8Array => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

/** HubSpot decodes these, and no others, before it signs. */
const hubspotAddress = (url: string): string => url.replaceAll(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (text) => decodeURIComponent(text));

/** Names in order, each with its values: what stands twice counts once. */
const twilioFields = (request: SignedRequest): string =>
  [...parametersOf(request.body)].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([name, values]) => [...new Set(values)].toSorted().map((value) => name + value).join('')).join('');

function twilioFault(request: SignedRequest, digestOfBody: string | undefined): string | undefined {
  if (digestOfBody === undefined) return request.body.length === 0 || isForm(request) ? undefined : 'The body is no form, and the query names no bodySHA256.';
  return isSame(Buffer.from(digestOfBody.toLowerCase()), Buffer.from(Buffer.from(hash('sha256', [request.body])).toString('hex'))) ? undefined : 'The body does not have the bodySHA256 that the query names.';
}
