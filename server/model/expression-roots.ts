/** What an expression may begin with in the settings of a step. */
export const stepRoots = ['payload', 'meta', 'flow', 'env', 'run', 'now'] as const;

/** In the addresses of a connector and in the settings of its auth methods. */
export const connectionRoots = ['instance', 'env'] as const;

/** In the path, query, headers and body of an endpoint. */
export const requestRoots = ['params', 'instance', 'env', 'payload', 'meta', 'page', 'slice', 'cursor', 'run', 'now'] as const;

/** In the settings of a pagination that are resolved once, when paging begins. */
export const pagingRoots = ['params', 'instance', 'env', 'meta', 'slice', 'cursor', 'run', 'now'] as const;

/** In the values of a slice and the parameters of its parent, and in the bounds of what is read incrementally. */
export const slicingRoots = ['params', 'instance', 'env', 'meta', 'slice', 'run', 'now'] as const;

/** In those that are resolved for each page. */
export const pageRoots = ['response', 'headers', 'record', 'page', ...pagingRoots] as const;

/** In the settings of an instance. */
export const instanceRoots = ['env'] as const;

/** In what a connector says of answers: errors, pauses, budgets. */
export const answerRoots = ['status', 'response', 'headers', ...connectionRoots] as const;

/** In the params of the endpoint that is asked where a record was found. */
export const foundRoots = ['record', 'payload', 'meta', 'params', ...connectionRoots, 'run', 'now'] as const;

/** The roots of a place whose schema says more of its expressions than that there are some. */
export const namedRoots: Readonly<Record<string, readonly string[]>> = { page: pageRoots, answer: answerRoots, found: foundRoots };
