/** An error as Patchbay has them: who must act follows from its code (plugins/ERRORS.md). A package of plugins imports nothing of Patchbay, so it is known by its name. */
export function failure(code, message, { cause, details = {}, retryAfter, remedy } = {}) {
  return Object.assign(new Error(message, { cause }), { name: 'FlowError', code, details, retryAfter, ...(remedy !== undefined && { remedy }) });
}

export const isFailure = (error) => error instanceof Error && error.name === 'FlowError';
