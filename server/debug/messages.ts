import type { DebugProtocol } from '@vscode/debugprotocol';
import { FlowError } from '../../plugins/sdk/index.ts';

/** The answer to a request that has failed; `body.error.variables.code` is the code of the error. */
export function refusalOf(request: Pick<DebugProtocol.Request, 'seq' | 'command'>, error: unknown): DebugProtocol.ErrorResponse {
  const { message } = error as Error;
  const { code, remedy } = FlowError.is(error) ? error : { code: 'INTERNAL', remedy: '' };
  const shown = { id: 1, format: `${message}${remedy === '' ? '' : ` ${remedy}`}`, variables: { code }, showUser: true };
  return { seq: 0, type: 'response', request_seq: request.seq, command: request.command, success: false, message, body: { error: shown } };
}

export const event = (name: string, body?: unknown): DebugProtocol.Event => ({ seq: 0, type: 'event', event: name, ...(body !== undefined && { body }) });

export const isEvent = (message: DebugProtocol.ProtocolMessage, name: string): boolean => message.type === 'event' && (message as DebugProtocol.Event).event === name;

/** A request has been answered, and not refused. */
export const isDone = (message: DebugProtocol.ProtocolMessage, command: string): boolean => message.type === 'response' && (message as DebugProtocol.Response).command === command && (message as DebugProtocol.Response).success;
