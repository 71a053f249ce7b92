import { FlowError, type ErrorCode, type FlowErrorOptions, withChanges } from '../../sdk/index.ts';

export const missing = (path: string, cause?: unknown): FlowError =>
  refusal(path === '' ? 'The folder of the instance (`root`) is not there' : `There is no ${JSON.stringify(path)}`, { cause, details: { path, isMissing: true }, remedy: 'Check the path: it is below the folder of the instance, and capital letters count.' });

export const isMissing = (error: unknown): boolean => FlowError.is(error) && error.details['isMissing'] === true;

export const noRoot = (root: string, cause?: unknown): FlowError => failure('CONFIG_INVALID', `The server has no folder ${JSON.stringify(root)}, which is the "root" of the instance`, {
  ...(cause !== undefined && { cause }), details: { root }, place: { pointer: '/settings/root' }, remedy: 'Correct `root` in the settings of the instance, or make the folder on the server: absolute, or below the folder in which the login begins; capital letters count.',
});

export const taken = (path: string, cause?: unknown): FlowError =>
  refusal(`There is a ${JSON.stringify(path)} already`, { cause, details: { path }, remedy: 'Choose another path, or let what is there be replaced (`ifExists`).' });

export const forbidden = (path: string, cause?: unknown): FlowError =>
  refusal(`${JSON.stringify(path)} may not be read or changed`, { cause, details: { path }, remedy: 'Give the user of the instance the right to it, or choose another path.' });

/** `message`: what the server says. */
export const refused = (path: string, message: string, cause: unknown): FlowError =>
  refusal(`The server refuses what is asked of ${JSON.stringify(path)}: ${message}`, { cause, details: { path }, remedy: 'See what the server says. Often the user of the instance has not the right to do it there, or the path leads through a file, or has letters that the server does not allow.' });

/** The same failure, said of the file that was asked for instead of the one that stands for it while it is written. */
export function saidOf(path: string, error: unknown, temporary: string): unknown {
  if (!FlowError.is(error) || error.details['path'] !== temporary) return error;
  return withChanges(error, { message: error.message.replaceAll(JSON.stringify(temporary), JSON.stringify(path)), details: { path } });
}

export const notAFile = (path: string): FlowError => refusal(`${JSON.stringify(path)} is no file`, { details: { path }, remedy: 'Name a file. The files of a folder are got with the `path` of the folder and a `pattern`, such as `*`.' });

export const tooLarge = (path: string, size: number, mostBytes: number): FlowError =>
  new FlowError('REMOTE_TOO_LARGE', `The file ${JSON.stringify(path)} has ${size} bytes; ${mostBytes} are allowed.`, { details: { path, size, mostBytes }, remedy: 'Raise `mostBytes` of the endpoint and `limits.responseBytes` in patchbay.json, or let the file come in parts.' });

export const full = (path: string, cause?: unknown): FlowError =>
  new FlowError('REMOTE_STATUS', `There is no room for ${JSON.stringify(path)}.`, { cause, details: { path }, remedy: 'Make room where the file is to be written, and run again.' });

export const cutShort = (path: string, size: number, wanted: number): FlowError =>
  new FlowError('REMOTE_UNREACHABLE', `Of ${wanted} bytes of ${JSON.stringify(path)} only ${size} arrived.`, { details: { path, size, wanted } });

/** `message`: without the full stop. */
export const failure = (code: ErrorCode, message: string, options: FlowErrorOptions = {}): FlowError => new FlowError(code, `${message.trim().replace(/\.+$/, '')}.`, options);

const refusal = (message: string, { cause, ...options }: FlowErrorOptions): FlowError => failure('REMOTE_REJECTED', message, { ...options, ...(cause !== undefined && { cause }) });
