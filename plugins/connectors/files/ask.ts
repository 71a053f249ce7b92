import { FlowError, type CallContext, type ExchangeAnswer, type ExchangeRequest } from '../../sdk/index.ts';
import type { FileClient } from './client.ts';

/** What sets the file systems apart. */
export interface Traits {
  readonly keepsSlashes?: boolean;
  /** Attempts for a question that may be asked again over the same connection; default 1. */
  readonly attempts?: number;
  /** A file can be made longer. */
  readonly canAppend?: boolean;
}

/** Asks, and asks again after a while where the other side was busy or did not answer. Fails as the last attempt does. */
export async function ask(context: CallContext<FileClient>, { attempts = 1 }: Traits, request: ExchangeRequest, perform: (client: FileClient, signal: AbortSignal) => Promise<ExchangeAnswer>): Promise<ExchangeAnswer> {
  for (let attempt = 1; ; attempt++) {
    try {
      // Who asks again here does not ask again there as well.
      return await context.exchange({ ...request, isRepeatable: request.isRepeatable === true && attempts === 1 }, perform);
    } catch (error) {
      if (attempt >= attempts || context.signal.aborted || !FlowError.is(error) || !isPassing(error)) throw error;
      await context.clock.sleep(Math.max(error.retryAfter ?? 0, 250 * 2 ** attempt * (0.5 + context.random() / 2)));
    }
  }
}

const isPassing = ({ code }: FlowError): boolean => code === 'REMOTE_STATUS' || code === 'REMOTE_UNREACHABLE' || code === 'REMOTE_TIMEOUT';

export const timeoutField = { type: 'integer', minimum: 1, maximum: 86_400_000, default: 300_000, title: 'Time limit', description: 'Milliseconds for each question to the other side, such as one file.' } as const;

/** A field of a path. */
export const pathField = { type: 'string', minLength: 1, maxLength: 4_000, title: 'Path', 'x-expression': true } as const;

export const foldersField = { type: 'boolean', default: true, title: 'Make folders', description: 'Folders of the path that are not there are made.' } as const;
