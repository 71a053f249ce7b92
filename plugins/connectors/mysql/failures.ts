import type { FlowError } from '../../sdk/index.ts';
import { failure, failureOfConnection, type Failure } from '../sql/failures.ts';
import { foreignRow } from './dialect.ts';

interface MysqlError {
  /** Number of the error, where the database answered. */
  readonly errno?: unknown;
  readonly code?: unknown;
  readonly sqlState?: unknown;
  readonly message?: string;
}

/** What the driver throws, as an error that says who must act. What is none of it is a bug and stays as it is. */
export function mysqlFailure(error: unknown): FlowError | Error {
  const { errno, code, sqlState, message = '' } = error as MysqlError;
  const isAnswer = typeof errno === 'number' && errno > 0 && typeof sqlState === 'string';
  const found = isAnswer ? failureOfNumber(errno, sqlState, message) : failureOfConnection(error);
  if (!found) return error as Error;
  const isForeign = isAnswer && errno === 1690 && message.includes(String(foreignRow));
  // What stands behind the word would be masked.
  const text = isForeign ? 'Another row has these values already, in a unique index that is not that of the key' : message.replace(/\(using password: (YES|NO)\)/, (_, isUsed: string) => `(${isUsed === 'YES' ? 'with' : 'without'} a password)`);
  return failure({ message: text }, found, isAnswer ? { state: sqlState, number: errno, name: code } : {});
}

/** Error numbers of MySQL and MariaDB. */
const numbers: readonly (readonly [numbers: readonly number[], failure: Failure])[] = [
  [[1045, 1251, 1698, 1820, 1862, 2049, 2061, 3118, 4151], { code: 'AUTH_REJECTED' }],
  [[1044, 1142, 1143, 1227, 1370], { code: 'AUTH_REJECTED', remedy: 'Grant the user of the instance what the statement needs.' }],
  [[1020, 1205, 1213, 1614, 3572], { code: 'REMOTE_STATUS', isPassing: true }],
  [[1021, 1037, 1040, 1041, 1114, 1203, 1226], { code: 'REMOTE_STATUS' }],
  [[1317, 1969, 3024], { code: 'REMOTE_TIMEOUT', remedy: 'Raise `timeoutMs` of the endpoint, or ask for less at once.' }],
  [[1053, 1152, 1158, 1159, 1160, 1161, 1927, 4031], { code: 'REMOTE_UNREACHABLE' }],
  [[1792], { code: 'CONFIG_INVALID', remedy: 'A statement that writes belongs to the endpoint "execute" of an instance that is not read only.' }],
  [[1290, 1836], { code: 'CONFIG_INVALID', remedy: 'The server itself is read only, perhaps as a copy of another: name the one that takes writes as `host` of the instance.' }],
  [[1153], { code: 'REMOTE_REJECTED', remedy: 'Write smaller batches, or raise `max_allowed_packet` of the server.' }],
  [[1048, 1062, 1169, 1216, 1217, 1264, 1265, 1292, 1364, 1366, 1367, 1406, 1411, 1451, 1452, 1526, 1586, 1644, 1690, 3140, 3819, 4025, 4038], { code: 'REMOTE_REJECTED' }],
  [[1210], { code: 'CONFIG_INVALID', remedy: 'A question mark of the statement is no value: write each value as an expression.' }],
];

/** Without a state of their own, and not about data: a definer, a view, a character set, collations that do not mix, a variable, a statement that cannot be prepared, or not at this place. */
const ofStatements: ReadonlySet<number> = new Set([1193, 1238, 1267, 1270, 1271, 1295, 1300, 1356, 1399, 1415, 1422, 1449, 1568]);

function failureOfNumber(errno: number, state: string, message: string): Failure {
  // Whatever an option of the server prevents.
  if (errno === 1290 && !/read.only/i.test(message)) return { code: 'CONFIG_INVALID', remedy: 'Do without it in the statement, or let whoever runs the server change that option of the server.' };
  const found = numbers.find(([known]) => known.includes(errno));
  if (found) return found[1];
  if (/^(22|23|45)/.test(state)) return { code: 'REMOTE_REJECTED' };
  if (state.startsWith('08')) return { code: 'REMOTE_UNREACHABLE' };
  // No class of its own: of the system below the server, a plugin, or one that is not known here.
  if (errno < 1000 || !/^(0[07A]|2|3|4)/.test(state) && !ofStatements.has(errno)) return { code: 'REMOTE_REJECTED' };
  return { code: 'CONFIG_INVALID', remedy: 'Correct the statement in the connector, or the name in the settings of the instance.' };
}
