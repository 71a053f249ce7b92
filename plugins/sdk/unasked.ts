import { FlowError } from './errors.ts';

/** Marks an error of what came before a question, such as a connection that broke meanwhile: nobody was asked yet, so that the question may be asked whatever it changes. */
export const unasked = (error: unknown): unknown =>
  (FlowError.is(error) ? new FlowError(error.code, error.message, { cause: error, details: { ...error.details, isUnasked: true }, ...(error.place && { place: error.place }), ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }) }) : error);
