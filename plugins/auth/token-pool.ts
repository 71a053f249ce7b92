import { defineAuth, type HttpResponse, type Quota } from '../sdk/index.ts';
import { readTime } from './time/read-time.ts';

export default defineAuth({
  type: 'token-pool',
  title: 'Pool of tokens',
  summary: 'Signs each request with one of several tokens, so that their rate limits add up.',
  description: 'The token that has most requests left comes next, as far as answers say that; those alike take turns. Where a token is refused with 401, or has no requests left, the request is sent once more with another one.',
  settings: {
    type: 'object',
    properties: {
      header: { type: 'string', pattern: '^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$', default: 'authorization', title: 'Header', description: 'Name of the header.' },
      prefix: { type: 'string', default: 'Bearer ', title: 'Prefix', description: 'Text before the token.' },
      remainingHeader: { type: 'string', default: 'x-ratelimit-remaining', title: 'Header of what is left', description: 'Header of the answers that says how many requests the token has left.' },
      resetHeader: { type: 'string', default: 'x-ratelimit-reset', title: 'Header of the reset', description: 'Header of the answers that says when it gets new ones: seconds from now, seconds or milliseconds since 1970, or a date.' },
    },
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: { tokens: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1, writeOnly: true }, title: 'Tokens', description: 'The tokens.' } },
    required: ['tokens'],
    additionalProperties: false,
  },
  examples: [
    { title: 'The first', settings: {}, credentials: { tokens: ['one', 'two'] }, turn: 0, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer one' } } },
    { title: 'The second', settings: {}, credentials: { tokens: ['one', 'two'] }, turn: 1, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer two' } } },
    { title: 'The first again, in a header of its own', settings: { header: 'X-Token', prefix: '' }, credentials: { tokens: ['one', 'two'] }, turn: 2, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { 'x-token': 'one' } } },
  ],
  pool: { size: ({ tokens }) => tokens.length, quota: quotaOf },
  sign: (request, { tokens }, { header, prefix }, _token, { turn }) => ({ ...request, headers: { ...request.headers, [header.toLowerCase()]: `${prefix}${tokens[turn % tokens.length] ?? ''}` } }),
});

interface Headers {
  readonly remainingHeader: string;
  readonly resetHeader: string;
}

/** A token that was revoked may be another's turn again: somebody renews them. */
const REFUSED_MS = 600_000;
const LIMITED_MS = 60_000;

/** What an answer says of the token that has signed. GitHub refuses with 403 where others do with 429. */
export function quotaOf({ status, headers }: HttpResponse, { remainingHeader, resetHeader }: Headers, now: number): Quota | undefined {
  if (status === 401) return { remaining: 0, until: now + REFUSED_MS, isRefusal: true };
  const text = headers[remainingHeader.toLowerCase()];
  const remaining = text === undefined || text.trim() === '' || !Number.isFinite(Number(text)) ? undefined : Math.max(0, Number(text));
  const until = readTime(headers[resetHeader.toLowerCase()], now);
  const pause = readTime(headers['retry-after'], now);
  if (status === 429 || (status === 403 && (remaining === 0 || pause !== undefined))) return { remaining: 0, until: Math.max(pause ?? 0, until ?? 0) || now + LIMITED_MS, isRefusal: true };
  return remaining === undefined ? undefined : { remaining, ...(until !== undefined && { until }) };
}
