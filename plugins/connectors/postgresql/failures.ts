import type { FlowError } from '../../sdk/index.ts';
import { failure, failureOfConnection, type Failure } from '../sql/failures.ts';

interface PostgresError {
  /** SQLSTATE, where the database answered. */
  readonly code?: unknown;
  /** Of all that the server says. */
  readonly severity?: unknown;
  readonly message?: string;
  readonly detail?: string;
  readonly constraint?: string;
  readonly column?: string;
}

/** What the driver throws, as an error that says who must act. What is none of it is a bug and stays as it is. */
export function postgresFailure(error: unknown): FlowError | Error {
  const { code, severity, message, detail, constraint, column } = error as PostgresError;
  const state = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && (severity !== undefined || !/^E[A-Z]+$/.test(code)) ? code : undefined;
  const found = state === undefined ? failureOfConnection(error) : failureOfState(state);
  if (!found) return error as Error;
  const text = detail ? `${message}: ${detail}` : message;
  return failure({ message: text }, found, { ...(state !== undefined && { state }), ...(constraint !== undefined && { constraint }), ...(column !== undefined && { column }) });
}

/** The first that matches (PostgreSQL, Appendix A). */
const states: readonly (readonly [state: RegExp, failure: Failure])[] = [
  [/^28/, { code: 'AUTH_REJECTED' }],
  [/^42501/, { code: 'AUTH_REJECTED', remedy: 'Grant the user of the instance what the statement needs.' }],
  [/^(22|23|44|21|P0)/, { code: 'REMOTE_REJECTED' }],
  // Whether the statement was completed is not known, as where the connection is lost.
  [/^40003/, { code: 'REMOTE_UNREACHABLE' }],
  [/^(40|55P03)/, { code: 'REMOTE_STATUS', isPassing: true }],
  [/^(57014|25P03)/, { code: 'REMOTE_TIMEOUT', remedy: 'Raise `timeoutMs` of the endpoint, or ask for less at once.' }],
  [/^(08P01)/, { code: 'CONFIG_INVALID', remedy: 'Write each value as an expression, without quotation marks around it.' }],
  [/^(08|57P)/, { code: 'REMOTE_UNREACHABLE' }],
  [/^42P10/, { code: 'CONFIG_INVALID', remedy: 'Make a unique index over the key columns, or name the columns of one in `keys`.' }],
  [/^25006/, { code: 'CONFIG_INVALID', remedy: 'A statement that writes belongs to the endpoint "execute" of an instance that is not read only.' }],
  [/^(53|58|XX)/, { code: 'REMOTE_STATUS' }],
  // What a function raises has any state it likes.
  [/^(?!0A|2[5-F]|3[4BDF]|42|55)/, { code: 'REMOTE_REJECTED' }],
  [/./, { code: 'CONFIG_INVALID', remedy: 'Correct the statement in the connector, or the name in the settings of the instance.' }],
];

const failureOfState = (state: string): Failure => states.find(([pattern]) => pattern.test(state))![1];
