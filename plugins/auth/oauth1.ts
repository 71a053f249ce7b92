import { createHmac, sign as signWith } from 'node:crypto';
import { defineAuth, FlowError, type HttpRequest } from '../sdk/index.ts';
import { privateKeyOf } from './jwt/sign-jwt.ts';

export default defineAuth({
  type: 'oauth1',
  title: 'OAuth 1',
  summary: 'Signs each request with the keys of a consumer and of a token (RFC 5849).',
  description: 'For NetSuite’s token-based authentication: HMAC-SHA256 and the account as realm, as in `1234567_SB1`.',
  settings: {
    type: 'object',
    properties: {
      method: { type: 'string', enum: ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT'], default: 'HMAC-SHA256', title: 'Method', description: 'How requests are signed.' },
      realm: { type: 'string', title: 'Realm', description: 'Realm of the header, where the other system wants one.', 'x-expression': true },
    },
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      consumerKey: { type: 'string', minLength: 1, title: 'Consumer key', description: 'Key of the client.' },
      consumerSecret: { type: 'string', default: '', writeOnly: true, title: 'Consumer secret', description: 'Secret of the client.' },
      token: { type: 'string', minLength: 1, title: 'Token', description: 'Id of the token; leave it out where there is none.' },
      tokenSecret: { type: 'string', default: '', writeOnly: true, title: 'Token secret', description: 'Secret of the token.' },
      privateKey: { type: 'string', minLength: 1, writeOnly: true, title: 'Private key', description: 'Private key in PEM, for RSA-SHA1.' },
    },
    required: ['consumerKey'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'Photos (OAuth Core 1.0, appendix A)', settings: { method: 'HMAC-SHA1', realm: 'Photos' }, credentials: { consumerKey: 'dpf43f3p2l4k3l03', consumerSecret: 'kd94hf93k423kf44', token: 'nnch734d00sl2jdk', tokenSecret: 'pfkkdhi9sl3r4s00' }, now: '2007-10-01T12:34:56Z', nonce: 'kllo9940pd9333jh',
      request: { method: 'GET', url: 'http://photos.example.net/photos?file=vacation.jpg&size=original', headers: {} },
      signed: { method: 'GET', url: 'http://photos.example.net/photos?file=vacation.jpg&size=original', headers: { authorization: 'OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_nonce="kllo9940pd9333jh", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1191242096", oauth_token="nnch734d00sl2jdk", oauth_version="1.0", oauth_signature="tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D"' } },
    },
    {
      title: 'NetSuite', settings: { realm: '1234567_SB1' }, credentials: { consumerKey: 'ck', consumerSecret: 'cs', token: 'tk', tokenSecret: 'ts' }, now: '2024-01-31T12:00:00Z', nonce: 'n',
      request: { method: 'POST', url: 'https://1234567-sb1.restlets.api.test/app/site/hosting/restlet.nl?script=1&deploy=1', headers: { 'content-type': 'application/json' }, body: '{}' },
      signed: { method: 'POST', url: 'https://1234567-sb1.restlets.api.test/app/site/hosting/restlet.nl?script=1&deploy=1', headers: { 'content-type': 'application/json', authorization: 'OAuth realm="1234567_SB1", oauth_consumer_key="ck", oauth_nonce="n", oauth_signature_method="HMAC-SHA256", oauth_timestamp="1706702400", oauth_token="tk", oauth_version="1.0", oauth_signature="F%2FO4vdfXTRAB7OtFxwEPyfrcg5oweXkZip586At15NU%3D"' }, body: '{}' },
    },
    {
      title: 'Plain text over TLS', settings: { method: 'PLAINTEXT' }, credentials: { consumerKey: 'ck', consumerSecret: 'c s', tokenSecret: 't&s' }, now: '2024-01-31T12:00:00Z', nonce: 'n', request: { method: 'GET', url: 'https://api.test/', headers: {} },
      signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'OAuth oauth_consumer_key="ck", oauth_nonce="n", oauth_signature_method="PLAINTEXT", oauth_timestamp="1706702400", oauth_version="1.0", oauth_signature="c%2520s%26t%2526s"' } },
    },
  ],
  sign(request, credentials, { method, realm }, _token, context) {
    const { consumerKey, token } = credentials;
    const fields: [name: string, value: string][] = [
      ['oauth_consumer_key', consumerKey], ['oauth_nonce', context.nonce()], ['oauth_signature_method', method], ['oauth_timestamp', String(Math.floor(context.now / 1000))],
      ...(token === undefined ? [] : [['oauth_token', token] as [string, string]]), ['oauth_version', '1.0'],
    ];
    const signature = signatureOf(method, baseString(request, fields), credentials);
    const shown = [...fields, ['oauth_signature', signature] as const].map(([name, value]) => `${name}="${escaped(value)}"`);
    return { ...request, headers: { ...request.headers, authorization: `OAuth ${[...(realm === undefined ? [] : [`realm="${realm.replace(/["\\]/g, '\\$&')}"`]), ...shown].join(', ')}` } };
  },
});

interface Keys {
  readonly consumerSecret: string;
  readonly tokenSecret: string;
  readonly privateKey?: string | undefined;
}

/** RFC 5849, 3.4.2 to 3.4.4. */
export function signatureOf(method: string, base: string, { consumerSecret, tokenSecret, privateKey }: Keys): string {
  const secret = `${escaped(consumerSecret)}&${escaped(tokenSecret)}`;
  if (method === 'PLAINTEXT') return secret;
  if (method !== 'RSA-SHA1') return createHmac(method === 'HMAC-SHA1' ? 'sha1' : 'sha256', secret).update(base).digest('base64');
  if (privateKey === undefined) throw new FlowError('CONFIG_INVALID', 'RSA-SHA1 signs with a private key: give it in the instance, as `privateKey`.');
  return signWith('sha1', Buffer.from(base), privateKeyOf(privateKey)).toString('base64');
}

/** RFC 5849, 3.4.1. */
export function baseString({ method, url, headers, body }: HttpRequest, fields: readonly (readonly [name: string, value: string])[]): string {
  const { origin, pathname, search } = new URL(url);
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '') && typeof body === 'string';
  const pairs = [...new URLSearchParams(search), ...(isForm ? new URLSearchParams(body) : []), ...fields].map(([name, value]) => [escaped(name), escaped(value)] as const);
  const order = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
  const sorted = pairs.sort(([nameA, valueA], [nameB, valueB]) => order(nameA, nameB) || order(valueA, valueB)).map((pair) => pair.join('='));
  return [method.toUpperCase(), escaped(origin + pathname), escaped(sorted.join('&'))].join('&');
}

/** RFC 5849, 3.6: stricter than what addresses need. */
const escaped = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
