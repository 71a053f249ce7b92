import { createHash } from 'node:crypto';
import { defineAuth, FlowError, type HttpRequest } from '../sdk/index.ts';

export default defineAuth({
  type: 'digest',
  title: 'Digest',
  summary: 'Answers the challenge of the other system with a hash of user name and password (RFC 7616), so that the password is never sent.',
  description: 'The first request goes out without it and brings the challenge; those after it answer that one until a new one comes. MD5, SHA-256 and SHA-512-256, also as `-sess`; `auth` and `auth-int`; user names as hashes.',
  settings: { type: 'object', properties: {}, additionalProperties: false },
  credentials: {
    type: 'object',
    properties: {
      user: { type: 'string', minLength: 1, title: 'User name', description: 'Name of the user.' },
      password: { type: 'string', default: '', writeOnly: true, title: 'Password', description: 'Password of the user.' },
    },
    required: ['user'],
    additionalProperties: false,
  },
  examples: [
    { title: 'The first request has nothing to answer', settings: {}, credentials: { user: 'Mufasa', password: 'Circle of Life' }, request: { method: 'GET', url: 'http://api.test/', headers: {} }, signed: { method: 'GET', url: 'http://api.test/', headers: {} } },
    {
      title: 'SHA-256 (RFC 7616, 3.9.1)', settings: {}, credentials: { user: 'Mufasa', password: 'Circle of Life' }, nonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      challenge: { 'www-authenticate': 'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"' },
      request: { method: 'GET', url: 'http://www.example.org/dir/index.html', headers: {} },
      signed: { method: 'GET', url: 'http://www.example.org/dir/index.html', headers: { authorization: 'Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", algorithm=SHA-256, response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", qop=auth, nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"' } },
    },
    {
      title: 'The strongest of several challenges is taken', settings: {}, credentials: { user: 'ada', password: 'p' },
      challenge: { 'www-authenticate': 'Basic realm="a, b", Digest realm="r", nonce="n1", algorithm=MD5, Digest realm="r", nonce="n2", algorithm=SHA-256' },
      request: { method: 'GET', url: 'http://api.test/?a=1', headers: {} },
      signed: { method: 'GET', url: 'http://api.test/?a=1', headers: { authorization: 'Digest username="ada", realm="r", nonce="n2", uri="/?a=1", algorithm=SHA-256, response="8ccd7f8938989fee04ed4ef701ff506949e04b5c57792697a078634ef75d3c40"' } },
    },
  ],
  takesChallenge: true,
  sign(request, { user, password }, _settings, _token, context) {
    if (!context.challenge) return request;
    const { answer, uses } = context.challenge;
    const challenge = strongest(answer.headers['www-authenticate'] ?? '');
    if (!challenge) throw new FlowError('AUTH_REJECTED', 'The other system refused the request and asks for no digest that is known.');
    return { ...request, headers: { ...request.headers, authorization: respond(challenge, { user, password, request, count: uses, cnonce: context.nonce() }) } };
  },
});

export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm?: string;
  readonly qop?: string;
  readonly opaque?: string;
  readonly userhash?: string;
}

interface Response {
  readonly user: string;
  readonly password: string;
  readonly request: HttpRequest;
  readonly count: number;
  readonly cnonce: string;
}

const hashes: Readonly<Record<string, string>> = { 'MD5': 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };
const strengths = Object.keys(hashes);

interface Parts {
  readonly algorithm: string;
  readonly user: string;
  readonly realm: string;
  readonly password: string;
  readonly nonce: string;
  readonly cnonce: string;
  readonly nc: string;
  readonly qop: 'auth' | 'auth-int' | undefined;
  readonly method: string;
  readonly uri: string;
  readonly bodyHash: string;
}

/** The `response` of RFC 7616, 3.4.1 to 3.4.3. */
export function responseOf({ algorithm, user, realm, password, nonce, cnonce, nc, qop, method, uri, bodyHash }: Parts): string {
  const hash = (text: string): string => createHash(hashes[baseOf(algorithm)]!).update(text).digest('hex');
  const secret = hash(`${user}:${realm}:${password}`);
  const first = /-sess$/i.test(algorithm) ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
  const second = hash(`${method}:${uri}${qop === 'auth-int' ? `:${bodyHash}` : ''}`);
  return hash(qop ? `${first}:${nonce}:${nc}:${cnonce}:${qop}:${second}` : `${first}:${nonce}:${second}`);
}

/** The value of the header that answers a challenge (RFC 7616, 3.4). */
export function respond(challenge: Challenge, { user, password, request, count, cnonce }: Response): string {
  const { realm, nonce, algorithm = 'MD5', opaque } = challenge;
  const hash = (text: string | Uint8Array): string => createHash(hashes[baseOf(algorithm)]!).update(text).digest('hex');
  const url = new URL(request.url);
  const uri = url.pathname + url.search;
  const offers = challenge.qop?.split(',').map((offer) => offer.trim().toLowerCase());
  const qop = offers?.includes('auth') ? 'auth' : offers?.includes('auth-int') ? 'auth-int' : undefined;
  const nc = count.toString(16).padStart(8, '0');
  const response = responseOf({ algorithm, user, realm, password, nonce, cnonce, nc, qop, method: request.method, uri, bodyHash: hash(request.body ?? '') });
  const isHashed = challenge.userhash?.toLowerCase() === 'true';
  const fields = [
    isHashed ? `username="${hash(`${user}:${realm}`)}"` : named(user), `realm="${quoted(realm)}"`, `nonce="${quoted(nonce)}"`, `uri="${quoted(uri)}"`,
    ...(challenge.algorithm === undefined ? [] : [`algorithm=${algorithm}`]), `response="${response}"`, ...(opaque === undefined ? [] : [`opaque="${quoted(opaque)}"`]),
    ...(qop ? [`qop=${qop}`, `nc=${nc}`] : []), ...(qop || /-sess$/i.test(algorithm) ? [`cnonce="${quoted(cnonce)}"`] : []), ...(isHashed ? ['userhash=true'] : []),
  ];
  return `Digest ${fields.join(', ')}`;
}

/** RFC 7616, 3.4.4: what no header can carry as it is goes into `username*`. */
const named = (user: string): string => (/^[ -~]*$/.test(user) ? `username="${quoted(user)}"` : `username*=UTF-8''${encodeURIComponent(user).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)}`);

const baseOf = (algorithm: string): string => algorithm.toUpperCase().replace(/-SESS$/, '');

const quoted = (text: string): string => text.replace(/["\\]/g, '\\$&');

/** The challenge with the strongest hash that is known; servers may send several, in one header. */
export function strongest(header: string): Challenge | undefined {
  const known = challengesIn(header).filter(({ algorithm = 'MD5', nonce, realm }) => nonce !== undefined && realm !== undefined && Object.hasOwn(hashes, baseOf(algorithm)));
  return known.sort((left, right) => strengths.indexOf(baseOf(right.algorithm ?? 'MD5')) - strengths.indexOf(baseOf(left.algorithm ?? 'MD5')))[0];
}

/** Goes through the header once, sign by sign: whoever sends it must not make us read it again and again. */
function challengesIn(header: string): Challenge[] {
  const challenges: Record<string, string>[] = [];
  let current: Record<string, string> | undefined;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(header);
    at += found?.[0].length ?? 0;
    return found;
  };
  while (take(/[\s,]*/y), at < header.length) {
    const [word] = take(/[\w-]+/y) ?? [];
    if (word === undefined) take(/"(?:[^"\\]|\\.)*(?:"|\\?$)|./sy);
    else if (take(/\s*=\s*/y)) {
      const value = take(/"((?:[^"\\]|\\.)*)(?:"|\\?$)/sy)?.[1]?.replace(/\\(.)/gs, '$1') ?? take(/[^\s,"]+/y)?.[0] ?? '';
      if (current) current[word.toLowerCase()] = value;
    } else {
      current = word.toLowerCase() === 'digest' ? {} : undefined;
      if (current) challenges.push(current);
    }
  }
  return challenges as unknown as Challenge[];
}
