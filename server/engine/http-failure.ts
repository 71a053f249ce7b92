import { FlowError, type HttpResponse } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';

export interface Failure {
  readonly instance: string;
  readonly endpoint: string;
  readonly method: string;
  readonly url: string;
  readonly response: HttpResponse;
  /** Milliseconds that the answer asks to wait. */
  readonly retryAfter: number | undefined;
}

/** The error for an answer that is no success: the credentials, the other system or the payload is at fault. */
export function failureOf(host: EngineHost, failure: Failure): FlowError {
  const { instance, endpoint, response: { status }, retryAfter } = failure;
  const said = startOf(failure.response.body, host);
  const details = host.bodies.mask({ status, endpoint, instance, ...(said && { answer: said }) });
  const tell = (text: string): string => host.bodies.mask(`${text}${said ? `: ${said}` : '.'}`);
  const where = `${failure.method} ${new URL(failure.url).host}${new URL(failure.url).pathname}`;
  if (status === 401 || status === 403) return new FlowError('AUTH_REJECTED', tell(`The credentials of the instance "${instance}" were refused (status ${status} of ${where})`), { details });
  if (status === 408 || status === 425 || status === 429 || status >= 500 || status < 400) {
    return new FlowError('REMOTE_STATUS', tell(`The endpoint "${endpoint}" of "${instance}" answered ${status} (${where})`), { details, ...(retryAfter !== undefined && { retryAfter }) });
  }
  return new FlowError('REMOTE_REJECTED', tell(`The endpoint "${endpoint}" of "${instance}" refused the request with ${status} (${where})`), { details });
}

/** The start of an answer for a message, on one line. Masked before it is cut: the beginning of a secret would not be known as one. */
function startOf(body: unknown, host: EngineHost): string {
  if (body === undefined || body === null || body === '') return '';
  if (body instanceof Uint8Array) return `${body.length} bytes`;
  const start = (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 10_000);
  const text = host.bodies.mask(start).replaceAll(/\s+/g, ' ').trim();
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}
