import { FlowError, type ErrorCode } from '../../plugins/sdk/index.ts';
import type { RunError } from '../model/run-event.ts';
/** Any thrown thing as an error for people: code, message, step, remedy, place. */
export declare function toRunError(error: unknown, step?: string): RunError;
/** Whatever was not expected is a fault of ours or of a plugin, and says so. */
export declare function asFlowError(error: unknown): FlowError;
/** Only a failure of another system is worth another attempt. */
export declare const isRetryable: (error: FlowError) => boolean;
export declare const errorKind: (code: ErrorCode) => 'config' | 'auth' | 'remote' | 'data';
