import { createHash, createHmac } from 'node:crypto';

export interface PartsV4 {
  readonly method: string;
  /** It is escaped here. S3 wants the path as it is meant, all others want it as it is sent, so that it is escaped twice. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Names in lower case, `host` among them; several values joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface OptionsV4 {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly region: string;
  readonly service: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Takes `.`, `..` and empty parts out of the path: all services but S3. */
  readonly normalize: boolean;
  /** Sends the hash of the body as a header, too. */
  readonly signsBody?: boolean;
  /** The token is sent but not signed: some services add it afterwards. */
  readonly omitsToken?: boolean;
}

export interface SignedV4 {
  readonly canonical: string;
  readonly toSign: string;
  readonly signature: string;
  /** What the request has to carry beside what it has. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** AWS Signature Version 4 in the Authorization header. */
export function signHeaders(parts: PartsV4, options: OptionsV4): SignedV4 {
  const { stamp, scope, credential } = scopeOf(options);
  const payload = hashOf(parts.body);
  const token: Readonly<Record<string, string>> = options.sessionToken === undefined ? {} : { 'x-amz-security-token': options.sessionToken };
  const added: Readonly<Record<string, string>> = { 'x-amz-date': stamp, ...(options.signsBody && { 'x-amz-content-sha256': payload }), ...(!options.omitsToken && token) };
  const { names, canonical } = canonicalRequest({ ...parts, headers: { ...parts.headers, ...added } }, payload, options.normalize);
  const { toSign, signature } = signed(canonical, stamp, scope, options);
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return { canonical, toSign, signature, headers: { ...added, ...token, authorization }, query: [] };
}

/** The same in the query: an address that others may use until it ends. */
export function signQuery(parts: PartsV4, options: OptionsV4 & { readonly expiresSeconds: number }): SignedV4 {
  const { stamp, scope, credential } = scopeOf(options);
  const payload = hashOf(parts.body);
  const names = Object.keys(parts.headers).sort().join(';');
  const token: [string, string][] = options.sessionToken === undefined ? [] : [['X-Amz-Security-Token', options.sessionToken]];
  const added: [string, string][] = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'], ['X-Amz-Credential', credential], ['X-Amz-Date', stamp], ['X-Amz-SignedHeaders', names], ['X-Amz-Expires', String(options.expiresSeconds)], ...(options.omitsToken ? [] : token),
  ];
  const { canonical } = canonicalRequest({ ...parts, query: [...parts.query, ...added] }, payload, options.normalize);
  const { toSign, signature } = signed(canonical, stamp, scope, options);
  return { canonical, toSign, signature, headers: {}, query: [...added, ...(options.omitsToken ? token : []), ['X-Amz-Signature', signature]] };
}

function scopeOf({ now, region, service, accessKeyId }: OptionsV4) {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${stamp.slice(0, 8)}/${region}/${service}/aws4_request`;
  return { stamp, scope, credential: `${accessKeyId}/${scope}` };
}

function canonicalRequest({ method, path, query, headers }: PartsV4, payload: string, normalize: boolean): { readonly names: string; readonly canonical: string } {
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]!.trim().replace(/ +/g, ' ')}\n`);
  const order = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
  const pairs = query.map(([name, value]) => [escaped(name), escaped(value)] as const).sort(([nameA, valueA], [nameB, valueB]) => order(nameA, nameB) || order(valueA, valueB));
  const parts = [method.toUpperCase(), canonicalPath(path, normalize), pairs.map((pair) => pair.join('=')).join('&'), lines.join(''), names.join(';'), payload];
  return { names: names.join(';'), canonical: parts.join('\n') };
}

function canonicalPath(path: string, normalize: boolean): string {
  const escapeAll = (text: string): string => text.split('/').map(escaped).join('/');
  if (!normalize) return escapeAll(path);
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return escapeAll(`/${parts.join('/')}${parts.length > 0 && /\/(\.{1,2})?$/.test(path) ? '/' : ''}`);
}

function signed(canonical: string, stamp: string, scope: string, { secretAccessKey }: OptionsV4): { readonly toSign: string; readonly signature: string } {
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, hashOf(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((last, part) => createHmac('sha256', last).update(part).digest(), `AWS4${secretAccessKey}`);
  return { toSign, signature: createHmac('sha256', key).update(toSign).digest('hex') };
}

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const escaped = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
