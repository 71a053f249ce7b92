import type { FlowError } from '../../sdk/index.ts';
import { failure, failureOfConnection, type Failure } from '../sql/failures.ts';

interface SqlServerError {
  readonly code?: unknown;
  readonly message?: unknown;
  /** Number of the error, where the server answered. */
  readonly number?: unknown;
  readonly precedingErrors?: readonly unknown[];
  readonly originalError?: { readonly cause?: { readonly errors?: readonly Error[] } };
}

interface Said { readonly number: number; readonly message: string }

/**
 * What the driver throws, as an error that says who must act. What is none of it is a bug and stays as it is. `said`: what the server said to a login, which the
 * driver gives without its numbers.
 */
export function sqlServerFailure(error: unknown, said: readonly Said[] = []): FlowError | Error {
  // The driver gives the last error; those before it are the reasons.
  const { code, precedingErrors: [first] = [] } = error as SqlServerError;
  if (code === 'ELOGIN') return failureOfLogin(error, said);
  if (code === 'EENCRYPT') return failure(error, { code: 'CONFIG_INVALID', remedy: 'Correct `tls` of the instance: the server has no TLS, or takes no connections without.' });
  const reason = (first ?? error) as SqlServerError;
  const { number } = reason;
  const found = typeof number === 'number' ? failureOfNumber(number, String(reason.message)) : failureOfConnection(reason);
  return found ? failure(plainly(reason), found, typeof number === 'number' ? { number } : {}) : (error as Error);
}

/** Where each address of a host failed, the driver says no more than that. */
function plainly(error: SqlServerError): unknown {
  const [first] = error.originalError?.cause?.errors ?? [];
  return first === undefined ? error : new Error(String(error.message).replace('Could not connect (sequence)', () => first.message), { cause: error });
}

/** That it was refused is said last, the reason before it. */
function failureOfLogin(error: unknown, said: readonly Said[]): FlowError {
  const reason = said.find(({ number }) => number !== 18_456) ?? said[0];
  const found = reason && numbers.find(([known]) => known.includes(reason.number));
  return failure(reason ?? error, found?.[1] ?? { code: 'AUTH_REJECTED' }, reason && { number: reason.number });
}

const wrong: Failure = { code: 'CONFIG_INVALID', remedy: 'Correct the statement in the connector, or the name in the settings of the instance.' };

const numbers: readonly (readonly [numbers: readonly number[], failure: Failure])[] = [
  [[18_456, 18_452, 18_470, 18_486, 18_487, 18_488], { code: 'AUTH_REJECTED' }],
  [[40_615, 40_914], { code: 'AUTH_REJECTED', remedy: 'Let this machine through the firewall of the server.' }],
  [[911, 4060, 4063, 4064, 40_532], { code: 'CONFIG_INVALID', remedy: 'Correct `database` and `host` of the instance, or make the user one of that database.' }],
  [[229, 230, 262, 297, 300, 916], { code: 'AUTH_REJECTED', remedy: 'Grant the user of the instance what the statement needs.' }],
  [[544, 8101], { code: 'CONFIG_INVALID', remedy: 'The server numbers the rows of this table itself: leave that column out with `columns`, or make it one without IDENTITY.' }],
  [[1205, 1222, 3960], { code: 'REMOTE_STATUS', isPassing: true }],
  [[701, 1101, 1105, 9002, 10_928, 10_929, 17_142, 18_401, 40_197, 40_501, 40_613, 49_918, 49_919, 49_920], { code: 'REMOTE_STATUS' }],
  [[233, 6005, 10_053, 10_054, 10_060], { code: 'REMOTE_UNREACHABLE' }],
  [[220, 232, 235, 241, 242, 245, 248, 295, 515, 547, 1007, 2601, 2627, 2628, 8114, 8115, 8134, 8152, 8169, 8672, 13_608, 13_609], { code: 'REMOTE_REJECTED' }],
];

/** All that Babelfish, which speaks for PostgreSQL, has no number for. */
const unmapped = 33_557_097;

function failureOfNumber(number: number, message: string): Failure {
  const found = numbers.find(([known]) => known.includes(number));
  if (found) return found[1];
  if (number === unmapped && /syntax error|does not exist|not (currently )?supported|invalid reference|delimited identifier/.test(message)) return wrong;
  // Thrown by triggers and procedures.
  return number >= 50_000 ? { code: 'REMOTE_REJECTED' } : wrong;
}
