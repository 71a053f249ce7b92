import { FlowError, type ErrorCode, type HttpResponse } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';

export interface Failure {
  readonly instance: string;
  readonly endpoint: string;
  readonly method: string;
  readonly url: string;
  /** Absent where there was none. */
  readonly response: HttpResponse | undefined;
  /** Milliseconds that the answer asks to wait. */
  readonly retryAfter: number | undefined;
  /** Milliseconds that are waited at most; given where that is less. */
  readonly mostMs?: number | undefined;
  /** Whether something was sent beside the address that a payload may have been made into. */
  readonly hasBody: boolean;
  /** Nothing may go on after it. */
  readonly final?: 'REMOTE_FINAL' | 'RUN_AGAIN' | undefined;
  /** Who must act; default by the status. */
  readonly as?: 'config' | 'auth' | 'remote' | 'data' | undefined;
  /** The script that says that it is one. */
  readonly by?: { readonly file: string; readonly line?: number; readonly action: string } | undefined;
  /** What the answer says; default its beginning. */
  readonly message?: string | undefined;
}

/** The error for an answer that is no success: the connector, the credentials, the other system or the payload is at fault. */
export function failureOf(host: EngineHost, failure: Failure): FlowError {
  const { instance, endpoint, response, retryAfter, message, by } = failure;
  const status = response?.status;
  const said = message === undefined ? startOf(response?.body, host) : startOf(message, host);
  const details = host.bodies.mask({ ...(status !== undefined && { status }), endpoint, instance, ...(said && { answer: said }), ...(failure.final === 'RUN_AGAIN' && retryAfter !== undefined && { waitMs: retryAfter }) });
  const tell = (text: string): string => host.bodies.mask(`${text}${said ? `: ${said}` : '.'}`);
  const where = `${failure.method} ${new URL(failure.url).host}${new URL(failure.url).pathname}`;
  const until = failure.mostMs === undefined || retryAfter === undefined ? undefined : new Date(host.clock.now() + retryAfter).toISOString().replace(/\.\d+Z$/, 'Z');
  const wish = until === undefined ? '' : ` and asks to wait until ${until}, which is longer than the ${durationOf(failure.mostMs!)} that its connector waits`;
  const own = until === undefined ? undefined : `Run again after ${until}. Where runs are to wait that long, raise \`retry.maxRetryAfterMs\` in the connector; where the other system wants fewer requests, set \`rateLimits\` there.`;
  const byScript = by ? `, and the script ${by.file} says "${by.action}"` : '';
  const made = (code: ErrorCode, text: string, remedy = own ?? (by && remedyOf(by))): FlowError => new FlowError(code, tell(`${text}${byScript}${wish}`), { details, ...(by && { place: { file: by.file, ...(by.line !== undefined && { line: by.line }) } }), ...(retryAfter !== undefined && { retryAfter }), ...(remedy !== undefined && { remedy }) });
  if (failure.final) return made(failure.final, `The endpoint "${endpoint}" of "${instance}" ${status === undefined ? 'gave no answer' : `answered ${status}`} (${where}), ${failure.final === 'RUN_AGAIN' ? 'after which the whole run is to be done again' : by ? 'after which no run goes on' : 'and its connector lets no run go on after that'}`);
  switch (failure.as ?? kindOf(status ?? 0)) {
    case 'auth': return made('AUTH_REJECTED', `The credentials of the instance "${instance}" were refused (status ${status} of ${where})`);
    case 'remote': return made('REMOTE_STATUS', `The endpoint "${endpoint}" of "${instance}" ${status === undefined ? 'gave no answer' : `answered ${status}`} (${where})`);
    case 'config': return made('REMOTE_MISUSED', `The endpoint "${endpoint}" of "${instance}" does not take such a request (status ${status} of ${where})`);
    case 'data': return made('REMOTE_REJECTED', `The endpoint "${endpoint}" of "${instance}" refused the request with ${status} (${where})`, own ?? (by ? remedyOf(by) : failure.hasBody ? undefined : withoutBody));
  }
}

const remedyOf = ({ file, line, action }: NonNullable<Failure['by']>): string => `Look at the answer in the run, and at what ${file}${line === undefined ? '' : ` (line ${line})`} makes of it: it gives the action "${action}".`;

/** There is no payload that could be wrong. */
const withoutBody = 'The other system refused what was asked for: see its answer in the run, correct the params of the step, or the path, the query and the body of the endpoint in the connector.';

const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1_000]] as const;

/** `10 minutes`. */
function durationOf(ms: number): string {
  const [name, size] = units.find(([, unit]) => ms >= unit && ms % unit === 0) ?? ['millisecond', 1];
  return `${ms / size} ${name}${ms === size ? '' : 's'}`;
}

function kindOf(status: number): 'auth' | 'remote' | 'data' {
  if (status === 401 || status === 403) return 'auth';
  return status === 408 || status === 425 || status === 429 || status >= 500 || status < 400 ? 'remote' : 'data';
}

/** The start of an answer for a message, on one line. Masked before it is cut: the beginning of a secret would not be known as one. */
function startOf(body: unknown, host: EngineHost): string {
  if (body === undefined || body === null || body === '') return '';
  if (body instanceof Uint8Array) return `${body.length} bytes`;
  const start = (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 10_000);
  const text = host.bodies.mask(start).replaceAll(/\s+/g, ' ').trim();
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}
