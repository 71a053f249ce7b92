import { createHash, createHmac } from 'node:crypto';
import { keyBytes } from '../formats/key-bytes.ts';
import { defineAuth, FlowError, type HttpRequest } from '../sdk/index.ts';

const sample = { method: 'GET', url: 'https://api.test/orders?page=2', headers: {} } as const;

export default defineAuth({
  type: 'signature',
  title: 'Own signature',
  summary: 'Signs a text made of the request with a secret key (HMAC), in the way that the other system describes.',
  description: 'In the text, in headers and in the query may stand `{method}`, `{url}`, `{host}`, `{path}`, `{query}`, `{body}`, `{bodyHash}` (SHA-256, hexadecimal), `{timestamp}` (seconds), `{timestampMs}`, `{date}` (ISO), `{nonce}`, `{id}` and what a script gives; in headers and in the query also `{signature}`. A parameter of the query without the signature is added before `{query}` is read. Where the text is too odd for that, a script of the workspace makes parts of it: it exports a function `(input) => values`; `input` is `{request: {method, url, headers, body}, credentials, now, nonce, settings}`, and each text of the values may stand where `{name}` says it. It never sees the key.',
  settings: {
    type: 'object',
    properties: {
      text: { type: 'string', minLength: 1, default: '{timestamp}{method}{path}{body}', title: 'Text', description: 'What is signed.', 'x-ui': { widget: 'textarea' } },
      algorithm: { type: 'string', enum: ['sha256', 'sha512', 'sha1', 'md5'], default: 'sha256', title: 'Algorithm', description: 'Hash of the HMAC.' },
      encoding: { type: 'string', enum: ['hex', 'base64', 'base64url'], default: 'hex', title: 'Encoding', description: 'How the signature is written.' },
      keyEncoding: { type: 'string', enum: ['text', 'base64', 'hex'], default: 'text', title: 'Encoding of the key', description: 'How the key is written.' },
      headers: { type: 'object', additionalProperties: { type: 'string' }, default: { 'x-signature': '{signature}', 'x-timestamp': '{timestamp}' }, title: 'Headers', description: 'Headers that are added.', 'x-ui': { widget: 'map' } },
      query: { type: 'object', additionalProperties: { type: 'string' }, default: {}, title: 'Query', description: 'Parameters that are added to the query.', 'x-ui': { widget: 'map' } },
      script: { type: 'string', minLength: 1, title: 'Script', description: 'File below `scripts/` that makes further values, such as `scripts/sign.ts`.', 'x-ui': { ref: 'script' } },
    },
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      id: { type: 'string', minLength: 1, title: 'Id', description: 'Who signs: `{id}`.' },
      key: { type: 'string', minLength: 1, writeOnly: true, title: 'Key', description: 'The secret key.' },
    },
    required: ['key'],
    additionalProperties: false,
  },
  // The signatures were made with another library.
  examples: [
    { title: 'Time, method, path and body', settings: {}, credentials: { key: 'secret' }, now: '2024-01-31T12:00:00Z', request: { ...sample, method: 'POST', body: '{"a":1}' }, signed: { ...sample, method: 'POST', body: '{"a":1}', headers: { 'x-signature': '05800f0cc5abc7d821ea3eb70515a9fde80290e7a727106dd202aa2ab2bcb433', 'x-timestamp': '1706702400' } } },
    { title: 'In the query, which is what is signed', settings: { text: '{query}', headers: { 'x-key': '{id}' }, query: { timestamp: '{timestampMs}', signature: '{signature}' } }, credentials: { id: 'me', key: 'secret' }, now: '2024-01-31T12:00:00Z', request: sample, signed: { ...sample, url: 'https://api.test/orders?page=2&timestamp=1706702400000&signature=d88198f30a863adf239f4b698cf19ec654bb19a717a5fe1f437433814bc48e08', headers: { 'x-key': 'me' } } },
    { title: 'With what a script has made', settings: { script: 'scripts/sign.ts', text: '{canonical}\n{bodyHash}', encoding: 'base64', headers: { Authorization: 'Shop {id}:{signature}' } }, credentials: { id: 'me', key: 'secret' }, scripted: { canonical: 'get /orders' }, request: sample, signed: { ...sample, headers: { authorization: 'Shop me:uu7RT2xhYdB888JH1P3Ls7J4o9JQoNOxRC6w2OM4scw=' } } },
  ],
  script: ({ script }) => script,
  sign(request, { id, key }, { text, algorithm, encoding, keyEncoding, headers, query, script }, _token, context) {
    const fixed = { id: id ?? '', nonce: context.nonce(), ...timesOf(context.now), ...scriptedValues(context.scripted, script), ...requestValues(request) };
    const [before, after] = [false, true].map((isLast) => Object.entries(query).filter(([, value]) => value.includes('{signature}') === isLast));
    const extended = withQuery(request.url, before!, fixed);
    const values = { ...fixed, ...addressValues(extended) };
    const signature = createHmac(algorithm, keyBytes(key, { encoding: keyEncoding, fewestBytes: 1, remedy: 'Keep the key whole, as the other system shows it, and say in `keyEncoding` how it is written: `text`, `base64` or `hex`.' })).update(bytesOf(text, values, request.body)).digest(encoding);
    const signed = { ...values, signature };
    const added = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), filled(value, signed)]));
    return { ...request, url: withQuery(extended, after!, signed), headers: { ...request.headers, ...added } };
  },
});

type Values = Readonly<Record<string, string>>;

const timesOf = (now: number): Values => ({ timestamp: String(Math.floor(now / 1000)), timestampMs: String(now), date: new Date(now).toISOString() });

const requestValues = ({ method, body }: HttpRequest): Values => ({ method, ...(typeof body !== 'object' && { body: body ?? '' }), bodyHash: createHash('sha256').update(body ?? '').digest('hex') });

function addressValues(url: string): Values {
  const { host, pathname, search } = new URL(url);
  return { url, host, path: pathname, query: search.slice(1) };
}

function scriptedValues(scripted: unknown, script: string | undefined): Values {
  if (script === undefined) return {};
  const values = typeof scripted === 'object' && scripted !== null ? Object.entries(scripted) : [];
  if (values.length === 0 || values.some(([, value]) => typeof value !== 'string')) throw new FlowError('DATA_INVALID', `The script ${script} must give an object of texts, such as {"canonical": "…"}.`, { place: { file: script } });
  return Object.fromEntries(values);
}

/** Adds to the text of the query rather than writing it anew: the other system compares it as it was sent. */
function withQuery(url: string, added: readonly (readonly [name: string, value: string])[], values: Values): string {
  const pairs = added.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(filled(value, values))}`);
  return pairs.length === 0 ? url : `${url}${url.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}

const placeholder = /\{(\w+)\}/g;

function filled(template: string, values: Values): string {
  return template.replace(placeholder, (_all, name: string) => {
    if (!Object.hasOwn(values, name)) throw new FlowError('CONFIG_INVALID', `The signature names {${name}}, which is nothing that may stand there; there are ${Object.keys(values).map((known) => `{${known}}`).join(', ')}.`);
    return values[name]!;
  });
}

/** A body of bytes is signed as the bytes that it is. */
function bytesOf(text: string, values: Values, body: HttpRequest['body']): string | Uint8Array {
  if (!(body instanceof Uint8Array) || !text.includes('{body}')) return filled(text, values);
  return Buffer.concat(text.split('{body}').flatMap((part, index) => [...(index === 0 ? [] : [body]), Buffer.from(filled(part, values))]));
}
