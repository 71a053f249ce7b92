/** What an expression may begin with in the settings of a step. */
export const stepRoots = ['payload', 'meta', 'flow', 'env', 'run', 'now'] as const;

/** In the base URL of a connector and in the settings of its auth methods and paginations. */
export const connectionRoots = ['instance', 'env', 'run', 'now'] as const;

/** In the path, query, headers and body of an endpoint. */
export const requestRoots = ['params', 'payload', 'meta', 'flow', 'env', 'instance', 'page', 'run', 'now'] as const;
