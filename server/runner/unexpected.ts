import { FlowError } from '../../plugins/sdk/index.ts';

/** Whatever was not expected is a fault of ours or of a plugin; whoever waits outside hears of it without where in the code it was. */
export const asFlowError = (error: unknown): FlowError => (FlowError.is(error) ? error : new FlowError('INTERNAL', `${(error as Error).message}.`, { cause: error }));
