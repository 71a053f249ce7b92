import { createHash, createHmac } from 'node:crypto';
import type { SignatureSettings } from './settings.ts';
import type { SignedRequest } from './verify.ts';

// For tests: requests as providers sign them, those that they publish, and one of each kind that is made by their formula.

export const now = 1_700_000_000_000;
export const seconds = String(now / 1000);
export const json = { 'content-type': 'application/json' };
export const form = { 'content-type': 'application/x-www-form-urlencoded' };
export const publicUrl = 'https://hooks.example.com/hooks/orders/shop';

export type Given = Partial<SignatureSettings>;
export interface Sent { readonly method?: string; readonly url?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }

export const settingsOf = (given: Given): SignatureSettings =>
  ({ scheme: 'hmac', secret: { $secret: 's' }, algorithm: 'sha256', encoding: 'hex', prefix: '', content: '{body}', secretEncoding: 'text', toleranceMs: 300_000, ...given }) as SignatureSettings;

export function requestOf({ method = 'POST', url = '/hooks/orders/shop', headers = {}, body = '' }: Sent): SignedRequest {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { method, url, headers: lower, body: Buffer.from(body), query: Object.fromEntries(new URL(url, 'http://localhost').searchParams) };
}

export const mac = (algorithm: string, key: string | Buffer, encoding: 'hex' | 'base64', ...parts: string[]): string => createHmac(algorithm, key).update(parts.join('')).digest(encoding);

const slackBody = 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const twilioForm = 'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212';
export const standardSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
/** A key and another one, for schemes that take their secrets in base64. */
export const [key, otherKey] = ['a key of twenty-four byte', 'and another one of some length'].map((text) => Buffer.from(text)) as [Buffer, Buffer];

interface Published { readonly title: string; readonly settings: Given; readonly sent: Sent; readonly secret: string; /** When it was sent. */ readonly at: number }

/**
 * From the pages of the providers: "Validating webhook deliveries" (GitHub), "Verifying requests from Slack", "Webhooks security" (Twilio, whose libraries take the address with and without its port), the specification of
 * Standard Webhooks, "Validating requests" (HubSpot, version 2). Shopify, Stripe, WooCommerce, BigCommerce, Xero, QuickBooks, Square and version 3 of HubSpot
 * give the formula but no example that can be recomputed: theirs are among the cases below, each made by the formula with node:crypto alone.
 */
export const published: readonly Published[] = [
  { title: 'github', settings: { scheme: 'github' }, sent: { headers: { 'X-Hub-Signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' }, body: 'Hello, World!' }, secret: "It's a Secret to Everybody", at: now },
  { title: 'slack', settings: { scheme: 'slack' }, sent: { headers: { 'X-Slack-Request-Timestamp': '1531420618', 'X-Slack-Signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503' }, body: slackBody }, secret: '8f742231b10e8888abcd99yyyzzz85a5', at: 1_531_420_618_000 },
  { title: 'twilio', settings: { scheme: 'twilio', publicUrl: 'https://mycompany.com/myapp.php' }, sent: { url: '/hooks/f/t?foo=1&bar=2', headers: { ...form, 'X-Twilio-Signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' }, body: twilioForm }, secret: '12345', at: now },
  { title: 'twilio, the signed address with the port that the known one leaves out', settings: { scheme: 'twilio', publicUrl: 'https://mycompany.com/myapp.php' }, sent: { url: '/hooks/f/t?foo=1&bar=2', headers: { ...form, 'X-Twilio-Signature': 'kvajT1Ptam85bY51eRf/AJRuM3w=' }, body: twilioForm }, secret: '12345', at: now },
  { title: 'twilio, the same without TLS', settings: { scheme: 'twilio', publicUrl: 'http://mycompany.com/myapp.php' }, sent: { url: '/hooks/f/t?foo=1&bar=2', headers: { ...form, 'X-Twilio-Signature': '0ZXoZLH/DfblKGATFgpif+LLRf4=' }, body: twilioForm }, secret: '12345', at: now },
  { title: 'twilio, the signed address without the port of the known one', settings: { scheme: 'twilio', publicUrl: 'https://mycompany.com:8443/myapp.php' }, sent: { url: '/hooks/f/t?foo=1&bar=2', headers: { ...form, 'X-Twilio-Signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' }, body: twilioForm }, secret: '12345', at: now },
  { title: 'standard-webhooks', settings: { scheme: 'standard-webhooks' }, sent: { headers: { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330', 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }, body: '{"test": 2432232314}' }, secret: standardSecret, at: 1_614_265_330_000 },
  { title: 'hubspot-v2, POST', settings: { scheme: 'hubspot-v2', publicUrl: 'https://www.example.com/webhook_uri' }, sent: { headers: { 'X-HubSpot-Signature': '9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900' }, body: '{"example_field":"example_value"}' }, secret: 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy', at: now },
  { title: 'hubspot-v2, GET', settings: { scheme: 'hubspot-v2', publicUrl: 'https://www.example.com/webhook_uri' }, sent: { method: 'GET', headers: { 'X-HubSpot-Signature': 'eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e' } }, secret: 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy', at: now },
];

export interface Case { readonly settings: Given; readonly sent: Sent; readonly secret: string; /** Header of the signature, and one with a timestamp. */ readonly header: string; readonly time?: string }

export const body = '{"id":"evt_1","event_id":"Ev1","events":[1]}';
const bodySHA256 = createHash('sha256').update(body).digest('hex');
export const stripe = (time: string, ...signatures: string[]) => [`t=${time}`, ...signatures.map((signature) => `v1=${signature}`)].join(',');

/** One request per scheme, signed as its provider says. */
export const cases: Readonly<Record<string, Case>> = {
  hmac: { settings: { header: 'X-Signature' }, sent: { headers: { 'X-Signature': mac('sha256', 'k', 'hex', body) }, body }, secret: 'k', header: 'X-Signature' },
  'hmac with a time': {
    settings: { header: 'X-Signature', timestampHeader: 'X-Time', content: '{method} {url} {header:X-Id} {timestamp} {query:shop} {body}', publicUrl, algorithm: 'sha512', encoding: 'base64', prefix: 'v1,', secretEncoding: 'base64' },
    sent: { url: '/hooks/orders/shop?shop=eu', headers: { 'X-Id': '7', 'X-Time': seconds, 'X-Signature': `v1,AAAA v1,${mac('sha512', key, 'base64', `POST ${publicUrl}?shop=eu 7 ${seconds} eu `, body)}` }, body }, secret: `whsec_${key.toString('base64')}`, header: 'X-Signature', time: 'X-Time',
  },
  token: { settings: { scheme: 'token', header: 'X-Token' }, sent: { headers: { 'X-Token': 's3cret' }, body }, secret: 's3cret', header: 'X-Token' },
  bigcommerce: {
    settings: { scheme: 'bigcommerce' }, secret: 'client secret', header: 'webhook-signature', time: 'webhook-timestamp',
    sent: { headers: { 'webhook-id': 'm1', 'webhook-timestamp': seconds, 'webhook-signature': `v1,${mac('sha256', 'client secret', 'base64', `m1.${seconds}.${body}`)}` }, body },
  },
  github: { settings: { scheme: 'github' }, sent: { headers: { 'X-Hub-Signature-256': `sha256=${mac('sha256', 'k', 'hex', body)}` }, body }, secret: 'k', header: 'X-Hub-Signature-256' },
  'hubspot-v2': { settings: { scheme: 'hubspot-v2', publicUrl }, sent: { url: '/hooks/orders/shop?a=%2F', headers: { 'X-HubSpot-Signature': createHash('sha256').update(`kPOST${publicUrl}?a=%2F${body}`).digest('hex') }, body }, secret: 'k', header: 'X-HubSpot-Signature' },
  'hubspot-v3': {
    settings: { scheme: 'hubspot-v3', publicUrl }, secret: 'k', header: 'X-HubSpot-Signature-v3', time: 'X-HubSpot-Request-Timestamp',
    sent: { url: '/hooks/orders/shop?a=%2F%20', headers: { 'X-HubSpot-Request-Timestamp': String(now), 'X-HubSpot-Signature-v3': mac('sha256', 'k', 'base64', `POST${publicUrl}?a=/%20${body}${now}`) }, body },
  },
  quickbooks: { settings: { scheme: 'quickbooks' }, sent: { headers: { 'intuit-signature': mac('sha256', 'k', 'base64', body) }, body }, secret: 'k', header: 'intuit-signature' },
  shopify: { settings: { scheme: 'shopify' }, sent: { headers: { 'X-Shopify-Hmac-Sha256': mac('sha256', 'k', 'base64', body) }, body }, secret: 'k', header: 'X-Shopify-Hmac-Sha256' },
  slack: { settings: { scheme: 'slack' }, sent: { headers: { 'X-Slack-Request-Timestamp': seconds, 'X-Slack-Signature': `v0=${mac('sha256', 'k', 'hex', `v0:${seconds}:${body}`)}` }, body }, secret: 'k', header: 'X-Slack-Signature', time: 'X-Slack-Request-Timestamp' },
  square: { settings: { scheme: 'square', publicUrl }, sent: { headers: { 'x-square-hmacsha256-signature': mac('sha256', 'k', 'base64', publicUrl, body) }, body }, secret: 'k', header: 'x-square-hmacsha256-signature' },
  'standard-webhooks': {
    settings: { scheme: 'standard-webhooks' }, secret: `whsec_${key.toString('base64')}`, header: 'webhook-signature', time: 'webhook-timestamp',
    sent: { headers: { 'webhook-id': 'm1', 'webhook-timestamp': seconds, 'webhook-signature': `v1a,x v1,${mac('sha256', key, 'base64', `m1.${seconds}.${body}`)}` }, body },
  },
  'standard-webhooks by its other names': {
    settings: { scheme: 'standard-webhooks' }, secret: key.toString('base64'), header: 'svix-signature', time: 'svix-timestamp',
    sent: { headers: { 'svix-id': 'm1', 'svix-timestamp': seconds, 'svix-signature': `v1,${mac('sha256', key, 'base64', `m1.${seconds}.${body}`)}` }, body },
  },
  stripe: { settings: { scheme: 'stripe' }, sent: { headers: { 'Stripe-Signature': stripe(seconds, '00', mac('sha256', 'k', 'hex', `${seconds}.${body}`)) }, body }, secret: 'k', header: 'Stripe-Signature' },
  twilio: {
    settings: { scheme: 'twilio', publicUrl }, secret: 'k', header: 'X-Twilio-Signature',
    sent: { headers: { ...form, 'X-Twilio-Signature': mac('sha1', 'k', 'base64', publicUrl, 'A1', 'a1a2', 'b') }, body: 'b=&a=2&A=1&a=1&a=1' },
  },
  'twilio with JSON': {
    settings: { scheme: 'twilio', publicUrl }, secret: 'k', header: 'X-Twilio-Signature',
    sent: { url: `/hooks/orders/shop?bodySHA256=${bodySHA256}`, headers: { ...json, 'X-Twilio-Signature': mac('sha1', 'k', 'base64', `${publicUrl}?bodySHA256=${bodySHA256}`) }, body },
  },
  woocommerce: { settings: { scheme: 'woocommerce' }, sent: { headers: { 'X-WC-Webhook-Signature': mac('sha256', 'k', 'base64', body) }, body }, secret: 'k', header: 'X-WC-Webhook-Signature' },
  xero: { settings: { scheme: 'xero' }, sent: { headers: { 'x-xero-signature': mac('sha256', 'k', 'base64', body) }, body }, secret: 'k', header: 'x-xero-signature' },
};
