import type { ServerResponse } from 'node:http';
import { errors, FlowError, type ErrorCode } from '../../plugins/sdk/index.ts';
import type { Problem } from '../model/api.ts';

const statuses: Partial<Record<ErrorCode, number>> = {
  API_UNAUTHORIZED: 401, API_FORBIDDEN: 403, API_INVALID: 400, API_NOT_FOUND: 404, CONFIG_NOT_FOUND: 404, SIGNATURE_INVALID: 401,
  PRODUCTION_UNCONFIRMED: 403, WRITE_UNCONFIRMED: 403, VERSION_NOT_FOUND: 404, VERSION_DAMAGED: 503,
  DATA_TOO_LARGE: 413, RUN_STOPPED: 409, RUN_PINNED: 409, STEP_TIMEOUT: 504, REMOTE_TIMEOUT: 504, STORAGE_FAILED: 503, INTERNAL: 500,
};
const statusOfKind = { config: 422, auth: 422, remote: 502, data: 400 } as const;

/** What a caller may know of an error. An unexpected one keeps its message and its stack to itself: they tell of files and code. */
export function problemOf(error: unknown, status?: number): Problem {
  const { code, message, place, remedy } = FlowError.is(error) ? error : new FlowError('INTERNAL', 'The runner met an unexpected error.');
  const { kind } = errors[code];
  const at = status ?? statuses[code] ?? statusOfKind[kind];
  return {
    type: 'about:blank', title: at === 404 ? 'It was not found' : titles[kind], status: at, code, detail: message, remedy,
    ...(place?.pointer !== undefined && { pointer: place.pointer }),
  };
}

const titles = { config: 'The workspace must be corrected', auth: 'Access is missing', remote: 'Another system failed', data: 'The request or its data is wrong' } as const;

/** Answers with a problem, unless an answer has begun: then the connection is cut, so that nobody takes half an answer for a whole one. */
export function sendProblem(response: ServerResponse, problem: Problem, headers: Readonly<Record<string, string>> = {}): void {
  if (response.headersSent) return void response.destroy();
  const body = Buffer.from(JSON.stringify(problem));
  response.writeHead(problem.status, { ...headers, ...apiHeaders, 'content-type': 'application/problem+json', 'content-length': body.length });
  response.end(body);
}

/** Headers of every answer that is no page. Nothing of it is ever to be shown as a page, so a stored script cannot come to life. */
export const apiHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};
