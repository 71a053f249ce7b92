import { errors, FlowError } from '../../plugins/sdk/index.ts';

/**
 * What the work gives. Where the process would end before, since nothing is left to do that could bring it to its end, fails with `INTERNAL`:
 * Node would end without a word for people, and with a code of its own.
 */
export async function orRunDry<T>(work: Promise<T>): Promise<T> {
  const dry = Promise.withResolvers<never>();
  const onDry = (): void => dry.reject(new FlowError('INTERNAL', 'The command waits for what can never come: nothing is left to do, and it has not ended.', { remedy: `What it began may have been done in part: see \`patchbay runs list\`. ${errors.INTERNAL.fix}` }));
  process.once('beforeExit', onDry);
  try {
    return await Promise.race([work, dry.promise]);
  } finally {
    process.removeListener('beforeExit', onDry);
  }
}
