import { failure, isFailure } from './failures.js';

/** Milliseconds in which a request has to be answered where its caller does not say. */
const usualMs = 30_000;

/** One request, and the JSON of its answer with its status. Fails with `REMOTE_UNREACHABLE`, `REMOTE_TIMEOUT`, `REMOTE_FORMAT`; what the answer means is for the caller to say. */
export async function ask(url, { method = 'POST', headers, body, signal, timeoutMs = usualMs }) {
  const { host } = new URL(url);
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { method, headers, body, redirect: 'manual', signal: signal ? AbortSignal.any([signal, limit]) : limit });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text, host, response.ok), text };
  } catch (error) {
    if (signal?.aborted || isFailure(error)) throw error;
    if (limit.aborted) throw failure('REMOTE_TIMEOUT', `${host} did not answer within ${timeoutMs / 1000} s.`, { cause: error });
    const reason = error.cause?.code ?? error.cause?.message ?? error.message;
    throw failure('REMOTE_UNREACHABLE', `${host} cannot be reached: ${reason}.`, { cause: error, details: { reason } });
  }
}

function parsed(text, host, isOk) {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (cause) {
    if (isOk) throw failure('REMOTE_FORMAT', `The answer of ${host} is no JSON.`, { cause });
    return {};
  }
}

/** The failure that an answer of this status is. `said`: what the other system says, as a sentence. */
export function refusal(status, address, said, details = {}, remedy = undefined) {
  const what = `${address} refused the request with ${status}: ${said.replace(/\.*$/, '.')}`;
  if (status === 401 || status === 403) return failure('AUTH_REJECTED', what, { details, remedy });
  return failure(status >= 500 || status === 429 ? 'REMOTE_STATUS' : 'REMOTE_REJECTED', what, { details, remedy });
}
