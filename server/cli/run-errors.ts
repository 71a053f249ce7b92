import { FlowError, type ErrorCode } from '../../plugins/sdk/index.ts';
import { CommandError } from './exit-codes.ts';

/** What was asked for is not there: the command line was wrong. */
export async function asked<T>(work: Promise<T>, codes: readonly ErrorCode[] = ['API_NOT_FOUND', 'DATA_MISSING']): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!FlowError.is(error) || !codes.includes(error.code)) throw error;
    throw new CommandError(error.message, { hint: error.remedy });
  }
}

export const noRun = (id: string): FlowError => new FlowError('API_NOT_FOUND', `There is no run "${id}".`, { remedy: '`patchbay runs list` shows those that there are.' });
