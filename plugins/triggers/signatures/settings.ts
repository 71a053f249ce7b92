import type { Infer } from '../../sdk/index.ts';

const secretRef = (title: string, description: string) => ({
  type: 'object', title, description, writeOnly: true,
  properties: { $secret: { type: 'string', minLength: 1, title: 'Name', description: 'Name of the secret.' } }, required: ['$secret'], additionalProperties: false,
}) as const;

const onlyFor = <const S extends string | readonly string[]>(equals: S) => ({ visibleWhen: { field: 'scheme', equals } }) as const;

/** How requests are signed: one of the schemes that providers use, or an HMAC that is described field by field. */
export const signatureSchema = {
  type: 'object',
  title: 'Signature',
  description: 'How requests are signed. Without it anybody who knows the address can start the flow.',
  properties: {
    scheme: {
      type: 'string', default: 'hmac', title: 'Scheme', description: 'The kind of signature.',
      enum: ['hmac', 'token', 'bigcommerce', 'github', 'hubspot-v2', 'hubspot-v3', 'quickbooks', 'shopify', 'slack', 'square', 'standard-webhooks', 'stripe', 'twilio', 'woocommerce', 'xero'],
      enumDescriptions: [
        'An HMAC, described by the fields below. It names no delivery: `deliveryHeader` may, and `{header:name}` in the content signs it.',
        'The secret itself, in a header or query parameter of your choice: for senders that cannot sign, such as older hooks of BigCommerce (custom headers of the hook). Nothing is signed.',
        '`webhook-signature` as Standard Webhooks has it, with the client secret of the app as it is written. Delivery: `webhook-id`, signed.',
        '`X-Hub-Signature-256`. Delivery: `X-GitHub-Delivery`, not signed.',
        '`X-HubSpot-Signature`, which signs method, address and body. It names no delivery.',
        '`X-HubSpot-Signature-v3`, which signs method, address, body and time. It names no delivery.',
        '`intuit-signature`. It names no delivery.',
        '`X-Shopify-Hmac-Sha256`. Delivery: `X-Shopify-Webhook-Id`, not signed.',
        '`X-Slack-Signature`; the request that verifies the address is answered. Delivery: `event_id` of the body, signed.',
        '`x-square-hmacsha256-signature`, which signs address and body. Delivery: `event_id` of the body, signed.',
        '`webhook-signature` (standardwebhooks.com), also with the names `svix-…`. Delivery: `webhook-id` or `svix-id`, whichever is signed.',
        '`Stripe-Signature`. Delivery: `id` of the body, signed.',
        '`X-Twilio-Signature`, which signs the address (with its port or without it) and the fields of the form, or the body by `bodySHA256`. Delivery: `I-Twilio-Idempotency-Token`, not signed.',
        '`X-WC-Webhook-Signature`; the unsigned ping of a new webhook is answered. Delivery: `X-WC-Webhook-Delivery-ID`, not signed.',
        '`x-xero-signature`; answers are empty, and the intent to receive is answered without a run. It names no delivery.',
      ],
    },
    secret: secretRef('Secret', 'Name of the shared secret.'),
    previousSecret: secretRef('Previous secret', 'Name of a secret that counts as well, while the sender changes from one to the other.'),
    publicUrl: {
      type: 'string', pattern: '^https?://[^\\s?#]+$', title: 'Public address', description: 'Address of this trigger as the sender knows it, without a query: for schemes that sign the address. Default the public address of the runner (`server.publicUrl` in `patchbay.json`, `serve --public-url`) with `/hooks/…` behind it.',
      examples: ['https://hooks.example.com/hooks/orders/shop'], 'x-ui': onlyFor(['hmac', 'hubspot-v2', 'hubspot-v3', 'square', 'twilio']),
    },
    toleranceMs: { type: 'integer', minimum: 1, default: 300000, title: 'Tolerance', description: 'Milliseconds that the time of sending may differ from now, where the scheme signs it.' },
    header: { type: 'string', minLength: 1, title: 'Header', description: 'Header that holds the signature; of an HMAC several may stand in it, separated by spaces. For `hmac` and `token`.', 'x-ui': onlyFor(['hmac', 'token']) },
    parameter: { type: 'string', minLength: 1, title: 'Query parameter', description: 'Query parameter that holds the signature, instead of a header. For `hmac` and `token`.', 'x-ui': onlyFor(['hmac', 'token']) },
    algorithm: { type: 'string', enum: ['sha256', 'sha1', 'sha512'], default: 'sha256', title: 'Algorithm', description: 'Hash of the HMAC.', 'x-ui': onlyFor('hmac') },
    encoding: { type: 'string', enum: ['hex', 'base64'], default: 'hex', title: 'Encoding', description: 'How the signature is written.', 'x-ui': onlyFor('hmac') },
    prefix: { type: 'string', default: '', title: 'Prefix', description: 'Text before the signature, such as `sha256=`.', 'x-ui': onlyFor('hmac') },
    content: {
      type: 'string', default: '{body}', title: 'Signed content', 'x-ui': onlyFor('hmac'),
      description: 'What is signed: `{body}` is the raw body (of a packed one, `Content-Encoding: gzip`, what was packed), `{timestamp}` the timestamp, `{method}` the method, `{url}` the public address with the query, `{header:name}` another header, `{query:name}` a query parameter.',
    },
    secretEncoding: { type: 'string', enum: ['text', 'base64', 'hex'], default: 'text', title: 'Secret encoding', description: 'How the secret is written; a prefix `whsec_` is ignored with `base64`.', 'x-ui': onlyFor('hmac') },
    timestampHeader: { type: 'string', minLength: 1, title: 'Timestamp header', description: 'Header with the time of sending, in seconds or milliseconds since 1970.', 'x-ui': onlyFor('hmac') },
  },
  required: ['secret'],
  additionalProperties: false,
  // "If not … else", since an object with a `then` is one that a promise would wait for.
  allOf: [
    { if: { not: { properties: { scheme: { enum: ['hmac', 'token'] } } } }, else: { anyOf: [{ properties: { header: {} }, required: ['header'] }, { properties: { parameter: {} }, required: ['parameter'] }] } },
  ],
} as const;

export type SignatureSettings = Infer<typeof signatureSchema>;
