import { FlowError, withChanges } from './errors.ts';

/** Marks an error of what came before a question, such as a connection that broke meanwhile: nobody was asked yet, so that the question may be asked whatever it changes. */
export const unasked = (error: unknown): unknown => (FlowError.is(error) ? withChanges(error, { details: { isUnasked: true } }) : error);
