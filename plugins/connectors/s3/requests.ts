import type { IncomingHttpHeaders } from 'node:http';
import { FlowError } from '../../sdk/index.ts';
import { signHeaders } from '../../auth/aws/signature-v4.ts';
import { lost, networkFailure } from '../broker/connection.ts';
import { failure, tooLarge } from '../files/failures.ts';

export interface S3Settings {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint?: string;
  readonly pathStyle: boolean;
  readonly root: string;
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly authorities?: string;
}

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** `''` for the bucket itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
  /** Of the answer. */
  readonly mostBytes?: number;
}

export interface S3Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface Requests {
  /** Any answer of 200 to 299, and those with a status that is named. Fails as `answerFailure` says. */
  send(request: S3Request, ...statuses: readonly number[]): Promise<S3Answer>;
  /** Of an object, for headers. */
  pathOf(key: string): string;
  close(): Promise<void>;
}

/** Where requests go. */
export function originOf({ bucket, region, endpoint, pathStyle }: S3Settings): string {
  const url = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`;
  return url.origin;
}

const usualBytes = 64 * 2 ** 20;

export async function openRequests(settings: S3Settings, { authorities, ...keys }: Keys): Promise<Requests> {
  const { Agent } = await import('undici');
  const agent = new Agent({ keepAliveTimeout: 15_000, connectTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0, ...(authorities !== undefined && { connect: { ca: authorities } }) });
  const origin = originOf(settings);
  const { host } = new URL(origin);
  const prefix = settings.pathStyle ? `/${settings.bucket}` : '';
  return {
    pathOf: (key) => `/${settings.bucket}/${escapedPath(key)}`,
    async send({ method, key = '', query = {}, headers = {}, body, signal, mostBytes = usualBytes }, ...statuses) {
      const pairs = Object.entries(query);
      // The path as it is meant is signed, and sent escaped: nothing in between reads it another way.
      const signed = signHeaders({ method, path: `${prefix}/${key}`, query: pairs, headers: { ...headers, host }, body: body ?? '' }, { ...keys, region: settings.region, service: 's3', now: Date.now(), normalize: false, signsBody: true });
      const search = pairs.map((pair) => pair.map(escaped).join('=')).join('&');
      try {
        const answer = await agent.request({ origin, method, path: `${prefix}/${escapedPath(key)}${search && `?${search}`}`, headers: { ...headers, ...signed.headers }, body: body ?? null, signal });
        const bytes = await readAll(answer.body, mostBytes, key);
        const { statusCode: status } = answer;
        if ((status < 200 || status > 299) && !statuses.includes(status)) throw answerFailure({ status, headers: answer.headers, body: bytes }, settings, key);
        return { status, headers: answer.headers, body: bytes };
      } catch (error) {
        signal.throwIfAborted();
        if (FlowError.is(error)) throw error;
        const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
        throw networkFailure(error, origin) ?? (name === 'ConnectTimeoutError' ? failure('REMOTE_TIMEOUT', `${origin} does not answer`, { cause: error }) : typeof code === 'string' && code.startsWith('UND_ERR') ? lost(origin, error) : error);
      }
    },
    close: () => agent.destroy(),
  };
}

const escaped = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

const escapedPath = (key: string): string => key.split('/').map(escaped).join('/');

async function readAll(body: AsyncIterable<Uint8Array>, mostBytes: number, key: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Leaving the loop ends the connection.
    if (size > mostBytes) throw tooLarge(key, size, mostBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a store says of a failure, in XML: a code and a sentence. */
function answerFailure({ status, headers, body }: S3Answer, { bucket, region }: S3Settings, key: string): FlowError {
  const text = new TextDecoder().decode(body.subarray(0, 20_000));
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? '';
  const said = /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? '';
  const about = `The store answered ${status}${code && ` (${code})`}${key && ` to ${JSON.stringify(key)}`}${said && `: ${said}`}`;
  const details = { status, code, key };
  if (code === 'NoSuchBucket') return failure('CONFIG_INVALID', `There is no bucket ${JSON.stringify(bucket)}`, { details, place: { pointer: '/settings/bucket' }, remedy: 'Correct its name, or make the bucket; its region and endpoint are settings, too.' });
  if (code === 'AuthorizationHeaderMalformed' || code === 'PermanentRedirect' || status === 301 || status === 307) {
    const right = /<Region>([^<]*)<\/Region>/.exec(text)?.[1] ?? headers['x-amz-bucket-region'];
    return failure('CONFIG_INVALID', `The bucket ${JSON.stringify(bucket)} is not in the region ${JSON.stringify(region)}${right ? `, but in ${JSON.stringify(right)}` : ''}`, { details, place: { pointer: '/settings/region' } });
  }
  if (status === 401 || status === 403) return failure('AUTH_REJECTED', about, { details });
  if (status === 429 || status >= 500 || status === 408) {
    const seconds = Number(headers['retry-after']);
    return failure('REMOTE_STATUS', about, { details, ...(seconds > 0 && { retryAfter: seconds * 1000 }) });
  }
  return failure('REMOTE_REJECTED', about, { details });
}
