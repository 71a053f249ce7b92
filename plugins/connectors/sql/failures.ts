import { FlowError, type ErrorCode, type FlowErrorOptions, withChanges } from '../../sdk/index.ts';

/** What a driver throws: a code of the system where no answer came, one of the database where it did. */
export interface DriverError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly errors?: readonly unknown[];
}

export interface Failure {
  readonly code: ErrorCode;
  readonly remedy?: string;
  /** See `isPassing`. */
  readonly isPassing?: boolean;
}

/** `facts`: what the database says beside its sentence. */
export function failure(error: unknown, { code, remedy, isPassing: passing }: Failure, facts: Readonly<Record<string, unknown>> = {}): FlowError {
  const { message } = error as DriverError;
  const options: FlowErrorOptions = { cause: error, details: { ...facts, ...(passing && { isPassing: true }) }, ...(remedy !== undefined && { remedy }) };
  return new FlowError(code, sentence(String(message ?? error)), options);
}

/** Says which of the records of a payload it is, by its place. */
export const ofRecord = (error: FlowError, index: number, count: number): FlowError =>
  (count === 1 ? error : withChanges(error, { message: `Record ${index + 1} of ${count}: ${error.message}`, details: { index } }));

/** What went wrong with the connection; `undefined` where it was not that. */
export function failureOfConnection(error: unknown): Failure | undefined {
  const { code, message, errors } = error as DriverError;
  // Each address of a host may fail in its own way.
  if (errors && errors.length > 0 && (code === undefined || typeof code !== 'string')) return failureOfConnection(errors[0]);
  const name = typeof code === 'string' ? code : '';
  const text = String(message ?? '');
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|HANDSHAKE_SSL)/.test(name) || /certificate|does not support (SSL|secure)|ssl/i.test(text) && !name.startsWith('28')) return { code: 'CONFIG_INVALID', remedy: 'Look at `tls` and `authorities` of the instance: the server has no TLS, or its certificate is not one that is trusted.' };
  if (/TIMEOUT|TIMEDOUT/.test(name) || /\btime(d )?out\b/i.test(text)) return { code: 'REMOTE_TIMEOUT' };
  if (/^E[A-Z]+$/.test(name) || /^(PROTOCOL_|ER_SERVER_SHUTDOWN)/.test(name) || /connection (terminated|closed|is closed|ended|lost)|not queryable|socket/i.test(text)) return { code: 'REMOTE_UNREACHABLE' };
  return undefined;
}

/** What went wrong before the server said a word: with its host and port, and who may be the wrong one there. */
export function failureOfConnecting(error: unknown, { host, port }: { readonly host: string; readonly port: number }, server: string): unknown {
  if (!FlowError.is(error)) return error;
  const { code, message, details } = error;
  // The hint of Node is about a command that nobody here has typed.
  const plain = message.replace(/[;,] (?=(?:if the root CA|try running|use --)[^;]*$)[^;]*$/, '.');
  if (code === 'CONFIG_INVALID' && plain !== message) return withChanges(error, { message: `${host}:${port}: ${plain}`, remedy: 'Give the certificate of its authority to `authorities` of the instance.' });
  if (details['state'] !== undefined || message.includes(`:${port}`)) return error;
  if (code === 'CONFIG_INVALID') return withChanges(error, { message: `${host}:${port}: ${message}` });
  if (code !== 'REMOTE_UNREACHABLE' && code !== 'REMOTE_TIMEOUT') return error;
  return withChanges(error, { message: `${host}:${port}: ${message}`, remedy: `Look at \`host\` and \`port\` of the instance, and whether it is ${server} that listens there.` });
}

function sentence(message: string): string {
  const text = message.trim() || 'The database gave no reason';
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
