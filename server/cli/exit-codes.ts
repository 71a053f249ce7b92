import { errors, FlowError, type ErrorCode } from '../../plugins/sdk/index.ts';
import type { RunStatus } from '../model/run-event.ts';

/** What the process says when it ends. Scripts depend on these numbers: they never change. */
export const exit = { ok: 0, failed: 1, usage: 2, invalid: 3, missing: 4, plugin: 5, unreachable: 6, timeout: 7, refused: 8, internal: 70, interrupt: 130, terminate: 143 } as const;

/** Codes that say something else than their kind. */
const ofCode: Partial<Record<ErrorCode, number>> = {
  SECRET_MISSING: exit.missing,
  PLUGIN_FAILED: exit.plugin,
  REMOTE_UNREACHABLE: exit.unreachable, REMOTE_TIMEOUT: exit.unreachable,
  STEP_TIMEOUT: exit.timeout, SCRIPT_TIMEOUT: exit.timeout,
  SANDBOX_UNSAFE: exit.refused, PRODUCTION_UNCONFIRMED: exit.refused, WRITE_UNCONFIRMED: exit.refused,
  RUN_STOPPED: exit.failed, RUN_PINNED: exit.refused, API_NOT_FOUND: exit.failed,
  STORAGE_FAILED: exit.refused, INTERNAL: exit.internal,
};
const ofKind = { config: exit.invalid, auth: exit.failed, remote: exit.failed, data: exit.failed } as const;

export const exitCodeOf = (code: string): number => (Object.hasOwn(errors, code) ? (ofCode[code as ErrorCode] ?? ofKind[errors[code as ErrorCode].kind]) : exit.internal);

/** A run that let something fall, but said how it wants that to be taken, has not failed. */
export function exitCodeOfRun({ status, error }: { readonly status: RunStatus; readonly error?: { readonly code: string } }): number {
  if (status === 'success' || status === 'partial-success') return exit.ok;
  return error ? exitCodeOf(error.code) : exit.failed;
}

/** The command line itself was wrong, or asked for what is refused. `hint` says what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;
  readonly hint: string | undefined;
  constructor(message: string, options: { readonly exitCode?: number; readonly hint?: string } = {}) {
    super(message);
    this.exitCode = options.exitCode ?? exit.usage;
    this.hint = options.hint;
  }
}

export const exitCodeOfError = (error: unknown): number => {
  if (error instanceof CommandError) return error.exitCode;
  return FlowError.is(error) ? exitCodeOf(error.code) : exit.internal;
};
