import { errors, FlowError, type ErrorCode } from '../../plugins/sdk/index.ts';
import type { RunError } from '../model/run-event.ts';

/** Any thrown thing as an error for people: code, message, step, remedy, place. */
export function toRunError(error: unknown, step?: string): RunError {
  const flowError = asFlowError(error);
  const { code, message, details, place, remedy } = flowError;
  return {
    code, message, ...(step ? { step } : {}), remedy,
    ...(place ? { place } : {}), ...(Object.keys(details).length ? { details } : {}),
  };
}

/** Whatever was not expected is a fault of ours or of a plugin, and says so. */
export function asFlowError(error: unknown): FlowError {
  if (FlowError.is(error) && !Object.hasOwn(errors, error.code)) return new FlowError('PLUGIN_FAILED', `${error.code}: ${error.message}`, { cause: error, details: { ...error.details } });
  if (FlowError.is(error)) return isWhole(error) ? error : new FlowError(error.code, error.message, { ...error, cause: error });
  const cause = error instanceof Error ? error : new Error(String(error));
  return new FlowError('INTERNAL', `${cause.name}: ${cause.message}`, { cause, details: { stack: cause.stack ?? '' } });
}

/** What the code of a plugin throws: an expected failure with all that belongs to it, anything else as it is. */
export const completed = (error: unknown): unknown => (FlowError.is(error) ? asFlowError(error) : error);

/** Calls the code of a plugin, whose failures are `completed`. */
export async function ofPlugin<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw completed(error);
  }
}

/** A package of plugins knows an error by its name and code: the rest may be missing. */
const isWhole = ({ remedy, details }: Partial<FlowError>): boolean => remedy !== undefined && details !== undefined;

/** Only a failure of another system is worth another attempt. */
export const isRetryable = (error: FlowError): boolean => errorKind(error.code) === 'remote' && !finalRemote.has(error.code);

export const errorKind = (code: ErrorCode): 'config' | 'auth' | 'remote' | 'data' => errors[code].kind;

// Trying again cannot change these.
const finalRemote: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['PAGE_REPEATED', 'PAGE_LIMIT', 'REMOTE_ORIGIN', 'REMOTE_FORMAT', 'REMOTE_TOO_LARGE', 'RUN_AGAIN']);

/** No try-catch takes it. */
export const isFinalError = ({ code }: Pick<FlowError, 'code'>): boolean => code === 'REMOTE_FINAL' || code === 'RUN_AGAIN' || code === 'WRITE_UNCONFIRMED';
