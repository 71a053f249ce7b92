import type { FlowError } from '../../sdk/index.ts';
import { failure, failureOfConnection, type Failure } from '../sql/failures.ts';

interface SqlServerError {
  readonly code?: unknown;
  /** Number of the error, where the server answered. */
  readonly number?: unknown;
}

/** What the driver throws, as an error that says who must act. What is none of it is a bug and stays as it is. */
export function sqlServerFailure(error: unknown): FlowError | Error {
  const { code, number } = error as SqlServerError;
  const found = typeof number === 'number' ? failureOfNumber(number) : code === 'ELOGIN' ? { code: 'AUTH_REJECTED' as const } : failureOfConnection(error);
  return found ? failure(error, found, typeof number === 'number' ? { number } : {}) : (error as Error);
}

const numbers: readonly (readonly [numbers: readonly number[], failure: Failure])[] = [
  [[18_456, 18_452, 18_470, 18_486, 18_487, 18_488], { code: 'AUTH_REJECTED' }],
  [[229, 230, 262, 297, 300], { code: 'AUTH_REJECTED', remedy: 'Grant the user of the instance what the statement needs.' }],
  [[1205, 1222, 3960], { code: 'REMOTE_STATUS', isPassing: true }],
  [[701, 1101, 1105, 9002, 10_928, 10_929, 40_501, 40_613], { code: 'REMOTE_STATUS' }],
  [[233, 6005, 10_053, 10_054, 10_060], { code: 'REMOTE_UNREACHABLE' }],
  [[220, 232, 241, 242, 245, 248, 295, 515, 547, 2601, 2627, 2628, 8114, 8115, 8134, 8152, 8169, 8672, 13_608, 13_609], { code: 'REMOTE_REJECTED' }],
];

function failureOfNumber(number: number): Failure {
  const found = numbers.find(([known]) => known.includes(number));
  if (found) return found[1];
  // Thrown by triggers and procedures.
  if (number >= 50_000) return { code: 'REMOTE_REJECTED' };
  return { code: 'CONFIG_INVALID', remedy: 'Correct the statement in the connector, or the name in the settings of the instance.' };
}
