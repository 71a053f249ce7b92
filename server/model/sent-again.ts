import { FlowError } from '../../plugins/sdk/index.ts';
import type { ExchangeHead } from './run-event.ts';

/** Whether something was done, for all that is known, that would be done twice by asking once more. What was refused was not done. */
export const mayBeDoneTwice = ({ isUnrepeatable, status, error }: Pick<ExchangeHead, 'isUnrepeatable' | 'status' | 'error'>): boolean =>
  isUnrepeatable === true && (status === undefined || status < 400 || status >= 500 || status === 408) && error?.details?.['isUnasked'] !== true;

/** Fails with `WRITE_UNCONFIRMED` where steps would send again. */
export function checkSentAgain(steps: readonly string[], isConfirmed: boolean): void {
  if (steps.length > 0 && !isConfirmed) throw sentAgain(steps);
}

/** `what`: as far as it is known. */
export function sentAgain(steps: readonly string[], what?: string): FlowError {
  const names = steps.map((step) => JSON.stringify(step)).join(', ');
  return unconfirmed(`${steps.length === 1 ? `The step ${names} has` : `The steps ${names} have`} sent something already that would be done twice if it were sent again${what === undefined ? '.' : `: ${what}.`}`, steps);
}

/** `run`: one that this one comes of. Its recording is gone. */
export const maybeSentAgain = (step: string, run: string): FlowError =>
  unconfirmed(`The step ${JSON.stringify(step)} may have sent something already that would be done twice if it were sent again: this run comes of the run ${run}, whose recording is gone, and with it what that one sent.`, [step]);

const unconfirmed = (message: string, steps: readonly string[]): FlowError =>
  new FlowError('WRITE_UNCONFIRMED', message, {
    remedy: 'Confirm it: `"confirm": ["write"]` among the arguments of the request (*Restart Frame* asks), or `"isWriteConfirmed": true` in the launch configuration. Whoever goes on with a run that has failed with this (`patchbay runs resume`) confirms it as well.', details: { steps, isUnasked: true },
  });
